"""A fact is written into the ledger in its own transaction; its number and the signature come right after."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from hearback.database.columns import hidden_id
from hearback.database.engine import ENGINE, execute
from hearback.ledger.rules import Kind, entry


async def record(
    company_id: UUID,
    kind: Kind,
    subject: UUID,
    said: Mapping[str, str],
    *,
    now: datetime,
    of: UUID | None = None,
    figures: Mapping[str, int] | None = None,
) -> None:
    """In the caller's transaction: the fact stands in the ledger if and only if it happened.

    subject: the row it is about. said: texts by field; only their salted hashes are kept, and the salts until
    `forget_salts`. of: the question of an answer, the note of a revision. figures: numbers that may be read.
    """
    if ENGINE.current_transaction.get() is None:
        raise RuntimeError("an entry belongs into the transaction of what it tells")
    leaf, salts = entry(kind, subject, said, now=now, of=of, figures=figures)
    await execute(
        """with leaf as (
               insert into ledger_leaf (id, company, kind, subject, entry) values ($1, $2, $3, $4, $5)
           )
           insert into ledger_salt (id, company, leaf, name, salt)
           select gen_random_uuid(), $2, $1, s.name, s.salt from unnest($6::text[], $7::bytea[]) as s (name, salt)""",
        hidden_id(),
        company_id,
        kind.value,
        subject,
        leaf,
        list(salts),
        list(salts.values()),
    )


async def forget_salts(company_id: UUID, subjects: Sequence[UUID]) -> None:
    """In the caller's transaction: from then on nobody can prove what was said, and nobody can try by guessing."""
    await execute(
        """delete from ledger_salt s using ledger_leaf l
           where s.company = $1 and l.company = $1 and l.id = s.leaf and l.subject = any($2)""",
        company_id,
        list(subjects),
    )
