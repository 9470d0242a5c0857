"""Notes forget: a quote becomes a gap that says why, and what members quoted in their own texts is taken out."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from hearback.changenotes import lists
from hearback.clock import now
from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch
from hearback.jobs import do_later
from hearback.ledger.commands import forget_salts, record
from hearback.ledger.rules import Kind
from hearback.trust.erasure import (
    MEMORIES,
    Going,
    forgets,
    stands_in_public,
    take_out,
    take_out_of_history,
)

HISTORY = [
    (
        "note_field",
        "select id, words from note_field where company = $1 and words <> ''",
        """select r.id, r.note, f.name, f.words from note_field f
           join revision r on r.company = f.company and r.id = f.revision where f.company = $1 and f.id = any($2)""",
    ),
    (
        "revision",
        "select id, reason as words from revision where company = $1 and reason <> ''",
        "select id, note, 'reason' as name, reason as words from revision where company = $1 and id = any($2)",
    ),
    (
        "note_translation",
        "select id, fields::text as words from note_translation where company = $1",
        """select t.id, t.note, f.key as name, f.value as words from note_translation t, jsonb_each_text(t.fields) f
           where t.company = $1 and t.id = any($2)""",
    ),
    ("dissent", "select id, why as words from dissent where company = $1", None),
]
DRAFTS = (
    "select id, draft::text as words from note where company = $1 and state = 'draft'",
    "update note set draft = without_parts_in(draft, $3) where company = $1 and id = $2",
)
ELSEWHERE = (
    "select id, words from note_channel where company = $1",
    "update note_channel set words = without_parts(words, $3) where company = $1 and id = $2",
)
IN_WORK = (
    "select id, jsonb_build_array(fields, original)::text as words from translation_draft where company = $1",
    """update translation_draft set fields = without_parts_in(fields, $3), original = without_parts_in(original, $3)
       where company = $1 and id = $2""",
)
MEMORIES.append(lists.forget_rendered)
stands_in_public(
    "changenotes",
    """select f.words, r.at from note_field f join revision r on r.company = f.company and r.id = f.revision
       where f.company = $1 and r.at >= $2 and r.at < $3 and f.words <> ''""",
    "select reason as words, at from revision where company = $1 and at >= $2 and at < $3 and reason <> ''",
    """select f.value as words, t.at from note_translation t, jsonb_each_text(t.fields) f
       where t.company = $1 and t.at >= $2 and t.at < $3 and f.value <> ''""",
)


class _Out(Struct, frozen=True):
    """A note that is public. number: of its newest revision."""

    id: UUID
    number: int


class _Field(Struct, frozen=True):
    """Of a revision, as it reads with its gaps. id: of the revision."""

    id: UUID
    note: UUID
    name: str
    words: str


@forgets("changenotes")
async def forget(going: Going) -> None:
    await execute(
        """update note_quote q set gone = $3, excerpt = null from excerpt e
           where q.company = $1 and e.company = $1 and e.id = q.excerpt and e.answer = any($2)""",
        going.company,
        going.answers,
        going.why.value,
    )
    await execute(
        """delete from note_quote q using note n
           where q.company = $1 and n.company = $1 and n.id = q.note and n.state = 'draft' and q.excerpt is null""",
        going.company,
    )
    await take_out(going, *DRAFTS)
    await take_out(going, *ELSEWHERE)
    await take_out(going, *IN_WORK)
    await write_down_gaps(
        going.company,
        {place: await take_out_of_history(going, place, select) for place, select, _ in HISTORY},
    )


async def write_down_gaps(company_id: UUID, rows: Mapping[str, list[UUID]]) -> None:
    """In the caller's transaction. rows: that have gaps now, by their place."""
    touched = set()
    for place, _, public in HISTORY:
        if public and rows.get(place):
            for field in await fetch(_Field, public, company_id, rows[place]):
                await _write_down(company_id, field)
                touched.add(field.note)
    await _tell_machines(company_id, [*touched])


async def _write_down(company_id: UUID, field: _Field) -> None:
    """What stood there can no longer be proved; what stands there now, can."""
    await forget_salts(company_id, [field.id], [field.name])
    await record(company_id, Kind.FIELD_ERASED, field.id, {field.name: field.words}, now=now(), of=field.note)


async def _tell_machines(company_id: UUID, note_ids: list[UUID]) -> None:
    """Once a note, however many of its fields have gaps now: what went out with the words is to be replaced."""
    for note in await fetch(
        _Out,
        """select note as id, max(number) as number from revision where company = $1 and note = any($2)
           group by note order by note""",
        company_id,
        note_ids,
    ):
        mark = new_id().hex
        await do_later(
            "webhooks.note_erased", company_id=company_id, note_id=note.id, number=note.number, mark=mark
        )
