"""What reading everything anew would change. No database: what is known goes in, what is to be written comes out."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.database.columns import new_id
from hearback.themes.embedding import DIMENSIONS, embed
from hearback.themes.grouping import match_groups
from hearback.themes.kept_readings import kept_embed
from hearback.themes.keyterms import key_terms_by_language, terms_for
from hearback.themes.proposals import LONGEST_TERM, Proposal, Read, Refused, proposals, was_refused
from hearback.themes.queries.sorting import Known, Loose, Tie
from hearback.themes.quotes import telling
from hearback.themes.reading.codebook import Book, Embed, Entry, open_book, revised, rows_in
from hearback.themes.reading.discovery import Discovery, discover, held_together
from hearback.themes.reading.letters import pieces, weighted
from hearback.themes.reading.newcomers import Standing, place_new, standing
from hearback.themes.reading.placing import CALIBRATED, NOWHERE, Placement, Themes, place, read_themes
from hearback.themes.reading.pool import Pool, are_strange, open_pool, seen
from hearback.themes.reading.rivals import (
    beside,
    entries_beside,
    entry_vectors,
    rivals,
    without_rivals,
)
from hearback.themes.reading.vectors import Vectors, joined
from hearback.themes.rules import ProposalKind
from hearback.themes.second_reading import from_stored, read_again

EXAMPLES = 200  # of a theme that new answers are compared with; more would change little
MOST_CLOSE = 8  # of which those that the public may see are offered to the fan
# Chance below which a theme is none that one would mention. On labelled answers (`hearback bench close`) three of four
# fans then see their theme, and three of four themes shown are theirs; from 0.2 on, more than half would be others.
CLOSE = 0.4
QUOTES_DEFINE = 3  # excerpts that stand for a definition which nobody has written yet
Refusal = tuple[UUID, UUID]  # excerpt, theme


class Place(Struct, frozen=True):
    excerpt: UUID
    theme: UUID
    confidence: float


class Suggestion(Struct, frozen=True):
    """terms: in the company's language where it has such; terms_in: language → terms, where enough people speak it.

    entry: what it is called in the codebook, or empty; then terms are what its excerpts say.
    """

    terms: list[str]
    entry: str
    terms_in: dict[str, list[str]] = {}


class Plan(Struct, frozen=True):
    """places and leaves: excerpts that the machine places, or lets go to the unsorted.

    suggested: new themes, largest first; terms: what older suggestions are called now. placed: how many excerpts have
    a theme afterwards, those that stay where people want them included.
    """

    places: list[Place]
    leaves: list[UUID]
    suggested: dict[UUID, Suggestion]
    terms: dict[UUID, Suggestion]
    proposals: list[Proposal]
    placed: int
    themes: int


class Codebook(Struct, frozen=True):
    """The book, and its entries read as themes are. told: (entries, d) what names and definitions alone mean."""

    book: Book
    entries: Themes
    told: Vectors


class Reading(Struct, frozen=True):
    """What placing one more answer needs. ids: of the themes, behind which their rivals stand."""

    there: Standing
    ids: list[UUID]


def open_codebook(entries: Sequence[Entry], *, twice: bool = False) -> Codebook:
    """About 2,500 texts are read, once a machine; even from disk it takes half a second. twice: by both models."""
    reads = _kept_twice if twice else _kept
    book = open_book(entries, reads)
    told = entry_vectors(book, entries, reads)
    return Codebook(book, entries_beside(book, told), told)


def revised_codebook(codebook: Codebook, entries: Sequence[Entry]) -> Codebook:
    """The same with a company's own entries; only those that differ are embedded."""
    reads = as_read(codebook.book)
    book = revised(codebook.book, entries, reads)
    rows, new = rows_in(codebook.book.entries, entries)
    told = np.vstack([codebook.told, entry_vectors(book, new, reads)])[rows]
    return Codebook(book, entries_beside(book, told), told)


def embedded(texts: Sequence[str]) -> Sequence[Vectors]:
    """What the codebook calls a reading, by the first model alone."""
    return [embed(texts)]


def embedded_twice(texts: Sequence[str]) -> Sequence[Vectors]:
    return [embed(texts), read_again(texts)]


def _kept(texts: Sequence[str]) -> Sequence[Vectors]:
    return [kept_embed(texts)]


