"""What stands in public behind an entry of the ledger now, by field, as the entries name them."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch, fetch_value
from hearback.ledger.checkpoints import line_of


class LoggedField(Struct, frozen=True):
    """A name may come twice: why a promise was moved, and why it was broken. The second has a name of its own as well,
    by which it goes once words were taken out of it."""

    name: str
    words: str


async def words_behind(company_id: UUID, subject: UUID) -> list[LoggedField]:
    """Of a revision, a promise or a key; days as 2026-11-22."""
    besides = await frame(company_id, subject)
    return [LoggedField(name, words) for name, words in besides.items()] + await fetch(
        LoggedField,
        """select name, coalesce(to_char(until, 'YYYY-MM-DD'), words) as words from note_field
           where company = $1 and revision = $2
           union all
           select 'reason', reason from revision where company = $1 and id = $2 and reason <> ''
           union all
           select key, value from note_translation t, jsonb_each_text(t.fields) where t.company = $1 and t.id = $2
           union all
           select key, value from promise p, jsonb_each_text(to_jsonb(p))
           where p.company = $1 and p.id = $2
             and key in ('words', 'due_on', 'why', 'broken_why', 'held', 'outcome') and value <> ''
           union all
           select 'why', broken_why from promise where company = $1 and id = $2 and broken_why <> ''
           union all
           select name, words from ledger_key,
                lateral (values ('origin', origin::text), ('public', encode(public, 'hex'))) as k (name, words)
           where company = $1 and id = $2""",
        company_id,
        subject,
    )


async def frame(company_id: UUID, subject: UUID) -> dict[str, str]:
    """What a public note is besides its words, as its first entry has it: its kind, who signed it and in which role,
    and when. The member by their id: whoever gets another name has still signed it.

    subject: the note, or its first revision; empty for all else.
    """
    text: str | None = await fetch_value(
        """select jsonb_build_object(
                      'kind', n.kind, 'signed_by', n.signed_by, 'signed_as', coalesce(n.signed_as, ''),
                      'published_at', to_char(n.published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text
           from note n left join revision r on r.company = n.company and r.note = n.id and r.kind = 'published'
           where n.company = $1 and $2 in (n.id, r.id)""",
        company_id,
        subject,
    )
    return {} if text is None else msgspec.json.decode(text, type=dict[str, str])


class Logged(Struct, frozen=True):
    """Where the newest entry of a note stands. number: from 0, as tools count; signed: the first checkpoint over it, so
    that what is said of a note stays the same however the ledger grows."""

    number: int
    signed: str

    @property
    def line(self) -> str:
        return line_of(self.signed)


class Trace(Struct, frozen=True):
    """What the ledger tells of a note. number, signed: none of one that has no entry yet, or was there before the
    ledger; erased_at, erasures: when words were last taken out of a version or translation of it, and how often."""

    note: UUID
    number: int | None
    signed: str | None
    erased_at: datetime | None
    erasures: int

    @property
    def place(self) -> Logged | None:
        return None if self.number is None or self.signed is None else Logged(self.number, self.signed)


async def traces(company_id: UUID, note_ids: list[UUID]) -> dict[UUID, Trace]:
    """By note, each of them. One query for a whole page."""
    found = await fetch(
        Trace,
        """select n.id as note, p.number, p.signed, e.at as erased_at, e.n as erasures from unnest($2::uuid[]) n (id)
           left join lateral (
               select l.number, c.note as signed from revision v
               join ledger_leaf l on l.company = $1 and l.subject = v.id and l.number is not null
               cross join lateral (select note from ledger_checkpoint c where c.company = $1 and c.size > l.number
                                   order by c.size limit 1) c
               where v.company = $1 and v.note = n.id order by l.number desc limit 1) p on true
           left join lateral (
               select max(at) as at, count(*) as n from note_erasure where company = $1 and note = n.id) e on true""",
        company_id,
        note_ids,
    )
    return {one.note: one for one in found}


class Version(Struct, frozen=True):
    """An entry of a revision, in their order. revision: its number. kind: empty where the ledger had not begun.

    salts: those that are left, by field, as JSON in hexadecimal digits.
    """

    revision: int
    kind: str
    number: int | None
    entry: bytes
    salts: str


async def versions(company_id: UUID, note_id: UUID) -> list[Version]:
    return await fetch(
        Version,
        """select v.number as revision, coalesce(l.kind, '') as kind, l.number, coalesce(l.entry, '') as entry,
                  coalesce((select jsonb_object_agg(s.name, encode(s.salt, 'hex')) from ledger_salt s
                            where s.company = $1 and s.leaf = l.id), '{}')::text as salts
           from revision v left join ledger_leaf l on l.company = $1 and l.subject = v.id
           where v.company = $1 and v.note = $2 order by v.number, l.step""",
        company_id,
        note_id,
    )
