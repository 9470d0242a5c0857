"""Deciding what is done about a theme, and carrying it through."""

from datetime import datetime
from uuid import UUID

from hearback.actions import queries
from hearback.actions.forms import ActionForm, NewActionForm, check_tracker
from hearback.actions.promising import promise_what_is_public
from hearback.actions.queries import Action
from hearback.actions.rules import ActionState, why_not_go
from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.promises.commands import break_action, hand_over_action, keep_action
from hearback.promises.queries import open_of_action
from hearback.refusals import Faulty, NotFound, Refused
from hearback.web.live import tell


async def make_action(company: Company, form: NewActionForm, *, by: Member, now: datetime) -> UUID:
    """Considered first; what it is for may be linked at once.

    Raises NotFound for a theme that is not this company's, Refused for an owner who is not at work here.
    """
    check_tracker(form)
    action_id = new_id()
    async with transaction():
        await _must_be_at_work(company.id, form.owner)
        await execute(
            """insert into action (id, company, title, why, owner, due_on, tracker_url, created_by, created_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
            action_id,
            company.id,
            form.title,
            form.why,
            form.owner,
            form.due_on,
            form.tracker_url,
            by.id,
            now,
        )
        await _write_step(company.id, action_id, ActionState.CONSIDERING, by=by, now=now)
        for theme_id in form.themes:
            await _link(company.id, action_id, theme_id)
        await note_down(
            company.id,
            "action.made",
            by=by.id,
            now=now,
            subject=action_id,
            after={"title": form.title, "due_on": form.due_on},
        )
        await _tell_all(company.id)
    return action_id


async def change_action(
    company: Company, action_id: UUID, form: ActionForm, *, by: Member, now: datetime
) -> None:
    """Raises NotFound, Refused."""
    check_tracker(form)
    async with transaction():
        old = await _locked(company.id, action_id)
        await _must_be_at_work(company.id, form.owner)
        if form.due_on != old.due_on and await open_of_action(company.id, action_id):
            raise Refused("action.day-is-promised", field="due_on", day=old.due_on)
        await execute(
            """update action set title = $3, why = $4, owner = $5, due_on = $6, tracker_url = $7
               where company = $1 and id = $2""",
            company.id,
            action_id,
            form.title,
            form.why,
            form.owner,
            form.due_on,
            form.tracker_url,
        )
        await hand_over_action(company.id, action_id, form.owner, now=now)
        await note_down(
            company.id,
            "action.changed",
            by=by.id,
            now=now,
            subject=action_id,
            before={"title": old.title, "due_on": old.due_on},
            after={"title": form.title, "due_on": form.due_on},
        )
        await _tell_all(company.id)


async def set_state(
    company: Company, action_id: UUID, state: ActionState, reason: str, *, by: Member, now: datetime
) -> None:
    """The next step of its way; each one stays on record. reason: needed for a no, which fans read too.

    Raises NotFound; Faulty with every reason against this step; Refused where it would promise a day that has passed.
    """
    async with transaction():
        old = await _locked(company.id, action_id)
        reasons = why_not_go(ActionState(old.state), state, reason)
        if reasons:
            raise Faulty(reasons)
        await execute(
            "update action set state = $3, decline_reason = $4 where company = $1 and id = $2",
            company.id,
            action_id,
            state.value,
            reason.strip() if state is ActionState.DECLINED else "",
        )
        await _write_step(company.id, action_id, state, by=by, now=now)
        await _answer_for_it(company, action_id, state, reason, by=by, now=now)
        await note_down(
            company.id,
            "action.stepped",
            by=by.id,
            now=now,
            subject=action_id,
            before={"state": old.state, "decline_reason": old.decline_reason or None},
            after={"state": state, "decline_reason": reason.strip() or None},
        )
        await _tell_all(company.id)


async def _answer_for_it(
    company: Company, action_id: UUID, state: ActionState, reason: str, *, by: Member, now: datetime
) -> None:
    """What a public note said of it is kept, broken with the reason for the no, or promised from now on."""
    today = day_in(company.timezone, now)
    if state is ActionState.DONE:
        await keep_action(company.id, action_id, by=by.id, today=today)
    elif state is ActionState.DECLINED:
        await break_action(company.id, action_id, reason.strip(), by=by.id, now=now, today=today)
    else:
        await promise_what_is_public(company.id, [action_id], by=by.id, now=now, today=today)


async def link_theme(company: Company, action_id: UUID, theme_id: UUID, *, by: Member, now: datetime) -> None:
    """Linking twice changes nothing. Raises NotFound for either."""
    async with transaction():
        await _locked(company.id, action_id)
        if await _link(company.id, action_id, theme_id):
            await note_down(company.id, "action.linked", by=by.id, now=now, subject=action_id)
            await _tell_all(company.id)


async def unlink_theme(
    company: Company, action_id: UUID, theme_id: UUID, *, by: Member, now: datetime
) -> None:
    """With all that was merged into the theme. Raises NotFound for either; what is not linked stays so."""
    async with transaction():
        await _locked(company.id, action_id)
        heir = await _heir(company.id, theme_id)
        gone = await execute(
            """delete from action_theme l using theme t
               where l.company = $1 and l.action = $2 and t.company = l.company and t.id = l.theme and t.heir = $3""",
            company.id,
            action_id,
            heir,
        )
        if gone:
            await note_down(company.id, "action.unlinked", by=by.id, now=now, subject=action_id)
            await _tell_all(company.id)


async def _locked(company_id: UUID, action_id: UUID) -> Action:
    """Two people at one action take turns. Raises NotFound."""
    await lock(company_id, f"action/{action_id}")
    return await queries.action(company_id, action_id)


async def _must_be_at_work(company_id: UUID, member_id: UUID) -> None:
    """Raises Refused for another company's member too: the list of owners holds only these."""
    try:
        owner = await people.member(company_id, member_id)
    except NotFound:
        raise Refused("action.owner-gone", field="owner") from None
    if not owner.active:
        raise Refused("action.owner-gone", field="owner")


async def _heir(company_id: UUID, theme_id: UUID) -> UUID:
    """The theme that speaks for this one. Raises NotFound."""
    heir: UUID | None = await fetch_value(
        "select heir from theme where company = $1 and id = $2", company_id, theme_id
    )
    if heir is None:
        raise NotFound
    return heir


async def _link(company_id: UUID, action_id: UUID, theme_id: UUID) -> int:
    """1 when it is new, 0 when the theme, or one merged into it, is linked already."""
    return await execute(
        """insert into action_theme (id, company, action, theme)
           select $1::uuid, $2::uuid, $3::uuid, $4::uuid
           where not exists (select from action_theme l join theme t on t.company = l.company and t.id = l.theme
                             where l.company = $2 and l.action = $3 and t.heir = $4)""",
        new_id(),
        company_id,
        action_id,
        await _heir(company_id, theme_id),
    )


async def _write_step(
    company_id: UUID, action_id: UUID, state: ActionState, *, by: Member, now: datetime
) -> None:
    await execute(
        "insert into action_step (id, company, action, state, by, at) values ($1, $2, $3, $4, $5, $6)",
        new_id(),
        company_id,
        action_id,
        state.value,
        by.id,
        now,
    )


async def _tell_all(company_id: UUID) -> None:
    """Receipts and notes show what is being done, and so does the desk."""
    await tell(company_id, "public")
    await tell(company_id, "desk")
