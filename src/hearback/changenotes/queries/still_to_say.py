"""What waits for a word besides what is done: what was declined, opened again, or is promised for soon."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class StillToSay(Struct, frozen=True):
    """why: `declined`, nobody was told that it is not done; `reopened`, what was answered is open again; `undone`, a
    note says it changed and its action is open again; `near`, a promise of a note is due soon, or late.

    what: the action's title, or the promise's words; due_on: of a promise. theme: to write about; note: to look at.
    language: of the name of a note, or of a promise's words; empty for a theme's name, which is in the house's first.
    """

    why: str
    theme: UUID | None
    note: UUID | None
    name: str
    language: str
    what: str
    due_on: date | None


async def still_to_say(company_id: UUID, *, until: date, limit: int) -> list[StillToSay]:
    """until: promises that are due by then. What is late first, then what is due, then the rest by name."""
    return await fetch(
        StillToSay,
        """select 'declined' as why, h.id as theme, null::uuid as note, h.name, '' as language, x.title as what,
                  null::date as due_on
           from action x
           join action_theme l on l.company = x.company and l.action = x.id
           join theme w on w.company = l.company and w.id = l.theme
           join theme h on h.company = w.company and h.id = w.heir and h.state = 'named'
           where x.company = $1 and x.state = 'declined' and not exists (
               select from note_theme nl
               join theme nw on nw.company = nl.company and nw.id = nl.theme and nw.heir = h.id
               join note n on n.company = nl.company and n.id = nl.note
               where nl.company = x.company and n.kind in ('changed', 'not_changed', 'mistake')
                 and n.state <> 'withdrawn')
           union all
           select 'reopened', h.id, null, h.name, '', '', null
           from theme h join lateral (
               select max(v.at) as at from theme_event v
               where v.company = h.company and v.theme = h.id and v.deed = 'reopened') v on v.at is not null
           where h.company = $1 and h.heir = h.id and h.state = 'named' and not exists (
               select from note_theme nl
               join theme nw on nw.company = nl.company and nw.id = nl.theme and nw.heir = h.id
               join note n on n.company = nl.company and n.id = nl.note
               where nl.company = h.company and n.state <> 'withdrawn'
                 and coalesce(n.published_at, n.created_at) > v.at)
           union all
           select 'undone', null, n.id, coalesce((
                      select f.words from revision v
                      join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
                      where v.company = n.company and v.note = n.id and v.kind in ('published', 'corrected')
                      order by v.number desc limit 1), ''), n.language, x.title, null
           from note n
           join note_action l on l.company = n.company and l.note = n.id
           join action x on x.company = l.company and x.id = l.action and x.state <> 'done'
           join action_step s on s.company = x.company and s.action = x.id and s.state = 'done'
                             and s.at <= n.published_at
           where n.company = $1 and n.kind = 'changed' and n.state = 'published'
             and not exists (select from revision v where v.company = n.company and v.note = n.id
                             and v.kind = 'corrected' and v.at > (
                               select max(o.at) from action_step o where o.company = x.company and o.action = x.id))
           group by n.company, n.id, n.language, x.company, x.id, x.title
           union all
           select 'near', (select min(h.id::text)::uuid from note_theme nl
                           join theme w on w.company = nl.company and w.id = nl.theme
                           join theme h on h.company = w.company and h.id = w.heir
                           where nl.company = p.company and nl.note = p.note), p.note, '', p.language, p.words, p.due_on
           from promise p join note n on n.company = p.company and n.id = p.note and n.state = 'published'
           where p.company = $1 and p.kept_on is null and p.broken_on is null and p.due_on <= $2
             and not exists (select from promise m where m.company = p.company and m.instead_of = p.id)
           order by due_on nulls last, why, name, what, theme, note limit $3""",
        company_id,
        until,
        limit,
    )
