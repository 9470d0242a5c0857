"""Notes on the desk: what there is and is to say (listing), a draft (writing), what is out (afterwards)."""

from hearback.changenotes.desk import afterwards, listing, writing

HANDLERS = [*listing.HANDLERS, *writing.HANDLERS, *afterwards.HANDLERS]
