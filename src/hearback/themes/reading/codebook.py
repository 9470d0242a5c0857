"""The starter codebook: 233 generic themes of feedback, and what they teach about reading.

Every entry has a name, a definition and three examples in German and in English. They serve three times: to learn the
lens, to lend words and meaning to a company's own theme beside them, and to be suggested themselves. A company that
changes entries, adds or drops some reads by its own book, through the same lens.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec
import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from hearback.themes import starter

from .letters import Counts, pieces, spread
from .vectors import Lens, Vectors, joined, lens, unit

LANGUAGES = ("de", "en")
Embed = Callable[[Sequence[str]], Sequence[Vectors]]  # texts → one array a model, rows in order


class Entry(Struct, frozen=True):
    """A generic theme. weight: few say it, but it weighs (safety, access, discrimination, loss of data).

    What a company adds may speak one language only; then the texts of the other are empty.
    """

    slug: str
    de: str
    en: str
    definition_de: str
    definition_en: str
    examples_de: tuple[str, ...]
    examples_en: tuple[str, ...]
    sectors: tuple[str, ...] = ("all",)
    weight: bool = False

    def texts(self) -> Iterator[tuple[str, str]]:
        """(kind, text); texts of one kind and language have a mean of their own."""
        for language in LANGUAGES:
            if name := getattr(self, language):
                yield f"name.{language}", name
            if definition := getattr(self, f"definition_{language}"):
                yield f"definition.{language}", definition
            for example in getattr(self, f"examples_{language}"):
                yield f"example.{language}", example

    def spoken(self, reader: str) -> str:
        """The language in which it has a name: the reader's, or else the other."""
        return reader if getattr(self, reader, "") else next(one for one in LANGUAGES if getattr(self, one))

    def names(self) -> dict[str, list[str]]:
        """Language → its name there, as the terms of a theme are kept."""
        return {one: [getattr(self, one)] for one in LANGUAGES if getattr(self, one)}

    def name(self, reader: str) -> str:
        return str(getattr(self, self.spoken(reader)))

    def definition(self, reader: str) -> str:
        return str(getattr(self, f"definition_{self.spoken(reader)}"))


class Book(Struct, frozen=True):
    """A codebook as it is read, for one choice of models.

    centres: kind of text → its mean, in the joined space before the turn. vectors: (entries, d) unit.
    counted: (entries, BUCKETS) pieces. standing, texts: rarity of pieces over all single texts.
    """

    entries: tuple[Entry, ...]
    lens: Lens
    centres: dict[str, Vectors]
    vectors: Vectors
    counted: csr_matrix
    standing: Counts
    texts: int

    @property
    def models(self) -> int:
        return len(self.lens.scales)

    @property
    def weighty(self) -> NDArray[np.bool_]:
        return np.array([entry.weight for entry in self.entries])


def starter_entries() -> tuple[Entry, ...]:
    lines = resources.files(starter).joinpath("codebook.jsonl").read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=Entry) for line in lines if line.strip())


@cache
def starter_by_slug() -> Mapping[str, Entry]:
    return {entry.slug: entry for entry in starter_entries()}


def open_book(entries: Sequence[Entry], embed: Embed) -> Book:
    """Read a codebook: about ten texts an entry are embedded, so keep the result (3 s for the starter with USE)."""
    numbers, kinds, texts = _listed(entries)
    readings = embed(texts)
    seen = lens(readings, kinds, numbers)
    points = joined(readings, seen.scales)
    centres = {kind: np.asarray(points[[k == kind for k in kinds]].mean(0)) for kind in dict.fromkeys(kinds)}
    counted = pieces(texts)
    return Book(
        entries=tuple(entries),
        lens=seen,
        centres=centres,
        vectors=_middles(_turned(points, kinds, centres, seen), numbers, kinds) * seen.length,
        counted=_together(counted, numbers, len(entries)),
        standing=spread(counted),
        texts=len(texts),
    )


