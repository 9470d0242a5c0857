"""What became of one response, as its own fan may see it; found by the hash of the receipt code only."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering.rules import Filled, Part
from hearback.asking.queries import Told, told_in
from hearback.database.engine import fetch, fetch_one
from hearback.refusals import NotFound


class Receipt(Struct, frozen=True):
    """The response itself. reader: the member who opened it; reason: why it was set aside, if it was.

    reply_by: the promised day that holds; first_reply_by: the one that was promised at first; why: the public reason
    why it was moved, in `why_language`; empty where none was given. broken_on: when we said that no reply comes, for
    the reason in broken_why.
    """

    id: UUID
    question: UUID
    day: date
    state: str
    reason: str
    flag: str
    quoting: str
    first_name: str
    place: str
    language: str
    title: str
    slug: str
    question_language: str
    reply_by: date
    first_reply_by: date
    why: str
    why_language: str
    broken_on: date | None
    broken_why: str
    closes_at: datetime
    read_on: date | None
    ended_on: date | None
    corrected_on: date | None
    words_gone_on: date | None
    keep_months: int
    reader: str | None
    reader_title: str | None
    reader_face: str | None
    aside_by: str | None
    aside_at: datetime | None
    translations: str

    def told_title(self, language: str) -> Told:
        return told_in(self.translations, "title", language) or Told(self.title, self.question_language)


class Said(Struct, frozen=True):
    """One part of a filled-in prompt. chosen: the words of the chosen options, best first in a ranking.

    language, chosen_language: those of the prompt's words, and of its options.
    """

    prompt: str
    language: str
    chosen_language: str
    kind: str
    part: str
    words: str
    chosen: list[str]
    number: int | None
    low_label: str
    high_label: str


class Theme(Struct, frozen=True):
    """A theme this response is in. others: further voices in it; quotes: the excerpts that put it there; placed_by: the
    member who put it there, None for the program; by_fan: the fan themselves did."""

    id: UUID
    name: str
    terms: list[str]
    named: bool
    weight_reason: str
    since: date
    placed_by: str | None
    by_fan: bool
    others: int
    quotes: list[str]


class Action(Struct, frozen=True):
    """decided_by, decided_at: the newest step of its state."""

    id: UUID
    title: str
    state: str
    due_on: date
    decline_reason: str
    owner: str
    owner_title: str
    owner_face: str | None
    decided_by: str | None
    decided_at: datetime | None


class Note(Struct, frozen=True):
    """A note that came of it, in its newest revision. verdict and words: what the fan said back to it."""

    id: UUID
    slug: str
    kind: str
    state: str
    published_at: datetime
    title: str
    understood: str
    language: str
    signer: str
    signer_title: str
    signer_face: str | None
    verdict: str | None
    words: str | None


async def receipt(company_id: UUID, code_hash: bytes) -> Receipt:
    """Raises NotFound; a test answer has no receipt."""
    found = await fetch_one(
        Receipt,
        """select r.id, r.question, r.day, r.state, r.reason, r.flag, r.quoting, r.first_name, r.place, r.language,
                  q.title, q.slug, q.language as question_language, q.closes_at, r.read_on, r.ended_on,
                  r.corrected_on, r.words_gone_on, q.keep_months,
                  coalesce(p.due_on, q.reply_by) as reply_by, coalesce(p.first, q.reply_by) as first_reply_by,
                  coalesce(p.why, '') as why, coalesce(p.why_language, q.language) as why_language,
                  p.broken_on, coalesce(p.broken_why, '') as broken_why,
                  m.name as reader, m.role_title as reader_title, m.face_digest as reader_face,
                  s.name as aside_by, aside.at as aside_at,
                  q.translations
           from response r
           join question q on q.company = r.company and q.id = r.question
           left join member m on m.company = r.company and m.id = r.read_by
           left join member s on s.company = r.company and s.id = r.set_aside_by
           left join lateral (select max(at) as at from audit where company = r.company and subject = r.id
                              and did = 'answer.set-aside' and r.state = 'set_aside') aside on true
           cross join lateral (select min(due_on) as first, max(due_on) as due_on,
                                      (array_agg(why order by due_on desc))[1] as why,
                                      (array_agg(language order by due_on desc))[1] as why_language,
                                      max(broken_on) as broken_on, max(broken_why) as broken_why from promise
                               where company = r.company and question = q.id and kind = 'reply') p
           where r.company = $1 and r.receipt_hash = $2 and not r.test""",
        company_id,
        code_hash,
    )
    if found is None:
        raise NotFound
    return found


async def said(company_id: UUID, response_id: UUID, language: str) -> list[Said]:
    """The fan's own words, also where others read a bar. language: in which the prompts are told, if translated."""
    return await fetch(
        Said,
        """select coalesce(t.words ->> 'words', p.words) as prompt, p.kind, a.part,
                  coalesce(a.own_words, a.words) as words, a.number,
                  case when t.words ? 'words' then $3 else q.language end as language,
                  case when t.words ? 'options' then $3 else q.language end as chosen_language,
                  coalesce(t.words ->> 'low_label', p.low_label) as low_label,
                  coalesce(t.words ->> 'high_label', p.high_label) as high_label,
                  array(select coalesce(t.words -> 'options' ->> position, p.options[position + 1])
                        from unnest(a.chosen) with ordinality as c (position, place) order by place) as chosen
           from answer a
           join prompt p on p.company = a.company and p.id = a.prompt
           join question q on q.company = p.company and q.id = p.question
           cross join lateral (select coalesce(p.translations -> $3, '{}') as words) as t
           where a.company = $1 and a.response = $2 order by p.position, a.part""",
        company_id,
        response_id,
        language,
    )


