"""What becomes of a note: written, sent out, corrected, taken back. Once public, it never changes silently."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from hearback.actions.queries import done_actions
from hearback.asking.rules import slug_of
from hearback.changenotes import queries
from hearback.changenotes.forms import CorrectionForm, NoteForm, WithdrawalForm
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import (
    DidState,
    NoteKind,
    NoteState,
    RevisionKind,
    Standing,
    missing_fields,
    needs_leadership,
    what_is_said,
    why_not_publish,
)
from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many, fetch_value, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.people.rules import Language
from hearback.promises.commands import keep_promise, keep_replies, make_promise
from hearback.promises.rules import PromiseKind
from hearback.refusals import Faulty, Refused
from hearback.themes.queries import theme_labels, voices
from hearback.web.live import tell
from hearback.words.speaking import words_for

# The days that a note names become promises that time watches.
PROMISES = {
    "repair_by": PromiseKind.REPAIR,
    "look_again": PromiseKind.LOOK_AGAIN,
    "follow_up": PromiseKind.LOOK_AGAIN,
    "next_word": PromiseKind.NEXT_WORD,
}


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
        await _link_themes(company_id, note_id, themes)
        await _link_questions(company_id, note_id, questions)
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
        await _lock(company_id, note_id)
        note = await queries.draft(company_id, note_id)
        if not note.is_draft:
            raise Refused("note.is-public")
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
        await _link_themes(company_id, note_id, form.themes)
        await _link_actions(company_id, note_id, form.actions)
        await _link_quotes(company_id, note_id, form.quotes)
        await _link_questions(company_id, note_id, form.questions)
        await note_down(company_id, "note.saved", by=by.id, now=now, subject=note_id)
        await tell(company_id, "desk")
    return note.version + 1


async def discard_note(company_id: UUID, note_id: UUID, *, by: Member, now: datetime) -> None:
    """Throw a draft away. Raises NotFound; Refused for what is public: that stays."""
    async with transaction():
        await _lock(company_id, note_id)
        note = await queries.draft(company_id, note_id)
        if not note.is_draft:
            raise Refused("note.is-public")
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


async def why_not(company: Company, note: Draft, *, now: datetime) -> list[Refused]:
    """Every reason why the draft as it was saved cannot go out."""
    signer = await people.member(company.id, note.signer.id)
    labels = await theme_labels(company.id, note.themes)
    return why_not_publish(
        Standing(
            kind=NoteKind(note.kind),
            texts=note.said.texts,
            days=note.said.days,
            themes=sum(label.named for label in labels),
            voices=await voices(company.id, note.themes),
            fewest_voices=company.fewest_voices,
            lifted=any(label.weight_reason for label in labels),
            done_actions=await done_actions(company.id, note.actions),
            unquotable=await queries.unquotable(company.id, note.themes, note.quotes),
            signer_titled=bool(signer.role_title),
            signer_has_face=signer.face_digest is not None,
            signer_leads=signer.leads,
            signer_active=signer.active,
            today=day_in(company.timezone, now),
        )
    )


async def publish_note(company: Company, note_id: UUID, *, by: Member, now: datetime) -> str:
    """Make a note public, for good: from here on it is corrected, never edited. Gives its slug.

    With it its days become promises, and the questions it answers get their promised reply.
    Raises NotFound; Faulty with every reason against it, and nothing happens then.
    """
    async with transaction():
        await _lock(company.id, note_id)
        note = await queries.draft(company.id, note_id)
        if not note.is_draft:
            raise Refused("note.is-public")
        reasons = await why_not(company, note, now=now)
        if reasons:
            raise Faulty(reasons)
        slug = await _free_slug(company.id, note.said.title)
        # Before it is public: from then on the database lets nobody change it.
        await execute(
            """update note set slug = $3, state = 'published', published_at = $4, draft = '{}'
               where company = $1 and id = $2""",
            company.id,
            note_id,
            slug,
            now,
        )
        kind = NoteKind(note.kind)
        await _write_revision(
            company.id,
            note_id,
            1,
            RevisionKind.PUBLISHED,
            what_is_said(kind, note.said.texts, note.said.days),
            by=by,
            now=now,
        )
        await _make_promises(company, note, by=by, now=now)
        await _keep_promises(company, note, by=by, now=now)
        await note_down(
            company.id, "note.published", by=by.id, now=now, subject=note_id, after={"title": note.said.title}
        )
        await _tell_all(company.id)
    return slug


async def correct_note(
    company_id: UUID, note_id: UUID, form: CorrectionForm, *, by: Member, now: datetime
) -> None:
    """A new revision with a reason; the old one stays readable, and so does what changed.

    Raises NotFound; Refused for a draft or a withdrawn note, for one that says the same, and for missing words;
    SavedMeanwhile when there is a newer revision than the one corrected.
    """
    async with transaction():
        await _lock(company_id, note_id)
        note = await queries.draft(company_id, note_id)
        if note.state != NoteState.PUBLISHED:
            raise Refused("note.not-correctable")
        if note.revision != form.number:
            raise SavedMeanwhile("note.corrected-meanwhile")
        kind = NoteKind(note.kind)
        texts = note.said.texts | form.words_of(kind)
        after = what_is_said(kind, texts, note.said.days)
        if after == what_is_said(kind, note.said.texts, note.said.days):
            raise Refused("note.nothing-corrected")
        reasons = missing_fields(kind, texts, note.said.days)
        if needs_leadership(kind, texts) and not by.leads:
            signer = await people.member(company_id, note.signer.id)
            if not signer.leads:
                reasons.append(Refused("note.leadership-signs", field="cause_kind"))
        if reasons:
            raise Faulty(reasons)
        number = note.revision + 1
        await _write_revision(
            company_id, note_id, number, RevisionKind.CORRECTED, after, by=by, now=now, reason=form.why
        )
        await note_down(
            company_id, "note.corrected", by=by.id, now=now, subject=note_id, after={"number": number}
        )
        await _tell_all(company_id)


async def withdraw_note(
    company_id: UUID, note_id: UUID, form: WithdrawalForm, *, by: Member, now: datetime
) -> None:
    """Take back what was said, with the reason; both stay in public. Raises NotFound; Refused unless it is out."""
    async with transaction():
        await _lock(company_id, note_id)
        note = await queries.draft(company_id, note_id)
        if note.state != NoteState.PUBLISHED:
            raise Refused("note.not-correctable")
        await execute(
            "update note set state = 'withdrawn' where company = $1 and id = $2", company_id, note_id
        )
        number = note.revision + 1
        await _write_revision(
            company_id, note_id, number, RevisionKind.WITHDRAWN, [], by=by, now=now, reason=form.why
        )
        await note_down(company_id, "note.withdrawn", by=by.id, now=now, subject=note_id)
        await _tell_all(company_id)


async def _lock(company_id: UUID, note_id: UUID) -> None:
    """Whoever comes second waits, and then sees what the first one did."""
    await fetch_value("select id from note where company = $1 and id = $2 for update", company_id, note_id)


async def _write_revision(
    company_id: UUID,
    note_id: UUID,
    number: int,
    kind: RevisionKind,
    fields: list[tuple[str, str, date | None]],
    *,
    by: Member,
    now: datetime,
    reason: str = "",
) -> None:
    revision_id = new_id()
    await execute(
        """insert into revision (id, company, note, number, kind, reason, by, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        revision_id,
        company_id,
        note_id,
        number,
        kind.value,
        reason,
        by.id,
        now,
    )
    await execute_many(
        "insert into note_field (id, company, revision, name, words, until) values ($1, $2, $3, $4, $5, $6)",
        [(new_id(), company_id, revision_id, name, words, until) for name, words, until in fields],
    )