def _kept_twice(texts: Sequence[str]) -> Sequence[Vectors]:
    return [kept_embed(texts), read_again(texts)]


def as_read(book: Book) -> Embed:
    """By as many models as the book was read."""
    return embedded_twice if book.models == 2 else embedded


def plan(
    codebook: Codebook,
    known: Sequence[Known],
    ties: Sequence[Tie],
    refused: Collection[Refusal] = (),
    said_no: Collection[Refused] = (),
    *,
    language: str = "de",
    asked: Sequence[str] = (),
) -> Plan:
    """Read everything anew around what people decided. said_no: proposals that they refused.

    Themes of people take what their names, definitions and examples speak for; what is left is grouped into
    suggestions. What is held stays. A lasting theme that nothing comes to keeps what it had.
    """
    book, known = codebook.book, _in_order(known)
    pool = _pool(book, known)
    theirs = _themes_of_people(known, ties)
    placement = _placed(codebook, pool, known, theirs, refused, language)
    rest = [
        row
        for row, one in enumerate(known)
        if not one.held and (not len(placement.best) or placement.best[row] == NOWHERE)
    ]
    pool_of_rest = _pool(book, [known[row] for row in rest])
    found = held_together(pool_of_rest, discover(book, pool_of_rest, _numbers(known, rest)))
    found = _without_refused(known, rest, found, said_no)
    groups = _groups(known, rest, found, {tie.id for tie in ties} - {tie.id for tie in theirs})
    theme_of = _theme_of(known, ties, theirs, placement, rest, found, groups)
    members: dict[UUID, list[int]] = {}
    for row, theme in enumerate(theme_of):
        if theme:
            members.setdefault(theme, []).append(row)
    called = _called(book, known, members, found, groups, language, asked)
    old = {tie.id: tie for tie in ties}
    sure = _sureness(pool, placement, members)
    return Plan(
        places=[
            Place(one.id, _where(one, theme), float(sure[row]))
            for row, (one, theme) in enumerate(zip(known, theme_of, strict=True))
            if theme and not one.held
        ],
        leaves=[
            one.id
            for one, theme in zip(known, theme_of, strict=True)
            if one.theme and not one.held and not theme
        ],
        suggested={
            theme: called[theme] for theme in groups.values() if theme in members and theme not in old
        },
        terms={theme: of for theme, of in called.items() if theme in old and not old[theme].named},
        proposals=proposals(
            Read(
                book,
                pool,
                placement,
                known,
                theirs,
                members,
                {*groups.values(), *(tie.id for tie in theirs if not tie.named)},
            ),
            said_no,
        ),
        placed=sum(map(len, members.values())),
        themes=len(members),
    )


def reading(
    codebook: Codebook, known: Sequence[Known], ties: Sequence[Tie], *, language: str = "de"
) -> Reading:
    """From where everything lies now, to place what comes next within a second: codebook is of the first model."""
    book, known = codebook.book, _in_order(known)
    pool = _pool(book, known)
    there = {one.heir for one in known if one.heir}
    read = [tie for tie in ties if tie.named or tie.id in there]
    themes = _read(book, pool, known, read, language)
    others = rivals(book, pool, themes, codebook.entries)
    number = {tie.id: at for at, tie in enumerate(read)}
    shares = np.zeros((len(known), len(read) + len(others)), np.float32)
    examples, of = dict[int, int](), dict[int, int]()
    for row, one in sorted(enumerate(known), key=lambda pair: not pair[1].by_person):
        at = number.get(one.heir) if one.heir else None
        if at is None:
            continue
        shares[row, at] = 1
        speaks = one.by_person or not read[at].named  # a suggestion is what lies in it and nothing else
        if speaks and of.get(at, 0) < EXAMPLES:
            examples[row], of[at] = at, of.get(at, 0) + 1
    all_themes = beside(themes, codebook.entries, others)
    return Reading(standing(book, pool, all_themes, shares, examples), [tie.id for tie in read])


def placed_by(read: Reading, loose: Sequence[Loose]) -> list[Place]:
    """Where new excerpts belong; unsure ones are left out."""
    if not loose or not read.ids:
        return []
    found = _found(read, loose)
    return [
        Place(one.id, read.ids[theme], float(sure))
        for one, theme, sure in zip(loose, found.best.tolist(), found.confidence, strict=True)
        if NOWHERE < theme < len(read.ids)
    ]


