"""Where our own notes still say what stands behind a bar in a fan's answer."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column
from hearback.trust.quoted import Repeat, Said, is_telling, longest_word, of_parts, quoted


class StillTold(Struct, frozen=True):
    """A note, draft or public, in any version. places: how many of its texts say it."""

    note: UUID
    title: str
    language: str
    state: str
    places: int


class _Cover(Struct, frozen=True):
    """part: what the fan wrote there; themes: that their answer is in."""

    part: str
    themes: list[UUID]


class Text(Struct, frozen=True):
    """row: of the note for a draft, else of `place`."""

    note: UUID
    title: str
    language: str
    state: str
    place: str
    row: UUID
    words: str
    themes: list[UUID]


async def still_told(company_id: UUID) -> list[StillTold]:
    """Public ones first; the desk shows them until the words are out, or are no longer covered."""
    found: dict[UUID, StillTold] = {}
    for text, _ in await saying(company_id):
        before = found.get(text.note)
        places = before.places + 1 if before else 1
        found[text.note] = StillTold(text.note, text.title, text.language, text.state, places)
    return sorted(found.values(), key=lambda one: (one.state == "draft", one.title, one.note))


async def repeated_covers(
    company_id: UUID, themes: Sequence[UUID], fields: Mapping[str, str]
) -> list[Repeat]:
    """Where the fields of a note on these themes say what is covered."""
    covers = await _covers(company_id)
    if not covers:
        return []
    heirs = await fetch_column(
        "select distinct heir from theme where company = $1 and id = any($2)", company_id, list(themes)
    )
    said = _said_of(covers, set(heirs))
    return [
        Repeat(field, part, covered=True) for field, text in fields.items() for part in quoted(text, said)
    ]


async def saying(company_id: UUID, *, note: UUID | None = None) -> list[tuple[Text, list[str]]]:
    """Every text of our notes that says something covered, with the parts that do."""
    covers = await _covers(company_id)
    if not covers:
        return []
    telling = {longest_word(cover.part).replace("_", r"\_") for cover in covers}
    texts = await fetch(
        Text,
        """select n.id as note, n.language, n.state, x.place, x.row, x.words,
                  coalesce((select f.words from revision v
                            join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
                            where v.company = n.company and v.note = n.id order by v.number desc limit 1),
                           n.draft ->> 'title', '') as title,
                  array(select t.heir from note_theme l join theme t on t.company = l.company and t.id = l.theme
                        where l.company = n.company and l.note = n.id) as themes
           from note n
           cross join lateral (
               select 'note_field' as place, f.id as row, f.words from revision v
               join note_field f on f.company = v.company and f.revision = v.id
               where v.company = n.company and v.note = n.id
               union all
               select 'revision', v.id, v.reason from revision v where v.company = n.company and v.note = n.id
               union all
               select 'note_translation', t.id, d.value from note_translation t, jsonb_each_text(t.fields) as d
               where t.company = n.company and t.note = n.id
               union all
               select 'translation_draft', t.id, d.value from translation_draft t, jsonb_each_text(t.fields) as d
               where t.company = n.company and t.note = n.id
               union all
               select 'draft', n.id, d.value from jsonb_each_text(n.draft::jsonb) as d where n.state = 'draft') as x
           where n.company = $1 and ($2::uuid is null or n.id = $2) and x.words ilike any($3::text[])
           order by n.id, x.place, x.row""",
        company_id,
        note,
        [f"%{word}%" for word in telling],
    )
    return await asyncio.to_thread(_found, texts, covers)


async def _covers(company_id: UUID) -> list[_Cover]:
    covers = await fetch(
        _Cover,
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


def _found(texts: Sequence[Text], covers: Sequence[_Cover]) -> list[tuple[Text, list[str]]]:
    saids: dict[frozenset[UUID], Said] = {}
    found = []
    for text in texts:
        themes = frozenset(text.themes)
        said = saids.setdefault(themes, _said_of(covers, themes))
        if parts := quoted(text.words, said):
            found.append((text, parts))
    return found


def _said_of(covers: Sequence[_Cover], themes: frozenset[UUID] | set[UUID]) -> Said:
    """A single name or word may mean somebody else in a note on other matters; a whole thought does not."""
    return of_parts(
        cover.part for cover in covers if is_telling(cover.part) or not themes.isdisjoint(cover.themes)
    )
