"""One public note, in one statement."""

import re
from uuid import UUID

import msgspec

from hearback.changenotes.queries.public_note import Entry
from hearback.database.engine import fetch_value
from hearback.refusals import NotFound


class Gone(NotFound):
    """No public note has this address; a draft's is as unknown as any."""


SLUG = re.compile("[a-z0-9-]{1,80}")
DECODER = msgspec.json.Decoder(Entry)


async def entry(company_id: UUID, slug: str, *, fewest_voices: int) -> Entry:
    """Raises Gone, also for what can be no slug: an address may hold anything, even what no text can."""
    if not SLUG.fullmatch(slug):
        raise Gone
    text: str | None = await fetch_value(ENTRY, company_id, slug, fewest_voices)
    if text is None:
        raise Gone
    return DECODER.decode(text)


ENTRY = """
with the as materialized (
    select n.*, m.name as signer, coalesce(n.signed_as, m.role_title) as signer_title,
           m.face_digest as signer_face from note n join member m on m.company = n.company and m.id = n.signed_by
    where n.company = $1 and n.slug = $2 and n.state <> 'draft'
), heirs as materialized (
    select w.heir, max(w.heir_since) filter (where w.id <> w.heir) as joined_on,
           max(w.heir_since) filter (where w.id = w.heir) as parted_on
    from the join note_theme l on l.company = $1 and l.note = the.id
    join theme w on w.company = $1 and w.id = l.theme group by w.heir
), behind as materialized (
    select distinct h.heir, r.id as response, r.question from heirs h
    join theme t on t.company = $1 and t.heir = h.heir
    join placement p on p.company = $1 and p.theme = t.id
    join excerpt e on e.company = $1 and e.id = p.excerpt
    join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
), themes as (
    select t.id, t.name, t.reworded_on, h.joined_on, h.parted_on, t.weight_reason, count(b.response) as voices
    from heirs h
    join theme t on t.company = $1 and t.id = h.heir
    left join behind b on b.heir = h.heir
    where t.state = 'named' group by t.id, t.name, t.reworded_on, h.joined_on, h.parted_on, t.weight_reason
    having count(b.response) >= $3 or t.weight_reason <> ''
), asked as (
    select q.title, q.slug, q.language,
           (select coalesce(json_object_agg(key, value -> 'title'), '{}') from jsonb_each(q.translations)
            where value ? 'title') as titles,
           (select count(distinct b.response) from behind b where b.question = q.id) as voices,
           (select count(*) from response r where r.company = $1 and r.question = q.id and r.state = 'counted'
              and not r.test) as people
    from question q
    where q.company = $1 and q.state <> 'draft'
      and (q.id in (select question from behind)
           or q.id in (select l.question from note_question l join the on l.note = the.id where l.company = $1))
), questions as (
    select title, slug, language, titles, people, voices between 1 and $3 - 1 as few,
           case when bool_or(voices between 1 and $3 - 1) over () then 0 else voices end as voices
    from asked
), quotes as (
    select q.position, coalesce(q.language, '') as language, q.gone,
           case when q.gone = '' then q.words end as words,
           case when q.gone = '' and q.quoting = 'named' then q.first_name else '' end as first_name,
           case when q.gone = '' and q.quoting = 'named' then q.place else '' end as place
    from (
        select l.position, r.language, r.quoting, r.first_name, r.place,
               substr(a.words, e.starts + 1, e.ends - e.starts) as words,
               case when l.excerpt is null or a.id is null then coalesce(nullif(l.gone, ''), 'erased')
                    when r.state in ('held', 'set_aside') or r.test then 'aside'
                    when r.state <> 'counted' or r.quoting = 'no' then 'withdrawn'
                    when (select count(*) from behind b where b.heir = t.heir) < $3 then 'few'
                    else '' end as gone
        from the
        join note_quote l on l.company = $1 and l.note = the.id
        left join excerpt e on e.company = $1 and e.id = l.excerpt
        left join answer a on a.company = $1 and a.id = e.answer
        left join response r on r.company = $1 and r.id = e.response
        left join placement p on p.company = $1 and p.excerpt = e.id
        left join theme t on t.company = $1 and t.id = p.theme) q
), promises as (
    select p.kind, p.words, p.language, p.due_on, p.kept_on, p.broken_on, p.broken_why, p.held, p.outcome,
           newer.due_on as replaced_by, coalesce(newer.why, '') as replaced_why
    from the join promise p on p.company = $1 and (p.note = the.id or p.kind = 'reply' and p.question in (
        select l.question from note_question l where l.company = $1 and l.note = the.id))
    left join promise newer on newer.company = $1 and newer.instead_of = p.id
), others as (
    select n.id, n.repeats, n.slug, n.language, n.published_at, coalesce((
               select f.words from revision v
               join note_field f on f.company = $1 and f.revision = v.id and f.name = 'title'
               where v.company = $1 and v.note = n.id and v.kind in ('published', 'corrected')
               order by v.number desc limit 1), '') as title
    from the join note n on n.company = $1 and n.state <> 'draft' and (n.id = the.repeats or n.repeats = the.id)
), revisions as (
    select v.number, v.kind, v.reason, m.name as by, v.at, (
        select coalesce(json_agg(json_build_object('name', f.name, 'words', f.words, 'until', f.until)), '[]')
        from note_field f where f.company = $1 and f.revision = v.id) as fields
    from the join revision v on v.company = $1 and v.note = the.id
    join member m on m.company = $1 and m.id = v.by
), checked as (
    select count(*) filter (where b.verdict = 'yes') as agreed,
           count(*) filter (where b.verdict <> 'yes') as corrected_us
    from the join hearback b on b.company = $1 and b.note = the.id
    join response r on r.company = $1 and r.id = b.response and r.state = 'counted'
), later as (
    select b.verdict, count(*) as n from the join check_back b on b.company = $1 and b.note = the.id
    join response r on r.company = $1 and r.id = b.response and r.state = 'counted'
    where b.verdict is not null group by b.verdict
)
select json_build_object(
    'answered', (select case when count(*) >= $3 then count(*) else 0 end as n from response r
                 where r.company = $1 and r.note = the.id and r.state = 'counted' and not r.test),
    'answered_by_few', (select count(*) between 1 and $3 - 1 from response r
                        where r.company = $1 and r.note = the.id and r.state = 'counted' and not r.test),
    'id', the.id, 'slug', the.slug, 'kind', the.kind, 'language', the.language, 'state', the.state,
    'published_at', the.published_at, 'signer', the.signer, 'signer_title', the.signer_title,
    'signer_face', the.signer_face, 'nth', the.nth,
    'topic', coalesce((select d.topics[the.topic + 1] from mandate d where d.company = $1 and d.id = the.mandate), ''),
    'cosigners', array(select m.name from note_cosign c join member m on m.company = $1 and m.id = c.member
                       where c.company = $1 and c.note = the.id order by c.at, c.id),
    'answer_at', (
        select json_build_object('slug', q.slug, 'title', q.title, 'language', q.language) from question q
        left join note_door d on d.company = $1 and d.question = q.id
        where q.company = $1 and q.state = 'open' and q.level <> 'invited'
          and q.opens_at <= current_timestamp and q.closes_at > current_timestamp
          and (d.id is not null or q.id in (select question from behind)
               or q.id in (select l.question from note_question l where l.company = $1 and l.note = the.id)
               or exists (select from theme_question l join theme t on t.company = $1 and t.id = l.theme
                          where l.company = $1 and l.question = q.id and t.heir in (select heir from heirs)))
        order by d.id is not null, q.closes_at desc, q.id limit 1),
    'before', (select o from others o where o.id = the.repeats), 'again', (select o from others o
        where o.repeats = the.id order by o.published_at limit 1),
    'publisher', first.name, 'publisher_title', first.by_as,
    'revisions', (select json_agg(v order by v.number) from revisions v),
    'quotes', (select coalesce(json_agg(q order by q.position), '[]') from quotes q),
    'questions', (select coalesce(json_agg(q order by q.voices desc, q.slug), '[]') from questions q),
    'themes', (select coalesce(json_agg(t order by t.voices desc, t.name), '[]') from themes t),
    'actions', (select coalesce(json_agg(json_build_object(
                    'title', x.title, 'state', x.state, 'due_on', x.due_on, 'owner', m.name, 'done_at', (
                        select max(s.at) from action_step s
                        where s.company = $1 and s.action = x.id and s.state = 'done' and x.state = 'done'))
                    order by x.due_on, x.id), '[]')
                from note_action l
                join action x on x.company = $1 and x.id = l.action
                join member m on m.company = $1 and m.id = x.owner
                where l.company = $1 and l.note = the.id),
    'promises', (select coalesce(json_agg(p order by coalesce(p.kept_on, p.broken_on) is not null, p.due_on), '[]')
                 from promises p),
    'agreed', (select agreed from checked), 'corrected_us', (select corrected_us from checked),
    'better', coalesce((select n from later where verdict = 'better'), 0),
    'same', coalesce((select n from later where verdict = 'same'), 0),
    'worse', coalesce((select n from later where verdict = 'worse'), 0),
    'not_mine', coalesce((select n from later where verdict = 'not_mine'), 0))
from the
join lateral (select m.name, v.by_as from revision v join member m on m.company = $1 and m.id = v.by
              where v.company = $1 and v.note = the.id order by v.number limit 1) first on true"""
