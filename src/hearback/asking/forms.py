"""What the desk sends for a question; prompts are numbered: `kind.0`, `words.0` …"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, structs

from hearback.asking.rules import (
    DECIDING,
    LONGEST_OPTION,
    MOST_OPTIONS,
    MOST_PROMPTS,
    WITH_OTHER,
    WRITTEN_OPTIONS,
    PromptKind,
)
from hearback.refusals import Faulty, Refused
from hearback.web.forms import read_form
from hearback.web.typed import Typed

NUMBERED = re.compile(r"(\w+)\.(\d{1,2})")
BESIDE = frozenset({"_csrf", "do"})
YES_NO = ("yes", "no")
"""How a condition names them, whatever the language."""


class QuestionForm(Struct, frozen=True):
    title: Annotated[str, Meta(min_length=8, max_length=200)]
    why: Annotated[str, Meta(min_length=20, max_length=3000)]
    can_change: Annotated[str, Meta(min_length=3, max_length=1500)]
    cannot_change: Annotated[str, Meta(min_length=3, max_length=1500)]
    what_happens: Annotated[str, Meta(min_length=3, max_length=1500)]
    asked_by: UUID
    opens_on: date
    closes_on: date
    reply_by: date
    language: Literal["de", "en"] = "de"
    slug: Annotated[str, Meta(max_length=80, pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")] = ""


class PromptForm(Struct, frozen=True):
    kind: PromptKind
    words: Annotated[str, Meta(min_length=3, max_length=300)]
    help: Annotated[str, Meta(max_length=500)] = ""
    required: Literal["", "yes"] = ""
    options: Annotated[str, Meta(max_length=5000)] = ""
    low: Annotated[int, Meta(ge=0, le=1)] = 1
    high: Annotated[int, Meta(ge=2, le=10)] = 5
    low_label: Annotated[str, Meta(max_length=80)] = ""
    high_label: Annotated[str, Meta(max_length=80)] = ""
    other: Literal["", "yes"] = ""
    why: Literal["", "yes"] = ""
    new_page: Literal["", "yes"] = ""
    only_if: tuple[Annotated[str, Meta(max_length=LONGEST_OPTION + 10)], ...] = ()

    @property
    def option_list(self) -> list[str]:
        return [line.strip() for line in self.options.split("\n") if line.strip()]

    @property
    def picks(self) -> dict[str, int]:
        """What a condition can name of it, and how that is kept."""
        if self.kind is PromptKind.SCALE:
            return {str(number): number for number in range(self.low, self.high + 1)}
        names = YES_NO if self.kind is PromptKind.YES_NO else self.option_list
        return {name: position for position, name in enumerate(names)}


class ClosingForm(Struct, frozen=True):
    closes_on: date


def read_question(typed: Typed) -> tuple[QuestionForm, list[PromptForm]]:
    """Raises Faulty with every reason, the question's first, then prompt by prompt."""
    reasons: list[Refused] = []
    question, found = None, []
    try:
        question = read_form(
            QuestionForm,
            {name: texts for name, texts in typed.items() if not NUMBERED.fullmatch(name)},
            beside=BESIDE,
        )
    except Faulty as faulty:
        reasons += faulty.reasons
    for number, part in enumerate(split_prompts(typed)):
        try:
            found.append(_prompt(part))
        except Faulty as faulty:
            reasons += [Refused(r.reason, field=f"{r.field}.{number}", **r.values) for r in faulty.reasons]
    if not reasons:
        reasons += _faults_of_conditions(found)
    if reasons or question is None:
        raise Faulty(reasons)
    return question, found


def condition_of(prompts: Sequence[PromptForm], at: int) -> tuple[int | None, list[int]]:
    """Which earlier prompt decides whether this one is asked, and which picks there; Refused when it names no such."""
    named = [one.partition(":") for one in prompts[at].only_if]
    numbers = {number for number, _, _ in named}
    if not named:
        return None, []
    if len(numbers) > 1:
        raise Refused("question.one-condition", field="only_if")
    number = numbers.pop()
    if not number.isdecimal() or int(number) >= at or prompts[int(number)].kind not in DECIDING:
        raise Refused("question.condition-looks-back", field="only_if")
    picks = prompts[int(number)].picks
    for _, _, name in named:
        if name not in picks:
            raise Refused("question.condition-gone", field="only_if", words=name)
    return int(number), sorted({picks[name] for _, _, name in named})


def _faults_of_conditions(prompts: Sequence[PromptForm]) -> list[Refused]:
    reasons = []
    for at in range(len(prompts)):
        try:
            condition_of(prompts, at)
        except Refused as reason:
            reasons.append(Refused(reason.reason, field=f"only_if.{at}", **reason.values))
    return reasons


def split_prompts(typed: Typed) -> list[dict[str, list[str]]]:
    """The numbered fields of each prompt, in their order, at most MOST_PROMPTS."""
    parts: dict[int, dict[str, list[str]]] = {}
    for name, texts in typed.items():
        if numbered := NUMBERED.fullmatch(name):
            parts.setdefault(int(numbered[2]), {})[numbered[1]] = texts
    return [parts[number] for number in sorted(parts)][:MOST_PROMPTS]


def _prompt(part: Typed) -> PromptForm:
    prompt = read_form(PromptForm, part)
    options = prompt.option_list
    if prompt.kind in WRITTEN_OPTIONS:
        if len(options) < 2:
            raise Faulty([Refused("question.two-options", field="options")])
        if len(options) > MOST_OPTIONS or any(len(option) > LONGEST_OPTION for option in options):
            raise Faulty([Refused("question.too-many-options", field="options", most=MOST_OPTIONS)])
        if len(set(options)) < len(options):
            raise Faulty([Refused("question.same-option-twice", field="options")])
    else:
        prompt = structs.replace(prompt, options="")
    return prompt if prompt.kind in WITH_OTHER else structs.replace(prompt, other="")
