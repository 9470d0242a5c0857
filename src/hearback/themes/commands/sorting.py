"""What the machine does: read new answers, place them, and suggest themes. It never undoes what a person did.

The work of the processor is done in a thread and outside every transaction; the company's lock is held only
while the result is written.
"""

import asyncio
from datetime import date, datetime, timedelta
from time import perf_counter
from uuid import UUID

import msgspec

from hearback.clock import day_in
from hearback.database.columns import hidden_id, new_id
from hearback.database.engine import execute, execute_many, fetch_value, lock, transaction
from hearback.jobs import do_later, payload
from hearback.themes.commands.marking import mark
from hearback.themes.copies import planned_for_all
from hearback.themes.embedding import MODEL, embed
from hearback.themes.planning import Place, Plan, joined, plan
from hearback.themes.queries import marking
from hearback.themes.queries import sorting as queries
from hearback.themes.rules import ThemeDeed, grouping_is_due
from hearback.themes.splitting import split
from hearback.web.live import tell

ANSWERS_AT_ONCE = 250
METHOD = f"{MODEL}, neighbours, Leiden"
MISSED_WITHIN = timedelta(days=2)
LOCK = "themes"


async def read_response(company_id: UUID, response_id: UUID, *, now: datetime) -> None:
    """Split what one person wrote and place it among the themes there are. Doing it twice changes nothing."""
    zone = await queries.timezone(company_id)
    if zone is None:
        return
    await _read(company_id, await queries.unread_answers(company_id, response_id))
    await mark(company_id, response_id)
    await _place(company_id, response_id, on=day_in(zone, now))
    if await _is_due(company_id):
        await _sort_later(company_id)


async def sort(company_id: UUID, *, now: datetime) -> None:
    """Read and place all that is not, and group everything anew when enough has come since the last time."""
    zone = await queries.timezone(company_id)
    if zone is None:
        return
    await _read(company_id, await queries.unread_answers(company_id))
    await mark(company_id)
    on, grouped = day_in(zone, now), frozenset[UUID]()
    if await _is_due(company_id):
        grouped = await group_anew(company_id, now=now, on=on)
    await _place(company_id, None, on=on, but=grouped)


async def group_anew(company_id: UUID, *, now: datetime, on: date) -> frozenset[UUID]:
    """Suggest themes from all that counts; gives the excerpts that were looked at."""
    began = perf_counter()
    last = await queries.last_run(company_id)
    known, ties = await queries.known(company_id), await queries.ties(company_id)
    planned = await asyncio.to_thread(planned_for_all, lambda voices: plan(voices, ties), known)
    async with transaction():
        await lock(company_id, LOCK)
        newest = await queries.last_run(company_id)
        if newest != last:
            return frozenset()  # another worker grouped the same meanwhile
        await _write_themes(company_id, planned, now=now)
        await _leave(company_id, planned.leaves)
        await _put(company_id, planned.places, on=on, anew=True)
        await _note_run(company_id, planned, len(known), took_s=perf_counter() - began, now=now)
        await tell(company_id, "numbers")
    return frozenset(one.id for one in known)


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
    for start in range(0, len(answer_ids), ANSWERS_AT_ONCE):
        answers = await queries.unread(company_id, answer_ids[start : start + ANSWERS_AT_ONCE])
        await _write_excerpts(company_id, await asyncio.to_thread(_excerpts, answers))


def _excerpts(answers: list[queries.Unread]) -> list[_Excerpt]:
    spans = [(answer, span) for answer in answers for span in split(answer.words)]
    vectors = embed(answer.words[span.start : span.end] for answer, span in spans)
    return [
        _Excerpt(hidden_id(), answer.id, span.start, span.end, vector.astype("<f4").tobytes())
        for (answer, span), vector in zip(spans, vectors, strict=True)
    ]


async def _write_excerpts(company_id: UUID, excerpts: list[_Excerpt]) -> None:
    """What was withdrawn while we read it gets none."""
    await execute(
        """insert into excerpt (id, company, question, response, answer, starts, ends, vector)
           select x.id, a.company, r.question, r.id, a.id, x.starts, x.ends, x.vector
           from unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::bytea[])
                as x (id, answer, starts, ends, vector)
           join answer a on a.company = $1 and a.id = x.answer
           join response r on r.company = a.company and r.id = a.response and r.state in ('counted', 'held')
           on conflict (company, answer, starts) do nothing""",
        company_id,
        *_columns(excerpts, _Excerpt),
    )


