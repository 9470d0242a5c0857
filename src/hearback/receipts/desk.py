"""What fans said back, for those who answer for the notes."""

from litestar import Response, get
from litestar.plugins.htmx import HTMXRequest

from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.receipts.said_back import said_back
from hearback.web.pages import show


@get("/hearbacks", may=Right.READ)
async def hearbacks(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return show(request, "receipts/hearbacks", said_back=await said_back(desk.company.id))


HANDLERS = [hearbacks]
