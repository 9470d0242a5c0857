"""Who is to be told of what happened."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_value
from hearback.notifying.rules import MailKind, What, worth_the_last
from hearback.replying import queries as replying


class Audience(Struct, frozen=True):
    """Somebody to be told, in this language. still: promised mails neither sent nor waiting; told: has heard of this
    note."""

    id: UUID
    what: str
    digest: bool
    corrections: bool
    still: int
    told: bool
    language: str

    @property
    def weekly(self) -> bool:
        """Waits for the week's mail. What became of one's own answer is told at once all the same."""
        return self.digest and self.what != What.ANSWER


def told_at_once(audience: Iterable[Audience], kind: MailKind, of: str = "") -> list[Audience]:
    """Not those who wait for the week's mail, and never with the last mail for a small thing.

    of: the kind of the note or of the promise.
    """
    return [
        one
        for one in audience
        if not one.weekly
        and (kind not in (MailKind.CORRECTED, MailKind.WITHDRAWN) or one.corrections)
        and (one.still > 1 or one.what == What.LOG or worth_the_last(kind, of))
    ]


async def audience_of_note(company_id: UUID, note_id: UUID) -> list[Audience]:
    """Whoever follows what the note is about; an address that follows several of it comes once, as the nearest."""
    return await fetch(
        Audience,
        """with heirs as (
               select distinct w.heir from note_theme l join theme w on w.company = $1 and w.id = l.theme
               where l.company = $1 and l.note = $2
           ), behind as (
               select distinct e.response, e.question from heirs h
               join theme t on t.company = $1 and t.heir = h.heir
               join placement p on p.company = $1 and p.theme = t.id
               join excerpt e on e.company = $1 and e.id = p.excerpt
               join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
           ), follows as (
               select f.*, f.most - f.sent - (select count(*) from mail m where m.company = $1 and m.follower = f.id
                                              and m.kind <> 'confirm' and m.state = 'waiting') as still,
                      exists (select from mail m where m.company = $1 and m.follower = f.id and m.note = $2
                              and m.kind = 'published') as told
               from follower f
               where f.company = $1 and f.confirmed_on is not null and case f.what
                   when 'answer' then f.response in (select response from behind)
                   when 'question' then f.question in (select question from behind
                       union all select question from note_question where company = $1 and note = $2)
                   when 'theme' then exists (select from theme t join heirs h on h.heir = t.heir
                                             where t.company = $1 and t.id = f.theme)
                   else true end
           )
           select distinct on (address_key) id, what, digest, corrections, still::int, told, language from follows
           where still > 0
           order by address_key, array_position(array['answer', 'question', 'theme', 'log']::varchar[], what), id""",
        company_id,
        note_id,
    )


async def audience_of_promise(company_id: UUID, promise_id: UUID) -> list[Audience]:
    """Whoever waits for what was promised: by their answer, or by the question."""
    note: UUID | None = await fetch_value(
        "select note from promise where company = $1 and id = $2", company_id, promise_id
    )
    if note is not None:
        return [one for one in await audience_of_note(company_id, note) if one.what in ("answer", "question")]
    if reply_id := await reply_of_promise(company_id, promise_id):
        return await _audience_of_reply(company_id, reply_id)
    return await fetch(
        Audience,
        """with follows as (
               select f.*, f.most - f.sent - (select count(*) from mail m where m.company = $1 and m.follower = f.id
                                              and m.kind <> 'confirm' and m.state = 'waiting') as still
               from promise p
               join follower f on f.company = $1
               left join response r on r.company = $1 and r.id = f.response
               where p.company = $1 and p.id = $2 and p.question is not null and f.confirmed_on is not null
                 and (f.question = p.question or r.question = p.question and r.state = 'counted')
           )
           select distinct on (address_key) id, what, digest, corrections, still::int, false as told, language
           from follows where still > 0 order by address_key, what, id""",
        company_id,
        promise_id,
    )


async def reply_of_promise(company_id: UUID, promise_id: UUID) -> UUID | None:
    """Whose next step it is, also after its day was moved."""
    reply: UUID | None = await fetch_value(
        """with recursive named (id, instead_of) as (
               select id, instead_of from promise where company = $1 and id = $2
               union select p.id, p.instead_of from promise p
                     join named n on p.company = $1 and p.id = n.instead_of)
           select y.id from reply y join named n on n.id = y.promise
           where y.company = $1 and y.state = 'sent' order by y.sent_at desc limit 1""",
        company_id,
        promise_id,
    )
    return reply


async def _audience_of_reply(company_id: UUID, reply_id: UUID) -> list[Audience]:
    reply = await replying.reply(company_id, reply_id)
    if reply.response is not None:
        return await audience_of_answer(company_id, reply.response)
    return await audience_of_theme(company_id, reply.theme)


async def audience_of_answer(company_id: UUID, response_id: UUID) -> list[Audience]:
    """Whoever follows this answer."""
    return await fetch(
        Audience,
        """with follows as (
               select f.*, f.most - f.sent - (select count(*) from mail m where m.company = $1 and m.follower = f.id
                                              and m.kind <> 'confirm' and m.state = 'waiting') as still
               from follower f
               where f.company = $1 and f.response = $2 and f.confirmed_on is not null
           )
           select id, what, digest, corrections, still::int, false as told, language
           from follows where still > 0 order by id""",
        company_id,
        response_id,
    )


async def audience_of_theme(company_id: UUID, theme_id: UUID | None) -> list[Audience]:
    """Whoever follows the theme, or an answer in it; an address that follows both comes once, as the nearest."""
    return await fetch(
        Audience,
        """with speaks as (
               select t.id from theme t
               where t.company = $1 and t.heir = (select heir from theme where company = $1 and id = $2)
           ), follows as (
               select f.*, f.most - f.sent - (select count(*) from mail m where m.company = $1 and m.follower = f.id
                                              and m.kind <> 'confirm' and m.state = 'waiting') as still
               from follower f
               where f.company = $1 and f.confirmed_on is not null
                 and (f.theme in (select id from speaks) or f.response in (
                     select e.response from speaks s
                     join placement p on p.company = $1 and p.theme = s.id
                     join excerpt e on e.company = $1 and e.id = p.excerpt
                     join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test))
           )
           select distinct on (address_key) id, what, digest, corrections, still::int, false as told, language
           from follows where still > 0 order by address_key, what, id""",
        company_id,
        theme_id,
    )


async def notes_between(company_id: UUID, follower_id: UUID, start: datetime, end: datetime) -> list[UUID]:
    """Notes of that time that concern what is followed, newest first; those taken back meanwhile are left out."""
    told = await fetch_column(
        "select id from note where company = $1 and published_at >= $2 and published_at < $3",
        company_id,
        start,
        end,
    )
    return await _followed(company_id, follower_id, told)


async def _followed(company_id: UUID, follower_id: UUID, note_ids: list[UUID]) -> list[UUID]:
    """Which of these notes are public and concern what is followed, newest first."""
    return await fetch_column(
        """select n.id from follower f join note n on n.company = f.company
           where f.company = $1 and f.id = $2 and n.id = any($3) and n.state = 'published' and case f.what
               when 'log' then true
               when 'theme' then exists (
                   select from note_theme l join theme w on w.company = $1 and w.id = l.theme
                   join theme t on t.company = $1 and t.heir = w.heir
                   where l.company = $1 and l.note = n.id and t.id = f.theme)
               when 'question' then exists (
                   select from note_question l
                   where l.company = $1 and l.note = n.id and l.question = f.question)
                 or exists (
                   select from note_theme l join theme w on w.company = $1 and w.id = l.theme
                   join theme t on t.company = $1 and t.heir = w.heir
                   join placement p on p.company = $1 and p.theme = t.id
                   join excerpt e on e.company = $1 and e.id = p.excerpt and e.question = f.question
                   where l.company = $1 and l.note = n.id)
               else false end
           order by n.published_at desc, n.id desc""",
        company_id,
        follower_id,
        note_ids,
    )


async def replies_between(company_id: UUID, follower_id: UUID, start: datetime, end: datetime) -> list[UUID]:
    """Public replies of that time to the theme that is followed, newest first; a corrected one in its newest words."""
    return await fetch_column(
        """select y.id from follower f
           join theme w on w.company = $1 and w.id = f.theme
           join theme t on t.company = $1 and t.heir = w.heir
           join reply y on y.company = $1 and y.theme = t.id and y.state = 'sent'
           where f.company = $1 and f.id = $2 and y.sent_at >= $3 and y.sent_at < $4
             and not exists (select from reply n where n.company = $1 and n.corrects = y.id and n.state = 'sent')
             and (y.corrects is null or f.corrections or exists (
                 select from reply b where b.company = $1 and b.id = y.corrects and b.sent_at >= $3))
           order by y.sent_at desc, y.id desc""",
        company_id,
        follower_id,
        start,
        end,
    )


async def outcomes_between(company_id: UUID, follower_id: UUID, start: date, end: date) -> list[UUID]:
    """Promises that said in those days, the last left out, whether a repair has held; of notes that concern what is
    followed and are still public, newest first."""
    told = await fetch(
        _Outcome,
        """select h.id, h.note from promise h
           where h.company = $1 and h.note is not null and h.held <> '' and h.kept_on >= $2 and h.kept_on < $3
             and not exists (select from promise o where o.company = $1 and o.instead_of = h.id)
           order by h.kept_on desc, h.id desc""",
        company_id,
        start,
        end,
    )
    followed = await _followed(company_id, follower_id, [one.note for one in told])
    return [one.id for one in told if one.note in followed]


class _Outcome(Struct, frozen=True):
    id: UUID
    note: UUID


async def newest_signer(
    company_id: UUID, notes: list[UUID], replies: list[UUID], outcomes: list[UUID]
) -> UUID | None:
    """Who signed what came last; None where there is nothing."""
    member: UUID | None = await fetch_value(
        """select by from (
               select signed_by as by, published_at as at from note where company = $1 and id = any($2)
               union all select writer, sent_at from reply where company = $1 and id = any($3)
               union all select kept_by, kept_on::timestamp at time zone c.timezone from promise p
                         join company c on c.id = p.company where p.company = $1 and p.id = any($4)) signed
           order by at desc limit 1""",
        company_id,
        notes,
        replies,
        outcomes,
    )
    return member
