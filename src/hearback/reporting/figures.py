"""Queries: a month counted, by the days of its company. Heavy, and therefore only for the worker."""

from datetime import date
from uuid import UUID

import msgspec

from hearback.database.engine import fetch_value
from hearback.reporting.rules import (
    READ_WITHIN_DAYS,
    REPLIED_WITHIN_DAYS,
    Figures,
    guarded,
    next_month,
)

DECODER = msgspec.json.Decoder(Figures)


async def figures_of(company_id: UUID, month: date, *, fewest: int) -> Figures:
    """month: its first day; fewest: people that the public may count."""
    text: str = await fetch_value(
        FIGURES, company_id, month, next_month(month), READ_WITHIN_DAYS, REPLIED_WITHIN_DAYS
    )
    return guarded(DECODER.decode(text), fewest)


# The first word to a person: a reply to their answer, a note that answers their question, a note on a theme that they
# are in or a public reply to it, whichever came first after they had answered. A holding note only says: not yet.
FIGURES = """
with c as (
    select id, timezone from company where id = $1
), out as materialized (
    select n.id, n.kind, (n.published_at at time zone c.timezone)::date as day
    from c join note n on n.company = c.id and n.published_at is not null
), person as materialized (
    select r.id, r.question, r.day, r.read_on from response r
    where r.company = $1 and r.state = 'counted' and not r.test and r.day < $3
), said as materialized (
    select distinct p.id, p.day, t.heir from person p
    join excerpt e on e.company = $1 and e.response = p.id
    join placement l on l.company = $1 and l.excerpt = e.id
    join theme t on t.company = $1 and t.id = l.theme
), word as materialized (
    select id, min(day) as day from (
        select p.id, (y.sent_at at time zone c.timezone)::date as day from c
        join reply y on y.company = c.id and y.state = 'sent' join person p on p.id = y.response
        union all
        select p.id, o.day from person p
        join note_question q on q.company = $1 and q.question = p.question
        join out o on o.id = q.note and o.kind <> 'holding' and o.day >= p.day
        union all
        select s.id, o.day from said s
        join theme t on t.company = $1 and t.heir = s.heir
        join note_theme l on l.company = $1 and l.theme = t.id
        join out o on o.id = l.note and o.kind <> 'holding' and o.day >= s.day
        union all
        select s.id, (y.sent_at at time zone c.timezone)::date from c
        join reply y on y.company = c.id and y.state = 'sent'
        join theme t on t.company = c.id and t.id = y.theme
        join said s on s.heir = t.heir and s.day <= (y.sent_at at time zone c.timezone)::date) each group by id
), read as (
    select greatest(0, read_on - day) as days from person where read_on >= $2 and read_on < $3
), replied as (
    select greatest(0, w.day - p.day) as days from word w join person p on p.id = w.id
    where w.day >= $2 and w.day < $3
), promised as (
    select due_on, kept_on, broken_on, kind, held, (made_at at time zone c.timezone)::date as made_on,
           exists (select from promise m where m.company = c.id and m.instead_of = p.id) as moved
    from c join promise p on p.company = c.id
)
select json_build_object(
    'asked', (select count(*) from c join question q on q.company = c.id and q.state <> 'draft'
              where (q.opens_at at time zone c.timezone)::date >= $2
                and (q.opens_at at time zone c.timezone)::date < $3),
    'received', (select count(*) from response where company = $1 and not test and day >= $2 and day < $3),
    'counted', (select count(*) from person where day >= $2),
    'read', json_build_object(
        'n', (select count(*) from read), 'within', (select count(*) from read where days <= $4::int),
        'median', (select percentile_cont(0.5) within group (order by days) from read),
        'waiting', (select count(*) from person where read_on is null or read_on >= $3),
        'too_long', (select count(*) from person
                     where (read_on is null or read_on >= $3) and $3::date - 1 - day > $4::int)),
    'replied', json_build_object(
        'n', (select count(*) from replied), 'within', (select count(*) from replied where days <= $5::int),
        'median', (select percentile_cont(0.5) within group (order by days) from replied),
        'waiting', (select count(*) from person p left join word w on w.id = p.id
                    where w.day is null or w.day >= $3),
        'too_long', (select count(*) from person p left join word w on w.id = p.id
                     where (w.day is null or w.day >= $3) and $3::date - 1 - p.day > $5::int)),
    'decided', (select count(distinct t.heir) from out o
                join note_theme l on l.company = $1 and l.note = o.id
                join theme t on t.company = $1 and t.id = l.theme
                where o.kind <> 'holding' and o.day >= $2 and o.day < $3),
    'promises', (select json_build_object(
        'kept', count(*) filter (where kept_on >= $2 and kept_on < $3 and kept_on <= due_on),
        'late', count(*) filter (where kept_on >= $2 and kept_on < $3 and kept_on > due_on),
        'broken', count(*) filter (where broken_on >= $2 and broken_on < $3),
        'overdue', count(*) filter (where due_on < $3 and coalesce(kept_on, broken_on, $3) >= $3),
        'running', count(*) filter (where due_on >= $3 and made_on < $3 and coalesce(kept_on, broken_on, $3) >= $3)
        ) from promised),
    'mistakes', (select count(*) from out where kind = 'mistake' and day >= $2 and day < $3),
    'held', (select json_build_object(
        'yes', count(*) filter (where held = 'yes'), 'partly', count(*) filter (where held = 'partly'),
        'no', count(*) filter (where held = 'no')) from promised
        where kind = 'follow_up' and not moved and kept_on >= $2 and kept_on < $3),
    'better', (select json_build_object(
        'yes', count(*) filter (where b.verdict = 'better'), 'partly', count(*) filter (where b.verdict = 'same'),
        'no', count(*) filter (where b.verdict in ('worse', 'not_mine')))
        from check_back b join out o on o.id = b.note and o.kind = 'mistake' join person p on p.id = b.response
        where b.company = $1 and b."on" >= $2 and b."on" < $3),
    'understood', (select json_build_object(
        'yes', count(*) filter (where h.verdict = 'yes'), 'partly', count(*) filter (where h.verdict = 'not_quite'),
        'no', count(*) filter (where h.verdict = 'no'))
        from hearback h join person p on p.id = h.response
        where h.company = $1 and h."on" >= $2 and h."on" < $3),
    'heard', (select json_build_object(
        'yes', count(*) filter (where v.heard = 'yes'), 'partly', count(*) filter (where v.heard = 'partly'),
        'no', count(*) filter (where v.heard = 'no'))
        from reply_voice v join person p on p.id = v.response
        where v.company = $1 and v."on" >= $2 and v."on" < $3)
)
"""
