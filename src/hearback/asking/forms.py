"""What the desk sends for a question; prompts are numbered: `kind.0`, `words.0` …"""

import re
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, structs

from hearback.asking.rules import (
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

    @property
    def option_list(self) -> list[str]:
        return [line.strip() for line in self.options.split("\n") if line.strip()]


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
    if reasons or question is None:
        raise Faulty(reasons)
    return question, found


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
