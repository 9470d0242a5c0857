"""Where a look helps most: small batches of what looks alike, each settled by one act."""

import asyncio
import re
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.plugins.htmx import HTMXRequest

from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.themes.desk.pages import undoable
from hearback.themes.forms import ID, PlacingForm
from hearback.themes.queries import excerpts, helping, searching
from hearback.web.forms import most
from hearback.web.pages import show, wants_fragment
from hearback.web.typed import Typed, one, parse_urlencoded

HERE = "themes/help"
AT_ONCE = 4  # batches; more than a handful is work, not help
MOST_LATER = 40
DONE = ("moved_many", "undone")


@get("/themes/help", may=Right.SORT)
async def where_it_helps(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """`?later=` batches that were put off."""
    return await show_help(request, desk, parse_urlencoded(request.scope["query_string"]))


async def show_help(
    request: HTMXRequest,
    desk: Desk,
    asked: Typed,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[Any]:
    """asked: the page's address; typed, refusal: an act that did not go, which is shown beside its batch."""
    company_id = desk.company.id
    found, targets, undo = await asyncio.gather(
        helping.batches(company_id),
        searching.targets(company_id, reader=desk.words.lang),
        undoable(desk, now()),
    )
    later = [id for id in dict.fromkeys(asked.get("later", [])[:MOST_LATER]) if re.fullmatch(ID, id)]
    fresh = [batch for batch in found if str(batch.id) not in later]
    shown = fresh[:AT_ONCE]
    ids = [piece.id for batch in shown for piece in batch.pieces]
    quotes = {quote.id: quote for quote in await excerpts.chosen(company_id, ids)}
    done = one(asked, "done") if not refusal else ""
    ticked = {lay[:36] for lay in typed.get("excerpt", [])} if typed else set()
    return show(
        request,
        "themes/help",
        422 if refusal else 200,
        batches=shown,
        more=len(fresh) - len(shown),
        put_off=len(found) - len(fresh),
        quotes=quotes,
        names={str(target.id): target.name for target in targets},
        targets=targets,
        undo=undo,
        done=done if done in DONE else "",
        n=int(number) if re.fullmatch(r"[0-9]{1,4}", number := one(asked, "n")) else 0,
        back=_with(later),
        put_off_too={batch.id: _with([*later, str(batch.id)]) for batch in shown},
        wrong=next((batch.id for batch in shown if ticked & {str(piece.id) for piece in batch.pieces}), None),
        ticked=ticked,
        typed=typed or {},
        refusal=refusal,
        most_to=most(PlacingForm, "to"),
        live=wants_fragment(request),
    )


def asked_in(back: str) -> Typed:
    """The address of this page as a form on it sent it along."""
    return parse_urlencoded(back.partition("?")[2].encode())


def _with(later: list[str]) -> str:
    """The page with these batches put off, below the desk."""
    return f"{HERE}?{urlencode([('later', id) for id in later])}" if later else HERE


HANDLERS = [where_it_helps]
