"""What a fan sends: one field a prompt, quoting, and the key of the form."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from hearback.answering.rules import LONGEST_ANSWER, Filled, Part, Quoting
from hearback.asking.queries import Prompt
from hearback.asking.rules import PromptKind, is_asked
from hearback.refusals import Faulty, Refused
from hearback.trust.addresses import LONGEST_ADDRESS, fan_address
from hearback.trust.integrity.form_key import SHAPE as FORM_KEY
from hearback.trust.integrity.proofs import LONGEST_PROOF
from hearback.trust.integrity.rules import Flag
from hearback.web.forms import read_form
from hearback.web.typed import Typed

PROMPT_FIELD = re.compile(r"p[0-9a-f]{32}(_other|_why|_place\d{1,2})?")
NUMBER = re.compile(r"[0-9]{1,2}")
OTHER = "other"
"""Sent instead of an option's position."""


class AnswerForm(Struct, frozen=True):
    """All that is not an answer to a prompt."""

    key: Annotated[str, Meta(max_length=32)]
    quoting: Quoting = Quoting.NO
    first_name: Annotated[str, Meta(max_length=60)] = ""
    place: Annotated[str, Meta(max_length=80)] = ""
    website: Annotated[str, Meta(max_length=LONGEST_ANSWER)] = ""
    """Nobody sees this field. Who fills it in is a program."""
    proof: Annotated[str, Meta(max_length=LONGEST_PROOF)] = ""
    link: Annotated[str, Meta(max_length=80)] = ""
    address: Annotated[str, Meta(max_length=LONGEST_ADDRESS)] = ""
    """Where somebody confirms the answer; asked for at that level only, and kept apart from what was said."""
    to_note: Annotated[str, Meta(max_length=80)] = ""
    """The slug of the note that it is about, for who comes from one."""


BESIDE = AnswerForm.__struct_fields__


class SettingAsideForm(Struct, frozen=True):
    """rule: the number of the company's rule that speaks against it."""

    reason: Annotated[str, Meta(min_length=5, max_length=500)]
    rule: Annotated[int, Meta(ge=1, le=999)]


class LinksForm(Struct, frozen=True):
    count: Annotated[int, Meta(ge=1, le=500)]
    how: Literal["csv", "print"] = "csv"


class CountingForm(Struct, frozen=True):
    question: UUID
    flag: Flag


def read_answer(
    prompts: list[Prompt], typed: Typed, *, needs_address: bool = False
) -> tuple[AnswerForm, list[Filled]]:
    """Raises Faulty with every fault, in the order of the page.

    What must be filled in need not be where the prompt's condition does not hold; what was said there all the same is
    kept: who said it had read the condition, and nothing that somebody wrote is dropped.
    """
    filled, reasons = _read_all(prompts, typed, BESIDE)
    form = None
    try:
        form = read_form(AnswerForm, {name: typed[name] for name in BESIDE if name in typed})
        reasons += _faults_beside(form, needs_address=needs_address)
    except Faulty as faulty:
        reasons += faulty.reasons
    reasons = reasons or _nothing_said(prompts, filled)
    if reasons or form is None:
        raise Faulty(reasons)
    return form, filled


def read_again(prompts: Sequence[Prompt], typed: Typed, *, beside: Collection[str]) -> list[Filled]:
    """What somebody says anew to the same prompts. Raises Faulty with every fault, as for the first time."""
    filled, reasons = _read_all(prompts, typed, beside)
    if reasons := reasons or _nothing_said(prompts, filled):
        raise Faulty(reasons)
    return filled


def as_typed(prompts: Sequence[Prompt], filled: Iterable[Filled]) -> dict[str, list[str]]:
    """The fields of the form as they were when this was sent."""
    by_id = {prompt.id: prompt for prompt in prompts}
    typed: dict[str, list[str]] = {}
    for one in filled:
        prompt = by_id[one.prompt]
        if one.part is Part.OTHER:
            typed[prompt.other_field] = [one.words]
            typed.setdefault(prompt.field, []).append(OTHER)
        elif one.part is Part.WHY:
            typed[prompt.why_field] = [one.words]
        elif prompt.kind == PromptKind.RANKING:
            typed |= {prompt.place_fields[option]: [str(place)] for place, option in enumerate(one.chosen, 1)}
        elif one.chosen:
            typed.setdefault(prompt.field, []).extend(map(str, one.chosen))
        else:
            typed[prompt.field] = [one.words if one.number is None else str(one.number)]
    return typed


def read_prompts(
    prompts: Sequence[Prompt], typed: Typed
) -> tuple[list[Filled], dict[int, list[int]], list[Refused]]:
    """What was filled in; what was picked, by the prompt's position; and every fault."""
    reasons: list[Refused] = []
    filled: list[Filled] = []
    picked: dict[int, list[int]] = {}
    for prompt in prompts:
        try:
            parts = _filled(prompt, typed, asked=is_asked(prompt.if_prompt, prompt.if_picks, picked))
        except Faulty as faulty:
            reasons += faulty.reasons
            continue
        filled += parts
        picked[prompt.position] = [
            pick for part in parts for pick in (*part.chosen, part.number) if pick is not None
        ]
    return filled, picked, reasons


def _read_all(
    prompts: Sequence[Prompt], typed: Typed, beside: Collection[str]
) -> tuple[list[Filled], list[Refused]]:
    """What was filled in, and every fault, also of names that no field has. beside: names of other fields."""
    filled, _, faults = read_prompts(prompts, typed)
    return filled, _faults_of_names(
        {field for prompt in prompts for field in prompt.fields}, typed, beside
    ) + faults


