"""The company's notes: written on the eve, published by somebody who has read the voices, and corrected later."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import convert

from hearback.changenotes import commands as changenotes
from hearback.changenotes.forms import CorrectionForm, NoteForm
from hearback.changenotes.queries import draft
from hearback.clock import day_in
from hearback.database.engine import fetch_value
from hearback.demo.stage import Stage
from hearback.demo.story import CorrectionTold, NoteTold
from hearback.people.rules import Language
from hearback.refusals import NotFound
from hearback.themes import commands as themes
from hearback.themes.queries import voices, voices_to_hear
from hearback.words.speaking import words_for

IN_WORDS = (
    "keiner",
    "eine",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
)


async def publish(on: Stage, told: NoteTold) -> None:
    writer, publisher = on.cast.people[told.by], on.cast.people[told.published_by]
    eve, now = on.cast.moment(told.day - 1), on.cast.moment(told.day)
    linked = [on.themes[key] for key in told.themes]
    questions = [await _question(on, slug) for slug in told.questions]
    note = await changenotes.start_note(
        on.company.id,
        told.kind,
        themes=linked,
        questions=questions,
        language=Language.DE,
        by=writer,
        now=eve,
    )
    links = {
        "themes": linked,
        "actions": [on.actions[key] for key in told.actions],
        "quotes": [await _quote(on, answer, linked) for answer in told.quotes],
        "questions": questions,
    }
    signer = on.cast.people[told.signed_by].id
    head = {"version": 1, "kind": told.kind, "language": Language.DE, "signed_by": signer}
    said = await _said(on, told, told.texts) | _days(on, told)
    form = convert(head | links | said, NoteForm)
    await changenotes.save_note(on.company.id, note, form, by=writer, now=eve)
    heard = [voice.excerpt for voice in await voices_to_hear(on.company.id, linked)]
    today = day_in(on.company.timezone, now)
    await themes.voices_shown(on.company.id, heard, to=publisher.id, on=today)
    await changenotes.publish_note(on.company, note, by=publisher, now=now)
    on.notes[told.key] = note


async def correct(on: Stage, told: NoteTold, correction: CorrectionTold) -> None:
    note = on.notes[told.key]
    public = await draft(on.company.id, note)
    before = {name: text for name, text in public.said.texts.items() if text}
    said = before | public.said.days | await _said(on, told, correction.texts)
    form = convert({"number": public.revision, "why": correction.why} | said, CorrectionForm)
    by, now = on.cast.people[correction.by], on.cast.moment(correction.day)
    await changenotes.correct_note(on.company, note, form, by=by, now=now)


async def _said(on: Stage, told: NoteTold, texts: dict[str, str]) -> dict[str, object]:
    """The texts with their numbers and days: how many people stand behind it is counted, not told."""
    n = await voices(on.company.id, [on.themes[key] for key in told.themes])
    word = IN_WORDS[n] if n < len(IN_WORDS) else str(n)
    speak = words_for("de", on.company.address, on.company.timezone)
    values = {name: speak.date(day) for name, day in _days(on, told).items()}
    values |= {"voices": str(n), "voices_in_words": word, "Voices_in_words": word.capitalize()}
    return {name: text.format(**values) for name, text in texts.items()}


def _days(on: Stage, told: NoteTold) -> dict[str, date]:
    return {name: on.cast.day(days) for name, days in told.days.items()}


async def _question(on: Stage, slug: str) -> UUID:
    found: UUID = await fetch_value(
        "select id from question where company = $1 and slug = $2", on.company.id, slug
    )
    return found


async def _quote(on: Stage, answer: str, linked: Sequence[UUID]) -> UUID:
    """The first excerpt of the answer in one of these themes."""
    found: UUID | None = await fetch_value(
        """select e.id from response r
           join excerpt e on e.company = r.company and e.response = r.id
           join placement p on p.company = e.company and p.excerpt = e.id
           join theme t on t.company = p.company and t.id = p.theme
           where r.company = $1 and r.external_id = $2 and t.heir = any($3) order by e.starts limit 1""",
        on.company.id,
        answer,
        linked,
    )
    if found is None:
        raise NotFound
    return found
