"""What was received, counted and chosen, in figures that always add up."""

from uuid import UUID

from msgspec import Struct

from hearback.answering.rules import ResponseState
from hearback.database.engine import fetch, fetch_one, fetch_value


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


class Flagged(Struct, frozen=True):
    """Answers to one question in one state, for one reason of the program. flag: empty where it was a member's."""

    question: UUID
    title: str
    state: str
    flag: str
    n: int


class Pick(Struct, frozen=True):
    """How often an option, or a number of a scale, was chosen by counted responses.

    position: none for "something else". place: in a ranking, the mean of the places it was given, from 1.
    """

    prompt: UUID
    position: int | None
    n: int
    place: float | None


class Waiting(Struct, frozen=True):
    """Counted responses that nobody has read, and those with words that have no place yet."""

    unread: int
    unsorted: int


async def waiting(company_id: UUID, question_id: UUID | None = None) -> Waiting:
    """Of one question, or of all."""
    found = await fetch_one(
        Waiting,
        """select count(*) filter (where read_on is null) as unread,
                  (select count(*) from (
                       select distinct e.response from excerpt e
                       where e.company = $1 and ($2::uuid is null or e.question = $2)
                         and not exists (select from placement p where p.company = $1 and p.excerpt = e.id)) as loose
                   join response r on r.company = $1 and r.id = loose.response
                   where r.state = 'counted' and not r.test) as unsorted
           from response
           where company = $1 and ($2::uuid is null or question = $2) and state = 'counted' and not test""",
        company_id,
        question_id,
    )
    return found or Waiting(0, 0)


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


async def flagged(company_id: UUID, question_id: UUID | None = None) -> list[Flagged]:
    """What waits for a look, and what lies aside, by its reason; of one question, or of all. Most first."""
    return await fetch(
        Flagged,
        """select r.question, q.title, r.state, case when r.reason = '' then r.flag else '' end as flag, count(*) as n
           from response r join question q on q.company = r.company and q.id = r.question
           where r.company = $1 and ($2::uuid is null or r.question = $2) and r.state in ('held', 'set_aside')
             and not r.test
           group by r.question, q.title, r.state, 4 order by n desc, r.question, 4""",
        company_id,
        question_id,
    )


async def picks(company_id: UUID, question_id: UUID) -> list[Pick]:
    """For every option, every number of a scale and every "something else" that somebody chose."""
    return await fetch(
        Pick,
        """select a.prompt, c.pick as position, count(*) as n,
                  case when p.kind = 'ranking' then avg(c.place)::float8 end as place
           from answer a
           join prompt p on p.company = a.company and p.id = a.prompt
           join response r on r.company = a.company and r.id = a.response and r.state = 'counted' and not r.test
           cross join lateral unnest(case a.part when 'other' then array[null::smallint]
                                     else array_remove(a.chosen || a.number, null) end)
               with ordinality as c (pick, place)
           where a.company = $1 and r.question = $2
           group by p.position, p.kind, a.prompt, c.pick order by p.position, c.pick""",
        company_id,
        question_id,
    )
