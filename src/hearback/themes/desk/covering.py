"""A theme whose name says what is covered in an answer: a gap in its place. The list stands among the notes."""

from uuid import UUID

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from hearback.clock import now
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.themes.commands.covering import leave_gaps_in_theme


@post("/themes/{theme_id:uuid}/gaps", may=Right.PUBLISH)
async def gaps(desk: AtDesk, theme_id: FromPath[UUID]) -> Redirect:
    await leave_gaps_in_theme(desk.company.id, theme_id, by=desk.member, now=now())
    return Redirect(f"/desk/{desk.company.slug}/notes/covered?done=gaps", status_code=303)


HANDLERS = [gaps]