def revised(book: Book, entries: Sequence[Entry], embed: Embed) -> Book:
    """The book with these entries instead, at least one. Only those that it does not have yet are embedded.

    The lens, the means and the rarity of pieces stay those of the book, so that nothing is learnt anew.
    """
    rows, new = rows_in(book.entries, entries)
    numbers, kinds, texts = _listed(new)
    vectors, counted = book.vectors, book.counted
    if new:
        points = joined(embed(texts), book.lens.scales)
        read = _middles(_turned(points, kinds, book.centres, book.lens), numbers, kinds) * book.lens.length
        vectors = np.vstack([vectors, read])
        counted = vstack([counted, _together(pieces(texts), numbers, len(new))]).tocsr()
    return structs.replace(book, entries=tuple(entries), vectors=vectors[rows], counted=counted[rows])


def rows_in(old: Sequence[Entry], entries: Sequence[Entry]) -> tuple[list[int], list[Entry]]:
    """The row of every entry among the old ones, and after them those that are new, which are given as well."""
    row = {entry: number for number, entry in enumerate(old)}
    new = list(dict.fromkeys(entry for entry in entries if entry not in row))
    row |= {entry: len(old) + number for number, entry in enumerate(new)}
    return [row[entry] for entry in entries], new


def theme_vectors(
    book: Book, names: Sequence[str], definitions: Sequence[str], languages: Sequence[str], embed: Embed
) -> Vectors:
    """Points (t, d) of themes by name and definition; an empty definition leaves the name alone."""
    points = joined(embed([*names, *definitions]), book.lens.scales)
    found = []
    for row, (definition, language) in enumerate(zip(definitions, languages, strict=True)):
        spoken = language if language in LANGUAGES else LANGUAGES[0]
        parts = [points[row] - book.centres[f"name.{spoken}"]]
        if definition.strip():
            parts.append(points[len(names) + row] - book.centres[f"definition.{spoken}"])
        found.append(unit(np.stack(parts) @ book.lens.turn).sum(0))
    return (
        unit(np.stack(found)) * book.lens.length if found else np.zeros((0, len(book.lens.turn)), np.float32)
    )


def example_means(book: Book) -> dict[str, Vectors]:
    """Language → the mean of feedback in it: what a handful of answers is centred by."""
    return {language: book.centres[f"example.{language}"] for language in LANGUAGES}


def _listed(entries: Sequence[Entry]) -> tuple[NDArray[np.intp], list[str], list[str]]:
    """Every text of the entries: the number of its entry, its kind, and the text itself."""
    listed = [(number, kind, text) for number, entry in enumerate(entries) for kind, text in entry.texts()]
    return (
        np.array([number for number, _, _ in listed], np.intp),
        [kind for _, kind, _ in listed],
        [text for _, _, text in listed],
    )


def _turned(points: Vectors, kinds: Sequence[str], centres: Mapping[str, Vectors], through: Lens) -> Vectors:
    return unit(unit(points - np.stack([centres[kind] for kind in kinds])) @ through.turn)


def _middles(points: Vectors, numbers: NDArray[np.intp], kinds: Sequence[str]) -> Vectors:
    """Of length 1: what an entry says (name, definition) and how people say it (examples), in equal parts."""
    spoken = np.array([kind.startswith("example") for kind in kinds])
    halves = []
    for part in (spoken, ~spoken):
        sums = np.zeros((int(numbers.max()) + 1, points.shape[1]), np.float32)
        np.add.at(sums, numbers[part], points[part])
        halves.append(unit(sums))
    return unit(halves[0] + halves[1])


def _together(counted: csr_matrix, numbers: NDArray[np.intp], entries: int) -> csr_matrix:
    which = csr_matrix(
        (np.ones(len(numbers), np.float32), (numbers, np.arange(len(numbers)))), shape=(entries, len(numbers))
    )
    return (which @ counted).tocsr()
