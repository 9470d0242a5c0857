"""Members: who is here, who is invited, who may do what."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people import commands, queries
from hearback.people.access import AtDesk
from hearback.people.forms import InvitationForm, RoleForm
from hearback.people.rules import Right, Role
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@get("/people", may=Right.READ)
async def people(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _people(request, desk)


@post("/people/invitations", may=Right.MANAGE, status_code=201)
async def invite(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """The reply itself shows the link: it is nowhere else, and goes on by hand."""
    typed = await read_typed(request)
    try:
        token = await commands.invite(
            desk.company.id, read_form(InvitationForm, typed), by=desk.member, now=now()
        )
    except Refused as refusal:
        return await _people(request, desk, 422, typed=typed, refusal=refusal)
    return await _people(request, desk, 201, link=f"{settings().base_url}/invitation/{token}")


@post("/people/invitations/{invitation_id:uuid}/withdrawal", may=Right.MANAGE)
async def withdraw(desk: AtDesk, invitation_id: FromPath[UUID]) -> Redirect:
    await commands.withdraw_invitation(desk.company.id, invitation_id, by=desk.member, now=now())
    return _to_people(desk)


@get("/people/{member_id:uuid}", may=Right.MANAGE)
async def one_member(request: HTMXRequest, desk: AtDesk, member_id: FromPath[UUID]) -> Response[str]:
    return await _one_member(request, desk, member_id)


@post("/people/{member_id:uuid}/role", may=Right.MANAGE, status_code=303)
async def change_role(request: HTMXRequest, desk: AtDesk, member_id: FromPath[UUID]) -> Response[Any]:
    try:
        form = read_form(RoleForm, await read_typed(request))
        await commands.change_role(desk.company.id, member_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _one_member(request, desk, member_id, 422, refusal=refusal)
    return _to_people(desk)


@post("/people/{member_id:uuid}/deactivation", may=Right.MANAGE, status_code=303)
async def deactivate(request: HTMXRequest, desk: AtDesk, member_id: FromPath[UUID]) -> Response[Any]:
    try:
        await commands.deactivate(desk.company.id, member_id, by=desk.member, now=now())
    except Refused as refusal:
        return await _one_member(request, desk, member_id, 422, refusal=refusal)
    return _to_people(desk)


@post("/people/{member_id:uuid}/return", may=Right.MANAGE, status_code=303)
async def reactivate(desk: AtDesk, member_id: FromPath[UUID]) -> Redirect:
    await commands.reactivate(desk.company.id, member_id, by=desk.member, now=now())
    return _to_people(desk)


@post("/people/{member_id:uuid}/reset", may=Right.MANAGE, status_code=201)
async def make_reset_link(request: HTMXRequest, desk: AtDesk, member_id: FromPath[UUID]) -> Response[str]:
    """The reply itself shows the link, as with an invitation."""
    try:
        token = await commands.make_reset_link(desk.company.id, member_id, by=desk.member, now=now())
    except Refused as refusal:
        return await _one_member(request, desk, member_id, 422, refusal=refusal)
    link = f"{settings().base_url}/reset/{token}"
    return await _one_member(request, desk, member_id, 201, link=link)


async def _people(
    request: HTMXRequest,
    desk: AtDesk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    link: str | None = None,
) -> Response[str]:
    everybody = await queries.members(desk.company.id, active=False)
    teams = await queries.teams(desk.company.id, away=True)
    return show(
        request,
        "people/people",
        status,
        headers=_never_kept(link),
        members=[person for person in everybody if person.active],
        former=[person for person in everybody if not person.active],
        teams=[team for team in teams if not team.away],
        teams_away=[team for team in teams if team.away],
        invitations=await queries.open_invitations(desk.company.id, now=now())
        if desk.may(Right.MANAGE)
        else [],
        roles=list(Role),
        typed=typed or {},
        refusal=refusal,
        link=link,
    )


async def _one_member(
    request: HTMXRequest,
    desk: AtDesk,
    member_id: UUID,
    status: int = 200,
    *,
    refusal: Refused | None = None,
    link: str | None = None,
) -> Response[str]:
    person = await queries.member(desk.company.id, member_id)
    return show(
        request,
        "people/member",
        status,
        headers=_never_kept(link),
        who=person,
        roles=list(Role),
        refusal=refusal,
        link=link,
    )


def _never_kept(link: str | None) -> dict[str, str]:
    """A page with a link that opens a door is kept by no cache, not even the browser's."""
    return {"Cache-Control": "no-store"} if link else {}


def _to_people(desk: AtDesk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/people", status_code=303)


HANDLERS = [people, invite, withdraw, one_member, change_role, deactivate, reactivate, make_reset_link]
