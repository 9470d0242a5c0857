"""The excerpts of one answer beside each other, and notes that quote them."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one
from hearback.refusals import NotFound


class Piece(Struct, frozen=True):
    """An excerpt in its answer. starts, ends: characters of the answer, end exclusive; said: the whole answer."""

    id: UUID
    starts: int
    ends: int
    said: str
    language: str

    @property
    def words(self) -> str:
        return self.said[self.starts : self.ends]


class Quoting(Struct, frozen=True):
    """A note that shows the words of an excerpt, or is going to."""

    note: UUID
    title: str
    draft: bool


async def pieces(company_id: UUID, excerpt_id: UUID) -> list[Piece]:
    """All excerpts of the answer that this one is from, in order. Raises NotFound where it does not count."""
    found = await fetch(
        Piece,
        """select e.id, e.starts, e.ends, a.words as said,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language
           from excerpt the
           join excerpt e on e.company = the.company and e.answer = the.answer
           join answer a on a.company = e.company and a.id = e.answer
           join response r on r.company = e.company and r.id = e.response
           where the.company = $1 and the.id = $2 and r.state in ('counted', 'held') and not r.test
           order by e.starts""",
        company_id,
        excerpt_id,
    )
    if not found:
        raise NotFound
    return found


async def quoting(company_id: UUID, excerpt_ids: list[UUID]) -> Quoting | None:
    """A note that quotes one of them; a public one before a draft, and a withdrawn one as it stays to be read."""
    return await fetch_one(
        Quoting,
        """select n.id as note, n.state = 'draft' as draft,
                  coalesce((select f.words from revision y
                            join note_field f on f.company = y.company and f.revision = y.id and f.name = 'title'
                            where y.company = n.company and y.note = n.id order by y.number desc limit 1),
                           n.draft->>'title', '') as title
           from note_quote l join note n on n.company = l.company and n.id = l.note
           where l.company = $1 and l.excerpt = any($2) order by draft, n.id limit 1""",
        company_id,
        excerpt_ids,
    )
