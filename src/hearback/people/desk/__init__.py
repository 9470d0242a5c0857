"""Staff only: who belongs to the company, oneself, the settings, and what was changed by whom."""

from hearback.people.desk import audit, me, members, settings, teams

HANDLERS = [*me.HANDLERS, *members.HANDLERS, *teams.HANDLERS, *audit.HANDLERS, *settings.HANDLERS]
