"""Finding answers by their words and by what became of them; a constant number of queries, however many there are.

Words are found through the index `answer_words`: every word must stand in one answer, whatever its ending; a word of
four letters or more also begins longer ones. The functions (stems, near_keys, searchable) came with that index.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value

COMPARED = 20_000  # excerpts, for one look at what means the same
ID_BYTES = 16
COUNTED_UP_TO = 1000  # more than that nobody reads, and counting on would cost more than finding


class Wanted(Struct, frozen=True):
    """What a search asks for. theme: one that speaks for itself. lies: `unsorted` or `nowhere`; states: at least one.

    words: a tsquery that names the company too, or empty for whatever words. unspaced: letters and digits that must all
    stand in one answer, anywhere; no index knows them, so only the newest 20,000 responses are looked through.
    """

    states: list[str]
    words: str = ""
    question: UUID | None = None
    channel: str | None = None
    language: str | None = None
    theme: UUID | None = None
    lies: str | None = None
    first: date | None = None
    last: date | None = None
    unspaced: list[str] = []


class Asked(Struct, frozen=True):
    """Words as the index knows them. every: all of them, and the company; some: any of them, to mark hits with; each:
    word by word, each with the company, for what need not stand in one text.

    All are empty where only filler words were typed.
    """

    every: str
    some: str
    each: list[str]


class Point(Struct, frozen=True):
    """A piece of an answer. excerpt: None for words between the points, and where nobody has split them yet.

    lies: the theme that speaks for where it lies, `nowhere`, or `unsorted`; by: who put it there. wording: the same
    number for all copies; None where nobody looked yet.
    """

    response: UUID
    answer: UUID
    excerpt: UUID | None
    words: str
    starts: int
    ends: int
    lies: str
    theme: str | None
    named: bool
    by: str | None
    language: str
    wording: int | None


class Vector(Struct, frozen=True):
    """vector: 512 float32, little-endian; empty until the worker has read the excerpt."""

    excerpt: UUID
    response: UUID
    vector: bytes


class Excerpts(Struct, frozen=True):
    """Ids as bytes, one behind the other. responses: that the excerpts stand in, in the same order."""

    excerpts: bytes = b""
    responses: bytes = b""

    def __len__(self) -> int:
        return len(self.excerpts) // ID_BYTES

    def row_of(self, excerpt: UUID) -> int | None:
        at = self.excerpts.find(excerpt.bytes)
        while at % ID_BYTES and at >= 0:  # the end of one id and the beginning of the next
            at = self.excerpts.find(excerpt.bytes, at + 1)
        return None if at < 0 else at // ID_BYTES

    def pair(self, row: int) -> tuple[UUID, UUID]:
        """An excerpt and its response."""
        here = slice(row * ID_BYTES, (row + 1) * ID_BYTES)
        return UUID(bytes=self.excerpts[here]), UUID(bytes=self.responses[here])


class About(Struct, frozen=True):
    """A response that was found, but for its words."""

    id: UUID
    day: date
    question: str
    language: str
    channel: str
    state: str
    reason: str
    flag: str
    quoting: str


async def asked_for(company_id: UUID, words: Sequence[str], phrases: Sequence[str], *, near: bool) -> Asked:
    """words: letters and digits only. near: words that differ by one slip from a typed one are found too;
    a slip in an ending hides it from the stemmer, so the typed word is also tried without its last letters.
    """
    found = await fetch_one(
        Asked,
        """with term as (
               select at, to_tsquery('pg_catalog.german', folded(word) || tail)
                          || to_tsquery('pg_catalog.english', word || tail)
                          || case when $4 then coalesce((
                                 select string_agg(quote_literal(key), ' | ')
                                 from unnest(near_keys(german_stems(word)) || array(
                                     select '~' || left(folded(word), length(folded(word)) - cut)
                                     from generate_series(1, 3) as cut where length(folded(word)) >= 7)) as key),
                                 '')::tsquery
                                  else ''::tsquery end as query
               from unnest($2::text[]) with ordinality as typed (word, at)
               cross join lateral (select case when length(word) >= 4 then ':*' else '' end) as prefix (tail)
               union all
               select at + 1000, phraseto_tsquery('pg_catalog.german', folded(phrase))
                                 || phraseto_tsquery('pg_catalog.english', phrase)
               from unnest($3::text[]) with ordinality as typed (phrase, at))
           select coalesce(quote_literal('=' || $1::uuid) || ' & '
                           || string_agg('(' || query::text || ')', ' & ' order by at), '') as every,
                  coalesce(string_agg('(' || query::text || ')', ' | ' order by at), '') as some,
                  coalesce(array_agg(quote_literal('=' || $1::uuid) || ' & (' || query::text || ')' order by at), '{}')
                      as each
           from term where numnode(query) > 0""",
        company_id,
        words,
        phrases,
        near,
    )
    return found or Asked("", "", [])


# `$2 = ''` is known when a plan is made for the values, which is why both ways cost only what they need.
_FOUND = """
    from response r
    where r.company = $1 and not r.test and r.state = any($3)
      and ($4::uuid is null or r.question = $4)
      and ($5::text is null or r.channel = $5)
      and ($6::text is null or coalesce(
          (select bool_or(e.language = $6) from excerpt e
           where e.company = r.company and e.response = r.id and e.language <> ''), r.language = $6))
      and ($7::date is null or r.day >= $7)
      and ($8::date is null or r.day <= $8)
      and ($2 = '' or r.id in (
          select a.response from answer a
          where a.company = $1 and a.words <> '' and searchable(a.company, a.words) @@ $2::tsquery))
      and ($9::uuid is null or r.id in (
          select e.response from theme t
          join placement p on p.company = t.company and p.theme = t.id
          join excerpt e on e.company = p.company and e.id = p.excerpt
          where t.company = $1 and t.heir = $9))
      and ($10::text is distinct from 'nowhere' or r.id in (
          select e.response from placement p join excerpt e on e.company = p.company and e.id = p.excerpt
          where p.company = $1 and p.theme is null))
      and ($10::text is distinct from 'unsorted' or exists (
          select from excerpt e where e.company = r.company and e.response = r.id and not exists (
              select from placement p where p.company = e.company and p.excerpt = e.id)))
      and ($11::text[] = '{}' or r.id in (
          select a.response from answer a where a.company = $1 and a.words ilike all($11) and a.response in (
              select n.id from response n where n.company = $1 order by n.day desc, n.id desc limit 20000)))
      and ($2 <> '' or exists (
          select from answer w where w.company = r.company and w.response = r.id and w.words <> ''))
