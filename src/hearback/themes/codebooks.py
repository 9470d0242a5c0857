"""Codebooks as they are read, kept in this process: the starter's, and those of a few companies with their own."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from threading import Lock
from uuid import UUID

from threadpoolctl import threadpool_limits

from hearback.themes.planning import Codebook, open_codebook, revised_codebook
from hearback.themes.reading.codebook import Entry, starter_entries

BOOKS_KEPT = 8  # one is about 5 MB
_books: OrderedDict[tuple[UUID, bool], Codebook] = OrderedDict()
_lock = Lock()


@cache
def starter_codebook(twice: bool) -> Codebook:
    """Read once a process, in some seconds. twice: by both models."""
    with threadpool_limits(1, "blas"):  # the number of threads changes the last bits, and so the themes
        return open_codebook(starter_entries(), twice=twice)


def codebook_of(company_id: UUID, entries: Sequence[Entry], *, twice: bool = False) -> Codebook:
    """For a thread. entries: all that the company uses; what differs from the starter is read when first asked."""
    wanted, key = tuple(entries), (company_id, twice)
    shipped = starter_codebook(twice)
    if wanted == shipped.book.entries:
        return shipped
    with _lock:
        kept = _books.get(key)
    if kept is None or kept.book.entries != wanted:
        with threadpool_limits(1, "blas"):
            kept = revised_codebook(shipped, wanted)
    with _lock:
        _books[key] = kept
        _books.move_to_end(key)
        if len(_books) > BOOKS_KEPT:
            _books.popitem(last=False)
    return kept
