"""Accounts and sessions: who is signed in, and where they belong."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import execute, fetch, fetch_one
from hearback.people.queries.staff import Member
from hearback.refusals import NotFound


class Account(Struct, frozen=True):
    id: UUID
    email: str
    password_hash: str | None


async def account(account_id: UUID) -> Account:
    """Raises NotFound."""
    found = await fetch_one(Account, "select id, email, password_hash from account where id = $1", account_id)
    if found is None:
        raise NotFound
    return found


async def account_by_email(email: str) -> Account | None:
    """None also for somebody who is no longer an active member anywhere."""
    return await fetch_one(
        Account,
        """select id, email, password_hash from account a
           where email = $1 and exists (select from member m where m.account = a.id and m.active)""",
        email,
    )


async def account_of_session(token_hash: bytes, *, oldest: datetime) -> Account | None:
    return await fetch_one(
        Account,
        """select a.id, a.email, a.password_hash from account a join session s on s.account = a.id
           where s.token_hash = $1 and s.seen_at > $2""",
        token_hash,
        oldest,
    )


async def member_of_session(company_id: UUID, token_hash: bytes, *, oldest: datetime) -> Member | None:
    """The active member of this company whose session this is. oldest: sessions unseen since then have ended."""
    return await fetch_one(
        Member,
        """select m.id, m.account, m.name, m.role_title, m.role, m.leads, m.language, m.active, m.face_digest,
                  c.slug as company_slug
           from member m join company c on c.id = m.company join session s on s.account = m.account
           where m.company = $1 and s.token_hash = $2 and s.seen_at > $3 and m.active""",
        company_id,
        token_hash,
        oldest,
    )


async def session_seen(token_hash: bytes, *, now: datetime, unless_since: datetime) -> None:
    """Write down that the session is in use, at most once in a while: a page view should not write."""
    await execute(
        "update session set seen_at = $2 where token_hash = $1 and seen_at < $3",
        token_hash,
        now,
        unless_since,
    )


class Place(Struct, frozen=True):
    """A company where somebody is a member."""

    slug: str
    name: str
    role: str


async def places(account_id: UUID) -> list[Place]:
    """Where this account is an active member, by the companies' names."""
    return await fetch(
        Place,
        """select c.slug, c.name, m.role from member m join company c on c.id = m.company
           where m.account = $1 and m.active order by c.name, c.slug""",
        account_id,
    )
