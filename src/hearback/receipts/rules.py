"""What a fan may say back, and where an answer stands on its way. No database, no web."""

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from hearback.answering.rules import Filled, Part


class Verdict(StrEnum):
    YES = "yes"
    NOT_QUITE = "not_quite"
    NO = "no"


class Step(StrEnum):
    RECEIVED = "received"
    READ = "read"
    THEME = "theme"
    ACTION = "action"
    NOTE = "note"
    HEARBACK = "hearback"


def reached(*, read: bool, themes: int, actions: int, notes: int, said_back: int) -> list[Step]:
    """The steps that lie behind an answer, in the order of the way.

    A later step does not need every earlier one: a note may come without an action ("it stays").
    """
    done = {
        Step.RECEIVED: True,
        Step.READ: read,
        Step.THEME: themes > 0,
        Step.ACTION: actions > 0,
        Step.NOTE: notes > 0,
        Step.HEARBACK: notes > 0 and said_back == notes,
    }
    return [step for step, reached_it in done.items() if reached_it]


def current(behind: list[Step]) -> Step | None:
    """The first step that is still to come after the last one reached; None when the way is at its end."""
    steps = list(Step)
    last = max(steps.index(step) for step in behind)
    return steps[last + 1] if last + 1 < len(steps) else None


def picks(filled: Iterable[Filled]) -> set[tuple[UUID, tuple[int, ...], int | None]]:
    """What is counted of an answer: chosen options, numbers, and that something else was said; not in which words."""
    return {
        (one.prompt, one.chosen, one.number)
        for one in filled
        if one.chosen or one.number is not None or one.part is Part.OTHER
    }
