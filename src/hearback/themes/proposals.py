"""What a reading proposes to people, and which of it they have refused before. No database."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from hearback.themes.rules import ProposalKind


class Evidence(Struct, frozen=True):
    """What speaks for it. quotes: excerpts; terms: what they say, against the others where there are others.

    others, other_terms: of those that stay (split), or of the other theme (merge). likeness: of the two sides, 0 for
    nothing in common, about 1 for what could as well be one theme.
    """

    quotes: list[UUID] = []
    terms: list[str] = []
    others: list[UUID] = []
    other_terms: list[str] = []
    likeness: float = 0.0


class Proposal(Struct, frozen=True):
    """theme: the suggestion, what excerpts would join, what would be split, or what would go into `other`.

    excerpts: what it is about, the most telling first. worth: to compare proposals of one kind.
    """

    kind: ProposalKind
    theme: UUID | None
    excerpts: list[UUID]
    worth: float
    other: UUID | None = None
    evidence: Evidence = Evidence()


class Refused(Struct, frozen=True):
    """A proposal that people said no to. themes: those that speak for them today."""

    kind: ProposalKind
    themes: frozenset[UUID]
    excerpts: frozenset[UUID]


def was_refused(
    kind: ProposalKind, themes: Collection[UUID], excerpts: Collection[UUID], refused: Collection[Refused]
) -> bool:
    """Whether most of this is what people refused: more than half of all excerpts of both are in both.

    A new theme is known by its excerpts alone, for it has no lasting id.
    """
    here, of = set(excerpts), frozenset() if kind == ProposalKind.NEW else frozenset(themes)
    return any(
        one.kind == kind
        and (kind == ProposalKind.NEW or one.themes == of)
        and 2 * len(one.excerpts & here) > len(one.excerpts | here)
        for one in refused
    )
