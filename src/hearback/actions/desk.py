"""What we do about what was said: who has it, by when, and how far it is."""

import contextlib
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.actions import commands, queries
from hearback.actions.forms import ActionForm, NewActionForm, StateForm, ThemeForm
from hearback.actions.rules import ActionState, may_follow
from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.queries import members
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.themes.queries import ThemeLabel, named_themes, theme_labels
from hearback.themes.queries.picture import coverage
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed

MOST = {name: most(ActionForm, name) for name in ("title", "why", "tracker_url")} | {
    "reason": most(StateForm, "reason")
}


@get("/actions", may=Right.READ)
async def actions(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return show(
        request,
        "actions/actions",
        actions=await queries.actions(desk.company.id, reader=desk.words.lang),
        today=day_in(desk.company.timezone, now()),
    )


@get("/actions/new", may=Right.ACT)
async def new(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """`?theme=` is ticked already, or the one it was merged into."""
    asked = await theme_labels(
        desk.company.id, _ids(request.query_params.getall("theme", [])), reader=desk.words.lang
    )
    ticked = [str(theme.merged_into or theme.id) for theme in asked]
    return await _new(request, desk, {"themes": ticked, "owner": [str(desk.member.id)]})


@post("/actions", may=Right.ACT, status_code=303)
async def make(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(NewActionForm, typed)
        action_id = await commands.make_action(desk.company, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _new(request, desk, typed, refusal)
    return _to(desk, action_id)


@get("/actions/{action_id:uuid}", may=Right.READ)
async def action(request: HTMXRequest, desk: AtDesk, action_id: FromPath[UUID]) -> Response[str]:
    return await _action(request, desk, action_id)


@post("/actions/{action_id:uuid}", may=Right.ACT, status_code=303)
async def change(request: HTMXRequest, desk: AtDesk, action_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(ActionForm, typed)
        await commands.change_action(desk.company, action_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _action(request, desk, action_id, typed, refusal)
    return _to(desk, action_id)


@post("/actions/{action_id:uuid}/state", may=Right.ACT, status_code=303)
async def set_state(request: HTMXRequest, desk: AtDesk, action_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(StateForm, typed)
        await commands.set_state(desk.company, action_id, form.state, form.reason, by=desk.member, now=now())
    except Refused as refusal:
        return await _action(request, desk, action_id, typed, refusal)
    return _to(desk, action_id)


@post("/actions/{action_id:uuid}/themes", may=Right.ACT, status_code=303)
async def link_theme(request: HTMXRequest, desk: AtDesk, action_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(ThemeForm, typed)
        await commands.link_theme(desk.company, action_id, form.theme, by=desk.member, now=now())
    except Refused as refusal:
        return await _action(request, desk, action_id, typed, refusal)
    return _to(desk, action_id)


@post("/actions/{action_id:uuid}/themes/{theme_id:uuid}/removal", may=Right.ACT, status_code=303)
async def unlink_theme(desk: AtDesk, action_id: FromPath[UUID], theme_id: FromPath[UUID]) -> Response[Any]:
    await commands.unlink_theme(desk.company, action_id, theme_id, by=desk.member, now=now())
    return _to(desk, action_id)


async def _new(
    request: HTMXRequest, desk: Desk, typed: Typed, refusal: Refused | None = None
) -> Response[str]:
    return show(
        request,
        "actions/new",
        422 if refusal else 200,
        owners=await members(desk.company.id),
        themes=await _choosable(desk, typed.get("themes", [])),
        covered=await coverage(desk.company.id),
        most=MOST,
        typed=typed,
        refusal=refusal,
    )


async def _choosable(desk: Desk, ticked: list[str]) -> list[ThemeLabel]:
    """Those with a name, and before them a ticked one that has none yet."""
    named = await named_themes(desk.company.id)
    known = {theme.id for theme in named}
    others = [theme for theme in _ids(ticked) if theme not in known]
    return [*await theme_labels(desk.company.id, others, reader=desk.words.lang), *named]


def _ids(texts: list[str]) -> list[UUID]:
    """What an address or a form may hold instead of an id is no theme."""
    found = []
    for text in texts:
        with contextlib.suppress(ValueError):
            found.append(UUID(text))
    return found


async def _action(
    request: HTMXRequest,
    desk: Desk,
    action_id: UUID,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    found = await queries.action(desk.company.id, action_id, reader=desk.words.lang)
    linked = {theme.id for theme in found.themes}
    return show(
        request,
        "actions/action",
        422 if refusal else 200,
        action=found,
        steps=await queries.steps(desk.company.id, action_id),
        next_states=may_follow(ActionState(found.state)),
        owners=await members(desk.company.id),
        other_themes=[one for one in await named_themes(desk.company.id) if one.id not in linked],
        most=MOST,
        today=day_in(desk.company.timezone, now()),
        typed=typed or {},
        refusal=refusal,
    )


def _to(desk: Desk, action_id: UUID) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/actions/{action_id}", status_code=303)


HANDLERS = [actions, new, make, action, change, set_state, link_theme, unlink_theme]
