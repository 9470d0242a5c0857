"""What was done in a theme's life: to be read by people, and to find out what can still be taken back."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch, fetch_value
from hearback.refusals import NotFound
from hearback.themes.rules import ThemeDeed
from hearback.themes.taking_back import Act


class Moment(Struct, frozen=True):
    """One event as its theme's history tells it. who: a member's name, None for the machine.

    The others as its deed has them. act: what would be taken back; None where there is no way back, or none any
    more. whence, where: names of the themes that a moved excerpt came from and went to. undoes, of: whether it
    takes something back, and whether it is the other side of an event of another theme. n: how many excerpts were
    split off. team: whether `name` is a team's. kind: of a refused proposal. undone_by: who took it back.
    """

    id: UUID
    act: UUID | None
    deed: str
    who: str | None
    at: datetime
    whence: str | None
    where: str | None
    name: str | None
    reason: str | None
    called: str | None
    team: bool
    kind: str | None
    into: str | None
    n: int
    undoes: bool
    of: bool
    undone_by: str | None
    undone_at: datetime | None


class _Event(Struct, frozen=True):
    id: UUID
    theme: UUID | None
    deed: str
    details: str
    who: str
    at: datetime

    @property
    def act(self) -> Act:
        return Act(
            self.id, self.theme, ThemeDeed(self.deed), msgspec.json.decode(self.details), self.who, self.at
        )


async def act(company_id: UUID, event_id: UUID) -> Act:
    """Raises NotFound."""
    found = await fetch(
        _Event,
        """select v.id, v.theme, v.deed, v.details::text as details, coalesce(m.name, '') as who, v.at
           from theme_event v left join member m on m.company = v.company and m.id = v.member
           where v.company = $1 and v.id = $2""",
        company_id,
        event_id,
    )
    if not found:
        raise NotFound
    return found[0].act


async def later(company_id: UUID, than: Act) -> list[Act]:
    """What was done afterwards that can touch the same themes or excerpts; oldest first.

    Ids are made while the company's lock is held, so they tell the order even where two clocks do not.
    """
    excerpts = [one["excerpt"] for one in than.told.get("left", [])] + [than.told.get("excerpt")]
    rows = await fetch(
        _Event,
        """with touching as (
               select v.id from theme_event v
               where v.company = $1 and v.id > $2 and not v.details ? 'of' and v.deed <> 'suggested'
                 and (v.theme = $3 or v.details->>'into' = $3::text or v.details->>'source' = $3::text
                      or v.details->>'excerpt' = any($4) or v.details->>'undoes' = $2::text
                      or (v.deed in ('split', 'moved_many', 'cut', 'joined', 'dismissed') and exists (
                          select from jsonb_array_elements(v.details->'left') as one
                          where one->>'excerpt' = any($4)))))
           select v.id, v.theme, v.deed, v.details::text as details, coalesce(m.name, '') as who, v.at
           from theme_event v left join member m on m.company = v.company and m.id = v.member
           where v.company = $1 and v.id > $2 and not v.details ? 'of'
             and (v.id in (select id from touching) or v.details->>'undoes' in (select id::text from touching))
           order by v.id""",
        company_id,
        than.id,
        than.theme,
        [one for one in excerpts if one],
    )
    return [row.act for row in rows]


async def made_by(company_id: UUID, theme_id: UUID) -> Act | None:
    """The act that made the theme; None for what the machine suggested."""
    found: UUID | None = await fetch_value(
        "select id from theme_event where company = $1 and theme = $2 and (details->>'made')::bool and deed = 'named'",
        company_id,
        theme_id,
    )
    return await act(company_id, found) if found else None


async def in_use(company_id: UUID, theme_id: UUID) -> bool:
    """Whether a note or an action stands on the theme's name."""
    found: bool = await fetch_value(
        """select exists (select from note_theme where company = $1 and theme = $2)
               or exists (select from action_theme where company = $1 and theme = $2)""",
        company_id,
        theme_id,
    )
    return found


async def history(company_id: UUID, theme_id: UUID, *, limit: int = 12, reader: str = "") -> list[Moment]:
    """Newest first."""
    return await fetch(
        Moment,
        """select v.id,
                  case when u.id is null and a.deed not in ('suggested', 'reopened')
                        and (not a.details ? 'undoes' or a.deed in ('merged', 'unmerged')) then a.id end as act,
                  v.deed, m.name as who, v.at,
                  theme_called(s.name, s.terms, s.terms_in, $4) as whence,
                  theme_called(g.name, g.terms, g.terms_in, $4) as where,
                  v.details->>'name' as name, v.details->>'reason' as reason, v.details->>'called' as called,
                  v.details->>'team' is not null as team, v.details->>'kind' as kind,
                  theme_called(i.name, i.terms, i.terms_in, $4) as into,
                  coalesce((v.details->>'n')::int, 0) as n, v.details ? 'undoes' as undoes, v.details ? 'of' as of,
                  um.name as undone_by, u.at as undone_at
           from theme_event v
           left join member m on m.company = v.company and m.id = v.member
           left join theme s on s.company = v.company and s.id = (v.details->>'source')::uuid
           left join theme g on g.company = v.company and g.id = (v.details->>'target')::uuid
           left join theme i on i.company = v.company and i.id = (v.details->>'into')::uuid
           left join theme_event a on a.company = v.company and case
               when v.details ? 'of' then a.id = (v.details->>'of')::uuid or (
                   v.deed = 'split' and a.deed = 'split' and a.theme = (v.details->>'of')::uuid
                   and not a.details ?| array['of', 'undoes'])
               else a.id = v.id end
           left join theme_event u on u.company = a.company and u.details->>'undoes' = a.id::text
                                  and not u.details ? 'of'
           left join member um on um.company = u.company and um.id = u.member
           where v.company = $1 and v.theme = $2 order by v.id desc limit $3""",
        company_id,
        theme_id,
        limit,
        reader,
    )
