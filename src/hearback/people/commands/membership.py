"""Who may do what in a company, who leaves, and who comes back."""

from datetime import datetime
from uuid import UUID

from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.commands.signing_in import end_sessions
from hearback.people.forms import RoleForm
from hearback.people.queries import Member
from hearback.people.rules import Role, why_no_longer_admin
from hearback.refusals import Refused
from hearback.web.live import tell


async def change_role(
    company_id: UUID, member_id: UUID, form: RoleForm, *, by: Member, now: datetime
) -> None:
    """Another role ends the member's sessions. Raises NotFound, Refused for oneself and the last admin."""
    async with transaction():
        member = await _locked_member(company_id, member_id)
        if form.role == member.role and form.leads == member.leads:
            return
        if form.role != member.role:
            if form.role != Role.ADMIN or member.id == by.id:
                await _must_not_be_missed(company_id, member, by)
            await end_sessions(member.account)
        await execute(
            "update member set role = $3, leads = $4 where company = $1 and id = $2",
            company_id,
            member.id,
            form.role,
            form.leads,
        )
        await note_down(
            company_id,
            "member.role-changed",
            by=by.id,
            now=now,
            subject=member.id,
            before={"role": member.role, "leads": member.leads},
            after={"role": form.role, "leads": form.leads},
        )
        await tell(company_id, "public")
        await tell(company_id, "desk")


async def deactivate(company_id: UUID, member_id: UUID, *, by: Member, now: datetime) -> None:
    """They can no longer come in; their name stays under what they said. Raises NotFound, Refused."""
    async with transaction():
        member = await _locked_member(company_id, member_id)
        if not member.active:
            return
        await _must_not_be_missed(company_id, member, by)
        await _set_active(company_id, member, active=False)
        await end_sessions(member.account)
        await note_down(company_id, "member.deactivated", by=by.id, now=now, subject=member.id)


async def reactivate(company_id: UUID, member_id: UUID, *, by: Member, now: datetime) -> None:
    async with transaction():
        member = await _locked_member(company_id, member_id)
        if member.active:
            return
        await _set_active(company_id, member, active=True)
        await note_down(company_id, "member.reactivated", by=by.id, now=now, subject=member.id)


async def _locked_member(company_id: UUID, member_id: UUID) -> Member:
    """Two admins who demote each other at the same moment must not both succeed."""
    await lock(company_id, "members")
    return await queries.member(company_id, member_id)


async def _must_not_be_missed(company_id: UUID, member: Member, by: Member) -> None:
    others = await fetch_value(
        "select count(*) from member where company = $1 and role = 'admin' and active and id <> $2",
        company_id,
        member.id,
    )
    reason = why_no_longer_admin(
        is_self=member.id == by.id, is_admin=member.role == Role.ADMIN, other_admins=others
    )
    if reason is not None:
        raise Refused(reason)


async def _set_active(company_id: UUID, member: Member, *, active: bool) -> None:
    await execute(
        "update member set active = $3 where company = $1 and id = $2", company_id, member.id, active
    )
    await tell(company_id, "public")
    await tell(company_id, "desk")
