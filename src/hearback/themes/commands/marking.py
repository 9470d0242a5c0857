"""Note each excerpt's language, whose wording it has, and its vector where it has none.

Rows from before, and those that a person has just cut or joined, are marked the same way, by the sweep at the latest.
"""

import asyncio
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import execute, lock, transaction
from hearback.themes.embedding import embed
from hearback.themes.queries import marking as queries
from hearback.themes.tongues import languages_of
from hearback.trust.wording import Marked, Sketch, marked, sketch

AT_ONCE = 2_000
LOCK = "wording"  # two workers that read copies at the same time must not call each a founder


class Looked(Struct, frozen=True):
    """What the processor finds out about an excerpt by itself."""

    id: UUID
    starts: int
    ends: int
    language: str
    sketch: Sketch
    vector: bytes | None


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
    new = [one for one in found if not one.read]
    vectors = {
        one.id: vector.astype("<f4").tobytes()
        for one, vector in zip(new, embed(one.words for one in new), strict=True)
    }
    return [
        Looked(
            one.id,
            one.starts,
            one.ends,
            languages_of(one.said, [one.words], one.form)[0],
            sketch(one.words),
            vectors.get(one.id),
        )
        for one in found
    ]


async def _write(company_id: UUID, looked: list[Looked], given: list[Marked]) -> None:
    """Marks travel as one text each: rows of an array of arrays would all have to be as long. What was cut or joined
    while we looked is looked at again."""
    await execute(
        """update excerpt e set language = x.language, wording = x.wording, marks = x.marks::bigint[],
                  vector = coalesce(e.vector, x.vector)
           from unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::int[], $8::bytea[])
                as x (id, language, wording, marks, starts, ends, vector)
           where e.company = $1 and e.id = x.id and e.wording is null and e.starts = x.starts and e.ends = x.ends""",
        company_id,
        [one.id for one in looked],
        [one.language for one in looked],
        [one.wording for one in given],
        ["{" + ",".join(map(str, one.marks)) + "}" for one in given],
        [one.starts for one in looked],
        [one.ends for one in looked],
        [one.vector for one in looked],
    )
