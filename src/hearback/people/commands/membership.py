"""Who belongs to a company: invited, taken in, given another role, gone, back again."""

import secrets
from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.commands.founding import add_account, add_member
from hearback.people.commands.signing_in import end_sessions, proven_account, start_session
from hearback.people.forms import InvitationForm, RoleForm
from hearback.people.passwords import hash_password
from hearback.people.queries import Invitation, Member, Reset
from hearback.people.rules import (
    INVITATION_LASTS,
    RESET_LASTS,
    Role,
    check_password,
    mail_address,
    token_hash,
    why_no_longer_admin,
)
from hearback.people.tries import forget_sign_ins
from hearback.refusals import NotFound, Refused
from hearback.web.live import tell


async def invite(company_id: UUID, form: InvitationForm, *, by: Member, now: datetime) -> str:
    """Return the link's token, which is nowhere else; an earlier invitation of this address ends.

    Raises Refused for somebody who is a member already.
    """
    email = mail_address(form.email)
    token = secrets.token_urlsafe(32)
    async with transaction():
        if await queries.is_member(company_id, email):
            raise Refused("people.already-member", field="email")
        await execute(
            "delete from invitation where company = $1 and email = $2 and used_at is null", company_id, email
        )
        invitation_id = new_id()
        await execute(
            """insert into invitation (id, company, email, role, leads, token_hash, invited_by, expires_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8)""",
            invitation_id,
            company_id,
            email,
            form.role,
            form.leads,
            token_hash(token),
            by.id,
            now + INVITATION_LASTS,
        )
        await note_down(
            company_id,
            "member.invited",
            by=by.id,
            now=now,
            subject=invitation_id,
            after={"role": form.role, "leads": form.leads},
        )
    return token


async def withdraw_invitation(company_id: UUID, invitation_id: UUID, *, by: Member, now: datetime) -> None:
    """Raises NotFound, also for one that was used."""
    async with transaction():
        gone = await execute(
            "delete from invitation where company = $1 and id = $2 and used_at is null",
            company_id,
            invitation_id,
        )
        if not gone:
            raise NotFound
        await note_down(company_id, "member.invitation-withdrawn", by=by.id, now=now, subject=invitation_id)


async def accept_invitation(
    invitation: Invitation, *, name: str, password: str, network: str, now: datetime
) -> str:
    """Take somebody in and sign them in; returns the session's token.

    password: a new one, or that of the account which the invited address has already. Raises Refused
    (`invitation.gone` when it was used or ended meanwhile), TooMany.
    """
    if invitation.has_account:
        account_id = (await proven_account(invitation.email, password, network=network, now=now)).id
        password_hash = ""
    else:
        check_password(password, invitation.email)
        password_hash = await hash_password(password)
    async with transaction():
        taken = await execute(
            """update invitation set used_at = $3
               where company = $1 and id = $2 and used_at is null and expires_at > $3""",
            invitation.company,
            invitation.id,
            now,
        )
        if not taken:
            raise Refused("invitation.gone")
        if not invitation.has_account:
            account_id = await add_account(invitation.email, password_hash, now=now)
        member_id = await add_member(
            invitation.company,
            account_id,
            name,
            invitation.role,
            leads=invitation.leads,
            language=invitation.language,
            now=now,
        )
        await note_down(
            invitation.company,
            "member.joined",
            by=member_id,
            now=now,
            subject=member_id,
            after={"role": invitation.role, "leads": invitation.leads},
        )
        await tell(invitation.company, "public")
        await tell(invitation.company, "desk")
        token = await start_session(account_id, now=now)
    return token  # noqa: RET504  (only after the commit)


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


async def make_reset_link(company_id: UUID, member_id: UUID, *, by: Member, now: datetime) -> str:
    """Return the link's token, which is nowhere else; an earlier link of this account ends.

    Raises NotFound, and Refused for an account that is a member elsewhere too: whoever may reset a password
    can come in as that person.
    """
    token = secrets.token_urlsafe(32)
    async with transaction():
        member = await _locked_member(company_id, member_id)
        if not member.active:
            raise Refused("people.not-active")
        if await queries.belongs_elsewhere(company_id, member.account):
            raise Refused("people.reset-elsewhere", name=member.name)
        await execute("delete from password_reset where account = $1 and used_at is null", member.account)
        await execute(
            """insert into password_reset (id, company, account, token_hash, made_by, expires_at)
               values ($1, $2, $3, $4, $5, $6)""",
            new_id(),
            company_id,
            member.account,
            token_hash(token),
            by.id,
            now + RESET_LASTS,
        )
        await note_down(company_id, "member.reset-link", by=by.id, now=now, subject=member.id)
    return token


async def use_reset(reset: Reset, *, password: str, now: datetime) -> str:
    """Every session of the account ends; returns the token of a new one.

    Raises Refused (`reset.gone` when it was used or ended meanwhile).
    """
    check_password(password, reset.email)
    password_hash = await hash_password(password)
    async with transaction():
        taken = await execute(
            """update password_reset set used_at = $3
               where company = $1 and id = $2 and used_at is null and expires_at > $3""",
            reset.company,
            reset.id,
            now,
        )
        # The account may have become a member elsewhere since the link was made.
        if not taken or await queries.belongs_elsewhere(reset.company, reset.account):
            raise Refused("reset.gone")
        await execute("update account set password_hash = $2 where id = $1", reset.account, password_hash)
        await end_sessions(reset.account)
        await note_down(reset.company, "member.password", by=reset.member, now=now, subject=reset.member)
        token = await start_session(reset.account, now=now)
    await forget_sign_ins(reset.email, now=now)
    return token


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
