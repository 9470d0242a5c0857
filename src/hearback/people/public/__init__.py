"""No login: the doors to the desk, and what a company says about itself."""

from hearback.people.public import doors, invitation, pages

HANDLERS = [*doors.HANDLERS, *invitation.HANDLERS, *pages.HANDLERS]
