"""Words go: what a fan wrote, and every trace of it in other rooms. What was counted stays, or says why it does not."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.answering import confirming, recording
from hearback.database.engine import execute, fetch
from hearback.ledger.commands import forget_salts
from hearback.trust.erasure import Going, Why, forget_everywhere, forgets, take_out
from hearback.trust.quoted import said

REASON = (
    "select id, reason as words from response where company = $1 and reason <> ''",
    "update response set reason = without_parts(reason, $3) where company = $1 and id = $2",
)


class Answered(Struct, frozen=True):
    """One filled-in prompt. points: what was cut from it."""

    id: UUID
    words: str
    points: list[str]


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
    answered = await fetch(
        Answered,
        """select a.id, coalesce(a.own_words, a.words) as words, array(
                      select substr(coalesce(a.own_words, a.words), e.starts + 1, e.ends - e.starts) from excerpt e
                      where e.company = a.company and e.answer = a.id) as points
           from answer a where a.company = $1 and a.response = any($2) and ($3::uuid[] is null or a.id = any($3))""",
        company_id,
        list(response_ids),
        None if answer_ids is None else list(answer_ids),
    )
    texts = [text for one in answered for text in (one.words, *one.points) if text]
    going = Going(company_id, list(response_ids), [one.id for one in answered], why, said(texts), texts)
    await forget_everywhere(going)
    if why is not Why.CORRECTED:
        await execute(
            "delete from words_before where company = $1 and response = any($2)",
            company_id,
            list(response_ids),
        )
        await forget_salts(company_id, response_ids)


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
