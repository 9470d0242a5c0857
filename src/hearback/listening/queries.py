"""What an import needs to know about the question it fills."""

from uuid import UUID

from msgspec import Struct

from hearback.asking.rules import QuestionState
from hearback.database.engine import fetch, fetch_one
from hearback.listening.rows import Asked
from hearback.refusals import NotFound


class Filled(Struct, frozen=True):
    """The question that a file is for."""

    id: UUID
    title: str
    language: str
    state: QuestionState
    timezone: str


async def question_to_fill(company_id: UUID, slug: str) -> Filled:
    """Raises NotFound, for another company's question too."""
    found = await fetch_one(
        Filled,
        """select q.id, q.title, q.language, q.state, c.timezone
           from question q join company c on c.id = q.company where q.company = $1 and q.slug = $2""",
        company_id,
        slug,
    )
    if found is None:
        raise NotFound
    return found


async def prompts_to_fill(company_id: UUID, question_id: UUID) -> list[Asked]:
    return await fetch(
        Asked,
        """select id, kind, words, options, low, high, other from prompt
           where company = $1 and question = $2 order by position""",
        company_id,
        question_id,
    )
