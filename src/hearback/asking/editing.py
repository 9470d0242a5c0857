"""The editor's fields as they are typed: of a fresh question, of a saved one, and moved about. No web."""

import msgspec

from hearback.asking import commands
from hearback.asking.forms import YES_NO, PromptForm, QuestionForm, Translations, split_prompts
from hearback.asking.queries import Prompt, Question
from hearback.asking.rules import DECIDING, MOST_PROMPTS, WEEKS_TO_ANSWER, WEEKS_TO_REPLY, PromptKind
from hearback.clock import day_in, now
from hearback.people.access import Desk
from hearback.web.typed import Typed, one

FIRST_PROMPT = {"kind.0": [PromptKind.OPEN.value], "required.0": ["yes"]}


def fresh(desk: Desk) -> dict[str, list[str]]:
    """Two weeks to answer, a reply two weeks later, one open field: a start that one may keep."""
    today = day_in(desk.company.timezone, now())
    return {
        "asked_by": [str(desk.member.id)],
        "language": [desk.company.languages[0]],
        "opens_on": [today.isoformat()],
        "closes_on": [(today + WEEKS_TO_ANSWER).isoformat()],
        "reply_by": [(today + WEEKS_TO_REPLY).isoformat()],
        **FIRST_PROMPT,
    }


def typed_of(desk: Desk, found: Question, prompts: list[Prompt]) -> dict[str, list[str]]:
    """A saved question as its form would send it."""
    typed = {
        name: ["" if (kept := getattr(found, name)) is None else str(kept)]
        for name in QuestionForm.__struct_fields__
        if name not in ("opens_on", "closes_on", "translations")
    }
    typed["opens_on"] = [desk.words.local_day(found.opens_at).isoformat()]
    typed["closes_on"] = [commands.last_day(desk.company, found.closes_at).isoformat()]
    typed |= _typed_translations(found.translations, "")
    for number, prompt in enumerate(prompts):
        typed |= _typed_translations(prompt.translations, f".{number}")
        typed |= {
            f"kind.{number}": [prompt.kind],
            f"words.{number}": [prompt.words],
            f"help.{number}": [prompt.help],
            f"required.{number}": ["yes" if prompt.required else ""],
            f"options.{number}": ["\n".join(prompt.options)],
            f"low.{number}": [str(1 if prompt.low is None else prompt.low)],
            f"high.{number}": [str(prompt.high or 5)],
            f"low_label.{number}": [prompt.low_label],
            f"high_label.{number}": [prompt.high_label],
            f"other.{number}": ["yes" if prompt.other else ""],
            f"why.{number}": ["yes" if prompt.why else ""],
            f"new_page.{number}": ["yes" if prompt.new_page else ""],
            f"only_if.{number}": _condition_of(prompts, prompt),
        }
    return typed if prompts else typed | FIRST_PROMPT


def _typed_translations(translations: str, end: str) -> dict[str, list[str]]:
    """end: what stands after a field's name, `.0` for those of the first prompt."""
    return {
        f"{name}_in_{language}{end}": ["\n".join(text) if isinstance(text, list) else text]
        for language, texts in msgspec.json.decode(translations, type=Translations).items()
        for name, text in texts.items()
    }


def _condition_of(prompts: list[Prompt], prompt: Prompt) -> list[str]:
    """A saved condition as the form would send it."""
    if prompt.if_prompt is None:
        return []
    decides = prompts[prompt.if_prompt]
    names = YES_NO if decides.kind == PromptKind.YES_NO else decides.options
    return [f"{prompt.if_prompt}:{names[pick] if names else pick}" for pick in prompt.if_picks]


def deciding(parts: list[dict[str, list[str]]], before: int) -> list[tuple[int, str, list[str]]]:
    """What the condition of a prompt can look back at, as far as it is typed: number, words, and picks by name."""
    found = []
    for number, part in enumerate(parts[:before]):
        try:
            prompt = PromptForm(
                kind=PromptKind(one(part, "kind", "open")),
                words=one(part, "words"),
                options=one(part, "options"),
                low=int(one(part, "low", "1")),
                high=int(one(part, "high", "5")),
            )
        except ValueError:
            continue
        if prompt.kind in DECIDING and prompt.picks:
            found.append((number, prompt.words, list(prompt.picks)))
    return found


def rearranged(typed: Typed, do: str) -> dict[str, list[str]]:
    """do: `add`, `remove.N` or `up.N`; anything else leaves the fields as they are."""
    prompts = split_prompts(typed)
    before = list(prompts)
    what, _, number = do.partition(".")
    at = int(number) if number.isdecimal() and int(number) < len(prompts) else None
    if what == "add" and len(prompts) < MOST_PROMPTS:
        prompts.append({"kind": [PromptKind.OPEN.value]})
    elif what == "remove" and at is not None:
        del prompts[at]
    elif what == "up" and at:
        prompts[at - 1], prompts[at] = prompts[at], prompts[at - 1]
    for now_at, prompt in enumerate(prompts):
        if "only_if" in prompt:
            prompt["only_if"] = _looking_back(prompt["only_if"], before, prompts[:now_at])
    rest = {name: texts for name, texts in typed.items() if "." not in name and name != "do"}
    numbered = {f"{name}.{n}": texts for n, prompt in enumerate(prompts) for name, texts in prompt.items()}
    return rest | numbered


def _looking_back(
    only_if: list[str], before: list[dict[str, list[str]]], earlier: list[dict[str, list[str]]]
) -> list[str]:
    """A condition after prompts were moved or removed: what it looked at has another number, or is not earlier now."""
    found = []
    for number, _, name in (one_.partition(":") for one_ in only_if):
        at = int(number) if number.isdecimal() and int(number) < len(before) else None
        now_at = [at_ for at_, prompt in enumerate(earlier) if at is not None and prompt is before[at]]
        found += [f"{at_}:{name}" for at_ in now_at]
    return found
