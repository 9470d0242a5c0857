"""One talk at the desk: what was said, and the composer for the reply."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import structs

from hearback.answering import queries as answering
from hearback.changenotes.mending import ids_in
from hearback.clock import day_in, now
from hearback.people import queries as people
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Language, Right
from hearback.plainspeech.reading import carried, count_grave, remarks_on, underlined
from hearback.plainspeech.reasons import idle, unexplained
from hearback.refusals import NotFound, Refused
from hearback.replying import commands, queries
from hearback.replying.commands import SavedMeanwhile
from hearback.replying.forms import Do, ReplyForm
from hearback.replying.mending import facts
from hearback.replying.queries import Reply
from hearback.replying.register import register
from hearback.replying.rules import ReplyState, StepKind, To, why_not_cosign, why_not_keep, why_not_sign_off
from hearback.themes import commands as themes
from hearback.themes.queries import theme_labels, voices_to_hear
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed

MOST = {name: most(ReplyForm, name) for name in ("feeling", "fact", "next_step", "why", "stays")}
IN_OWN_WORDS = ("feeling", "fact", "next_step", "why")  # the last: of a correction


@get("/replies/to/answer/{response_id:uuid}", may=Right.READ)
async def answer(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[str]:
    return await talk_page(request, desk, To(response=response_id))


@post("/replies/to/answer/{response_id:uuid}", may=Right.REPLY, status_code=303)
async def write_to_answer(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    return await _write(request, desk, To(response=response_id))


@get("/replies/to/theme/{theme_id:uuid}", may=Right.READ)
async def theme(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[str]:
    return await talk_page(request, desk, To(theme=theme_id))


@post("/replies/to/theme/{theme_id:uuid}", may=Right.REPLY, status_code=303)
async def write_to_theme(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    return await _write(request, desk, To(theme=theme_id))


async def _write(request: HTMXRequest, desk: Desk, to: To) -> Response[Any]:
    """What stands in the form is saved first: what one sees is what goes out."""
    await _known(desk, to)
    typed, at = await read_typed(request), now()
    try:
        form = read_form(ReplyForm, typed)
        if to.theme is not None:
            await _heard(desk, to.theme)
        said = {name: getattr(form, name) for name in IN_OWN_WORDS}
        remarks = await remarks_on(desk.company.id, said, form.language)
        form = structs.replace(form, stays=form.stays.strip() if count_grave(remarks) else "")
        reply_id = await commands.save_reply(desk.company.id, to, form, by=desk.member, now=at)
        if form.do is not Do.SAVE:
            if left := unexplained(said, remarks, form.stays):
                raise Refused("note.say-why-it-stays", field="stays", n=left)
            send = commands.send_under_mandate if form.do is Do.SEND else commands.ask_for_sign_off
            await send(desk.company, reply_id, seen=form.seen, twin_seen=form.twin, by=desk.member, now=at)
    except Refused as refusal:
        return await talk_page(request, desk, to, typed=typed, refusal=refusal)
    return to_talk(desk, to, "#reply" if form.do is Do.SAVE else "")


@post("/replies/remarks", may=Right.REPLY, status_code=200)
async def remarks(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """What is remarked on in a reply that is being written; nothing is saved, and no field changes."""
    typed = await read_typed(request)
    return show(
        request, "replying/remarks", typed=typed, **await _plainly(desk, ids_in(typed, "themes"), typed)
    )


async def _plainly(desk: Desk, themes: list[UUID], typed: Typed) -> dict[str, Any]:
    """For each field what is remarked on, what could mend it, and what is clear; who asks back does nothing yet."""
    texts = {name: one(typed, name) for name in IN_OWN_WORDS if name in typed}
    found = await remarks_on(desk.company.id, texts, one(typed, "language"))
    does = one(typed, "step", StepKind.DOES) == StepKind.DOES
    today = day_in(desk.company.timezone, now())
    return {
        "remarks": found,
        "grave": count_grave(found),
        "clear": carried({name: text for name, text in texts.items() if name != "next_step" or does}, found),
        "facts": await facts(desk.company, themes, typed, found, today=today),
        "idle": idle(texts, found, one(typed, "stays")),
    }


async def _to_release(desk: Desk, draft: Reply | None) -> dict[str, Any]:
    """What waits to be released, as whoever does that reads it: underlined, and for each field what is remarked on."""
    if draft is None or draft.state != ReplyState.WAITING:
        return {}
    texts = {name: getattr(draft, name) for name in IN_OWN_WORDS}
    found = await remarks_on(desk.company.id, texts, draft.language)
    return {
        "asked": underlined(texts, found),
        "asked_remarks": [(texts[name], found[name]) for name in found],
        "asked_idle": idle(texts, found, draft.stays),
    }


async def _heard(desk: Desk, theme_id: UUID) -> None:
    """The voices that stand on the page from which this was sent: whoever replies has had them before them."""
    shown = [voice.excerpt for voice in await voices_to_hear(desk.company.id, [theme_id])]
    today = day_in(desk.company.timezone, now())
    await themes.voices_shown(desk.company.id, shown, to=desk.member.id, on=today)


async def _known(desk: Desk, to: To) -> None:
    """Raises NotFound, before what was typed is looked at."""
    if to.response is not None:
        await answering.response(desk.company.id, to.response)
    elif not await theme_labels(desk.company.id, [to.theme] if to.theme else []):
        raise NotFound


async def talk_page(
    request: HTMXRequest,
    desk: Desk,
    to: To,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    opened: UUID | None = None,
) -> Response[str]:
    """typed: what the writer had in the form, where it could not go; it stays, whatever is saved already."""
    await _known(desk, to)
    company_id = desk.company.id
    about = await (_about_answer(desk, to.response) if to.response else _about_theme(desk, to))
    draft, mandate, members, seen, told = await asyncio.gather(
        queries.open_reply(company_id, to),
        queries.mandate_that_holds(company_id),
        people.members(company_id),
        queries.entries(company_id, to),
        queries.talk(company_id, to.response)
        if to.response
        else queries.public_replies(company_id, theme=to.theme),
    )
    typed = typed or _as_typed(desk, draft, about["language"])
    meanwhile = isinstance(refusal, SavedMeanwhile)
    sounds_like = refusal is not None and refusal.reason == "reply.sounds-like" and draft is not None
    waits = draft is not None and draft.state == ReplyState.WAITING
    return show(
        request,
        "replying/talk",
        409 if meanwhile else 422 if refusal else 200,
        headers={"Cache-Control": "no-store"} if opened else None,
        to=to,
        draft=draft,
        theirs=draft if meanwhile else None,
        waits=waits,
        may_sign_off=draft is not None and waits and _why_not_sign_off(desk, draft) is None,
        mandate=mandate,
        members=members,
        seen=seen,
        told=told,
        may_cosign={one.id for one in told if _why_not_cosign(desk, one) is None},
        may_keep={one.id for one in told if one.unkept and may_keep(desk, one.owner_id, one.writer_id)},
        twin=await commands.twin(company_id, draft) if sounds_like and draft else None,
        most=MOST,
        opened=opened,
        today=day_in(desk.company.timezone, now()),
        typed=typed,
        refusal=refusal,
        **about,
        **await _to_release(desk, draft),
        **await _plainly(desk, about["counted"], typed),
    )


async def _about_answer(desk: Desk, response_id: UUID) -> dict[str, Any]:
    found = await answering.response(desk.company.id, response_id)
    said, themes = found.words, await queries.themes_of(desk.company.id, response_id)
    return {
        "answer": found,
        "heard_as": await queries.heard_as(desk.company.id, response_id),
        "theme": None,
        "counted": themes if len(themes) == 1 else [],  # of several, nobody knows which the reply is about
        "voices": [],
        "language": found.language if found.language in list(Language) else desk.company.languages[0],
        "tone": register(said, language=found.language, house=desk.company.address),
    }


async def _about_theme(desk: Desk, to: To) -> dict[str, Any]:
    """With five of its voices, or all."""
    ids = [to.theme] if to.theme else []
    (label,) = await theme_labels(desk.company.id, ids, reader=desk.words.lang)
    voices = await voices_to_hear(desk.company.id, ids)
    language = desk.company.languages[0]
    return {
        "answer": None,
        "heard_as": "",
        "theme": label,
        "counted": ids,
        "voices": voices,
        "language": language,
        "tone": register([], language=language, house=desk.company.address),
    }


def _as_typed(desk: Desk, draft: Reply | None, language: str) -> dict[str, list[str]]:
    """The draft as its form would send it; a new one is signed and taken on by whoever writes it."""
    if draft is None:
        return {"next_owner": [str(desk.member.id)], "language": [language], "step": ["does"]}
    values = {
        "feeling": draft.feeling,
        "fact": draft.fact,
        "step": draft.step,
        "next_step": draft.next_step,
        "next_owner": draft.owner_id or desk.member.id,
        "next_by": draft.first_due_on or "",
        "topic": "" if draft.topic_chosen is None else draft.topic_chosen,
        "language": draft.language,
        "why": draft.why,
        "stays": draft.stays,
    }
    return {name: [str(value)] for name, value in values.items()}


def _why_not_sign_off(desk: Desk, draft: Reply) -> str | None:
    return why_not_sign_off(
        is_writer=draft.writer_id == desk.member.id,
        leads=desk.member.leads,
        may_publish=desk.member.may(Right.PUBLISH),
    )


def _why_not_cosign(desk: Desk, reply: Reply) -> str | None:
    if desk.member.id in reply.cosigned_by:
        return "reply.cosigned"
    return why_not_cosign(is_writer=reply.writer_id == desk.member.id, leads=desk.member.leads)


def may_keep(desk: Desk, owner: UUID | None, writer: UUID) -> bool:
    """Whether this member may say that a next step is done."""
    me = desk.member
    return why_not_keep(owns=me.id == owner, wrote=me.id == writer, may_write=me.may(Right.WRITE)) is None


def to_talk(desk: Desk, to: To, place: str = "") -> Redirect:
    path = f"answer/{to.response}" if to.response else f"theme/{to.theme}"
    return Redirect(f"/desk/{desk.company.slug}/replies/to/{path}{place}", status_code=303)


HANDLERS = [answer, write_to_answer, theme, write_to_theme, remarks]
