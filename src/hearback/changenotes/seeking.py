"""Notes that hold the words somebody typed, and where: the words themselves first, then inside of longer ones, then
what is written nearly so."""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from hearback.changenotes.queries import LogEntry
from hearback.changenotes.queries.seeking import Passage, found, holding, passages
from hearback.changenotes.rules import FIELDS, NoteKind, NoteState
from hearback.changenotes.wanted import Wanted
from hearback.people.queries import Company
from hearback.themes.finding import WORD, Sought, marked, sought, worth_comparing
from hearback.themes.finding import holding as words_holding
from hearback.themes.queries.searching import Asked, asked_for, hits_among
from hearback.web.markdown import markdown

BEFORE, AFTER = 80, 160  # signs around the first hit


class Found(Struct, frozen=True):
    """ids: best first. near: nothing holds the words as they were typed."""

    ids: list[UUID]
    typed: Sought
    asked: Asked
    inside: bool = False
    near: bool = False


class Hit(Struct, frozen=True):
    """An entry, with what it says around the words. where: the field, empty where its title alone holds them."""

    entry: LogEntry
    title: Markup
    title_language: str
    where: str
    passage: Markup
    language: str


async def all_words(company: Company, wanted: Wanted) -> list[str] | None:
    """The words as the index knows them, each; None where nothing that was typed is a word."""
    typed = sought(wanted.words)
    asked = await asked_for(company.id, typed.words, typed.phrases, near=False)
    return asked.each or None


async def seek(company: Company, wanted: Wanted, *, skip: int, limit: int) -> Found:
    typed = sought(wanted.words)
    asked = await asked_for(company.id, typed.words, typed.phrases, near=False)
    if not asked.each:
        return Found([], typed, asked)
    ids = await found(company, wanted, each=asked.each, best_first=True, skip=skip, limit=limit)
    if ids or (skip and await found(company, wanted, each=asked.each, limit=1)):
        return Found(ids, typed, asked)
    within = [] if typed.phrases else await holding(company.id, typed.words)
    ids = await found(company, wanted, each=[], only=within, skip=skip, limit=limit) if within else []
    if ids:
        return Found(ids, typed, asked, inside=True)
    asked = await asked_for(company.id, typed.words, typed.phrases, near=True)
    ids = await found(company, wanted, each=asked.each, best_first=True, skip=skip, limit=limit)
    return Found(ids, typed, asked, near=True)


async def hits(company: Company, what: Found, entries: Iterable[LogEntry], lang: str) -> list[Hit]:
    """In the order in which they were found."""
    shown = {entry.id: entry for entry in entries}
    said = await passages(company.id, list(shown))
    texts = [one.words for one in said]
    if what.inside:
        marks = words_holding(texts, what.typed.words)
    else:
        marks = await hits_among(worth_comparing(texts, what.typed), what.asked.some, near=what.near)
    by_note = {note: list(of) for note, of in groupby(sorted(said, key=_of_note), key=_of_note)}
    return [_hit(shown[id_], by_note.get(id_, []), marks, lang) for id_ in what.ids if id_ in shown]


def _of_note(passage: Passage) -> UUID:
    return passage.note


def _hit(entry: LogEntry, said: list[Passage], marks: set[str], lang: str) -> Hit:
    """In the reader's language where it holds the words too; of a withdrawn note only its title is shown."""
    told = entry.told(lang)
    place = {name: at for at, name in enumerate(FIELDS[NoteKind(entry.kind)])}
    holds = sorted(
        (
            one
            for one in said
            if one.name != "title" and entry.state != NoteState.WITHDRAWN and _at(one.words, marks)
        ),
        key=lambda one: (
            one.language != lang,
            one.language != entry.language,
            place.get(one.name, len(place)),
        ),
    )
    first = next(iter(holds), None)
    return Hit(
        entry=entry,
        title=marked(told.title, marks),
        title_language=told.language,
        where=first.name if first else "",
        passage=around(first.words, marks) if first else Markup(""),
        language=first.language if first else told.language,
    )


def around(words: str, marks: set[str]) -> Markup:
    """The words around the first hit, without the marks of Markdown; each hit stands out."""
    plain = markdown(words).striptags()
    at = _at(plain, marks) or (0, 0)
    start = plain.rfind(" ", 0, max(0, at[0] - BEFORE)) + 1 if at[0] > BEFORE else 0
    end = plain.find(" ", at[1] + AFTER)
    cut = plain[start:] if end < 0 else plain[start:end]
    return Markup("{}{}{}").format("… " if start else "", marked(cut, marks), " …" if end >= 0 else "")


def _at(text: str, marks: set[str]) -> tuple[int, int] | None:
    """Where the first word stands that is marked."""
    return next((found.span() for found in WORD.finditer(text) if found.group().lower() in marks), None)
