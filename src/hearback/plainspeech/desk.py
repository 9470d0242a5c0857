"""The company's own words, for admins: which there are, one more, one less."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.plainspeech import commands, queries
from hearback.plainspeech.commands import OwnWordsForm
from hearback.plainspeech.folding import sentence_around
from hearback.plainspeech.own import MOST_OWN_WORDS
from hearback.plainspeech.reasons import begun, why_it_stays
from hearback.refusals import Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import PAGES, show
from hearback.web.typed import Typed, read_typed

PAGES.filters |= {"begun": begun, "sentence_around": sentence_around, "why_it_stays": why_it_stays}


@get("/settings/words", may=Right.MANAGE)
async def own_words(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _page(request, desk)


@post("/settings/words", may=Right.MANAGE, status_code=303)
async def add_own_words(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(OwnWordsForm, typed)
        await commands.add_own_words(desk.company.id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _page(request, desk, 422, typed=typed, refusal=refusal)
    return _back(desk)


@post("/settings/words/{own_word_id:uuid}/removal", may=Right.MANAGE, status_code=303)
async def remove_own_words(desk: AtDesk, own_word_id: FromPath[UUID]) -> Redirect:
    await commands.remove_own_words(desk.company.id, own_word_id, by=desk.member, now=now())
    return _back(desk)


def _back(desk: Desk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/settings/words", status_code=303)


async def _page(
    request: HTMXRequest,
    desk: Desk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return show(
        request,
        "plainspeech/own_words",
        status,
        own=await queries.own_words(desk.company.id),
        most_words=MOST_OWN_WORDS,
        most={name: most(OwnWordsForm, name) for name in OwnWordsForm.__struct_fields__},
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [own_words, add_own_words, remove_own_words]
