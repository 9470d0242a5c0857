"""One theme as a command finds it, and what can be undone."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.refusals import NotFound


class Theme(Struct, frozen=True):
    """heir: the theme that speaks for this one, itself unless it was merged."""

    id: UUID
    name: str
    terms: list[str]
    definition: str
    named: bool
    named_by: str | None
    named_at: datetime | None
    heir: UUID
    weight_reason: str
    weighted_by: str | None
    weighted_at: datetime | None

    @property
    def called(self) -> str:
        return self.name or ", ".join(self.terms)

    @property
    def merged(self) -> bool:
        return self.heir != self.id


class Placement(Struct, frozen=True):
    """Where an excerpt lies. theme: None for nowhere. heir: the theme that speaks for it."""

    theme: UUID | None
    heir: UUID | None
    by: str
    member: UUID | None
    confidence: float
    on: date


class Left(Struct, frozen=True):
    """An excerpt that left, and how it lay before."""

    excerpt: UUID
    before: Placement


class Split(Struct, frozen=True):
    """source: the theme that was split."""

    source: UUID
    left: list[Left]

    @property
    def excerpts(self) -> list[UUID]:
        return [one.excerpt for one in self.left]


class Event(Struct, frozen=True):
    """An event of a theme's life; details as its deed needs them."""

    id: UUID
    theme: UUID | None
    deed: str
    details: str

    @property
    def told(self) -> dict[str, str]:
        """details as they were written: ids and words."""
        found: dict[str, str] = msgspec.json.decode(self.details)
        return found

    @property
    def before(self) -> Placement | None:
        """Where a moved excerpt lay; None for unsorted."""
        return msgspec.json.decode(self.details, type=_Before).before

    @property
    def split(self) -> Split:
        """Of a split only."""
        return msgspec.json.decode(self.details, type=Split)


class _Before(Struct, frozen=True):
    before: Placement | None = None


async def theme(company_id: UUID, theme_id: UUID) -> Theme:
    """Raises NotFound, for another company's theme too."""
    found = await fetch_one(
        Theme,
        """select t.id, t.name, t.terms, t.definition, t.state = 'named' as named, n.name as named_by, t.named_at,
                  t.heir, t.weight_reason, w.name as weighted_by, t.weighted_at
           from theme t
           left join member n on n.company = t.company and n.id = t.named_by
           left join member w on w.company = t.company and w.id = t.weighted_by
           where t.company = $1 and t.id = $2""",
        company_id,
        theme_id,
    )
    if found is None:
        raise NotFound
    return found


async def name_taken(company_id: UUID, name: str, *, but: UUID | None) -> bool:
    """By a theme that speaks for itself."""
    taken: bool = await fetch_value(
        """select exists (select from theme where company = $1 and state = 'named' and heir = id
                          and lower(name) = lower($2) and id is distinct from $3)""",
        company_id,
        name,
        but,
    )
    return taken


async def placement(company_id: UUID, excerpt_id: UUID) -> Placement | None:
    """None while it is unsorted. Raises NotFound for an excerpt that is not there or does not count."""
    there = await fetch_value(
        """select true from excerpt e join response r on r.company = e.company and r.id = e.response
           where e.company = $1 and e.id = $2 and r.state in ('counted', 'held') and not r.test""",
        company_id,
        excerpt_id,
    )
    if there is None:
        raise NotFound
    return await fetch_one(
        Placement,
        """select p.theme, t.heir, p.by, p.member, p.confidence, p."on"
           from placement p left join theme t on t.company = p.company and t.id = p.theme
           where p.company = $1 and p.excerpt = $2""",
        company_id,
        excerpt_id,
    )


async def lying_in(company_id: UUID, theme_id: UUID, excerpt_ids: list[UUID]) -> dict[UUID, Placement]:
    """How those of the excerpts lie that count and for which this theme speaks."""
    rows = await fetch(
        _Lies,
        """select p.excerpt, p.theme, t.heir, p.by, p.member, p.confidence, p."on"
           from placement p
           join theme t on t.company = p.company and t.id = p.theme
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where p.company = $1 and t.heir = $2 and p.excerpt = any($3)
             and r.state in ('counted', 'held') and not r.test""",
        company_id,
        theme_id,
        excerpt_ids,
    )
    return {
        row.excerpt: Placement(row.theme, row.heir, row.by, row.member, row.confidence, row.on)
        for row in rows
    }


