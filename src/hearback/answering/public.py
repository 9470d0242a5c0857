"""The page where people answer: no account, no cookie, no script needed."""

import secrets
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from hearback.answering import door, giving, paging, saving
from hearback.answering.asked import Asked, asked_at, asked_of
from hearback.answering.forms import OTHER, PROMPT_FIELD, read_answer
from hearback.answering.later import laid_by
from hearback.answering.links import link_state, read_link
from hearback.answering.noted import noted
from hearback.answering.paging import Turn
from hearback.answering.rules import LONGEST_ANSWER
from hearback.answering.thanking import thanks
from hearback.asking import queries as asking
from hearback.asking.commands import last_day
from hearback.asking.queries import Prompt
from hearback.asking.rules import Now, PromptKind
from hearback.clock import now
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.trust.integrity.form_key import new_key, started_at
from hearback.trust.integrity.rules import Level
from hearback.web.framing import is_framed, let_frame
from hearback.web.network import client_network
from hearback.web.pages import render, show, words_of
from hearback.web.remembering import Memory
from hearback.web.typed import Typed, one, read_typed
from hearback.words.speaking import LANGUAGES, Words

LARGEST_ANSWER = 64 * 1024
CHANGED = frozenset({"answer.question-changed", "answer.question-closed", "answer.question-full"})
KEY_HERE = secrets.token_hex(16)
"""Stands in the rendered page where each visitor gets a fresh key."""
LINK_HERE = "@link@"


class Rendered(Struct, frozen=True):
    before_key: bytes
    after_key: bytes


PAGES: Memory[Rendered] = Memory()
FRESH = {"Cache-Control": "private, no-cache"}


