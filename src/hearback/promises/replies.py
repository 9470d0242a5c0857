"""Queries: what was promised as the reply to a question, what came of it, and how the ones before it went."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch_value
from hearback.promises.rules import PromiseState, days_late, state_of


class Answered(Struct, frozen=True):
    """A public note that answers the question, or speaks of a theme that came from it; a withdrawn one stays.

    title: of its newest version. answers: the question itself.
    """

    slug: str
    kind: str
    state: str
    language: str
    title: str
    published_at: datetime
    answers: bool


class Earlier(Struct, frozen=True):
    """Another question that is over. Its first promised day counts, whatever was promised later.

    link: below the company's address, the note that answered it, else the question.
    """

    title: str
    language: str
    first: date
    kept_on: date | None
    broken_on: date | None
    link: str

    def state(self, today: date) -> PromiseState:
        return state_of(self.first, self.kept_on, today, broken_on=self.broken_on)

    @property
    def days_late(self) -> int:
        """Of one that was answered."""
        return days_late(self.first, self.kept_on, self.first)


class Reply(Struct, frozen=True):
    """due_on: the promised day that holds now; first: the one promised at first; kept_on: when a note kept it.

    why: the public reason why the day was moved, the last time it was, in `why_language`; empty where none was given.
    broken_on: when we said that no reply comes, for the reason in broken_why.

    notes: oldest first; those on its themes once it is closed, the newest ten of them. before: the newest three, newest
    first. next_closing: when this changes with no news.
    """

    first: date
    due_on: date
    kept_on: date | None
    why: str
    why_language: str
    broken_on: date | None
    broken_why: str
    notes: list[Answered]
    before: list[Earlier]
    next_closing: datetime | None

    @property
    def moved(self) -> bool:
        return self.due_on != self.first


DECODER = msgspec.json.Decoder(Reply)


async def reply(company_id: UUID, question_id: UUID, now: datetime) -> Reply:
    """Of a question that there is. In one statement: whatever there is to tell, it asks once."""
    text: str = await fetch_value(REPLY, company_id, question_id, now)
    return DECODER.decode(text)


# A question that was never opened (a draft being looked at) has no promise yet, only the day it is going to name.
REPLY = """
with asked as (
    select q.id, q.title, q.language, q.slug, q.reply_by, q.closes_at, true as here
    from question q where q.company = $1 and q.id = $2
    union all
    (select q.id, q.title, q.language, q.slug, q.reply_by, q.closes_at, false
     from question q
     where q.company = $1 and q.id <> $2 and q.state <> 'draft' and (q.state = 'closed' or q.closes_at <= $3)
     order by q.closes_at desc, q.id desc limit 3)
), told as (
    select q.here, q.title, q.language, q.slug, q.closes_at, q.id,
           coalesce(p.first, q.reply_by) as first, coalesce(p.due_on, q.reply_by) as due_on, p.kept_on,
           coalesce(p.why, '') as why, coalesce(p.why_language, q.language) as why_language,
           p.broken_on, coalesce(p.broken_why, '') as broken_why
    from asked q
    cross join lateral (
        select min(due_on) as first, max(due_on) as due_on,
               case when bool_and(kept_on is not null) then max(kept_on) end as kept_on,
               (array_agg(why order by due_on desc))[1] as why,
               (array_agg(language order by due_on desc))[1] as why_language,
               max(broken_on) as broken_on, max(broken_why) as broken_why
        from promise where company = $1 and question = q.id and kind = 'reply') p
), answering as (
    select note from note_question where company = $1 and question = $2
), speaking as (
    select note, true as answers from answering
    union all
    (select n.id, false
     from question q join note n on n.company = $1 and n.state <> 'draft' and n.published_at >= q.opens_at
     where q.company = $1 and q.id = $2 and (q.state = 'closed' or q.closes_at <= $3)
       and n.id not in (select note from answering)
       and exists (select from note_theme l join theme t on t.company = $1 and t.id = l.theme
                   join theme_spoken s on s.company = $1 and s.theme = t.heir and $2 = any(s.questions)
                   where l.company = $1 and l.note = n.id)
     order by n.published_at desc, n.id limit 10)
)
select json_build_object(
    'first', t.first, 'due_on', t.due_on, 'kept_on', t.kept_on,
    'why', t.why, 'why_language', t.why_language, 'broken_on', t.broken_on, 'broken_why', t.broken_why,
    'notes', (select coalesce(json_agg(json_build_object(
                  'slug', n.slug, 'kind', n.kind, 'state', n.state, 'language', n.language,
                  'published_at', n.published_at, 'answers', s.answers, 'title', coalesce((
                      select f.words from revision v
                      join note_field f on f.company = $1 and f.revision = v.id and f.name = 'title'
                      where v.company = $1 and v.note = n.id and v.kind <> 'withdrawn'
                      order by v.number desc limit 1), '')) order by n.published_at, n.id), '[]')
              from speaking s join note n on n.company = $1 and n.id = s.note and n.state <> 'draft'),
    'before', (select coalesce(json_agg(json_build_object(
                   'title', b.title, 'language', b.language, 'first', b.first, 'kept_on', b.kept_on,
                   'broken_on', b.broken_on,
                   'link', coalesce('log/' || (
                       select n.slug from note_question l
                       join note n on n.company = $1 and n.id = l.note and n.state = 'published'
                       where l.company = $1 and l.question = b.id and b.kept_on is not null and n.kind <> 'holding'
                       order by n.published_at, n.id limit 1), 'ask/' || b.slug))
                   order by b.closes_at desc, b.id desc), '[]') from told b where not b.here),
    'next_closing', (select min(closes_at) from question
                     where company = $1 and id <> $2 and state = 'open' and closes_at > $3)
) from told t where t.here
"""
