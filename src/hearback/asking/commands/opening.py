"""A question opens, with a promise in public, and closes."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hearback.asking import queries
from hearback.asking.commands.keeping import must_be_able_to_mail, span_of, tell_all
from hearback.asking.rules import PromptKind, QuestionState, why_not_open
from hearback.clock import day_in
from hearback.database.engine import execute, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.promises.commands import make_promise
from hearback.promises.rules import PromiseKind
from hearback.refusals import Faulty, Refused
from hearback.words.speaking import words_for


async def open_question(company: Company, question_id: UUID, *, by: Member, now: datetime) -> None:
    """From now on people can answer (or from its opening day); the reply is promised in public.

    Raises NotFound; Refused with every reason why it cannot be opened yet. Test answers are thrown away.
    """
    async with transaction():
        question = await queries.question(company.id, question_id)
        if question.state != QuestionState.DRAFT:
            raise Refused("question.is-open-already")
        await must_be_able_to_mail(company.id, question.level)
        prompts = await queries.prompts(company.id, question_id)
        reasons = why_not_open(
            prompts=len(prompts),
            required=sum(prompt.required and prompt.if_prompt is None for prompt in prompts),
            bare_scales=sum(
                prompt.kind == PromptKind.SCALE and not (prompt.low_label and prompt.high_label)
                for prompt in prompts
            ),
            closes_on=last_day(company, question.closes_at),
            reply_by=question.reply_by,
            today=day_in(company.timezone, now),
        )
        if reasons:
            raise Faulty(reasons)
        opened = await execute(
            "update question set state = 'open' where company = $1 and id = $2 and state = 'draft'",
            company.id,
            question_id,
        )
        if not opened:  # the other click of a double click was first, and one promise is enough
            raise Refused("question.is-open-already")
        await execute(
            "delete from response where company = $1 and question = $2 and test", company.id, question_id
        )
        await make_promise(
            company.id,
            PromiseKind.REPLY,
            words_for(question.language, company.address).say("question.reply-promise", title=question.title),
            question.reply_by,
            language=question.language,
            by=by.id,
            now=now,
            owner=question.asked_by,
            question=question_id,
        )
        await note_down(company.id, "question.opened", by=by.id, now=now, subject=question_id)
        await tell_all(company.id)


async def close_question(company: Company, question_id: UUID, *, by: Member, now: datetime) -> None:
    """Before its day, if need be: then today becomes its last one.

    Raises NotFound; Refused for one that is not open.
    """
    async with transaction():
        question = await queries.question(company.id, question_id)
        if question.state != QuestionState.OPEN:
            raise Refused("question.is-not-open")
        await execute(
            """update question set state = 'closed', closes_at = least(closes_at, $3),
                                   opens_at = least(opens_at, $3 - interval '1 second')
               where company = $1 and id = $2""",
            company.id,
            question_id,
            now,
        )
        await note_down(company.id, "question.closed", by=by.id, now=now, subject=question_id)
        await tell_all(company.id)


async def close_later(
    company: Company, question_id: UUID, closes_on: date, *, by: Member, now: datetime
) -> None:
    """Give people more time; never less, and never beyond the promised reply."""
    async with transaction():
        question = await queries.question(company.id, question_id)
        _, closes_at = span_of(company, closes_on, closes_on)
        if question.state != QuestionState.OPEN or closes_at <= question.closes_at:
            raise Refused("question.only-later", field="closes_on")
        if question.due_on < closes_on:
            raise Refused("question.reply-before-closing", field="closes_on")
        await execute(
            "update question set closes_at = $3 where company = $1 and id = $2",
            company.id,
            question_id,
            closes_at,
        )
        await note_down(
            company.id,
            "question.closes-later",
            by=by.id,
            now=now,
            subject=question_id,
            before={"closes_at": question.closes_at},
            after={"closes_at": closes_at},
        )
        await tell_all(company.id)


def last_day(company: Company, closes_at: datetime) -> date:
    """The last day on which people can answer: closing is the midnight after it."""
    return day_in(company.timezone, closes_at - timedelta(seconds=1))
