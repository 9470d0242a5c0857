"""Pages that list entries, put together from parts that are rendered once: what stays as it was costs nothing.

A public page is made anew with every change of its company, in each language and for each filter, and nearly all of
it is the same as before. The parts are pure functions of what they are given, so they may be remembered for ever.
"""

import secrets
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import lru_cache

from markupsafe import Markup
from msgspec import Raw, Struct

from hearback.changenotes.queries import AROUND, ENTRY
from hearback.people.queries import Company
from hearback.web.pages import render, shared_as
from hearback.words.speaking import Words

# Where the entries go. No text can hold it: what is typed is refused with it, and PostgreSQL keeps none.
GAP = Markup("\0")
BEGINS_HERE = secrets.token_hex(16)
"""Stands where each older page has its own beginning: they are the same else, and remembered once."""


class House(Struct, frozen=True):
    """As much of a company as these pages need; unlike the company itself it can be a key."""

    slug: str
    name: str
    languages: tuple[str, ...]
    look_url: str


def list_page(
    template: str,
    company: Company,
    entries: Sequence[Raw],
    told: bytes,
    *,
    words: Words,
    path: str,
    today: date,
    begins: str = "",
    **more: Hashable,
) -> bytes:
    """The whole page. told: an Around, what stands around the entries; begins: before which mark, empty for the first
    page; more: whatever else the template asks for."""
    house = House(company.slug, company.name, tuple(company.languages), company.look_url)
    here = ("begins", BEGINS_HERE if begins else "")
    before, after = _around(template, house, told, bool(entries), words, path, today, (here, *more.items()))
    before = before.replace(BEGINS_HERE.encode(), begins.encode())
    listed = _listed(house, words, today.year)
    return b"".join([before, *[listed(bytes(entry)) for entry in entries], after])


def entries_shown(company: Company, entries: Sequence[Raw], *, words: Words, today: date) -> Markup:
    """The entries alone, for a page that is put together in another way."""
    house = House(company.slug, company.name, tuple(company.languages), company.look_url)
    listed = _listed(house, words, today.year)
    return Markup(b"".join(listed(bytes(entry)) for entry in entries).decode())  # noqa: S704  (from a template)


def forget_rendered() -> None:
    """Entries are remembered by their words."""
    _around.cache_clear()
    _listed.cache_clear()
    shared_as.cache_clear()


@lru_cache(maxsize=500)
def _around(
    template: str,
    house: House,
    told: bytes,
    any_entries: bool,
    words: Words,
    path: str,
    today: date,
    more: tuple[tuple[str, Hashable], ...],
) -> tuple[bytes, bytes]:
    text = render(
        f"changenotes/{template}",
        words,
        company=house,
        request_path=path,
        told=AROUND.decode(told),
        listed=GAP if any_entries else "",
        today=today,
        **dict(more),
    )
    before, _, after = text.partition(GAP)
    return before.encode(), after.encode()


@lru_cache(maxsize=40)
def _listed(house: House, words: Words, year: int) -> Callable[[bytes], bytes]:
    """How this reader sees an entry. year: days of another year are written with theirs."""

    @lru_cache(maxsize=200)
    def listed(entry: bytes) -> bytes:
        return render(
            "changenotes/entry_in_list.html", words, entry=ENTRY.decode(entry), company=house
        ).encode()

    return listed
