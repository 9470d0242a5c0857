"""What the worker reads before it sorts: words without excerpts, excerpts without a place, and where others lie."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_in_steps, fetch_one


class Unread(Struct, frozen=True):
    """An answer in words that has not been split yet."""

    id: UUID
    question: UUID
    response: UUID
    words: str


class Loose(Struct, frozen=True):
    """An excerpt that has no place yet."""

    id: UUID
    words: str
    language: str
    vector: bytes


class Known(Struct, frozen=True, gc=False):  # of 100,000 there is much to walk, and nothing goes in circles
    """One excerpt of a regroup. theme: where it lies, or None; heir: the theme that speaks for that.

    held: it stays there, because a member or its fan put it there, or the fan was already answered about it in public.
    second: its vector of the second model, None until that has read it.
    """

    id: UUID
    answer: UUID
    words: str
    language: str
    vector: bytes
    theme: UUID | None
    heir: UUID | None
    by_person: bool
    held: bool
    wording: int | None = None
    second: bytes | None = None


class Tie(Struct, frozen=True):
    """A theme that speaks for itself. lasting: people hold on to it, so no grouping may empty it.

    entry: what it is in the codebook; empty where its excerpts name it, by terms.
    """

    id: UUID
    named: bool
    name: str
    definition: str
    terms: list[str]
    entry: str
    lasting: bool


class Refused(Struct, frozen=True):
    """A person said that this excerpt does not belong there."""

    excerpt: UUID
    theme: UUID


class Run(Struct, frozen=True):
    id: UUID
    excerpts: int
    placed: int
    method: str


class Of(Struct, frozen=True):
    """What of a company matters to reading. asked: the titles of its questions."""

    timezone: str
    language: str
    asked: list[str]


class Sums(Struct, frozen=True):
    excerpts: int
    unsorted: int


async def company_read(company_id: UUID) -> Of | None:
    """None for a company that is not there (any more)."""
    return await fetch_one(
        Of,
        """select timezone, languages[1] as language,
                  array(select title from question where company = $1 and state <> 'draft' order by id) as asked
           from company where id = $1""",
        company_id,
    )


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


async def loose(
    company_id: UUID, *, response: UUID | None = None, answers: list[UUID] | None = None
) -> list[Loose]:
    """Unsorted excerpts of one response, or of these answers."""
    return await fetch(
        Loose,
        """select e.id, substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  coalesce(nullif(e.language, ''), r.language) as language, e.vector
           from excerpt e join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           where e.company = $1 and (e.response = $2 or e.answer = any($3)) and e.vector is not null
             and r.state in ('counted', 'held') and not r.test
             and not exists (select from placement p where p.company = e.company and p.excerpt = e.id)
           order by e.id""",
        company_id,
        response,
        answers or [],
    )


async def known(company_id: UUID) -> list[Known]:
    """Every excerpt of counted answers, but for those of which a person said that they belong nowhere.

    In an order that only what was said decides: ids are drawn by chance, and who speaks for equal words, and which of
    them is read first, must not hang on it.
    """
    return await fetch_in_steps(
        Known,
        """with answered as (
               select distinct t.heir from note_theme l
               join note n on n.company = l.company and n.id = l.note and n.state <> 'draft'
               join theme t on t.company = l.company and t.id = l.theme where l.company = $1)
           select e.id, e.answer, substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  coalesce(nullif(e.language, ''), r.language) as language, e.vector,
                  p.theme, t.heir, coalesce(p.by = 'person', false) as by_person,
                  coalesce(p.by <> 'machine' or t.heir in (select heir from answered), false) as held,
                  e.wording, e.second
           from excerpt e
           join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           where e.company = $1 and e.vector is not null and r.state = 'counted' and not r.test
             and (p.id is null or p.theme is not null)
           order by a.words collate "C", e.answer, e.starts, e.id""",
        company_id,
    )


async def ties(company_id: UUID) -> list[Tie]:
    """Without suggestions of which a person said that they are no theme."""
    return await fetch(
        Tie,
        """select h.id, h.state = 'named' as named, h.name, h.definition, h.terms, h.entry,
                  h.state = 'named' or h.weight_reason <> ''
                  or exists (select from theme t where t.company = h.company and t.heir = h.id and t.id <> h.id)
                  or exists (select from theme t join action_theme l on l.company = t.company and l.theme = t.id
                             where t.company = h.company and t.heir = h.id)
                  or exists (select from theme t join note_theme l on l.company = t.company and l.theme = t.id
                             where t.company = h.company and t.heir = h.id) as lasting
           from theme h
           where h.company = $1 and h.heir = h.id and (h.state = 'named' or not exists (
               select from proposal k
               where k.company = h.company and k.theme = h.id and k.kind = 'new' and k.state = 'refused'))
           order by h.id""",
        company_id,
    )


async def refused(company_id: UUID) -> list[Refused]:
    """By the theme that speaks for the one it was said of."""
    return await fetch(
        Refused,
        """select distinct v.excerpt, t.heir as theme
           from refusal v join theme t on t.company = v.company and t.id = v.theme
           where v.company = $1 order by excerpt, theme""",
        company_id,
    )


async def last_run(company_id: UUID) -> Run | None:
    return await fetch_one(
        Run,
        """select id, excerpts, placed, method from grouping_run
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
