"""What fans said back, for those who answer for the notes."""

from litestar import Response, get
from litestar.plugins.htmx import HTMXRequest

from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.receipts.said_back import said_back
from hearback.refusals import NotFound
from hearback.web.pages import show
from hearback.web.paging import last_seen

A_PAGE = 50


@get("/hearbacks", may=Right.READ)
async def hearbacks(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    before = last_seen(request)
    found = await said_back(desk.company.id, before=before, limit=A_PAGE + 1)
    if before and not found:
        raise NotFound
    older = found[A_PAGE - 1].id if len(found) > A_PAGE else None
    return show(request, "receipts/hearbacks", said_back=found[:A_PAGE], older=older)


HANDLERS = [hearbacks]
