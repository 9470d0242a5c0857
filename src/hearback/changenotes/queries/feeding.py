"""What a feed tells of a note besides what the log's lists show."""

from uuid import UUID

from msgspec import Struct

from hearback.changenotes.rules import ANSWER, TOLD_AT_ONCE
from hearback.database.engine import fetch

BESIDES = sorted({name for kind, names in TOLD_AT_ONCE.items() for name in names if name != ANSWER[kind]})


class _Besides(Struct, frozen=True):
    note: UUID
    language: str
    name: str
    words: str


async def said_besides(company_id: UUID, note_ids: list[UUID]) -> dict[tuple[UUID, str], dict[str, str]]:
    """What these notes say besides their title and their answer, by note and language, then by field: in the newest
    version and in its translations."""
    found = await fetch(
        _Besides,
        """with newest as (
               select distinct on (v.note) v.note, v.id, v.number from revision v
               where v.company = $1 and v.note = any($2) and v.kind <> 'withdrawn' order by v.note, v.number desc
           ), fields (note, language, name, words) as (
               select w.note, n.language, f.name, f.words from newest w
               join note n on n.company = $1 and n.id = w.note
               join note_field f on f.company = $1 and f.revision = w.id
               union all
               select t.note, t.language, d.key, d.value from (
                   select distinct on (note, language) note, language, fields, of_number from note_translation
                   where company = $1 and note = any($2) order by note, language, at desc, id desc) t
               join newest w on w.note = t.note and w.number = t.of_number
               cross join lateral jsonb_each_text(t.fields) d)
           select note, language, name, words from fields where words <> '' and name = any($3)""",
        company_id,
        note_ids,
        BESIDES,
    )
    by_note: dict[tuple[UUID, str], dict[str, str]] = {}
    for one in found:
        by_note.setdefault((one.note, one.language), {})[one.name] = one.words
    return by_note