async def _make_promises(company: Company, note: Draft, *, by: Member, now: datetime) -> None:
    said, kind = note.said, NoteKind(note.kind)
    fields = {name for name, _, _ in what_is_said(kind, said.texts, said.days)}
    days = [(name, promised, said.days[name]) for name, promised in PROMISES.items() if name in fields]
    if kind is NoteKind.MISTAKE and said.did_state is DidState.OPEN and said.did_on:
        days.append(("did_on", PromiseKind.REPAIR, said.did_on))
    speak = words_for(note.language, company.address, company.timezone)
    for name, promised, day in days:
        await make_promise(
            company.id,
            promised,
            speak.say(f"note.promise.{name}", title=said.title),
            day,
            by=by.id,
            now=now,
            note=note.id,
        )


async def _keep_promises(company: Company, note: Draft, *, by: Member, now: datetime) -> None:
    """A word to the questions keeps the promised reply, unless it only holds the line; any word is a next word."""
    today = day_in(company.timezone, now)
    if note.kind != NoteKind.HOLDING:
        await keep_replies(company.id, note.questions, by=by.id, today=today)
    for promise_id in await queries.next_words_due(company.id, note.id):
        await keep_promise(company.id, promise_id, by=by.id, today=today)


async def _free_slug(company_id: UUID, title: str) -> str:
    base = slug_of(title)
    taken = await queries.slugs_like(company_id, base)
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


async def _link_themes(company_id: UUID, note_id: UUID, ids: list[UUID]) -> None:
    await execute("delete from note_theme where company = $1 and note = $2", company_id, note_id)
    linked = await execute(
        """insert into note_theme (id, company, note, theme)
           select gen_random_uuid(), $1, $2, id from theme where company = $1 and id = any($3)""",
        company_id,
        note_id,
        ids,
    )
    _all_known(linked, ids, "themes")


async def _link_actions(company_id: UUID, note_id: UUID, ids: list[UUID]) -> None:
    await execute("delete from note_action where company = $1 and note = $2", company_id, note_id)
    linked = await execute(
        """insert into note_action (id, company, note, action)
           select gen_random_uuid(), $1, $2, id from action where company = $1 and id = any($3)""",
        company_id,
        note_id,
        ids,
    )
    _all_known(linked, ids, "actions")


async def _link_quotes(company_id: UUID, note_id: UUID, ids: list[UUID]) -> None:
    await execute("delete from note_quote where company = $1 and note = $2", company_id, note_id)
    linked = await execute(
        """insert into note_quote (id, company, note, excerpt, position)
           select gen_random_uuid(), $1, $2, id, array_position($3, id) from excerpt
           where company = $1 and id = any($3)""",
        company_id,
        note_id,
        ids,
    )
    _all_known(linked, ids, "quotes")


async def _link_questions(company_id: UUID, note_id: UUID, ids: list[UUID]) -> None:
    await execute("delete from note_question where company = $1 and note = $2", company_id, note_id)
    linked = await execute(
        """insert into note_question (id, company, note, question)
           select gen_random_uuid(), $1, $2, id from question
           where company = $1 and id = any($3) and state <> 'draft'""",
        company_id,
        note_id,
        ids,
    )
    _all_known(linked, ids, "questions")


def _all_known(linked: int, ids: list[UUID], field: str) -> None:
    """Raises Refused when one of them is not this company's: nothing is chosen silently less."""
    if linked != len(set(ids)):
        raise Refused("form.not-a-choice", field=field)


async def _tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
