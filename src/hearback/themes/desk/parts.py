"""Parts of an open theme that come by themselves: news of its quotes, the quotes, and what may belong there too."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.themes.desk import pages
from hearback.themes.queries import excerpts, life, near
from hearback.web.pages import show, wants_fragment


@get("/themes/{theme_id:uuid}/quotes", may=Right.READ)
async def quotes(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    """Only what people wrote, for a page that is open and was asked to show what is new."""
    theme = await life.theme(desk.company.id, theme_id, reader=desk.words.lang)
    if theme.merged or not wants_fragment(request):
        return Redirect(f"{pages.base(desk)}/{theme.heir}", status_code=303)
    said = await pages.said_in(request, desk, theme_id)
    return show(request, "themes/quotes", theme=theme, alone=True, faulty="", typed={}, **said)


@get("/themes/{theme_id:uuid}/news", may=Right.READ)
async def news(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    """`?shown=` what the open page shows, `?told=` what it has been told: says how much is new, but loads nothing."""
    theme = await life.theme(desk.company.id, theme_id)
    if not wants_fragment(request):
        return Redirect(f"{pages.base(desk)}/{theme.heir}", status_code=303)
    said = await pages.said_in(request, desk, theme.heir)
    shown, told = request.query_params.get("shown", ""), request.query_params.get("told", "")
    known = set(shown.split(".")) - {""}
    new = [one for one in said["quotes"] if one.id.hex not in known]
    changed = bool(new) or known != {one.id.hex for one in said["quotes"]}
    said["news"] = pages.News(told, shown, len({one.response for one in new}), changed=changed)
    return show(request, "themes/news", theme=theme, **said)


@get("/themes/{theme_id:uuid}/near", may=Right.READ)
async def may_belong(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    """`?opened=1` right after one of them was decided on."""
    found = await _near(desk, theme_id)
    if not wants_fragment(request):
        return await pages.show_theme(request, desk, theme_id, near=found)
    theme, opened = await life.theme(desk.company.id, theme_id), "opened" in request.query_params
    return show(request, "themes/near", theme=theme, near=found, opened_near=opened)


async def _near(desk: Desk, theme_id: UUID) -> list[excerpts.Quote]:
    return await excerpts.chosen(desk.company.id, await near.offered(desk.company.id, theme_id))


HANDLERS = [quotes, news, may_belong]