class Stands(Struct, frozen=True):
    """One part of a filled-in prompt, as it stands now."""

    id: UUID
    prompt: UUID
    words: str
    chosen: list[int]
    number: int | None
    part: str

    @property
    def filled(self) -> Filled:
        return Filled(self.prompt, self.words, tuple(self.chosen), self.number, Part(self.part))


async def stands(company_id: UUID, response_id: UUID) -> list[Stands]:
    """Everything in a response that is still its fan's to change; locks it against another change."""
    return await fetch(
        Stands,
        """select a.id, a.prompt, coalesce(a.own_words, a.words) as words, a.chosen, a.number, a.part
           from answer a
           join prompt p on p.company = a.company and p.id = a.prompt
           join response r on r.company = a.company and r.id = a.response
           where a.company = $1 and a.response = $2
             and r.state in ('counted', 'held', 'set_aside') and r.words_gone_on is null
           order by p.position, a.part for update of r, a""",
        company_id,
        response_id,
    )


async def themes(company_id: UUID, response_id: UUID) -> list[Theme]:
    """Where it was sorted; a merged theme shows as the one that speaks for it."""
    return await fetch(
        Theme,
        """select h.id, h.name, h.terms, h.state = 'named' as named, h.weight_reason,
                  min(l."on") as since, max(m.name) filter (where l.by = 'person') as placed_by,
                  bool_or(l.by = 'fan') as by_fan,
                  coalesce(array_agg(substr(a.words, e.starts + 1, e.ends - e.starts) order by e.starts)
                           filter (where a.id is not null), '{}') as quotes,
                  (select count(distinct oe.response) from theme ot
                   join placement ol on ol.company = ot.company and ol.theme = ot.id
                   join excerpt oe on oe.company = ol.company and oe.id = ol.excerpt
                   join response r on r.company = oe.company and r.id = oe.response
                   where ot.company = h.company and ot.heir = h.id and r.state = 'counted' and not r.test
                     and r.id <> $2) as others
           from excerpt e
           left join answer a on a.company = e.company and a.id = e.answer
           join placement l on l.company = e.company and l.excerpt = e.id
           join theme t on t.company = l.company and t.id = l.theme
           join theme h on h.company = t.company and h.id = t.heir
           left join member m on m.company = l.company and m.id = l.member
           where e.company = $1 and e.response = $2
           group by h.company, h.id order by min(e.starts)""",
        company_id,
        response_id,
    )


async def actions(company_id: UUID, theme_ids: list[UUID]) -> list[Action]:
    return await fetch(
        Action,
        """select distinct on (x.due_on, x.id) x.id, x.title, x.state, x.due_on, x.decline_reason,
                  m.name as owner, m.role_title as owner_title, m.face_digest as owner_face,
                  s.name as decided_by, s.at as decided_at
           from action_theme l
           join theme t on t.company = l.company and t.id = l.theme
           join action x on x.company = l.company and x.id = l.action
           join member m on m.company = x.company and m.id = x.owner
           left join lateral (
               select d.name, s.at from action_step s join member d on d.company = s.company and d.id = s.by
               where s.company = x.company and s.action = x.id order by s.at desc, s.id desc limit 1) s on true
           where l.company = $1 and t.heir = any($2) order by x.due_on, x.id""",
        company_id,
        theme_ids,
    )


async def notes(
    company_id: UUID, response_id: UUID, theme_ids: list[UUID], *, reader: str = ""
) -> list[Note]:
    """Oldest first. Withdrawn notes stay on the receipt, as they stay in the log. reader: the language in which they
    are told where a translation says their newest version."""
    return await fetch(
        Note,
        """select n.id, n.slug, n.kind, n.state, n.published_at, coalesce(o.language, n.language) as language,
                  m.name as signer, coalesce(n.signed_as, m.role_title) as signer_title,
                  m.face_digest as signer_face,
                  coalesce(o.fields ->> 'title', max(f.words) filter (where f.name = 'title'), '') as title,
                  coalesce(o.fields ->> 'said', max(f.words) filter (where f.name = 'said'), '') as understood,
                  b.verdict, b.words
           from note n
           join member m on m.company = n.company and m.id = n.signed_by
           join lateral (select id, number from revision where company = n.company and note = n.id
                         and kind <> 'withdrawn' order by number desc limit 1) v on true
           left join lateral (
               select t.language, t.fields, t.of_number from note_translation t
               where t.company = n.company and t.note = n.id and t.language = $4
               order by t.at desc, t.id desc limit 1) o on o.of_number = v.number and n.state = 'published'
           join note_field f on f.company = n.company and f.revision = v.id
           left join hearback b on b.company = n.company and b.note = n.id and b.response = $2
           where n.company = $1 and n.state <> 'draft' and exists (
               select from note_theme l join theme t on t.company = l.company and t.id = l.theme
               where l.company = n.company and l.note = n.id and t.heir = any($3))
           group by n.id, m.name, m.role_title, m.face_digest, b.verdict, b.words, o.language, o.fields
           order by n.published_at, n.id""",
        company_id,
        response_id,
        theme_ids,
        reader,
    )
