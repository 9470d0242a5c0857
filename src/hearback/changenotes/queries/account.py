"""Whether a company speaks in the fediverse, for the pages that lead there. A later room has the account itself."""

from uuid import UUID

from hearback.database.engine import fetch_value


async def has_account(company_id: UUID) -> bool:
    found: bool = await fetch_value(
        "select exists (select from fedi_account where company = $1 and active)", company_id
    )
    return found
