"""A half-filled form, opened again with its code."""

from datetime import datetime
from typing import Any

from litestar import Request, Response

from hearback.answering import paging, saving
from hearback.answering.asked import asked_at
from hearback.answering.code import read_code, shown
from hearback.answering.later import PRIVATE
from hearback.answering.noted import noted
from hearback.answering.public import context_of, lost
from hearback.people.queries import Company
from hearback.settings import settings
from hearback.trust.integrity.form_key import new_key
from hearback.web.pages import show, words_of
from hearback.web.typed import one


async def opened_again(
    request: Request[Any, Any, Any], company: Company, typed_code: str, *, now: datetime
) -> Response[str] | None:
    """The form as it was left. None for what is no code of a form: then it may be one of a receipt."""
    found = await saving.saved(company, read_code(typed_code) or "", now=now)
    if found is None:
        return None
    asked = await asked_at(company.slug, found.slug)
    words, typed = words_of(request, company), found.form.typed
    pages = paging.page_at(asked.prompts, typed).of
    context = context_of(asked, words) | {
        "typed": typed,
        "form_page": paging.page_at(asked.prompts, typed, min(found.form.page, pages)),
        "lost": lost(asked.prompts, typed),
        "link": one(typed, "link"),
        "about": await noted(company.id, one(typed, "to_note")),
        "key": new_key(settings().secret_key, now),
        "saved": shown(found.code),
        "came_back": True,
        "posted": True,
    }
    return show(request, "answering/question", words=words, headers=PRIVATE, **context)
