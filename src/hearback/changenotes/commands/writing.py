"""A draft: begun, saved, thrown away."""

from datetime import datetime
from uuid import UUID

import msgspec

from hearback.changenotes.commands.linking import link
from hearback.changenotes.commands.locking import draft_to_change
from hearback.changenotes.forms import NoteForm
from hearback.changenotes.rules import (
    NoteKind,
)
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.people.rules import Language
from hearback.refusals import Refused
from hearback.web.live import tell


class SavedMeanwhile(Refused):
    """Somebody else saved the note since the writer opened it."""


async def start_note(
    company_id: UUID,
    kind: NoteKind,
    *,
    themes: list[UUID],
    questions: list[UUID],
    language: Language,
    by: Member,
    now: datetime,
) -> UUID:
    """An empty draft about these themes or questions, signed by whoever starts it."""
    note_id = new_id()
    async with transaction():
        await execute(
            """insert into note (id, company, slug, kind, language, signed_by, created_by, created_at)
               values ($1, $2, $3, $4, $5, $6, $6, $7)""",
            note_id,
            company_id,
            str(note_id),  # nobody can guess a draft's address, and it is not public anyway
            kind.value,
            language.value,
            by.id,
            now,
        )
        await link(company_id, note_id, "themes", themes)
        await link(company_id, note_id, "questions", questions)
        await note_down(
            company_id, "note.started", by=by.id, now=now, subject=note_id, after={"kind": kind.value}
        )
        await tell(company_id, "desk")
    return note_id


async def save_note(company_id: UUID, note_id: UUID, form: NoteForm, *, by: Member, now: datetime) -> int:
    """Write the draft down; gives its new version.

    Raises NotFound; Refused for a note that is public; SavedMeanwhile when somebody else was quicker.
    """
    async with transaction():
        note = await draft_to_change(company_id, note_id)
        if note.version != form.version:
            raise SavedMeanwhile("note.saved-meanwhile")
        await people.member(company_id, form.signed_by)
        await execute(
            """update note set kind = $3, language = $4, signed_by = $5, draft = $6, version = version + 1
               where company = $1 and id = $2""",
            company_id,
            note_id,
            form.kind.value,
            form.language.value,
            form.signed_by,
            msgspec.json.encode(form.fields).decode(),
        )
        await link(company_id, note_id, "themes", form.themes)
        await link(company_id, note_id, "actions", form.actions)
        await link(company_id, note_id, "quotes", form.quotes)
        await link(company_id, note_id, "questions", form.questions)
        await note_down(company_id, "note.saved", by=by.id, now=now, subject=note_id)
        await tell(company_id, "desk")
    return note.version + 1


async def discard_note(company_id: UUID, note_id: UUID, *, by: Member, now: datetime) -> None:
    """Throw a draft away. Raises NotFound; Refused for what is public: that stays."""
    async with transaction():
        note = await draft_to_change(company_id, note_id)
        await execute(
            "delete from note where company = $1 and id = $2 and state = 'draft'", company_id, note_id
        )
        await note_down(
            company_id,
            "note.discarded",
            by=by.id,
            now=now,
            subject=note_id,
            before={"title": note.said.title},
        )
        await tell(company_id, "desk")