def _nothing_said(prompts: Sequence[Prompt], filled: list[Filled]) -> list[Refused]:
    return [] if filled else [Refused("answer.nothing-said", field=prompts[0].field if prompts else "")]


def _faults_of_names(fields: set[str], typed: Typed, beside: Collection[str]) -> list[Refused]:
    unknown = [name for name in typed if name not in fields and name not in beside and name != "_csrf"]
    if any(PROMPT_FIELD.fullmatch(name) for name in unknown):
        return [Refused("answer.question-changed")]
    return [Refused("form.unknown-field", name=name[:60]) for name in unknown]


def _faults_beside(form: AnswerForm, *, needs_address: bool) -> list[Refused]:
    reasons = []
    if not FORM_KEY.fullmatch(form.key):
        reasons.append(Refused("answer.stale-form"))
    if form.quoting is Quoting.NAMED and not form.first_name:
        reasons.append(Refused("answer.name-missing", field="first_name"))
    if needs_address:
        try:
            fan_address(form.address)
        except Refused as reason:
            reasons.append(reason if form.address else Refused("answer.address-missing", field="address"))
    return reasons


def _filled(prompt: Prompt, typed: Typed, *, asked: bool) -> list[Filled]:
    """Itself, something else, and why: each that says something. Raises Faulty with what does not fit of them."""
    parts, reasons = [], []
    for read in (_itself, _something_else, _why):
        try:
            parts.append(read(prompt, typed))
        except Refused as reason:
            reasons.append(reason)
    filled = [part for part in parts if part is not None]
    if not reasons and asked and prompt.required and all(part.part is Part.WHY for part in filled):
        reasons.append(Refused(f"answer.missing.{prompt.kind}", field=prompt.field))
    if reasons:
        raise Faulty(reasons)
    return filled


def _itself(prompt: Prompt, typed: Typed) -> Filled | None:
    if prompt.kind == PromptKind.RANKING:
        ranked = _ranked(prompt, typed)
        return Filled(prompt.id, chosen=ranked) if ranked else None
    texts = [text for text in _texts(prompt.field, typed) if not (prompt.other and text == OTHER)]
    if not texts:
        return None
    if prompt.kind != PromptKind.CHOICES and len(texts) > 1:
        raise Refused("form.several-values", field=prompt.field)
    if prompt.kind == PromptKind.OPEN:
        return Filled(prompt.id, words=_words(prompt.field, texts[0]))
    if prompt.kind == PromptKind.SCALE:
        return Filled(prompt.id, number=_number(prompt, texts[0]))
    return Filled(prompt.id, chosen=_chosen(prompt, texts))


def _something_else(prompt: Prompt, typed: Typed) -> Filled | None:
    """Words count as said also where its box was not ticked; only one thing can be chosen of one."""
    given = _texts(prompt.other_field, typed) if prompt.other else []
    ticked = _texts(prompt.field, typed)
    if not given:
        if prompt.other and OTHER in ticked:
            raise Refused("answer.other-missing", field=prompt.other_field)
        return None
    if len(given) > 1:
        raise Refused("form.several-values", field=prompt.other_field)
    if prompt.kind == PromptKind.CHOICE and set(ticked) - {OTHER}:
        raise Refused("answer.other-or-option", field=prompt.other_field)
    return Filled(prompt.id, words=_words(prompt.other_field, given[0]), part=Part.OTHER)


def _why(prompt: Prompt, typed: Typed) -> Filled | None:
    given = _texts(prompt.why_field, typed) if prompt.why else []
    if len(given) > 1:
        raise Refused("form.several-values", field=prompt.why_field)
    return Filled(prompt.id, words=_words(prompt.why_field, given[0]), part=Part.WHY) if given else None


def _texts(field: str, typed: Typed) -> list[str]:
    return [text.strip() for text in typed.get(field, []) if text.strip()]


def _words(field: str, text: str) -> str:
    if len(text) > LONGEST_ANSWER:
        raise Refused("form.too-long", field=field, most=LONGEST_ANSWER, have=len(text))
    return text


def _number(prompt: Prompt, text: str) -> int:
    if not NUMBER.fullmatch(text) or not (prompt.low or 0) <= int(text) <= (prompt.high or 0):
        raise Refused("form.not-a-choice", field=prompt.field)
    return int(text)


def _chosen(prompt: Prompt, texts: list[str]) -> tuple[int, ...]:
    """Options are sent by their position."""
    positions = set()
    for text in texts:
        if not NUMBER.fullmatch(text) or int(text) >= len(prompt.options):
            raise Refused("form.not-a-choice", field=prompt.field)
        positions.add(int(text))
    return tuple(sorted(positions))


def _ranked(prompt: Prompt, typed: Typed) -> tuple[int, ...]:
    """Positions of the options by the places they were given, the first place first; some may have none."""
    places: dict[int, int] = {}
    for position, field in enumerate(prompt.place_fields):
        texts = _texts(field, typed)
        if not texts:
            continue
        if len(texts) > 1:
            raise Refused("form.several-values", field=prompt.field)
        if not NUMBER.fullmatch(texts[0]) or not 1 <= int(texts[0]) <= len(prompt.options):
            raise Refused("form.not-a-choice", field=prompt.field)
        if int(texts[0]) in places:
            raise Refused("answer.same-place-twice", field=prompt.field, place=int(texts[0]))
        places[int(texts[0])] = position
    return tuple(places[place] for place in sorted(places))
