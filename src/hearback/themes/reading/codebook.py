"""The starter codebook: 233 generic themes of feedback, and what they teach about reading.

Every entry has a name, a definition and three examples in German and in English. They serve three times: to learn the
lens, to lend words and meaning to a company's own theme beside them, and to be suggested themselves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hearback.themes import starter

from .letters import Counts, pieces, spread
from .vectors import Lens, Vectors, joined, lens, unit

LANGUAGES = ("de", "en")
Embed = Callable[[Sequence[str]], Sequence[Vectors]]  # texts → one array a model, rows in order


class Entry(Struct, frozen=True):
    """A generic theme. weight: few say it, but it weighs (safety, access, discrimination, loss of data)."""

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
            yield f"name.{language}", getattr(self, language)
            yield f"definition.{language}", getattr(self, f"definition_{language}")
            for example in getattr(self, f"examples_{language}"):
                yield f"example.{language}", example


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
    listed = [(number, kind, text) for number, entry in enumerate(entries) for kind, text in entry.texts()]
    numbers = np.array([number for number, _, _ in listed], np.intp)
    kinds = [kind for _, kind, _ in listed]
    texts = [text for _, _, text in listed]
    readings = embed(texts)
    seen = lens(readings, kinds, numbers)
    points = joined(readings, seen.scales)
    centres = {kind: np.asarray(points[[k == kind for k in kinds]].mean(0)) for kind in dict.fromkeys(kinds)}
    turned = unit(unit(points - np.stack([centres[kind] for kind in kinds])) @ seen.turn)
    counted = pieces(texts)
    return Book(
        entries=tuple(entries),
        lens=seen,
        centres=centres,
        vectors=_middles(turned, numbers, kinds),
        counted=_together(counted, numbers, len(entries)),
        standing=spread(counted),
        texts=len(texts),
    )


def theme_vectors(
    book: Book, names: Sequence[str], definitions: Sequence[str], languages: Sequence[str], embed: Embed
) -> Vectors:
    """Unit vectors (t, d) of themes by name and definition; an empty definition leaves the name alone."""
    points = joined(embed([*names, *definitions]), book.lens.scales)
    found = []
    for row, (definition, language) in enumerate(zip(definitions, languages, strict=True)):
        spoken = language if language in LANGUAGES else LANGUAGES[0]
        parts = [points[row] - book.centres[f"name.{spoken}"]]
        if definition.strip():
            parts.append(points[len(names) + row] - book.centres[f"definition.{spoken}"])
        found.append(unit(np.stack(parts) @ book.lens.turn).sum(0))
    return unit(np.stack(found)) if found else np.zeros((0, len(book.lens.turn)), np.float32)


def example_means(book: Book) -> dict[str, Vectors]:
    """Language → the mean of feedback in it: what a handful of answers is centred by."""
    return {language: book.centres[f"example.{language}"] for language in LANGUAGES}


def _middles(points: Vectors, numbers: NDArray[np.intp], kinds: Sequence[str]) -> Vectors:
    """What an entry says (name, definition) and how people say it (examples), in equal parts."""
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
