"""What a reading proposes to people, with what speaks for it, and what of it they refused before. No database."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import numpy as np
from msgspec import Struct

from hearback.themes.keyterms import key_terms_by_language
from hearback.themes.queries.sorting import Known, Tie
from hearback.themes.quotes import central, telling
from hearback.themes.reading.asking import could_belong, look_alikes, unsure
from hearback.themes.reading.codebook import Book
from hearback.themes.reading.discovery import TOGETHER, likeness_within
from hearback.themes.reading.placing import Placement
from hearback.themes.reading.pool import Pool
from hearback.themes.reading.relations import most_alike, parted
from hearback.themes.reading.vectors import Vectors
from hearback.themes.rules import ProposalKind

QUOTES = 3
LONGEST_TERM = 60
LOOK_ALIKES = 30  # batches that are looked at; those that hold together are offered


class Evidence(Struct, frozen=True):
    """What speaks for it. quotes: excerpts; others: of those that stay (split), or of the other theme (merge).

    says, others_say: language → terms of the two sides (split). likeness: of the two sides, 0 for nothing in common,
    about 1 for what could as well be one theme. right: how many would belong there (join).
    """

    quotes: list[UUID] = []
    says: dict[str, list[str]] = {}
    others: list[UUID] = []
    others_say: dict[str, list[str]] = {}
    likeness: float = 0.0
    right: float = 0.0


class Proposal(Struct, frozen=True):
    """theme: the suggestion, what excerpts would join, what would be split, or what would go into `other`.

    excerpts: what it is about, the likeliest or most telling first. worth: to compare proposals of one kind.
    """

    kind: ProposalKind
    theme: UUID | None
    excerpts: list[UUID]
    worth: float
    other: UUID | None = None
    evidence: Evidence = Evidence()

    @property
    def themes(self) -> frozenset[UUID]:
        return frozenset(theme for theme in (self.theme, self.other) if theme)


class Refused(Struct, frozen=True):
    """A proposal that people said no to. themes: those that speak for them today."""

    kind: ProposalKind
    themes: frozenset[UUID]
    excerpts: frozenset[UUID]


class Read(Struct, frozen=True):
    """What a reading came to. members: theme → rows of known.

    suggested: themes that only the machine has made so far; theirs: themes of people, as the placement numbers them.
    """

    book: Book
    pool: Pool
    placement: Placement
    known: Sequence[Known]
    theirs: Sequence[Tie]
    members: Mapping[UUID, Sequence[int]]
    suggested: Collection[UUID]

    def ids(self, rows: Sequence[int]) -> list[UUID]:
        return [self.known[row].id for row in rows]

    def quotes(self, rows: Sequence[int]) -> list[UUID]:
        return self.ids([rows[at] for at in telling(self.pool.points[list(rows)], QUOTES)])

    def middle_first(self, rows: Sequence[int]) -> list[UUID]:
        return self.ids([rows[at] for at in central(self.pool.points[list(rows)])])


def was_refused(
    kind: ProposalKind, themes: Collection[UUID], excerpts: Collection[UUID], refused: Collection[Refused]
) -> bool:
    """Whether most of this is what people refused: more than half of all excerpts of both are in both.

    A new theme is known by its excerpts alone, for it has no lasting id.
    """
    here, of = set(excerpts), frozenset(themes)
    return any(
        one.kind == kind
        and (kind == ProposalKind.NEW or one.themes == of)
        and 2 * len(one.excerpts & here) > len(one.excerpts | here)
        for one in refused
    )


def not_refused(proposals: Sequence[Proposal], refused: Collection[Refused]) -> list[Proposal]:
    return [one for one in proposals if not was_refused(one.kind, one.themes, one.excerpts, refused)]


def proposals(read: Read, refused: Collection[Refused]) -> list[Proposal]:
    """What to offer people next; what they decided is not asked again."""
    merges = not_refused(_merges(read), refused)
    said_already = {one.theme for one in merges}  # a suggestion that says what a theme says is no new theme
    new = [one for one in _new(read) if one.theme not in said_already]
    return merges + not_refused([*new, *_joins(read), *_splits(read)], refused) + _asked(read)


def _new(read: Read) -> list[Proposal]:
    return [
        Proposal(
            ProposalKind.NEW,
            theme,
            read.middle_first(rows),
            worth_naming(read.pool.points[list(rows)]),
            evidence=Evidence(quotes=read.quotes(rows)),
        )
        for theme, rows in read.members.items()
        if theme in read.suggested
    ]


def _joins(read: Read) -> list[Proposal]:
    """What the reading put into people's themes without being sure."""
    decided = [row for row, one in enumerate(read.known) if one.held]
    found = []
    for at, tie in enumerate(read.theirs):
        batch = unsure(read.placement, at, decided) if tie.named else None
        if batch:
            right = float(read.placement.confidence[list(batch.rows)].sum())
            excerpts = read.ids(batch.rows)
            evidence = Evidence(right=right)
            found.append(Proposal(ProposalKind.JOIN, tie.id, excerpts, batch.worth, evidence=evidence))
    return found


