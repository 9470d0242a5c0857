"""What can be seen only from several answers together: repeats, campaigns, many at once. Judged by the worker, after
they were stored; what it holds back waits for a person, who can count it with one click. What waits for its fan's yes
is nobody's repeat until it counts."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering import recording, trusting
from hearback.clock import now
from hearback.database.engine import execute, fetch, fetch_column, lock, transaction
from hearback.trust.integrity.rules import LONG_ENOUGH, Copy, Flag, Trace, outcome, same_wording, suspected
from hearback.trust.wording import Kept, marked, sketch
from hearback.web.live import tell

AT_ONCE = 2_000


class _Pile(Struct, frozen=True):
    """A question with answers that nobody judged yet. days: theirs."""

    company: UUID
    question: UUID
    days: list[date]


class _Worded(Struct, frozen=True):
    response: UUID
    words: str


async def judge_new() -> None:
    """All answers that came since the last time. Doing it twice changes nothing."""
    for pile in await fetch(
        _Pile,
        """select company, question, array_agg(distinct day) as days from answer_trace where not judged
           group by company, question""",
    ):
        while await _judge(pile) == AT_ONCE:
            pass


async def judge_again(company_id: UUID, question_id: UUID, response_id: UUID) -> None:
    """In the caller's transaction: one that was judged while it waited for its fan, and counts only from now on."""
    days = await fetch_column(
        "select day from answer_trace where company = $1 and response = $2", company_id, response_id
    )
    found = await _noticed(_Pile(company_id, question_id, days), [_Worded(response_id, "")])
    await _hold_back(company_id, found)


async def forget_traces(now: datetime) -> None:
    """Those of days that are over, judged before."""
    await execute("delete from answer_trace where day < $1 and judged", now.astimezone(UTC).date())


async def _judge(pile: _Pile) -> int:
    """At most so many at once; gives how many."""
    async with transaction():
        await lock(
            pile.company, f"judging {pile.question}"
        )  # two workers must not each call another one the first
        new = await _take_wordings(pile)
        changed = await _hold_back(pile.company, await _noticed(pile, new))
        await trusting.let_in(pile.company, pile.question, now=now())
        await execute(
            "update answer_trace set judged = true where company = $1 and question = $2 and response = any($3)",
            pile.company,
            pile.question,
            [one.response for one in new],
        )
        if changed:
            await tell(pile.company, "public")
            await tell(pile.company, "desk")
    return len(new)


async def _noticed(pile: _Pile, new: list[_Worded]) -> dict[UUID, Flag]:
    """Among all answers of these days, and all that have the wording of a new one."""
    found: dict[UUID, Flag] = {}
    for day in pile.days:
        found = suspected(await _traces(pile, day)) | found
    for response, flag in same_wording(await _copies(pile, new)).items():
        found.setdefault(response, flag)
    return found


async def _take_wordings(pile: _Pile) -> list[_Worded]:
    """Note whose wording each new answer has; gives the new ones."""
    new = await fetch(
        _Worded,
        """select t.response, coalesce(string_agg(a.words, ' ' order by p.position, a.words), '') as words
           from answer_trace t
           left join answer a on a.company = t.company and a.response = t.response and a.words <> ''
           left join prompt p on p.company = a.company and p.id = a.prompt
           where t.company = $1 and t.question = $2 and not t.judged
           group by t.response order by t.response limit $3""",
        pile.company,
        pile.question,
        AT_ONCE,
    )
    long = [one for one in new if len(one.words) >= LONG_ENOUGH]
    sketches = await asyncio.to_thread(lambda: [sketch(one.words) for one in long])
    kept = await fetch(
        Kept,
        """select w.wording, w.marks, string_agg(a.words, ' ' order by p.position, a.words) as words
           from answer_wording w
           join answer a on a.company = w.company and a.response = w.response and a.words <> ''
           join prompt p on p.company = a.company and p.id = a.prompt
           where w.company = $1 and w.question = $2 and w.marks && $3::bigint[] and w.marks <> '{}'
           group by w.id""",
        pile.company,
        pile.question,
        sorted({mark for one in sketches for mark in one.marks}),
    )
    given = await asyncio.to_thread(marked, sketches, kept)
    await execute(
        """insert into answer_wording (id, company, question, response, wording, marks)
           select gen_random_uuid(), $1, $2, x.response, x.wording, x.marks::bigint[]
           from unnest($3::uuid[], $4::bigint[], $5::text[]) as x (response, wording, marks)
           on conflict (company, response) do nothing""",
        pile.company,
        pile.question,
        [one.response for one in long],
        [one.wording for one in given],
        ["{" + ",".join(map(str, one.marks)) + "}" for one in given],
    )
    return new


async def _traces(pile: _Pile, day: date) -> list[Trace]:
    return await fetch(
        Trace,
        """select t.response, t.browser, t.line, t.burst, t.form, w.wording, t.judged,
                  r.state = 'counted' and r.read_on is null and r.flag = '' as free
           from answer_trace t
           join response r on r.company = t.company and r.id = t.response
           left join answer_wording w on w.company = t.company and w.response = t.response
           where t.company = $1 and t.question = $2 and t.day = $3
             and (r.state = 'counted' or r.flag <> 'unconfirmed')""",
        pile.company,
        pile.question,
        day,
    )


async def _copies(pile: _Pile, new: list[_Worded]) -> list[Copy]:
    """All that have the same wording as one of the new."""
    return await fetch(
        Copy,
        """select w.response, w.wording, coalesce(t.judged, true) as judged,
                  r.state = 'counted' and r.read_on is null and r.flag = '' as free
           from answer_wording w
           join response r on r.company = w.company and r.id = w.response
           left join answer_trace t on t.company = w.company and t.response = w.response
           where w.company = $1 and w.question = $2 and (r.state = 'counted' or r.flag <> 'unconfirmed')
             and w.wording in (
               select wording from answer_wording where company = $1 and response = any($3))""",
        pile.company,
        pile.question,
        [one.response for one in new],
    )


async def _hold_back(company_id: UUID, found: Mapping[UUID, Flag]) -> int:
    """Only what still counts and nobody has looked at meanwhile; gives how many."""
    held = await fetch_column(
        """update response r set state = x.state, flag = x.flag
           from unnest($2::uuid[], $3::text[], $4::text[]) as x (id, state, flag)
           where r.company = $1 and r.id = x.id and r.state = 'counted' and r.read_on is null and r.flag = ''
           returning r.id""",
        company_id,
        list(found),
        [outcome(flag) for flag in found.values()],
        [flag.value for flag in found.values()],
    )
    await recording.set_aside(company_id, {one: found[one].value for one in held}, now=now())
    return len(held)
