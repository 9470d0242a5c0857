"""What the machine does: read new answers, and place them among the themes there are.

The work of the processor is done in a thread and outside every transaction; the company's lock is held only
while the result is written.
"""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.jobs import do_later, payload
from hearback.themes.commands.joining import put_close
from hearback.themes.commands.learning import LOCK, columns_of, learn, put_places, reading_now
from hearback.themes.commands.marking import mark
from hearback.themes.cutting import covered
from hearback.themes.embedding import embed
from hearback.themes.planning import close_to, placed_by
from hearback.themes.progress import READING, tell_over, tell_progress
from hearback.themes.queries import marking
from hearback.themes.queries import sorting as queries
from hearback.themes.rules import asks_whether_due, grouping_is_due
from hearback.themes.splitting import split
from hearback.web.live import tell

ANSWERS_AT_ONCE = 250
MISSED_WITHIN = timedelta(days=2)


async def read_response(company_id: UUID, response_id: UUID, *, now: datetime) -> None:
    """Split what one person wrote and place it among the themes there are. Doing it twice changes nothing."""
    of = await queries.company_read(company_id)
    if of is None:
        return
    run = await queries.last_run(company_id)
    if (
        run
    ):  # as soon as the words are cut, the page of thanks says what is close: nothing slow may stand between
        await reading_now(company_id, of, run.id)
    await _read(company_id, await queries.unread_answers(company_id, response_id))
    await mark(company_id, response_id)
    loose = await queries.loose(company_id, response=response_id) if run else []
    await _place(company_id, of, run, loose, now=now, for_the_fan=True)
    if asks_whether_due(response_id, run.excerpts if run else 0) and await _is_due(company_id):
        await _sort_later(company_id)


async def sort(company_id: UUID, *, now: datetime) -> None:
    """Read what is not read yet, and everything anew when enough has come since the last time.

    What the last reading of all left unsorted stays so until the next: it knew more than one excerpt can tell.
    """
    of = await queries.company_read(company_id)
    if of is None:
        return
    answers = await queries.unread_answers(company_id)
    await _read(company_id, answers)
    await mark(company_id)
    if await _is_due(company_id):
        await learn(company_id, cause="grown", now=now)
        return
    run = await queries.last_run(company_id)
    loose = await queries.loose(company_id, answers=answers) if run else []
    await _place(company_id, of, run, loose, now=now)


async def find_missed(*, now: datetime) -> None:
    """Answers whose job was lost, or that came in without one, and excerpts from before they were marked: sort their
    companies."""
    missed = await queries.unread_since((now - MISSED_WITHIN).date())
    companies = await asyncio.to_thread(lambda: {company for company, words in missed if split(words)})
    for company_id in sorted(companies.union(await marking.companies_with_unmarked())):
        await _sort_later(company_id)


async def _is_due(company_id: UUID) -> bool:
    sums, last = await queries.sums(company_id), await queries.last_run(company_id)
    then = None if last is None else (last.excerpts, last.excerpts - last.placed)
    return grouping_is_due(sums.excerpts, sums.unsorted, then)


async def _sort_later(company_id: UUID) -> None:
    """Unless a job that nobody has begun will see the same."""
    details = {"company_id": str(company_id)}
    async with transaction():
        waiting = await fetch_value(
            """select exists (select from pgqueuer where entrypoint = 'themes.sort' and status = 'queued'
                              and payload = $1)""",
            payload(**details),
        )
        if not waiting:
            await do_later("themes.sort", **details)


class _Excerpt(msgspec.Struct, frozen=True):
    id: UUID
    answer: UUID
    starts: int
    ends: int
    vector: bytes


async def _read(company_id: UUID, answer_ids: list[UUID]) -> None:
    """Told on the desk where it takes a while."""
    of = len(answer_ids)
    for start in range(0, of, ANSWERS_AT_ONCE):
        await tell_progress(company_id, READING, start, of)
        answers = await queries.unread(company_id, answer_ids[start : start + ANSWERS_AT_ONCE])
        await _write_excerpts(company_id, await asyncio.to_thread(_excerpts, answers))
    await tell_over(company_id, of)


def _excerpts(answers: list[queries.Unread]) -> list[_Excerpt]:
    spans = [(answer, span) for answer in answers for span in covered(answer.words, split(answer.words))]
    vectors = embed(answer.words[span.start : span.end] for answer, span in spans)
    return [
        _Excerpt(hidden_id(), answer.id, span.start, span.end, vector.astype("<f4").tobytes())
        for (answer, span), vector in zip(spans, vectors, strict=True)
    ]


async def _write_excerpts(company_id: UUID, excerpts: list[_Excerpt]) -> None:
    """What was withdrawn while we read it gets none; what has some by now may have been cut by a person."""
    await execute(
        """insert into excerpt (id, company, question, response, answer, starts, ends, vector)
           select x.id, a.company, r.question, r.id, a.id, x.starts, x.ends, x.vector
           from unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::bytea[])
                as x (id, answer, starts, ends, vector)
           join answer a on a.company = $1 and a.id = x.answer
           join response r on r.company = a.company and r.id = a.response and r.state in ('counted', 'held')
           where not exists (select from excerpt e where e.company = a.company and e.answer = a.id)
           on conflict (company, answer, starts) do nothing""",
        company_id,
        *columns_of(excerpts, _Excerpt),
    )


async def _place(
    company_id: UUID,
    of: queries.Of,
    run: queries.Run | None,
    loose: list[queries.Loose],
    *,
    now: datetime,
    for_the_fan: bool = False,
) -> None:
    """Place what has just come. Before the first reading of all there is nothing to join.

    for_the_fan: also write down what it is close to, for whoever said it to choose from.
    """
    if not run or not loose:
        await tell(company_id, "numbers")
        return
    reading = await reading_now(company_id, of, run.id)
    places = await asyncio.to_thread(placed_by, reading, loose)
    close = await asyncio.to_thread(close_to, reading, loose) if for_the_fan else []
    async with transaction():
        await lock(company_id, LOCK)
        await put_places(company_id, places, on=day_in(of.timezone, now), anew=False)
        await put_close(company_id, close)
        await tell(company_id, "numbers")
