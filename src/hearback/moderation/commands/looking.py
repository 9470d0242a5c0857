"""Another look: a fan asks once, and somebody else than who decided answers."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering import commands as answering
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_column, fetch_one, fetch_value, transaction
from hearback.moderation.commands.beginning import SHOWN, must_be_there, settle, tell_all
from hearback.moderation.commands.covering import show_again
from hearback.moderation.rules import Outcome, may_look_again
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Refused


async def ask_for_another_look(company_id: UUID, response_id: UUID, words: str, *, today: date) -> None:
    """By the fan, once. Raises Refused where nothing is hidden, and where they have asked before."""
    async with transaction():
        about = await fetch_value(
            """select case when state = 'set_aside' then 'set_aside'
                           when exists (select from cover where company = $1 and response = $2) then 'covered' end
               from response where company = $1 and id = $2 and state = any($3) for update""",
            company_id,
            response_id,
            SHOWN,
        )
        if about is None:
            raise Refused("moderation.nothing-hidden")
        asked = await execute(
            """insert into second_look (id, company, response, about, words, asked_on) values ($1, $2, $3, $4, $5, $6)
               on conflict do nothing""",
            hidden_id(),
            company_id,
            response_id,
            about,
            words,
            today,
        )
        if not asked:
            raise Refused("moderation.asked-before")
        await tell_all(company_id)


class _Wished(Struct, frozen=True):
    id: UUID
    about: str


async def look_again(
    company: Company, response_id: UUID, outcome: Outcome, answer: str, *, by: Member, now: datetime
) -> None:
    """Somebody else decides, with words for the fan. Raises NotFound; Refused for whoever decided the first time."""
    async with transaction():
        await must_be_there(company.id, response_id)
        wished = await fetch_one(
            _Wished,
            "select id, about from second_look where company = $1 and response = $2 and outcome = '' for update",
            company.id,
            response_id,
        )
        if wished is None:
            raise Refused("moderation.nobody-asks")
        if not may_look_again(by.id, await _deciders(company.id, response_id)):
            raise Refused("moderation.somebody-else")
        await execute(
            'update second_look set outcome = $3, answer = $4, by = $5, "at" = $6 where company = $1 and id = $2',
            company.id,
            wished.id,
            outcome.value,
            answer,
            by.id,
            now,
        )
        if outcome is Outcome.RESTORED:
            await _restore(company, response_id, wished.about, by=by, now=now)
        await settle(company.id, [response_id], None)
        await note_down(
            company.id,
            "answer.looked-again",
            by=by.id,
            now=now,
            subject=response_id,
            after={"outcome": outcome.value},
        )
        await tell_all(company.id)


async def _restore(company: Company, response_id: UUID, about: str, *, by: Member, now: datetime) -> None:
    if about == "covered":
        await show_again(company.id, response_id, by=by, now=now)
        return
    lies = await fetch_value(
        "select state = 'set_aside' from response where company = $1 and id = $2", company.id, response_id
    )
    if lies:
        await answering.count_again(company.id, response_id, by=by, now=now)


async def _deciders(company_id: UUID, response_id: UUID) -> list[UUID]:
    return await fetch_column(
        """select set_aside_by from response where company = $1 and id = $2 and set_aside_by is not null
           union select by from cover where company = $1 and response = $2 and by is not null""",
        company_id,
        response_id,
    )
