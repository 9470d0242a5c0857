"""`hearback bench close`: how well "others said that, too" meets what a fan said, for each border of nearness.

The labelled answers of three companies: three quarters stand in their themes, some placed by people, and the last
quarter comes in as new answers do. A fan is shown up to three themes; here all themes may be shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.bench.naming import NO_LABEL, READ_AS, Defined
from hearback.refusals import Stopped
from hearback.themes.codebooks import starter_codebook
from hearback.themes.embedding import embed
from hearback.themes.planning import CLOSE, close_to, reading
from hearback.themes.queries.others import MOST
from hearback.themes.queries.sorting import Known, Loose, Tie

BORDERS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
TAUGHT = 5  # excerpts of each theme that a person placed


class _Point(Struct, frozen=True):
    text: str
    theme: str


class _Answer(Struct, frozen=True):
    company: str
    lang: str
    excerpts: list[_Point]


class Shown(Struct, frozen=True):
    """What one fan was about, and what they may be shown, the nearest first: theme and nearness."""

    about: frozenset[str]
    close: list[tuple[str, float]]

    def at(self, border: float) -> list[str]:
        return [theme for theme, nearness in self.close if nearness >= border][:MOST]


class Row(Struct, frozen=True):
    """Shares. met: of the fans with a theme, who see it; right: of what is shown; lost: of all fans, who see only
    themes that are not theirs."""

    border: float
    met: float
    right: float
    lost: float


def print_closeness(data: Path) -> None:
    """data: the folder with fans/."""
    shown = [one for company in _companies(data / "fans") for one in _shown(*company)]
    print(
        f"{len(shown)} new answers; border: of fans with a theme, who see it; shown rightly; only wrong ones"
    )
    for row in rows(shown):
        chosen = "  ← ours" if row.border == CLOSE else ""
        print(
            f"{row.border:.2f}   met {row.met:.3f}   right {row.right:.3f}   only wrong {row.lost:.3f}{chosen}"
        )


def rows(shown: Sequence[Shown], borders: Sequence[float] = BORDERS) -> list[Row]:
    found = []
    for border in borders:
        seen = [(one.about, one.at(border)) for one in shown]
        offers = [theme in about for about, themes in seen for theme in themes]
        met = [bool(about.intersection(themes)) for about, themes in seen if about]
        lost = [bool(themes) and about.isdisjoint(themes) for about, themes in seen]
        found.append(Row(border, _share(met), _share(offers), _share(lost)))
    return found


def _share(of: Sequence[bool]) -> float:
    return sum(of) / max(len(of), 1)


def _companies(folder: Path) -> Iterator[tuple[dict[str, Defined], list[_Answer]]]:
    if not folder.is_dir():
        raise Stopped(f"There are no labelled answers in {folder}. Say where they are with --data.")
    themes = msgspec.json.decode((folder / "themes.json").read_bytes(), type=dict[str, dict[str, Defined]])
    lines = (folder / "answers.jsonl").read_bytes().splitlines()
    answers = [msgspec.json.decode(line, type=_Answer) for line in lines if line.strip()]
    for company, defined in themes.items():
        yield defined, [answer for answer in answers if answer.company == company]


def _shown(defined: dict[str, Defined], answers: Sequence[_Answer]) -> Iterator[Shown]:
    """Each answer of the last quarter, beside those that stood there before."""
    labels = [label for label in defined if label not in NO_LABEL]
    ids = {label: UUID(int=at + 1) for at, label in enumerate(labels)}
    ties = [
        Tie(ids[label], True, defined[label].de, defined[label].definition, [], "", True) for label in labels
    ]
    points = [(nth, point) for nth, answer in enumerate(answers) for point in answer.excerpts]
    vectors = embed([point.text for _, point in points]).astype("<f4")
    taught: dict[str, int] = defaultdict(int)
    known, new = [], list[tuple[int, Loose]]()
    for at, (nth, point) in enumerate(points):
        language = READ_AS.get(answers[nth].lang, answers[nth].lang)
        id_, vector, theme = UUID(int=at + 1), bytes(vectors[at].tobytes()), ids.get(point.theme)
        if nth >= len(answers) * 3 // 4:
            new.append((nth, Loose(id_, point.text, language, vector)))
            continue
        taught[point.theme] += 1
        by_person = theme is not None and taught[point.theme] <= TAUGHT
        known.append(
            Known(id_, UUID(int=nth + 1), point.text, language, vector, theme, theme, by_person, by_person)
        )
    read = reading(starter_codebook(False), known, ties)
    called = {theme: label for label, theme in ids.items()}
    answer_of = {loose.id: nth for nth, loose in new}
    nearest: dict[int, dict[str, float]] = {nth: {} for nth, _ in new}
    for place in close_to(read, [loose for _, loose in new], border=min(BORDERS)):
        of, label = nearest[answer_of[place.excerpt]], called[place.theme]
        of[label] = max(of.get(label, 0.0), place.confidence)
    for nth, of in nearest.items():
        about = frozenset(point.theme for point in answers[nth].excerpts) - set(NO_LABEL)
        yield Shown(about, sorted(of.items(), key=lambda one: (-one[1], one[0])))
