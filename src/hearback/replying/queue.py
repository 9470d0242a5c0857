"""Queries: what waits at the desk for a word, for a second look or for somebody's hand, and how it went so far."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one
from hearback.replying.queries import replies
from hearback.replying.rules import ReplyState

MOST = 100  # of each list


class Talk(Struct, frozen=True):
    """An answer whose fan has said something that nobody has replied to. day: of the oldest word; n: of them."""

    response: UUID
    title: str
    words: str
    language: str
    day: date
    n: int


class Open(Struct, frozen=True):
    """A reply that is not out yet. title: of the question, or the theme's name."""

    id: UUID
    response: UUID | None
    theme: UUID | None
    title: str
    words: str
    language: str
    writer: UUID
    writer_name: str
    saved_at: datetime
    returned_why: str


class Step(Struct, frozen=True):
    """A next step that is still to be done."""

    reply: UUID
    response: UUID | None
    theme: UUID | None
    words: str
    language: str
    owner_id: UUID | None
    owner: str
    writer_id: UUID
    due_on: date


class Figures(Struct, frozen=True):
    """Of everybody together, and never of one member. days: the median to the first reply, None where there is none;
    replied: answers that got one."""

    heard: list[int]
    answered: list[int]
    days: float | None
    replied: int


async def waiting_talks(company_id: UUID) -> list[Talk]:
    """The oldest word first."""
    return await fetch(
        Talk,
        """select b.response, q.title, (array_agg(b.words order by b."on" desc, b.nth desc))[1] as words, r.language,
                  min(b."on") as day, count(*) as n
           from word_back b
           join response r on r.company = b.company and r.id = b.response
           join question q on q.company = r.company and q.id = r.question
           where b.company = $1 and b.settled_on is null and r.state not in ('withdrawn', 'erased')
           group by b.response, q.title, r.language order by day, b.response limit $2""",
        company_id,
        MOST,
    )


async def not_out_yet(company_id: UUID, state: ReplyState) -> list[Open]:
    """Drafts, or what waits for somebody to sign it off; the oldest first."""
    return await fetch(
        Open,
        """select y.id, y.response, y.theme, coalesce(q.title, h.name, '') as title,
                  coalesce(nullif(y.fact, ''), nullif(y.feeling, ''), y.next_step) as words, y.language, y.writer,
                  m.name as writer_name, y.saved_at, y.returned_why
           from reply y
           join member m on m.company = y.company and m.id = y.writer
           left join response r on r.company = y.company and r.id = y.response
           left join question q on q.company = r.company and q.id = r.question
           left join theme t on t.company = y.company and t.id = y.theme
           left join theme h on h.company = t.company and h.id = t.heir
           where y.company = $1 and y.state = $2 order by y.saved_at, y.id limit $3""",
        company_id,
        state.value,
        MOST,
    )


async def steps_to_do(company_id: UUID) -> list[Step]:
    """What replies promised and nobody has done yet; the nearest day first."""
    return [
        Step(
            one.id,
            one.response,
            one.theme,
            one.next_step,
            one.language,
            one.owner_id,
            one.owner_name,
            one.writer_id,
            one.due_on,
        )
        for one in sorted(
            await replies(company_id, unkept=True), key=lambda one: (one.due_on or date.max, one.id)
        )
        if one.due_on is not None and not one.corrected
    ][:MOST]


async def figures(company_id: UUID) -> Figures:
    found = await fetch_one(
        Figures,
        """select (select array[count(*) filter (where heard = 'yes'), count(*) filter (where heard = 'partly'),
                                count(*) filter (where heard = 'no')] from reply_voice where company = $1) as heard,
                  (select array[count(*) filter (where answered = 'yes'), count(*) filter (where answered = 'partly'),
                                count(*) filter (where answered = 'no')] from reply_voice where company = $1)
                      as answered,
                  percentile_cont(0.5) within group (order by f.days) as days, count(*) as replied
           from (select (min(y.sent_at at time zone c.timezone)::date - r.day) as days
                 from reply y join response r on r.company = y.company and r.id = y.response
                 join company c on c.id = y.company
                 where y.company = $1 and y.state = 'sent' group by r.id, r.day) f""",
        company_id,
    )
    return found or Figures([0, 0, 0], [0, 0, 0], None, 0)
