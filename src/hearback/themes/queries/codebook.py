"""What a company made of the codebook."""

from uuid import UUID

from hearback.database.engine import fetch
from hearback.themes.own_codebook import Change


async def changes(company_id: UUID) -> list[Change]:
    """In the order of their names."""
    return await fetch(
        Change,
        """select c.slug, c.used, c.weight, c.de, c.en, c.definition_de, c.definition_en, c.examples_de,
                  c.examples_en, c.version, m.name as who, c.at
           from codebook_entry c join member m on m.company = c.company and m.id = c.member
           where c.company = $1 order by folded(coalesce(nullif(c.de, ''), c.en)), c.slug""",
        company_id,
    )
