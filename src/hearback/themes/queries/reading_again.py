"""Excerpts of answers that count, or may yet, and that only the first model has read."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column


class ReadOnce(Struct, frozen=True):
    id: UUID
    starts: int
    ends: int
    words: str


async def read_once(company_id: UUID, *, limit: int) -> list[ReadOnce]:
    """Any so many."""
    return await fetch(
        ReadOnce,
        """select e.id, e.starts, e.ends, substr(a.words, e.starts + 1, e.ends - e.starts) as words
           from excerpt e
           join response r on r.company = e.company and r.id = e.response and r.state in ('counted', 'held')
           join answer a on a.company = e.company and a.id = e.answer
           where e.company = $1 and e.second is null and e.vector is not null limit $2""",
        company_id,
        limit,
    )


async def companies_to_read_again(method: str, job: str) -> list[UUID]:
    """Those with excerpts that were read once, or whose themes were not found by this method although all are read
    twice; but for those for which such a job waits or is being done."""
    return await fetch_column(
        """select c.id from company c
           where (exists (select from excerpt e
                          join response r on r.company = e.company and r.id = e.response
                                             and r.state in ('counted', 'held')
                          where e.company = c.id and e.second is null and e.vector is not null)
                  or (select r.method from grouping_run r where r.company = c.id
                      order by r.at desc, r.id desc limit 1) <> $1)
             and not exists (select from pgqueuer q
                             where q.entrypoint = $2 and q.status in ('queued', 'picked')
                               and convert_from(q.payload, 'UTF8')::jsonb->>'company_id' = c.id::text)
           order by c.id""",
        method,
        job,
    )
