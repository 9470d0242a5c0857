"""Notes on the desk: what there is and is to say (listing), a draft (writing), what is out (afterwards), objections (objecting)."""

from hearback.changenotes.desk import afterwards, listing, objecting, writing

HANDLERS = [*listing.HANDLERS, *writing.HANDLERS, *afterwards.HANDLERS, *objecting.HANDLERS]
