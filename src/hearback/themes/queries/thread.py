"""Themes as other rooms need them: on the way from an answer to an action, a note and back.

A theme that was merged speaks through its heir everywhere, so ids of merged themes may be given too.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_value


class ThemeLabel(Struct, frozen=True):
    """A theme as it is called. name: what a person called it, else its terms with commas between.

    voices: different counted responses behind it. merged_into: the theme that speaks for it, None for itself.
    """

    id: UUID
    name: str
    named: bool
    definition: str
    voices: int
    weight_reason: str
    merged_into: UUID | None


class QuestionBehind(Struct, frozen=True):
    """A question whose answers stand behind some themes. counted: its responses there, each once."""

    id: UUID
    title: str
    slug: str
    counted: int


class Quotable(Struct, frozen=True):
    """Words that their fan lets us quote. first_name and place are empty unless quoting is `named`.

    alike: how many people who let us quote them say it in the same wording, this one included.
    """

    excerpt: UUID
    words: str
    language: str
    quoting: str
    first_name: str
    place: str
    day: date
    alike: int


async def voices(company_id: UUID, theme_ids: list[UUID]) -> int:
    """Different counted responses behind these themes together: people, not excerpts."""
    found: int = await fetch_value(
        """select count(distinct r.id)
           from theme w
           join theme t on t.company = w.company and t.heir = w.heir
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where w.company = $1 and w.id = any($2) and r.state = 'counted' and not r.test""",
        company_id,
        theme_ids,
    )
    return found


class _Spoken(Struct, frozen=True):
    language: str
    voices: int


async def languages_behind(company_id: UUID, theme_ids: list[UUID]) -> dict[str, int]:
    """The same people by the language in which they answered, most first."""
    found = await fetch(
        _Spoken,
        """select r.language, count(distinct r.id) as voices
           from theme w
           join theme t on t.company = w.company and t.heir = w.heir
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where w.company = $1 and w.id = any($2) and r.state = 'counted' and not r.test
           group by r.language order by voices desc, r.language""",
        company_id,
        theme_ids,
    )
    return {one.language: one.voices for one in found}


async def questions_behind(company_id: UUID, theme_ids: list[UUID]) -> list[QuestionBehind]:
    """Most voices first."""
    return await fetch(
        QuestionBehind,
        """select q.id, q.title, q.slug, count(distinct r.id) as counted
           from theme w
           join theme t on t.company = w.company and t.heir = w.heir
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           join question q on q.company = r.company and q.id = r.question
           where w.company = $1 and w.id = any($2) and r.state = 'counted' and not r.test
           group by q.id order by counted desc, q.id""",
        company_id,
        theme_ids,
    )


async def quotable_excerpts(
    company_id: UUID, theme_ids: list[UUID], *, chosen: Sequence[UUID] = (), limit: int = 30
) -> list[Quotable]:
    """Only what its fan lets us quote, one of each wording; named ones first, then by how surely it belongs, then the
    newest. chosen: these before all others, each."""
    return await fetch(
        Quotable,
        """with here as (
               select e.id, e.response, e.id = any($4) as chosen, r.quoting = 'named' as named, p.confidence, r.day,
                      coalesce(e.wording::text, e.id::text) as wording
               from placement p
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where p.company = $1 and r.state = 'counted' and not r.test and r.quoting <> 'no'
                 and p.theme in (select t.id from theme w join theme t on t.company = w.company and t.heir = w.heir
                                 where w.company = $1 and w.id = any($2))),
           alike as (select wording, count(distinct response)::int as n from here group by wording),
           ranked as (
               select *, row_number() over (
                   partition by wording order by chosen desc, named desc, confidence desc, day desc, id) as nth
               from here)
           select h.id as excerpt, substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language,
                  r.quoting, case r.quoting when 'named' then r.first_name else '' end as first_name,
                  case r.quoting when 'named' then r.place else '' end as place, r.day, l.n as alike
           from ranked h
           join alike l on l.wording = h.wording
           join excerpt e on e.company = $1 and e.id = h.id
           join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           where h.nth = 1 or h.chosen
           order by h.chosen desc, h.named desc, h.confidence desc, h.day desc, h.id limit $3""",
        company_id,
        theme_ids,
        limit,
        list(chosen),
    )


async def theme_labels(company_id: UUID, ids: list[UUID], *, reader: str = "") -> list[ThemeLabel]:
    """In the order of `ids`; ids that are not this company's are left out."""
    return await fetch(
        ThemeLabel,
        """select w.id, theme_called(h.name, h.terms, h.terms_in, $3) as name,
                  h.state = 'named' as named, h.definition, h.weight_reason,
                  nullif(h.id, w.id) as merged_into,
                  (select count(distinct r.id) from theme t
                   join placement p on p.company = t.company and p.theme = t.id
                   join excerpt e on e.company = p.company and e.id = p.excerpt
                   join response r on r.company = e.company and r.id = e.response
                   where t.company = h.company and t.heir = h.id and r.state = 'counted' and not r.test) as voices
           from theme w join theme h on h.company = w.company and h.id = w.heir
           where w.company = $1 and w.id = any($2)
           order by array_position($2, w.id)""",
        company_id,
        ids,
        reader,
    )


async def named_themes(company_id: UUID) -> list[ThemeLabel]:
    """For choosing one: those that speak for themselves and have a name, most voices first."""
    return await fetch(
        ThemeLabel,
        """select h.id, h.name, true as named, h.definition, h.weight_reason, null::uuid as merged_into,
                  count(distinct r.id) as voices
           from theme h
           join theme t on t.company = h.company and t.heir = h.id
           left join placement p on p.company = t.company and p.theme = t.id
           left join excerpt e on e.company = p.company and e.id = p.excerpt
           left join response r on r.company = e.company and r.id = e.response
                                   and r.state = 'counted' and not r.test
           where h.company = $1 and h.heir = h.id and h.state = 'named'
           group by h.id order by voices desc, h.name, h.id""",
        company_id,
    )
