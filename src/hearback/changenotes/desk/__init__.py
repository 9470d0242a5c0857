"""Notes on the desk: the list (listing), drafts (writing), what is out (afterwards), objections (objecting)."""

from hearback.changenotes.desk import afterwards, listing, objecting, writing

HANDLERS = [*listing.HANDLERS, *writing.HANDLERS, *afterwards.HANDLERS, *objecting.HANDLERS]
