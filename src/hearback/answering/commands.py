"""Taking answers in, reading them, and setting them aside with a reason."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from hearback.answering import queries
from hearback.answering.code import code_hash, receipt_code
from hearback.answering.forms import AnswerForm, SettingAsideForm
from hearback.answering.rules import Channel, Filled, ResponseState
from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, execute_many, fetch, fetch_column, fetch_one, transaction
from hearback.jobs import do_later, payload
from hearback.limits import bucket_key
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Refused, TooMany
from hearback.settings import settings
from hearback.web.live import tell

WINDOW = timedelta(hours=1)


class Outcome(Struct, frozen=True):
    """What the one statement found: was the question open, the network within its limit, the response known."""

    open: bool
    within: bool
    ends_at: datetime | None
    kept: bool
    known: bool

    @property
    def there(self) -> bool:
        """Kept now or before. Open and within but not kept: the other click of a double click was first, and
        committed after this statement had begun to look."""
        return self.kept or self.known or (self.open and self.within)


# One statement, one round trip, one commit: the question is open, the network is within its limit, and response,
# answers and job are there together, or none of it is. The job that reads the answer tells the others of it.
GIVE = """
with asked as materialized (
    select company, id from question
    where company = $1 and id = $2 and state = 'open' and opens_at <= $3 and closes_at > $3
), tried as (
    insert into bucket as b (id, key, tries, ends_at)
    select gen_random_uuid(), $4, 1, $3 + $5 from asked
    on conflict (key) do update set
        tries = case when b.ends_at <= $3 then 1 else b.tries + 1 end,
        ends_at = case when b.ends_at <= $3 then excluded.ends_at else b.ends_at end
    returning tries <= $6 as within, ends_at
), kept as (
    insert into response (id, company, question, receipt_hash, language, quoting, first_name, place, day)
    select $7, asked.company, asked.id, $8, $9, $10, $11, $12, $13 from asked, tried where tried.within
    on conflict (company, receipt_hash) where receipt_hash is not null do nothing
    returning id
), answered as (
    insert into answer (id, company, response, prompt, words, chosen, number)
    select gen_random_uuid(), $1, kept.id, a.prompt, a.words, a.chosen::smallint[], a.number
    from kept, unnest($14::uuid[], $15::text[], $16::text[], $17::smallint[]) as a (prompt, words, chosen, number)
), job as (
    insert into pgqueuer (priority, entrypoint, payload, status)
    select 0, 'themes.read', $18::bytea, 'queued' from kept returning id
), logged as (
    insert into pgqueuer_log (job_id, status, entrypoint, priority)
    select id, 'queued', 'themes.read', 0 from job
)
select exists (select from asked) as open,
       coalesce((select within from tried), false) as within,
       (select ends_at from tried) as ends_at,
       exists (select from kept) as kept,
       exists (select from response where company = $1 and receipt_hash = $8) as known
"""


async def give_answer(
    company: Company,
    question_id: UUID,
    form: AnswerForm,
    filled: list[Filled],
    *,
    language: str,
    network: str,
    now: datetime,
) -> str:
    """Keep a fan's answer for good and give its receipt code; sent twice, it is kept once and gets the same code.

    Raises Refused when the question is not open (any more) or its prompts have just been changed, TooMany when
    the network has sent too many.
    """
    given = settings()
    code = receipt_code(given.secret_key, form.key, _content(question_id, form, filled))
    response_id = hidden_id()
    try:
        outcome = await fetch_one(
            Outcome,
            GIVE,
            company.id,
            question_id,
            now,
            bucket_key(given.secret_key, "answer", network, now),
            WINDOW,
            given.answers_per_network_and_hour,
            response_id,
            code_hash(code),
            language,
            form.quoting.value,
            form.first_name if form.quoting == "named" else "",
            form.place if form.quoting == "named" else "",
            day_in(company.timezone, now),
            *_columns(filled),
            payload(company_id=company.id, response_id=response_id),
        )
    except asyncpg.ForeignKeyViolationError as error:  # a prompt has gone since the page was remembered
        raise Refused("answer.question-changed") from error
    if outcome is None or not outcome.there:
        raise _why_not(outcome, now)
    return code


async def try_out(
    company: Company, question_id: UUID, form: AnswerForm, filled: list[Filled], *, now: datetime
) -> None:
    """A member tries the draft: kept as a test, told apart everywhere, thrown away at opening."""
    async with transaction():
        response_id = hidden_id()
        await execute(
            """insert into response (id, company, question, quoting, first_name, day, test)
               values ($1, $2, $3, $4, $5, $6, true)""",
            response_id,
            company.id,
            question_id,
            form.quoting.value,
            form.first_name,
            day_in(company.timezone, now),
        )
        await _keep_answers(company.id, [(response_id, one) for one in filled])


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
    """It counts no more, with a reason that its receipt tells; can be taken back.

    Raises NotFound; Refused for what the fan has withdrawn.
    """
    await _change_state(
        company_id,
        response_id,
        [ResponseState.COUNTED, ResponseState.HELD],
        ResponseState.SET_ASIDE,
        form.reason,
        by=by,
        now=now,
    )


async def count_again(company_id: UUID, response_id: UUID, *, by: Member, now: datetime) -> None:
    """Take the setting aside back. Raises NotFound, Refused."""
    await _change_state(
        company_id,
        response_id,
        [ResponseState.SET_ASIDE, ResponseState.HELD],
        ResponseState.COUNTED,
        "",
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
            """update response r set state = 'set_aside', reason = $3, set_aside_by = $4
               from (select id, state from response
                     where company = $1 and id = any($2) and state in ('counted', 'held') and not test
                     for update) as was
               where r.company = $1 and r.id = was.id returning r.id, was.state""",
            company_id,
            response_ids,
            form.reason,
            by.id,
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
        if rows:
            await _tell_of_states(company_id)
    return {row.id: row.state for row in rows}


async def count_again_many(
    company_id: UUID, states: Mapping[UUID, str], *, set_aside_by: UUID, by: Member, now: datetime
) -> list[UUID]:
    """Take back one setting aside of several; each becomes what it was. Gives those that still lay aside by it."""
    async with transaction():
        back: list[UUID] = await fetch_column(
            """update response r set state = x.state, reason = '', set_aside_by = null
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
        if back:
            await _tell_of_states(company_id)
    return back


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


