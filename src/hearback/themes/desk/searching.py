"""Searching all answers, by words, by what became of them, and by what means the same."""

import asyncio
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct, structs

from hearback.asking import queries as asking
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.themes.desk.asked import (
    BESIDE,
    CHIPS,
    LONGEST,
    NOWHERE,
    UNSORTED,
    SearchForm,
    State,
    place_in,
    query_of,
    sought_in,
    wanted_of,
)
from hearback.themes.finding import Span, holding, marked, pieces, worth_comparing
from hearback.themes.held_vectors import HELD
from hearback.themes.likeness import most_alike
from hearback.themes.queries import excerpts, life
from hearback.themes.queries import searching as queries
from hearback.trust.masking import Extract, extract
from hearback.web.forms import read_form
from hearback.web.pages import PAGES, show, wants_fragment
from hearback.web.typed import Typed, one, parse_urlencoded

A_PAGE = 20
DONE = ("moved_many", "set_aside", "undone", "kept", "dropped")
CAN_BE_UNDONE_FOR = timedelta(days=1)
PAGES.filters["marked"] = marked


class Piece(Struct, frozen=True):
    """A part of an answer. shown: its words, masked as they are in the whole.

    point: the excerpt it is, or None for what stands between. times: so often the answer says it in this wording and
    it lies at the same place; the first stands for all.
    """

    words: str
    shown: Extract
    point: queries.Point | None
    times: int = 1

    @property
    def alike(self) -> Hashable:
        """Pieces of one answer for which this is the same are shown as one."""
        if self.point is None:
            return self.words
        return (self.point.wording, self.point.lies) if self.point.wording is not None else self.point.excerpt


class Hit(Struct, frozen=True):
    """A response that was found, with all it says in words."""

    about: queries.About
    pieces: list[Piece]

    @property
    def sorted(self) -> bool:
        """Whether any of it is an excerpt, which can be moved by itself."""
        return any(piece.point for piece in self.pieces)


class Like(Struct, frozen=True):
    """What others are compared with. compared: so many were, the newest, where there are more; 0 for all.

    unread: it has no vector yet.
    """

    words: str
    language: str
    compared: int
    unread: bool


class Found(Struct, frozen=True):
    """counted: one more than COUNTED_UP_TO where there are more. near: slips were forgiven, asked for or not."""

    hits: list[Hit]
    counted: int
    older: str | None
    marks: set[str]
    near: bool
    only_fillers: bool
    like: Like | None = None


class Chip(Struct, frozen=True):
    """A part of the search that can be taken away. value: its words; for some kinds their key."""

    kind: str
    value: str
    without: str