def close_to(read: Reading, loose: Sequence[Loose], *, border: float = CLOSE) -> list[Place]:
    """Up to MOST_CLOSE themes that each new excerpt may belong to, sure or not; the nearest first."""
    if not loose or not read.ids:
        return []
    chances = _found(read, loose).shares[:, : len(read.ids)] ** CALIBRATED
    return [
        Place(one.id, read.ids[theme], min(1.0, float(of[theme])))
        for one, of in zip(loose, chances, strict=True)
        for theme in np.argsort(-of, kind="stable")[:MOST_CLOSE].tolist()
        if of[theme] >= border
    ]


def _found(read: Reading, loose: Sequence[Loose]) -> Placement:
    book, sight = read.there.book, read.there.sight
    vectors = joined([vectors_of([one.vector for one in loose])], book.lens.scales)
    return place_new(
        read.there,
        seen(book, sight, vectors, [one.language for one in loose]),
        weighted(pieces([one.words for one in loose]), sight.rarity),
        are_strange([one.language for one in loose]),
    )


def vectors_of(stored: Sequence[bytes]) -> NDArray[np.float32]:
    """Shape (n, 512), from the bytes that the database holds."""
    return np.frombuffer(b"".join(stored), "<f4").reshape(-1, DIMENSIONS)


def _in_order(known: Sequence[Known]) -> list[Known]:
    """By content, so that the same answers make the same themes, whatever their ids are.

    Equal words stay in the order in which they came: by the answers around them.
    """
    return sorted(known, key=lambda one: (one.words, one.language))


def _pool(book: Book, known: Sequence[Known]) -> Pool:
    return open_pool(
        book, [one.words for one in known], _readings(book, known), [one.language for one in known]
    )


def _readings(book: Book, known: Sequence[Known]) -> list[NDArray[np.float32]]:
    first = vectors_of([one.vector for one in known])
    if book.models == 1:
        return [first]
    return [first, from_stored([one.second or b"" for one in known])]


def _themes_of_people(known: Sequence[Known], ties: Sequence[Tie]) -> list[Tie]:
    """Those with a name, and suggestions in which a person has put something."""
    owned = {one.heir for one in known if one.by_person}
    return [tie for tie in ties if tie.named or tie.id in owned]


def _read(book: Book, pool: Pool, known: Sequence[Known], ties: Sequence[Tie], language: str) -> Themes:
    """By name and definition. Where nobody has written one, the codebook's serves, or what its excerpts say."""
    entries = {entry.slug: entry for entry in book.entries}
    lies = dict[UUID, list[int]]()
    for row, one in enumerate(known):
        if one.heir:
            lies.setdefault(one.heir, []).append(row)
    names, definitions = [], []
    for tie in ties:
        names.append(tie.name or " ".join(tie.terms))
        entry, rows = entries.get(tie.entry), lies.get(tie.id, [])
        telling_ones = telling(pool.points[rows], QUOTES_DEFINE) if rows else []
        spoken = " ".join([*tie.terms, *(known[rows[at]].words for at in telling_ones)])
        definitions.append(tie.definition or (entry.definition(language) if entry else spoken))
    return read_themes(book, names, definitions, [language] * len(ties), as_read(book))


def _placed(
    codebook: Codebook,
    pool: Pool,
    known: Sequence[Known],
    theirs: Sequence[Tie],
    refused: Collection[Refusal],
    language: str,
) -> Placement:
    number = {tie.id: at for at, tie in enumerate(theirs)}
    row_of = {one.id: row for row, one in enumerate(known)}
    placed = {row: number[one.heir] for row, one in enumerate(known) if one.by_person and one.heir in number}
    themes = _read(codebook.book, pool, known, theirs, language)
    others = rivals(codebook.book, pool, themes, codebook.entries)
    placement = place(
        codebook.book,
        pool,
        beside(themes, codebook.entries, others) if theirs else themes,
        placed=placed,
        aside=[row for row, one in enumerate(known) if one.held and row not in placed],
        refused=[
            (row_of[excerpt], number[theme])
            for excerpt, theme in refused
            if excerpt in row_of and theme in number and row_of[excerpt] not in placed
        ],
    )
    return without_rivals(placement, len(theirs))


