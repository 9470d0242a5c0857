"""What is public is corrected or taken back, each with a reason; nothing of it disappears."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from hearback.changenotes import queries
from hearback.changenotes.commands.locking import note_to_correct
from hearback.changenotes.commands.promising import promise_days
from hearback.changenotes.commands.publishing import leadership_corrects
from hearback.changenotes.commands.revising import repeating, tell_all, write_revision
from hearback.changenotes.commands.writing import SavedMeanwhile
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.owning import hidden_signs, not_owned
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import (
    NoteKind,
    RevisionKind,
    days_that_do_not_fit,
    days_that_stay,
    in_own_words,
    missing_fields,
    needs_leadership,
    promised_days,
    what_is_said,
    whose_words,
)
from hearback.clock import day_in
from hearback.database.engine import execute, transaction
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Faulty, Refused


async def correct_note(
    company: Company, note_id: UUID, form: CorrectionForm, *, by: Member, now: datetime
) -> None:
    """A new revision with a reason; the old one stays readable, and so does what changed.

    Raises NotFound; Refused for a draft or a withdrawn note, for one that says the same, and for missing words;
    SavedMeanwhile when there is a newer revision than the one corrected.
    """
    company_id = company.id
    async with transaction():
        note = await note_to_correct(company_id, note_id)
        if note.revision != form.number:
            raise SavedMeanwhile("note.corrected-meanwhile")
        kind, before = NoteKind(note.kind), note.said
        texts = before.texts | form.words_of(kind)
        promised = promised_days(kind, before.texts, before.days)
        stay = days_that_stay(promised, texts)
        if moved := [name for name, day in stay.items() if form.days.get(name, day) != day]:
            raise Faulty([Refused("note.day-is-promised", field=name) for name in moved])
        days = form.days | stay
        after = what_is_said(kind, texts, days)
        if after == what_is_said(kind, before.texts, before.days):
            raise Refused("note.nothing-corrected")
        reasons = hidden_signs({"why": form.why})
        if reasons := reasons + await _why_not(company, note, texts, days, by=by, now=now):
            raise Faulty(reasons)
        number = note.revision + 1
        await write_revision(
            company_id, note_id, number, RevisionKind.CORRECTED, after, by=by, now=now, reason=form.why
        )
        newly = {name: of for name, of in promised_days(kind, texts, days).items() if name not in promised}
        await promise_days(company, note, texts["title"], newly, by=by, now=now)
        await note_down(
            company_id, "note.corrected", by=by.id, now=now, subject=note_id, after={"number": number}
        )
        await do_later("notifying.note_corrected", company_id=company_id, note_id=note_id)
        await tell_all(company_id)


async def _why_not(
    company: Company,
    note: Draft,
    texts: Mapping[str, str],
    days: Mapping[str, date],
    *,
    by: Member,
    now: datetime,
) -> list[Refused]:
    """Every reason against these words and days in place of what is out."""
    kind, before = NoteKind(note.kind), note.said
    unowned = not_owned(
        kind,
        texts,
        days,
        colleagues=await queries.colleagues(company.id, note.signer.id),
        repeats=note.repeats is not None,
        holdings=await queries.holdings_in_a_row(company.id, note.id) if kind is NoteKind.HOLDING else 0,
    )
    anew = {name for name in texts if texts[name] != before.texts[name]}
    anew |= {name for name in days if days[name] != before.days.get(name)}
    unfit = days_that_do_not_fit(kind, texts, days, day_in(company.timezone, now))
    reasons = missing_fields(kind, texts, days)
    reasons += [one for one in unowned if _said_anew(one.field, anew)]
    reasons += [one for one in unfit if one.field in anew or (one.field == "did_on" and "did_state" in anew)]
    if leadership_corrects(note, by):
        reasons.append(Refused("note.leadership-corrects", field="why"))
    elif needs_leadership(kind, texts) and not needs_leadership(kind, before.texts) and not by.leads:
        reasons.append(Refused("note.leadership-signs", field="cause_kind"))
    own = {name: words for name, words in in_own_words(kind, texts).items() if name in anew}
    return reasons + whose_words(await repeating(company, note.themes, own))


def _said_anew(field: str, anew: set[str]) -> bool:
    """What was said before stands, and only what is said anew is held to it; another kind of cause asks for another
    sorry and another repair."""
    return field in anew or ("cause_kind" in anew and field in ("sorry", "repair"))


async def withdraw_note(
    company_id: UUID, note_id: UUID, form: WithdrawalForm, *, by: Member, now: datetime
) -> None:
    """Take back what was said, with the reason; both stay in public. Raises NotFound; Refused unless it is out."""
    async with transaction():
        note = await note_to_correct(company_id, note_id)
        reasons = hidden_signs({"why": form.why})
        if leadership_corrects(note, by):
            reasons.append(Refused("note.leadership-corrects", field="why"))
        if reasons:
            raise Faulty(reasons)
        await execute(
            "update note set state = 'withdrawn' where company = $1 and id = $2", company_id, note_id
        )
        number = note.revision + 1
        await write_revision(
            company_id, note_id, number, RevisionKind.WITHDRAWN, [], by=by, now=now, reason=form.why
        )
        await note_down(company_id, "note.withdrawn", by=by.id, now=now, subject=note_id)
        await do_later("notifying.note_withdrawn", company_id=company_id, note_id=note_id)
        await tell_all(company_id)
