"""What a revision says now, by field, as the ledger's entries name them."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class _Field(Struct, frozen=True):
    name: str
    words: str


async def words_of_revision(company_id: UUID, revision_id: UUID) -> dict[str, str]:
    """Its fields, days as 2026-11-22, and the reason of a correction or withdrawal."""
    found = await fetch(
        _Field,
        """select name, coalesce(to_char(until, 'YYYY-MM-DD'), words) as words from note_field
           where company = $1 and revision = $2
           union all
           select 'reason', reason from revision where company = $1 and id = $2 and reason <> ''""",
        company_id,
        revision_id,
    )
    return {field.name: field.words for field in found}
