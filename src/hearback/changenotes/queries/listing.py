"""What the desk's list of notes shows: all notes, and what is still to say."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class Listed(Struct, frozen=True):
    """A line of the desk's list. corrected_us: fans who said "not quite" or "no" to it. uncosigned: it went out under
    the mandate, and nobody of the leadership has signed it since."""

    id: UUID
    slug: str
    kind: str
    language: str
    state: str
    title: str
    signer: str
    published_at: datetime | None
    created_at: datetime
    asked_at: datetime | None
    goes_out_at: datetime | None
    held_back_at: datetime | None
    uncosigned: bool
    themes: list[str]
    agreed: int
    corrected_us: int


async def drafts(company_id: UUID) -> list[Listed]:
    """The newest first."""
    return await fetch(Listed, LISTED, company_id, True, None, None)


async def public_notes(company_id: UUID, *, before: UUID | None = None, limit: int) -> list[Listed]:
    """The newest first, also the withdrawn ones. before: the last one already seen; where that is not public, none."""
    return await fetch(Listed, LISTED, company_id, False, before, limit)


LISTED = """
select n.id, n.slug, n.kind, n.language, n.state, m.name as signer, n.published_at, n.created_at,
       n.asked_at, n.goes_out_at, n.held_back_at,
       n.state = 'published' and n.mandate is not null and not exists (
           select from note_cosign s where s.company = n.company and s.note = n.id) as uncosigned,
       case when n.state = 'draft' then coalesce(n.draft ->> 'title', '') else coalesce((
           select f.words from revision v
           join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
           where v.company = n.company and v.note = n.id and v.kind <> 'withdrawn'
           order by v.number desc limit 1), '') end as title,
       array(select distinct h.name from note_theme l
             join theme t on t.company = l.company and t.id = l.theme
             join theme h on h.company = t.company and h.id = t.heir
             where l.company = n.company and l.note = n.id and h.name <> '') as themes,
       count(b.id) filter (where b.verdict = 'yes' and r.state = 'counted') as agreed,
       count(b.id) filter (where b.verdict <> 'yes' and r.state = 'counted') as corrected_us
from note n
join member m on m.company = n.company and m.id = n.signed_by
left join hearback b on b.company = n.company and b.note = n.id
left join response r on r.company = b.company and r.id = b.response
where n.company = $1 and (n.state = 'draft') = $2 and ($3::uuid is null or (n.published_at, n.id) < (
    select published_at, id from note where company = $1 and id = $3 and state <> 'draft'))
group by n.company, n.id, m.name
order by coalesce(n.published_at, n.created_at) desc, n.id desc limit $4
"""


class ToSay(Struct, frozen=True):
    """A theme for which something is done, and nobody outside has heard of it. draft: one that would tell of it."""

    id: UUID
    name: str
    voices: int
    done: str
    draft: UUID | None


async def to_say(company_id: UUID) -> list[ToSay]:
    """Named themes with an action that is done and that no public note tells of; most voices first."""
    return await fetch(
        ToSay,
        """select h.id, h.name, max(x.title) as done, (
                      select d.id from note d join note_action a on a.company = d.company and a.note = d.id
                      where d.company = h.company and d.state = 'draft' and a.action = any(array_agg(x.id))
                      order by d.created_at desc, d.id limit 1) as draft, (
                      select count(distinct r.id) from theme t
                      join placement p on p.company = t.company and p.theme = t.id
                      join excerpt e on e.company = p.company and e.id = p.excerpt
                      join response r on r.company = e.company and r.id = e.response
                                      and r.state = 'counted' and not r.test
                      where t.company = h.company and t.heir = h.id) as voices
           from action x
           join action_theme l on l.company = x.company and l.action = x.id
           join theme w on w.company = l.company and w.id = l.theme
           join theme h on h.company = w.company and h.id = w.heir and h.state = 'named'
           where x.company = $1 and x.state = 'done' and not exists (
               select from note_action a join note n on n.company = a.company and n.id = a.note
               where a.company = x.company and a.action = x.id and n.state = 'published')
           group by h.company, h.id, h.name order by voices desc, h.name""",
        company_id,
    )


class OpenReply(Struct, frozen=True):
    """A question whose promised reply is due soon or overdue; of a day that was moved the one that holds."""

    question: UUID
    title: str
    language: str
    due_on: date
    waiting: int


async def open_replies(company_id: UUID, *, until: date) -> list[OpenReply]:
    """Promised for `until` or earlier; the oldest first, each question once."""
    return await fetch(
        OpenReply,
        """select q.id as question, q.title, q.language, max(p.due_on) as due_on, (
                      select count(*) from response r where r.company = q.company and r.question = q.id
                      and r.state = 'counted' and not r.test) as waiting
           from promise p join question q on q.company = p.company and q.id = p.question
           where p.company = $1 and p.kind = 'reply' and p.kept_on is null and p.broken_on is null
           group by q.company, q.id having max(p.due_on) <= $2 order by due_on, q.id""",
        company_id,
        until,
    )
