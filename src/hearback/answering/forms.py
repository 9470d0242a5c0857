"""What a fan sends: one field a prompt, quoting, and the key of the form."""

import re
from typing import Annotated

from msgspec import Meta, Struct

from hearback.answering.rules import LONGEST_ANSWER, Filled, Quoting
from hearback.asking.queries import Prompt
from hearback.asking.rules import PromptKind
from hearback.refusals import Faulty, Refused
from hearback.web.forms import read_form
from hearback.web.typed import Typed

FORM_KEY = re.compile(r"[0-9a-f]{32}")
PROMPT_FIELD = re.compile(r"p[0-9a-f]{32}")


class AnswerForm(Struct, frozen=True):
    """All that is not an answer to a prompt."""

    key: Annotated[str, Meta(max_length=32)]
    quoting: Quoting = Quoting.NO
    first_name: Annotated[str, Meta(max_length=60)] = ""
    place: Annotated[str, Meta(max_length=80)] = ""


BESIDE = AnswerForm.__struct_fields__


class SettingAsideForm(Struct, frozen=True):
    reason: Annotated[str, Meta(min_length=5, max_length=500)]


def read_answer(prompts: list[Prompt], typed: Typed) -> tuple[AnswerForm, list[Filled]]:
    """Raises Faulty with every fault, in the order of the page."""
    fields = {prompt.field for prompt in prompts}
    reasons = _faults_of_names(fields, typed)
    filled: list[Filled] = []
    for prompt in prompts:
        try:
            filled.append(_filled(prompt, typed.get(prompt.field, [])))
        except Refused as reason:
            reasons.append(reason)
    form = None
    try:
        form = read_form(AnswerForm, {name: typed[name] for name in BESIDE if name in typed})
        reasons += _faults_beside(form)
    except Faulty as faulty:
        reasons += faulty.reasons
    if not reasons and not any(one.words or one.chosen or one.number is not None for one in filled):
        reasons.append(Refused("answer.nothing-said", field=prompts[0].field if prompts else ""))
    if reasons or form is None:
        raise Faulty(reasons)
    return form, [one for one in filled if one.words or one.chosen or one.number is not None]


def _faults_of_names(fields: set[str], typed: Typed) -> list[Refused]:
    unknown = [name for name in typed if name not in fields and name not in BESIDE and name != "_csrf"]
    if any(PROMPT_FIELD.fullmatch(name) for name in unknown):
        return [Refused("answer.question-changed")]
    return [Refused("form.unknown-field", name=name[:60]) for name in unknown]


def _faults_beside(form: AnswerForm) -> list[Refused]:
    reasons = []
    if not FORM_KEY.fullmatch(form.key):
        reasons.append(Refused("answer.stale-form"))
    if form.quoting is Quoting.NAMED and not form.first_name:
        reasons.append(Refused("answer.name-missing", field="first_name"))
    return reasons


def _filled(prompt: Prompt, given: list[str]) -> Filled:
    texts = [text.strip() for text in given if text.strip()]
    if not texts:
        if prompt.required:
            raise Refused(f"answer.missing.{prompt.kind}", field=prompt.field)
        return Filled(prompt.id)
    if prompt.kind != PromptKind.CHOICES and len(texts) > 1:
        raise Refused("form.several-values", field=prompt.field)
    if prompt.kind == PromptKind.OPEN:
        return Filled(prompt.id, words=_words(prompt, texts[0]))
    if prompt.kind == PromptKind.SCALE:
        return Filled(prompt.id, number=_number(prompt, texts[0]))
    return Filled(prompt.id, chosen=_chosen(prompt, texts))


def _words(prompt: Prompt, text: str) -> str:
    if len(text) > LONGEST_ANSWER:
        raise Refused("form.too-long", field=prompt.field, most=LONGEST_ANSWER, have=len(text))
    return text


def _number(prompt: Prompt, text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text) or not (prompt.low or 0) <= int(text) <= (prompt.high or 0):
        raise Refused("form.not-a-choice", field=prompt.field)
    return int(text)


def _chosen(prompt: Prompt, texts: list[str]) -> tuple[int, ...]:
    """Options are sent by their position."""
    positions = set()
    for text in texts:
        if not re.fullmatch(r"\d{1,2}", text) or int(text) >= len(prompt.options):
            raise Refused("form.not-a-choice", field=prompt.field)
        positions.add(int(text))
    return tuple(sorted(positions))
