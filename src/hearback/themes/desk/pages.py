"""What the triage pages show: three panes, of which each handler opens a different middle."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from hearback.clock import day_in, now
from hearback.people import queries as people
from hearback.people.access import Desk
from hearback.people.rules import Right
from hearback.promises.waiting import theme_waiting
from hearback.refusals import Refused
from hearback.themes import commands
from hearback.themes.desk.list_pane import all_rows, in_list
from hearback.themes.desk.listing import chosen_before, chosen_in
from hearback.themes.figures import story
from hearback.themes.forms import (
    NamedMoveForm,
    NameForm,
    PassOnForm,
    RemarkForm,
    RestForm,
    SplitForm,
    WeightForm,
)
from hearback.themes.own_codebook import in_use
from hearback.themes.queries import (
    acts,
    codebook,
    excerpts,
    life,
    picture,
    questions_behind,
    searching,
    tending,
    theme_labels,
    triage,
)
from hearback.themes.queries.bulk import themes_called
from hearback.themes.rules import parts_spoken
from hearback.themes.taking_back import Act
from hearback.web.forms import most
from hearback.web.pages import show, wants_fragment
from hearback.web.typed import Typed, one

QUOTES_A_PAGE = 30
MOMENTS, MOMENTS_AT_ALL = 8, 1000  # of a theme's history
CAN_BE_UNDONE_FOR = timedelta(days=1)
DONE = (
    "named",
    "moved_many",
    "set_aside",
    "moved",
    "merged",
    "unmerged",
    "split",
    "cut",
    "joined",
    "weighted",
    "unweighted",
    "not-weighty",
    "undone",
    "added",
    "refused",
    "assigned",
    "rested",
    "woken",
    "asked",
    "unasked",
    "remarked",
    "unremarked",
    "passed-on",
    "dissented",
)
MOST = {
    "name": most(NameForm, "name"),
    "definition": most(NameForm, "definition"),
    "excludes": most(NameForm, "excludes"),
    "reason": most(WeightForm, "reason"),
    "new": most(NamedMoveForm, "to"),
    "new_name": most(SplitForm, "new_name"),
    "belongs": most(SplitForm, "belongs"),
    "excluded": most(SplitForm, "excluded"),
    "why": most(RestForm, "why"),
    "words": most(RemarkForm, "words"),
    "praise": most(PassOnForm, "words"),
}


class News(Struct, frozen=True):
    """What has come since a page was shown. told: what it knows already; shown: the ids on it, with dots between.

    voices: people whose words are new there; changed: something has come or gone.
    """

    told: str
    shown: str
    voices: int
    changed: bool

    @property
    def line(self) -> str:
        """Tells whether there is anything new to say."""
        return f"{self.voices}{'+' if self.changed else ''}"


class InBook(Struct, frozen=True):
    """What the company's codebook says of a suggestion, in the member's language."""

    slug: str
    name: str
    definition: str


class Faulty(Struct, frozen=True):
    """A form that did not go: which, why, and what was typed."""

    form: str
    refusal: Refused
    typed: Typed
    status: int = 422

    @property
    def later(self) -> Act | None:
        """What stands on the act that was to be taken back."""
        return self.refusal.later if isinstance(self.refusal, commands.StoodUpon) else None

    @property
    def theirs(self) -> life.Theme | None:
        """What somebody else has named the theme meanwhile."""
        return self.refusal.theirs if isinstance(self.refusal, commands.NamedMeanwhile) else None


def base(desk: Desk) -> str:
    return f"/desk/{desk.company.slug}/themes"


async def show_first(request: HTMXRequest, desk: Desk) -> Response[Any]:
    """The list with its first theme open, the largest that fits; before there is one, why that is right."""
    found, chosen = await all_rows(desk, now()), chosen_in(request)
    fit = (
        [one.theme for one in (await in_list(desk, now(), chosen, "", found))["shown"]]
        if chosen.narrows
        else found
    )
    if fit:
        return await show_theme(request, desk, fit[0].id, rows=found)
    return await _show(request, desk, "", more={"older": None, "quotes": []}, rows=found)


async def show_theme(
    request: HTMXRequest,
    desk: Desk,
    theme_id: UUID,
    *,
    faulty: Faulty | None = None,
    near: list[excerpts.Quote] | None = None,
    rows: list[triage.Row] | None = None,
) -> Response[Any]:
    """rows: the list, where it is at hand. near: what may belong there too; without it an open page asks by itself.

    Raises NotFound. A merged theme leads to the one that speaks for it."""
    company_id = desk.company.id
    theme = await life.theme(company_id, theme_id, reader=desk.words.lang)
    if theme.merged and faulty is None:
        return Redirect(f"{base(desk)}/{theme.heir}", status_code=303)
    if theme.merged:
        theme = await life.theme(company_id, theme.heir, reader=desk.words.lang)
    whole_history = request.query_params.get("history") == "all"
    around = await _around(desk, theme.id)
    said, actions, notes, waits, history, merged = await asyncio.gather(
        said_in(request, desk, theme.id),
        triage.actions(company_id, theme.id),
        triage.notes(company_id, theme.id),
        triage.waiting(company_id, theme.id),
        acts.history(
            company_id,
            theme.id,
            limit=MOMENTS_AT_ALL if whole_history else MOMENTS + 1,
            reader=desk.words.lang,
        ),
        triage.merged(company_id, theme.id, reader=desk.words.lang),
    )
    voiced = await picture.voiced(company_id, theme.id)
    more = {
        **said,
        "theme": theme,
        "in_book": await _in_book(desk, theme),
        "near": near,
        "actions": actions,
        "notes": notes,
        "waits": waits,
        "history": history if whole_history else history[:MOMENTS],
        "whole_history": whole_history,
        "longer": len(history) > MOMENTS,
        "merged": merged,
        **around,
        "story": story({one.day: one.people for one in voiced}, day_in(desk.company.timezone, now())),
    }
    return await _show(request, desk, str(theme.id), more=more, faulty=faulty, rows=rows)


async def _in_book(desk: Desk, theme: life.Theme) -> InBook | None:
    if theme.named or not theme.entry:
        return None
    entries = in_use(await codebook.changes(desk.company.id))
    language = desk.words.lang
    return next(
        (
            InBook(entry.slug, entry.name(language), entry.definition(language))
            for entry in entries
            if entry.slug == theme.entry
        ),
        None,
    )


async def _around(desk: Desk, theme_id: UUID) -> dict[str, Any]:
    """What the team has around it: who looks after it, its rest, questions, remarks, drafts and objections."""
    company_id = desk.company.id
    today = day_in(desk.company.timezone, now())
    (
        tended,
        asked,
        askable,
        remarks,
        drafts,
        objections,
        members,
        look_again,
        changed,
        silence,
    ) = await asyncio.gather(
        tending.tended(company_id, theme_id),
        tending.asked(company_id, theme_id),
        tending.askable(company_id, theme_id),
        tending.remarks(company_id, theme_id),
        tending.drafts(company_id, theme_id),
        tending.objections(company_id, theme_id),
        people.members(company_id),
        tending.look_again(company_id, theme_id, after=today),
        life.changed_last(company_id, theme_id),
        theme_waiting(company_id, theme_id),
    )
    return {
        "silence": silence,
        "tended": tended,
        "asked": asked,
        "askable": askable,
        "remarks": remarks,
        "drafts": drafts,
        "objections": objections,
        "members": members,
        "parts_spoken": parts_spoken,
        "look_again": look_again,
        "changed": changed,
    }


async def said_in(request: HTMXRequest, desk: Desk, theme_id: UUID) -> dict[str, Any]:
    """What people wrote on this page of a theme, of one question or of all; and that nothing new has come yet."""
    company_id, after = desk.company.id, _after(request)
    questions = await questions_behind(company_id, [theme_id])
    wanted = request.query_params.get("question", "")
    question = next((one.id for one in questions if str(one.id) == wanted), None)
    quotes = await excerpts.of_theme(
        company_id, theme_id, question=question, after=after, limit=QUOTES_A_PAGE + 1
    )
    paged = _paged(f"{base(desk)}/{theme_id}", quotes, question)
    return {
        **paged,
        "questions": questions,
        "question": question,
        "first_page": after is None,
        "news": News("", ".".join(one.id.hex for one in paged["quotes"]), 0, changed=False),
    }


async def show_pile(
    request: HTMXRequest, desk: Desk, *, nowhere: bool, faulty: Faulty | None = None
) -> Response[Any]:
    """What is unsorted, or what people put nowhere."""
    quotes = await excerpts.without_theme(
        desk.company.id, nowhere=nowhere, after=_after(request), limit=QUOTES_A_PAGE + 1
    )
    opened = "nowhere" if nowhere else "unsorted"
    return await _show(request, desk, opened, more=_paged(f"{base(desk)}/{opened}", quotes), faulty=faulty)


async def show_move(
    request: HTMXRequest, desk: Desk, quote: excerpts.Quote, *, copies: int, faulty: Faulty | None = None
) -> Response[Any]:
    """The form that moves one excerpt: below its words in the list, or on a page of its own. copies: go with it."""
    company_id = desk.company.id
    called = await themes_called(company_id, one(faulty.typed, "to")) if faulty else []
    # An error belongs below the words too, not into the whole page that a move replaces.
    headers = {"HX-Retarget": f"#move-{quote.id}", "HX-Reswap": "innerHTML"} if faulty else {}
    return show(
        request,
        "themes/move",
        422 if faulty else 200,
        headers=headers,
        quote=quote,
        copies=copies,
        targets=await searching.targets(company_id, reader=desk.words.lang),
        several=await theme_labels(company_id, called, reader=desk.words.lang) if len(called) > 1 else [],
        most=MOST,
        live=wants_fragment(request),
        refusal=faulty.refusal if faulty else None,
        typed=faulty.typed if faulty else {},
    )


async def _show(
    request: HTMXRequest,
    desk: Desk,
    opened: str,
    *,
    more: Mapping[str, Any],
    faulty: Faulty | None = None,
    rows: list[triage.Row] | None = None,
) -> Response[Any]:
    at, done = now(), request.query_params.get("done", "")
    shows = chosen_before(request) if faulty else chosen_in(request)
    the_list, undo = await asyncio.gather(in_list(desk, at, shows, opened, rows), undoable(desk, at))
    return show(
        request,
        "themes/themes",
        faulty.status if faulty else 200,
        opened=opened,
        at_list=request.url.path == base(desk),
        undo=undo,
        done=done if done in DONE else "",
        live=wants_fragment(request),
        made_at=at.timestamp(),
        most=MOST,
        faulty=faulty.form if faulty else "",
        refusal=faulty.refusal if faulty else None,
        typed=faulty.typed if faulty else {},
        later=faulty.later if faulty else None,
        theirs=faulty.theirs if faulty else None,
        **the_list,
        **more,
    )


async def undoable(desk: Desk, at: datetime) -> life.Event | None:
    """What this member did last and may take back."""
    if not desk.may(Right.SORT):
        return None
    return await life.undoable(desk.company.id, desk.member.id, since=at - CAN_BE_UNDONE_FOR)


def _paged(path: str, quotes: list[excerpts.Quote], question: UUID | None = None) -> dict[str, Any]:
    """One more than a page holds was asked for: then there is another page."""
    shown = quotes[:QUOTES_A_PAGE]
    of = f"&question={question}" if question else ""
    older = f"{path}?after={shown[-1].day}.{shown[-1].id}{of}" if len(quotes) > QUOTES_A_PAGE else None
    return {"quotes": shown, "older": older}


def _after(request: HTMXRequest) -> tuple[date, UUID] | None:
    """A page that nobody linked to is the first one."""
    day, _, row = request.query_params.get("after", "").partition(".")
    try:
        return date.fromisoformat(day), UUID(row)
    except ValueError:
        return None
