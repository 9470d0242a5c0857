"""Words behind a bar: put there with a reason and a rule, taken away, and put back where a fan writes them again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many, fetch, transaction
from hearback.jobs import do_later
from hearback.ledger.commands import record
from hearback.ledger.rules import Kind
from hearback.moderation.commands.beginning import asked, must_be_there, settle, tell_all
from hearback.moderation.commands.feeling import feel_anew
from hearback.moderation.forms import CoverForm
from hearback.moderation.house import must_be_rule
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Refused
from hearback.trust.covering import Covered, Heard, covered, places_of


class _Own(Struct, frozen=True):
    """id: of the answer; words: as the fan wrote them."""

    id: UUID
    words: str


async def cover(company: Company, response_id: UUID, form: CoverForm, *, by: Member, now: datetime) -> None:
    """A part stands behind a bar from now on, wherever the words are read.

    Raises NotFound; Refused for a rule that is none, and for words that do not stand in the answer.
    """
    if not form.part:
        raise Refused("moderation.nothing-to-cover", field="part")
    await must_be_rule(company, form.rule)
    async with transaction():
        await must_be_there(company.id, response_id)
        why = Hidden("", form.heard_as, form.rule, form.reason, by.id, now)
        if not await _hide(company.id, response_id, form.part, why):
            raise Refused("moderation.not-found", field="part")
        await _draw_bars(company.id, response_id)
        await settle(company.id, [response_id], form.heard_as)
        await note_down(company.id, "answer.covered", by=by.id, now=now, subject=response_id)
        said = {"reason": form.reason, "rule": str(form.rule)}
        await record(company.id, Kind.REDACTED, response_id, said, now=now)
        await _read_anew(company.id, response_id)


async def uncover(company: Company, response_id: UUID, *, by: Member, now: datetime) -> None:
    """All of it shows again. Raises NotFound; Refused while its fan waits for another look."""
    async with transaction():
        await must_be_there(company.id, response_id)
        if await asked(company.id, response_id):
            raise Refused("moderation.look-first")
        await show_again(company.id, response_id, by=by, now=now)


async def show_again(company_id: UUID, response_id: UUID, *, by: Member, now: datetime) -> None:
    if await _take_bars_away(company_id, response_id):
        await note_down(company_id, "answer.uncovered", by=by.id, now=now, subject=response_id)
        await record(company_id, Kind.RESTORED, response_id, {}, now=now)
        await _read_anew(company_id, response_id)


async def _read_anew(company_id: UUID, response_id: UUID) -> None:
    """Pages, the names that the program gave to themes out of these words, and how hot they run."""
    await feel_anew(company_id, response_id)
    await do_later("themes.learn", company_id=company_id)
    await tell_all(company_id)


async def _take_bars_away(company_id: UUID, response_id: UUID) -> int:
    await execute("delete from cover where company = $1 and response = $2", company_id, response_id)
    return await execute(
        """update answer set words = own_words, own_words = null
           where company = $1 and response = $2 and own_words is not null""",
        company_id,
        response_id,
    )


class Hidden(Struct, frozen=True):
    """What stands behind a bar, told by its words: their place changes when the fan writes anew."""

    part: str
    heard_as: str
    rule: int
    reason: str
    by: UUID | None
    at: datetime


async def hidden(company_id: UUID, response_id: UUID) -> list[Hidden]:
    return await fetch(
        Hidden,
        """select distinct substr(a.own_words, v.starts + 1, v.ends - v.starts) as part, v.heard_as, v.rule, v.reason,
                  v.by, v.at
           from cover v join answer a on a.company = v.company and a.id = v.answer
           where v.company = $1 and v.response = $2 and a.own_words is not null""",
        company_id,
        response_id,
    )


async def hide_again(company_id: UUID, response_id: UUID, before: Sequence[Hidden]) -> None:
    """In the caller's transaction, after a fan wrote anew: what was covered stays so wherever it still stands."""
    await feel_anew(company_id, response_id)
    if not before:
        return
    await _take_bars_away(company_id, response_id)
    for one in before:
        await _hide(company_id, response_id, [one.part], one)
    await _draw_bars(company_id, response_id)


async def _hide(company_id: UUID, response_id: UUID, parts: Sequence[str], why: Hidden) -> int:
    """Gives in how many places."""
    rows = [
        (answer.id, start, end)
        for answer in await _own_words(company_id, response_id)
        for part in dict.fromkeys(parts)
        for start, end in places_of(part, answer.words)
    ]
    await execute_many(
        """insert into cover (id, company, response, answer, starts, ends, heard_as, rule, reason, by, "at")
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        [
            (
                new_id(),
                company_id,
                response_id,
                answer,
                start,
                end,
                why.heard_as,
                why.rule,
                why.reason,
                why.by,
                why.at,
            )
            for answer, start, end in rows
        ],
    )
    return len(rows)


class _Bar(Struct, frozen=True):
    answer: UUID
    starts: int
    ends: int
    heard_as: str


async def _draw_bars(company_id: UUID, response_id: UUID) -> None:
    bars = await fetch(
        _Bar,
        "select answer, starts, ends, heard_as from cover where company = $1 and response = $2",
        company_id,
        response_id,
    )
    for answer in await _own_words(company_id, response_id):
        spans = [
            Covered(bar.starts, bar.ends, Heard(bar.heard_as)) for bar in bars if bar.answer == answer.id
        ]
        if spans:
            await execute(
                "update answer set words = $3, own_words = $4 where company = $1 and id = $2",
                company_id,
                answer.id,
                covered(answer.words, spans),
                answer.words,
            )


async def _own_words(company_id: UUID, response_id: UUID) -> list[_Own]:
    return await fetch(
        _Own,
        """select id, coalesce(own_words, words) as words from answer
           where company = $1 and response = $2 and words <> '' order by id for update""",
        company_id,
        response_id,
    )
