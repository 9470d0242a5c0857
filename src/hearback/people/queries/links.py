"""Links that open once: invitations and new passwords."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one
from hearback.refusals import NotFound


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
