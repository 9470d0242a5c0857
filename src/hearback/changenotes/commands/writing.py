"""A draft: begun, saved, thrown away."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hearback.changenotes import queries
from hearback.changenotes.commands.linking import link
from hearback.changenotes.commands.locking import draft_to_change
from hearback.changenotes.forms import NoteForm
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import NoteKind
from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.people.rules import Language
from hearback.refusals import Refused
from hearback.web.live import tell

SITTING = timedelta(hours=1)


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


async def save_note(
    company_id: UUID, note_id: UUID, form: NoteForm, *, by: Member, now: datetime, quietly: bool = False
) -> int:
    """Write the draft down; gives its new version. quietly: while it is written, not because somebody said so; then
    the first of an hour stands in the audit, and other pages are not disturbed by the others.

    What is changed is for nobody's earlier yes: who was asked to let it out is asked anew, and its hour is off.

    Raises NotFound; Refused for a note that is public; SavedMeanwhile when somebody else was quicker.
    """
    async with transaction():
        note = await draft_to_change(company_id, note_id)
        if note.version != form.version:
            raise SavedMeanwhile("note.saved-meanwhile")
        await people.member(company_id, form.signed_by)
        changed = _differs(note, form)
        mandate = await queries.mandate(company_id) if form.topic is not None else None
        if form.repeats:
            await _must_be_a_mistake_we_admitted(company_id, form.repeats)
        await execute(
            """update note n set kind = $3, language = $4, signed_by = $5, draft = $6, repeats = $7,
                      version = version + 1, topic = $8, mandate = $9,
                      saved_by = case when $10 then $11 else saved_by end,
                      saved_at = case when $10 then $12 else saved_at end,
                      asked_at = case when $10 then null else asked_at end,
                      goes_out_at = case when $10 then null else goes_out_at end,
                      goes_out_by = case when $10 then null else goes_out_by end
               where company = $1 and id = $2""",
            company_id,
            note_id,
            form.kind.value,
            form.language.value,
            form.signed_by,
            msgspec.json.encode(form.fields | {"stays": form.stays}).decode(),
            form.repeats,
            form.topic if mandate else None,
            mandate.id if mandate else None,
            changed,
            by.id,
            now,
        )
        await link(company_id, note_id, "themes", form.themes)
        await link(company_id, note_id, "actions", form.actions)
        await link(company_id, note_id, "quotes", form.quotes)
        await link(company_id, note_id, "questions", form.questions)
        if not quietly or note.saved_by != by.id or not note.saved_at or now - note.saved_at > SITTING:
            await note_down(company_id, "note.saved", by=by.id, now=now, subject=note_id)
            await tell(company_id, "desk")
    return note.version + 1


def _differs(note: Draft, form: NoteForm) -> bool:
    """Whether the form says anything else than what was saved last."""
    head = (note.kind, note.language, note.signer.id, note.repeats)
    if head != (form.kind, form.language, form.signed_by, form.repeats):
        return True
    said = {name: getattr(note.said, name) for name in form.fields}
    if said != form.fields or note.quotes != form.quotes:
        return True
    links = ((note.themes, form.themes), (note.actions, form.actions), (note.questions, form.questions))
    return any(set(saved) != set(chosen) for saved, chosen in links)


async def seen_writing(company_id: UUID, note_id: UUID, *, by: Member, now: datetime) -> None:
    """So that others at the same draft, or at the same theme, know of it."""
    await execute(
        """insert into note_writer (id, company, note, member, seen_at) values ($1, $2, $3, $4, $5)
           on conflict (company, note, member) do update set seen_at = excluded.seen_at""",
        new_id(),
        company_id,
        note_id,
        by.id,
        now,
    )


async def _must_be_a_mistake_we_admitted(company_id: UUID, note_id: UUID) -> None:
    if not await fetch_value(
        """select exists (select from note where company = $1 and id = $2 and kind = 'mistake'
                          and state <> 'draft')""",
        company_id,
        note_id,
    ):
        raise Refused("form.not-a-choice", field="repeats")


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
