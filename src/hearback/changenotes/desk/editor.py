"""The page of a draft: fields on the left, on the right what others will read and what still stands against it."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.actions.queries import actions_of_themes
from hearback.changenotes import commands, queries
from hearback.changenotes.asking_back import asks_back, owns_up
from hearback.changenotes.desk.as_seen import as_seen
from hearback.changenotes.desk.landing import on_the_log
from hearback.changenotes.forms import NoteForm, Said
from hearback.changenotes.mending import facts, ids_in
from hearback.changenotes.queries import Draft, EarlierMistake
from hearback.changenotes.reaching import ways
from hearback.changenotes.rules import DAYS, FIELDS, NoteKind, in_own_words
from hearback.clock import day_in, now
from hearback.people import queries as people
from hearback.people.access import Desk
from hearback.people.queries import Face, Member
from hearback.people.rules import Right
from hearback.plainspeech.reading import carried, count_grave, remarks_on, underlined
from hearback.plainspeech.reasons import idle
from hearback.refusals import Refused
from hearback.themes import commands as themes
from hearback.themes.queries import (
    Quotable,
    named_themes,
    quotable_excerpts,
    theme_labels,
    voices_to_hear,
)
from hearback.web.forms import most
from hearback.web.pages import show
from hearback.web.typed import Typed, one

AT_WORK = timedelta(minutes=10)  # who was seen at a draft since then is at it now
MOST_QUOTES = 30  # offered; all of them stand with their theme
LATELY = timedelta(days=90)


class Choice(Struct, frozen=True):
    """One box to tick: value, words, and what stands below them."""

    value: UUID
    words: str
    hint: str = ""


async def editor(
    request: HTMXRequest,
    desk: Desk,
    draft: Draft,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    """typed: what the writer had in the form, where it could not be saved; it stays, whatever is saved already.

    The page always shows voices of each theme, and remembers who has had them before them.
    """
    company = desk.company
    at = now()
    if draft.is_draft:
        await commands.seen_writing(company.id, draft.id, by=desk.member, now=at)
    choices, members, reasons, told, to_hear, objections = await asyncio.gather(
        _choices(desk, draft),
        people.members(company.id),
        commands.why_not(company, draft, now=at),
        ways(company, draft.id, NoteKind(draft.kind), draft.themes),
        voices_to_hear(company.id, draft.themes),
        queries.objections(company.id, draft.id),
    )
    along = await commands.along(company, draft)
    in_form = typed or as_typed(draft)
    shown, today = [voice.excerpt for voice in to_hear], day_in(company.timezone, at)
    await themes.voices_shown(company.id, shown, to=desk.member.id, on=today)
    return show(
        request,
        "changenotes/editor",
        status,
        note=draft,
        typed=in_form,
        refusal=refusal,
        theirs=_differing(draft, in_form) if status == 409 else [],
        saved_by=draft.saved_name,
        kinds=list(NoteKind),
        kinds_of=_kinds_of(),
        most={name: most(NoteForm, name) for name in (*Said.__struct_fields__, "stays")},
        needed=set(Said.__struct_fields__)
        - {"left", "noticed", "thanks", "again", "failed"},  # a repair, or why there is none
        members=members,
        reasons=reasons,
        told=told,
        beside=await queries.notes_beside(
            company.id,
            draft.id,
            draft.themes,
            reader=desk.member.id,
            writing_since=at - AT_WORK,
            out_since=at - LATELY,
        ),
        replies_beside=await queries.replies_beside(company.id, draft.themes, out_since=at - LATELY),
        also=await queries.also_writing(company.id, draft.id, but=desk.member.id, since=at - AT_WORK),
        four_eyes=draft.kind in await queries.kinds_with_four_eyes(company.id),
        to_leadership=commands.leadership_lets_out(draft, desk.member),
        leaders=[one for one in members if one.leads and one.may(Right.PUBLISH)],
        mandate=await queries.mandate(company.id),
        voices=[(one, [voice for voice in to_hear if voice.theme == one.id]) for one in choices["chosen"]],
        objections=objections,
        along=along,
        told_in={draft.language, *(one_.language for one_ in along if one_.goes)},
        preview=await preview_of(desk, draft, in_form, members),
        **choices,
    )


async def _choices(desk: Desk, draft: Draft) -> dict[str, Any]:
    """What can be ticked for the note, and in `about` the themes that are."""
    company_id, say = desk.company.id, desk.words.say
    most_quotes = max(MOST_QUOTES, len(draft.quotes))
    themes, chosen, actions, quotes, questions, mistakes = await asyncio.gather(
        named_themes(company_id),
        theme_labels(company_id, draft.themes, reader=desk.words.lang),
        actions_of_themes(company_id, draft.themes),
        quotable_excerpts(company_id, draft.themes, chosen=draft.quotes, limit=most_quotes + 1),
        queries.questions_to_answer(company_id, draft.themes, draft.questions),
        queries.earlier_mistakes(company_id, draft.id, draft.themes),
    )
    listed = {theme.id for theme in themes}
    quotable = [Choice(quote.excerpt, quote.words, _by(desk, quote)) for quote in quotes[:most_quotes]]
    gone = [quote for quote in draft.quotes if quote not in {choice.value for choice in quotable}]
    return {
        "about": ", ".join(theme.name for theme in chosen),
        "chosen": chosen,
        "themes": [
            Choice(theme.id, theme.name, say("note.voices", n=theme.voices))
            for theme in [*themes, *(theme for theme in chosen if theme.id not in listed)]
        ],
        "actions": [
            Choice(action.id, action.title, say(f"note.action.{action.state}", day=action.due_on))
            for action in actions
        ],
        "quotes": quotable + [Choice(quote, say("note.quote-gone")) for quote in gone],
        "more_quotes": len(quotes) > most_quotes,
        "mistakes": mistakes,
        "questions": [
            Choice(one.id, one.title, say("note.promised-by", day=one.due_on) if one.due_on else "")
            for one in questions
        ],
    }


async def out(
    request: HTMXRequest, desk: Desk, draft: Draft, status: int = 200, refusal: Refused | None = None
) -> Response[str]:
    members = await people.members(desk.company.id, active=False)
    return show(
        request,
        "changenotes/out",
        status,
        note=draft,
        preview=await preview_of(desk, draft, as_typed(draft), members),
        refusal=refusal,
        covered=await queries.covered(desk.company.id, draft.id),
        translations={one_.language: one_ for one_ in await queries.translations(desk.company.id, draft.id)},
        in_work={one_.language: one_ for one_ in await queries.in_work(desk.company.id, draft.id)},
        sent_out_by=await queries.sent_out_by(desk.company.id, draft.id),
        public_at=await on_the_log(desk, draft.id),
    )


def as_typed(draft: Draft) -> dict[str, list[str]]:
    """The draft as its form would send it."""
    days = {name: [day.isoformat()] for name, day in draft.said.days.items()}
    texts = {name: [text] for name, text in draft.said.texts.items()}
    links = {"themes": draft.themes, "actions": draft.actions, "quotes": draft.quotes}
    chosen = {name: [str(one) for one in ids] for name, ids in links.items()}
    return (
        texts
        | days
        | chosen
        | {
            "questions": [str(one) for one in draft.questions],
            "kind": [draft.kind],
            "language": [draft.language],
            "signed_by": [str(draft.signer.id)],
            "version": [str(draft.version)],
            "repeats": [str(draft.repeats or "")],
            "topic": ["" if draft.topic is None else str(draft.topic)],
            "stays": [draft.stays],
        }
    )


async def preview_of(desk: Desk, draft: Draft, typed: Typed, members: list[Member]) -> Mapping[str, object]:
    """What the public partial needs, from whatever stands in the form; what does not fit yet is left out."""
    kind = one(typed, "kind") if one(typed, "kind") in list(NoteKind) else draft.kind
    signer: Face = next(
        (member for member in members if str(member.id) == one(typed, "signed_by")), draft.signer
    )
    tongue = one(typed, "language") if one(typed, "language") in ("de", "en") else draft.language
    texts = {name: one(typed, name) for name in FIELDS[NoteKind(kind)] if name not in DAYS}
    own = in_own_words(NoteKind(kind), texts)
    # What is out is only corrected; its remarks come where that is done.
    remarks = await remarks_on(desk.company.id, own, tongue) if draft.is_draft else {}
    before = await _before(desk, draft, ids_in(typed, "repeats")) if kind == NoteKind.MISTAKE else None
    return {
        "seen": as_seen(
            desk,
            NoteKind(kind),
            underlined(texts, remarks),
            {name: day for name in DAYS if (day := _day(one(typed, name)))},
            tongue=tongue,
            signer=signer,
            quotes=await _quotes(desk, ids_in(typed, "themes"), ids_in(typed, "quotes")),
            before=before,
            nth=await queries.how_many_times(desk.company.id, before.id) + 1 if before else 1,
            mail=f"/desk/{desk.company.slug}/notes/{draft.id}/mail" if draft.is_draft else "",
        ),
        "remarks": {name: (texts[name], remarks.get(name, [])) for name in own},
        "facts": await facts(desk.company, typed, remarks, tongue),
        "carried": carried(texts, remarks),
        "grave": count_grave(remarks),
        "stays": one(typed, "stays"),
        "idle": idle(own, remarks, one(typed, "stays")),
        "hints": {
            "closing_question": asks_back(texts["closing_question"], tongue),
            "wrong": owns_up(texts.get("wrong", ""), tongue),
        },
        "tongue": tongue,
    }


async def _quotes(desk: Desk, themes: list[UUID], chosen: list[UUID]) -> list[Quotable]:
    """Those that go out as things stand, in their order."""
    if not chosen:
        return []
    found = await quotable_excerpts(desk.company.id, themes, chosen=chosen, limit=len(chosen))
    quotable = {quote.excerpt: quote for quote in found}
    return [quotable[excerpt] for excerpt in chosen if excerpt in quotable]


async def _before(desk: Desk, draft: Draft, chosen: list[UUID]) -> EarlierMistake | None:
    """The mistake that this one repeats."""
    if not chosen:
        return None
    mistakes = await queries.earlier_mistakes(desk.company.id, draft.id, draft.themes)
    return next((one for one in mistakes if one.id in chosen), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _differing(theirs: Draft, typed: Typed) -> list[tuple[str, str | date]]:
    """What the other writer has in the fields where the two differ."""
    saved = as_typed(theirs)
    return [
        (name, theirs.said.days.get(name) or one(saved, name))
        for name in Said.__struct_fields__
        if one(saved, name) != one(typed, name).strip()
    ]


def _by(desk: Desk, quote: Quotable) -> str:
    """Whose words they are, and how many others said the same."""
    say = desk.words.say
    who = quote.first_name or say("note.unnamed")
    if quote.first_name and quote.place:
        who = say("note.named", name=quote.first_name, place=quote.place)
    return f"{who}, {say('themes.quote.alike', n=quote.alike)}" if quote.alike > 1 else who


def _kinds_of() -> dict[str, str]:
    """For each field the classes of the kinds that have it; the style sheet shows only those of the chosen kind."""
    return {
        name: " ".join(f"for-{kind}" for kind in NoteKind if name in FIELDS[kind])
        for name in Said.__struct_fields__
    }
