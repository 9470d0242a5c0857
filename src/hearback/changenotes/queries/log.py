"""The entries of the public log and the company's page, in one statement."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from hearback.asking.queries import Told
from hearback.clock import day_in
from hearback.database.engine import fetch_value
from hearback.people.queries import Company


class Said(Struct, frozen=True):
    """What a list shows of a note, in one language. at: when the translation came; None: the note's own words."""

    title: str
    asked: str
    answer: str
    language: str
    at: datetime | None = None


class LogEntry(Struct, frozen=True):
    """A note as lists show it. answer: what the kind answers with: did, reason, wrong or known.

    voices: people behind its themes, of `asked_people` who answered the questions behind them; both are 0
    where fewer stand behind it than the public may see. due_on: the next day it names; overdue_since: the
    oldest day that has passed, its questions' promised reply included. held: what we last said of whether its repair
    has held, as promises/rules.py Held; empty before. corrections: later revisions.
    contested: how many of all that `said_later` how it is say that nothing has changed for them, or it got worse.
    nth: the how many-th time we admit this mistake. form: `kept` where we kept what people wanted kept.
    translations: of its newest version; one that lags behind is not among them.
    """

    id: UUID
    slug: str
    kind: str
    language: str
    state: str
    published_at: datetime
    title: str
    asked: str
    answer: str
    signer: str
    signer_title: str
    signer_face: str | None
    question: str
    question_slug: str
    question_language: str
    question_titles: tuple[Told, ...]
    voices: int
    asked_people: int
    weight_reason: str
    agreed: int
    corrected_us: int
    contested: int
    said_later: int
    corrections: int
    changed_at: datetime
    withdrawn_because: str
    nth: int
    form: str
    due_on: date | None
    overdue_since: date | None
    held: str
    translations: tuple[Said, ...]

    def told(self, language: str) -> Said:
        """In the reader's language where it was said in it, else as it was written."""
        own = Said(self.title, self.asked, self.answer, self.language)
        there = () if self.state == "withdrawn" else self.translations
        return next((one for one in there if one.language == language), own)

    def told_question(self, language: str) -> Told:
        own = Told(self.question, self.question_language)
        return next((one for one in self.question_titles if one.language == language), own)


class LogPage(Struct, frozen=True):
    """Entries, newest first, and the newest mistakes, whether among the entries or not.

    Each a LogEntry, as the JSON text that PostgreSQL made: what a page is made of is nearly always what it was made of
    before, and a text is recognised without being read.
    """

    entries: tuple[Raw, ...]
    mistakes: tuple[Raw, ...]


PAGE = msgspec.json.Decoder(LogPage)
ENTRY = msgspec.json.Decoder(LogEntry)


async def log_page(
    company: Company,
    *,
    now: datetime,
    kind: str | None = None,
    before: tuple[datetime, UUID | None] | None = None,
    limit: int = 20,
    mistakes: int = 0,
    only: list[UUID] | None = None,
) -> LogPage:
    """Corrected and withdrawn notes stay. before: moment and id of the last entry already seen; only: these.

    One statement, and PostgreSQL makes the JSON: the page is rendered anew with every change and every midnight,
    and rows and columns cost our processes more than one text.
    """
    text: str = await fetch_value(
        LOG,
        company.id,
        kind,
        before[0] if before else None,
        before[1] if before else None,
        limit,
        mistakes,
        company.fewest_voices,
        day_in(company.timezone, now),
        only,
    )
    return PAGE.decode(text)


