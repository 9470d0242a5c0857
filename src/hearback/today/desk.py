"""The desk's first page: what waits, for how long, and who has it."""

import asyncio
from datetime import timedelta

from litestar import Response, get
from litestar.plugins.htmx import HTMXRequest

from hearback.clock import day_in, now
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.today import queries
from hearback.today.rules import part_of_day, silence
from hearback.web.pages import show

CORRECTIONS_OF = timedelta(days=14)


@get("/today", may=Right.READ)
async def today(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    company, at = desk.company, now()
    day = day_in(company.timezone, at)
    waiting, due, came, sums = await asyncio.gather(
        queries.waiting(company.id),
        queries.due(company.id),
        queries.came(company.id),
        queries.sums(company.id, since=day - CORRECTIONS_OF),
    )
    return show(
        request,
        "today/today",
        waiting=[(one, silence(desk.words.local_day(one.since), one.due_on, day)) for one in waiting],
        due=due,
        came=came,
        sums=sums,
        day_of_today=day,
        part_of_day=part_of_day(int(desk.words.time(at)[:2])),
    )


HANDLERS = [today]
