"""Responses as the desk reads them, and the sums that always add up."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.answering.rules import ResponseState
from hearback.database.engine import fetch, fetch_one, fetch_value
from hearback.people.queries import Face
from hearback.refusals import NotFound


class Listed(Struct, frozen=True):
    """A response in the inbox. words: its open answers; picks: chosen options and numbers, as words."""

    id: UUID
    question: UUID
    title: str
    state: str
    reason: str
    channel: str
    language: str
    quoting: str
    first_name: str
    place: str
    day: date
    read_on: date | None
    reader: str | None
    words: list[str]
    picks: list[str]


class Sums(Struct, frozen=True):
    """All that was received, by what became of it."""

    counted: int
    held: int
    set_aside: int
    withdrawn: int
    erased: int

    @property
    def received(self) -> int:
        return self.counted + self.held + self.set_aside + self.withdrawn + self.erased


class Pick(Struct, frozen=True):
    """How often an option, or a number of a scale, was chosen by counted responses."""

    prompt: UUID
    position: int
    n: int


SELECT = """
    select r.id, r.question, q.title, r.state, r.reason, r.channel, r.language, r.quoting, r.first_name, r.place,
           r.day, r.read_on, m.name as reader,
           coalesce(array_agg(a.words order by p.position) filter (where a.words <> ''), '{}') as words,
           coalesce(array_agg(rtrim(p.words, ':')
               || case when right(p.words, 1) in ('?', '!', '.') then ' ' else ': ' end
               || coalesce(a.number::text, array_to_string(
                      array(select p.options[position + 1] from unnest(a.chosen) as position), ', '))
               order by p.position) filter (where a.number is not null or a.chosen <> '{}'), '{}') as picks
    from response r
    join question q on q.company = r.company and q.id = r.question
    left join member m on m.company = r.company and m.id = r.read_by
    left join answer a on a.company = r.company and a.response = r.id
    left join prompt p on p.company = a.company and p.id = a.prompt
"""


async def inbox(
    company_id: UUID,
    *,
    question: UUID | None = None,
    show: str = "counted",
    before: tuple[date, UUID] | None = None,
    limit: int = 30,
) -> list[Listed]:
    """Newest day first. show: `unread`, `counted`, `set_aside`, `withdrawn` or `all`; before: the last row seen."""
    day, last = before or (date.max, UUID(int=0))
    return await fetch(
        Listed,
        SELECT
        + """where r.company = $1 and not r.test and ($2::uuid is null or r.question = $2)
               and case $3 when 'unread' then r.state = 'counted' and r.read_on is null
                           when 'all' then true else r.state = $3 end
               and (r.day < $4 or (r.day = $4 and r.id > $5))
             group by r.company, r.id, q.title, m.name
             order by r.day desc, r.id limit $6""",
        company_id,
        question,
        show,
        day,
        last,
        limit,
    )


async def response(company_id: UUID, response_id: UUID) -> Listed:
    """Raises NotFound."""
    found = await fetch_one(
        Listed,
        SELECT
        + "where r.company = $1 and r.id = $2 and not r.test group by r.company, r.id, q.title, m.name",
        company_id,
        response_id,
    )
    if found is None:
        raise NotFound
    return found


async def sums(company_id: UUID, question_id: UUID | None = None) -> Sums:
    """Of one question, or of all."""
    states = [state.value for state in ResponseState]
    found = await fetch_value(
        """select array(select count(r.id) from unnest($3::text[]) with ordinality as s (state, at)
                        left join response r on r.company = $1 and r.state = s.state and not r.test
                             and ($2::uuid is null or r.question = $2)
                        group by s.at order by s.at)""",
        company_id,
        question_id,
        states,
    )
    return Sums(*found)


async def picks(company_id: UUID, question_id: UUID) -> list[Pick]:
    """For every option of every choice prompt, and every number of a scale, that somebody chose."""
    return await fetch(
        Pick,
        """select a.prompt, pick as position, count(*) as n
           from answer a
           join response r on r.company = a.company and r.id = a.response and r.state = 'counted' and not r.test
           cross join lateral unnest(array_remove(a.chosen || a.number, null)) as pick
           where a.company = $1 and r.question = $2 group by a.prompt, pick order by a.prompt, pick""",
        company_id,
        question_id,
    )


async def readers(company_id: UUID) -> list[Face]:
    """Everybody who can open an answer: that is every active member, and nobody else."""
    return await fetch(
        Face,
        """select m.id, m.name, m.role_title, m.face_digest, c.slug as company_slug
           from member m join company c on c.id = m.company
           where m.company = $1 and m.active order by m.name_key""",
        company_id,
    )