class ImportedRow(Struct, frozen=True):
    """One row of a file, checked already: the same door as an answer from the web.

    content_hash: SHA-256 of what the row says; recognises the row again where it has no id of its own.
    """

    external_id: str | None
    content_hash: bytes
    language: str
    day: date
    quoting: str
    first_name: str
    place: str
    answers: list[Filled]


async def keep_imported(company_id: UUID, question_id: UUID, rows: list[ImportedRow]) -> int:
    """Keep the rows that are not there yet, in the caller's transaction; gives how many were new.

    Their sorting is one job for all of them.
    """
    responses = [(hidden_id(), row) for row in rows]
    new = set(
        await fetch_column(
            """insert into response (id, company, question, external_id, content_hash, channel, language, quoting,
                                     first_name, place, day)
               select r.id, $1, $2, r.external_id, r.content_hash, $3, r.language, r.quoting, r.first_name, r.place,
                      r.day
               from unnest($4::uuid[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::text[], $10::text[],
                           $11::date[])
                    as r (id, external_id, content_hash, language, quoting, first_name, place, day)
               on conflict do nothing returning id""",
            company_id,
            question_id,
            Channel.FILE.value,
            [response_id for response_id, _ in responses],
            [row.external_id for _, row in responses],
            [row.content_hash for _, row in responses],
            [row.language for _, row in responses],
            [row.quoting for _, row in responses],
            [row.first_name for _, row in responses],
            [row.place for _, row in responses],
            [row.day for _, row in responses],
        )
    )
    await _keep_answers(
        company_id,
        [(response_id, one) for response_id, row in responses if response_id in new for one in row.answers],
    )
    if new:
        await do_later("themes.sort", company_id=company_id)
        await tell(company_id, "numbers")
    return len(new)


async def _change_state(
    company_id: UUID,
    response_id: UUID,
    before: list[ResponseState],
    after: ResponseState,
    reason: str,
    *,
    by: Member,
    now: datetime,
) -> None:
    async with transaction():
        found = await queries.response(company_id, response_id)
        changed = await execute(
            """update response set state = $4, reason = $5, set_aside_by = $6
               where company = $1 and id = $2 and state = any($3)""",
            company_id,
            response_id,
            [state.value for state in before],
            after.value,
            reason,
            by.id if reason else None,
        )
        if not changed:
            raise Refused("answer.not-in-this-state")
        await note_down(
            company_id,
            "answer.set-aside" if reason else "answer.counted-again",
            by=by.id,
            now=now,
            subject=response_id,
            before={"state": found.state},
            after={"state": after.value},
        )
        await tell(company_id, "public")
        await tell(company_id, "desk")


def _why_not(outcome: Outcome | None, now: datetime) -> Exception:
    if outcome is None or outcome.ends_at is None:
        return Refused("answer.question-closed")
    return TooMany(wait_s=max(1, int((outcome.ends_at - now).total_seconds())))


def _content(question_id: UUID, form: AnswerForm, filled: list[Filled]) -> bytes:
    """The same for the same answer, whatever its way through the net."""
    return msgspec.json.encode([question_id, form.quoting, form.first_name, form.place, filled])


def _columns(filled: list[Filled]) -> tuple[list[UUID], list[str], list[str], list[int | None]]:
    """The answers as columns for unnest; lists of options as array texts, for unnest would flatten them."""
    return (
        [one.prompt for one in filled],
        [one.words for one in filled],
        ["{" + ",".join(map(str, one.chosen)) + "}" for one in filled],
        [one.number for one in filled],
    )


async def _keep_answers(company_id: UUID, answers: list[tuple[UUID, Filled]]) -> None:
    await execute_many(
        "insert into answer (id, company, response, prompt, words, chosen, number) values ($1, $2, $3, $4, $5, $6, $7)",
        [
            (hidden_id(), company_id, response_id, one.prompt, one.words, list(one.chosen), one.number)
            for response_id, one in answers
        ],
    )
