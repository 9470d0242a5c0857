"""The company's codebook at the desk: what themes can be suggested, and what the company made of it."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people import queries as people
from hearback.people.access import AtDesk, Desk
from hearback.people.desk.audit import details
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.themes.commands import codebook as commands
from hearback.themes.forms import EntryForm, SeenForm
from hearback.themes.own_codebook import MOST_EXAMPLES, SHOWN, Standing, fitting, standing
from hearback.themes.queries import codebook as queries
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed

CHANGES = 20  # of an entry that its page tells
LONGEST_SEARCH = 100
DONE = ("added", "saved", "off", "on", "shipped")
MOST = {name: most(EntryForm, name) for name in EntryForm.__struct_fields__ if name not in ("weight", "seen")}


@get("/themes/codebook", may=Right.READ)
async def entries(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """`?q=` words to find, `?only=` what is ours, what weighs, or what is switched off."""
    all_of_them = standing(await queries.changes(desk.company.id))
    words = request.query_params.get("q", "")[:LONGEST_SEARCH]
    wanted = request.query_params.get("only", "")
    only = wanted if wanted in SHOWN else ""
    return show(
        request,
        "themes/codebook",
        all_of_them=all_of_them,
        found=fitting(all_of_them, words, only),
        counts={one: len(fitting(all_of_them, "", one)) for one in SHOWN},
        sought=words,
        shown=only,
        longest=LONGEST_SEARCH,
    )


@get("/themes/codebook/new", may=Right.SORT)
async def new(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    return await _show_entry(request, desk, None)


@post("/themes/codebook", may=Right.SORT, status_code=303)
async def add(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(EntryForm, typed)
        slug = await commands.add_entry(desk.company.id, form, by=desk.member.id, now=now())
    except Refused as refusal:
        return await _show_entry(request, desk, None, refusal=refusal, typed=typed)
    return _to(desk, slug, "added")


@get("/themes/codebook/{entry_slug:str}", may=Right.READ)
async def entry(request: HTMXRequest, desk: AtDesk, entry_slug: FromPath[str]) -> Response[Any]:
    return await _show_entry(request, desk, await _entry(desk, entry_slug))


@post("/themes/codebook/{entry_slug:str}", may=Right.SORT, status_code=303)
async def write(request: HTMXRequest, desk: AtDesk, entry_slug: FromPath[str]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        form = read_form(EntryForm, typed)
        await commands.write_entry(desk.company.id, entry_slug, form, by=desk.member.id, now=now())

    return await _done(request, desk, entry_slug, do, "saved")


@post("/themes/codebook/{entry_slug:str}/off", may=Right.SORT, status_code=303)
async def off(request: HTMXRequest, desk: AtDesk, entry_slug: FromPath[str]) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.switch(desk.company.id, entry_slug, on=False, by=desk.member.id, now=now())

    return await _done(request, desk, entry_slug, do, "off")


@post("/themes/codebook/{entry_slug:str}/on", may=Right.SORT, status_code=303)
async def on(request: HTMXRequest, desk: AtDesk, entry_slug: FromPath[str]) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.switch(desk.company.id, entry_slug, on=True, by=desk.member.id, now=now())

    return await _done(request, desk, entry_slug, do, "on")


@post("/themes/codebook/{entry_slug:str}/shipped", may=Right.SORT, status_code=303)
async def shipped(request: HTMXRequest, desk: AtDesk, entry_slug: FromPath[str]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        seen = read_form(SeenForm, typed).seen
        await commands.take_shipped(desk.company.id, entry_slug, seen, by=desk.member.id, now=now())

    return await _done(request, desk, entry_slug, do, "shipped")


async def _done(
    request: HTMXRequest, desk: Desk, slug: str, do: Callable[[Typed], Awaitable[None]], done: str
) -> Response[Any]:
    """The entry as it is then, or as it was, with the reason why not and what was typed."""
    await _entry(desk, slug)
    typed = await read_typed(request)
    try:
        await do(typed)
    except Refused as refusal:
        wrote = typed if done == "saved" else {}
        return await _show_entry(request, desk, await _entry(desk, slug), refusal=refusal, typed=wrote)
    return _to(desk, slug, done)


async def _entry(desk: Desk, slug: str) -> Standing:
    """Raises NotFound."""
    found = standing(await queries.changes(desk.company.id))
    one = next((one for one in found if one.entry.slug == slug), None)
    if one is None:
        raise NotFound
    return one


async def _show_entry(
    request: HTMXRequest,
    desk: Desk,
    this: Standing | None,
    *,
    refusal: Refused | None = None,
    typed: Typed | None = None,
) -> Response[Any]:
    """this: None for an entry that is to be added."""
    done = request.query_params.get("done", "")
    meanwhile = isinstance(refusal, commands.ChangedMeanwhile)
    company_id = desk.company.id
    subject = commands.subject_of(company_id, this.entry.slug) if this else None
    changes = await people.audit_of(company_id, subject, limit=CHANGES) if subject else []
    return show(
        request,
        "themes/entry",
        409 if meanwhile else 422 if refusal else 200,
        this=this,
        theirs=meanwhile,
        changes=[(entry, details(entry, desk.words)) for entry in changes],
        refusal=refusal,
        typed=typed or {},
        done=done if done in DONE else "",
        most=MOST,
        most_examples=MOST_EXAMPLES,
    )


def _to(desk: Desk, slug: str, done: str) -> Response[Any]:
    return Redirect(f"/desk/{desk.company.slug}/themes/codebook/{slug}?done={done}", status_code=303)


HANDLERS = [entries, new, add, entry, write, off, on, shipped]
