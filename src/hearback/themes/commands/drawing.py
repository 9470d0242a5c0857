"""The map of themes is drawn by the worker and kept; a page only shows it."""

import asyncio
from datetime import datetime
from time import perf_counter
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.jobs import do_later
from hearback.themes.laying import Plane, lay
from hearback.themes.planning import vectors_of
from hearback.themes.queries import picture
from hearback.themes.rules import MOST_DRAWN

LOCK = "themes.map"
A_TENTH = 10


async def draw(company_id: UUID, *, even_few: bool, now: datetime) -> None:
    """Draw the company's map anew when a tenth of it would be new; even_few: when anything would. Twice is as once.

    The machine learns after every act of a person, and no map should move under their eyes for one new dot.
    """
    began = perf_counter()
    wanted = await picture.to_draw(company_id, limit=MOST_DRAWN)
    new = {one.id for one in wanted.excerpts} - await picture.spotted(company_id)
    if new and not even_few and len(new) * A_TENTH <= len(wanted.excerpts):
        return
    if not new:
        await _note_drawing(company_id, wanted.of, took_s=perf_counter() - began, now=now)
        return
    before = {
        row: (one.x, one.y)
        for row, one in enumerate(wanted.excerpts)
        if one.x is not None and one.y is not None
    }
    spots = await asyncio.to_thread(lay, vectors_of([one.vector for one in wanted.excerpts]), before)
    async with transaction():
        await lock(company_id, LOCK)
        await execute("delete from spot where company = $1", company_id)
        await _write_spots(company_id, [one.id for one in wanted.excerpts], spots)
        await _note_drawing(company_id, wanted.of, took_s=perf_counter() - began, now=now)


async def leave_the_map(company_id: UUID, response_id: UUID) -> None:
    """In the transaction in which a fan withdraws an answer: nothing on the map points at it any more."""
    await execute(
        """delete from spot using excerpt e
           where spot.company = $1 and e.company = $1 and e.id = spot.excerpt and e.response = $2""",
        company_id,
        response_id,
    )


async def draw_what_changed() -> None:
    """Maps that miss something of what there is by now, or that were never drawn."""
    for company_id in await picture.outdated():
        async with transaction():
            await do_later("themes.draw", company_id=company_id, even_few=True)


async def _write_spots(company_id: UUID, excerpts: list[UUID], spots: Plane) -> None:
    """What was withdrawn while we drew gets none."""
    await execute(
        """insert into spot (id, company, excerpt, x, y)
           select gen_random_uuid(), e.company, e.id, s.x, s.y
           from unnest($2::uuid[], $3::real[], $4::real[]) as s (excerpt, x, y)
           join excerpt e on e.company = $1 and e.id = s.excerpt
           join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test""",
        company_id,
        excerpts,
        spots[:, 0].tolist(),
        spots[:, 1].tolist(),
    )


async def _note_drawing(company_id: UUID, excerpts: int, *, took_s: float, now: datetime) -> None:
    await execute(
        """insert into drawing (id, company, excerpts, took_ms, at)
           select $1, c.id, $3, $4, $5 from company c where c.id = $2
           on conflict (company) do update
           set excerpts = excluded.excerpts, took_ms = excluded.took_ms, at = excluded.at""",
        new_id(),
        company_id,
        excerpts,
        round(took_s * 1000),
        now,
    )
