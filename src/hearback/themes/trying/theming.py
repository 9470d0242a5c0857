"""Which theme each excerpt of a file has: found from nothing, or placed by a codebook."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from hearback.themes.codebooks import starter_codebook
from hearback.themes.embedding import embed
from hearback.themes.grouping import Grouping, group
from hearback.themes.keyterms import LONGEST_REMARK, key_terms
from hearback.themes.planning import Codebook, as_read
from hearback.themes.quotes import telling
from hearback.themes.reading.codebook import Book, example_means
from hearback.themes.reading.discovery import discover, entry_scores
from hearback.themes.reading.placing import place, read_themes
from hearback.themes.reading.pool import Pool, open_pool
from hearback.themes.reading.rivals import beside, rivals, without_rivals
from hearback.themes.reading.vectors import centre, joined, means
from hearback.themes.second_reading import read_again, reads_twice
from hearback.themes.splitting import Span, split
from hearback.themes.tongues import languages_of
from hearback.themes.trying.rows import Given, Row

UNSORTED = -1
FEWEST = 3  # rows that say the very same: then it is a theme, whatever lies near it
NUMBER = re.compile(r"\d+")
QUOTES = 3
WORTH_TELLING = 200
TWICE_UP_TO = 3000  # distinct excerpts; the second model takes a minute or two for so many
# Mean best score of the codebook's entries from which it speaks of such texts. Measured: feedback .77 to 1.03, requests
# to a bank or an assistant and encyclopedias .60 to .80; there the vectors alone group better (mean AMI .69 and .64).
SPEAKS_FROM = 0.9

Vectors = NDArray[np.float32]
Labels = NDArray[np.intp]
Wait = Callable[[int], None]


class Excerpt(Struct, frozen=True):
    """row: which answer it stands in. text: what is read of it, as long as the answer's own words. language: de, en…"""

    row: int
    span: Span
    text: str
    language: str


class Theme(Struct, frozen=True):
    """key: what OUT calls it, a number or the codebook's own. name: empty where only terms are known.

    quotes: text and how many excerpts say just that.
    """

    key: int | str
    name: str
    terms: list[str]
    excerpts: int
    quotes: list[tuple[str, int]]


class Themed(Struct, frozen=True):
    """themes: largest first. of: one an excerpt, the number of its theme in themes, -1 for unsorted.

    too_many: so many that the first model read them alone.
    """

    excerpts: list[Excerpt]
    of: list[int]
    themes: list[Theme]
    too_many: bool = False


class Voices(Struct, frozen=True):
    """Wordings that differ in numbers alone are one voice in reading, however often they were sent.

    texts, languages: one a wording. number: excerpt → its text. answers: text → the first row that says it.
    """

    texts: list[str]
    languages: list[str]
    number: NDArray[np.intp]
    answers: list[int]


def excerpts_of(rows: Sequence[Row], *, whole: bool) -> list[Excerpt]:
    """whole: each answer is one excerpt, the empty one too."""
    read: dict[str, list[tuple[Span, str, str]]] = {}  # copies are read once
    found = []
    for number, row in enumerate(rows):
        if row.text not in read:
            read[row.text] = _read(row.text, whole)
        found += [Excerpt(number, *one) for one in read[row.text]]
    return found


def _read(answer: str, whole: bool) -> list[tuple[Span, str, str]]:
    # A zero byte is no letter, but it breaks words; a space in its place keeps every position.
    readable = answer.replace("\0", " ")
    spans = [Span(0, len(answer))] if whole else split(readable)
    texts = [readable[span.start : span.end] for span in spans]
    return list(zip(spans, texts, languages_of(readable, texts), strict=True))


def theme(
    excerpts: Sequence[Excerpt],
    codebook: Sequence[Given] | None = None,
    *,
    whole: bool = False,
    reader: str = "de",
    fast: bool = False,
    wait: Wait = lambda _: None,
) -> Themed:
    """codebook: place by these themes alone; None: find themes. whole: each excerpt is an answer.

    reader: language of the names, where they are ours. fast: by the first model alone, where there are two.
    wait: told of how many texts the second model reads, where that takes more than some seconds.
    """
    if not excerpts:
        return Themed([], [], [])
    voices = _voices(excerpts)
    slow = reads_twice() and not fast
    too_many = slow and len(voices.texts) > TWICE_UP_TO
    twice = slow and not too_many
    if twice and len(voices.texts) >= WORTH_TELLING:
        wait(len(voices.texts))
    vectors = embed(voices.texts)
    if codebook is None:
        labels, names = _found(voices, vectors, reader, whole, twice)
        keys: list[int | str] = list(range(int(labels.max(initial=UNSORTED)) + 1))
    else:
        labels = _placed(starter_codebook(twice), voices, vectors, codebook)
        keys, names = [given.key for given in codebook], {n: given.name for n, given in enumerate(codebook)}
    labels = np.where([bool(text.strip()) for text in voices.texts], labels, UNSORTED)
    told = _told(list(excerpts), voices, vectors, labels, keys, names)
    return structs.replace(told, too_many=too_many)


def _voices(excerpts: Sequence[Excerpt]) -> Voices:
    first: dict[str, int] = {}
    number = np.array([first.setdefault(_wording(one.text), len(first)) for one in excerpts], np.intp)
    of_voice = dict(zip(reversed(number.tolist()), reversed(excerpts), strict=True))
    voices = [of_voice[voice] for voice in range(len(first))]
    languages, rows = [one.language for one in voices], [one.row for one in voices]
    return Voices([one.text for one in voices], languages, number, rows)


