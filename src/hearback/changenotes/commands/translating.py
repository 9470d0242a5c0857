"""A note in another language, by hand: in work beside a draft or what is out, and out beside the original.

What is out in another language is only ever added to.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.changenotes import queries
from hearback.changenotes.commands.locking import note_to_correct, note_to_translate
from hearback.changenotes.commands.revising import repeating, tell_all
from hearback.changenotes.commands.writing import SavedMeanwhile
from hearback.changenotes.forms import TranslationForm
from hearback.changenotes.queries import Draft, InWork
from hearback.changenotes.rules import NoteKind, whose_words
from hearback.changenotes.translating import changed_since, said_otherwise, seen, to_translate, untranslated
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.ledger.commands import record
from hearback.ledger.rules import Kind
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Faulty, Refused
from hearback.web.live import tell


class Along(Struct, frozen=True):
    """A language in which a draft may go out with its original. work: what there is of it; missing, behind: fields
    that are not translated yet, or that the original says otherwise by now; against: what else keeps it back."""

    language: str
    work: InWork | None
    missing: list[str]
    behind: list[str]
    against: list[Refused]

    @property
    def goes(self) -> bool:
        return self.work is not None and not (self.missing or self.behind or self.against)


async def along(company: Company, note: Draft) -> list[Along]:
    """Each language that the company speaks, but the draft's own."""
    kind, original = NoteKind(note.kind), note.said.texts
    there = {one.language: one for one in await queries.in_work(company.id, note.id)}
    found = []
    for language in company.languages:
        if language == note.language:
            continue
        work = there.get(language)
        told = _told(kind, original, work.texts) if work else {}
        missing = [one.field for one in untranslated(kind, original, told)]
        behind = changed_since(kind, original, work.then) if work else []
        against = await _against(company, note, told) if work and not missing else []
        found.append(Along(language, work, missing, behind, against))
    return found


async def save_translation(
    company: Company, note_id: UUID, form: TranslationForm, *, by: Member, now: datetime
) -> None:
    """For the house; nothing of it is out. Fields may be empty still. Beside a draft it is for nobody's earlier yes.

    Raises NotFound; Refused for a withdrawn note and a language that is none of the others; SavedMeanwhile when the
    original says something else than the translator had before them, or somebody else translated meanwhile.
    """
    async with transaction():
        note = await note_to_translate(company.id, note_id)
        _must_be_another(company, note, form)
        kind, original = NoteKind(note.kind), note.said.texts
        if form.seen != seen(kind, original):
            raise SavedMeanwhile("note.original-changed")
        before = next(
            (one for one in await queries.in_work(company.id, note_id) if one.language == form.language), None
        )
        if form.version != (before.version if before else 0):
            raise SavedMeanwhile("note.translated-meanwhile")
        told = _told(kind, original, form.texts)
        then = {name: original[name].strip() for name in told if told[name]}
        await execute(
            """insert into translation_draft (id, company, note, language, fields, original, version, by, at)
               values ($1, $2, $3, $4, $5, $6, 1, $7, $8)
               on conflict (company, note, language) do update
               set fields = excluded.fields, original = excluded.original, by = excluded.by, at = excluded.at,
                   version = translation_draft.version + 1""",
            new_id(),
            company.id,
            note_id,
            form.language.value,
            msgspec.json.encode((before.texts if before else {}) | told).decode(),
            msgspec.json.encode(then).decode(),
            by.id,
            now,
        )
        await execute(
            """update note set asked_at = null, goes_out_at = null, goes_out_by = null
               where company = $1 and id = $2 and state = 'draft'""",
            company.id,
            note_id,
        )
        await note_down(
            company.id,
            "note.translation-saved",
            by=by.id,
            now=now,
            subject=note_id,
            after={"language": form.language},
        )
        await tell(company.id, "desk")


async def send_along(company: Company, note: Draft, *, now: datetime) -> None:
    """With a draft that goes out, within its transaction: the translations that say what it says."""
    kind = NoteKind(note.kind)
    for one in await along(company, note):
        if one.goes and one.work:
            told = _told(kind, note.said.texts, one.work.texts)
            await _add(company.id, note.id, one.language, 1, told, by=one.work.member, now=now)


async def translate_note(
    company: Company, note_id: UUID, form: TranslationForm, *, by: Member, now: datetime
) -> None:
    """Public at once, beside the original, which stays the one that counts.

    Raises NotFound; Refused for a draft, a withdrawn note, its own language or one that the company does not speak, and
    where nothing is new; SavedMeanwhile when the original was corrected since; Faulty with all that is missing.
    """
    async with transaction():
        note = await note_to_correct(company.id, note_id)
        _must_be_another(company, note, form)
        if form.number != note.revision:
            raise SavedMeanwhile("note.corrected-meanwhile")
        kind = NoteKind(note.kind)
        told = _told(kind, note.said.texts, form.texts)
        before = [
            one for one in await queries.translations(company.id, note_id) if one.language == form.language
        ]
        if before and (before[0].texts, before[0].of_number) == (told, form.number):
            raise Refused("note.nothing-corrected")
        reasons = untranslated(kind, note.said.texts, told) + await _against(company, note, told)
        if reasons:
            raise Faulty(reasons)
        await _add(company.id, note_id, form.language.value, form.number, told, by=by.id, now=now)
        await tell_all(company.id)


async def _add(
    company_id: UUID,
    note_id: UUID,
    language: str,
    number: int,
    told: dict[str, str],
    *,
    by: UUID,
    now: datetime,
) -> None:
    """Out from here on. What was in work has become it."""
    translation_id = new_id()
    await execute(
        """insert into note_translation (id, company, note, language, of_number, fields, by, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        translation_id,
        company_id,
        note_id,
        language,
        number,
        msgspec.json.encode(told).decode(),
        by,
        now,
    )
    await execute(
        "delete from translation_draft where company = $1 and note = $2 and language = $3",
        company_id,
        note_id,
        language,
    )
    await record(
        company_id,
        Kind.REVISED,
        translation_id,
        told,
        now=now,
        of=note_id,
        figures={"number": number},
    )
    await note_down(
        company_id,
        "note.translated",
        by=by,
        now=now,
        subject=note_id,
        after={"language": language, "number": number},
    )


def _must_be_another(company: Company, note: Draft, form: TranslationForm) -> None:
    if form.language == note.language or form.language not in company.languages:
        raise Refused("form.not-a-choice", field="language")


def _told(kind: NoteKind, original: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    return {name: texts.get(name, "").strip() for name in to_translate(kind, original)}


async def _against(company: Company, note: Draft, told: Mapping[str, str]) -> list[Refused]:
    """What another language may not say either: a fan's words, what is covered, less than the original owns up to."""
    kind = NoteKind(note.kind)
    days: Mapping[str, date] = note.said.days
    names = await queries.colleagues(company.id, note.signer.id)
    return said_otherwise(kind, note.said.texts, days, told, names) + whose_words(
        await repeating(company, note.themes, told)
    )