class _Lies(Struct, frozen=True):
    excerpt: UUID
    theme: UUID
    heir: UUID
    by: str
    member: UUID | None
    confidence: float
    on: date


async def holds_more_than(company_id: UUID, theme_id: UUID, excerpt_ids: list[UUID]) -> bool:
    """Whether anything that counts stays when these leave."""
    found: bool = await fetch_value(
        """select exists (
               select from theme t
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where t.company = $1 and t.heir = $2 and r.state = 'counted' and not r.test
                 and p.excerpt <> all($3))""",
        company_id,
        theme_id,
        excerpt_ids,
    )
    return found


async def others_decided(company_id: UUID, theme_id: UUID, excerpt_ids: list[UUID], *, by: UUID) -> bool:
    """Whether one of the excerpts lies elsewhere by now, or somebody else has done something to the theme."""
    found: bool = await fetch_value(
        """select exists (select from excerpt e
                          left join placement p on p.company = e.company and p.excerpt = e.id
                          where e.company = $1 and e.id = any($3) and (
                              p.theme is distinct from $2 or p.by <> 'person' or p.member is distinct from $4))
               or exists (select from theme_event where company = $1 and theme = $2 and member is distinct from $4)""",
        company_id,
        theme_id,
        excerpt_ids,
        by,
    )
    return found


async def refused(company_id: UUID, theme_id: UUID, excerpt_id: UUID) -> bool:
    """Whether a person said that the excerpt does not belong to this theme, and has not taken it back."""
    found: bool = await fetch_value(
        """select exists (
               select from theme t
               join theme_event v on v.company = t.company and v.theme = t.id
               where t.company = $1 and t.heir = $2 and v.deed = 'not_here' and v.details->>'excerpt' = $3
                 and not v.details ? 'undoes'
                 and not exists (select from theme_event u where u.company = v.company and u.theme = v.theme
                                 and u.details->>'undoes' = v.id::text))""",
        company_id,
        theme_id,
        str(excerpt_id),
    )
    return found


async def merged_into_it(company_id: UUID, theme_id: UUID) -> list[UUID]:
    """The theme itself and every theme that came into it by merging, over any number of steps."""
    return await fetch_column(
        """with recursive came as (
               select id from theme where company = $1 and id = $2
               union select t.id from theme t join came on t.merged_into = came.id where t.company = $1)
           select id from came""",
        company_id,
        theme_id,
    )


async def event(company_id: UUID, event_id: UUID, *, by: UUID) -> Event:
    """What this member may take back. Raises NotFound."""
    found = await fetch_one(
        Event,
        """select id, theme, deed, details from theme_event
           where company = $1 and id = $2 and member = $3 and deed in ('moved', 'merged', 'split', 'not_here')
             and not details ?| array['of', 'undoes']""",
        company_id,
        event_id,
        by,
    )
    if found is None:
        raise NotFound
    return found


async def merge_of(company_id: UUID, theme_id: UUID) -> UUID | None:
    """The event of its last merge."""
    found: UUID | None = await fetch_value(
        """select id from theme_event where company = $1 and theme = $2 and deed = 'merged'
           and not details ? 'of' order by at desc, id desc limit 1""",
        company_id,
        theme_id,
    )
    return found


async def undone(company_id: UUID, event: Event) -> bool:
    found: bool = await fetch_value(
        """select exists (select from theme_event where company = $1 and theme is not distinct from $2
                          and details->>'undoes' = $3)""",
        company_id,
        event.theme,
        str(event.id),
    )
    return found


async def undoable(company_id: UUID, member_id: UUID, *, since: datetime) -> Event | None:
    """This member's last move, merge, split or refusal that has not been taken back."""
    found = await fetch(
        Event,
        """select e.id, e.theme, e.deed, e.details from theme_event e
           where e.company = $1 and e.member = $2 and e.at >= $3 and e.deed in ('moved', 'merged', 'split', 'not_here')
             and not e.details ?| array['of', 'undoes']
             and not exists (select from theme_event u where u.company = e.company
                             and u.theme is not distinct from e.theme and u.details->>'undoes' = e.id::text)
           order by e.at desc, e.id desc limit 1""",
        company_id,
        member_id,
        since,
    )
    return found[0] if found else None
