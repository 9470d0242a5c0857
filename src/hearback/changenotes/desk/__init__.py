"""Notes on the desk: the list (listing), drafts (writing), what is out (afterwards), objections (objecting), and who
lets them out (releasing)."""

from hearback.changenotes.desk import afterwards, listing, objecting, releasing, writing

HANDLERS = [
    *listing.HANDLERS,
    *writing.HANDLERS,
    *afterwards.HANDLERS,
    *objecting.HANDLERS,
    *releasing.HANDLERS,
]
