"""The mandate: every version, and the one that holds."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch
from hearback.people.queries import Face
from hearback.replying.rules import MandateState


class Mandate(Struct, frozen=True):
    """One version. topics: empty once it is revoked; why: for which reason it was."""

    id: UUID
    number: int
    state: str
    language: str
    words: str
    topics: list[str]
    why: str
    at: datetime
    name: str
    role_title: str
    face_digest: str | None
    company_slug: str
    by: UUID

    @property
    def signer(self) -> Face:
        return Face(self.by, self.name, self.role_title, self.face_digest, self.company_slug)

    @property
    def holds(self) -> bool:
        """Of the newest version."""
        return self.state == MandateState.SIGNED


async def mandates(company_id: UUID) -> list[Mandate]:
    """Every version, the newest first; that one holds."""
    return await fetch(
        Mandate,
        """select d.id, d.number, d.state, d.language, d.words, d.topics, d.why, d.at, d.by, m.name, m.role_title,
                  m.face_digest, c.slug as company_slug
           from mandate d join member m on m.company = d.company and m.id = d.by join company c on c.id = d.company
           where d.company = $1 order by d.number desc""",
        company_id,
    )


async def mandate_that_holds(company_id: UUID) -> Mandate | None:
    newest = (await mandates(company_id))[:1]
    return newest[0] if newest and newest[0].holds else None
