"""What of a person's words is shown: personal data stands masked until somebody opens that one answer, and bars say
why they are there.

Worked out whenever a page is made and kept nowhere, so better finding covers what was said long ago.
"""

from collections.abc import Callable
from functools import lru_cache

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from msgspec import Struct

from hearback.trust import covering
from hearback.trust.personal_data import Kind, personal_data
from hearback.words.speaking import Words

BARS = covering.BAR * 3  # as long for all: how long a name or a number is says something too
Parts = list[tuple[str, Kind | None]]


class Extract(Struct, frozen=True):
    """A part of a text, masked as it is in the whole: what tells a number or a name may stand outside the part."""

    parts: Parts


def extract(text: str, start: int, end: int) -> Extract:
    """start, end: characters of the text, end exclusive."""
    found, at = Parts(), 0
    for part, kind in _parts(text):
        inside = part[max(start - at, 0) : max(end - at, 0)]
        if inside:
            found.append((inside, kind))
        at += len(part)
    return Extract(found)


@pass_context
def masked(context: Context, text: str | Extract) -> Markup:
    """For what is shown: each mask stands out quietly. Goes before `lines`, which leaves it as it is."""
    words: Words = context["words"]
    chip = Markup('<span class="masked">[{}]</span>')
    return Markup("").join(
        with_bars(context, part) if kind is None else chip.format(words.say(f"personal.{kind}"))
        for part, kind in _shown(text)
    )


@pass_context
def with_bars(context: Context, text: str) -> Markup:
    """For what is shown: each bar with why it is there, and nothing else masked."""
    words: Words = context["words"]
    bar = Markup('<span class="masked">{} [{}]</span>')
    return Markup("").join(
        escape(part) if heard is None else bar.format(BARS, words.say(f"covered.{heard}"))
        for part, heard in covering.parts(text)
    )


@pass_context
def with_bars_text(context: Context, text: str) -> str:
    """For files and the names of buttons, where only letters can stand."""
    words: Words = context["words"]
    return "".join(
        part if heard is None else f"{BARS} [{words.say(f'covered.{heard}')}]"
        for part, heard in covering.parts(text)
    )


@pass_context
def masked_text(context: Context, text: str | Extract) -> str:
    """For names of buttons and the like, where only letters can stand."""
    words: Words = context["words"]
    return "".join(
        with_bars_text(context, part) if kind is None else f"[{words.say(f'personal.{kind}')}]"
        for part, kind in _shown(text)
    )


def without_personal_data(text: str) -> str:
    """For machines that look for telling words: no name may become one."""
    return "".join(part if kind is None else " " for part, kind in _parts(text))


def holds_personal_data(text: str) -> bool:
    return bool(personal_data(text))


def forget_parts() -> None:
    """What was shown last is remembered by its words."""
    _parts.cache_clear()


def _shown(text: str | Extract) -> Parts:
    return text.parts if isinstance(text, Extract) else _parts(text)


# A page shows a quote and says it again in the names of its buttons; longer than that it is not kept.
@lru_cache(maxsize=2)
def _parts(text: str) -> Parts:
    parts, at = Parts(), 0
    for span in personal_data(text):
        parts += [(text[at : span.start], None), (text[span.start : span.end], span.kind)]
        at = span.end
    return [*parts, (text[at:], None)]


FILTERS: dict[str, Callable[..., str]] = {
    "masked": masked,
    "masked_text": masked_text,
    "with_bars": with_bars,
    "with_bars_text": with_bars_text,
}
