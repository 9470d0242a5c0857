"""What stands behind a bar in a fan's answer, and where our own texts still say it."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column
from hearback.trust.quoted import Repeat, Said, is_telling, longest_word, of_parts, quoted


class Covered(Struct, frozen=True):
    """part: what the fan wrote there; themes: that their answer is in."""

    part: str
    themes: list[UUID]


class OurText(Struct, frozen=True):
    """place: its table and column, or what stands for them; row: there; themes: heirs of those it is about."""

    place: str
    row: UUID
    words: str
    themes: list[UUID]


Ours = TypeVar("Ours", bound=OurText)


async def covered_parts(company_id: UUID) -> list[Covered]:
    covers = await fetch(
        Covered,
        """select distinct substr(a.own_words, v.starts + 1, v.ends - v.starts) as part,
                  array(select distinct t.heir from excerpt e
                        join placement p on p.company = e.company and p.excerpt = e.id
                        join theme t on t.company = p.company and t.id = p.theme
                        where e.company = v.company and e.response = v.response) as themes
           from cover v join answer a on a.company = v.company and a.id = v.answer
           where v.company = $1 and a.own_words is not null""",
        company_id,
    )
    return [cover for cover in covers if longest_word(cover.part)]


def of_themes(covers: Sequence[Covered], themes: Collection[UUID]) -> Said:
    """A single name or word may mean somebody else in a text on other matters; a whole thought does not."""
    about = frozenset(themes)
    return of_parts(
        cover.part for cover in covers if is_telling(cover.part) or not about.isdisjoint(cover.themes)
    )


async def repeated_covers(
    company_id: UUID, themes: Sequence[UUID], fields: Mapping[str, str]
) -> list[Repeat]:
    """Where the fields of a text on these themes say what is covered."""
    covers = await covered_parts(company_id)
    if not covers:
        return []
    heirs = await fetch_column(
        "select distinct heir from theme where company = $1 and id = any($2)", company_id, list(themes)
    )
    said = of_themes(covers, heirs)
    return [
        Repeat(field, part, covered=True) for field, text in fields.items() for part in quoted(text, said)
    ]


def telling(covers: Sequence[Covered]) -> list[str]:
    """What a text must hold to be worth reading closely: patterns for `ilike any`."""
    words = {longest_word(cover.part).replace("_", r"\_") for cover in covers}
    return [f"%{word}%" for word in words]


async def theme_texts(
    company_id: UUID, covers: Sequence[Covered], *, theme: UUID | None = None
) -> list[OurText]:
    """What people said of a theme and of those merged into it, now and in its history, as far as it may say what is
    covered; None: of all. Not of one that no person named: its words are the machine's."""
    return await fetch(
        OurText,
        """select x.place, x.row, x.words, array[t.heir] as themes
           from theme t cross join lateral (
               select 'theme' as place, t.id as row, d.words
               from unnest(array[t.name, t.definition, t.excludes, t.weight_reason]) as d (words)
               union all
               select 'theme_event', e.id, e.details::text from theme_event e
               where e.company = t.company and e.theme = t.id
               union all
               select 'audit', a.id, concat_ws(' ', a.before::text, a.after::text) from audit a
               where a.company = t.company and a.subject = t.id) as x
           where t.company = $1 and t.state = 'named' and ($2::uuid is null or t.heir = $2)
             and x.words ilike any($3::text[])""",
        company_id,
        theme,
        telling(covers),
    )


def with_gaps(title: str, parts: Sequence[str]) -> str:
    """For a list of what is to be mended, which does not say it once more."""
    for part in parts:
        title = title.replace(part, "[…]")
    return title


def saying(texts: Sequence[Ours], covers: Sequence[Covered]) -> list[tuple[Ours, list[str]]]:
    """Those that say something covered, with the parts that do. Costs time: away from the loop."""
    saids: dict[frozenset[UUID], Said] = {}
    found = []
    for text in texts:
        themes = frozenset(text.themes)
        said = saids.setdefault(themes, of_themes(covers, themes))
        if parts := quoted(text.words, said):
            found.append((text, parts))
    return found
