"""What moderators and fans send."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from hearback.trust.covering import SHORTEST, Heard

MOST_TICKED = 100
Reason = Annotated[str, Meta(min_length=5, max_length=500)]
Number = Annotated[int, Meta(ge=1, le=999)]
Part = Annotated[str, Meta(min_length=SHORTEST, max_length=1000)]


class AsideForm(Struct, frozen=True):
    """Set aside, with a reason, a rule, and as what one heard it."""

    reason: Reason
    rule: Number
    heard_as: Heard | None = None


class ManyForm(Struct, frozen=True):
    """What was ticked, and what to do with it; reason and rule where it is set aside."""

    deed: Literal["set_aside", "let_stand"]
    response: Annotated[list[UUID], Meta(max_length=MOST_TICKED)] = []
    reason: Reason = ""
    rule: Number | None = None
    heard_as: Heard | None = None


class CoverForm(Struct, frozen=True):
    """part: words as they stand in the answer; wherever they stand in it, they are covered."""

    reason: Reason
    rule: Number
    heard_as: Heard
    part: Annotated[list[Part], Meta(max_length=20)] = []


class HeardForm(Struct, frozen=True):
    heard_as: Heard


class HandOverForm(Struct, frozen=True):
    words: Annotated[str, Meta(max_length=300)] = ""


class TrustForm(Struct, frozen=True):
    trust: Literal["yes", "no"] = "yes"


class LookForm(Struct, frozen=True):
    """What another look found, with words for the fan."""

    outcome: Literal["restored", "kept"]
    answer: Annotated[str, Meta(min_length=10, max_length=1000)]


class AskingForm(Struct, frozen=True):
    """A fan asks for another look; words only if they like."""

    words: Annotated[str, Meta(max_length=1000)] = ""
