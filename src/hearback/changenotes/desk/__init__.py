"""Notes on the desk: the list (listing), drafts (writing, editor), who lets them out (releasing), what is out
(afterwards), objections (objecting), who can answer (door), and what they say although it is covered in an answer
(covered)."""

from hearback.changenotes.desk import (
    afterwards,
    covered,
    door,
    listing,
    objecting,
    releasing,
    sheets,
    translating,
    writing,
)

HANDLERS = [
    *listing.HANDLERS,
    *writing.HANDLERS,
    *afterwards.HANDLERS,
    *objecting.HANDLERS,
    *covered.HANDLERS,
    *releasing.HANDLERS,
    *door.HANDLERS,
    *sheets.HANDLERS,
    *translating.HANDLERS,
]
