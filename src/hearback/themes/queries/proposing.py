"""What the last reading proposes and nobody has decided on yet, as far as it still holds; and what was refused."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_value
from hearback.themes.proposals import Evidence
from hearback.themes.proposals import Refused as SaidNo
from hearback.themes.rules import ProposalKind, ProposalState


class Side(Struct, frozen=True):
    """A theme of a proposal. name: its terms while it is only suggested. heir: the theme that speaks for it.

    version: the newest event that gave it a name or a definition; `none` before the first. voices: people.
    """

    id: UUID
    name: str
    named: bool
    definition: str
    entry: str
    heir: UUID
    version: str
    voices: int


class Piece(Struct, frozen=True):
    """An excerpt of a proposal that counts. heir: the theme that speaks for where it lies; by: who put it there."""

    id: UUID
    heir: UUID | None
    by: str | None


class Proposed(Struct, frozen=True):
    """other: the theme that a merge would go into. n: of how many excerpts it speaks. who: decided on it."""

    id: UUID
    kind: ProposalKind
    theme: Side
    other: Side | None
    excerpts: list[UUID]
    evidence: Evidence
    state: ProposalState
    who: str
    pieces: list[Piece] = []

    @property
    def n(self) -> int:
        return len(self.excerpts)

    @property
    def seen(self) -> str:
        """What its themes are called: another one says that somebody has changed that."""
        return f"{self.theme.version}.{self.other.version}" if self.other else self.theme.version

    @property
    def open_pieces(self) -> list[UUID]:
        """What nobody has put anywhere since."""
        return [piece.id for piece in self.pieces if piece.by != "person"]

    @property
    def lying_there(self) -> list[UUID]:
        return [piece.id for piece in self.pieces if piece.heir == self.theme.id]


class _Row(Struct, frozen=True):
    id: UUID
    kind: str
    theme: UUID
    other: UUID | None
    excerpts: list[UUID]
    evidence: str
    state: str
    who: str


class _Lies(Struct, frozen=True):
    proposal: UUID
    id: UUID
    heir: UUID | None
    by: str | None


class _Counted(Struct, frozen=True):
    kind: str
    n: int


class _Refused(Struct, frozen=True):
    kind: str
    themes: list[UUID]
    excerpts: list[UUID]


async def waiting(company_id: UUID) -> dict[ProposalKind, int]:
    """How many there are of each kind; kinds of which there are none are left out."""
    rows = await fetch(
        _Counted,
        "select kind, count(*)::int as n from standing_proposal where company = $1 group by kind",
        company_id,
    )
    return {ProposalKind(row.kind): row.n for row in rows}


async def standing(company_id: UUID, *, most: int, reader: str = "") -> list[Proposed]:
    """The worthiest of each kind, up to most of one, each kind together. reader: the language of whoever reads it."""
    rows = await fetch(
        _Row,
        """with worthiest as (
               select id, row_number() over (partition by kind order by worth desc, id) as nth
               from standing_proposal where company = $1)
           select p.id, p.kind, p.theme, p.other, p.excerpts, p.evidence::text as evidence, p.state, '' as who
           from worthiest w join proposal p on p.company = $1 and p.id = w.id
           where w.nth <= $2 order by array_position(array['new', 'join', 'split', 'merge'], p.kind::text), w.nth""",
        company_id,
        most,
    )
    moving = [row.id for row in rows if row.kind in ("join", "split")]
    return await _proposed(company_id, rows, pieces_of=moving, reader=reader)


async def one(company_id: UUID, proposal_id: UUID) -> Proposed | None:
    """Whether it stands or not; None for one that a newer reading does not make any more."""
    rows = await fetch(
        _Row,
        """select p.id, p.kind, p.theme, p.other, p.excerpts, p.evidence::text as evidence, p.state,
                  coalesce(m.name, '') as who
           from proposal p left join member m on m.company = p.company and m.id = p.member
           where p.company = $1 and p.id = $2 and p.kind in ('new', 'join', 'split', 'merge')""",
        company_id,
        proposal_id,
    )
    found = await _proposed(company_id, rows, pieces_of=[proposal_id])
    return found[0] if found else None


async def held_by_people(company_id: UUID, theme_id: UUID) -> bool:
    """Whether people put something into this suggestion: an excerpt, weight, another theme."""
    found: bool = await fetch_value(
        """select exists (select from theme t join placement p on p.company = t.company and p.theme = t.id
                          where t.company = $1 and t.heir = $2 and p.by = 'person')
               or exists (select from theme where company = $1 and id = $2 and weight_reason <> '')
               or exists (select from theme where company = $1 and heir = $2 and id <> $2)""",
        company_id,
        theme_id,
    )
    return found


async def put_there_by_machine(
    company_id: UUID, theme_id: UUID, *, only: list[UUID] | None = None
) -> list[UUID]:
    """Excerpts in a theme that no person put there; only: of these."""
    return await fetch_column(
        """select p.excerpt from theme t join placement p on p.company = t.company and p.theme = t.id
           where t.company = $1 and t.heir = $2 and p.by = 'machine' and ($3::uuid[] is null or p.excerpt = any($3))
           order by p.excerpt""",
        company_id,
        theme_id,
        only,
    )


async def refused(company_id: UUID) -> list[SaidNo]:
    """By the themes that speak today for those it was said of."""
    rows = await fetch(
        _Refused,
        """select p.kind, array_remove(array[t.heir, o.heir], null) as themes, p.excerpts
           from proposal p
           join theme t on t.company = p.company and t.id = p.theme
           left join theme o on o.company = p.company and o.id = p.other
           where p.company = $1 and p.state = 'refused' order by p.id""",
        company_id,
    )
    return [SaidNo(ProposalKind(row.kind), frozenset(row.themes), frozenset(row.excerpts)) for row in rows]


async def _proposed(
    company_id: UUID, rows: Sequence[_Row], *, pieces_of: list[UUID], reader: str = ""
) -> list[Proposed]:
    themes = {id for row in rows for id in (row.theme, row.other) if id}
    sides = await _sides(company_id, sorted(themes), reader)
    pieces = await _pieces(company_id, pieces_of)
    return [
        Proposed(
            row.id,
            ProposalKind(row.kind),
            sides[row.theme],
            sides[row.other] if row.other else None,
            row.excerpts,
            msgspec.json.decode(row.evidence, type=Evidence),
            ProposalState(row.state),
            row.who,
            pieces.get(row.id, []),
        )
        for row in rows
    ]


async def _sides(company_id: UUID, theme_ids: list[UUID], reader: str) -> dict[UUID, Side]:
    found = await fetch(
        Side,
        """select h.id, theme_called(h.name, h.terms, h.terms_in, $3) as name,
                  h.state = 'named' as named, h.definition, h.entry, h.heir,
                  coalesce((select v.id::text from theme_event v
                            where v.company = h.company and v.theme = h.id
                              and v.deed in ('named', 'renamed', 'defined')
                            order by v.id desc limit 1), 'none') as version,
                  (select count(distinct r.id) from theme t
                   join placement p on p.company = t.company and p.theme = t.id
                   join excerpt e on e.company = p.company and e.id = p.excerpt
                   join response r on r.company = e.company and r.id = e.response
                   where t.company = h.company and t.heir = h.id and r.state = 'counted' and not r.test) as voices
           from theme h where h.company = $1 and h.id = any($2)""",
        company_id,
        theme_ids,
        reader,
    )
    return {one.id: one for one in found}


async def _pieces(company_id: UUID, proposal_ids: list[UUID]) -> dict[UUID, list[Piece]]:
    """What of their excerpts counts, in their order; none for a merge, which is of whole themes."""
    rows = await fetch(
        _Lies,
        """select p.id as proposal, e.id, t.heir, l.by
           from proposal p cross join unnest(p.excerpts) with ordinality as o (excerpt, position)
           join excerpt e on e.company = p.company and e.id = o.excerpt
           join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
           left join placement l on l.company = e.company and l.excerpt = e.id
           left join theme t on t.company = l.company and t.id = l.theme
           where p.company = $1 and p.id = any($2) and p.kind <> 'merge' order by p.id, o.position""",
        company_id,
        proposal_ids,
    )
    return {
        proposal: [Piece(row.id, row.heir, row.by) for row in of]
        for proposal, of in groupby(rows, key=lambda row: row.proposal)
    }
