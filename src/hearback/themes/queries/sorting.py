"""What the worker reads before it sorts: words without excerpts, excerpts without a place, and where others lie."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value

EXAMPLES = (
    200  # excerpts of one theme that new ones are compared with; more would change who is nearest very little
)


class Unread(Struct, frozen=True):
    """An answer in words that has not been split yet."""

    id: UUID
    question: UUID
    response: UUID
    words: str


class Loose(Struct, frozen=True):
    """An excerpt that has no place yet."""

    id: UUID
    vector: bytes


class Placed(Struct, frozen=True):
    """theme: the one that speaks for where it lies."""

    theme: UUID
    vector: bytes


class Known(Struct, frozen=True):
    """One excerpt of a regroup. theme: where it lies, or None; heir: the theme that speaks for that.

    held: it stays there, because a person put it there or the fan was already answered about it in public.
    """

    id: UUID
    words: str
    vector: bytes
    theme: UUID | None
    heir: UUID | None
    held: bool
    wording: int | None = None


class Tie(Struct, frozen=True):
    """A theme that speaks for itself. lasting: people hold on to it, so no grouping may empty it."""

    id: UUID
    named: bool
    lasting: bool


class Run(Struct, frozen=True):
    """The last grouping: its id, its figures, and what joining needs of it."""

    id: UUID
    excerpts: int
    placed: int
    centre: bytes
    least: float


class Sums(Struct, frozen=True):
    excerpts: int
    unsorted: int


async def timezone(company_id: UUID) -> str | None:
    """None for a company that is not there (any more)."""
    found: str | None = await fetch_value("select timezone from company where id = $1", company_id)
    return found


async def unread_answers(company_id: UUID, response_id: UUID | None = None) -> list[UUID]:
    """Answers in words without any excerpt, of one response or of all; in an order that only content decides."""
    return await fetch_column(
        """select a.id from answer a join response r on r.company = a.company and r.id = a.response
           where a.company = $1 and ($2::uuid is null or a.response = $2) and a.words <> ''
             and r.state in ('counted', 'held') and not r.test
             and not exists (select from excerpt e where e.company = a.company and e.answer = a.id)
           order by length(a.words), a.words collate "C", a.id""",
        company_id,
        response_id,
    )


async def unread(company_id: UUID, answer_ids: list[UUID]) -> list[Unread]:
    """In the order of the ids."""
    return await fetch(
        Unread,
        """select a.id, r.question, r.id as response, a.words
           from answer a join response r on r.company = a.company and r.id = a.response
           where a.company = $1 and a.id = any($2) order by array_position($2, a.id)""",
        company_id,
        answer_ids,
    )


async def unread_since(day: date) -> list[tuple[UUID, str]]:
    """Words of answers of all companies that came since that day and have no excerpt, each with its company."""
    rows = await fetch(
        _Missed,
        """select a.company, a.words from response r join answer a on a.company = r.company and a.response = r.id
           where r.day >= $1 and r.state in ('counted', 'held') and not r.test and a.words <> ''
             and not exists (select from excerpt e where e.company = a.company and e.answer = a.id)""",
        day,
    )
    return [(row.company, row.words) for row in rows]


class _Missed(Struct, frozen=True):
    company: UUID
    words: str


async def loose(company_id: UUID, response_id: UUID | None = None) -> list[Loose]:
    """Unsorted excerpts of one response, or of all counted ones."""
    return await fetch(
        Loose,
        """select e.id, e.vector from excerpt e join response r on r.company = e.company and r.id = e.response
           where e.company = $1 and ($2::uuid is null or e.response = $2) and e.vector is not null
             and r.state in ('counted', 'held') and not r.test
             and not exists (select from placement p where p.company = e.company and p.excerpt = e.id)
           order by e.id""",
        company_id,
        response_id,
    )


async def examples(company_id: UUID) -> list[Placed]:
    """The surest excerpts of each theme, those that people placed before all others."""
    return await fetch(
        Placed,
        """select s.heir as theme, e.vector from (
               select t.heir, p.excerpt, row_number() over (
                   partition by t.heir order by p.by = 'person' desc, p.confidence desc, p.excerpt) as rank
               from placement p
               join theme t on t.company = p.company and t.id = p.theme
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where p.company = $1 and r.state = 'counted' and not r.test) s
           join excerpt e on e.company = $1 and e.id = s.excerpt
           where s.rank <= $2 and e.vector is not null
           order by s.heir, s.rank""",
        company_id,
        EXAMPLES,
    )


async def known(company_id: UUID) -> list[Known]:
    """Every excerpt of counted answers, but for those of which a person said that they belong nowhere."""
    return await fetch(
        Known,
        """with answered as (
               select distinct t.heir from note_theme l
               join note n on n.company = l.company and n.id = l.note and n.state <> 'draft'
               join theme t on t.company = l.company and t.id = l.theme where l.company = $1)
           select e.id, substr(a.words, e.starts + 1, e.ends - e.starts) as words, e.vector, p.theme, t.heir,
                  coalesce(p.by = 'person' or t.heir in (select heir from answered), false) as held, e.wording
           from excerpt e
           join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           where e.company = $1 and e.vector is not null and r.state = 'counted' and not r.test
             and (p.id is null or p.theme is not null)
           order by e.id""",
        company_id,
    )


async def ties(company_id: UUID) -> list[Tie]:
    return await fetch(
        Tie,
        """select h.id, h.state = 'named' as named,
                  h.state = 'named' or h.weight_reason <> ''
                  or exists (select from theme t where t.company = h.company and t.heir = h.id and t.id <> h.id)
                  or exists (select from theme t join action_theme l on l.company = t.company and l.theme = t.id
                             where t.company = h.company and t.heir = h.id)
                  or exists (select from theme t join note_theme l on l.company = t.company and l.theme = t.id
                             where t.company = h.company and t.heir = h.id) as lasting
           from theme h where h.company = $1 and h.heir = h.id""",
        company_id,
    )


async def last_run(company_id: UUID) -> Run | None:
    return await fetch_one(
        Run,
        """select id, excerpts, placed, centre, least from grouping_run
           where company = $1 order by at desc, id desc limit 1""",
        company_id,
    )


async def sums(company_id: UUID) -> Sums:
    """Of counted answers, but for what a person put nowhere on purpose."""
    found = await fetch_one(
        Sums,
        """select count(*) filter (where p.id is null or p.theme is not null) as excerpts,
                  count(*) filter (where p.id is null) as unsorted
           from excerpt e
           join response r on r.company = e.company and r.id = e.response
           left join placement p on p.company = e.company and p.excerpt = e.id
           where e.company = $1 and r.state = 'counted' and not r.test""",
        company_id,
    )
    return found or Sums(0, 0)
