"""A form in several pages: each carries what was typed on the others, and only the last one is kept. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from hearback.answering.forms import read_prompts
from hearback.asking.queries import Prompt
from hearback.asking.rules import is_asked
from hearback.refusals import Faulty, Refused
from hearback.web.typed import Typed, one

WITH_THE_LAST = ("quoting", "first_name", "place", "address")
"""Fields beside the prompts that stand on the last page."""
TURNING = frozenset({"do", "page", "saved"})


class Page(Struct, frozen=True):
    """number: from 1, of all there are, also of those that are passed over. carried: what was typed elsewhere."""

    number: int
    of: int
    prompts: Sequence[Prompt]
    carried: Sequence[tuple[str, str]]

    @property
    def is_last(self) -> bool:
        return self.number == self.of


class Turn(Struct, frozen=True):
    """Which button was pressed, on which page, and all else that was typed. do: `next`, `back`, `later`, or nothing:
    send. saved: the code of a form that was laid by and opened again (saving.py)."""

    do: str
    at: int
    typed: dict[str, list[str]]
    saved: str = ""


def turn_of(prompts: Sequence[Prompt], typed: Typed) -> Turn:
    """A page number that cannot be is the first page's."""
    number = one(typed, "page", "1")
    at = int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 1
    do = one(typed, "do")
    return Turn(
        do if do in ("next", "back", "later") else "",
        at if 1 <= at <= len(_pages(prompts)) else 1,
        {name: texts for name, texts in typed.items() if name not in TURNING},
        one(typed, "saved"),
    )


def page_at(prompts: Sequence[Prompt], typed: Typed, at: int = 1) -> Page:
    """What is not asked after what was picked on a page before is left out, unless something was written there."""
    pages = _pages(prompts)
    here = pages[at - 1]
    first = here[0].position if here else 0
    _, picked, _ = read_prompts(prompts, typed)
    shown = [
        prompt
        for prompt in here
        if prompt.if_prompt is None
        or prompt.if_prompt >= first
        or is_asked(prompt.if_prompt, prompt.if_picks, picked)
        or any(text.strip() for field in prompt.fields for text in typed.get(field, []))
    ]
    stands = {field for prompt in shown for field in prompt.fields}
    if at == len(pages):
        stands |= set(WITH_THE_LAST)
    fields = {field for prompt in prompts for field in prompt.fields} | set(WITH_THE_LAST)
    carried = [(name, text) for name in typed if name in fields - stands for text in typed[name] if text]
    return Page(at, len(pages), shown, carried)


def _turned(prompts: Sequence[Prompt], turn: Turn) -> Page:
    """The page after or before, passing over empty ones. Raises Faulty with what does not fit on this one."""
    if turn.do == "next":
        here = page_at(prompts, turn.typed, turn.at)
        reasons = [
            reason
            for reason in read_prompts(prompts, turn.typed)[2]
            if any(reason.field in (prompt.field, *prompt.fields) for prompt in here.prompts)
        ]
        if reasons:
            raise Faulty(reasons)
    step = 1 if turn.do == "next" else -1
    at = turn.at
    last = len(_pages(prompts))
    while 1 <= at + step <= last:
        at += step
        page = page_at(prompts, turn.typed, at)
        if page.prompts or page.is_last:
            return page
    return page_at(prompts, turn.typed, max(1, at))


def opened(prompts: Sequence[Prompt], turn: Turn, refusal: Refused | None) -> tuple[Page, Refused | None]:
    """The page to show after this turn, and what does not fit on it. refusal: why the whole form was not taken."""
    if refusal:
        return _page_of_fault(prompts, turn.typed, turn.at, refusal), refusal
    try:
        return _turned(prompts, turn), None
    except Faulty as faulty:
        return page_at(prompts, turn.typed, turn.at), faulty


def _page_of_fault(prompts: Sequence[Prompt], typed: Typed, at: int, refusal: Refused) -> Page:
    """Where the first fault is to be mended; the page that was sent when it is nowhere in particular."""
    fields = [reason.field for reason in refusal.reasons]
    for number, page in enumerate(_pages(prompts), start=1):
        if any(field in (prompt.field, *prompt.fields) for prompt in page for field in fields):
            return page_at(prompts, typed, number)
    return page_at(prompts, typed, len(_pages(prompts)) if set(fields) & set(WITH_THE_LAST) else at)


def _pages(prompts: Sequence[Prompt]) -> list[list[Prompt]]:
    pages: list[list[Prompt]] = [[]]
    for prompt in prompts:
        if prompt.new_page and pages[-1]:
            pages.append([])
        pages[-1].append(prompt)
    return pages
