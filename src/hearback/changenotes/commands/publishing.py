"""A note goes out: the reasons against it, and the promises that it makes and keeps."""

from datetime import datetime
from uuid import UUID

from hearback.actions.promising import promise_what_is_public
from hearback.actions.queries import done_actions, past_their_day
from hearback.asking.rules import slug_of
from hearback.changenotes import queries
from hearback.changenotes.commands.locking import draft_to_change
from hearback.changenotes.commands.promising import promise_days
from hearback.changenotes.commands.revising import repeating, tell_all, write_revision
from hearback.changenotes.commands.translating import send_along
from hearback.changenotes.owning import not_owned
from hearback.changenotes.queries import Draft
from hearback.changenotes.queries.logged import frame
from hearback.changenotes.rules import (
    NoteKind,
    RevisionKind,
    Standing,
    in_own_words,
    needs_leadership,
    promised_days,
    what_is_said,
    why_not_publish,
)
from hearback.clock import day_in
from hearback.database.engine import execute, lock, transaction
from hearback.jobs import do_later
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.promises.commands import keep_promise, keep_replies
from hearback.refusals import Faulty, Refused
from hearback.themes.queries import theme_labels, unheard, voices
from hearback.trust.masking import holds_personal_data


async def why_not(company: Company, note: Draft, *, now: datetime) -> list[Refused]:
    """Every reason why the draft as it was saved cannot go out."""
    signer = await people.member(company.id, note.signer.id)
    labels = await theme_labels(company.id, note.themes)
    quotes = await queries.quotable(company.id, note.themes, note.quotes)
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
            late_actions=await past_their_day(company.id, note.actions, today=day_in(company.timezone, now)),
            unquotable=len(note.quotes) - len(quotes),
            personal=sum(holds_personal_data(quote.words) for quote in quotes),
            thin=sum(quote.voices < company.fewest_voices for quote in quotes),
            repeats=await repeating(company, note.themes, in_own_words(NoteKind(note.kind), note.said.texts)),
            unowned=await _unowned(company, note),
            signer_titled=bool(signer.role_title),
            signer_has_face=signer.face_digest is not None,
            signer_leads=signer.leads,
            signer_active=signer.active,
            today=day_in(company.timezone, now),
        )
    )


async def _unowned(company: Company, note: Draft) -> list[Refused]:
    kind = NoteKind(note.kind)
    return not_owned(
        kind,
        note.said.texts,
        note.said.days,
        colleagues=await queries.colleagues(company.id, note.signer.id) if kind is NoteKind.MISTAKE else (),
        repeats=note.repeats is not None,
        holdings=await queries.holdings_in_a_row(company.id, note.id) if kind is NoteKind.HOLDING else 0,
    )


async def unheard_by(company_id: UUID, note: Draft, *, by: Member) -> list[Refused]:
    """Nobody answers a theme in public of whose people they have not read five, or all where there are fewer."""
    return [
        Refused("note.hear-first", field="voices", theme=one.name)
        for one in await unheard(company_id, by.id, note.themes, reader=by.language)
    ]


async def needs_another(company_id: UUID, note: Draft, *, by: Member) -> bool:
    """Whether leadership has to let it out, and this member is none of it; or they wrote it last, or translated it, and
    the company wants another to let such notes out."""
    if leadership_lets_out(note, by):
        return True
    if note.kind not in await queries.kinds_with_four_eyes(company_id):
        return False
    return by.id in {note.writer, *(one.member for one in await queries.in_work(company_id, note.id))}


def leadership_lets_out(note: Draft, by: Member) -> bool:
    """Whether this member must leave it to leadership: a name alone, put there by somebody else, signs nothing."""
    return needs_leadership(NoteKind(note.kind), note.said.texts) and not by.leads


def leadership_corrects(note: Draft, by: Member) -> bool:
    """Whether this member must leave it to leadership to say otherwise, or to take back, what is out in its name; what
    went out under its mandate is not."""
    return note.mandate is None and leadership_lets_out(note, by)


