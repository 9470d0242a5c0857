"""What an answer repeats of what everybody could read when it came: these words are whoever's said them first.

Else anybody could write a public text into an answer, take the answer back, and have the text blotted out as theirs.
What was public on an earlier day is known by its day; of the day itself it is noted here, soon after an answer came,
for nobody keeps at what time one did.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.clock import day_begins, day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import execute_many, fetch, fetch_column, fetch_value
from hearback.trust.erasure import told_before
from hearback.trust.quoted import quoted, said

READING = "themes.read"


async def note_copies(company_id: UUID, response_id: UUID, *, came_at: datetime) -> None:
    """Safe to do twice. came_at: when its words did. Words that came on another day, or were read before, are none of
    those that have just come."""
    timezone: str | None = await fetch_value("select timezone from company where id = $1", company_id)
    if timezone is None:  # gone since the job was asked for
        return
    today = day_in(timezone, came_at)
    texts = await fetch_column(
        """select coalesce(a.own_words, a.words) from answer a
           join response r on r.company = a.company and r.id = a.response
           where a.company = $1 and r.id = $2 and a.words <> '' and $3 = coalesce((
                     select max(b."on") from words_before b
                     where b.company = a.company and b.response = r.id and b.prompt = a.prompt), r.day)
             and not exists (select from excerpt e where e.company = a.company and e.answer = a.id)""",
        company_id,
        response_id,
        today,
    )
    if not texts:
        return
    since, what = day_begins(timezone, today), said(texts)
    told = await told_before(company_id, came_at, since=since)
    copies = {part for words, _ in told for part in quoted(words, what)}
    known = await fetch_column(
        "select words from answer_copy where company = $1 and response = $2", company_id, response_id
    )
    await execute_many(
        "insert into answer_copy (id, company, response, words) values ($1, $2, $3, $4)",
        [(hidden_id(), company_id, response_id, words) for words in sorted(copies.difference(known))],
    )


async def note_copies_of_read(company_id: UUID, response_id: UUID, *, now: datetime) -> None:
    """When it is read: it came when that was asked for."""
    (asked, *_) = [*await _asked_for(company_id, [response_id]), _Asked(response_id, now)]
    await note_copies(company_id, response_id, came_at=asked.at)


async def note_copies_of_unread(company_id: UUID, response_ids: Sequence[UUID]) -> None:
    """Of those that nobody came to read yet."""
    for asked in await _asked_for(company_id, response_ids):
        await note_copies(company_id, asked.response, came_at=asked.at)


class _Asked(Struct, frozen=True):
    response: UUID
    at: datetime


async def _asked_for(company_id: UUID, response_ids: Sequence[UUID]) -> list[_Asked]:
    """When the reading of these was asked for, as long as it waits or is being done."""
    return await fetch(
        _Asked,
        """select (told ->> 'response_id')::uuid as response, min(created) as at
           from (select convert_from(payload, 'utf8')::jsonb as told, created from pgqueuer where entrypoint = $1) q
           where told ->> 'company_id' = $2 and told ->> 'response_id' = any($3) group by 1""",
        READING,
        str(company_id),
        [str(one) for one in response_ids],
    )
