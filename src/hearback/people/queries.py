"""Who is who: companies, members, and who is signed in."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import execute, fetch, fetch_one, fetch_value
from hearback.people.rules import SLUG, Right, Role, may
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
    """Raises NotFound, also for what can be no slug: an address may hold anything, even what no text can."""
    if not SLUG.fullmatch(slug):
        raise NotFound
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


async def is_member(company_id: UUID, email: str) -> bool:
    """Active or not."""
    found: bool = await fetch_value(
        """select exists (select from member m join account a on a.id = m.account
                          where m.company = $1 and a.email = $2)""",
        company_id,
        email,
    )
    return found


async def belongs_elsewhere(company_id: UUID, account_id: UUID) -> bool:
    """Whether the account is a member of another company of this installation, active or not."""
    found: bool = await fetch_value(
        "select exists (select from member where company <> $1 and account = $2)", company_id, account_id
    )
    return found


class Invitation(Struct, frozen=True):
    """An invitation with what its page shows. language: the company's first."""

    id: UUID
    company: UUID
    company_slug: str
    email: str
    role: str
    leads: bool
    expires_at: datetime
    used_at: datetime | None
    language: str
    has_account: bool
    inviter: UUID | None

    def stands(self, now: datetime) -> bool:
        return self.used_at is None and self.expires_at > now


async def invitation(token_hash: bytes) -> Invitation:
    """Also one that was used or has ended. Raises NotFound."""
    found = await fetch_one(
        Invitation,
        """select i.id, i.company, c.slug as company_slug, i.email, i.role, i.leads, i.expires_at, i.used_at,
                  c.languages[1] as language, i.invited_by as inviter,
                  exists (select from account a where a.email = i.email) as has_account
           from invitation i join company c on c.id = i.company where i.token_hash = $1""",
        token_hash,
    )
    if found is None:
        raise NotFound
    return found


class OpenInvitation(Struct, frozen=True):
    """An invitation that nobody has taken yet, as the desk lists it."""

    id: UUID
    email: str
    role: str
    leads: bool
    expires_at: datetime
    invited_by: str | None


async def open_invitations(company_id: UUID, *, now: datetime) -> list[OpenInvitation]:
    """Newest first."""
    return await fetch(
        OpenInvitation,
        """select i.id, i.email, i.role, i.leads, i.expires_at, m.name as invited_by
           from invitation i left join member m on m.company = i.company and m.id = i.invited_by
           where i.company = $1 and i.used_at is null and i.expires_at > $2 order by i.expires_at desc""",
        company_id,
        now,
    )


class Reset(Struct, frozen=True):
    id: UUID
    company: UUID
    company_slug: str
    account: UUID
    member: UUID
    email: str
    expires_at: datetime
    used_at: datetime | None

    def stands(self, now: datetime) -> bool:
        return self.used_at is None and self.expires_at > now


async def reset(token_hash: bytes) -> Reset:
    """Also one that was used or has ended. Raises NotFound."""
    found = await fetch_one(
        Reset,
        """select r.id, r.company, c.slug as company_slug, r.account, m.id as member, a.email, r.expires_at,
                  r.used_at
           from password_reset r join company c on c.id = r.company join account a on a.id = r.account
             join member m on m.company = r.company and m.account = r.account
           where r.token_hash = $1""",
        token_hash,
    )
    if found is None:
        raise NotFound
    return found


class CompanyTexts(Struct, frozen=True):
    """Markdown."""

    imprint: str
    privacy: str


async def company_texts(company_id: UUID) -> CompanyTexts:
    found = await fetch_one(CompanyTexts, "select imprint, privacy from company where id = $1", company_id)
    if found is None:
        raise NotFound
    return found


async def portrait(company_slug: str, digest: str) -> bytes:
    """WEBP. Raises NotFound."""
    if not SLUG.fullmatch(company_slug):
        raise NotFound
    found: bytes | None = await fetch_value(
        """select p.picture from portrait p join company c on c.id = p.company
           where c.slug = $1 and p.digest = $2 limit 1""",
        company_slug,
        digest,
    )
    if found is None:
        raise NotFound
    return found


async def companies() -> list[Company]:
    """All of this installation, by name."""
    return await fetch(
        Company,
        """select id, slug, name, colour, address, languages, timezone, fewest_voices
           from company order by name, slug""",
    )


class AuditEntry(Struct, frozen=True):
    """One change. who: None for what the command line did; whom: the member it was about."""

    id: UUID
    did: str
    who: str | None
    whom: str | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    at: datetime


async def audit(company_id: UUID, *, before: UUID | None, limit: int) -> list[AuditEntry]:
    """Newest first. before: the id of the last entry already seen; ids sort by time."""
    rows = await fetch(
        _AuditRow,
        """select a.id, a.did, w.name as who, s.name as whom, a.before::text, a.after::text, a.at
           from audit a left join member w on w.company = a.company and w.id = a.member
             left join member s on s.company = a.company and s.id = a.subject
           where a.company = $1 and ($2::uuid is null or a.id < $2) order by a.id desc limit $3""",
        company_id,
        before,
        limit,
    )
    return [
        AuditEntry(row.id, row.did, row.who, row.whom, _object(row.before), _object(row.after), row.at)
        for row in rows
    ]


class _AuditRow(Struct, frozen=True):
    id: UUID
    did: str
    who: str | None
    whom: str | None
    before: str | None
    after: str | None
    at: datetime


def _object(text: str | None) -> dict[str, object] | None:
    found = None if text is None else msgspec.json.decode(text)
    return found if isinstance(found, dict) else None
