"""Note each excerpt's language, and whose wording it has. Rows from before are marked the same way, by the sweep."""

import asyncio
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import execute, lock, transaction
from hearback.themes.queries import marking as queries
from hearback.themes.tongues import languages_of
from hearback.themes.wording import Marked, Sketch, marked, sketch

AT_ONCE = 2_000
LOCK = "wording"  # two workers that read copies at the same time must not call each a founder


class Looked(Struct, frozen=True):
    """What the processor finds out about an excerpt by itself."""

    id: UUID
    language: str
    sketch: Sketch


async def mark(company_id: UUID, response_id: UUID | None = None) -> None:
    """Of one response, or of all that have none. Doing it twice changes nothing."""
    while found := await queries.unmarked(company_id, response_id, limit=AT_ONCE):
        looked = await asyncio.to_thread(_look, found)
        async with transaction():
            await lock(company_id, LOCK)
            every = sorted({number for one in looked for number in one.sketch.marks})
            kept = await queries.kept(company_id, every)
            given = await asyncio.to_thread(marked, [one.sketch for one in looked], kept)
            await _write(company_id, looked, given)


def _look(found: list[queries.Unmarked]) -> list[Looked]:
    return [
        Looked(one.id, languages_of(one.said, [one.words], one.form)[0], sketch(one.words)) for one in found
    ]


async def _write(company_id: UUID, looked: list[Looked], given: list[Marked]) -> None:
    """Marks travel as one text each: rows of an array of arrays would all have to be as long."""
    await execute(
        """update excerpt e set language = x.language, wording = x.wording, marks = x.marks::bigint[]
           from unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[]) as x (id, language, wording, marks)
           where e.company = $1 and e.id = x.id and e.wording is null""",
        company_id,
        [one.id for one in looked],
        [one.language for one in looked],
        [one.wording for one in given],
        ["{" + ",".join(map(str, one.marks)) + "}" for one in given],
    )
