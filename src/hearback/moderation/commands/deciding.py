"""Set aside, let stand, say as what one heard it, hand over, trust.

All of it is written down, as every change is, and nothing of it is counted by person: whoever needs a break takes it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hearback.answering import commands as answering
from hearback.answering import trusting
from hearback.answering.forms import SettingAsideForm
from hearback.clock import day_in
from hearback.database.columns import hidden_id, new_id
from hearback.database.engine import execute, fetch_column, transaction
from hearback.moderation.commands.beginning import asked, must_be_there, settle
from hearback.moderation.forms import AsideForm
from hearback.moderation.house import must_be_rule
from hearback.moderation.rules import HOSTILE
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Refused
from hearback.trust.covering import Heard
from hearback.web.live import tell


async def set_aside(
    company: Company, response_id: UUID, form: AsideForm, *, by: Member, now: datetime
) -> None:
    """Raises NotFound; Refused for a rule that is none, and for what the fan has withdrawn."""
    await must_be_rule(company, form.rule)
    async with transaction():
        await answering.set_aside(
            company.id, response_id, SettingAsideForm(form.reason, form.rule), by=by, now=now
        )
        await settle(company.id, [response_id], form.heard_as)


async def set_aside_many(
    company: Company, response_ids: Sequence[UUID], form: AsideForm, *, by: Member, now: datetime
) -> int:
    """With one reason and rule for all; gives how many. What a fan has withdrawn meanwhile is left alone."""
    await must_be_rule(company, form.rule)
    async with transaction():
        why = SettingAsideForm(form.reason, form.rule)
        aside = await answering.set_aside_many(company.id, list(response_ids), why, by=by, now=now)
        await settle(company.id, list(aside), form.heard_as)
    return len(aside)


async def let_stand(company: Company, response_ids: Sequence[UUID], *, by: Member, now: datetime) -> int:
    """A person has looked: what waited counts, and what counted goes on counting. Gives how many.

    What a person set aside, or what a fan asks about, needs an answer of its own and is left alone.
    """
    async with transaction():
        held = await fetch_column(
            """select id from response r
               where company = $1 and id = any($2) and not test
                 and (state = 'held' or (state = 'set_aside' and reason = '')) and not exists (
                     select from second_look where company = $1 and response = r.id and outcome = '')""",
            company.id,
            list(response_ids),
        )
        for response_id in held:
            await answering.count_again(company.id, response_id, by=by, now=now)
        today = day_in(company.timezone, now)
        await answering.mark_read(company.id, list(response_ids), by=by, today=today)
        stand = await fetch_column(
            "select id from response where company = $1 and id = any($2) and state = 'counted' and not test",
            company.id,
            list(response_ids),
        )
        await settle(company.id, stand, None)
    return len(stand)


async def count_again(company: Company, response_id: UUID, *, by: Member, now: datetime) -> None:
    """Raises NotFound; Refused while its fan waits for another look, which comes with words and from somebody else."""
    async with transaction():
        if await asked(company.id, response_id):
            raise Refused("moderation.look-first")
        await answering.count_again(company.id, response_id, by=by, now=now)
        await settle(company.id, [response_id], None)


async def hear_as(company: Company, response_id: UUID, heard: Heard, *, by: Member, now: datetime) -> None:
    """As what one heard it. An insult, a threat, personal data or spam that still shows waits for a decision."""
    async with transaction():
        await must_be_there(company.id, response_id)
        await execute(
            """insert into moderated (id, company, response, heard_as, waits) values ($1, $2, $3, $4, $5)
               on conflict (company, response)
               do update set heard_as = excluded.heard_as, waits = moderated.waits or excluded.waits""",
            hidden_id(),
            company.id,
            response_id,
            heard.value,
            heard in HOSTILE,
        )
        await note_down(
            company.id, "answer.heard-as", by=by.id, now=now, subject=response_id, after={"as": heard.value}
        )
        await tell(company.id, "desk")


async def hand_over(company: Company, response_id: UUID, words: str, *, by: Member, now: datetime) -> None:
    """Somebody else should take it. Who handed it over, and their words, stand there until somebody did."""
    async with transaction():
        await must_be_there(company.id, response_id)
        await execute(
            """insert into moderated (id, company, response, waits, handed_over_by, words)
               values ($1, $2, $3, true, $4, $5)
               on conflict (company, response)
               do update set waits = true, handed_over_by = excluded.handed_over_by, words = excluded.words""",
            hidden_id(),
            company.id,
            response_id,
            by.id,
            words,
        )
        await note_down(company.id, "answer.handed-over", by=by.id, now=now, subject=response_id)
        await tell(company.id, "desk")


async def trust(company: Company, response_id: UUID, *, by: Member, now: datetime) -> None:
    """It counts, and so does what comes from the same browser today or in the same wording. Raises NotFound."""
    async with transaction():
        question_id = await must_be_there(company.id, response_id)
        await execute(
            """insert into trusted (id, company, question, response, by, "at") values ($1, $2, $3, $4, $5, $6)
               on conflict (company, response) do nothing""",
            new_id(),
            company.id,
            question_id,
            response_id,
            by.id,
            now,
        )
        await let_stand(company, [response_id], by=by, now=now)
        await trusting.let_in(company.id, question_id, now=now)
        await note_down(company.id, "answer.trusted", by=by.id, now=now, subject=response_id)


async def trust_no_more(company: Company, response_id: UUID, *, by: Member, now: datetime) -> None:
    """What counts meanwhile goes on counting. Raises NotFound."""
    async with transaction():
        await must_be_there(company.id, response_id)
        gone = await execute(
            "delete from trusted where company = $1 and response = $2", company.id, response_id
        )
        if gone:
            await note_down(company.id, "answer.trusted-no-more", by=by.id, now=now, subject=response_id)
            await tell(company.id, "desk")
