"""A question's short address."""

from litestar import get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.asking import queries


@get("/q/{short:str}")
async def short_address(request: HTMXRequest, short: FromPath[str]) -> Redirect:
    """For a while only: a question may still get another address before the first answer."""
    company, question = await queries.address_of_short(short)
    query = f"?{request.url.query}" if request.url.query else ""
    return Redirect(
        f"/{company}/ask/{question}{query}", status_code=302, headers={"Cache-Control": "no-cache"}
    )


HANDLERS = [short_address]
