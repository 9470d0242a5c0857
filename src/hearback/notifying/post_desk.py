"""What people write back to our mails, for whoever signed them; and the mailbox that it comes to, for admins."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.notifying import commands, queries
from hearback.notifying.commands.mailboxes import Looked
from hearback.notifying.forms import MailboxForm
from hearback.notifying.queries import Letter
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.trust.sealing import OtherKey, unseal
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.paging import last_seen
from hearback.web.typed import Typed, read_typed

A_PAGE = 50


@get("/post", may=Right.REPLY)
async def letters(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """What waits; `?done=1` what somebody has dealt with."""
    done, before = request.query_params.get("done") == "1", last_seen(request)
    if done:
        found = await queries.letters_done(desk.company.id, before=before, limit=A_PAGE + 1)
    else:
        found = await queries.letters_waiting(desk.company.id, desk.member.id, limit=A_PAGE)
    if before and not found:
        raise NotFound
    return show(
        request,
        "notifying/post",
        done=done,
        letters=[(one, *_way_back(one)) for one in found[:A_PAGE]],
        most=A_PAGE,
        older=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
        mailbox=await queries.mailbox(desk.company.id),
    )


@post("/post/{post_id:uuid}/done", may=Right.REPLY, status_code=303)
async def letter_done(desk: AtDesk, post_id: FromPath[UUID]) -> Redirect:
    await commands.mark_done(desk.company.id, post_id, by=desk.member, now=now())
    return Redirect(f"/desk/{desk.company.slug}/post", status_code=303)


@get("/settings/mailbox", may=Right.MANAGE)
async def mailbox(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _mailbox(request, desk)


@post("/settings/mailbox", may=Right.MANAGE, status_code=303)
async def set_up_mailbox(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(MailboxForm, typed)
        await commands.set_up_mailbox(desk.company, form, given=settings(), by=desk.member, now=now())
    except Refused as refusal:
        return await _mailbox(request, desk, 422, typed=typed, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/settings/mailbox", status_code=303)


@post("/settings/mailbox/test", may=Right.MANAGE, status_code=200)
async def try_mailbox(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """Looks only: nothing is taken, and nothing marked as read."""
    setup = await queries.mailbox(desk.company.id)
    if not setup.host or not setup.login:
        return await _mailbox(request, desk, 422, refusal=Refused("mailbox.set-up-first", field="host"))
    return await _mailbox(request, desk, looked=await commands.look_into(setup, settings()))


async def _mailbox(
    request: HTMXRequest,
    desk: AtDesk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    looked: Looked | None = None,
) -> Response[str]:
    return show(
        request,
        "notifying/mailbox",
        status,
        setup=await queries.mailbox(desk.company.id),
        came=await queries.came(desk.company.id),
        typed=typed or {},
        refusal=refusal,
        looked=looked,
    )


def _way_back(letter: Letter) -> tuple[str, str]:
    """The address of who wrote, and a link that opens a mail to it; both empty where there is none."""
    if letter.address is None:
        return "", ""
    try:
        address = unseal(settings().secret_key, "address", letter.address)
    except OtherKey:
        return "", ""
    subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
    return address, f"mailto:{quote(address, safe='@')}?subject={quote(subject)}"


HANDLERS = [letters, letter_done, mailbox, set_up_mailbox, try_mailbox]
