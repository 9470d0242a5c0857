"""Words go: what a fan wrote, and every trace of it in other rooms. What was counted stays, or says why it does not."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering import confirming, recording
from hearback.answering.copying import note_copies_of_unread
from hearback.database.engine import execute, fetch
from hearback.ledger.commands import forget_salts
from hearback.trust.erasure import Going, Why, forget_everywhere, forgets, take_out, told_before
from hearback.trust.quoted import Said, first_told, said, together, without

REASON = (
    "select id, reason as words from response where company = $1 and reason <> ''",
    "update response set reason = without_parts(reason, $3) where company = $1 and id = $2",
)


class Answered(Struct, frozen=True):
    """One filled-in prompt. points: what was cut from it; since: when the day began on which it was put so; copies:
    what it repeats of what was public on that day before it came."""

    id: UUID
    words: str
    points: list[str]
    since: datetime
    copies: list[str]

    @property
    def texts(self) -> list[str]:
        return [text for text in (self.words, *self.points) if text]


async def erase(company_id: UUID, response_ids: Sequence[UUID], *, today: date) -> None:
    """In the caller's transaction: no words, no name, no choices; the rows stay, to say `erased`."""
    await _forget(company_id, response_ids, Why.ERASED)
    await execute(
        "delete from answer where company = $1 and response = any($2)", company_id, list(response_ids)
    )
    await execute(
        """update response set state = 'erased', reason = '', rule = null, flag = '', set_aside_by = null,
                  quoting = 'no', first_name = '', place = '', external_id = null, content_hash = null, consent = '',
                  consent_on = null, ended_on = $3
           where company = $1 and id = any($2)""",
        company_id,
        list(response_ids),
        today,
    )
    await recording.erased(company_id, response_ids, day=today)


async def let_expire(company_id: UUID, response_ids: Sequence[UUID], *, today: date) -> None:
    """In the caller's transaction: words and names go; what was chosen, and that somebody answered, stay as figures."""
    await _forget(company_id, response_ids, Why.EXPIRED)
    await execute(
        """delete from answer where company = $1 and response = any($2) and chosen = '{}' and number is null""",
        company_id,
        list(response_ids),
    )
    await execute(
        """update answer set words = '', own_words = null
           where company = $1 and response = any($2) and words <> ''""",
        company_id,
        list(response_ids),
    )
    await execute(
        """update response set quoting = 'no', first_name = '', place = '', external_id = null, content_hash = null,
                  words_gone_on = $3
           where company = $1 and id = any($2)""",
        company_id,
        list(response_ids),
        today,
    )


async def let_go_of(company_id: UUID, response_id: UUID, answer_ids: Sequence[UUID]) -> None:
    """In the caller's transaction, before others take their place: a worker that is reading these finds them gone."""
    await _forget(company_id, [response_id], Why.CORRECTED, answer_ids)
    await execute("delete from answer where company = $1 and id = any($2)", company_id, list(answer_ids))


async def _forget(
    company_id: UUID, response_ids: Sequence[UUID], why: Why, answer_ids: Sequence[UUID] | None = None
) -> None:
    await note_copies_of_unread(company_id, response_ids)
    answered = await fetch(
        Answered,
        """select a.id, coalesce(a.own_words, a.words) as words, array(
                      select substr(coalesce(a.own_words, a.words), e.starts + 1, e.ends - e.starts) from excerpt e
                      where e.company = a.company and e.answer = a.id) as points,
                  coalesce((select max(b."on") from words_before b
                            where b.company = a.company and b.response = a.response and b.prompt = a.prompt), r.day
                          )::timestamp at time zone c.timezone as since,
                  array(select p.words from answer_copy p
                        where p.company = a.company and p.response = a.response) as copies
           from answer a
           join company c on c.id = a.company
           join response r on r.company = a.company and r.id = a.response
           where a.company = $1 and a.response = any($2) and ($3::uuid[] is null or a.id = any($3))""",
        company_id,
        list(response_ids),
        None if answer_ids is None else list(answer_ids),
    )
    texts = [text for one in answered for text in one.texts]
    own = await _own_words(company_id, answered)
    going = Going(company_id, list(response_ids), [one.id for one in answered], why, own, texts)
    await forget_everywhere(going)
    if why is not Why.CORRECTED:
        for sql in (
            "delete from words_before where company = $1 and response = any($2)",
            "delete from answer_copy where company = $1 and response = any($2)",
        ):
            await execute(sql, company_id, list(response_ids))
        await forget_salts(company_id, response_ids)


async def _own_words(company_id: UUID, answered: Sequence[Answered]) -> Said:
    """What was said, without what whoever said it had read here: nobody blots out a public text by repeating it."""
    by_answer = [said(one.texts) for one in answered]
    if not any(by_answer):
        return together(by_answer)
    told = await told_before(company_id, max(one.since for one in answered))
    first = await asyncio.to_thread(first_told, together(by_answer), told)
    return together(
        without(
            what,
            {part for part, at in first.items() if at < one.since}
            | first_told(what, [(copy, one.since) for copy in one.copies]).keys(),
        )
        for one, what in zip(answered, by_answer, strict=True)
    )


@forgets("answering")
async def _forget_here(going: Going) -> None:
    if going.why is not Why.CORRECTED:
        await confirming.forget(going.company, going.responses)
    await take_out(going, *REASON)
    await execute(
        "delete from answer_wording where company = $1 and response = any($2)", going.company, going.responses
    )
    await execute(
        # Other words are judged anew; who answered does not become somebody else by them.
        """with again as (
               update answer_trace set judged = false where company = $1 and response = any($2) and $3)
           delete from answer_trace where company = $1 and response = any($2) and not $3""",
        going.company,
        going.responses,
        going.why is Why.CORRECTED,
    )
