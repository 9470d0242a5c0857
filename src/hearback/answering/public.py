"""The page where people answer: no account, no cookie, no script needed."""

import re
import secrets
from datetime import date, datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from markupsafe import Markup
from msgspec import Struct, structs

from hearback.answering import door, giving, paging, queries
from hearback.answering.code import shown
from hearback.answering.forms import OTHER, PROMPT_FIELD, read_answer
from hearback.answering.giving import Given
from hearback.answering.links import link_state, read_link
from hearback.answering.paging import Turn
from hearback.answering.queries import Sums
from hearback.answering.rules import LONGEST_ANSWER, Filled
from hearback.asking import queries as asking
from hearback.asking.commands import last_day
from hearback.asking.queries import Prompt, Question
from hearback.asking.rules import Now, PromptKind, QuestionState, what_a_fan_finds
from hearback.clock import day_in, midnight_after, now
from hearback.people.queries import Company, Face, company_by_slug
from hearback.promises.replies import Reply, reply
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.trust.integrity.form_key import new_key, started_at
from hearback.trust.integrity.rules import Level
from hearback.web.network import client_network
from hearback.web.pages import lines, render, show, words_of
from hearback.web.qr import qr
from hearback.web.remembering import Memory
from hearback.web.typed import Typed, one, read_typed
from hearback.words.speaking import LANGUAGES, Words

LARGEST_ANSWER = 64 * 1024
CHANGED = frozenset({"answer.question-changed", "answer.question-closed"})
KEY_HERE = secrets.token_hex(16)
"""Stands in the rendered page where each visitor gets a fresh key."""
LINK_HERE = "@link@"


class Asked(Struct, frozen=True):
    """Everything the page needs, and the moment from which it would be another page. sums: once it is closed."""

    company: Company
    question: Question
    prompts: list[Prompt]
    readers: list[Face]
    reply: Reply
    now: Now
    sums: Sums | None
    today: date
    until: datetime


class Rendered(Struct, frozen=True):
    before_key: bytes
    after_key: bytes


class Gaps(Struct, frozen=True):
    """Signs that stand in the rendered thank-you page where a fan's own things are filled in."""

    said: str = "@said@"
    code: str = "@code@"
    link: str = "@link@"
    qr_size: str = "@qr-size@"
    qr_path: str = "@qr-path@"


GAPS = Gaps()
BETWEEN_GAPS = re.compile("|".join(map(re.escape, structs.astuple(GAPS))).join("()").encode())
THANKS: Memory[list[bytes]] = Memory(numbers=True)
ASKED: Memory[Asked] = Memory()
PAGES: Memory[Rendered] = Memory()
FRESH = {"Cache-Control": "private, no-cache"}


