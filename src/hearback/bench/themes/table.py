"""`hearback bench themes`: how good themes are, what is to be reached, and what BERTopic's core reaches on the same.

Every row is printed as soon as it is known. A figure that is missed is printed as such and is no error. Nothing here
is random: the same texts give the same figures, and CPU seconds alone differ between machines.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from threadpoolctl import threadpool_limits

from hearback.bench.naming import REACH as NAMES_REACH
from hearback.bench.naming import SETS, all_labels, measured
from hearback.bench.themes.anchor import Anchor
from hearback.bench.themes.at_desk import effort_at_desk, read_entries
from hearback.bench.themes.companies import labelled, right
from hearback.bench.themes.nothing import Answer, Found, by_anchor, by_us, found, read_companies
from hearback.bench.themes.sets import Scores, TextSet, anchored, ours, read_sets
from hearback.bench.themes.speed import (
    Vectors,
    anchor_cost,
    answer_cost,
    discovery_cost,
    grouping_cost,
    made,
)
from hearback.bench.themes.team import effort
from hearback.refusals import Stopped
from hearback.themes.planning import as_read, open_codebook
from hearback.themes.reading.codebook import Book, starter_entries
from hearback.themes.second_reading import reads_twice, why_not
from hearback.themes.tongues import languages_of

MANY, MOST = 10_000, 100_000  # vectors
PAIRS = {"sib": 0.85, "xsid": 0.85}  # reach by the beginning of a set's name
SMALL = {"banking": 0.92, "clinc": 0.97}
NOT_MEASURED = "–"


class Row(Struct, frozen=True):
    """One line of the table. reach: such as „≥ 0.66“; empty where a figure is only printed."""

    measure: str
    ours: str
    reach: str = ""
    reached: bool | None = None
    anchor: str = NOT_MEASURED

    def __str__(self) -> str:
        verdict = "" if self.reached is None else "ok" if self.reached else "MISSED"
        return f"{self.measure:66s} {self.ours:>9s}  {self.reach:8s} {verdict:7s} {self.anchor:>9s}".rstrip()


Shown = Callable[[float], str]


def bench_themes(data: Path, *, many: int = MANY, most: int = MOST, fast: bool = False) -> None:
    """data: the folder with fans/ and labelled sets. many, most: vectors to group. fast: the first model alone."""
    with threadpool_limits(1, "blas"):
        for line in _lines(data, many, most, twice=reads_twice() and not fast):
            print(line, flush=True)


def _lines(data: Path, many: int, most: int, *, twice: bool) -> Iterator[Row | str]:
    try:
        anchor: Anchor | None = Anchor()
    except Stopped as missing:
        anchor = None
        yield str(missing)
    book = open_codebook(starter_entries(), twice=twice).book
    how = "by both models; --fast: by the first alone" if twice else "by the first model alone"
    yield f"Answers are read {how}{f' ({why_not()})' if why_not() else ''}."
    yield f"{'measure':66s} {'ours':>9s}  {'reach':8s} {'':7s} {'BERTopic':>9s}"
    if (data / "fans" / "answers.jsonl").exists():
        yield from _companies(data / "fans", book, anchor)
    else:
        yield f"There are no answers of companies in {data / 'fans'}, so what reads them is not measured (--data)."
    sets = read_sets(data) if data.is_dir() else []
    if sets:
        yield from _sets(sets, anchor, fast=not twice)
    else:
        yield f"There are no labelled texts in {data}, so speed is measured on made vectors (--data)."
    pool = np.vstack([one.vectors for one in sets]) if sets else made(many)
    first = open_codebook(starter_entries()).book  # what has just come in is placed by the first model
    yield from _speed(first, sets, pool, anchor, many, most)
    if all((data / f"{name}.jsonl").exists() for name in SETS) and (data / "fans").is_dir():
        yield from _names(data)


def least(
    measure: str, value: float, reach: float, anchor: float | None, shown: Shown = "{:.3f}".format
) -> Row:
    """To be reached from below; value and anchor are judged as they are, not as they are shown."""
    return Row(measure, shown(value), f"≥ {reach:g}", value >= reach, _shown(anchor, shown))


def most_of(
    measure: str, value: float, reach: float, anchor: float | None, shown: Shown = "{:.3f}".format
) -> Row:
    return Row(measure, shown(value), f"≤ {reach:g}", value <= reach, _shown(anchor, shown))


def told(measure: str, value: float, anchor: float | None, shown: Shown = "{:.3f}".format) -> Row:
    return Row(measure, shown(value), anchor=_shown(anchor, shown))


def _shown(value: float | None, shown: Shown) -> str:
    return NOT_MEASURED if value is None else shown(value)


# -- answers of companies -----------------------------------------------------------------------
def _companies(folder: Path, book: Book, anchor: Anchor | None) -> Iterator[Row]:
    companies = labelled(folder, book, as_read(book), lambda text: languages_of(text, [text])[0])
    needed = [effort(book, one.pool, one.themes, one.truth) for one in companies]
    once = float(np.mean([one.per_hundred for one in needed]))
    twice = float(np.mean([100 * (one.acts + one.naming) / one.points for one in needed]))
    acts = "acts per 100 points until 90 % stand right, name + definition "
    yield most_of(f"{acts}one act", once, 30, None, "{:.1f}".format)
    yield most_of(f"{acts}two", twice, 30, None, "{:.1f}".format)
    rights = [right(book, one) for one in companies]
    yield least("right by name and definition, no further act", _mean([r.right for r in rights]), 0.66, None)
    yield told("  confidence off by (expected calibration error)", _mean([r.off for r in rights]), None)
    answers = read_companies(folder)
    by_ours = {name: found(of, by_us(fast=book.models == 1)) for name, of in answers.items()}
    by_theirs = {name: found(of, by_anchor(anchor)) for name, of in answers.items()} if anchor else None
    yield _of_companies("from nothing, mean AMI", 0.4, by_ours, by_theirs, lambda one: one.agreement)
    for name, one in by_ours.items():
        yield told(f"  {name}", one.agreement, by_theirs[name].agreement if by_theirs else None)
    yield _of_companies("weighty points seen, from nothing", 0.6, by_ours, by_theirs, lambda one: one.seen)
    yield from _at_desk(folder, answers, twice=book.models == 2)


def _at_desk(folder: Path, answers: dict[str, list[Answer]], *, twice: bool) -> Iterator[Row]:
    entries = read_entries(folder)
    needed = {name: effort_at_desk(of, entries[name], twice=twice) for name, of in answers.items()}
    mean = _mean([one.per_hundred for one in needed.values()])
    measure = "the same acts by the desk's commands, from suggestions"
    yield most_of(measure, mean, 30, None, "{:.1f}".format)
    for name, one in needed.items():
        yield told(f"  {name}, {one.naming} acts to name all", one.per_hundred, None, "{:.1f}".format)


def _of_companies(
    measure: str,
    reach: float,
    by_ours: dict[str, Found],
    by_theirs: dict[str, Found] | None,
    figure: Callable[[Found], float],
) -> Row:
    theirs = _mean([figure(one) for one in by_theirs.values()]) if by_theirs else None
    return least(measure, _mean([figure(one) for one in by_ours.values()]), reach, theirs)


# -- labelled sets -------------------------------------------------------------------------------
class Both(Struct, frozen=True):
    name: str
    ours: Scores
    theirs: Scores | None

    def theirs_of(self, figure: Callable[[Scores], float | None]) -> float | None:
        return figure(self.theirs) if self.theirs else None


def _sets(sets: Sequence[TextSet], anchor: Anchor | None, *, fast: bool) -> Iterator[Row]:
    both = [Both(one.name, ours(one, fast=fast), anchored(one, anchor) if anchor else None) for one in sets]
    theirs = [one.theirs.agreement for one in both if one.theirs]
    agreement = _mean([one.ours.agreement for one in both])
    yield least("labelled sets, mean AMI", agreement, 0.7, _mean(theirs) if theirs else None)
    for one in both:
        yield told(f"  {one.name}", one.ours.agreement, one.theirs_of(lambda of: of.agreement))
    for one in both:
        yield from _of_pairs(one)
    for one in both:
        yield from _out_of_scope(one)
    for one in both:
        reach = _reach(SMALL, one.name)
        if reach and one.ours.leaves is not None:
            measure = f"small labels visible at the second level, {one.name}"
            yield least(measure, one.ours.leaves, reach, one.theirs_of(lambda of: of.leaves), "{:.2f}".format)
    for one in both:
        if one.ours.joined is not None:
            measure = f"joining minus re-clustering, AMI, {one.name}"
            yield least(
                measure, one.ours.joined, -0.03, one.theirs_of(lambda of: of.joined), "{:+.3f}".format
            )


def _of_pairs(one: Both) -> Iterator[Row]:
    if one.ours.together is None or one.ours.language is None:
        return
    pairs, language = one.theirs_of(lambda of: of.together), one.theirs_of(lambda of: of.language)
    reach = _reach(PAIRS, one.name) or 0.85
    yield least(f"translation pairs in one theme, {one.name}", one.ours.together, reach, pairs)
    yield most_of(f"theme against language, AMI, {one.name}", one.ours.language, 0.03, language)


def _out_of_scope(one: Both) -> Iterator[Row]:
    if one.ours.auroc is None or one.ours.lost is None:
        return
    yield least(f"out of scope, AUROC, {one.name}", one.ours.auroc, 0.95, one.theirs_of(lambda of: of.auroc))
    yield most_of(f"in scope and lost, {one.name}", one.ours.lost, 0.05, one.theirs_of(lambda of: of.lost))


def _reach(reaches: dict[str, float], name: str) -> float | None:
    return next((reach for start, reach in reaches.items() if name.startswith(start)), None)


# -- speed ---------------------------------------------------------------------------------------
def _speed(
    book: Book, sets: Sequence[TextSet], pool: Vectors, anchor: Anchor | None, many: int, most: int
) -> Iterator[Row]:
    grouping_cost(pool, min(many, 1000))  # what is loaded at the first call is not counted
    cost = grouping_cost(pool, many)
    theirs = anchor_cost(pool, many, anchor).seconds if anchor else None
    yield most_of(f"CPU for {many} vectors, finding groups only, s", cost.seconds, 2, theirs, "{:.2f}".format)
    if theirs is not None:
        yield least(
            "  so many times less than BERTopic's core", theirs / cost.seconds, 30, 1, "{:.1f}".format
        )
    larger = grouping_cost(pool, most)
    tenfold = (larger.seconds / cost.seconds) ** (1 / np.log10(most / many))
    yield most_of(f"CPU grows per tenfold, {many} to {most} vectors", tenfold, 12, None, "{:.1f}".format)
    yield told(f"  {most} vectors, s", larger.seconds, None, "{:.1f}".format)
    yield told("  peak memory until here, MB", larger.peak_mb, None, "{:.0f}".format)
    texts = [text for one in sets for text in one.texts]
    texts = texts or [text for entry in book.entries for kind, text in entry.texts() if "example" in kind]
    ours = discovery_cost(book, texts, pool, many)
    yield most_of(
        f"CPU for {many} excerpts, themes found by codebook, s", ours.seconds, 2, theirs, "{:.2f}".format
    )
    one = answer_cost(book, texts, pool, many)
    yield most_of(f"one answer, embedded and placed among {many}, ms", one, 10, None, "{:.1f}".format)


# -- names ---------------------------------------------------------------------------------------
def _names(data: Path) -> Iterator[Row]:
    results = [measured(labels) for labels in all_labels(data)]
    for what, of in (("companies", results[: -len(SETS)]), ("sets", results[-len(SETS) :])):
        yield least(f"names say what a theme is, {what}", _mean([one.true for one in of]), NAMES_REACH, None)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))
