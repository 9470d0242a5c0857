"""What was said before on the same themes: mistakes admitted, and how often we only held the line."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_value


class EarlierMistake(Struct, frozen=True):
    """related: on one of the same themes. nth: the how many-th time it was."""

    id: UUID
    title: str
    language: str
    published_at: datetime
    nth: int
    related: bool


async def earlier_mistakes(company_id: UUID, note_id: UUID, theme_ids: list[UUID]) -> list[EarlierMistake]:
    """Public mistake notes that another may repeat: those on the same themes first, then the newest."""
    return await fetch(
        EarlierMistake,
        """select n.id, n.language, n.published_at, n.nth, coalesce((
                      select f.words from revision v
                      join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
                      where v.company = n.company and v.note = n.id and v.kind in ('published', 'corrected')
                      order by v.number desc limit 1), '') as title,
                  exists (select from note_theme l join theme t on t.company = l.company and t.id = l.theme
                          join theme w on w.company = t.company and w.heir = t.heir
                          where l.company = n.company and l.note = n.id and w.id = any($3)) as related
           from note n
           where n.company = $1 and n.id <> $2 and n.kind = 'mistake' and n.state <> 'draft'
           order by related desc, n.published_at desc, n.id limit 50""",
        company_id,
        note_id,
        theme_ids,
    )


async def holdings_in_a_row(company_id: UUID, note_id: UUID) -> int:
    """How many notes on the same themes or questions have only held the line, since the last that said more; of a note
    that is out, how many had by then.

    A holding note that was taken back is none.
    """
    count: int = await fetch_value(
        """with near as (
               select n.kind, n.published_at from note n
               where n.company = $1 and n.id <> $2 and n.state = 'published'
                 and n.published_at < coalesce(
                     (select published_at from note where company = $1 and id = $2), 'infinity') and (exists (
                   select from note_theme a join theme at on at.company = a.company and at.id = a.theme
                   join theme bt on bt.company = at.company and bt.heir = at.heir
                   join note_theme b on b.company = bt.company and b.theme = bt.id
                   where a.company = n.company and a.note = n.id and b.note = $2)
                 or exists (
                   select from note_question a join note_question b on b.company = a.company and b.question = a.question
                   where a.company = n.company and a.note = n.id and b.note = $2)))
           select count(*) from near where kind = 'holding' and published_at > coalesce(
               (select max(published_at) from near where kind <> 'holding'), '-infinity')""",
        company_id,
        note_id,
    )
    return count


async def how_many_times(company_id: UUID, mistake: UUID) -> int:
    """How often the same mistake was admitted in public, whichever of the times each note names as the one before."""
    count: int = await fetch_value(
        """with recursive kin (id) as (
               select $2::uuid
               union select case when n.id = k.id then n.repeats else n.id end from kin k
               join note n on n.company = $1 and n.state <> 'draft' and (n.id = k.id or n.repeats = k.id)
               where n.id <> k.id or n.repeats is not null)
           select max(n.nth) from kin k join note n on n.company = $1 and n.id = k.id""",
        company_id,
        mistake,
    )
    return count


class LookAgain(Struct, frozen=True):
    """A note that said "it stays" and named a day, and the themes that speak for what it is about."""

    note: UUID
    themes: list[UUID]


async def to_look_at_again(company_id: UUID, *, today: date) -> list[LookAgain]:
    """Those whose day has come and whose themes have not opened for it yet. Of a day that was moved the one that holds;
    what was looked at before its day stays as it was decided."""
    return await fetch(
        LookAgain,
        """select p.note, array(
                      select distinct h.id from note_theme l join theme w on w.company = l.company and w.id = l.theme
                      join theme h on h.company = w.company and h.id = w.heir
                      where l.company = p.company and l.note = p.note and not exists (
                          select from theme_event v where v.company = h.company and v.theme = h.id
                          and v.deed = 'reopened' and v.details ->> 'note' = p.note::text)) as themes
           from promise p join note n on n.company = p.company and n.id = p.note and n.state = 'published'
                                     and n.kind = 'not_changed'
           where p.company = $1 and p.kind = 'look_again' and p.kept_on is null and p.broken_on is null
             and p.due_on <= $2
             and not exists (select from promise m where m.company = p.company and m.instead_of = p.id)
             and exists (
                      select from note_theme l join theme w on w.company = l.company and w.id = l.theme
                      join theme h on h.company = w.company and h.id = w.heir
                      where l.company = p.company and l.note = p.note and not exists (
                          select from theme_event v where v.company = h.company and v.theme = h.id
                          and v.deed = 'reopened' and v.details ->> 'note' = p.note::text))
           order by p.due_on, p.id""",
        company_id,
        today,
    )
