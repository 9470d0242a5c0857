"""Writing, opening and closing questions."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from hearback.asking import queries
from hearback.asking.forms import PromptForm, QuestionForm, Translations, condition_of
from hearback.asking.rules import PromptKind, QuestionState, slug_of, why_not_open
from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many, fetch_value, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.promises.commands import make_promise
from hearback.promises.rules import PromiseKind
from hearback.refusals import Faulty, Refused
from hearback.trust.integrity.rules import Level
from hearback.web.live import tell
from hearback.words.speaking import LANGUAGES, words_for


async def save_question(
    company: Company,
    question_id: UUID | None,
    form: QuestionForm,
    prompts: list[PromptForm],
    *,
    by: Member,
    now: datetime,
) -> UUID:
    """Write a question down, new or again; gives its id.

    Raises NotFound; Refused when answers are there already: what people answered to must not change.
    """
    async with transaction():
        if form.asked_by not in {member.id for member in await people.members(company.id)}:
            raise Refused("form.not-a-choice", field="asked_by")
        await _must_be_able_to_mail(company.id, form.level)
        span = _open_span(company, form)
        slug = await _free_slug(company.id, form, question_id)
        if question_id is not None:
            await _must_be_free_to_change(company.id, question_id, form.reply_by)
        saved_id = question_id or new_id()
        await _write_question(company.id, saved_id, slug, span, form, by=by, now=now)
        await _write_prompts(company.id, saved_id, form.language, prompts)
        did = "question.changed" if question_id else "question.written"
        await note_down(company.id, did, by=by.id, now=now, subject=saved_id, after={"title": form.title})
        await _tell_all(company.id)
    return saved_id


async def open_question(company: Company, question_id: UUID, *, by: Member, now: datetime) -> None:
    """From now on people can answer (or from its opening day); the reply is promised in public.

    Raises NotFound; Refused with every reason why it cannot be opened yet. Test answers are thrown away.
    """
    async with transaction():
        question = await queries.question(company.id, question_id)
        if question.state != QuestionState.DRAFT:
            raise Refused("question.is-open-already")
        await _must_be_able_to_mail(company.id, question.level)
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
        await _tell_all(company.id)


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
        await _tell_all(company.id)


async def close_later(
    company: Company, question_id: UUID, closes_on: date, *, by: Member, now: datetime
) -> None:
    """Give people more time; never less, and never beyond the promised reply."""
    async with transaction():
        question = await queries.question(company.id, question_id)
        _, closes_at = _span(company, closes_on, closes_on)
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
        await _tell_all(company.id)


def last_day(company: Company, closes_at: datetime) -> date:
    """The last day on which people can answer: closing is the midnight after it."""
    return day_in(company.timezone, closes_at - timedelta(seconds=1))


def _open_span(company: Company, form: QuestionForm) -> tuple[datetime, datetime]:
    """Raises Refused where it would close before it opens, or the reply would come before that."""
    opens_at, closes_at = _span(company, form.opens_on, form.closes_on)
    if closes_at <= opens_at:
        raise Refused("question.closes-before-opening", field="closes_on")
    if form.reply_by < form.closes_on:
        raise Refused("question.reply-before-closing", field="reply_by")
    return opens_at, closes_at


def _span(company: Company, opens_on: date, closes_on: date) -> tuple[datetime, datetime]:
    """From the first minute of one day to the last of another, as the company's clock has it."""
    zone = ZoneInfo(company.timezone)
    opens_at = datetime(opens_on.year, opens_on.month, opens_on.day, tzinfo=zone)
    after = closes_on + timedelta(days=1)
    return opens_at, datetime(after.year, after.month, after.day, tzinfo=zone)


async def _must_be_able_to_mail(company_id: UUID, level: str) -> None:
    if level == Level.CONFIRMED and not await queries.mail_is_on(company_id):
        raise Refused("level.confirmed.no-mail", field="level")