def _wording(text: str) -> str:
    """A long line with another number is a copy; short ones („nach 10 Minuten“) people write themselves.

    Copies with other words stay apart here: with those as one voice, as the desk counts them, labelled texts are
    grouped worse (mean AMI from nothing .367 instead of .382, of xsid .764 instead of .805).
    """
    return NUMBER.sub("0", text) if len(text) > LONGEST_REMARK else text


def _found(
    voices: Voices, vectors: Vectors, reader: str, whole: bool, twice: bool
) -> tuple[Labels, dict[int, str]]:
    """Groups and the names of those that a generic theme names.

    Where every answer is one excerpt, no answer links its excerpts, and the texts need not be feedback: what the
    codebook does not speak of is grouped by vectors alone.
    """
    if whole and not _speaks_of(starter_codebook(False).book, voices, vectors):
        points = _side_by_side(voices, vectors) if twice else vectors
        grouping: Grouping[str] = group(points, languages=voices.languages)
        return _with_repeats(grouping.labels.astype(np.intp), voices), {}
    book = starter_codebook(twice).book
    found = discover(book, _pool(book, voices.texts, vectors, voices.languages), voices.answers)
    entries = {number: book.entries[entry] for number, entry in found.entries.items()}
    labels = _with_repeats(found.labels.astype(np.intp), voices)
    return labels, {number: entry.de if reader == "de" else entry.en for number, entry in entries.items()}


def _side_by_side(voices: Voices, vectors: Vectors) -> Vectors:
    """What both models mean, without what each language has in common; no lens, for that is learnt from feedback.

    Measured on the labelled sets: mean AMI .72 (the first model alone .69).
    """
    book = starter_codebook(True).book
    both = joined([vectors, read_again(voices.texts)], book.lens.scales)
    centre(both, voices.languages, means(both, voices.languages, example_means(book)))
    return both


def _speaks_of(book: Book, voices: Voices, vectors: Vectors) -> bool:
    pool = _pool(book, voices.texts, vectors, voices.languages)
    return len(pool) > 0 and float(entry_scores(book, pool).max(1).mean()) >= SPEAKS_FROM


def _pool(book: Book, texts: Sequence[str], vectors: Vectors, languages: Sequence[str]) -> Pool:
    """vectors: of the first model."""
    readings = [vectors, read_again(texts)] if book.models == 2 else [vectors]
    return open_pool(book, texts, readings, languages)


def _with_repeats(labels: Labels, voices: Voices) -> Labels:
    """What many say in the very same words is a theme, whatever lies near it."""
    labels = labels.copy()
    following = int(labels.max(initial=UNSORTED)) + 1
    often = np.bincount(voices.number, minlength=len(voices.texts))
    for voice in np.flatnonzero((labels == UNSORTED) & (often >= FEWEST)).tolist():
        labels[voice] = following
        following += 1
    return labels


def _placed(ours: Codebook, voices: Voices, vectors: Vectors, codebook: Sequence[Given]) -> Labels:
    """Examples are read beside the excerpts, as if a person had placed them. ours: our generic themes."""
    book = ours.book
    themes = read_themes(
        book,
        [given.name for given in codebook],
        [given.definition for given in codebook],
        [given.language for given in codebook],
        as_read(book),
    )
    examples = [(text, number) for number, given in enumerate(codebook) for text in given.examples]
    texts = [*voices.texts, *(text for text, _ in examples)]
    both = np.concatenate([vectors, embed([text for text, _ in examples])])
    spoken = [one for text, _ in examples for one in languages_of(text, [text])]
    pool = _pool(book, texts, both, [*voices.languages, *spoken])
    said = {len(voices.texts) + at: number for at, (_, number) in enumerate(examples)}
    # What people speak of beside the given themes falls on our generic ones, and stays unsorted.
    all_themes = beside(themes, ours.entries, rivals(book, pool, themes, ours.entries))
    placement = without_rivals(place(book, pool, all_themes, placed=said), len(themes))
    return placement.best[: len(voices.texts)].astype(np.intp)


def _told(
    excerpts: list[Excerpt],
    voices: Voices,
    vectors: Vectors,
    labels: Labels,
    keys: Sequence[int | str],
    names: dict[int, str],
) -> Themed:
    of = labels[voices.number]
    sizes = Counter(of.tolist())
    sizes.pop(UNSORTED, None)
    order = sorted(sizes, key=lambda number: (-sizes[number], number))
    rank = {number: at for at, number in enumerate(order)} | {UNSORTED: UNSORTED}
    voices_of = [np.flatnonzero(labels == number) for number in order]
    terms = key_terms([[voices.texts[voice] for voice in of_one] for of_one in voices_of])
    often = np.bincount(voices.number, minlength=len(voices.texts))
    themes = []
    for number, members, said in zip(order, voices_of, terms, strict=True):
        quotes = [int(members[row]) for row in telling(vectors[members], QUOTES)]
        themes.append(
            Theme(
                # From nothing, numbers follow the size.
                key=rank[number] if isinstance(keys[number], int) else keys[number],
                name=names.get(number, ""),
                terms=said,
                excerpts=sizes[number],
                quotes=[(voices.texts[voice], int(often[voice])) for voice in quotes],
            )
        )
    return Themed(excerpts, [rank[number] for number in of.tolist()], themes)