"""
_PAGE = (
    "select r.id"
    + _FOUND
    + """ and ($12::date is null or (r.day, r.id) < ($12, $13::uuid)) order by r.day desc, r.id desc limit $14"""
)
# One row of bytes: twenty thousand ids, each decoded by itself, would cost more than comparing what they name.
_EXCERPTS = (  # all of it literals
    """select coalesce(string_agg(uuid_send(excerpt), ''), '') as excerpts,
              coalesce(string_agg(uuid_send(response), ''), '') as responses
       from (select e.id as excerpt, e.response from (select r.id, r.day"""  # noqa: S608
    + _FOUND
    + """ order by r.day desc, r.id desc limit $12) as found
         join excerpt e on e.company = $1 and e.response = found.id
         where e.vector is not null
         order by found.day desc, e.id limit $12) as newest"""
)
_COUNT = "select count(*) from (select" + _FOUND + " limit $12) as found"  # noqa: S608  (both are literals)


async def page(
    company_id: UUID, wanted: Wanted, *, after: tuple[date, UUID] | None, limit: int
) -> list[UUID]:
    """Responses, newest day first. after: the day and id of the last one that was shown."""
    day, last = after or (None, None)
    return await fetch_column(_PAGE, company_id, *_values(wanted), day, last, limit)


async def count(company_id: UUID, wanted: Wanted) -> int:
    """One more than COUNTED_UP_TO where there are more."""
    found: int = await fetch_value(_COUNT, company_id, *_values(wanted), COUNTED_UP_TO + 1)
    return found


async def excerpts(company_id: UUID, wanted: Wanted) -> Excerpts:
    """The newest that fit and have been read, at most COMPARED."""
    found = await fetch_one(Excerpts, _EXCERPTS, company_id, *_values(wanted), COMPARED)
    return found or Excerpts()


async def vectors(company_id: UUID, excerpt_ids: Sequence[bytes]) -> bytes:
    """One behind the other, in the order of the ids, which all must have one."""
    found: bytes = await fetch_value(
        """select coalesce(string_agg(e.vector, '' order by x.at), '')
           from unnest($2::text[]) with ordinality as x (id, at)
           join excerpt e on e.company = $1 and e.id = x.id::uuid""",
        company_id,
        [one.hex() for one in excerpt_ids],
    )
    return found


async def vector(company_id: UUID, excerpt_id: UUID) -> Vector | None:
    """Of one excerpt; None where it is not there, or counts no more."""
    return await fetch_one(
        Vector,
        """select e.id as excerpt, e.response, coalesce(e.vector, '') as vector
           from excerpt e join response r on r.company = e.company and r.id = e.response
           where e.company = $1 and e.id = $2 and not r.test and r.state in ('counted', 'held')""",
        company_id,
        excerpt_id,
    )


def _values(wanted: Wanted) -> tuple[object, ...]:
    return (
        wanted.words,
        wanted.states,
        wanted.question,
        wanted.channel,
        wanted.language,
        wanted.first,
        wanted.last,
        wanted.theme,
        wanted.lies,
        [f"%{word}%" for word in wanted.unspaced],
    )


async def about(company_id: UUID, response_ids: Sequence[UUID]) -> Mapping[UUID, About]:
    rows = await fetch(
        About,
        """select r.id, r.day, q.title as question, r.language, r.channel, r.state, r.reason, r.flag, r.quoting
           from response r join question q on q.company = r.company and q.id = r.question
           where r.company = $1 and r.id = any($2)""",
        company_id,
        response_ids,
    )
    return {row.id: row for row in rows}


async def points(company_id: UUID, response_ids: Sequence[UUID], *, reader: str = "") -> list[Point]:
    """All that these responses say in words: their excerpts, and each answer whole that has none; as they were written.

    What stands between two excerpts is for `pieces` to fill in: `words` of an excerpt's answer come with its first.
    """
    return await fetch(
        Point,
        """select a.response, a.id as answer, e.id as excerpt, a.words, coalesce(e.starts, 0) as starts,
                  coalesce(e.ends, 0) as ends,
                  case when p.id is null then 'unsorted' when h.id is null then 'nowhere' else h.id::text end as lies,
                  theme_called(h.name, h.terms, h.terms_in, $3) as theme,
                  coalesce(h.state = 'named', false) as named, p.by,
                  coalesce(case e.language when 'other' then 'und' else nullif(e.language, '') end, r.language)
                      as language, e.wording
           from answer a
           join response r on r.company = a.company and r.id = a.response
           join prompt w on w.company = a.company and w.id = a.prompt
           left join excerpt e on e.company = a.company and e.answer = a.id
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           left join theme h on h.company = t.company and h.id = t.heir
           where a.company = $1 and a.response = any($2) and a.words <> ''
           order by a.response, w.position, a.part, a.id, e.starts""",
        company_id,
        response_ids,
        reader,
    )


async def hits_among(words: Sequence[str], some: str, *, near: bool) -> set[str]:
    """Which of the words the search has found; phrases are marked by their words."""
    found = await fetch_column(
        """select word from unnest($1::text[]) as word
           where case when $3 then stems(word) || array_to_tsvector(near_keys(german_stems(word)))
                      else stems(word) end @@ $2::tsquery""",
        words,
        some,
        near,
    )
    return set(found)


class Target(Struct, frozen=True):
    """A theme that speaks for itself. name: its terms while it is only suggested."""

    id: UUID
    name: str
    named: bool


class View(Struct, frozen=True):
    """A saved search. who: whose it is; mine: whether it is the one's who asks."""

    id: UUID
    name: str
    query: str
    for_all: bool
    who: str
    mine: bool


async def targets(company_id: UUID, *, reader: str = "") -> list[Target]:
    """Where something can lie, by name; suggestions in which nothing lies are left out."""
    return await fetch(
        Target,
        """with called as materialized (
               select h.id, theme_called(h.name, h.terms, h.terms_in, $2) as name, h.state
               from theme h
               where h.company = $1 and h.heir = h.id and (h.state = 'named' or exists (
                   select from theme s join placement p on p.company = s.company and p.theme = s.id
                   where s.company = h.company and s.heir = h.id)))
           select id, name, state = 'named' as named from called order by state, folded(name), id""",
        company_id,
        reader,
    )


async def views(company_id: UUID, member_id: UUID) -> list[View]:
    """One's own and those for all, by name."""
    return await fetch(
        View,
        """select v.id, v.name, v.query, v.for_all, m.name as who, v.member = $2 as mine
           from saved_view v join member m on m.company = v.company and m.id = v.member
           where v.company = $1 and (v.member = $2 or v.for_all) order by folded(v.name), v.id""",
        company_id,
        member_id,
    )
