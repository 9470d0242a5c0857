"""The figures behind the pictures: who was heard, through which channel, in which language, and when.

Everything here counts people, once each, whatever they wrote.
"""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one

OF_EVERY_THEME = 5  # excerpts that are drawn of even the smallest theme, if it has so many


class Part(Struct, frozen=True):
    """What became of some of the answers. reason: a member's for setting them aside, flag: the program's.

    several: those of them in many themes.
    """

    part: str
    reason: str
    flag: str
    people: int
    several: int


class Coverage(Struct, frozen=True):
    """All that was received, each answer in exactly one part. tests: trial answers, which are in none.

    nowhere: a member put everything they said outside the themes. pointless: nothing to sort, such as a number,
    a greeting, or words that the program has not read yet. set_aside: a member's reason or
    the program's flag, and people, most first.
    """

    in_themes: int
    several: int
    unsorted: int
    nowhere: int
    pointless: int
    held: int
    set_aside: list[tuple[str, str, int]]
    withdrawn: int
    erased: int
    tests: int

    @property
    def aside(self) -> int:
        return sum(people for _, _, people in self.set_aside)

    @property
    def counted(self) -> int:
        return self.in_themes + self.unsorted + self.nowhere + self.pointless

    @property
    def received(self) -> int:
        return self.counted + self.held + self.aside + self.withdrawn + self.erased


async def coverage(company_id: UUID, *, question: UUID | None = None) -> Coverage:
    """Of one question, or of all. An answer with one point in a theme and one unsorted is in themes."""
    parts = await fetch(
        Part,
        """with said as (
               select e.response, count(distinct t.heir) as themes, bool_or(p.id is null) as unsorted
               from excerpt e
               left join placement p on p.company = e.company and p.excerpt = e.id
               left join theme t on t.company = p.company and t.id = p.theme
               where e.company = $1 and ($2::uuid is null or e.question = $2)
               group by e.response),
           sorted as (
               select case when r.test then 'test' when r.state <> 'counted' then r.state
                           when s.themes > 0 then 'in_themes' when s.unsorted then 'unsorted'
                           when s.response is not null then 'nowhere' else 'pointless' end as part,
                      case when r.state = 'set_aside' and not r.test then r.reason else '' end as reason,
                      case when r.state = 'set_aside' and not r.test and r.reason = '' then r.flag else '' end as flag,
                      coalesce(s.themes > 1, false) as several
               from response r left join said s on s.response = r.id
               where r.company = $1 and ($2::uuid is null or r.question = $2))
           select part, reason, flag, count(*) as people, count(*) filter (where several) as several
           from sorted group by part, reason, flag order by people desc, reason, flag""",
        company_id,
        question,
    )
    people = {one.part: one.people for one in parts if one.part != "set_aside"}
    return Coverage(
        in_themes=people.get("in_themes", 0),
        several=sum(one.several for one in parts if one.part == "in_themes"),
        unsorted=people.get("unsorted", 0),
        nowhere=people.get("nowhere", 0),
        pointless=people.get("pointless", 0),
        held=people.get("held", 0),
        set_aside=[(one.reason, one.flag, one.people) for one in parts if one.part == "set_aside"],
        withdrawn=people.get("withdrawn", 0),
        erased=people.get("erased", 0),
        tests=people.get("test", 0),
    )


class Voiced(Struct, frozen=True):
    """People of one theme on one day."""

    day: date
    people: int


class Shared(Struct, frozen=True):
    """People of one theme, or of all where theme is None, through a channel and in a language."""

    theme: UUID | None
    channel: str
    language: str
    people: int


class Dot(Struct, frozen=True):
    """An excerpt on the map. theme: the one that speaks for where it lies; None while it is in none."""

    excerpt: UUID
    theme: UUID | None
    x: float
    y: float
    words: str
    language: str


class Drawn(Struct, frozen=True):
    """The newest map. excerpts: how many there were to draw from."""

    excerpts: int
    at: datetime


async def voiced(company_id: UUID, theme_id: UUID) -> list[Voiced]:
    """Only days on which somebody spoke of the theme, the first one first."""
    return await fetch(
        Voiced,
        """select r.day, count(distinct r.id) as people
           from theme t
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where t.company = $1 and t.heir = $2 and r.state = 'counted' and not r.test
           group by r.day order by r.day""",
        company_id,
        theme_id,
    )