LOG = """
with shown as materialized (
    (select n.id, n.slug, n.kind, n.language, n.state, n.published_at, n.signed_by, n.signed_as, n.nth,
            true as newest from note n
     where n.company = $1 and n.published_at is not null and ($2::text is null or n.kind = $2)
       and ($9::uuid[] is null or n.id = any($9))
       and ($3::timestamptz is null or (n.published_at, n.id) < ($3, coalesce($4::uuid, n.id)))
     order by n.published_at desc, n.id desc limit $5)
    union all
    (select n.id, n.slug, n.kind, n.language, n.state, n.published_at, n.signed_by, n.signed_as, n.nth,
            false from note n
     where n.company = $1 and n.published_at is not null and n.kind = 'mistake'
     order by n.published_at desc, n.id desc limit $6)
), behind as materialized (
    -- Step by step from the notes: right after an import the planner takes every table for nearly empty, and has
    -- begun at all responses of the company. "offset 0" keeps the steps apart.
    select n.note, r.question, count(distinct r.id) as voices
    from (select l.note, t.id as theme from note_theme l
          join theme w on w.company = $1 and w.id = l.theme
          join theme t on t.company = $1 and t.heir = w.heir
          where l.company = $1 and l.note in (select id from shown) offset 0) n
    cross join lateral (
        select e.response from placement p join excerpt e on e.company = $1 and e.id = p.excerpt
        where p.company = $1 and p.theme = n.theme offset 0) said
    cross join lateral (
        select r.id, r.question from response r
        where r.company = $1 and r.id = said.response and r.state = 'counted' and not r.test offset 0) r
    group by n.note, r.question
), counted as materialized (
    select r.question, count(*) as people from response r
    where r.company = $1 and r.state = 'counted' and not r.test and r.question in (select question from behind)
    group by r.question
), entry as materialized (
    select s.newest, s.id, s.slug, s.kind, s.language, s.state, s.published_at, s.nth, d.title, d.asked, d.answer,
           d.form, m.name as signer, coalesce(s.signed_as, m.role_title) as signer_title,
           m.face_digest as signer_face,
           coalesce(q.title, '') as question, coalesce(q.slug, '') as question_slug,
           coalesce(q.language, s.language) as question_language,
           (select coalesce(json_agg(json_build_object('words', value -> 'title', 'language', key)), '[]')
            from jsonb_each(q.translations) where value ? 'title') as question_titles,
           case when pe.voices >= $7 or w.weight_reason <> '' then coalesce(pe.voices, 0) else 0 end as voices,
           case when pe.voices >= $7 or w.weight_reason <> '' then coalesce(pe.people, 0) else 0 end as asked_people,
           coalesce(w.weight_reason, '') as weight_reason, c.agreed, c.corrected_us,
           cb.contested, cb.said_later,
           h.corrections, h.changed_at, h.withdrawn_because, dy.due_on, dy.overdue_since, dy.held, tr.translations
    from shown s
    join member m on m.company = $1 and m.id = s.signed_by
    cross join lateral (
        select count(*) filter (where v.kind = 'corrected') as corrections, max(v.at) as changed_at,
               coalesce(max(v.reason) filter (where v.kind = 'withdrawn'), '') as withdrawn_because,
               max(v.number) filter (where v.kind <> 'withdrawn') as newest
        from revision v where v.company = $1 and v.note = s.id) h
    join revision v on v.company = $1 and v.note = s.id and v.number = h.newest
    cross join lateral (
        select coalesce(max(f.words) filter (where f.name = 'title'), '') as title,
               coalesce(max(f.words) filter (where f.name = 'asked'), '') as asked,
               coalesce(max(f.words) filter (where f.name =
                   case s.kind when 'changed' then 'did' when 'not_changed' then 'reason'
                               when 'mistake' then 'wrong' else 'known' end), '') as answer,
               coalesce(max(f.words) filter (where f.name = 'form'), '') as form
        from note_field f where f.company = $1 and f.revision = v.id) d
    cross join lateral (
        select coalesce(json_agg(json_build_object(
                   'language', o.language, 'at', o.at, 'title', o.fields ->> 'title',
                   'asked', coalesce(o.fields ->> 'asked', ''),
                   'answer', coalesce(o.fields ->> case s.kind
                       when 'changed' then 'did' when 'not_changed' then 'reason'
                       when 'mistake' then 'wrong' else 'known' end, ''))), '[]') as translations
        from (select distinct on (t.language) t.language, t.at, t.fields, t.of_number from note_translation t
              where t.company = $1 and t.note = s.id order by t.language, t.at desc, t.id desc) o
        where o.of_number = h.newest and coalesce(o.fields ->> 'title', '') <> '') tr
    cross join lateral (
        select max(t.weight_reason) as weight_reason from note_theme l
        join theme w on w.company = $1 and w.id = l.theme
        join theme t on t.company = $1 and t.id = w.heir
        where l.company = $1 and l.note = s.id) w
    cross join lateral (
        select sum(b.voices) as voices, sum(c.people) as people
        from behind b join counted c on c.question = b.question where b.note = s.id) pe
    cross join lateral (
        select count(*) filter (where b.verdict = 'yes') as agreed,
               count(*) filter (where b.verdict <> 'yes') as corrected_us
        from hearback b join response r on r.company = $1 and r.id = b.response and r.state = 'counted'
        where b.company = $1 and b.note = s.id) c
    cross join lateral (
        select count(*) filter (where b.verdict in ('same', 'worse')) as contested, count(*) as said_later
        from check_back b join response r on r.company = $1 and r.id = b.response and r.state = 'counted'
        where b.company = $1 and b.note = s.id and b.verdict is not null) cb
    cross join lateral (
        select min(due_on) filter (where not moved) as due_on,
               min(due_on) filter (where due_on < $8) as overdue_since,
               coalesce((select p.held from promise p where p.company = $1 and p.note = s.id and p.held <> ''
                         order by p.due_on desc limit 1), '') as held
        from (select p.due_on, exists (
                         select from promise n where n.company = $1 and n.instead_of = p.id) as moved
              from promise p
              where p.company = $1 and p.note = s.id and p.kept_on is null and p.broken_on is null
              union all
              select p.due_on, true from note_question l
              join promise p on p.company = $1 and p.question = l.question and p.kind = 'reply'
                   and p.kept_on is null and p.broken_on is null
              where l.company = $1 and l.note = s.id) open_ones) dy
    left join lateral (
        select question from (
            select l.question, 1 as ticked, 0::bigint as voices from note_question l
            where l.company = $1 and l.note = s.id
            union all select b.question, 0, b.voices from behind b where b.note = s.id) any_of
        order by ticked desc, voices desc, question limit 1) a on true
    left join question q on q.company = $1 and q.id = a.question and q.state <> 'draft'
)
select json_build_object(
    'entries', (select coalesce(json_agg(e order by e.published_at desc, e.id desc), '[]')
                from entry e where e.newest),
    'mistakes', (select coalesce(json_agg(e order by e.published_at desc, e.id desc), '[]')
                 from entry e where not e.newest)
)"""
