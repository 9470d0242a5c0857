"""The page that says how to come back to a half-filled form."""

from datetime import date
from typing import Any

from litestar import Request, Response

from hearback.answering.asked import Asked
from hearback.answering.code import shown
from hearback.settings import settings
from hearback.web.pages import show, words_of
from hearback.web.qr import qr

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def laid_by(request: Request[Any, Any, Any], asked: Asked, code: str, ends_on: date) -> Response[str]:
    words = words_of(request, asked.company)
    lang = f"?lang={words.lang}" if words.lang != asked.company.languages[0] else ""
    link = f"{settings().base_url}/{asked.company.slug}/r{lang}#{shown(code)}"
    return show(
        request,
        "answering/later",
        201,
        company=asked.company,
        words=words,
        headers=PRIVATE,
        question=asked.question,
        code=shown(code),
        link=link,
        picture=qr(link),
        ends_on=ends_on,
        posted=True,
    )
