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
    MOST_ANSWERS,
    MOST_OPTIONS,
    MOST_PROMPTS,
    WITH_OTHER,
    WRITTEN_OPTIONS,
    PromptKind,
    Results,
)
from hearback.refusals import Faulty, Refused
from hearback.trust.integrity.rules import Level
from hearback.trust.retention import KEPT_MONTHS, MOST_MONTHS
from hearback.web.forms import read_form
from hearback.web.typed import Typed
from hearback.words.speaking import LANGUAGES

NUMBERED = re.compile(r"(\w+)\.(\d{1,2})")
BESIDE = frozenset({"_csrf", "do"})
YES_NO = ("yes", "no")
"""How a condition names them, whatever the language."""


TRANSLATED = re.compile(rf"(\w+)_in_({'|'.join(LANGUAGES)})")
Translations = dict[str, dict[str, str | list[str]]]
"""By language, then by field."""


class QuestionInForm(Struct, frozen=True):
    """The question's texts in another language; what is empty stands there as it was first written."""

    title: Annotated[str, Meta(max_length=200)] = ""
    why: Annotated[str, Meta(max_length=3000)] = ""
    can_change: Annotated[str, Meta(max_length=1500)] = ""
    cannot_change: Annotated[str, Meta(max_length=1500)] = ""
    what_happens: Annotated[str, Meta(max_length=1500)] = ""


class PromptInForm(Struct, frozen=True):
    """A prompt's texts in another language."""

    words: Annotated[str, Meta(max_length=300)] = ""
    help: Annotated[str, Meta(max_length=500)] = ""
    options: Annotated[str, Meta(max_length=5000)] = ""
    low_label: Annotated[str, Meta(max_length=80)] = ""
    high_label: Annotated[str, Meta(max_length=80)] = ""


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
    level: Level = Level.OPEN
    results: Results = Results.CLOSED
    keep_months: Annotated[int, Meta(ge=1, le=MOST_MONTHS)] = KEPT_MONTHS
    most: Annotated[int, Meta(ge=1, le=MOST_ANSWERS)] | None = None
    translations: Translations = {}


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
    translations: Translations = {}
    only_if: tuple[Annotated[str, Meta(max_length=LONGEST_OPTION + 10)], ...] = ()

    @property
    def option_list(self) -> list[str]:
        return lines_of(self.options)

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
    own, others = _by_language({name: texts for name, texts in typed.items() if not NUMBERED.fullmatch(name)})
    try:
        question = read_form(QuestionForm, own, beside=BESIDE)
        question = structs.replace(
            question, translations=_translations(QuestionInForm, others, question.language)
        )
    except Faulty as faulty:
        reasons += faulty.reasons
    language = question.language if question else ""
    for number, part in enumerate(split_prompts(typed)):
        try:
            found.append(_prompt(part, language))
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


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _by_language(typed: Typed) -> tuple[dict[str, list[str]], dict[str, dict[str, list[str]]]]:
    """What is typed in the question's own language, and in others: `words_in_en`."""
    own: dict[str, list[str]] = {}
    others: dict[str, dict[str, list[str]]] = {}
    for name, texts in typed.items():
        if translated := TRANSLATED.fullmatch(name):
            others.setdefault(translated[2], {})[translated[1]] = texts
        else:
            own[name] = texts
    return own, others


def _translations(form: type[Struct], others: dict[str, dict[str, list[str]]], language: str) -> Translations:
    """Only what is filled in, and not in the question's own language. Raises Faulty."""
    found: Translations = {}
    for other, typed in others.items():
        try:
            texts = {name: text for name, text in structs.asdict(read_form(form, typed)).items() if text}
        except Faulty as faulty:
            raise Faulty(
                [Refused(r.reason, field=f"{r.field}_in_{other}", **r.values) for r in faulty.reasons]
            ) from faulty
        if texts and other != language:
            found[other] = texts
    return found


def _prompt(part: Typed, language: str) -> PromptForm:
    own, others = _by_language(part)
    prompt = _its_options(read_form(PromptForm, own))
    translations = _translations(PromptInForm, others, language)
    for other, texts in translations.items():
        written = lines_of(str(texts.pop("options", "")))
        if prompt.kind not in WRITTEN_OPTIONS or not written:
            continue
        if len(written) != len(prompt.option_list):
            raise Faulty(
                [
                    Refused(
                        "question.options-in-both",
                        field=f"options_in_{other}",
                        have=len(written),
                        most=len(prompt.option_list),
                    )
                ]
            )
        texts["options"] = written
    return structs.replace(prompt, translations=translations)


def _its_options(prompt: PromptForm) -> PromptForm:
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
