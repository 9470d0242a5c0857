"""Typing in what came on paper or was said aloud, one after the other, with the keyboard alone."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.answering import entering
from hearback.answering.code import shown
from hearback.answering.entering import EntryForm, MistakeForm
from hearback.answering.forms import read_answer
from hearback.answering.paging import Page
from hearback.answering.public import LARGEST_ANSWER, key_of
from hearback.answering.rules import LONGEST_ANSWER
from hearback.asking import queries as asking
from hearback.asking.queries import Question
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Faulty, NotFound, Refused
from hearback.settings import settings
from hearback.trust.integrity.form_key import new_key
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.qr import qr
from hearback.web.typed import Typed, one, read_typed
from hearback.words.speaking import words_for

ONCE = {"Cache-Control": "no-store"}
OWN = frozenset(EntryForm.__struct_fields__)
STAYS = ("channel", "language")
"""What is most likely the same for the next sheet."""


@get("/questions/{question_id:uuid}/entry", may=Right.ENTER)
async def entry(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[str]:
    return await _shown(request, desk, await _asked(desk, question_id))


@post(
    "/questions/{question_id:uuid}/entry",
    may=Right.ENTER,
    status_code=201,
    request_max_body_size=LARGEST_ANSWER,
)
async def enter(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[Any]:
    """The reply is the empty form again, with the code of what was just entered: shown this once."""
    question = await _asked(desk, question_id)
    typed = await read_typed(request)
    own = {name: texts for name, texts in typed.items() if name in OWN}
    rest = {name: texts for name, texts in typed.items() if name not in OWN and name != "_csrf"}
    try:
        code = await _entered(desk, question, own, rest)
    except Refused as refusal:
        return await _shown(request, desk, question, typed=typed, refusal=refusal)
    return await _shown(
        request, desk, question, typed={name: own[name] for name in STAYS if name in own}, code=code
    )


async def _entered(desk: Desk, question: Question, own: Typed, rest: Typed) -> str:
    """Raises Faulty with every fault of both parts."""
    faults: list[Refused] = []
    form, answer = EntryForm(), None
    try:
        form = read_form(EntryForm, own)
        if form.language not in desk.company.languages:
            faults.append(Refused("form.not-a-choice", field="language"))
    except Faulty as faulty:
        faults += faulty.reasons
    try:
        answer = read_answer(await asking.prompts(desk.company.id, question.id), rest)
    except Faulty as faulty:
        faults += faulty.reasons
    if faults or answer is None:
        raise Faulty(faults)
    return await entering.enter(desk.company, question, form, *answer, by=desk.member, now=now())


@post("/questions/{question_id:uuid}/entry/{response_id:uuid}/mistake", may=Right.ENTER)
async def take_out(
    request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID], response_id: FromPath[UUID]
) -> Response[Any]:
    question = await _asked(desk, question_id)
    await entering.must_have_entered(desk.company.id, question_id, response_id, member_id=desk.member.id)
    typed = await read_typed(request)
    try:
        form = read_form(MistakeForm, typed)
        await entering.take_out(desk.company, question.id, response_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _shown(request, desk, question, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/questions/{question.id}/entry", status_code=303)


async def _asked(desk: Desk, question_id: UUID) -> Question:
    """Raises NotFound for a draft: nobody was asked yet."""
    question = await asking.question(desk.company.id, question_id)
    if question.is_draft:
        raise NotFound
    return question


async def _shown(
    request: HTMXRequest,
    desk: Desk,
    question: Question,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    code: str = "",
) -> Response[str]:
    prompts = await asking.prompts(desk.company.id, question.id)
    link = f"{settings().base_url}/{desk.company.slug}/r#{shown(code)}" if code else ""
    typed = typed or {}
    language = one(typed, "language", question.language)
    language = language if language in desk.company.languages else question.language
    return show(
        request,
        "answering/entry",
        422 if refusal else 201 if code else 200,
        headers=ONCE,
        question=question,
        prompts=prompts,
        form_page=Page(1, 1, prompts, []),
        key=key_of(typed) if refusal else new_key(settings().secret_key, now()),
        longest=LONGEST_ANSWER,
        entered=await entering.entered_by(desk.company.id, question.id, desk.member.id),
        code=shown(code) if code else "",
        link=link,
        picture=qr(link) if code else None,
        fans_words=words_for(language, desk.company.address),
        typed=typed,
        refusal=refusal,
    )


HANDLERS = [entry, enter, take_out]
