"""Who signs a mail, with their face."""

import asyncio
from uuid import UUID

from hearback.notifying import queries
from hearback.notifying.letters import Signer, small_face
from hearback.people import queries as people


async def signer_of(company_id: UUID, member_id: UUID) -> Signer:
    """Raises NotFound."""
    member = await people.member(company_id, member_id)
    webp = await queries.portrait(company_id, member.face_digest) if member.face_digest else None
    face = await asyncio.to_thread(small_face, webp) if webp else b""
    return Signer(member.name, member.role_title, face)
