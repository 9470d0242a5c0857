"""Showing a question, or the last notes, inside another page: which sites may, and the lines to copy."""

from html import escape
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Meta, Struct

from hearback.asking import queries
from hearback.asking.rules import QuestionState, state_at
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.commands.embedding import let_embed
from hearback.people.hosts import read_hosts
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed

FRAME = '<iframe src="{}" title="{}" width="100%" height="900" loading="lazy"></iframe>'
LINK = '<a data-hearback href="{}">{}</a>'
BADGE = '<a href="{house}/{slug}/promises"><img src="{house}/embed/{slug}/badge.svg" alt="{name}" height="28"></a>'
SCRIPT = '<script src="{}/embed.js" async></script>'


class HostsForm(Struct, frozen=True):
    hosts: Annotated[str, Meta(max_length=6000)] = ""


class Lines(Struct, frozen=True):
    """What another page holds to show one of ours: a link that a script makes a frame of, or only the frame, or only
    the link. name: tells the fields of the page apart."""

    name: str
    title: str
    language: str
    script: str
    frame: str
    link: str


@get("/embedding", may=Right.READ)
async def embedding(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _embedding(request, desk, {"hosts": ["\n".join(desk.company.embed_hosts)]})


@post("/embedding", may=Right.MANAGE, status_code=303)
async def change_embedding(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        hosts = read_hosts(read_form(HostsForm, typed).hosts)
    except Refused as refusal:
        return await _embedding(request, desk, typed, 422, refusal)
    await let_embed(desk.company, hosts, by=desk.member, now=now())
    return Redirect(f"/desk/{desk.company.slug}/embedding", status_code=303)


async def _embedding(
    request: HTMXRequest, desk: Desk, typed: Typed, status: int = 200, refusal: Refused | None = None
) -> Response[str]:
    asked = [
        _lines(desk.company.slug, question.title, question.language, question.slug)
        for question in await queries.questions(desk.company.id)
        if state_at(QuestionState(question.state), question.closes_at, now()) is QuestionState.OPEN
    ]
    notes = _lines(desk.company.slug, desk.words.say("embed.notes"), desk.words.lang)
    return show(
        request,
        "asking/embedding",
        status,
        notes=notes,
        asked=asked,
        badge=BADGE.format(house=settings().base_url, slug=desk.company.slug, name=escape(desk.company.name)),
        most=most(HostsForm, "hosts"),
        typed=typed,
        refusal=refusal,
    )


def _lines(company: str, title: str, language: str, slug: str = "") -> Lines:
    """Of one question, or without a slug of the last notes."""
    house = settings().base_url
    link = LINK.format(f"{house}/{company}/ask/{slug}" if slug else f"{house}/{company}/log", escape(title))
    return Lines(
        name=slug or "notes",
        title=title,
        language=language,
        script=f"{link}\n{SCRIPT.format(house)}",
        frame=FRAME.format(f"{house}/embed/{company}/{slug}".rstrip("/"), escape(title)),
        link=link.replace(" data-hearback", ""),
    )


HANDLERS = [embedding, change_embedding]
