"""Read a company's excerpts anew, around what people decided, and write down what changed.

The work of the processor is done in a thread and outside every transaction; the company's lock is held only
while the result is written. Killed at any moment, the old themes stay whole.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from time import perf_counter
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from threadpoolctl import threadpool_limits

from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many, fetch, lock, transaction
from hearback.jobs import do_later
from hearback.themes import second_reading
from hearback.themes.codebooks import codebook_of
from hearback.themes.commands.marking import mark
from hearback.themes.commands.turns import LARGE, learn_later, read_in_turn
from hearback.themes.copies import planned_for_all
from hearback.themes.embedding import MODEL
from hearback.themes.own_codebook import in_use
from hearback.themes.planning import (
    Codebook,
    Place,
    Plan,
    Reading,
    plan,
    reading,
)
from hearback.themes.progress import SORTING, tell_over, tell_progress
from hearback.themes.proposals import Proposal, Refused, not_refused
from hearback.themes.queries import codebook as codebook_queries
from hearback.themes.queries import proposing
from hearback.themes.queries import sorting as queries
from hearback.themes.rules import ThemeDeed
from hearback.web.live import tell

METHOD = f"{MODEL}, definitions, examples, codebook, Leiden"
METHOD_OF_BOTH = f"{MODEL}, {second_reading.MODEL}, definitions, codebook, Leiden"
FEW_UNREAD = 100  # excerpts that a learning reads a second time itself, in about three seconds
LOCK = "themes"
READINGS_KEPT = 4  # companies; one of 10,000 excerpts is about 60 MB
READINGS: OrderedDict[UUID, tuple[UUID, Reading]] = OrderedDict()


class Shift(Struct, frozen=True):
    """Excerpts that the machine moved. whence, where: themes that speak for themselves; None for unsorted."""

    whence: UUID | None
    where: UUID | None
    n: int


async def learn(company_id: UUID, *, cause: str, now: datetime, by: UUID | None = None) -> None:
    """Place and suggest everything anew. cause: `grown`, `taught` or `reread`; by: the member whose act it was.

    By both models where both have read the company's excerpts, else by the first alone.
    """
    of = await queries.company_read(company_id)
    if of is None:
        return
    began = perf_counter()
    await mark(company_id)
    last = await queries.last_run(company_id)
    known, ties = await queries.known(company_id), await queries.ties(company_id)
    refused = [(one.excerpt, one.theme) for one in await queries.refused(company_id)]
    twice = _are_read_twice(known)
    said_no = await proposing.refused(company_id)
    book = await codebook_now(company_id, twice=twice)
    large = len(known) if len(known) >= LARGE else 0
    await tell_progress(company_id, SORTING, 0, large)
    planned = await read_in_turn(len(known), _planned, book, known, ties, refused, said_no, of, twice)
    async with transaction():
        await lock(company_id, LOCK)
        newest = await queries.last_run(company_id)
        if newest != last:
            await tell_over(company_id, large)
            await learn_later(company_id, by)  # another worker wrote meanwhile, and may have known less
            return
        await _write_themes(company_id, planned, now=now)
        left = await _leave(company_id, planned.leaves)
        came = await put_places(company_id, planned.places, on=day_in(of.timezone, now), anew=True)
        await _write_proposals(company_id, planned.proposals)
        figures = _figures(came, left, new=planned.suggested)
        took_ms = round((perf_counter() - began) * 1000)
        method = METHOD_OF_BOTH if twice else METHOD
        await _note_run(
            company_id, planned, len(known), figures, method, cause=cause, by=by, took_ms=took_ms, now=now
        )
        await do_later("themes.draw", company_id=str(company_id))
        await tell_over(company_id, large)
        await tell(company_id, "numbers")


async def reading_now(company_id: UUID, of: queries.Of, run_id: UUID) -> Reading:
    """What this process remembers of the company since that run, or made again from where everything lies."""
    kept = READINGS.get(company_id)
    if kept is None or kept[0] != run_id:
        known, ties = await queries.known(company_id), await queries.ties(company_id)
        book = await codebook_now(company_id)
        kept = run_id, await asyncio.to_thread(_reading, book, known, ties, of)
        READINGS[company_id] = kept
        if len(READINGS) > READINGS_KEPT:
            READINGS.popitem(last=False)
    READINGS.move_to_end(company_id)
    return kept[1]


async def codebook_now(company_id: UUID, *, twice: bool = False) -> Codebook:
    """The company's own, as it stands. twice: as both models read it."""
    entries = in_use(await codebook_queries.changes(company_id))
    return await asyncio.to_thread(codebook_of, company_id, entries, twice=twice)


