"""A note in another language, by hand; what is out in it is only ever added to."""

from datetime import datetime
from uuid import UUID

import msgspec

from hearback.changenotes import queries
from hearback.changenotes.commands.locking import note_to_correct
from hearback.changenotes.commands.revising import repeating, tell_all
from hearback.changenotes.commands.writing import SavedMeanwhile
from hearback.changenotes.forms import TranslationForm
from hearback.changenotes.rules import NoteKind, whose_words
from hearback.changenotes.translating import to_translate, untranslated
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.ledger.commands import record
from hearback.ledger.rules import Kind
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Faulty, Refused


async def translate_note(
    company: Company, note_id: UUID, form: TranslationForm, *, by: Member, now: datetime
) -> None:
    """Public at once, beside the original, which stays the one that counts.

    Raises NotFound; Refused for a draft, a withdrawn note, its own language or one that the company does not speak, and
    where nothing is new; SavedMeanwhile when the original was corrected since; Faulty with all that is missing.
    """
    async with transaction():
        note = await note_to_correct(company.id, note_id)
        if form.language == note.language or form.language not in company.languages:
            raise Refused("form.not-a-choice", field="language")
        if form.number != note.revision:
            raise SavedMeanwhile("note.corrected-meanwhile")
        kind = NoteKind(note.kind)
        told = {name: form.texts[name].strip() for name in to_translate(kind, note.said.texts)}
        before = [
            one for one in await queries.translations(company.id, note_id) if one.language == form.language
        ]
        if before and (before[0].texts, before[0].of_number) == (told, form.number):
            raise Refused("note.nothing-corrected")
        reasons = untranslated(kind, note.said.texts, told)
        reasons += whose_words(await repeating(company, note.themes, told))
        if reasons:
            raise Faulty(reasons)
        translation_id = new_id()
        await execute(
            """insert into note_translation (id, company, note, language, of_number, fields, by, at)
               values ($1, $2, $3, $4, $5, $6, $7, $8)""",
            translation_id,
            company.id,
            note_id,
            form.language.value,
            form.number,
            msgspec.json.encode(told).decode(),
            by.id,
            now,
        )
        await record(
            company.id,
            Kind.REVISED,
            translation_id,
            told,
            now=now,
            of=note_id,
            figures={"number": form.number},
        )
        await note_down(
            company.id,
            "note.translated",
            by=by.id,
            now=now,
            subject=note_id,
            after={"language": form.language, "number": form.number},
        )
        await tell_all(company.id)
