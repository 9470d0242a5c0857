"""Anybody may answer any note: which question takes that in."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hearback.asking.commands import save_question
from hearback.asking.forms import PromptForm, QuestionForm, Translations
from hearback.asking.rules import PromptKind
from hearback.changenotes import queries
from hearback.changenotes.commands.revising import tell_all
from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Refused
from hearback.words.speaking import words_for

OPEN_FOR = timedelta(days=180)
REPLY_WITHIN = timedelta(days=14)


async def choose_door(company_id: UUID, question: UUID | None, *, by: Member, now: datetime) -> None:
    """None: a note can be answered by everybody only while an open question stands behind it. Raises Refused."""
    if question and question not in {one.id for one in await queries.door_questions(company_id, now=now)}:
        raise Refused("form.not-a-choice", field="question")
    async with transaction():
        await execute("delete from note_door where company = $1", company_id)
        if question:
            await execute(
                "insert into note_door (id, company, question) values ($1, $2, $3)",
                new_id(),
                company_id,
                question,
            )
        await note_down(
            company_id,
            "note.door",
            by=by.id,
            now=now,
            subject=company_id,
            after={"question": str(question or "")},
        )
        await tell_all(company_id)


async def prepare_door(company: Company, *, by: Member, now: datetime) -> UUID:
    """A draft with words for it, chosen already; whoever opens it has read it, and promises its reply. Gives its id."""
    first, *others = company.languages
    today = day_in(company.timezone, now)
    more = {
        "asked_by": by.id,
        "opens_on": today,
        "closes_on": today + OPEN_FOR,
        "reply_by": today + OPEN_FOR + REPLY_WITHIN,
        "language": first,
        "translations": {other: _texts(company, other) for other in others},
    }
    form = msgspec.convert(_texts(company, first) | more, QuestionForm)
    in_others: Translations = {other: {"words": _prompt(company, other)} for other in others}
    prompt = PromptForm(
        kind=PromptKind.OPEN, words=_prompt(company, first), required="yes", translations=in_others
    )
    async with transaction():
        question = await save_question(company, None, form, [prompt], by=by, now=now)
        await choose_door(company.id, question, by=by, now=now)
    return question


def _texts(company: Company, language: str) -> dict[str, str]:
    say = words_for(language, company.address).say
    return {
        "title": say("note-door.q.title"),
        "why": say("note-door.q.why"),
        "can_change": say("note-door.q.can-change"),
        "cannot_change": say("note-door.q.cannot-change"),
        "what_happens": say("note-door.q.what-happens"),
    }


def _prompt(company: Company, language: str) -> str:
    return words_for(language, company.address).say("note-door.q.prompt")
