"""A question is written down, with all its prompts, as long as nobody has answered it."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from hearback.asking import queries
from hearback.asking.commands.keeping import must_be_able_to_mail, span_of, tell_all
from hearback.asking.forms import PromptForm, QuestionForm, Translations, condition_of
from hearback.asking.rules import PromptKind, QuestionState, slug_of
from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many, fetch_value, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Refused
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
        await must_be_able_to_mail(company.id, form.level)
        span = _open_span(company, form)
        slug = await _free_slug(company.id, form, question_id)
        if question_id is not None:
            await _must_be_free_to_change(company.id, question_id, form.reply_by)
        saved_id = question_id or new_id()
        await _write_question(company.id, saved_id, slug, span, form, by=by, now=now)
        await _write_prompts(company.id, saved_id, form.language, prompts)
        did = "question.changed" if question_id else "question.written"
        await note_down(company.id, did, by=by.id, now=now, subject=saved_id, after={"title": form.title})
        await tell_all(company.id)
    return saved_id


def _open_span(company: Company, form: QuestionForm) -> tuple[datetime, datetime]:
    """Raises Refused where it would close before it opens, or the reply would come before that."""
    opens_at, closes_at = span_of(company, form.opens_on, form.closes_on)
    if closes_at <= opens_at:
        raise Refused("question.closes-before-opening", field="closes_on")
    if form.reply_by < form.closes_on:
        raise Refused("question.reply-before-closing", field="reply_by")
    return opens_at, closes_at


async def _free_slug(company_id: UUID, form: QuestionForm, question_id: UUID | None) -> str:
    if form.slug:
        if await queries.slug_taken(company_id, form.slug, but=question_id):
            raise Refused("question.slug-taken", field="slug")
        return form.slug
    base = slug_of(form.title, otherwise="frage")
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
