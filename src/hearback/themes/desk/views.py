"""Searches that are kept beside the search."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Meta, Struct

from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.themes.commands.viewing import drop_view, keep_view
from hearback.themes.desk.asked import BESIDE, SearchForm, query_of
from hearback.themes.desk.searching import show_search
from hearback.web.forms import read_form
from hearback.web.typed import Typed, one, parse_urlencoded, read_typed


class ViewForm(Struct, frozen=True):
    name: Annotated[str, Meta(min_length=2, max_length=60)]
    query: Annotated[str, Meta(max_length=2000)] = ""
    for_all: Annotated[str, Meta(pattern="^1$")] | None = None


@post("/search/views", may=Right.READ, status_code=303)
async def keep(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(ViewForm, typed)
        if form.for_all and not desk.may(Right.SORT):
            raise Refused("search.view.not-for-all", field="for_all")
        query = query_of(_search_in(form.query), after=None)
        for_all = form.for_all is not None
        await keep_view(desk.company.id, form.name, query, for_all=for_all, by=desk.member.id, now=now())
    except Refused as refusal:
        return await _again(request, desk, typed, refusal)
    return _to_search(desk, query, "kept")


@post("/search/views/{saved_view_id:uuid}/removal", may=Right.READ, status_code=303)
async def drop(request: HTMXRequest, desk: AtDesk, saved_view_id: FromPath[UUID]) -> Response[Any]:
    sorts = desk.may(Right.SORT)
    await drop_view(desk.company.id, saved_view_id, by=desk.member.id, sorts=sorts, now=now())
    return _to_search(desk, "", "dropped")


def _search_in(query: str) -> SearchForm:
    """Raises Refused for what is no search."""
    try:
        return read_form(SearchForm, parse_urlencoded(query.encode()), beside=BESIDE)
    except Refused as error:
        raise Refused("search.view.no-search") from error


async def _again(request: HTMXRequest, desk: Desk, typed: Typed, refusal: Refused) -> Response[Any]:
    """The search as it was, where it was one, with the reason why it was not kept."""
    searched: Typed = {}
    form = SearchForm()
    try:
        searched = parse_urlencoded(one(typed, "query").encode())
        form = read_form(SearchForm, searched, beside=BESIDE)
    except Refused:
        searched = {}
    typed_too = {name: typed[name] for name in ("name", "for_all") if name in typed}
    return await show_search(request, desk, form, {**searched, **typed_too}, not_kept=refusal)


def _to_search(desk: Desk, query: str, done: str) -> Response[Any]:
    told = f"{query}&done={done}" if query else f"done={done}"
    return Redirect(f"/desk/{desk.company.slug}/search?{told}", status_code=303)


HANDLERS = [keep, drop]
