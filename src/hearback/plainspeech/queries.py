"""A company's own words."""

from uuid import UUID

from hearback.database.engine import fetch
from hearback.plainspeech.own import OwnWords


async def own_words(company_id: UUID) -> list[OwnWords]:
    return await fetch(
        OwnWords, "select id, words, better from own_word where company = $1 order by read", company_id
    )