async def shared(company_id: UUID, *, question: UUID | None = None) -> list[Shared]:
    """Of every theme, and of all who are in a theme; of one question, or of all.

    Whoever speaks two languages counts once, in the one that most of what they say there is in.
    """
    return await fetch(
        Shared,
        """with said as (
               select t.heir, r.id, r.channel, coalesce(nullif(e.language, ''), r.language) as language,
                      sum(e.ends - e.starts) as letters
               from theme t
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where t.company = $1 and r.state = 'counted' and not r.test and ($2::uuid is null or r.question = $2)
               group by 1, 2, 3, 4),
           summed as (
               select heir, id, channel, language, sum(letters) as letters from said
               group by grouping sets ((heir, id, channel, language), (id, channel, language))),
           mostly as (
               select distinct on (heir, id) heir as theme, channel, language from summed
               order by heir, id, letters desc, language)
           select theme, channel, language, count(*) as people from mostly
           group by theme, channel, language order by theme, channel, language""",
        company_id,
        question,
    )


async def dots(company_id: UUID, *, question: UUID | None = None) -> list[Dot]:
    """What is drawn and still counts, in an order that stays. words: all of them, for what is cut is masked no more."""
    return await fetch(
        Dot,
        """select e.id as excerpt, t.heir as theme, s.x, s.y,
                  substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language
           from spot s
           join excerpt e on e.company = s.company and e.id = s.excerpt
           join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           where s.company = $1 and r.state = 'counted' and not r.test and ($2::uuid is null or r.question = $2)
           order by e.id""",
        company_id,
        question,
    )


async def drawn(company_id: UUID) -> Drawn | None:
    return await fetch_one(Drawn, "select excerpts, at from drawing where company = $1", company_id)


class Drawable(Struct, frozen=True):
    """An excerpt to be drawn. x, y: where it lay on the last map."""

    id: UUID
    vector: bytes
    x: float | None
    y: float | None


class Wanted(Struct, frozen=True):
    """What the next map shows, of how many."""

    excerpts: list[Drawable]
    of: int


async def to_draw(company_id: UUID, *, limit: int) -> Wanted:
    """A few of every theme, so that no small one is missing, then the others evenly.

    An excerpt's id is a random number: the first ones by id are an even draw, and the same one the next time.
    """
    found = await fetch(
        _Ranked,
        """with counted as materialized (
               select e.id, row_number() over (partition by t.heir order by e.id) as rank
               from excerpt e
               join response r on r.company = e.company and r.id = e.response
               left join placement p on p.company = e.company and p.excerpt = e.id
               left join theme t on t.company = p.company and t.id = p.theme
               where e.company = $1 and e.vector is not null and r.state = 'counted' and not r.test)
           select e.id, e.vector, s.x, s.y, (select count(*) from counted) as of
           from (select id from counted order by rank > $3, id limit $2) c
           join excerpt e on e.company = $1 and e.id = c.id
           left join spot s on s.company = e.company and s.excerpt = e.id
           order by e.id""",
        company_id,
        limit,
        OF_EVERY_THEME,
    )
    excerpts = [Drawable(one.id, one.vector, one.x, one.y) for one in found]
    return Wanted(excerpts, found[0].of if found else 0)


class _Ranked(Struct, frozen=True):
    id: UUID
    vector: bytes
    x: float | None
    y: float | None
    of: int


async def spotted(company_id: UUID) -> set[UUID]:
    """The excerpts that are on the map."""
    return set(await fetch_column("select excerpt from spot where company = $1", company_id))


async def outdated() -> list[UUID]:
    """Companies with themes whose excerpts have become more or fewer since their map, or that have none."""
    return await fetch_column(
        """select c.company from (
               select e.company, count(*) as n from excerpt e
               join response r on r.company = e.company and r.id = e.response
               where e.vector is not null and r.state = 'counted' and not r.test group by e.company) c
           left join drawing d on d.company = c.company
           where exists (select from theme t where t.company = c.company)
             and c.n is distinct from d.excerpts
           order by c.company"""
    )


class Named(Struct, frozen=True):
    """A theme that speaks for itself. name: its terms while it is only suggested."""

    id: UUID
    name: str
    named: bool
    weight_reason: str


async def named(company_id: UUID, *, reader: str = "") -> list[Named]:
    return await fetch(
        Named,
        """select id, theme_called(name, terms, terms_in, $2) as name, state = 'named' as named,
                  weight_reason
           from theme where company = $1 and heir = id order by id""",
        company_id,
        reader,
    )
