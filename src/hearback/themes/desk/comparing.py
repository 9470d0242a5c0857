"""Two themes side by side, before anybody makes one of them."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound
from hearback.themes.likeness import central
from hearback.themes.queries import comparing as queries
from hearback.themes.queries import excerpts, life, searching
from hearback.web.pages import show

QUOTES = 4


class Beside(Struct, frozen=True):
    """A theme as it is compared. quotes: what stands for it most."""

    theme: queries.Side
    quotes: list[excerpts.Quote]


class Pair(Struct, frozen=True):
    """both: people who speak of both."""

    one: Beside
    other: Beside
    both: int

    @property
    def together(self) -> int:
        """People who would speak of the one theme that they were."""
        return self.one.theme.voices + self.other.theme.voices - self.both


@get("/themes/{theme_id:uuid}/comparison", may=Right.READ)
async def comparison(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    """`?with=` the other theme; without it one is chosen first."""
    theme = await life.theme(desk.company.id, theme_id, reader=desk.words.lang)
    if theme.merged:
        return Redirect(f"/desk/{desk.company.slug}/themes/{theme.heir}/comparison", status_code=303)
    wanted = request.query_params.get("with", "")
    pair, targets = await asyncio.gather(
        _pair(desk, theme_id, wanted) if wanted else _nothing(),
        searching.targets(desk.company.id, reader=desk.words.lang),
    )
    others = [one for one in targets if one.id != theme_id]
    return show(request, "themes/comparison", theme=theme, pair=pair, others=others, wanted=wanted)


async def _nothing() -> None:
    return None


async def _pair(desk: Desk, theme_id: UUID, wanted: str) -> Pair:
    """Raises NotFound for a theme that is not there, was merged, or is the same."""
    try:
        ids = [theme_id, UUID(wanted)]
    except ValueError as error:
        raise NotFound from error
    company_id = desk.company.id
    sides, both, examples = await asyncio.gather(
        queries.sides(company_id, ids, reader=desk.words.lang),
        queries.speak_of_both(company_id, *ids),
        queries.examples(company_id, ids),
    )
    if len(sides) != 2:
        raise NotFound
    chosen: dict[UUID, list[UUID]] = {}
    for side in sides:
        of = [one for one in examples if one.theme == side.id]
        rows = central([one.vector for one in of], most=QUOTES)
        chosen[side.id] = [of[row].excerpt for row in rows]
    quotes = await excerpts.chosen(company_id, [excerpt for of in chosen.values() for excerpt in of])
    one, other = (Beside(side, [quote for quote in quotes if quote.id in chosen[side.id]]) for side in sides)
    return Pair(one, other, both)


HANDLERS = [comparison]
