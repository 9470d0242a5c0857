"""What stands around the entries of the log and the company's page, the same on all of them."""

from datetime import date, datetime

import msgspec
from msgspec import Struct

from hearback.asking.queries import Told
from hearback.clock import day_in
from hearback.database.engine import fetch_value
from hearback.people.queries import Company
from hearback.promises.queries import Sums
from hearback.promises.rules import PromiseState, days_late, state_of

PROMISES = 4


class Asked(Struct, frozen=True):
    """A question that is open now. last_moment: one second before it closes, on its last day.

    reply_by: the promised day that holds; first_reply_by: the one that was promised at first.
    """

    slug: str
    title: str
    language: str
    reply_by: date
    first_reply_by: date
    last_moment: datetime
    asker: str
    asker_title: str
    asker_face: str | None
    titles: dict[str, str]

    def told_title(self, language: str) -> Told:
        found = self.titles.get(language)
        return Told(found, language) if found else Told(self.title, self.language)


class Promised(Struct, frozen=True):
    """replaced_by: the day that a newer promise names instead; replaced_why: the public reason, empty for none."""

    words: str
    language: str
    due_on: date
    kept_on: date | None
    broken_on: date | None
    replaced_by: date | None
    replaced_why: str
    link: str

    def state(self, today: date) -> PromiseState:
        return state_of(self.due_on, self.kept_on, today, broken_on=self.broken_on)

    def days_late(self, today: date) -> int:
        return days_late(self.due_on, self.kept_on, today)


class Leader(Struct, frozen=True):
    name: str
    role_title: str
    face: str | None


class Around(Struct, frozen=True):
    """leader: who stands for the page. next_turn: when a question opens or closes next. account: in the fediverse."""

    asked: tuple[Asked, ...]
    promises: tuple[Promised, ...]
    sums: Sums
    leader: Leader | None
    first_day: datetime | None
    next_turn: datetime | None
    account: bool


AROUND = msgspec.json.Decoder(Around)


async def around(company: Company, *, now: datetime) -> bytes:
    """An Around, as the JSON text that PostgreSQL made."""
    text: str = await fetch_value(SQL, company.id, day_in(company.timezone, now), now, PROMISES)
    return text.encode()


SQL = """
select json_build_object(
    'next_turn', (select min(turn) from question, unnest(array[opens_at, closes_at]) as turn
                  where company = $1 and state = 'open' and turn > $3),
    'asked', (select coalesce(json_agg(json_build_object(
                  'slug', q.slug, 'title', q.title, 'language', q.language,
                  'reply_by', coalesce(p.due_on, q.reply_by), 'first_reply_by', coalesce(p.first, q.reply_by),
                  'last_moment', q.closes_at - interval '1 second',
                  'asker', m.name, 'asker_title', m.role_title, 'asker_face', m.face_digest, 'titles', q.titles)
                  order by q.closes_at, q.id), '[]')
              from (select *, (select coalesce(json_object_agg(key, value -> 'title'), '{}')
                               from jsonb_each(translations) where value ? 'title') as titles from question) q
              join member m on m.company = q.company and m.id = q.asked_by
              cross join lateral (select min(due_on) as first, max(due_on) as due_on from promise
                                  where company = $1 and question = q.id and kind = 'reply') p
              where q.company = $1 and q.state = 'open' and q.opens_at <= $3 and q.closes_at > $3
                and (q.most is null or q.most > (
                    select count(*) from response r
                    where r.company = q.company and r.question = q.id and r.state = 'counted' and not r.test))),
    'promises', (select coalesce(json_agg(p), '[]') from (
                     select p.words, p.language, p.due_on, p.kept_on, p.broken_on, newer.due_on as replaced_by,
                            coalesce(newer.why, '') as replaced_why,
                            coalesce('log/' || n.slug, 'ask/' || q.slug, '') as link
                     from promise p
                     left join promise newer on newer.company = $1 and newer.instead_of = p.id
                     left join question q on q.company = $1 and q.id = p.question
                     left join note n on n.company = $1 and n.id = p.note and n.state <> 'draft'
                     where p.company = $1
                     order by coalesce(p.kept_on, p.broken_on) is not null,
                              case when coalesce(p.kept_on, p.broken_on) is null then p.due_on end,
                              coalesce(p.kept_on, p.broken_on) desc, p.id
                     limit greatest($4, (select count(*) from promise where company = $1 and due_on < $2
                                         and kept_on is null and broken_on is null))) p),
    'sums', (select json_build_object(
                 'running', count(*) filter (where kept_on is null and broken_on is null and due_on >= $2),
                 'overdue', count(*) filter (where kept_on is null and broken_on is null and due_on < $2),
                 'kept', count(*) filter (where kept_on <= due_on),
                 'kept_late', count(*) filter (where kept_on > due_on),
                 'broken', count(*) filter (where broken_on is not null)) from promise where company = $1),
    'leader', (select json_build_object('name', name, 'role_title', role_title, 'face', face_digest) from member
               where company = $1 and leads and active order by created_at, id limit 1),
    'account', exists (select from fedi_account where company = $1 and active),
    'first_day', (select min(opens_at) from question where company = $1 and state <> 'draft')
)"""
