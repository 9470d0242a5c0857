"""What the desk may send about themes."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

NEW, NOWHERE = "new", "nowhere"
MOST_SPLIT = 100  # what one page shows fits in, and one event of the theme's life still tells it

MOST_TICKED = 200  # what one page of a search shows
ID = "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"
PLACE = rf"^(unsorted|nowhere|{ID})\Z"
LAY = rf"^{ID}(\.(unsorted|nowhere|{ID}))?\Z"
BACK = rf"^(search|themes/(unsorted|nowhere|help|proposals|{ID}))(\?[!-\"$-~]*)?\Z"


class NameForm(Struct, frozen=True):
    """definition: what belongs; excludes: what does not.

    seen: the theme's `version` that the form showed, so that two who name it notice each other; None: none was.
    """

    name: Annotated[str, Meta(min_length=3, max_length=120)]
    definition: Annotated[str, Meta(max_length=1000)] = ""
    seen: Annotated[str, Meta(max_length=36)] | None = None
    excludes: Annotated[str, Meta(max_length=1000)] = ""


class MergeForm(Struct, frozen=True):
    into: UUID


class SplitForm(Struct, frozen=True):
    """excerpt: those that leave for a theme of their own, which gets the new name.

    belongs: its definition; excluded: what does not belong.
    """

    new_name: Annotated[str, Meta(min_length=3, max_length=120)]
    belongs: Annotated[str, Meta(max_length=1000)] = ""
    excerpt: Annotated[list[UUID], Meta(max_length=MOST_SPLIT)] = []
    excluded: Annotated[str, Meta(max_length=1000)] = ""


class ExcerptForm(Struct, frozen=True):
    excerpt: UUID


class PlacingForm(Struct, frozen=True):
    """Several excerpts at once. excerpt: `<id>` or `<id>.<where it lay when it was shown>`; here: where all others lay.

    to: a theme's name; make: a new one of that name; nowhere: instead of a theme. back: the page they were ticked on.
    """

    back: Annotated[str, Meta(pattern=BACK, max_length=2000)]
    excerpt: Annotated[list[Annotated[str, Meta(pattern=LAY)]], Meta(max_length=MOST_TICKED)] = []
    here: Annotated[str, Meta(pattern=PLACE)] | None = None
    to: Annotated[str, Meta(max_length=120)] = ""
    make: Annotated[str, Meta(pattern="^1$")] | None = None
    nowhere: Annotated[str, Meta(pattern="^1$")] | None = None


class AsideForm(Struct, frozen=True):
    """Several answers at once, by what was ticked of them."""

    back: Annotated[str, Meta(pattern=BACK, max_length=2000)]
    reason: Annotated[str, Meta(min_length=5, max_length=500)]
    rule: Annotated[int, Meta(ge=1, le=999)]
    excerpt: Annotated[list[Annotated[str, Meta(pattern=LAY)]], Meta(max_length=MOST_TICKED)] = []
    response: Annotated[list[UUID], Meta(max_length=MOST_TICKED)] = []


class DecisionForm(Struct, frozen=True):
    """What stood below a proposal. seen: what its themes were called; shown: its excerpts, with dots between.

    name, definition: of the new theme. excerpt: those that belong.
    """

    seen: Annotated[str, Meta(max_length=80)] = ""
    name: Annotated[str, Meta(max_length=120)] = ""
    definition: Annotated[str, Meta(max_length=1000)] = ""
    shown: Annotated[str, Meta(pattern=rf"^({ID}(\.{ID}){{0,{MOST_SPLIT - 1}}})?\Z", max_length=4000)] = ""
    excerpt: Annotated[list[UUID], Meta(max_length=MOST_SPLIT)] = []


class WeightForm(Struct, frozen=True):
    reason: Annotated[str, Meta(min_length=10, max_length=300)]


class MoveForm(Struct, frozen=True):
    """to: a theme's id, `nowhere`, or `new` for a theme that gets the name."""

    to: Annotated[str, Meta(pattern=r"^(new|nowhere|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12})$")]
    name: Annotated[str, Meta(max_length=120)] = ""


class NamedMoveForm(Struct, frozen=True):
    """How a person says where one excerpt goes. to: a theme's name; make: a new one of that name; nowhere: instead.

    theme: which one is meant where several have the name.
    """

    to: Annotated[str, Meta(max_length=120)] = ""
    theme: UUID | None = None
    make: Annotated[str, Meta(pattern="^1$")] | None = None
    nowhere: Annotated[str, Meta(pattern="^1$")] | None = None


class UndoForm(Struct, frozen=True):
    """here: the theme whose page asks."""

    event: UUID
    here: UUID | None = None


class AssignForm(Struct, frozen=True):
    """to: the member or the team who looks after the theme; None: nobody."""

    to: UUID | None = None


class RestForm(Struct, frozen=True):
    """until: the day that wakes it; voices: how many new people do."""

    why: Annotated[str, Meta(min_length=3, max_length=300)]
    until: date | None = None
    voices: Annotated[int, Meta(ge=1, le=100_000)] | None = None


class AskForm(Struct, frozen=True):
    question: UUID


class CutForm(Struct, frozen=True):
    """at: where the second half begins, in characters of the answer."""

    at: Annotated[int, Meta(ge=1, le=1_000_000)]


class JoinForm(Struct, frozen=True):
    """other: the excerpt beside it."""

    other: UUID


class RemarkForm(Struct, frozen=True):
    """show_to: a member or a team whom it speaks to, beside those whom it names with an @."""

    words: Annotated[str, Meta(min_length=2, max_length=2000)]
    show_to: UUID | None = None


class PassOnForm(Struct, frozen=True):
    """member: who is meant; words: what one says with it."""

    member: UUID
    words: Annotated[str, Meta(max_length=500)] = ""


class EntryForm(Struct, frozen=True):
    """An entry of the codebook in both languages. examples: one a line; seen: the `version` that the form showed."""

    de: Annotated[str, Meta(max_length=60)] = ""
    definition_de: Annotated[str, Meta(max_length=1000)] = ""
    examples_de: Annotated[str, Meta(max_length=3000)] = ""
    en: Annotated[str, Meta(max_length=60)] = ""
    definition_en: Annotated[str, Meta(max_length=1000)] = ""
    examples_en: Annotated[str, Meta(max_length=3000)] = ""
    weight: Annotated[str, Meta(pattern="^1$")] | None = None
    seen: Annotated[str, Meta(max_length=36)] = ""


class SeenForm(Struct, frozen=True):
    """seen: the `version` that the page showed."""

    seen: Annotated[str, Meta(max_length=36)] = ""
