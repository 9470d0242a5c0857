"""The triage: what people said, sorted, and what people decide about it."""

from hearback.themes.desk import (
    bulk,
    codebook,
    comparing,
    covering,
    cutting,
    deciding,
    helping,
    looking,
    parts,
    picture,
    proposing,
    searching,
    tending,
    views,
)

HANDLERS = [
    *looking.HANDLERS,
    *deciding.HANDLERS,
    *cutting.HANDLERS,
    *helping.HANDLERS,
    *parts.HANDLERS,
    *picture.HANDLERS,
    *proposing.HANDLERS,
    *searching.HANDLERS,
    *bulk.HANDLERS,
    *views.HANDLERS,
    *comparing.HANDLERS,
    *codebook.HANDLERS,
    *tending.HANDLERS,
    *covering.HANDLERS,
]