def _without_refused(
    known: Sequence[Known], rest: Sequence[int], found: Discovery, said_no: Collection[Refused]
) -> Discovery:
    """What people said is no theme is not suggested again."""
    labels, entries = found.labels.copy(), dict(found.entries)
    for group in range(int(labels.max(initial=NOWHERE)) + 1):
        ids = [known[row].id for row, label in zip(rest, labels.tolist(), strict=True) if label == group]
        if ids and was_refused(ProposalKind.NEW, (), ids, said_no):
            labels[labels == group] = NOWHERE
            entries.pop(group, None)
    return Discovery(labels, entries, found.shares)


def _groups(
    known: Sequence[Known], rest: Sequence[int], found: Discovery, suggestions: set[UUID]
) -> dict[int, UUID]:
    """Which theme each group is: the old suggestion that it mostly is, or a new one."""
    old: dict[UUID, set[UUID]] = {}
    new: dict[int, set[UUID]] = {}
    for row, label in zip(rest, found.labels.tolist(), strict=True):
        one = known[row]
        if one.heir in suggestions:
            old.setdefault(one.heir, set()).add(one.id)
        if label != NOWHERE:
            new.setdefault(label, set()).add(one.id)
    matched = match_groups(old, new)
    return {number: matched.get(number) or new_id() for number in sorted(new)}


def _theme_of(
    known: Sequence[Known],
    ties: Sequence[Tie],
    theirs: Sequence[Tie],
    placement: Placement,
    rest: Sequence[int],
    found: Discovery,
    groups: Mapping[int, UUID],
) -> list[UUID | None]:
    """Where every excerpt belongs now; what is held stays, and no lasting theme loses its last voice."""
    belongs: list[UUID | None] = [one.heir if one.held else None for one in known]
    for row, label in zip(rest, found.labels.tolist(), strict=True):
        belongs[row] = groups.get(label)
    for row, at in enumerate(placement.best.tolist()):
        if at != NOWHERE and not known[row].held:
            belongs[row] = theirs[at].id
    alone = {tie.id for tie in ties if tie.lasting} - set(belongs)
    return [one.heir if one.heir in alone else theme for one, theme in zip(known, belongs, strict=True)]


def _called(
    book: Book,
    known: Sequence[Known],
    members: Mapping[UUID, Sequence[int]],
    found: Discovery,
    groups: Mapping[int, UUID],
    language: str,
    asked: Sequence[str],
) -> dict[UUID, Suggestion]:
    """Only against each other do words become telling, so all themes are compared, those with a name too.

    Terms are in the company's language where a theme has such excerpts, and in each language that it has them in.
    """
    said = [[known[row].words for row in rows] for rows in members.values()]
    spoken = [[known[row].language for row in rows] for rows in members.values()]
    terms = key_terms_by_language(said, spoken, asked=asked)
    entries = {groups[group]: book.entries[entry] for group, entry in found.entries.items()}
    called = {}
    for theme, of in zip(members, terms, strict=True):
        entry = entries.get(theme)
        shown = entry.names() if entry else of
        shown = {one: [term[:LONGEST_TERM] for term in them] for one, them in shown.items()}
        spoken_of = {
            one: them for one, them in shown.items() if one
        }  # the empty one stands for all languages
        called[theme] = Suggestion(terms_for(language, shown), entry.slug if entry else "", spoken_of)
    return called


def _where(one: Known, theme: UUID) -> UUID:
    """Where it lies speaks through the same theme already: staying there lets a merge be undone."""
    return one.theme if one.theme and one.heir == theme else theme


def _sureness(pool: Pool, placement: Placement, members: Mapping[UUID, Sequence[int]]) -> NDArray[np.float32]:
    """Where people's themes take an excerpt, the chance that this is right; in a suggestion, how central it lies."""
    sure = np.zeros(len(pool), np.float32)
    for rows in members.values():
        at = list(rows)
        middle = pool.points[at].mean(0)
        sure[at] = (pool.points[at] @ middle / max(float(np.linalg.norm(middle)), 1e-9)).clip(0, 1)
    if len(placement.best):
        decided = placement.best != NOWHERE
        sure[decided] = placement.confidence[decided]
    return sure


def _numbers(known: Sequence[Known], rows: Sequence[int]) -> list[int]:
    """The answers of these rows as numbers."""
    number: dict[UUID, int] = {}
    return [number.setdefault(known[row].answer, len(number)) for row in rows]
