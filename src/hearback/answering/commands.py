"""What members do with answers: reading them, setting them aside with a reason, counting them again."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering import queries, recording
from hearback.answering.forms import SettingAsideForm
from hearback.answering.rules import ResponseState
from hearback.database.engine import execute, fetch, fetch_column, transaction
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import Refused
from hearback.trust.integrity.rules import Flag
from hearback.web.live import tell


async def mark_read(company_id: UUID, response_ids: list[UUID], *, by: Member, today: date) -> int:
    """A member has opened them. The first reader stays; gives how many were unread."""
    async with transaction():
        read = await execute(
            """update response set read_by = $3, read_on = $4
               where company = $1 and id = any($2) and read_on is null and not test""",
            company_id,
            response_ids,
            by.id,
            today,
        )
        if read:
            await tell(company_id, "desk")
    return read


async def set_aside(
    company_id: UUID, response_id: UUID, form: SettingAsideForm, *, by: Member, now: datetime
) -> None:
    """It counts no more, with a reason and a rule that its receipt tells; can be taken back.

    Raises NotFound; Refused for what the fan has withdrawn.
    """
    await _change_state(
        company_id,
        response_id,
        [ResponseState.COUNTED, ResponseState.HELD],
        ResponseState.SET_ASIDE,
        form,
        by=by,
        now=now,
    )


async def count_again(company_id: UUID, response_id: UUID, *, by: Member, now: datetime) -> None:
    """Take the setting aside back, or count what waited for a look; whoever does has looked at it.

    Raises NotFound, Refused.
    """
    await _change_state(
        company_id,
        response_id,
        [ResponseState.SET_ASIDE, ResponseState.HELD],
        ResponseState.COUNTED,
        None,
        by=by,
        now=now,
    )


async def set_aside_many(
    company_id: UUID, response_ids: list[UUID], form: SettingAsideForm, *, by: Member, now: datetime
) -> dict[UUID, str]:
    """With one reason for all; gives those that were set aside, each with its state before.

    What is not there, or was withdrawn or set aside meanwhile, is left alone.
    """
    async with transaction():
        rows = await fetch(
            _Aside,
            """update response r set state = 'set_aside', reason = $3, set_aside_by = $4, rule = $5
               from (select id, state from response
                     where company = $1 and id = any($2) and state in ('counted', 'held') and not test
                     for update) as was
               where r.company = $1 and r.id = was.id returning r.id, was.state""",
            company_id,
            response_ids,
            form.reason,
            by.id,
            form.rule,
        )
        for row in rows:
            await note_down(
                company_id,
                "answer.set-aside",
                by=by.id,
                now=now,
                subject=row.id,
                before={"state": row.state},
                after={"state": ResponseState.SET_ASIDE.value},
            )
        await recording.set_aside(company_id, {row.id: form.reason for row in rows}, now=now)
        if rows:
            await _tell_of_states(company_id)
    return {row.id: row.state for row in rows}


async def count_again_many(
    company_id: UUID, states: Mapping[UUID, str], *, set_aside_by: UUID, by: Member, now: datetime
) -> list[UUID]:
    """Take back one setting aside of several; each becomes what it was. Gives those that still lay aside by it."""
    async with transaction():
        back: list[UUID] = await fetch_column(
            """update response r set state = x.state, reason = '', set_aside_by = null, rule = null
               from unnest($2::uuid[], $3::text[]) as x (id, state)
               where r.company = $1 and r.id = x.id and r.state = 'set_aside' and r.set_aside_by = $4
               returning r.id""",
            company_id,
            list(states),
            list(states.values()),
            set_aside_by,
        )
        for response_id in back:
            await note_down(
                company_id,
                "answer.counted-again",
                by=by.id,
                now=now,
                subject=response_id,
                before={"state": ResponseState.SET_ASIDE.value},
                after={"state": states[response_id]},
            )
        await recording.restored(company_id, back, now=now)
        if back:
            await _tell_of_states(company_id)
    return back


async def count_waiting(company_id: UUID, question_id: UUID, flag: Flag, *, by: Member, now: datetime) -> int:
    """All that the program held back for one reason: a member has looked at them. Gives how many.

    Raises Refused for what waits for its fans: a look cannot tell whose mailbox it is.
    """
    if flag is Flag.UNCONFIRMED:
        raise Refused("inbox.unconfirmed-one-by-one")
    async with transaction():
        counted = await fetch_column(
            """update response r set state = 'counted', read_by = coalesce(read_by, $4),
                      read_on = coalesce(read_on, ($5 at time zone c.timezone)::date)
               from company c
               where r.company = $1 and c.id = $1 and r.question = $2 and r.state = 'held' and r.flag = $3
                     and not r.test
               returning r.id""",
            company_id,
            question_id,
            flag.value,
            by.id,
            now,
        )
        for response_id in counted:
            await note_down(
                company_id,
                "answer.counted-again",
                by=by.id,
                now=now,
                subject=response_id,
                before={"state": ResponseState.HELD.value},
                after={"state": ResponseState.COUNTED.value},
            )
        await recording.restored(company_id, counted, now=now)
        if counted:
            await _tell_of_states(company_id)
    return len(counted)


class _Aside(Struct, frozen=True):
    id: UUID
    state: str


async def _tell_of_states(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")


async def open_personal_data(company_id: UUID, response_id: UUID, *, by: Member, now: datetime) -> None:
    """Write down that a member looks at what is masked elsewhere. Raises NotFound."""
    async with transaction():
        found = await queries.response(company_id, response_id)
        await note_down(company_id, "answer.personal-data-opened", by=by.id, now=now, subject=found.id)


async def _change_state(
    company_id: UUID,
    response_id: UUID,
    before: list[ResponseState],
    after: ResponseState,
    why: SettingAsideForm | None,
    *,
    by: Member,
    now: datetime,
) -> None:
    async with transaction():
        found = await queries.response(company_id, response_id)
        changed = await execute(
            """update response r set state = $4::varchar, reason = $5, set_aside_by = $6, rule = $9,
                      read_by = case when $4::varchar = 'counted' then coalesce(read_by, $7) else read_by end,
                      read_on = case when $4::varchar = 'counted'
                                     then coalesce(read_on, ($8 at time zone c.timezone)::date) else read_on end
               from company c where r.company = $1 and c.id = $1 and r.id = $2 and r.state = any($3)""",
            company_id,
            response_id,
            [state.value for state in before],
            after.value,
            why.reason if why else "",
            by.id if why else None,
            by.id,
            now,
            why.rule if why else None,
        )
        if not changed:
            raise Refused("answer.not-in-this-state")
        await note_down(
            company_id,
            "answer.set-aside" if why else "answer.counted-again",
            by=by.id,
            now=now,
            subject=response_id,
            before={"state": found.state},
            after={"state": after.value},
        )
        if why:
            await recording.set_aside(company_id, {response_id: why.reason}, now=now)
        else:
            await recording.restored(company_id, [response_id], now=now)
        if after is ResponseState.COUNTED:  # what lay aside from the first was never read
            await do_later("themes.read", company_id=company_id, response_id=response_id)
        await _tell_of_states(company_id)
