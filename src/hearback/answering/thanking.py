"""The page of thanks: the receipt, fresh."""

import re
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.enums import MediaType
from msgspec import Struct, structs

from hearback.answering import queries
from hearback.answering.asked import Asked
from hearback.answering.code import shown
from hearback.answering.giving import Given
from hearback.answering.results import Result, results
from hearback.answering.rules import Filled
from hearback.asking.rules import Results
from hearback.settings import settings
from hearback.web.framing import is_framed
from hearback.web.pages import lines, render
from hearback.web.qr import qr
from hearback.web.remembering import Memory
from hearback.words.speaking import Words


class Gaps(Struct, frozen=True):
    """Signs that stand in the rendered thank-you page where a fan's own things are filled in."""

    said: str = "@said@"
    code: str = "@code@"
    link: str = "@link@"
    qr: str = "@qr@"


GAPS = Gaps()
BETWEEN_GAPS = re.compile("|".join(map(re.escape, structs.astuple(GAPS))).join("()").encode())
THANKS: Memory[list[bytes]] = Memory(numbers=True)


async def thanks(
    request: Request[Any, Any, Any],
    asked: Asked,
    words: Words,
    filled: list[Filled],
    quoting: str,
    given: Given | None,
) -> Response[bytes]:
    """The receipt, fresh. given None: a member tried the draft, there is nothing to come back to.

    The page around it is rendered once a change; only what is this fan's own is filled in.
    """

    flag, framed = given.flag if given else "", is_framed(request.scope["path"])
    in_words = any(one.words for one in filled)

    async def make() -> tuple[list[bytes], str, datetime | None]:
        page = render(
            "answering/thanks.html",
            words,
            framed=framed,
            request_path=request.scope["path"],
            request_query="",
            company=asked.company,
            question=asked.question,
            reply=asked.reply,
            quoting=quoting,
            gaps=GAPS,
            posted=True,
            tried=given is None,
            sums=await queries.sums(asked.company.id, asked.question.id) if given else None,
            flag=flag,
            in_words=in_words,
            results=await _results(asked) if given else [],
            over=False,
        )
        return BETWEEN_GAPS.split(page.encode()), str(asked.company.id), asked.until

    page, _ = await THANKS.get_or_make(
        f"{asked.question.id} {words.lang} {quoting} {given is None} {flag} {in_words} {framed}", make
    )
    return Response(
        _filled_in(page, asked, words, filled, given.code if given else None),
        status_code=201,
        media_type=MediaType.HTML,
        headers={"Cache-Control": "no-store"},
    )


async def _results(asked: Asked) -> list[Result]:
    """Now that they have answered; where its author wants them to be seen so soon."""
    if asked.question.results != Results.ANSWERED:
        return []
    fewest = asked.company.fewest_voices
    return await results(asked.company.id, asked.question.id, asked.prompts, fewest=fewest)


def _filled_in(
    page: list[bytes], asked: Asked, words: Words, filled: list[Filled], code: str | None
) -> bytes:
    """page: what stands between the gaps, and the signs of the gaps."""
    said = (f'<figure class="quote">{lines(one.words)}</figure>' for one in filled if one.words)
    own = {GAPS.said: "".join(said)}
    if code:
        lang = f"?lang={words.lang}" if words.lang != asked.company.languages[0] else ""
        link = f"{settings().base_url}/{asked.company.slug}/r{lang}#{shown(code)}"
        own |= {GAPS.code: shown(code), GAPS.link: link, GAPS.qr: qr(link)}
    fill = {sign.encode(): text.encode() for sign, text in own.items()}
    return b"".join(fill.get(part, part) for part in page)