def _splits(read: Read) -> list[Proposal]:
    found = []
    for theme in (tie.id for tie in read.theirs if tie.named and tie.id in read.members):
        rows = read.members[theme]
        parting = parted(read.book, read.pool, np.array(rows, np.intp))
        if parting is None:
            continue
        leave = [rows[at] for at in parting.rows]
        stay = [row for row in rows if row not in set(leave)]
        says, others_say = _terms(read, leave, stay)
        evidence = Evidence(read.quotes(leave), says, read.quotes(stay), others_say, parting.likeness)
        excerpts = read.middle_first(leave)
        found.append(Proposal(ProposalKind.SPLIT, theme, excerpts, len(leave), evidence=evidence))
    return found


def _merges(read: Read) -> list[Proposal]:
    """Of two themes, at least one of people: the suggestion goes, or the smaller one."""
    named = {tie.id for tie in read.theirs if tie.named}
    ids = list(read.members)
    pairs = most_alike(read.pool.points, dict(enumerate(read.members.values())))
    found = []
    for one, other, likeness in pairs:
        gone, heir = sorted((ids[one], ids[other]), key=lambda id: (id in named, len(read.members[id])))
        if heir not in named:
            continue
        rows, others = read.members[gone], read.members[heir]
        evidence = Evidence(quotes=read.quotes(rows), others=read.quotes(others), likeness=likeness)
        excerpts = [*read.middle_first(rows), *read.middle_first(others)]
        found.append(Proposal(ProposalKind.MERGE, gone, excerpts, likeness, heir, evidence))
    return found


def _asked(read: Read) -> list[Proposal]:
    """What could belong to a theme but stands elsewhere, and what looks alike, wherever it belongs."""
    decided = [row for row, one in enumerate(read.known) if one.held]
    if not read.theirs:
        return []  # nobody has named anything: there is nothing to compare with
    near = [(tie.id, could_belong(read.placement, at, decided)) for at, tie in enumerate(read.theirs)]
    alike = look_alikes(read.pool, read.placement, decided, most=LOOK_ALIKES)
    return [
        Proposal(ProposalKind.NEAR, theme, read.ids(batch.rows), batch.worth)
        for theme, batch in near
        if batch
    ] + [
        Proposal(ProposalKind.ALIKE, None, read.ids(batch.rows), batch.worth)
        for batch in alike
        if are_alike(read.pool, batch.rows)
    ]


def worth_naming(points: Vectors) -> float:
    """Points (n, d): how many they are, each as far as it is like the others. The largest is often the loosest."""
    return len(points) * (likeness_within(points) if len(points) > 1 else 1.0)


def are_alike(pool: Pool, rows: Sequence[int]) -> bool:
    """What is said of a batch must be true: the least sure excerpts are often like nothing else."""
    return len(rows) > 1 and likeness_within(pool.points[list(rows)]) >= TOGETHER


def _terms(read: Read, *sides: Sequence[int]) -> list[dict[str, list[str]]]:
    """For each side, language → what it says against the others."""
    said = [[read.known[row].words for row in rows] for rows in sides]
    spoken = [[read.known[row].language for row in rows] for rows in sides]
    return [
        {language: [term[:LONGEST_TERM] for term in terms] for language, terms in of.items()}
        for of in key_terms_by_language(said, spoken)
    ]
