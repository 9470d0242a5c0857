"""A fact is written into the ledger in its own transaction; its number and the signature come right after."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import ENGINE, execute, fetch_value
from hearback.ledger.rules import Kind, Salts, entry
from hearback.ledger.times import tells_the_day
from hearback.web.live import tell

UNSIGNED = "unsigned"


async def record(
    company_id: UUID,
    kind: Kind,
    subject: UUID,
    said: Mapping[str, str],
    *,
    now: datetime | date,
    of: UUID | None = None,
    figures: Mapping[str, int] | None = None,
) -> None:
    """In the caller's transaction: the fact stands in the ledger if and only if it happened.

    subject: the row it is about. said: texts by field; only their salted hashes are kept, and the salts until
    `forget_salts`. now: of what happens to answers, the day is enough. of: the question of an answer, the note of a
    revision, the promise that got a new date. figures: numbers that may be read.
    """
    now = await _when(company_id, kind, now)
    await _write(company_id, kind, {subject: entry(kind, subject, said, now=now, of=of, figures=figures)})


async def record_each(
    company_id: UUID,
    kind: Kind,
    said: Mapping[UUID, Mapping[str, str]],
    *,
    now: datetime | date,
    of: UUID | None = None,
) -> None:
    """The same for many at once. said: by subject."""
    if said:
        now = await _when(company_id, kind, now)
        await _write(
            company_id, kind, {one: entry(kind, one, words, now=now, of=of) for one, words in said.items()}
        )


async def _when(company_id: UUID, kind: Kind, now: datetime | date) -> datetime | date:
    """Where only the day is told, it is the company's."""
    if not tells_the_day(kind) or not isinstance(now, datetime):
        return now
    timezone: str = await fetch_value("select timezone from company where id = $1", company_id)
    return day_in(timezone, now)


async def _write(company_id: UUID, kind: Kind, entries: Mapping[UUID, tuple[bytes, Salts]]) -> None:
    if ENGINE.current_transaction.get() is None:
        raise RuntimeError("an entry belongs into the transaction of what it tells")
    leaves = [(hidden_id(), subject, leaf, salts) for subject, (leaf, salts) in entries.items()]
    opened = [(id_, name, salt) for id_, _, _, salts in leaves for name, salt in salts.items()]
    await execute(
        # Answers have no step: the signer gives them their number by chance.
        """with leaf as (
               insert into ledger_leaf (id, company, kind, subject, entry, step)
               select l.id, $1, $2::varchar, l.subject, l.entry,
                      case $2::varchar when 'answer.received' then null else nextval('ledger_step') end
               from unnest($3::uuid[], $4::uuid[], $5::bytea[]) as l (id, subject, entry)
           )
           insert into ledger_salt (id, company, leaf, name, salt)
           select gen_random_uuid(), $1, s.leaf, s.name, s.salt
           from unnest($6::uuid[], $7::text[], $8::bytea[]) as s (leaf, name, salt)""",
        company_id,
        kind.value,
        [id_ for id_, _, _, _ in leaves],
        [subject for _, subject, _, _ in leaves],
        [leaf for _, _, leaf, _ in leaves],
        [leaf for leaf, _, _ in opened],
        [name for _, name, _ in opened],
        [salt for _, _, salt in opened],
    )
    if not kind.waits:
        await tell(company_id, UNSIGNED)  # the signer's own news, once the fact is committed


async def forget_salts(
    company_id: UUID,
    subjects: Sequence[UUID],
    names: Sequence[str] | None = None,
    kinds: Sequence[Kind] | None = None,
) -> None:
    """In the caller's transaction: from then on nobody can prove what was said, and nobody can try by guessing.

    names: of the fields; kinds: of the entries. All of them where none is named.
    """
    await execute(
        """delete from ledger_salt s using ledger_leaf l
           where s.company = $1 and l.company = $1 and l.id = s.leaf and l.subject = any($2)
             and ($3::text[] is null or s.name = any($3)) and ($4::text[] is null or l.kind = any($4))""",
        company_id,
        list(subjects),
        None if names is None else list(names),
        None if kinds is None else [kind.value for kind in kinds],
    )