async def _free_slug(company_id: UUID, form: QuestionForm, question_id: UUID | None) -> str:
    if form.slug:
        if await queries.slug_taken(company_id, form.slug, but=question_id):
            raise Refused("question.slug-taken", field="slug")
        return form.slug
    base = slug_of(form.title)
    number, slug = 1, base
    while await queries.slug_taken(company_id, slug, but=question_id):
        number += 1
        slug = f"{base}-{number}"
    return slug


async def _must_be_free_to_change(company_id: UUID, question_id: UUID, reply_by: date) -> None:
    """Raises NotFound; Refused once a real answer is there, or for another reply day than the promised one."""
    # Locks the row before looking: an opening or an answer that comes meanwhile waits or was first.
    await fetch_value(
        "select id from question where company = $1 and id = $2 for update", company_id, question_id
    )
    question = await queries.question(company_id, question_id)
    if question.state == QuestionState.DRAFT:
        return
    if await queries.counted(company_id, question_id):
        raise Refused("question.frozen")
    if reply_by != question.reply_by:
        raise Refused("question.reply-is-promised", field="reply_by")


async def _write_question(
    company_id: UUID,
    question_id: UUID,
    slug: str,
    span: tuple[datetime, datetime],
    form: QuestionForm,
    *,
    by: Member,
    now: datetime,
) -> None:
    await execute(
        """insert into question (id, company, slug, language, title, why, can_change, cannot_change, what_happens,
                                 asked_by, reply_by, opens_at, closes_at, created_by, created_at,
                                 translations, level, keep_months, results, most)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
           on conflict (id) do update set slug = $3, language = $4, title = $5, why = $6, can_change = $7,
               cannot_change = $8, what_happens = $9, asked_by = $10, reply_by = $11, opens_at = $12,
               closes_at = $13, translations = $16, level = $17, keep_months = $18, results = $19, most = $20
           where question.company = $2""",
        question_id,
        company_id,
        slug,
        form.language,
        form.title,
        form.why,
        form.can_change,
        form.cannot_change,
        form.what_happens,
        form.asked_by,
        form.reply_by,
        *span,
        by.id,
        now,
        msgspec.json.encode(form.translations).decode(),
        form.level.value,
        form.keep_months,
        form.results.value,
        form.most,
    )


async def _write_prompts(
    company_id: UUID, question_id: UUID, language: str, prompts: list[PromptForm]
) -> None:
    """Nobody has answered them yet, so they are simply written anew; test answers go with them."""
    await execute(
        "delete from response where company = $1 and question = $2 and test", company_id, question_id
    )
    await execute("delete from prompt where company = $1 and question = $2", company_id, question_id)
    await execute_many(
        """insert into prompt (id, company, question, position, kind, words, help, required, options, low, high,
                               low_label, high_label, other, why, if_prompt, if_picks,
                               new_page, translations)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)""",
        [
            (
                new_id(),
                company_id,
                question_id,
                position,
                prompt.kind.value,
                prompt.words,
                prompt.help,
                prompt.required == "yes",
                _options(prompt, language),
                prompt.low if prompt.kind is PromptKind.SCALE else None,
                prompt.high if prompt.kind is PromptKind.SCALE else None,
                prompt.low_label if prompt.kind is PromptKind.SCALE else "",
                prompt.high_label if prompt.kind is PromptKind.SCALE else "",
                prompt.other == "yes",
                prompt.why == "yes",
                *condition_of(prompts, position),
                prompt.new_page == "yes" and position > 0,
                msgspec.json.encode(_translations(prompt, language)).decode(),
            )
            for position, prompt in enumerate(prompts)
        ],
    )


def _options(prompt: PromptForm, language: str) -> list[str]:
    """Yes and no are kept like any options, so that whoever shows or counts answers need not care."""
    if prompt.kind is PromptKind.YES_NO:
        words = words_for(language)
        return [words.say("question.yes"), words.say("question.no")]
    return prompt.option_list


def _translations(prompt: PromptForm, language: str) -> Translations:
    if prompt.kind is not PromptKind.YES_NO:
        return prompt.translations
    return {
        other: prompt.translations.get(other, {}) | {"options": _options(prompt, other)}
        for other in LANGUAGES
        if other != language
    }


async def _tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