@get(["/{company_slug:str}/ask/{question_slug:str}", "/embed/{company_slug:str}/{question_slug:str}"])
async def ask(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> Response[bytes]:
    """Rendered once a change; each visitor's key, and the link that was opened, are spliced in."""
    asked, framed = await _asked(request, company_slug, question_slug), is_framed(request.scope["path"])
    link = request.query_params.get("link", "") if asked.question.level == Level.INVITED else ""
    entry = await _entry(asked, link)
    about = await noted(asked.company.id, request.query_params.get("to", ""))

    async def make() -> tuple[Rendered, str, datetime | None]:
        words = words_of(request, asked.company)
        page = render(
            "answering/question.html",
            words,
            request_path=request.scope["path"],
            request_query="",
            framed=framed,
            **context_of(asked, words, framed=framed) | {"entry": entry, "link": LINK_HERE, "about": about},
        )
        before, _, after = page.encode().partition(KEY_HERE.encode())
        return Rendered(before, after), str(asked.company.id), asked.until

    asked_for = request.query_params.get("lang")
    lang = asked_for if asked_for in LANGUAGES else ""
    page, _ = await PAGES.get_or_make(
        f"{company_slug}/{question_slug}/{lang}/{entry}/{framed}/{about.slug if about else ''}", make
    )
    key = new_key(settings().secret_key, now()).encode() if page.after_key else b""
    after = (
        page.after_key.replace(LINK_HERE.encode(), (read_link(link) or "").encode())
        if link
        else page.after_key
    )
    return Response(page.before_key + key + after, media_type=MediaType.HTML, headers=FRESH)


async def _asked(request: Request[Any, Any, Any], company_slug: str, question_slug: str) -> Asked:
    """From here on an error belongs to the company's pages, and shows in the frame that the page is in."""
    try:
        asked = await asked_at(company_slug, question_slug)
    except NotFound:
        request.state.company = await company_by_slug(company_slug)
        raise
    request.state.company = asked.company
    let_frame(request, asked.company.embed_hosts)
    return asked


async def _entry(asked: Asked, link: str) -> str:
    """`good`, or why somebody cannot answer yet: `missing`, `unknown` or `used`. Looking does not use a link up."""
    if asked.question.level != Level.INVITED or asked.now is not Now.OPEN:
        return "good"
    return await link_state(asked.company.id, asked.question.id, link)


@get(
    [
        "/{company_slug:str}/ask/{question_slug:str}/answers",
        "/embed/{company_slug:str}/{question_slug:str}/answers",
    ]
)
async def reopened(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> Redirect:
    """The address that stands above a page that was posted, opened anew."""
    await _asked(request, company_slug, question_slug)
    query = f"?{request.url.query}" if request.url.query else ""
    return Redirect(request.url.path.removesuffix("/answers") + query, status_code=303)


@post(
    [
        "/{company_slug:str}/ask/{question_slug:str}/answers",
        "/embed/{company_slug:str}/{question_slug:str}/answers",
    ],
    status_code=201,
    request_max_body_size=LARGEST_ANSWER,
)
async def give_answer(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> Response[str] | Response[bytes]:
    """Says thank you only after the commit; the reply is the receipt, for the code stands in no address."""
    typed = await read_typed(request)  # first of all, so that no error loses it
    asked = await _asked(request, company_slug, question_slug)
    words = words_of(request, asked.company)
    turn = paging.turn_of(asked.prompts, typed)
    if turn.do in ("next", "back"):
        return await _turned(request, asked, words, turn)
    try:
        if turn.do == "later":
            return await _laid_by(request, asked, turn)
        form, filled = read_answer(
            asked.prompts, turn.typed, needs_address=asked.question.level == Level.CONFIRMED
        )
        at, network = now(), client_network(request)
        given = await giving.give_answer(
            asked.company,
            asked.question.id,
            form,
            filled,
            language=words.lang,
            network=network,
            door=await door.look(request, asked.company.id, asked.question, form, network=network, now=at),
            now=at,
        )
    except Refused as refusal:
        return await _again(request, asked, words, turn, refusal)
    if turn.saved:
        await saving.forget(asked.company.id, turn.saved)
    return await thanks(request, asked, words, filled, form.quoting, given)


async def _laid_by(request: Request[Any, Any, Any], asked: Asked, turn: Turn) -> Response[str]:
    network, at = client_network(request), now()
    code, ends_on = await saving.save(asked.company, asked.question.id, turn, network=network, now=at)
    return laid_by(request, asked, code, ends_on)


async def _turned(request: Request[Any, Any, Any], asked: Asked, words: Words, turn: Turn) -> Response[str]:
    """The next page or the one before, with all that was typed; nothing is kept yet."""
    page, refusal = paging.opened(asked.prompts, turn, None)
    context = context_of(asked, words, framed=is_framed(request.scope["path"])) | {
        "about": await noted(asked.company.id, one(turn.typed, "to_note")),
        "form_page": page,
        "typed": turn.typed,
        "refusal": refusal,
        "posted": True,
    }
    context |= {"key": key_of(turn.typed), "lost": lost(asked.prompts, turn.typed)}
    context |= {"link": one(turn.typed, "link"), "saved": turn.saved}
    context["written"] = written(asked.prompts, turn.typed)
    return show(request, "answering/question", 422 if refusal else 200, words=words, **context)


async def _again(
    request: Request[Any, Any, Any], asked: Asked, words: Words, turn: Turn, refusal: Refused
) -> Response[str]:
    """The same page with what was typed and every reason; a fresh key, should the old one be stale."""
    if CHANGED & {reason.reason for reason in refusal.reasons}:  # what we remember is older than that
        question = await asking.public_question(asked.company.id, asked.question.slug)
        asked, _, _ = await asked_of(asked.company, question)
    typed = turn.typed
    context = context_of(asked, words, framed=is_framed(request.scope["path"])) | {
        "typed": typed,
        "about": await noted(asked.company.id, one(typed, "to_note")),
        "refusal": refusal,
        "key": key_of(typed),
        "posted": True,
    }
    context["form_page"], _ = paging.opened(asked.prompts, turn, refusal)
    context["lost"] = lost(asked.prompts, typed)
    context["written"] = written(asked.prompts, typed)
    context |= {"link": one(typed, "link"), "saved": turn.saved}
    return show(request, "answering/question", 422, words=words, **context)


def context_of(asked: Asked, words: Words, *, framed: bool = False) -> dict[str, Any]:
    address = f"/embed/{asked.company.slug}" if framed else f"/{asked.company.slug}/ask"
    return {
        "company": asked.company,
        "question": asked.question,
        "prompts": asked.prompts,
        "form_page": paging.page_at(asked.prompts, {}),
        "readers": asked.readers,
        "reply": asked.reply,
        "found": asked.now,
        "sums": asked.sums,
        "results": asked.results,
        "over": asked.now is Now.CLOSED,
        "entry": "good",
        "link": "",
        "about": None,
        "saved": "",
        "others": asked.others,
        "today": asked.today,
        "opens_on": words.local_day(asked.question.opens_at),
        "closes_on": last_day(asked.company, asked.question.closes_at),
        "typed": {},
        "lost": [],
        "written": [],
        "key": KEY_HERE,
        "longest": LONGEST_ANSWER,
        "action": f"{address}/{asked.question.slug}/answers",
        "preview": False,
    }


def lost(prompts: list[Prompt], typed: Typed) -> list[str]:
    """Words for prompts that are no longer there: shown, so that nobody has to write them anew."""
    there = {prompt.field for prompt in prompts}
    fields = [name for name in typed if PROMPT_FIELD.fullmatch(name) and name not in there]
    return [text for name in fields for text in typed[name] if len(text.strip()) > 2 and text != OTHER]


def written(prompts: list[Prompt], typed: Typed) -> list[str]:
    """All that was typed in words, for who comes too late."""
    fields = [
        name for prompt in prompts for name in prompt.fields if prompt.kind == PromptKind.OPEN or "_" in name
    ]
    return [text for name in fields if "_place" not in name for text in typed.get(name, []) if text.strip()]


def key_of(typed: Typed) -> str:
    """The fan's own key where it is one: sent again with the same content it stays one response."""
    given, secret = one(typed, "key"), settings().secret_key
    return given if started_at(secret, given) else new_key(secret, now())


HANDLERS = [ask, reopened, give_answer]
