"""What was said, what is being written, and what is still to say; and beginning a note."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.asking.queries import question as question_of
from hearback.changenotes import commands, queries
from hearback.changenotes.forms import StartForm
from hearback.changenotes.rules import NoteKind
from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Language, Right
from hearback.plainspeech.reading import get_ready
from hearback.promises.rules import DUE_WITHIN_DAYS
from hearback.refusals import NotFound, Refused
from hearback.themes.queries import named_themes, theme_labels
from hearback.themes.queries.picture import coverage
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.paging import last_seen
from hearback.web.typed import Typed, one, read_typed

A_PAGE = 50
MOST_TO_SAY = 60


@get("/notes", may=Right.READ)
async def notes(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    if desk.may(Right.WRITE):
        get_ready()
    company, today = desk.company, day_in(desk.company.timezone, now())
    before = last_seen(request)
    drafts, out = await asyncio.gather(
        queries.drafts(company.id), queries.public_notes(company.id, before=before, limit=A_PAGE + 1)
    )
    if before and not out:
        raise NotFound
    to_say, more, replies, covered, doors = await asyncio.gather(
        queries.to_say(company.id),
        queries.still_to_say(company.id, until=today + timedelta(days=DUE_WITHIN_DAYS), limit=MOST_TO_SAY),
        queries.open_replies(company.id, until=today + timedelta(days=DUE_WITHIN_DAYS)),
        coverage(company.id),
        queries.door_questions(company.id, now=now()),
    )
    return show(
        request,
        "changenotes/notes",
        drafts=drafts,
        out=out[:A_PAGE],
        older=out[A_PAGE - 1].id if len(out) > A_PAGE else None,
        to_say=to_say,
        still_to_say=more,
        most_to_say=MOST_TO_SAY,
        replies=replies,
        covered=covered,
        door_is_open=any(one.chosen and one.open for one in doors),
        today=today,
    )


@get("/notes/new", may=Right.WRITE)
async def new(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """`?theme=`, `?question=` and `?kind=` are chosen already."""
    asked = {name: [value] for name, value in request.query_params.items()}
    return await _new(request, desk, asked)


@post("/notes", may=Right.WRITE, status_code=303)
async def start(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(StartForm, typed)
        note_id = await commands.start_note(
            desk.company.id,
            form.kind,
            themes=[form.theme] if form.theme else [],
            questions=[form.question] if form.question else [],
            language=Language(desk.company.languages[0]),
            by=desk.member,
            now=now(),
        )
    except Refused as refusal:
        return await _new(request, desk, typed, 422, refusal)
    return Redirect(f"/desk/{desk.company.slug}/notes/{note_id}", status_code=303)


async def _new(
    request: HTMXRequest, desk: Desk, typed: Typed, status: int = 200, refusal: Refused | None = None
) -> Response[str]:
    """Raises NotFound for a theme or question that is not this company's."""
    get_ready()
    themes = await named_themes(desk.company.id)
    theme, question = _id(typed, "theme"), _id(typed, "question")
    if theme and not await theme_labels(desk.company.id, [theme]) and not refusal:
        raise NotFound
    return show(
        request,
        "changenotes/new",
        status,
        kinds=list(NoteKind),
        themes=themes,
        question=await question_of(desk.company.id, question) if question and not refusal else None,
        typed=typed,
        refusal=refusal,
    )


def _id(typed: Typed, name: str) -> UUID | None:
    """Raises NotFound for what is no id."""
    text = one(typed, name)
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound from error


HANDLERS = [notes, new, start]
