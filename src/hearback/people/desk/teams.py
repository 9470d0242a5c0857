"""Teams: who is in them, under which name, and which are not needed any more."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people import commands, queries
from hearback.people.access import AtDesk
from hearback.people.forms import TeamForm
from hearback.people.queries import Team
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@get("/people/teams/new", may=Right.MANAGE)
async def new_team(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _team(request, desk, None)


@post("/people/teams", may=Right.MANAGE, status_code=303)
async def make_team(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(TeamForm, typed)
        await commands.make_team(desk.company.id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _team(request, desk, None, 422, typed=typed, refusal=refusal)
    return _to_teams(desk)


@get("/people/teams/{team_id:uuid}", may=Right.MANAGE)
async def one_team(request: HTMXRequest, desk: AtDesk, team_id: FromPath[UUID]) -> Response[str]:
    return await _team(request, desk, await queries.team(desk.company.id, team_id))


@post("/people/teams/{team_id:uuid}", may=Right.MANAGE, status_code=303)
async def change_team(request: HTMXRequest, desk: AtDesk, team_id: FromPath[UUID]) -> Response[Any]:
    team = await queries.team(desk.company.id, team_id)
    typed = await read_typed(request)
    try:
        form = read_form(TeamForm, typed)
        await commands.change_team(desk.company.id, team_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _team(request, desk, team, 422, typed=typed, refusal=refusal)
    return _to_teams(desk)


@post("/people/teams/{team_id:uuid}/putting-away", may=Right.MANAGE, status_code=303)
async def put_away(request: HTMXRequest, desk: AtDesk, team_id: FromPath[UUID]) -> Response[Any]:
    try:
        await commands.put_team_away(desk.company.id, team_id, by=desk.member, now=now())
    except Refused as refusal:
        team = await queries.team(desk.company.id, team_id)
        return await _team(request, desk, team, 422, refusal=refusal)
    return _to_teams(desk)


@post("/people/teams/{team_id:uuid}/return", may=Right.MANAGE, status_code=303)
async def bring_back(request: HTMXRequest, desk: AtDesk, team_id: FromPath[UUID]) -> Response[Any]:
    try:
        await commands.bring_team_back(desk.company.id, team_id, by=desk.member, now=now())
    except Refused as refusal:
        team = await queries.team(desk.company.id, team_id)
        return await _team(request, desk, team, 422, refusal=refusal)
    return _to_teams(desk)


async def _team(
    request: HTMXRequest,
    desk: AtDesk,
    team: Team | None,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    as_it_is = {"name": [team.name], "member": [str(one) for one in team.members]} if team else {}
    return show(
        request,
        "people/team",
        status,
        team=team,
        members=await queries.members(desk.company.id),
        most=most(TeamForm, "name"),
        typed=as_it_is if typed is None else typed,
        refusal=refusal,
    )


def _to_teams(desk: AtDesk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/people#teams", status_code=303)


HANDLERS = [new_team, make_team, one_team, change_team, put_away, bring_back]
