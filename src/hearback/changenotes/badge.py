"""How our promises stand, as a small picture for other pages."""

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.changenotes import queries
from hearback.changenotes.public import Made, around_at, company_at
from hearback.clock import now
from hearback.promises.queries import Sums
from hearback.web.framing import let_load
from hearback.web.pages import render, words_of
from hearback.web.remembering import Memory
from hearback.words.speaking import Words

BADGES: Memory[bytes] = Memory()
SIGN = 6.6  # of the picture's width, for a sign of its letters on average
AROUND_IT = 20


@get("/embed/{company_slug:str}/badge.svg")
async def badge(request: HTMXRequest, company_slug: FromPath[str]) -> Response[bytes]:
    """What is overdue is always said where there is some: nobody shows only what went well."""
    company = await company_at(request, company_slug)
    words = words_of(request, company)

    async def make() -> Made:
        around, until = await around_at(company, now())
        said = _said(queries.AROUND.decode(around).sums, words)
        text = render(
            "changenotes/badge.svg",
            words,
            company=company,
            said=said,
            left=round(len(company.name) * SIGN + AROUND_IT),
            right=round(len(said) * SIGN + AROUND_IT),
        )
        return text.encode(), str(company.id), until

    picture, _ = await BADGES.get_or_make(f"{company.id} {words.lang}", make)
    let_load(request)
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(picture, media_type="image/svg+xml; charset=utf-8", headers=headers)


def _said(sums: Sums, words: Words) -> str:
    said = [words.say("badge.open", n=sums.running + sums.overdue)]
    if sums.overdue:
        said.append(words.say("badge.overdue", n=sums.overdue))
    said.append(words.say("badge.kept", n=sums.kept + sums.kept_late))
    if sums.kept_late:
        said.append(words.say("badge.late", n=sums.kept_late))
    if sums.broken:
        said.append(words.say("promise.sum-broken", n=sums.broken))
    return ", ".join(said)


HANDLERS = [badge]
