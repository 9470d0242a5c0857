"""Who lets a note out: a second pair of eyes, leadership's mandate, or the clock."""

from datetime import datetime
from uuid import UUID

from hearback.changenotes import queries
from hearback.changenotes.commands.locking import draft_to_change
from hearback.changenotes.commands.publishing import publish_note, second_eyes, unheard_by, why_not
from hearback.changenotes.commands.revising import tell_all
from hearback.changenotes.rules import NoteKind, NoteState
from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.people.rules import Right
from hearback.refusals import Faulty, NotFound, Refused
from hearback.web.live import tell


async def choose_four_eyes(company_id: UUID, kinds: list[NoteKind], *, by: Member, now: datetime) -> None:
    """Which kinds somebody else than their writer lets out; drafts are held to it at once."""
    async with transaction():
        await lock(company_id, "four-eyes")
        before = await queries.kinds_with_four_eyes(company_id)
        if before == set(kinds):
            return
        await execute("delete from four_eyes where company = $1", company_id)
        for kind in sorted(set(kinds)):
            await execute(
                "insert into four_eyes (id, company, kind) values ($1, $2, $3)",
                new_id(),
                company_id,
                kind.value,
            )
        await note_down(
            company_id,
            "note.four-eyes",
            by=by.id,
            now=now,
            before={"kinds": sorted(before)},
            after={"kinds": sorted(set(kinds))},
        )
        await tell(company_id, "desk")


async def ask_for_release(company: Company, note_id: UUID, *, by: Member, now: datetime) -> None:
    """Complete, and for somebody else to read. Raises NotFound; Faulty with every reason against it."""
    async with transaction():
        note = await draft_to_change(company.id, note_id)
        if reasons := await why_not(company, note, now=now):
            raise Faulty(reasons)
        await execute(
            "update note set asked_at = $3 where company = $1 and id = $2 and state = 'draft'",
            company.id,
            note_id,
            now,
        )
        await note_down(company.id, "note.release-asked", by=by.id, now=now, subject=note_id)
        await tell(company.id, "desk")


async def schedule_note(company: Company, note_id: UUID, at: datetime, *, by: Member, now: datetime) -> None:
    """It goes out by itself at that moment, in this member's name, if nothing stands against it then.

    What would stand against it then as far as is known now keeps it from being scheduled. Raises NotFound, Faulty.
    """
    async with transaction():
        note = await draft_to_change(company.id, note_id)
        if at <= now:
            raise Refused("note.hour-has-passed", field="goes_out")
        reasons = await why_not(company, note, now=at) + await unheard_by(company.id, note, by=by)
        reasons += await second_eyes(company.id, note, by=by)
        if reasons:
            raise Faulty(reasons)
        await _set_hour(company.id, note_id, at, by.id)
        await note_down(
            company.id, "note.scheduled", by=by.id, now=now, subject=note_id, after={"at": at.isoformat()}
        )
        await tell(company.id, "desk")


async def unschedule_note(company_id: UUID, note_id: UUID, *, by: Member, now: datetime) -> None:
    """It stays a draft until somebody sends it out. Twice is once. Raises NotFound, Refused."""
    async with transaction():
        note = await draft_to_change(company_id, note_id)
        if note.goes_out_at is None:
            return
        await _set_hour(company_id, note_id, None, None)
        await note_down(company_id, "note.unscheduled", by=by.id, now=now, subject=note_id)
        await tell(company_id, "desk")


async def send_due(now: datetime) -> int:
    """Send out whatever has its hour; what something stands against now stays a draft and says so. Gives how many
    went out. Safe to do twice. What goes wrong with one holds no other back, and is raised at the end."""
    due = await queries.due(now)
    houses = {one.id: one for one in await people.companies()} if due else {}
    sent, faults = 0, []
    for one in due:
        by = await people.member(one.company, one.by)
        try:
            if not by.active or not by.may(Right.PUBLISH):
                raise Refused("note.releaser-left")
            await publish_note(houses[one.company], one.note, by=by, now=now)
            sent += 1
        except Refused:
            await _hold_back(one.company, one.note, now)
        except NotFound:
            continue  # thrown away meanwhile
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("notes that had their hour and did not go out", faults)
    return sent


async def _hold_back(company_id: UUID, note_id: UUID, now: datetime) -> None:
    async with transaction():
        held = await execute(
            """update note set goes_out_at = null, goes_out_by = null, held_back_at = $3
               where company = $1 and id = $2 and state = 'draft' and goes_out_at <= $3""",
            company_id,
            note_id,
            now,
        )
        if held:
            await note_down(company_id, "note.held-back", by=None, now=now, subject=note_id)
            await tell(company_id, "desk")


async def _set_hour(company_id: UUID, note_id: UUID, at: datetime | None, by: UUID | None) -> None:
    await execute(
        """update note set goes_out_at = $3, goes_out_by = $4, held_back_at = null
           where company = $1 and id = $2 and state = 'draft'""",
        company_id,
        note_id,
        at,
        by,
    )


async def cosign_note(company_id: UUID, note_id: UUID, *, by: Member, now: datetime) -> None:
    """Leadership stands behind what went out under its mandate, for all to read. Twice is once.

    Raises NotFound; Refused for who may not, and for what went out in no mandate's name.
    """
    async with transaction():
        note = await queries.draft(company_id, note_id)
        if note.state == NoteState.DRAFT or note.mandate is None:
            raise Refused("note.nothing-to-cosign")
        if not by.leads:
            raise Refused("note.leaders-cosign")
        if by.id == await queries.sent_out_by(company_id, note_id):
            raise Refused("note.not-your-own")
        if await execute(
            """insert into note_cosign (id, company, note, member, at) values ($1, $2, $3, $4, $5)
               on conflict (company, note, member) do nothing""",
            new_id(),
            company_id,
            note_id,
            by.id,
            now,
        ):
            await note_down(company_id, "note.cosigned", by=by.id, now=now, subject=note_id)
            await tell_all(company_id)
