"""How often a theme's suggested terms say what the theme is about: against definitions that people wrote.

A theme counts when one of its terms shares a stem, or a part of a compound, with the name or definition of its true
label. Once for the true groups, which measures the naming alone, and once for groups found from nothing, each under
the label that most of it has.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
import numpy as np
from msgspec import Struct

from hearback.refusals import Stopped
from hearback.themes.embedding import embed
from hearback.themes.grouping import Grouping, group
from hearback.themes.keyterms import key_terms, key_terms_by_language, terms_for
from hearback.themes.wordforms import Vocabulary, named

REACH = 0.6
SETS = ("banking77a_en", "clinc75a_oos_en", "sib200_de_en_a", "xsid_de_en_a")
NO_LABEL = ("none", "oos")
READ_AS = {"de-AT": "de", "de-CH": "de", "mixed": ""}

Groups: TypeAlias = Sequence[tuple[str, Sequence["Point"]]]  # label and what is in the group


class Point(Struct, frozen=True):
    """language: „de“, „en“, another, or empty."""

    text: str
    theme: str
    language: str = ""


class Answer(Struct, frozen=True):
    company: str
    question: str
    lang: str
    excerpts: list[Point]


class Defined(Struct, frozen=True):
    definition: str
    de: str
    en: str

    @property
    def words(self) -> str:
        return f"{self.definition} {self.de} {self.en}"


class Labelled(Struct, frozen=True):
    text: str
    label: str
    lang: str


class Labels(Struct, frozen=True):
    """points: text and true label. meant: label → its name and definition. readers: in which languages it is.

    asked: the question.
    """

    name: str
    points: list[Point]
    meant: Mapping[str, str]
    readers: tuple[str, ...]
    asked: Sequence[str] = ()


class Named(Struct, frozen=True):
    """Shares of themes whose terms say what their label means: of the true groups, and of those found.

    readers: language → share of the true groups, with the terms that such a reader is shown.
    """

    name: str
    themes: int
    true: float
    found: float
    readers: dict[str, float]


def print_names(data: Path) -> None:
    """data: the folder with fans/ and the labelled sets."""
    results = [measured(labels) for labels in all_labels(data)]
    for one in results:
        print(
            f"{one.name:20s} {one.themes:3d} themes   true groups {one.true:.2f}   found {one.found:.2f}   "
            + "   ".join(f"{language} reader {share:.2f}" for language, share in one.readers.items()),
            flush=True,
        )
    for what, of in (("companies", results[: -len(SETS)]), ("sets", results[-len(SETS) :]), ("all", results)):
        true = float(np.mean([one.true for one in of]))
        verdict = "ok" if true >= REACH else "MISSED"
        found = float(np.mean([one.found for one in of]))
        print(f"mean of {what:12s} true groups {true:.2f} (reach ≥ {REACH:g} {verdict})   found {found:.2f}")


def measured(labels: Labels) -> Named:
    texts = [point.text for point in labels.points]
    grouping: Grouping[str] = group(embed(texts))
    true = [(label, [p for p in labels.points if p.theme == label]) for label in labels.meant]
    groups: dict[int, list[Point]] = defaultdict(list)
    for point, number in zip(labels.points, grouping.labels.tolist(), strict=True):
        if number >= 0:
            groups[number].append(point)
    most = [Counter(point.theme for point in of).most_common(1)[0][0] for of in groups.values()]
    found = [(label, of) for label, of in zip(most, groups.values(), strict=True) if label in labels.meant]
    return Named(
        labels.name,
        len(true),
        _share_that_says(labels, true, _terms(labels, true)),
        _share_that_says(labels, found, _terms(labels, found)),
        {one: _share_that_says(labels, true, _terms_for(one, labels, true)) for one in labels.readers},
    )


def all_labels(data: Path) -> Iterator[Labels]:
    if not (data / "fans").is_dir():
        raise Stopped(f"There are no labelled answers in {data}. Say where they are with --data.")
    yield from _companies(data / "fans")
    for name in SETS:
        yield _set(data / f"{name}.jsonl")


def _companies(folder: Path) -> Iterator[Labels]:
    themes = msgspec.json.decode((folder / "themes.json").read_bytes(), type=dict[str, dict[str, Defined]])
    lines = (folder / "answers.jsonl").read_bytes().splitlines()
    answers = [msgspec.json.decode(line, type=Answer) for line in lines if line.strip()]
    for company, defined in themes.items():
        mine = [answer for answer in answers if answer.company == company]
        yield Labels(
            company,
            [
                Point(point.text, point.theme, READ_AS.get(answer.lang, answer.lang))
                for answer in mine
                for point in answer.excerpts
                if point.theme not in NO_LABEL
            ],
            {label: one.words for label, one in defined.items() if label not in NO_LABEL},
            ("de", "en"),
            sorted({answer.question for answer in mine}),
        )


def _set(file: Path) -> Labels:
    """These sets have names and no definitions: „card_arrival“, „alarm/set_alarm“."""
    rows = [
        msgspec.json.decode(line, type=Labelled) for line in file.read_bytes().splitlines() if line.strip()
    ]
    points = [Point(row.text, row.label, row.lang) for row in rows if row.label not in NO_LABEL]
    labels = sorted({point.theme for point in points})
    meant = {label: label.replace("_", " ").replace("/", " ") for label in labels}
    return Labels(file.stem, points, meant, ("en",))


def _terms(labels: Labels, groups: Groups) -> list[list[str]]:
    return key_terms([[point.text for point in of] for _, of in groups], asked=labels.asked)


def _terms_for(reader: str, labels: Labels, groups: Groups) -> list[list[str]]:
    texts = [[point.text for point in of] for _, of in groups]
    languages = [[point.language for point in of] for _, of in groups]
    return [terms_for(reader, of) for of in key_terms_by_language(texts, languages, asked=labels.asked)]


def _share_that_says(labels: Labels, groups: Groups, terms: Sequence[Sequence[str]]) -> float:
    texts = [*(point.text for point in labels.points), *labels.meant.values()]
    vocabulary = Vocabulary([named(text) for text in texts])
    meant = {label: _parts(words, vocabulary) for label, words in labels.meant.items()}
    hits = [
        bool(_parts(". ".join(of), vocabulary) & meant[label])
        for (label, _), of in zip(groups, terms, strict=True)
    ]
    return sum(hits) / max(len(hits), 1)


def _parts(text: str, vocabulary: Vocabulary) -> set[str]:
    return {part for word in named(text) for part in (word.stem, *vocabulary.parts(word))}
