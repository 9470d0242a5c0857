"""What every decision begins and ends with."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from hearback.answering.rules import ResponseState
from hearback.database.engine import execute, fetch_one, fetch_value
from hearback.refusals import NotFound, Refused
from hearback.trust.covering import Heard
from hearback.web.live import tell

SHOWN = [ResponseState.COUNTED.value, ResponseState.HELD.value, ResponseState.SET_ASIDE.value]


class _There(Struct, frozen=True):
    question: UUID
    state: str


async def must_be_there(company_id: UUID, response_id: UUID) -> UUID:
    """Its question; locks the answer. Raises NotFound; Refused for what its fan took back."""
    found = await fetch_one(
        _There,
        "select question, state from response where company = $1 and id = $2 and not test for update",
        company_id,
        response_id,
    )
    if found is None:
        raise NotFound
    if found.state not in SHOWN:
        raise Refused("answer.not-in-this-state")
    return found.question


async def asked(company_id: UUID, response_id: UUID) -> bool:
    return bool(
        await fetch_value(
            "select exists (select from second_look where company = $1 and response = $2 and outcome = '')",
            company_id,
            response_id,
        )
    )


async def settle(company_id: UUID, response_ids: Sequence[UUID], heard: Heard | None) -> None:
    """Somebody has decided: nobody else has to."""
    await execute(
        """update moderated set waits = false, handed_over_by = null, words = ''
           where company = $1 and response = any($2)""",
        company_id,
        list(response_ids),
    )
    if heard:
        await execute(
            """insert into moderated (id, company, response, heard_as)
               select gen_random_uuid(), $1, one, $3 from unnest($2::uuid[]) as one
               on conflict (company, response) do update set heard_as = excluded.heard_as""",
            company_id,
            list(response_ids),
            heard.value,
        )


async def tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
