"""Responses as the desk reads them."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_value
from hearback.people.queries import Face
from hearback.refusals import NotFound


class Listed(Struct, frozen=True):
    """A response in the inbox. words: all it says in words; picks: chosen options and numbers, as words.

    others: prompts whose answer is none of the options, but among the words. enterer: the member who typed it in.
    """

    id: UUID
    question: UUID
    title: str
    state: str
    reason: str
    flag: str
    channel: str
    enterer: str | None
    language: str
    quoting: str
    first_name: str
    place: str
    day: date
    read_on: date | None
    corrected_on: date | None
    words_gone_on: date | None
    reader: str | None
    to_note: str | None
    words: list[str]
    picks: list[str]
    others: list[str]


class InTheme(Struct, frozen=True):
    """name: its terms, with commas between, while it is only suggested."""

    id: UUID
    name: str
    named: bool


class Sorted(Struct, frozen=True):
    """Where the words of one response lie, each wording once. unsorted: points nobody placed; nowhere: those put there
    on purpose."""

    themes: list[InTheme]
    unsorted: int
    nowhere: int


async def inbox(
    company_id: UUID,
    *,
    question: UUID | None = None,
    show: str = "all",
    after: tuple[date, UUID] | None = None,
    oldest_first: bool = False,
    limit: int = 30,
) -> list[Listed]:
    """Newest day first, or oldest. show: `unread`, `read`, `unsorted`, a state, or `all`; after: the last row seen."""
    ids = await fetch_column(
        """select r.id from response r
           where r.company = $1 and not r.test and ($2::uuid is null or r.question = $2)
             and case $3 when 'all' then true
                         when 'unread' then r.state = 'counted' and r.read_on is null
                         when 'read' then r.state = 'counted' and r.read_on is not null
                         when 'unsorted' then r.state = 'counted' and exists (
                             select from excerpt e
                             left join placement p on p.company = e.company and p.excerpt = e.id
                             where e.company = r.company and e.response = r.id and p.id is null)
                         else r.state = $3 end
             and ($4::date is null or (case when $6 then r.day - $4 else $4 - r.day end, r.id) > (0, $5))
           order by case when $6 then r.day - date '2000-01-01' else date '2000-01-01' - r.day end, r.id
           limit $7""",
        company_id,
        question,
        show,
        after[0] if after else None,
        after[1] if after else None,
        oldest_first,
        limit,
    )
    return await _listed(company_id, ids)


async def response(company_id: UUID, response_id: UUID) -> Listed:
    """Raises NotFound."""
    found = await _listed(company_id, [response_id])
    if not found:
        raise NotFound
    return found[0]


async def _listed(company_id: UUID, response_ids: list[UUID]) -> list[Listed]:
    """In the order of the ids. Words are looked up for a page only: joined before, all answers would be read."""
    return await fetch(
        Listed,
        """select r.id, r.question, q.title, r.state, r.reason, r.flag, r.channel,
                  (select name from member where company = r.company and id = r.entered_by) as enterer, r.language,
                  r.quoting, r.first_name, r.place, r.day, r.read_on, r.corrected_on, r.words_gone_on, m.name as reader,
                  (select slug from note where company = r.company and id = r.note) as to_note,
                  filled.words, filled.picks, filled.others
           from response r
           join question q on q.company = r.company and q.id = r.question
           left join member m on m.company = r.company and m.id = r.read_by
           cross join lateral (
               select coalesce(array_agg(a.words order by p.position, a.part) filter (where a.words <> ''), '{}')
                          as words,
                      coalesce(array_agg(p.words order by p.position) filter (where a.part = 'other'), '{}') as others,
                      coalesce(array_agg(rtrim(p.words, ':')
                          || case when right(p.words, 1) in ('?', '!', '.') then ' ' else ': ' end
                          || coalesce(a.number::text, array_to_string(
                                 array(select case p.kind when 'ranking' then place || '. ' else '' end
                                              || p.options[position + 1]
                                       from unnest(a.chosen) with ordinality as c (position, place)
                                       order by place), ', '))
                          order by p.position) filter (where a.number is not null or a.chosen <> '{}'), '{}') as picks
               from answer a join prompt p on p.company = a.company and p.id = a.prompt
               where a.company = r.company and a.response = r.id) as filled
           where r.company = $1 and r.id = any($2) and not r.test order by array_position($2, r.id)""",
        company_id,
        response_ids,
    )


async def sorted_into(company_id: UUID, response_ids: list[UUID], *, reader: str = "") -> dict[UUID, Sorted]:
    """Responses whose words nobody has split yet, or that have none, are left out.

    reader: the language of whoever reads the terms of suggested themes.
    """
    rows = await fetch(
        _Point,
        """select e.response, h.id as theme,
                  coalesce(theme_called(h.name, h.terms, h.terms_in, $3), '') as name,
                  coalesce(h.state = 'named', false) as named, p.id is null as unsorted,
                  count(distinct coalesce(e.wording::text, e.id::text)) as points
           from excerpt e
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           left join theme h on h.company = t.company and h.id = t.heir
           where e.company = $1 and e.response = any($2)
           group by e.response, h.id, p.id is null order by min(e.starts), h.id""",
        company_id,
        response_ids,
        reader,
    )
    points: dict[UUID, list[_Point]] = {}
    for row in rows:
        points.setdefault(row.response, []).append(row)
    return {response_id: _sorted(of) for response_id, of in points.items()}


class _Point(Struct, frozen=True):
    """Points of one response that lie in the same place."""

    response: UUID
    theme: UUID | None
    name: str
    named: bool
    unsorted: bool
    points: int


def _sorted(points: list[_Point]) -> Sorted:
    return Sorted(
        [InTheme(one.theme, one.name, one.named) for one in points if one.theme],
        sum(one.points for one in points if one.unsorted),
        sum(one.points for one in points if not one.unsorted and one.theme is None),
    )


async def others_with_the_same_wording(company_id: UUID, response_id: UUID) -> int:
    """To the same question."""
    others: int = await fetch_value(
        """select count(*) from answer_wording w
           join answer_wording o on o.company = w.company and o.question = w.question and o.wording = w.wording
                and o.response <> w.response
           where w.company = $1 and w.response = $2""",
        company_id,
        response_id,
    )
    return others


async def readers(company_id: UUID) -> list[Face]:
    """Everybody who can open an answer: that is every active member, and nobody else."""
    return await fetch(
        Face,
        """select m.id, m.name, m.role_title, m.face_digest, c.slug as company_slug
           from member m join company c on c.id = m.company
           where m.company = $1 and m.active order by m.name_key""",
        company_id,
    )
