"""The mandate at the desk: everybody reads it, leadership signs it and takes it back."""

from typing import Any

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.replying import commands, queries
from hearback.replying.forms import MandateForm, RevocationForm
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed

MOST = {name: most(MandateForm, name) for name in ("words", "topics")} | {"why": most(RevocationForm, "why")}


@get("/mandate", may=Right.READ)
async def mandate(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _mandate(request, desk)


@post("/mandate", may=Right.READ, status_code=303)
async def sign(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """Leaders may, whatever their role; the command knows who they are."""
    typed = await read_typed(request)
    try:
        await commands.sign_mandate(desk.company.id, read_form(MandateForm, typed), by=desk.member, now=now())
    except Refused as refusal:
        return await _mandate(request, desk, typed, refusal)
    return Redirect(f"/desk/{desk.company.slug}/mandate", status_code=303)


@post("/mandate/revocation", may=Right.READ, status_code=303)
async def revoke(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(RevocationForm, typed)
        await commands.revoke_mandate(desk.company.id, form.why, by=desk.member, now=now())
    except Refused as refusal:
        return await _mandate(request, desk, typed, refusal)
    return Redirect(f"/desk/{desk.company.slug}/mandate", status_code=303)


async def _mandate(
    request: HTMXRequest, desk: Desk, typed: Typed | None = None, refusal: Refused | None = None
) -> Response[str]:
    versions = await queries.mandates(desk.company.id)
    newest = versions[0] if versions else None
    begun = next((one for one in versions if one.holds), None)
    return show(
        request,
        "replying/signing",
        422 if refusal else 200,
        versions=versions,
        newest=newest,
        most=MOST,
        typed=typed
        or {
            "words": [begun.words if begun else ""],
            "topics": ["\n".join(begun.topics) if begun else ""],
            "language": [begun.language if begun else desk.company.languages[0]],
        },
        refusal=refusal,
    )


HANDLERS = [mandate, sign, revoke]