async def second_eyes(company_id: UUID, note: Draft, *, by: Member) -> list[Refused]:
    """Nobody lets out what leadership has to sign, or what they wrote themselves where the company wants another to;
    unless the mandate that holds covers it, which is co-signed afterwards."""
    if not await needs_another(company_id, note, by=by):
        return []
    if note.topic is None:
        why = "note.leadership-releases" if leadership_lets_out(note, by) else "note.second-eyes"
        return [Refused(why, field="topic")]
    holds = await queries.mandate(company_id)
    if holds is None or holds.id != note.mandate or note.topic >= len(holds.topics):
        return [Refused("note.mandate-changed", field="topic")]
    return []


async def publish_note(company: Company, note_id: UUID, *, by: Member, now: datetime) -> str:
    """Make a note public, for good: from here on it is corrected, never edited. Gives its slug.

    With it its days become promises, and the questions it answers get their promised reply.
    Raises NotFound; Faulty with every reason against it, and nothing happens then.
    """
    async with transaction():
        note = await draft_to_change(company.id, note_id)
        reasons = await why_not(company, note, now=now) + await unheard_by(company.id, note, by=by)
        reasons += await second_eyes(company.id, note, by=by)
        if reasons:
            raise Faulty(reasons)
        alone = await needs_another(company.id, note, by=by)
        repeats = note.repeats if note.kind == NoteKind.MISTAKE else None
        await lock(company.id, "note-addresses")
        slug = await _free_slug(company.id, note.said.title)
        # Before it is public: from then on the database lets nobody change it.
        await execute(
            """update note n set slug = $3, state = 'published', published_at = $4, draft = '{}', asked_at = null,
                      goes_out_at = null, goes_out_by = null, held_back_at = null,
                      mandate = case when $5 then mandate end, topic = case when $5 then topic end,
                      repeats = $6, nth = $7
               where company = $1 and id = $2""",
            company.id,
            note_id,
            slug,
            now,
            alone,
            repeats,
            await queries.how_many_times(company.id, repeats) + 1 if repeats else 1,
        )
        await execute("delete from note_writer where company = $1 and note = $2", company.id, note_id)
        kind = NoteKind(note.kind)
        await write_revision(
            company.id,
            note_id,
            1,
            RevisionKind.PUBLISHED,
            what_is_said(kind, note.said.texts, note.said.days),
            by=by,
            now=now,
            frame=await frame(company.id, note_id),
        )
        await send_along(company, note, now=now)
        days = promised_days(kind, note.said.texts, note.said.days)
        await promise_days(company, note, note.said.title, days, by=by, now=now)
        await promise_what_is_public(
            company.id, note.actions, by=by.id, now=now, today=day_in(company.timezone, now)
        )
        await _keep_promises(company, note, by=by, now=now)
        # Why words stay that were remarked on: the draft is gone now, the audit keeps it.
        after = {"title": note.said.title} | ({"stays": note.stays} if note.stays else {})
        await note_down(company.id, "note.published", by=by.id, now=now, subject=note_id, after=after)
        await do_later("notifying.note_published", company_id=company.id, note_id=note_id)
        await tell_all(company.id)
    return slug


async def _keep_promises(company: Company, note: Draft, *, by: Member, now: datetime) -> None:
    """A word to the questions keeps the promised reply, unless it only holds the line; any word is a next word."""
    today = day_in(company.timezone, now)
    if note.kind != NoteKind.HOLDING:
        await keep_replies(company.id, note.questions, by=by.id, today=today)
    for promise_id in await queries.next_words_due(company.id, note.id):
        await keep_promise(company.id, promise_id, by=by.id, today=today)


async def _free_slug(company_id: UUID, title: str) -> str:
    base = slug_of(title, otherwise="notiz")
    taken = await queries.slugs_like(company_id, base)
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
