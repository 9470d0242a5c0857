"""Themes as the team reads them, and the stream that tells open pages of news."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect, ServerSentEvent

from hearback.clock import now
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.themes.desk import pages
from hearback.themes.desk.list_pane import in_list
from hearback.themes.desk.listing import chosen_in
from hearback.themes.progress import HOLDS_S
from hearback.web.live import LIVE
from hearback.web.pages import show, wants_fragment


@get("/themes", may=Right.READ)
async def themes(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    return await pages.show_first(request, desk)


@get("/themes/list", may=Right.READ)
async def the_list(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """Only the list, for a page that is open and has heard news."""
    if not wants_fragment(request):
        return Redirect(pages.base(desk), status_code=303)
    asked = request.query_params
    opened, told = asked.get("opened", ""), asked.get("told", "")
    shown = await in_list(desk, now(), chosen_in(request), opened)
    shown |= {"told": told if told in HOLDS_S else "", "unfolded": "unfolded" in asked}
    return show(request, "themes/list", opened=opened, **shown)


@get("/themes/{theme_id:uuid}", may=Right.READ)
async def theme(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    return await pages.show_theme(request, desk, theme_id)


@get("/themes/unsorted", may=Right.READ)
async def unsorted(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    return await pages.show_pile(request, desk, nowhere=False)


@get("/themes/nowhere", may=Right.READ)
async def nowhere(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    return await pages.show_pile(request, desk, nowhere=True)


@get("/live", may=Right.READ)
async def live(request: HTMXRequest, desk: AtDesk) -> ServerSentEvent:
    """Says only that there is news, never what: a page asks again, with its own rights. `?since=`: when it was made."""
    return ServerSentEvent(LIVE.stream(desk.company.id, _moment(request.query_params.get("since", ""))))


def _moment(typed: str) -> datetime | None:
    """Seconds since 1970; what is none says nothing."""
    try:
        return datetime.fromtimestamp(float(typed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


HANDLERS = [themes, the_list, theme, unsorted, nowhere, live]
