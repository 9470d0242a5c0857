"""Members with their public face, and who may invite whom."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one, fetch_value
from hearback.people.rules import Right, Role, may
from hearback.refusals import NotFound


class Face(Struct, frozen=True):
    """Who speaks, as it stands under a public text. company_slug: for the picture's address."""

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


class Member(Face, frozen=True):
    """A member with the public face."""

    account: UUID
    role: str
    leads: bool
    language: str
    active: bool

    def may(self, right: Right) -> bool:
        return may(Role(self.role), right)


MEMBER = """
    select m.id, m.account, m.name, m.role_title, m.role, m.leads, m.language, m.active, m.face_digest,
           c.slug as company_slug
    from member m join company c on c.id = m.company
"""


async def members(company_id: UUID, *, active: bool = True) -> list[Member]:
    """By name, as people sort names."""
    return await fetch(
        Member,
        MEMBER + "where m.company = $1 and (m.active or not $2) order by m.name_key",
        company_id,
        active,
    )


async def member(company_id: UUID, member_id: UUID) -> Member:
    """Raises NotFound, for another company's member too."""
    found = await fetch_one(
        Member,
        MEMBER + "where m.company = $1 and m.id = $2",
        company_id,
        member_id,
    )
    if found is None:
        raise NotFound
    return found


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
