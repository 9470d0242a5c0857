"""Where our own notes, and the names of themes, still say what stands behind a bar in a fan's answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch
from hearback.themes.queries import theme_labels
from hearback.themes.queries.covers import (
    Covered,
    OurText,
    covered_parts,
    telling,
    theme_texts,
    with_gaps,
)
from hearback.themes.queries.covers import saying as texts_saying


class StillTold(Struct, frozen=True):
    """A text of ours, public or for the house only, in any version. what: note, reply or theme; page: where it is
    written, below the desk; gaps: where its gaps are left. places: how many of its parts say it."""

    what: str
    id: UUID
    title: str
    language: str
    public: bool
    places: int
    page: str
    gaps: str


class Text(OurText, frozen=True):
    """Of a note. row: of the note for a draft, else of `place`."""

    note: UUID
    title: str
    language: str
    state: str


# What stands anywhere else is for the house only, or not out yet.
IN_PUBLIC = {"note_field", "revision", "note_translation"}
# Later rooms add theirs.
OTHERS: list[Callable[[UUID], Awaitable[list[StillTold]]]] = []


async def still_told(company_id: UUID) -> list[StillTold]:
    """Public ones first; the desk shows them until the words are out, or are no longer covered."""
    covers = await covered_parts(company_id)
    if not covers:
        return []
    found: dict[UUID, StillTold] = {}
    for text, parts in await saying(company_id):
        before = found.get(text.note)
        title = with_gaps(before.title if before else text.title, parts)
        places = before.places + 1 if before else 1
        at, public = f"/notes/{text.note}", text.place in IN_PUBLIC or bool(before and before.public)
        found[text.note] = StillTold(
            "note", text.note, title, text.language, public, places, at, f"{at}/gaps"
        )
    themes = await _themes(company_id, covers)
    others = [one for of_room in OTHERS for one in await of_room(company_id)]
    return sorted([*found.values(), *themes, *others], key=lambda one: (not one.public, one.title, one.id))


async def _themes(company_id: UUID, covers: Sequence[Covered]) -> list[StillTold]:
    texts = await theme_texts(company_id, covers)
    said: dict[UUID, list[list[str]]] = {}
    for text, parts in await asyncio.to_thread(texts_saying, texts, covers):
        said.setdefault(text.themes[0], []).append(parts)
    found = []
    for one in await theme_labels(company_id, list(said)):
        title = with_gaps(one.name, [part for parts in said[one.id] for part in parts])
        at = f"/themes/{one.id}"
        found.append(StillTold("theme", one.id, title, "", True, len(said[one.id]), at, f"{at}/gaps"))
    return found


async def saying(company_id: UUID, *, note: UUID | None = None) -> list[tuple[Text, list[str]]]:
    """Every text of our notes that says something covered, with the parts that do."""
    covers = await covered_parts(company_id)
    if not covers:
        return []
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
               select 'translation_draft', t.id, d.words from translation_draft t, lateral (
                   select value from jsonb_each_text(t.fields) union select value from jsonb_each_text(t.original)
               ) as d (words) where t.company = n.company and t.note = n.id
               union all
               select 'dissent', e.id, e.why from dissent e where e.company = n.company and e.note = n.id
               union all
               select 'note_channel', e.id, e.words from note_channel e where e.company = n.company and e.note = n.id
               union all
               select 'draft', n.id, d.value from jsonb_each_text(n.draft::jsonb) as d where n.state = 'draft') as x
           where n.company = $1 and ($2::uuid is null or n.id = $2) and x.words ilike any($3::text[])
           order by n.id, x.place, x.row""",
        company_id,
        note,
        telling(covers),
    )
    return await asyncio.to_thread(texts_saying, texts, covers)
