"""The desk's first page: what waits, for how long, and who has it."""

import asyncio
from datetime import timedelta
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.changenotes.queries import to_read_over
from hearback.changenotes.queries.still_told import still_told
from hearback.clock import day_in, now
from hearback.notifying.queries import letters_for
from hearback.people import queries as people
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.promises.rules import PromiseState
from hearback.reporting.queries import to_sign
from hearback.themes.commands import read_mention, read_passed_on
from hearback.themes.queries import proposing, tending
from hearback.themes.queries import telling as themes
from hearback.themes.rules import parts_spoken
from hearback.today import queries
from hearback.today.rules import part_of_day
from hearback.web.pages import show

CORRECTIONS_OF = timedelta(days=14)
LOOKED_AT_WITHIN = timedelta(days=7)
NEAREST = 8


@get("/today", may=Right.READ)
async def today(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    company, at = desk.company, now()
    day = day_in(company.timezone, at)
    waiting, due, came, sums, mentions, thanks = await asyncio.gather(
        queries.waiting(company.id, at, reader=desk.words.lang),
        queries.due(company.id),
        queries.came(company.id, reader=desk.words.lang),
        queries.sums(company.id, since=day - CORRECTIONS_OF),
        themes.mentions(company.id, desk.member.id, reader=desk.words.lang),
        themes.thanks(company.id, desk.member.id),
    )
    members, teams, in_hand, proposed, open_again, to_look_at = await asyncio.gather(
        people.members(company.id),
        people.teams(company.id),
        tending.waiting_for(company.id, desk.member.id, day, reader=desk.words.lang),
        proposing.waiting(company.id),
        queries.open_again(company.id),
        queries.to_look_at(company.id),
    )
    may_publish, leads = desk.member.may(Right.PUBLISH), desk.member.leads
    since = at - LOOKED_AT_WITHIN
    return show(
        request,
        "today/today",
        to_read_over=await to_read_over(company.id, desk.member.id, leads=leads, since=since)
        if may_publish
        else [],
        waiting=[(one, asked, one.silence(day)) for one, asked in waiting],
        due=due[:NEAREST],
        all_due=len(due),
        my_near=[one for one in due if one.owner == desk.member.id and one.state(day) == PromiseState.DUE],
        red=[one for one in due if one.is_late(day) and (leads or one.owner == desk.member.id)],
        to_sign=await to_sign(company.id) if leads else None,
        came=came,
        sums=sums,
        proposed=sum(proposed.values()),
        mentions=mentions,
        thanks=thanks,
        in_hand=in_hand,
        open_again=open_again,
        to_look_at=to_look_at,
        covered=len(await still_told(company.id)),
        letters=await letters_for(company.id, desk.member.id),
        teams=teams,
        members=members,
        parts_spoken=parts_spoken,
        day_of_today=day,
        part_of_day=part_of_day(int(desk.words.time(at)[:2])),
    )


@post("/today/mentions/{mention_id:uuid}", may=Right.READ, status_code=303)
async def mention_read(desk: AtDesk, mention_id: FromPath[UUID]) -> Redirect:
    await read_mention(desk.company.id, mention_id, by=desk.member.id, now=now())
    return Redirect(f"/desk/{desk.company.slug}/today#for-you", status_code=303)


@post("/today/thanks/{passed_on_id:uuid}", may=Right.READ, status_code=303)
async def thanks_read(desk: AtDesk, passed_on_id: FromPath[UUID]) -> Redirect:
    await read_passed_on(desk.company.id, passed_on_id, by=desk.member.id, now=now())
    return Redirect(f"/desk/{desk.company.slug}/today#for-you", status_code=303)


HANDLERS = [today, mention_read, thanks_read]