async def _place(
    company_id: UUID, response_id: UUID | None, *, on: date, but: frozenset[UUID] = frozenset()
) -> None:
    """Place what is unsorted, of one response or of all. Before the first grouping there is nothing to join."""
    run = await queries.last_run(company_id)
    found = await queries.loose(company_id, response_id) if run else []
    loose = [one for one in found if one.id not in but]
    if not run or not loose:
        await tell(company_id, "numbers")
        return
    places = await asyncio.to_thread(joined, loose, await queries.examples(company_id), run)
    async with transaction():
        await lock(company_id, LOCK)
        await _put(company_id, places, on=on, anew=False)
        await tell(company_id, "numbers")


async def _put(company_id: UUID, places: list[Place], *, on: date, anew: bool) -> None:
    """A person may have placed some of them meanwhile, or said that one does not belong there: their word stands.

    anew: a regroup moves what the machine placed before; a join only fills gaps, for a newer regroup may have
    placed the same excerpt while the join was being computed.
    """
    await execute(
        """with refused as materialized (
               select s.heir, (v.details->>'excerpt')::uuid as excerpt
               from theme_event v join theme s on s.company = v.company and s.id = v.theme
               where v.company = $1 and v.deed = 'not_here' and not v.details ? 'undoes'
                 and not exists (select from theme_event u where u.company = v.company and u.theme = v.theme
                                 and u.details->>'undoes' = v.id::text))
           insert into placement (id, company, excerpt, theme, by, confidence, "on")
           select gen_random_uuid(), e.company, e.id, t.id, 'machine', x.confidence, $5
           from unnest($2::uuid[], $3::uuid[], $4::real[]) as x (excerpt, theme, confidence)
           join excerpt e on e.company = $1 and e.id = x.excerpt
           join theme t on t.company = $1 and t.id = x.theme
           where (t.heir, e.id) not in (select heir, excerpt from refused)
           on conflict (company, excerpt) do update
           set theme = excluded.theme, confidence = excluded.confidence,
               "on" = case when placement.theme = excluded.theme then placement."on" else excluded."on" end
           where placement.by = 'machine' and $6""",
        company_id,
        *_columns(places, Place),
        on,
        anew,
    )


async def _leave(company_id: UUID, excerpt_ids: list[UUID]) -> None:
    await execute(
        "delete from placement where company = $1 and excerpt = any($2) and by = 'machine'",
        company_id,
        excerpt_ids,
    )


async def _write_themes(company_id: UUID, planned: Plan, *, now: datetime) -> None:
    await execute_many(
        "insert into theme (id, company, terms, heir, created_at) values ($1, $2, $3, $1, $4)",
        [(theme, company_id, terms, now) for theme, terms in planned.suggested.items()],
    )
    await execute_many(
        "insert into theme_event (id, company, theme, deed, details, at) values ($1, $2, $3, $4, $5, $6)",
        [
            (
                new_id(),
                company_id,
                theme,
                ThemeDeed.SUGGESTED,
                msgspec.json.encode({"terms": terms}).decode(),
                now,
            )
            for theme, terms in planned.suggested.items()
        ],
    )
    await execute_many(
        "update theme set terms = $3 where company = $1 and id = $2 and state = 'suggested'",
        [(company_id, theme, terms) for theme, terms in planned.terms.items()],
    )


async def _note_run(company_id: UUID, planned: Plan, excerpts: int, *, took_s: float, now: datetime) -> None:
    await execute(
        """insert into grouping_run (id, company, excerpts, placed, themes, method, centre, least, took_ms, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        new_id(),
        company_id,
        excerpts,
        planned.placed,
        planned.themes,
        METHOD,
        planned.centre,
        planned.least,
        round(took_s * 1000),
        now,
    )


def _columns(rows: list[_Excerpt] | list[Place], of: type[msgspec.Struct]) -> list[list[object]]:
    """One list a field: many rows in one statement."""
    return [[getattr(row, name) for row in rows] for name in of.__struct_fields__]