@get("/{company_slug:str}/ask/{question_slug:str}")
async def ask(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> Response[bytes]:
    """Rendered once a change; each visitor's key, and the link that was opened, are spliced in."""
    asked = await _asked(company_slug, question_slug)
    link = request.query_params.get("link", "") if asked.question.level == Level.INVITED else ""
    entry = await _entry(asked, link)

    async def make() -> tuple[Rendered, str, datetime | None]:
        words = words_of(request, asked.company)
        page = render(
            "answering/question.html",
            words,
            request_path=request.scope["path"],
            request_query="",
            **context_of(asked, words) | {"entry": entry, "link": LINK_HERE},
        )
        before, _, after = page.encode().partition(KEY_HERE.encode())
        return Rendered(before, after), str(asked.company.id), asked.until

    asked_for = request.query_params.get("lang")
    lang = asked_for if asked_for in LANGUAGES else ""
    page, _ = await PAGES.get_or_make(f"{company_slug}/{question_slug}/{lang}/{entry}", make)
    key = new_key(settings().secret_key, now()).encode() if page.after_key else b""
    after = (
        page.after_key.replace(LINK_HERE.encode(), (read_link(link) or "").encode())
        if link
        else page.after_key
    )
    return Response(page.before_key + key + after, media_type=MediaType.HTML, headers=FRESH)


async def _entry(asked: Asked, link: str) -> str:
    """`good`, or why somebody cannot answer yet: `missing`, `unknown` or `used`. Looking does not use a link up."""
    if asked.question.level != Level.INVITED or asked.now is not Now.OPEN:
        return "good"
    return await link_state(asked.company.id, asked.question.id, link)


@get("/{company_slug:str}/ask/{question_slug:str}/answers")
async def reopened(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> Redirect:
    """The address that stands above a page that was posted, opened anew."""
    asked = await _asked(company_slug, question_slug)
    query = f"?{request.url.query}" if request.url.query else ""
    return Redirect(f"/{asked.company.slug}/ask/{asked.question.slug}{query}", status_code=303)


@post(
    "/{company_slug:str}/ask/{question_slug:str}/answers",
    status_code=201,
    request_max_body_size=LARGEST_ANSWER,
)
async def give_answer(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> Response[str] | Response[bytes]:
    """Says thank you only after the commit; the reply is the receipt, for the code stands in no address."""
    asked = await _asked(company_slug, question_slug)
    request.state.company = asked.company
    words = words_of(request, asked.company)
    turn = paging.turn_of(asked.prompts, await read_typed(request))
    if turn.do:
        return _turned(request, asked, words, turn)
    try:
        form, filled = read_answer(asked.prompts, turn.typed)
        at, network = now(), client_network(request)
        given = await giving.give_answer(
            asked.company,
            asked.question.id,
            form,
            filled,
            language=words.lang,
            network=network,
            door=await door.look(request, asked.question, form, network=network, now=at),
            now=at,
        )
    except Refused as refusal:
        return await _again(request, asked, words, turn, refusal)
    return await thanks(request, asked, words, filled, form.quoting, given)


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

    flag = given.flag if given else ""

    async def make() -> tuple[list[bytes], str, datetime | None]:
        page = render(
            "answering/thanks.html",
            words,
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
        )
        return BETWEEN_GAPS.split(page.encode()), str(asked.company.id), asked.until

    page, _ = await THANKS.get_or_make(
        f"{asked.question.id} {words.lang} {quoting} {given is None} {flag}", make
    )
    return Response(
        _filled_in(page, asked, words, filled, given.code if given else None),
        status_code=201,
        media_type=MediaType.HTML,
        headers={"Cache-Control": "no-store"},
    )


def _filled_in(
    page: list[bytes], asked: Asked, words: Words, filled: list[Filled], code: str | None
) -> bytes:
    """page: what stands between the gaps, and the signs of the gaps."""
    said = (
        Markup('<figure class="quote">{}</figure>').format(lines(one.words)) for one in filled if one.words
    )
    own = {GAPS.said: "".join(said)}
    if code:
        lang = f"?lang={words.lang}" if words.lang != asked.company.languages[0] else ""
        link = f"{settings().base_url}/{asked.company.slug}/r{lang}#{shown(code)}"
        picture = qr(link)
        own |= {GAPS.code: shown(code), GAPS.link: link}
        own |= {GAPS.qr_size: str(picture.size), GAPS.qr_path: picture.path}
    fill = {sign.encode(): text.encode() for sign, text in own.items()}
    return b"".join(fill.get(part, part) for part in page)


def _turned(request: Request[Any, Any, Any], asked: Asked, words: Words, turn: Turn) -> Response[str]:
    """The next page or the one before, with all that was typed; nothing is kept yet."""
    page, refusal = paging.opened(asked.prompts, turn, None)
    context = context_of(asked, words) | {
        "form_page": page,
        "typed": turn.typed,
        "refusal": refusal,
        "posted": True,
    }
    context |= {"key": _key_of(turn.typed), "lost": lost(asked.prompts, turn.typed)}
    context["link"] = one(turn.typed, "link")
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
    context = context_of(asked, words) | {
        "typed": typed,
        "refusal": refusal,
        "key": _key_of(typed),
        "posted": True,
    }
    context["form_page"], _ = paging.opened(asked.prompts, turn, refusal)
    context["lost"] = lost(asked.prompts, typed)
    context["written"] = written(asked.prompts, typed)
    context["link"] = one(typed, "link")
    return show(request, "answering/question", 422, words=words, **context)


def context_of(asked: Asked, words: Words) -> dict[str, Any]:
    return {
        "company": asked.company,
        "question": asked.question,
        "prompts": asked.prompts,
        "form_page": paging.page_at(asked.prompts, {}),
        "readers": asked.readers,
        "reply": asked.reply,
        "found": asked.now,
        "sums": asked.sums,
        "entry": "good",
        "link": "",
        "today": asked.today,
        "opens_on": words.local_day(asked.question.opens_at),
        "closes_on": last_day(asked.company, asked.question.closes_at),
        "typed": {},
        "lost": [],
        "written": [],
        "key": KEY_HERE,
        "longest": LONGEST_ANSWER,
        "action": f"/{asked.company.slug}/ask/{asked.question.slug}/answers",
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


def _key_of(typed: Typed) -> str:
    """The fan's own key where it is one: sent again with the same content it stays one response."""
    given, secret = one(typed, "key"), settings().secret_key
    return given if started_at(secret, given) else new_key(secret, now())


async def _asked(company_slug: str, question_slug: str) -> Asked:
    """Raises NotFound, for a draft too."""

    async def make() -> tuple[Asked, str, datetime | None]:
        company = await company_by_slug(company_slug)
        question = await asking.public_question(company.id, question_slug)
        return await asked_of(company, question)

    asked, _ = await ASKED.get_or_make(f"{company_slug}/{question_slug}", make)
    return asked


async def asked_of(company: Company, question: Question) -> tuple[Asked, str, datetime]:
    at = now()
    found = what_a_fan_finds(QuestionState(question.state), question.opens_at, question.closes_at, at)
    told = await reply(company.id, question.id, at)
    turn = {Now.NOT_YET: question.opens_at, Now.OPEN: question.closes_at, Now.CLOSED: None}[found]
    # At midnight a promised day has passed, and when another question closes it is one of the last three.
    turns = (turn, told.next_closing, midnight_after(company.timezone, at))
    asked = Asked(
        company=company,
        question=question,
        prompts=await asking.prompts(company.id, question.id),
        readers=await queries.readers(company.id),
        reply=told,
        now=found,
        sums=await queries.sums(company.id, question.id) if found is Now.CLOSED else None,
        today=day_in(company.timezone, at),
        until=min(one for one in turns if one is not None),
    )
    return asked, str(company.id), asked.until


HANDLERS = [ask, reopened, give_answer]
