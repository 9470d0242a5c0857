"""Notes that still say what is covered in an answer: all of them, and a gap in their place."""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.changenotes.commands.leaving_gaps import leave_gaps
from hearback.changenotes.queries.still_told import still_told
from hearback.clock import now
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.web.pages import show


@get("/notes/covered", may=Right.READ)
async def covered(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    done = request.query_params.get("done") == "gaps"
    return show(request, "changenotes/covered", notes=await still_told(desk.company.id), done=done)


@post("/notes/{note_id:uuid}/gaps", may=Right.PUBLISH)
async def gaps(desk: AtDesk, note_id: FromPath[UUID]) -> Redirect:
    await leave_gaps(desk.company.id, note_id, by=desk.member, now=now())
    return Redirect(f"/desk/{desk.company.slug}/notes/covered?done=gaps", status_code=303)


HANDLERS = [covered, gaps]
