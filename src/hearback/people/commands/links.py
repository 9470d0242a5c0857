"""Links that open once: into a company, and to a new password."""

import secrets
from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.commands.founding import add_account, add_member
from hearback.people.commands.signing_in import end_sessions, proven_account, start_session
from hearback.people.forms import InvitationForm
from hearback.people.passwords import hash_password
from hearback.people.queries import Invitation, Member, Reset
from hearback.people.rules import INVITATION_LASTS, RESET_LASTS, check_password, mail_address, token_hash
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


async def make_reset_link(company_id: UUID, member_id: UUID, *, by: Member, now: datetime) -> str:
    """Return the link's token, which is nowhere else; an earlier link of this account ends.

    Raises NotFound, and Refused for an account that is a member elsewhere too: whoever may reset a password
    can come in as that person.
    """
    token = secrets.token_urlsafe(32)
    async with transaction():
        member = await queries.member(company_id, member_id)
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
