"""Several at once: what was ticked in a search, a theme or a pile goes where one says, or is set aside."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.plugins.htmx import ClientRedirect, HTMXRequest
from litestar.response import Redirect

from hearback.answering.forms import SettingAsideForm
from hearback.clock import day_in, now
from hearback.moderation.house import must_be_rule
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.themes.commands.bulk import going, move_many, set_aside_many
from hearback.themes.commands.undoing import undo as take_back
from hearback.themes.desk import helping, proposing
from hearback.themes.desk.deciding import not_undone
from hearback.themes.forms import BACK, ID, LAY, MOST_TICKED, AsideForm, PlacingForm, UndoForm
from hearback.themes.queries import acts, searching
from hearback.themes.queries import bulk as queries
from hearback.web.forms import most, read_form
from hearback.web.pages import show, wants_fragment
from hearback.web.typed import Typed, one, parse_urlencoded, read_typed

MOST_TOLD = 50  # of those that stayed; so many fit into an address
TICKED_BESIDE = frozenset({"_csrf", "reason", "rule", "response"})
ASIDE_BESIDE = frozenset({"_csrf", "to", "make", "nowhere", "here"})


@post("/themes/placing", may=Right.SORT, status_code=303)
async def place(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed, company, at = await read_typed(request), desk.company, now()
    try:
        form, today = read_form(PlacingForm, typed, beside=TICKED_BESIDE), day_in(company.timezone, at)
        moved = await move_many(company.id, form, by=desk.member.id, now=at, today=today)
    except Refused as refusal:
        return await _asked_again(request, desk, typed, refusal)
    if moved.left:
        told = {"n": moved.n, "back": form.back, "all": len(moved.left)}
        left = [("left", str(excerpt)) for excerpt in moved.left[:MOST_TOLD]]
        path = f"search/left?{urlencode([*told.items(), *left])}"
        return ClientRedirect(f"/desk/{company.slug}/{path}") if wants_fragment(request) else _to(desk, path)
    return _to(desk, _with(form.back, done="moved_many", n=moved.n))


@post("/themes/placing/going", may=Right.SORT, status_code=200)
async def going_along(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """How many would move, with their copies, while one ticks; nothing is moved. Without a script a page of its own."""
    typed = await read_typed(request)
    if wants_fragment(request):
        return show(request, "themes/going", going=await going(desk.company.id, _ticked(typed)))
    return await _asked_again(request, desk, typed, None)


@post("/themes/setting-aside", may=Right.MODERATE, status_code=303)
async def set_aside(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed, company = await read_typed(request), desk.company
    try:
        form = read_form(AsideForm, typed, beside=ASIDE_BESIDE)
        await must_be_rule(company, form.rule)
        several = list(dict.fromkeys([*form.response, *await _saying(desk, form.excerpt)]))
        why = SettingAsideForm(form.reason, form.rule)
        n = await set_aside_many(company.id, several, why, by=desk.member, now=now())
    except Refused as refusal:
        return await _asked_again(request, desk, typed, refusal)
    return _to(desk, _with(form.back, done="set_aside", n=n))


@get("/search/left", may=Right.SORT)
async def left(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """`?left=` excerpts that somebody else has moved meanwhile, and how many did go."""
    typed = parse_urlencoded(request.scope["query_string"])
    stayed = await queries.stayed(desk.company.id, _ids(typed, "left"), reader=desk.words.lang)
    gone = max(0, _number(typed, "all") - len(stayed)) if _number(typed, "all") <= MOST_TOLD else 0
    return show(
        request, "themes/left", stayed=stayed, moved=_number(typed, "n"), gone=gone, back=_back(typed)
    )


@post("/search/undo", may=Right.SORT, status_code=303)
async def undo(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed, company_id = await read_typed(request), desk.company.id
    event = read_form(UndoForm, typed, beside=frozenset({"_csrf", "back"})).event
    act = await acts.act(company_id, event)
    try:
        await take_back(company_id, event, by=desk.member.id, now=now())
    except Refused as refusal:
        return await not_undone(request, desk, act.theme, typed, refusal)
    return _to(desk, _with(_back(typed), done="undone"))


@get(["/search/undo", "/themes/undo"], may=Right.SORT)
async def nothing_to_undo(desk: AtDesk) -> Response[Any]:
    """For who loads the address again that said why it could not be taken back."""
    return _to(desk, "themes")


async def _saying(desk: Desk, ticked: list[str]) -> list[UUID]:
    """Responses of what was ticked; those of its copies only where they say nothing else, for nobody saw the rest."""
    company_id, excerpts = desk.company.id, [UUID(lay[:36]) for lay in ticked]
    copies = await queries.copies_beside(company_id, excerpts)
    return [
        *await queries.responses_of(company_id, excerpts),
        *await queries.saying_only(company_id, [*excerpts, *copies]),
    ]


def _ticked(typed: Typed) -> PlacingForm:
    """Only what tells which excerpts are meant; what is no such thing is left out."""
    lays = [lay for lay in typed.get("excerpt", [])[:MOST_TICKED] if re.match(LAY, lay)]
    return PlacingForm(back=_back(typed), excerpt=lays, here=one(typed, "here") or None)


async def _asked_again(
    request: HTMXRequest, desk: Desk, typed: Typed, refusal: Refused | None
) -> Response[Any]:
    """What was ticked and typed, with the reason why it did not go; the same page wherever it was ticked."""
    if refusal and _back(typed).partition("?")[0] == helping.HERE:
        asked = helping.asked_in(_back(typed))
        return await helping.show_help(request, desk, asked, typed=typed, refusal=refusal)
    form = _ticked(typed)
    excerpts = {UUID(lay[:36]): lay for lay in form.excerpt}
    return show(
        request,
        "themes/bulk",
        422 if refusal else 200,
        going=await going(desk.company.id, form),
        ticked=await queries.stayed(desk.company.id, list(excerpts), reader=desk.words.lang),
        lay=excerpts,
        responses=typed.get("response", []),
        targets=await searching.targets(desk.company.id, reader=desk.words.lang),
        back=_back(typed),
        most_to=most(PlacingForm, "to"),
        most_reason=most(AsideForm, "reason"),
        typed=typed,
        refusal=refusal,
    )


def _back(typed: Typed) -> str:
    """Where the ticks were made, below the desk; a page that nobody linked to is the search."""
    back = one(typed, "back")
    return back if re.match(BACK, back) else "search"


def _with(back: str, **told: object) -> str:
    """The page before, which says what was done."""
    path, _, query = back.partition("?")
    kept = re.sub(r"(^|&)(done|n|ticked)=[^&]*", "", query).lstrip("&")
    asked = "&".join(part for part in (kept, urlencode(told)) if part)
    return f"{path}?{asked}{'#th' if path.startswith('themes/') and path not in (helping.HERE, proposing.HERE) else ''}"


def _to(desk: Desk, path: str) -> Response[Any]:
    return Redirect(f"/desk/{desk.company.slug}/{path}", status_code=303)


def _ids(typed: Typed, name: str) -> list[UUID]:
    return [UUID(text) for text in typed.get(name, [])[:MOST_TOLD] if re.fullmatch(ID, text)]


def _number(typed: Typed, name: str) -> int:
    text = one(typed, name)
    return int(text) if re.fullmatch(r"\d{1,4}", text) else 0


HANDLERS = [place, going_along, set_aside, left, undo, nothing_to_undo]
