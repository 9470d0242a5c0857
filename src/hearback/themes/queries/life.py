"""One theme as a command finds it, and what can be undone."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.refusals import NotFound


class Theme(Struct, frozen=True):
    """heir: the theme that speaks for this one, itself unless it was merged.

    entry: what a suggestion is in the codebook, or empty.
    version: the newest event that gave it a name or a definition, or took one back; `none` before the first.
    """

    id: UUID
    name: str
    terms: list[str]
    definition: str
    excludes: str
    named: bool
    named_by: str | None
    named_at: datetime | None
    heir: UUID
    entry: str
    weight_reason: str
    weighted_by: str | None
    weighted_at: datetime | None
    version: str

    @property
    def called(self) -> str:
        return self.name or ", ".join(self.terms)

    @property
    def merged(self) -> bool:
        return self.heir != self.id


class Changed(Struct, frozen=True):
    """How many excerpts came to a theme and left it."""

    came: int
    left: int


class Called(Struct, frozen=True):
    """What it is called and what is said of it as it stands, to be put back one day."""

    state: str
    name: str
    definition: str
    named_by: UUID | None
    named_at: datetime | None
    excludes: str = ""


class Weight(Struct, frozen=True):
    reason: str
    by: UUID | None
    at: datetime | None


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


class Event(Struct, frozen=True):
    """An act that can be taken back."""

    id: UUID
    theme: UUID | None
    deed: str


async def theme(company_id: UUID, theme_id: UUID, *, reader: str = "") -> Theme:
    """reader: the language of whoever reads its terms; without it, or without terms in it, the company's.

    Raises NotFound, for another company's theme too.
    """
    found = await fetch_one(
        Theme,
        """select t.id, t.name,
                  case when t.terms_in ? $3 then array(select jsonb_array_elements_text(t.terms_in->$3))
                       else t.terms end as terms,
                  t.definition, t.excludes, t.state = 'named' as named, n.name as named_by,
                  t.named_at, t.heir, t.entry, t.weight_reason, w.name as weighted_by, t.weighted_at,
                  coalesce((select v.id::text from theme_event v
                            where v.company = t.company and v.theme = t.id
                              and v.deed in ('named', 'renamed', 'defined')
                            order by v.id desc limit 1), 'none') as version
           from theme t
           left join member n on n.company = t.company and n.id = t.named_by
           left join member w on w.company = t.company and w.id = t.weighted_by
           where t.company = $1 and t.id = $2""",
        company_id,
        theme_id,
        reader,
    )
    if found is None:
        raise NotFound
    return found


async def changed_last(company_id: UUID, theme_id: UUID) -> Changed | None:
    """What the company's newest reading did to it; None for nothing."""
    return await fetch_one(
        Changed,
        """with newest as (
               select figures->'themes'->$2::text as of from grouping_run
               where company = $1 order by at desc, id desc limit 1)
           select (of->>0)::int as came, (of->>1)::int as left from newest where of is not null""",
        company_id,
        str(theme_id),
    )


async def called(company_id: UUID, theme_id: UUID) -> Called | None:
    return await fetch_one(
        Called,
        "select state, name, definition, named_by, named_at, excludes from theme where company = $1 and id = $2",
        company_id,
        theme_id,
    )


async def weight(company_id: UUID, theme_id: UUID) -> Weight | None:
    return await fetch_one(
        Weight,
        """select weight_reason as reason, weighted_by as by, weighted_at as at
           from theme where company = $1 and id = $2""",
        company_id,
        theme_id,
    )


async def may_weigh(company_id: UUID, theme_id: UUID) -> list[UUID]:
    """Excerpts that lie in the theme and of which nobody has said that they do not weigh."""
    return await fetch_column(
        """select p.excerpt from theme t
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where t.company = $1 and t.heir = $2 and r.state = 'counted' and not r.test
             and p.excerpt not in (select excerpt from light_excerpt where company = $1)
           order by p.excerpt""",
        company_id,
        theme_id,
    )


async def who_did(company_id: UUID, event_id: str) -> str:
    """The name of whoever did it; empty for what the machine did, or for no event at all."""
    name: str | None = await fetch_value(
        """select m.name from theme_event v join member m on m.company = v.company and m.id = v.member
           where v.company = $1 and v.id::text = $2""",
        company_id,
        event_id,
    )
    return name or ""


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


async def refused(company_id: UUID, theme_id: UUID, excerpt_id: UUID) -> bool:
    """Whether a person said that the excerpt does not belong to this theme, and has not taken it back."""
    found: bool = await fetch_value(
        """select exists (
               select from theme t join refusal v on v.company = t.company and v.theme = t.id
               where t.company = $1 and t.heir = $2 and v.excerpt = $3)""",
        company_id,
        theme_id,
        excerpt_id,
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


async def merged_into(company_id: UUID, theme_id: UUID) -> UUID | None:
    """The theme that it was merged into, which may have been merged itself since."""
    found: UUID | None = await fetch_value(
        "select merged_into from theme where company = $1 and id = $2", company_id, theme_id
    )
    return found


async def merge_of(company_id: UUID, theme_id: UUID) -> UUID | None:
    """The event of its last merge, unless that was taken back."""
    found: UUID | None = await fetch_value(
        """select case when exists (select from theme_event u where u.company = v.company
                                    and u.details->>'undoes' = v.id::text) then null else v.id end
           from theme_event v where v.company = $1 and v.theme = $2 and v.deed = 'merged'
             and not v.details ? 'of' order by v.id desc limit 1""",
        company_id,
        theme_id,
    )
    return found


async def undoable(company_id: UUID, member_id: UUID, *, since: datetime) -> Event | None:
    """This member's last act that has not been taken back."""
    found = await fetch(
        Event,
        """select e.id, e.theme, e.deed from theme_event e
           where e.company = $1 and e.member = $2 and e.at >= $3 and not e.details ?| array['of', 'undoes']
             and not exists (select from theme_event u where u.company = e.company
                             and u.theme is not distinct from e.theme and u.details->>'undoes' = e.id::text)
           order by e.id desc limit 1""",
        company_id,
        member_id,
        since,
    )
    return found[0] if found else None