def _planned(
    book: Codebook,
    known: Sequence[queries.Known],
    ties: Sequence[queries.Tie],
    refused: Sequence[tuple[UUID, UUID]],
    said_no: Sequence[Refused],
    of: queries.Of,
    twice: bool,
) -> Plan:
    with threadpool_limits(1, "blas"):  # the number of threads changes the last bits, and so the themes
        return planned_for_all(
            lambda voices: plan(book, voices, ties, refused, said_no, language=of.language, asked=of.asked),
            _completed(known) if twice else known,
        )


def _are_read_twice(known: Sequence[queries.Known]) -> bool:
    """All but a few that have just come in: these are read again on the way."""
    missing = sum(one.second is None for one in known)
    return second_reading.reads_twice() and missing <= min(FEW_UNREAD, len(known) // 10)


def _completed(known: Sequence[queries.Known]) -> list[queries.Known]:
    return [
        one if one.second else structs.replace(one, second=second_reading.to_store(one.words))
        for one in known
    ]


def _reading(
    book: Codebook, known: Sequence[queries.Known], ties: Sequence[queries.Tie], of: queries.Of
) -> Reading:
    with threadpool_limits(1, "blas"):
        return reading(book, known, ties, language=of.language)


async def put_places(company_id: UUID, places: list[Place], *, on: date, anew: bool) -> list[Shift]:
    """Which excerpts lie elsewhere now.

    A person may have placed some of them meanwhile, or said that one does not belong there, or that this suggestion
    is no theme: their word stands.
    anew: a reading of all moves what the machine placed before; a join only fills gaps, for a newer reading may have
    placed the same excerpt while the join was being computed.
    """
    return await fetch(
        Shift,
        """with refused as materialized (
               select s.heir, v.excerpt from refusal v join theme s on s.company = v.company and s.id = v.theme
               where v.company = $1),
           no_theme as materialized (
               select k.theme from proposal k join theme s on s.company = k.company and s.id = k.theme
               where k.company = $1 and k.kind = 'new' and k.state = 'refused' and s.state = 'suggested'),
           fitting as (
               select e.company, e.id as excerpt, t.id as theme, t.heir, x.confidence
               from unnest($2::uuid[], $3::uuid[], $4::real[]) as x (excerpt, theme, confidence)
               join excerpt e on e.company = $1 and e.id = x.excerpt
               join theme t on t.company = $1 and t.id = x.theme
               where (t.heir, e.id) not in (select heir, excerpt from refused)
                 and t.id not in (select theme from no_theme)),
           elsewhere as (
               select w.heir as whence, f.heir as "where", count(*)::int as n from fitting f
               left join placement p on p.company = f.company and p.excerpt = f.excerpt
               left join theme w on w.company = p.company and w.id = p.theme
               where p.id is null or (p.by = 'machine' and $6 and p.theme <> f.theme) group by w.heir, f.heir),
           placed as (
               insert into placement (id, company, excerpt, theme, by, confidence, "on")
               select gen_random_uuid(), company, excerpt, theme, 'machine', confidence, $5 from fitting
               on conflict (company, excerpt) do update
               set theme = excluded.theme, confidence = excluded.confidence,
                   "on" = case when placement.theme = excluded.theme then placement."on" else excluded."on" end
               where placement.by = 'machine' and $6)
           select whence, "where", n from elsewhere""",
        company_id,
        *columns_of(places, Place),
        on,
        anew,
    )


def columns_of(rows: Sequence[msgspec.Struct], of: type[msgspec.Struct]) -> list[list[object]]:
    """One list a field: many rows in one statement."""
    return [[getattr(row, name) for row in rows] for name in of.__struct_fields__]


async def _leave(company_id: UUID, excerpt_ids: list[UUID]) -> list[Shift]:
    return await fetch(
        Shift,
        """with gone as (
               delete from placement where company = $1 and excerpt = any($2) and by = 'machine' returning theme)
           select t.heir as whence, null::uuid as "where", count(*)::int as n
           from gone g join theme t on t.company = $1 and t.id = g.theme group by t.heir""",
        company_id,
        excerpt_ids,
    )


def _figures(came: Sequence[Shift], left: Sequence[Shift], *, new: Collection[UUID]) -> dict[str, object]:
    """How many were put elsewhere and how many let go, and of each theme that changed how many came and left.

    new: themes that this reading made; to them everything came.
    """
    to, off = Counter[UUID](), Counter[UUID]()
    for one in (*came, *left):
        if one.whence != one.where:
            to.update({one.where: one.n} if one.where else {})
            off.update({one.whence: one.n} if one.whence else {})
    themes = {
        str(theme): [to[theme], off[theme]] for theme in sorted(to.keys() | off.keys()) if theme not in new
    }
    return {"came": sum(one.n for one in came), "left": sum(one.n for one in left), "themes": themes}


async def _write_themes(company_id: UUID, planned: Plan, *, now: datetime) -> None:
    await execute_many(
        """insert into theme (id, company, terms, terms_in, entry, heir, created_at)
           values ($1, $2, $3, $4, $5, $1, $6)""",
        [
            (theme, company_id, of.terms, _json(of.terms_in), of.entry, now)
            for theme, of in planned.suggested.items()
        ],
    )
    await execute_many(
        "insert into theme_event (id, company, theme, deed, details, at) values ($1, $2, $3, $4, $5, $6)",
        [
            (new_id(), company_id, theme, ThemeDeed.SUGGESTED, _json(of), now)
            for theme, of in planned.suggested.items()
        ],
    )
    await execute_many(
        """update theme set terms = $3, terms_in = $4, entry = $5
           where company = $1 and id = $2 and state = 'suggested'""",
        [(company_id, theme, of.terms, _json(of.terms_in), of.entry) for theme, of in planned.terms.items()],
    )


def _json(of: object) -> str:
    return msgspec.json.encode(of).decode()


async def _write_proposals(company_id: UUID, proposals: Sequence[Proposal]) -> None:
    """Instead of what nobody has decided on; without what was refused while the reading went on.

    What is proposed again keeps its id, for somebody may have it before them.
    """
    proposals = not_refused(proposals, await proposing.refused(company_id))
    await execute(
        """delete from proposal p where p.company = $1 and p.state = 'open' and not exists (
               select from unnest($2::text[], $3::uuid[], $4::uuid[]) as n (kind, theme, other)
               where n.kind = p.kind and n.theme = p.theme and n.other is not distinct from p.other)""",
        company_id,
        [one.kind.value for one in proposals],
        [one.theme for one in proposals],
        [one.other for one in proposals],
    )
    await execute_many(
        """insert into proposal (id, company, kind, theme, other, excerpts, worth, evidence)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (company, kind, theme, other) where state = 'open' and kind <> 'alike' do update
           set excerpts = excluded.excerpts, worth = excluded.worth, evidence = excluded.evidence""",
        [
            (
                new_id(),
                company_id,
                one.kind.value,
                one.theme,
                one.other,
                one.excerpts,
                one.worth,
                msgspec.json.encode(one.evidence).decode(),
            )
            for one in proposals
        ],
    )


async def _note_run(
    company_id: UUID,
    planned: Plan,
    excerpts: int,
    figures: dict[str, object],
    method: str,
    *,
    cause: str,
    by: UUID | None,
    took_ms: int,
    now: datetime,
) -> None:
    await execute(
        """insert into grouping_run (id, company, excerpts, placed, themes, method, figures, cause, started_by,
                                     took_ms, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        new_id(),
        company_id,
        excerpts,
        planned.placed,
        planned.themes,
        method,
        msgspec.json.encode(figures).decode(),
        cause,
        by,
        took_ms,
        now,
    )
