"""Answers that came on paper, at the counter, by phone or by letter, typed in by a member. The same door as on the web,
without what tells browsers apart: nobody's connection stands for the person who answered."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from msgspec import Meta, Struct, structs

from hearback.answering import recording
from hearback.answering.code import code_hash, receipt_code
from hearback.answering.forms import AnswerForm
from hearback.answering.giving import content
from hearback.answering.keeping import keep_answers
from hearback.answering.rules import Channel, Filled, ResponseState
from hearback.asking.queries import Question
from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch, fetch_value, transaction
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.trust.integrity.rules import Level
from hearback.web.live import tell

SHOWN = 8  # of the newest
ON_PAPER = "paper"
"""Kept as the wording of a consent: what the paper says, or what was said aloud."""


class EntryForm(Struct, frozen=True):
    """What a member says of an answer beside what is in it. sheet: its number, so that none is entered twice."""

    channel: Literal["paper", "counter", "phone", "mail"] = "paper"
    language: Literal["de", "en"] = "de"
    sheet: Annotated[str, Meta(max_length=20, pattern=r"^[0-9A-Za-z-]*$")] = ""


class MistakeForm(Struct, frozen=True):
    reason: Annotated[str, Meta(min_length=5, max_length=500)]


class Entered(Struct, frozen=True):
    """One that the member has entered. words: how it begins."""

    id: UUID
    sheet: str
    channel: str
    state: str
    words: str


async def enter(
    company: Company,
    question: Question,
    entry: EntryForm,
    form: AnswerForm,
    filled: list[Filled],
    *,
    by: Member,
    now: datetime,
) -> str:
    """Keep it, counted, and give its receipt code to hand over. Sent twice, it is kept once and gets the same code.

    Raises Refused for a question that nobody could answer yet, one for a closed group, and a sheet that is there.
    """
    _must_take_entries(question, now)
    code = receipt_code(
        settings().secret_key, form.key, content(question.id, form, filled) + entry.sheet.encode()
    )
    today, response_id = day_in(company.timezone, now), hidden_id()
    async with transaction():
        if not await _kept(company.id, response_id, question.id, entry, form, code, by=by, today=today):
            return code
        await keep_answers(company.id, [(response_id, one) for one in filled])
        await recording.received(company.id, question.id, {response_id: filled}, now=today)
        await note_down(
            company.id,
            "answer.entered",
            by=by.id,
            now=now,
            subject=response_id,
            after={"channel": entry.channel, "sheet": entry.sheet},
        )
        await do_later("themes.read", company_id=company.id, response_id=response_id)
        await tell(company.id, "numbers")
    return code


async def take_out(
    company: Company, question_id: UUID, response_id: UUID, form: MistakeForm, *, by: Member, now: datetime
) -> None:
    """A slip of whoever entered it: it counts as withdrawn, its sheet can be entered again. Only theirs, and for a
    reason. Raises NotFound for anybody else's; doing it twice changes nothing."""
    today = day_in(company.timezone, now)
    async with transaction():
        state = await fetch_value(
            """select state from response
               where company = $1 and id = $2 and question = $3 and entered_by = $4 for update""",
            company.id,
            response_id,
            question_id,
            by.id,
        )
        if state is None:
            raise NotFound
        if state not in (ResponseState.COUNTED, ResponseState.HELD):
            return
        await execute(
            """update response set state = 'withdrawn', quoting = 'no', first_name = '', place = '',
                      external_id = null, ended_on = $3
               where company = $1 and id = $2""",
            company.id,
            response_id,
            today,
        )
        await execute(
            """delete from spot using excerpt e
               where spot.company = $1 and e.company = $1 and e.id = spot.excerpt and e.response = $2""",
            company.id,
            response_id,
        )
        await recording.withdrawn(company.id, [response_id], day=today)
        await note_down(
            company.id,
            "answer.entry-undone",
            by=by.id,
            now=now,
            subject=response_id,
            after={"reason": form.reason},
        )
        await tell(company.id, "public")
        await tell(company.id, "desk")


async def must_have_entered(
    company_id: UUID, question_id: UUID, response_id: UUID, *, member_id: UUID
) -> None:
    """Raises NotFound for what others entered, and for what nobody did."""
    if not await fetch_value(
        """select exists (select from response
                          where company = $1 and id = $2 and question = $3 and entered_by = $4)""",
        company_id,
        response_id,
        question_id,
        member_id,
    ):
        raise NotFound


async def entered_by(company_id: UUID, question_id: UUID, member_id: UUID) -> list[Entered]:
    """The newest first. Answers know only their day, so the order is that of the audit trail."""
    return await fetch(
        Entered,
        """select r.id, coalesce(r.external_id, '') as sheet, r.channel, r.state,
                  coalesce((select left(a.words, 80) from answer a
                            join prompt p on p.company = a.company and p.id = a.prompt
                            where a.company = r.company and a.response = r.id and a.words <> ''
                            order by p.position, a.part limit 1), '') as words
           from audit t join response r on r.company = t.company and r.id = t.subject
           where t.company = $1 and t.did = 'answer.entered' and t.member = $3 and r.question = $2
           order by t.at desc, t.id desc limit $4""",
        company_id,
        question_id,
        member_id,
        SHOWN,
    )


def _must_take_entries(question: Question, now: datetime) -> None:
    """Also after its last day: what was put into the box by then may be typed in later."""
    if question.is_draft or question.opens_at > now:
        raise Refused("entry.not-open")
    if question.level == Level.INVITED:
        raise Refused("entry.closed-group")


async def _kept(
    company_id: UUID,
    response_id: UUID,
    question_id: UUID,
    entry: EntryForm,
    form: AnswerForm,
    code: str,
    *,
    by: Member,
    today: date,
) -> bool:
    """False where this very form was sent before."""
    named = form if form.quoting == "named" else structs.replace(form, first_name="", place="")
    try:
        return bool(
            await execute(
                """insert into response (id, company, question, receipt_hash, external_id, channel, language, quoting,
                                         first_name, place, day, consent, consent_on, entered_by)
                   values ($1, $2, $3, $4, nullif($5::varchar, ''), $6, $7, $8::varchar, $9, $10, $11::date,
                           case $8::varchar when 'no' then '' else $12 end,
                           case $8::varchar when 'no' then null else $11::date end, $13)
                   on conflict (company, receipt_hash) where receipt_hash is not null do nothing""",
                response_id,
                company_id,
                question_id,
                code_hash(code),
                entry.sheet,
                Channel(entry.channel).value,
                entry.language,
                form.quoting.value,
                named.first_name,
                named.place,
                today,
                ON_PAPER,
                by.id,
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise Refused("entry.sheet-twice", field="sheet", sheet=entry.sheet) from error
