"""A note in other languages."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch


class Translation(Struct, frozen=True):
    """of_number: the version of the original that it says. texts: by field; without those that were erased."""

    language: str
    of_number: int
    by: str
    at: datetime
    fields: str

    @property
    def texts(self) -> dict[str, str]:
        return msgspec.json.decode(self.fields, type=dict[str, str])


async def translations(company_id: UUID, note_id: UUID) -> list[Translation]:
    """The newest of each language."""
    return await fetch(
        Translation,
        """select distinct on (t.language) t.language, t.of_number, m.name as by, t.at, t.fields::text as fields
           from note_translation t join member m on m.company = t.company and m.id = t.by
           where t.company = $1 and t.note = $2 order by t.language, t.at desc, t.id desc""",
        company_id,
        note_id,
    )


class InWork(Struct, frozen=True):
    """A translation that is not out. then: the original's words by field, when they were translated."""

    language: str
    version: int
    member: UUID
    by: str
    at: datetime
    fields: str
    original: str

    @property
    def texts(self) -> dict[str, str]:
        return msgspec.json.decode(self.fields, type=dict[str, str])

    @property
    def then(self) -> dict[str, str]:
        return msgspec.json.decode(self.original, type=dict[str, str])


async def in_work(company_id: UUID, note_id: UUID) -> list[InWork]:
    """At most one of each language."""
    return await fetch(
        InWork,
        """select t.language, t.version, t.by as member, m.name as by, t.at, t.fields::text as fields,
                  t.original::text as original
           from translation_draft t join member m on m.company = t.company and m.id = t.by
           where t.company = $1 and t.note = $2 order by t.language""",
        company_id,
        note_id,
    )
