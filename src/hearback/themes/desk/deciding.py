"""What people decide at the desk about themes; each is a noun with its own address."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.desk import pages
from hearback.themes.desk.listing import chosen_before
from hearback.themes.forms import (
    NEW,
    NOWHERE,
    ExcerptForm,
    MergeForm,
    MoveForm,
    NamedMoveForm,
    NameForm,
    SplitForm,
    UndoForm,
    WeightForm,
)
from hearback.themes.queries import acts, excerpts, life
from hearback.themes.queries.bulk import copies_beside
from hearback.web.forms import read_form
from hearback.web.typed import Typed, read_typed


@post("/themes/{theme_id:uuid}/name", may=Right.SORT, status_code=303)
async def name(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        form = read_form(NameForm, typed)
        await commands.name_theme(desk.company.id, theme_id, form, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "name", do, done="named")


@post("/themes/{theme_id:uuid}/merge", may=Right.SORT, status_code=303)
async def merge(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        into = read_form(MergeForm, typed).into
        await commands.merge(desk.company.id, theme_id, into, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "merge", do, done="merged")


@post("/themes/{theme_id:uuid}/unmerge", may=Right.SORT, status_code=303)
async def unmerge(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.unmerge(desk.company.id, theme_id, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "unmerge", do, done="unmerged")


@post("/themes/{theme_id:uuid}/split", may=Right.SORT, status_code=303)
async def split(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> UUID:
        form, at = read_form(SplitForm, typed), now()
        today = day_in(desk.company.timezone, at)
        return await commands.split_off(
            desk.company.id, theme_id, form, by=desk.member.id, now=at, today=today
        )

    return await decided(request, desk, theme_id, "split", do, done="split")


@post("/themes/{theme_id:uuid}/addition", may=Right.SORT, status_code=303)
async def add(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        excerpt, at = read_form(ExcerptForm, typed).excerpt, now()
        today = day_in(desk.company.timezone, at)
        await commands.add(desk.company.id, theme_id, excerpt, by=desk.member.id, now=at, today=today)

    return await decided(request, desk, theme_id, "add", do, done="added")


@post("/themes/{theme_id:uuid}/refusal", may=Right.SORT, status_code=303)
async def refuse(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        excerpt = read_form(ExcerptForm, typed).excerpt
        await commands.refuse(desk.company.id, theme_id, excerpt, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "refuse", do, done="refused")


@post("/themes/{theme_id:uuid}/weight", may=Right.SORT, status_code=303)
async def weight(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        form = read_form(WeightForm, typed)
        await commands.weigh(desk.company.id, theme_id, form, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "weight", do, done="weighted")


@post("/themes/{theme_id:uuid}/unweight", may=Right.SORT, status_code=303)
async def unweight(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.unweigh(desk.company.id, theme_id, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "unweight", do, done="unweighted")


@post("/themes/{theme_id:uuid}/lightness", may=Right.SORT, status_code=303)
async def lightness(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.say_it_does_not_weigh(desk.company.id, theme_id, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "lightness", do, done="not-weighty")


@get("/themes/excerpts/{excerpt_id:uuid}/move", may=Right.SORT)
async def where_to(request: HTMXRequest, desk: AtDesk, excerpt_id: FromPath[UUID]) -> Response[Any]:
    quote, copies = await _quote(desk, excerpt_id), await copies_beside(desk.company.id, [excerpt_id])
    return await pages.show_move(request, desk, quote, copies=len(copies))


@post("/themes/excerpts/{excerpt_id:uuid}/move", may=Right.SORT, status_code=303)
async def move(request: HTMXRequest, desk: AtDesk, excerpt_id: FromPath[UUID]) -> Response[Any]:
    typed, company, at = await read_typed(request), desk.company, now()
    quote = await _quote(desk, excerpt_id)
    lay = await life.placement(company.id, excerpt_id)
    copies = await copies_beside(company.id, [excerpt_id])
    try:
        form, today = await _where(company.id, read_form(NamedMoveForm, typed)), day_in(company.timezone, at)
        await commands.move(company.id, excerpt_id, form, by=desk.member.id, now=at, today=today)
    except Refused as refusal:
        faulty = pages.Faulty("move", refusal, typed)
        return await pages.show_move(request, desk, quote, copies=len(copies), faulty=faulty)
    here = (str(lay.heir) if lay.heir else "nowhere") if lay else "unsorted"
    return back_to(request, desk, here, "moved_many" if copies else "moved")


async def _where(company_id: UUID, form: NamedMoveForm) -> MoveForm:
    """Raises Refused where no theme has the name, or several and none is chosen."""
    if form.nowhere:
        return MoveForm(NOWHERE)
    if form.make:
        return MoveForm(NEW, form.to)
    return MoveForm(str(await commands.theme_called(company_id, form.to, of_several=form.theme)))


@post("/themes/undo", may=Right.SORT, status_code=303)
async def undo(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """From the newest act or from a theme's history; where something stands on it, the page says what."""
    typed, company_id = await read_typed(request), desk.company.id
    form = read_form(UndoForm, typed)
    act = await acts.act(company_id, form.event)
    try:
        opened = await commands.undo(company_id, form.event, by=desk.member.id, now=now())
    except Refused as refusal:
        return await not_undone(request, desk, form.here or act.theme, typed, refusal)
    if form.here:
        opened = (await life.theme(company_id, form.here)).heir
    return back_to(request, desk, str(opened) if opened else "unsorted", "undone")


async def not_undone(
    request: HTMXRequest, desk: Desk, theme_id: UUID | None, typed: Typed, refusal: Refused
) -> Response[Any]:
    """Why, and what is to be taken back first."""
    faulty = pages.Faulty("undo", refusal, typed)
    if theme_id is None:
        return await pages.show_pile(request, desk, nowhere=False, faulty=faulty)
    return await pages.show_theme(request, desk, theme_id, faulty=faulty)


async def decided(
    request: HTMXRequest,
    desk: Desk,
    theme_id: UUID,
    form: str,
    do: Callable[[Typed], Awaitable[UUID | None]],
    *,
    done: str,
) -> Response[Any]:
    """Do it and show the theme again, or the one that came of it; or show the form with the reason why not."""
    typed = await read_typed(request)
    try:
        opened = await do(typed)
    except commands.NamedMeanwhile as refusal:
        faulty = pages.Faulty(form, refusal, typed, status=409)
        return await pages.show_theme(request, desk, theme_id, faulty=faulty)
    except Refused as refusal:
        return await pages.show_theme(request, desk, theme_id, faulty=pages.Faulty(form, refusal, typed))
    heir = (await life.theme(desk.company.id, opened or theme_id)).heir
    return back_to(request, desk, str(heir), done)


def back_to(request: HTMXRequest, desk: Desk, opened: str, done: str) -> Response[Any]:
    """Back to what was looked at, in the list that was looked at."""
    chosen = chosen_before(request).pairs
    return Redirect(
        f"{pages.base(desk)}/{opened}?done={done}{'&' + chosen if chosen else ''}#th", status_code=303
    )


async def _quote(desk: Desk, excerpt_id: UUID) -> excerpts.Quote:
    quotes = await excerpts.chosen(desk.company.id, [excerpt_id])
    if not quotes:
        raise NotFound
    return quotes[0]


HANDLERS = [name, merge, unmerge, split, add, refuse, weight, unweight, lightness, where_to, move, undo]
