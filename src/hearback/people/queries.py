"""Who is who: companies, members, and who is signed in."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import execute, fetch, fetch_one
from hearback.people.rules import Right, Role, may
from hearback.refusals import NotFound


class Company(Struct, frozen=True):
    """A company as every page needs it."""

    id: UUID
    slug: str
    name: str
    colour: str
    address: str
    languages: list[str]
    timezone: str
    fewest_voices: int

    @property
    def accent_url(self) -> str:
        return f"/{self.slug}/accent-{self.colour[1:]}.css"


class Member(Struct, frozen=True):
    """A member with the public face. company_slug: for the picture's address."""

    id: UUID
    account: UUID
    name: str
    role_title: str
    role: str
    leads: bool
    language: str
    active: bool
    face_digest: str | None
    company_slug: str

    @property
    def face_url(self) -> str | None:
        return f"/{self.company_slug}/face/{self.face_digest}.webp" if self.face_digest else None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    def may(self, right: Right) -> bool:
        return may(Role(self.role), right)


class Face(Struct, frozen=True):
    """Who speaks, as it stands under a public text."""

    id: UUID
    name: str
    role_title: str
    face_digest: str | None
    company_slug: str

    @property
    def face_url(self) -> str | None:
        return f"/{self.company_slug}/face/{self.face_digest}.webp" if self.face_digest else None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


async def company_by_slug(slug: str) -> Company:
    """Raises NotFound."""
    company = await fetch_one(
        Company,
        """select id, slug, name, colour, address, languages, timezone, fewest_voices
           from company where slug = $1""",
        slug,
    )
    if company is None:
        raise NotFound
    return company


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


async def account_of_session(token_hash: bytes, *, oldest: datetime) -> "Account | None":
    return await fetch_one(
        Account,
        """select a.id, a.email, a.password_hash from account a join session s on s.account = a.id
           where s.token_hash = $1 and s.seen_at > $2""",
        token_hash,
        oldest,
    )


class Account(Struct, frozen=True):
    id: UUID
    email: str
    password_hash: str | None


async def session_seen(token_hash: bytes, *, now: datetime, unless_since: datetime) -> None:
    """Write down that the session is in use, at most once in a while: a page view should not write."""
    await execute(
        "update session set seen_at = $2 where token_hash = $1 and seen_at < $3",
        token_hash,
        now,
        unless_since,
    )


async def members(company_id: UUID, *, active: bool = True) -> list[Member]:
    """By name, as people sort names."""
    return await fetch(
        Member,
        """select m.id, m.account, m.name, m.role_title, m.role, m.leads, m.language, m.active, m.face_digest,
                  c.slug as company_slug
           from member m join company c on c.id = m.company
           where m.company = $1 and (m.active or not $2) order by m.name_key""",
        company_id,
        active,
    )


async def member(company_id: UUID, member_id: UUID) -> Member:
    """Raises NotFound, for another company's member too."""
    found = await fetch_one(
        Member,
        """select m.id, m.account, m.name, m.role_title, m.role, m.leads, m.language, m.active, m.face_digest,
                  c.slug as company_slug
           from member m join company c on c.id = m.company where m.company = $1 and m.id = $2""",
        company_id,
        member_id,
    )
    if found is None:
        raise NotFound
    return found
