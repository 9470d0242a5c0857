"""What stands in public behind an entry of the ledger now, by field, as the entries name them."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class LoggedField(Struct, frozen=True):
    """A name may come twice: why a promise was moved, and why it was broken."""

    name: str
    words: str


async def words_behind(company_id: UUID, subject: UUID) -> list[LoggedField]:
    """Of a revision, a promise or a key; days as 2026-11-22."""
    return await fetch(
        LoggedField,
        """select name, coalesce(to_char(until, 'YYYY-MM-DD'), words) as words from note_field
           where company = $1 and revision = $2
           union all
           select 'reason', reason from revision where company = $1 and id = $2 and reason <> ''
           union all
           select key, value from note_translation t, jsonb_each_text(t.fields) where t.company = $1 and t.id = $2
           union all
           select case key when 'broken_why' then 'why' else key end, value
           from promise p, jsonb_each_text(to_jsonb(p))
           where p.company = $1 and p.id = $2
             and key in ('words', 'due_on', 'why', 'broken_why', 'held', 'outcome') and value <> ''
           union all
           select name, words from ledger_key,
                lateral (values ('origin', origin::text), ('public', encode(public, 'hex'))) as k (name, words)
           where company = $1 and id = $2""",
        company_id,
        subject,
    )
