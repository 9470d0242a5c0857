"""How much of the personal data in real-looking answers is found, and how much of what is found is personal.

shared.jsonl: what stands in the shared fans' and hostile answers, by their ids; ways.jsonl: ways of writing it, and
what only looks like it. A label is found when every one of its characters would be masked.
"""

import json
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from msgspec import Struct

from hearback.trust.personal_data import Span, personal_data

ANSWERS = ("data/fans/answers.jsonl", "corpora/hostile-answers.jsonl")


class Labelled(Struct, frozen=True):
    """spans: kind and exact words."""

    text: str
    spans: list[tuple[str, str]]


class Measured(Struct, frozen=True):
    """labels and found count labels; masks and right count what was masked. missed and wrong: the words of both."""

    labels: int
    found: int
    masks: int
    right: int
    missed: list[str]
    wrong: list[str]

    @property
    def recall(self) -> float:
        return self.found / max(self.labels, 1)

    @property
    def precision(self) -> float:
        return self.right / max(self.masks, 1)


def ways() -> list[Labelled]:
    return [Labelled(row["text"], [tuple(span) for span in row["spans"]]) for row in _rows("ways")]


def shared_answers(folder: Path) -> list[Labelled]:
    """folder: where the shared data lies. Texts that carry no label hold nothing personal."""
    spans = {row["id"]: [tuple(span) for span in row["spans"]] for row in _rows("shared")}
    return [
        Labelled(row["text"], spans.get(row["id"], []))
        for name in ANSWERS
        for row in map(json.loads, (folder / name).read_text("utf-8").splitlines())
    ]


def measure(texts: Iterable[Labelled]) -> Measured:
    sums, missed, wrong = Counter[str](), [], []
    for one in texts:
        masks, labels = personal_data(one.text), _places(one)
        covered = {at for span in masks for at in range(span.start, span.end)}
        labelled = {at for start, end in labels for at in range(start, end)}
        lost = [one.text[start:end] for start, end in labels if not covered.issuperset(range(start, end))]
        stray = [one.text[span.start : span.end] for span in masks if not _meets(span, labelled)]
        sums.update(labels=len(labels), masks=len(masks))
        missed += lost
        wrong += stray
    return Measured(
        sums["labels"], sums["labels"] - len(missed), sums["masks"], sums["masks"] - len(wrong), missed, wrong
    )


def print_personal_data(shared: Path) -> None:
    sets = [("ways of writing it", ways())]
    if shared.exists():
        sets.append(("shared answers, fans and hostile", shared_answers(shared)))
    else:
        print(f"skipped: the shared answers are not in {shared}")
    for name, texts in sets:
        found = measure(texts)
        print(
            f"personal data, {name}: {len(texts)} texts, {found.labels} places, "
            f"recall {found.recall:.3f} (reach ≥ 0.95), precision {found.precision:.3f}"
        )
        for words, what in ((found.missed, "missed"), (found.wrong, "masked for nothing")):
            if words:
                print(f"  {what}: {' | '.join(words)}")


def _places(one: Labelled) -> list[tuple[int, int]]:
    """In the order of the text; a word that stands twice is looked for after the first."""
    places, at = [], 0
    for _, words in one.spans:
        start = one.text.find(words, at)
        if start < 0:
            start = one.text.index(words)
        places.append((start, start + len(words)))
        at = start + len(words)
    return places


def _meets(span: Span, labelled: set[int]) -> bool:
    return any(at in labelled for at in range(span.start, span.end))


def _rows(name: str) -> list[dict[str, Any]]:
    text = (files(__name__) / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]
