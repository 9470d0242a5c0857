"""The demo's three companies as they stand in the files beside this one."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from hearback.actions.rules import ActionState
from hearback.asking.rules import PromptKind
from hearback.changenotes.rules import NoteKind
from hearback.people.rules import Address, Role
from hearback.receipts.rules import Verdict
from hearback.trust.covering import Heard

HERE = Path(__file__).parent
COMPANIES = ("kranich", "uferlicht", "rheintalbahn")
Days = int
"""Whole days from the first start; negative ones lie before it."""


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """key: in this story, and the name of the picture in faces/."""

    key: str
    name: str
    role_title: str
    role: Role
    leads: bool = False

    def address(self, company: str) -> str:
        return f"{self.key}@{company}.example"

    @property
    def drawing(self) -> str:
        """SVG."""
        return (HERE / "faces" / f"{self.key}.svg").read_text(encoding="utf-8")


class PromptTold(Struct, frozen=True, forbid_unknown_fields=True):
    """only_if: `number:option` of an earlier prompt, as the desk sends it. en: its words in English, by field."""

    kind: PromptKind
    words: str
    help: str = ""
    required: bool = False
    options: Sequence[str] = ()
    low: int = 1
    high: int = 5
    low_label: str = ""
    high_label: str = ""
    other: bool = False
    why: bool = False
    only_if: Sequence[str] = ()
    en: dict[str, str | list[str]] = {}


class QuestionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """en: its words in English, by field."""

    slug: str
    title: str
    asked_by: str
    opens: Days
    closes: Days
    reply_by: Days
    why: str
    can_change: str
    cannot_change: str
    what_happens: str
    prompts: Sequence[PromptTold]
    en: dict[str, str | list[str]] = {}


class ThemeTold(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person makes of a theme on that day.

    points: `id: words` of answers that it is about; the program's theme with most of them is meant, and what
    it put elsewhere is moved there. made_by_hand: the program saw no such theme, so the person makes one.
    weight: why it matters though few say it, in public. kept_clean: its person takes out again whatever the
    program adds from other answers.
    """

    key: str
    day: Days
    by: str
    name: str
    definition: str
    points: Sequence[str]
    made_by_hand: bool = False
    weight: str = ""
    merged_into: str = ""
    kept_clean: bool = False


class AsideTold(Struct, frozen=True, forbid_unknown_fields=True):
    answer: str
    day: Days
    by: str
    reason: str
    rule: int


class CoverTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an answer behind a bar. asked: when its fan asked for another look, with asked_words."""

    answer: str
    day: Days
    by: str
    part: str
    heard_as: Heard
    reason: str
    rule: int
    asked: Days | None = None
    asked_words: str = ""


class StepTold(Struct, frozen=True, forbid_unknown_fields=True):
    day: Days
    state: ActionState
    reason: str = ""


class ActionTold(Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    day: Days
    by: str
    owner: str
    due: Days
    title: str
    why: str
    themes: Sequence[str]
    steps: Sequence[StepTold] = ()
    tracker_url: str = ""


class CorrectionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """texts: only the fields that change."""

    day: Days
    by: str
    why: str
    texts: dict[str, str]


class NoteTold(Struct, frozen=True, forbid_unknown_fields=True):
    """quotes: answers of which the first excerpt in the themes is quoted. texts, days: the note's fields.

    Texts may hold {voices}, {voices_in_words}, {Voices_in_words} and any of the days.
    """

    key: str
    kind: NoteKind
    day: Days
    by: str
    signed_by: str
    published_by: str
    themes: Sequence[str]
    texts: dict[str, str]
    actions: Sequence[str] = ()
    questions: Sequence[str] = ()
    quotes: Sequence[str] = ()
    days: dict[str, Days] = {}
    corrections: Sequence[CorrectionTold] = ()


class HearbackTold(Struct, frozen=True, forbid_unknown_fields=True):
    day: Days
    note: str
    answer: str
    verdict: Verdict
    words: str = ""


class MandateTold(Struct, frozen=True, forbid_unknown_fields=True):
    day: Days
    by: str
    words: str
    topics: Sequence[str]


class ReplyTold(Struct, frozen=True, forbid_unknown_fields=True):
    """To an answer, or to a theme in public; under the mandate. topic: of it, from 0. due: of the next step."""

    day: Days
    by: str
    topic: int
    feeling: str
    fact: str
    next_step: str
    owner: str
    due: Days
    answer: str = ""
    theme: str = ""
    cosigned_by: str = ""


class CompanyTold(Struct, frozen=True, forbid_unknown_fields=True):
    slug: str
    name: str
    address: Address
    colour: str
    fewest_voices: Annotated[int, Meta(ge=1)]
    imprint: str
    privacy: str
    accessibility: str
    people: Sequence[Person]
    questions: Sequence[QuestionTold]
    themes: Sequence[ThemeTold] = ()
    asides: Sequence[AsideTold] = ()
    covers: Sequence[CoverTold] = ()
    actions: Sequence[ActionTold] = ()
    notes: Sequence[NoteTold] = ()
    hearbacks: Sequence[HearbackTold] = ()
    mandate: MandateTold | None = None
    replies: Sequence[ReplyTold] = ()


class AnswerTold(Struct, frozen=True, forbid_unknown_fields=True):
    """after: days after its question opened."""

    company: str
    question: str
    id: str
    after: Days
    text: str
    quoting: str
    language: str = ""
    first_name: str = ""
    place: str = ""


def company(slug: str) -> CompanyTold:
    return msgspec.toml.decode((HERE / f"{slug}.toml").read_bytes(), type=CompanyTold)


@cache
def answers() -> list[AnswerTold]:
    decoder = msgspec.json.Decoder(AnswerTold)
    return [decoder.decode(line) for line in (HERE / "answers.jsonl").read_bytes().splitlines()]
