"""What the address of a search says, and how other addresses are made of it."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Meta, Struct, structs

from hearback.answering.rules import Channel, ResponseState
from hearback.themes.finding import Sought, sought
from hearback.themes.queries.searching import Wanted
from hearback.web.typed import Typed

LONGEST = 200
SEVERAL = {"counts": [ResponseState.COUNTED, ResponseState.HELD], "all": list(ResponseState)}
UNSORTED, NOWHERE = "unsorted", "nowhere"
LIES = rf"^({UNSORTED}|{NOWHERE}|[0-9a-f]{{8}}-([0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}})$"


class State(StrEnum):
    """counts: what themes are made of; all: whatever became of it."""

    COUNTS = "counts"
    HELD = "held"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"
    ALL = "all"


class SearchForm(Struct, frozen=True):
    """q: words. lies: a theme, `unsorted` or `nowhere`. near: words that are written alike are found too.

    like: an excerpt; what means the same is looked for then, and no words. after: the last one on the page before.
    """

    q: Annotated[str, Meta(max_length=LONGEST)] = ""
    question: UUID | None = None
    lies: Annotated[str, Meta(pattern=LIES)] | None = None
    state: State = State.COUNTS
    channel: Channel | None = None
    language: Annotated[str, Meta(pattern="^[a-z]{2}$")] | None = None
    first: date | None = None
    last: date | None = None
    near: Annotated[str, Meta(pattern="^1$")] | None = None
    like: UUID | None = None
    after: Annotated[str, Meta(max_length=60)] | None = None


CHIPS = ("q", "like", "question", "lies", "state", "channel", "language", "first", "last")
# What an address says about the page before, not about the search.
BESIDE = frozenset({"done", "n", "left", "ticked"})


def sought_in(form: SearchForm) -> Sought:
    return sought(form.q)


def wanted_of(form: SearchForm, words: str, unspaced: Sequence[str] = ()) -> Wanted:
    """words: as the index knows them; unspaced: what it cannot know."""
    states = SEVERAL.get(form.state, [form.state.value])
    theme = UUID(form.lies) if form.lies and form.lies not in (UNSORTED, NOWHERE) else None
    return Wanted(
        [str(state) for state in states],
        words,
        form.question,
        form.channel.value if form.channel else None,
        form.language,
        theme,
        form.lies if theme is None else None,
        form.first,
        form.last,
        list(unspaced),
    )


def query_of(form: SearchForm, **changes: object) -> str:
    """What stands after the `?`, in the form's order; nothing that is as it would be anyway. changes: other values."""
    given = structs.asdict(form) | changes
    usual = structs.asdict(SearchForm())
    return urlencode({name: _text(value) for name, value in given.items() if value and value != usual[name]})


def place_in(after: str | None) -> tuple[date, UUID] | None:
    """`2026-11-22.<id>`; a page that nobody linked to is the first one."""
    day, _, last = (after or "").partition(".")
    try:
        return date.fromisoformat(day), UUID(last)
    except ValueError:
        return None


def what_was_done(typed: Typed) -> dict[str, list[str]]:
    return {name: typed[name] for name in BESIDE if name in typed}


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