@get("/search", may=Right.READ)
async def search(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = parse_urlencoded(request.scope["query_string"])
    try:
        form = read_form(SearchForm, typed, beside=BESIDE)
    except Refused as refusal:
        return await show_search(request, desk, SearchForm(), typed, refusal=refusal)
    return await show_search(request, desk, form, typed)


async def show_search(
    request: HTMXRequest,
    desk: Desk,
    form: SearchForm,
    typed: Typed,
    *,
    refusal: Refused | None = None,
    not_kept: Refused | None = None,
) -> Response[Any]:
    """Raises NotFound for a question, theme or excerpt that is not there.

    refusal: why there is nothing to search for; not_kept: why this search was not saved.
    """
    company_id = desk.company.id
    done, n = one(typed, "done"), one(typed, "n")
    questions, undo, targets, views = await asyncio.gather(
        asking.questions(company_id),
        undoable(desk),
        queries.targets(company_id, reader=desk.words.lang),
        queries.views(company_id, desk.member.id),
    )
    titles = {one.id: one.title for one in questions}
    names = {str(one.id): one.name for one in targets}
    if (form.question and form.question not in titles) or (
        form.lies and form.lies not in (UNSORTED, NOWHERE) and form.lies not in names
    ):
        raise NotFound
    found = None
    if refusal is None:
        found = await (_alike(desk, form, form.like) if form.like else _found(desk, form))
    return show(
        request,
        "themes/search",
        422 if refusal or not_kept else 200,
        form=form,
        found=found,
        chips=_chips(form, titles, names),
        whole=query_of(form, after=None),
        this=query_of(form),
        ticked=one(typed, "ticked") == "all",
        done=done if done in DONE else "",
        n=int(n) if n.isascii() and n.isdigit() and len(n) < 5 else 0,
        undo=undo,
        questions=questions,
        targets=targets,
        views=views,
        states=list(State),
        longest=LONGEST,
        up_to=queries.COUNTED_UP_TO,
        near_too=query_of(form, near="1", after=None),
        exactly=query_of(form, near=None, after=None),
        live=wants_fragment(request),
        refusal=refusal,
        not_kept=not_kept,
        typed=typed,
    )


async def undoable(desk: Desk) -> life.Event | None:
    """What this member did last with several, or in a search, as long as nothing else came after."""
    if not desk.may(Right.SORT):
        return None
    return await life.undoable(desk.company.id, desk.member.id, since=now() - CAN_BE_UNDONE_FOR)


async def _found(desk: Desk, form: SearchForm) -> Found:
    """Exactly what was typed; where that finds nothing, what is written alike."""
    company_id, words = desk.company.id, sought_in(form)
    near = form.near is not None
    asked = (
        await queries.asked_for(company_id, words.words, words.phrases, near=near) if words.indexed else None
    )
    if form.q and not (asked and asked.every) and not words.unspaced:
        return Found([], 0, None, set(), near, only_fillers=True)
    wanted = wanted_of(form, asked.every if asked else "", words.unspaced)
    counted = await queries.count(company_id, wanted)
    if not counted and asked and not near:
        near = True
        asked = await queries.asked_for(company_id, words.words, words.phrases, near=True)
        wanted = wanted_of(form, asked.every, words.unspaced)
        counted = await queries.count(company_id, wanted)
    rows = await queries.page(company_id, wanted, after=place_in(form.after), limit=A_PAGE + 1)
    hits = await hits_of(company_id, rows[:A_PAGE], reader=desk.words.lang)
    older = None
    if len(rows) > A_PAGE:
        last = hits[-1].about
        older = query_of(form, after=f"{last.day}.{last.id}")
    said = [piece.words for hit in hits for piece in hit.pieces]
    compared = worth_comparing(said, words)
    marks = await queries.hits_among(compared, asked.some, near=near) if asked and compared else set()
    return Found(hits, counted, older, marks | holding(said, words.unspaced), near, only_fillers=False)


async def _alike(desk: Desk, form: SearchForm, excerpt_id: UUID) -> Found:
    """What means the same as one excerpt, nearest first, within all other filters."""
    company_id = desk.company.id
    one, said = await asyncio.gather(
        queries.vector(company_id, excerpt_id), excerpts.chosen(company_id, [excerpt_id])
    )
    if one is None or not said:
        raise NotFound
    others = await queries.excerpts(company_id, wanted_of(form, "")) if one.vector else queries.Excerpts()
    vectors = await HELD.of(company_id, others.excerpts)
    rows = await asyncio.to_thread(most_alike, one.vector, vectors, but=others.row_of(excerpt_id))
    nearest = dict(others.pair(row) for row in rows)
    compared = len(others) - 1 if len(others) >= queries.COMPARED else 0
    like = Like(said[0].words, said[0].language, compared, unread=not one.vector)
    found = await _answers(company_id, list(dict.fromkeys(nearest.values())), reader=desk.words.lang)
    hits = [
        Hit(about, _folded(piece for piece in pieces if piece.point and piece.point.excerpt in nearest))
        for about, pieces in found
    ]
    return Found(
        hits, sum(len(hit.pieces) for hit in hits), None, set(), near=False, only_fillers=False, like=like
    )


async def hits_of(company_id: UUID, response_ids: Sequence[UUID], *, reader: str) -> list[Hit]:
    """In the order of the ids, what an answer repeats folded; reader: the language of whoever reads them."""
    found = await _answers(company_id, response_ids, reader=reader)
    return [Hit(about, _folded(pieces)) for about, pieces in found]


async def _answers(
    company_id: UUID, response_ids: Sequence[UUID], *, reader: str
) -> list[tuple[queries.About, list[Piece]]]:
    about, points = await asyncio.gather(
        queries.about(company_id, response_ids), queries.points(company_id, response_ids, reader=reader)
    )
    said: dict[UUID, list[Piece]] = {}
    for _, of in groupby(points, lambda point: point.answer):
        answer = list(of)
        said.setdefault(answer[0].response, []).extend(_pieces(answer))
    return [(about[one], said.get(one, [])) for one in response_ids if one in about]


def _folded(pieces: Iterable[Piece]) -> list[Piece]:
    """The first of each wording, with how often it is said."""
    alike: dict[Hashable, list[Piece]] = {}
    for piece in pieces:
        alike.setdefault(piece.alike, []).append(piece)
    return [structs.replace(same[0], times=len(same)) for same in alike.values()]


def _pieces(answer: list[queries.Point]) -> list[Piece]:
    """answer: its points in their order."""
    by_excerpt, said = {point.excerpt: point for point in answer}, answer[0].words
    spans = [Span(point.excerpt, point.starts, point.ends) for point in answer]
    return [
        Piece(
            said[one.starts : one.ends],
            extract(said, one.starts, one.ends),
            by_excerpt[one.excerpt] if one.excerpt else None,
        )
        for one in pieces(said, spans)
    ]


def _chips(form: SearchForm, titles: Mapping[UUID, str], names: Mapping[str, str]) -> list[Chip]:
    values = {
        "q": form.q,
        "like": str(form.like or ""),
        "question": titles.get(form.question, "") if form.question else "",
        "lies": names.get(form.lies, form.lies) if form.lies else "",
        "state": form.state.value if form.state is not State.COUNTS else "",
        "channel": form.channel.value if form.channel else "",
        "language": form.language or "",
        "first": form.first.isoformat() if form.first else "",
        "last": form.last.isoformat() if form.last else "",
    }
    usual = {"state": State.COUNTS}
    return [
        Chip(kind, values[kind], query_of(form, **{kind: usual.get(kind), "after": None}))
        for kind in CHIPS
        if values[kind]
    ]


HANDLERS = [search]
