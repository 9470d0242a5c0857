"""Where a promise repeats what a fan wrote."""

from uuid import UUID

from msgspec import Struct

from hearback.clock import now
from hearback.database.engine import execute, fetch
from hearback.ledger.commands import forget_salts, record
from hearback.ledger.rules import Kind
from hearback.trust.erasure import Going, forgets, take_out

WRITTEN = [
    (
        "words",
        "select id, words from promise where company = $1",
        "update promise set words = without_parts(words, $3) where company = $1 and id = $2",
        "select id, words from promise where company = $1 and id = any($2)",
    ),
    (
        "why",
        "select id, why as words from promise where company = $1 and why <> ''",
        "update promise set why = without_parts(why, $3) where company = $1 and id = $2",
        "select id, why as words from promise where company = $1 and id = any($2)",
    ),
    (
        "why",
        "select id, broken_why as words from promise where company = $1 and broken_why <> ''",
        "update promise set broken_why = without_parts(broken_why, $3) where company = $1 and id = $2",
        "select id, broken_why as words from promise where company = $1 and id = any($2)",
    ),
    (
        "outcome",
        "select id, outcome as words from promise where company = $1 and outcome <> ''",
        "update promise set outcome = without_parts(outcome, $3) where company = $1 and id = $2",
        "select id, outcome as words from promise where company = $1 and id = any($2)",
    ),
]


class _Left(Struct, frozen=True):
    """What stands there now, with its gaps."""

    id: UUID
    words: str


async def leave_gaps(company_id: UUID, promise_id: UUID, parts: list[str]) -> None:
    """In the caller's transaction: where its words say these, with an entry in the ledger."""
    if await execute(
        """update promise set words = without_parts(words, $3)
           where company = $1 and id = $2 and words <> without_parts(words, $3)""",
        company_id,
        promise_id,
        parts,
    ):
        await _write_down(company_id, "words", WRITTEN[0][3], [promise_id])


@forgets("promises")
async def forget(going: Going) -> None:
    """What the ledger said of it can no longer be proved; what stands there now, can."""
    for name, select, update, left in WRITTEN:
        await _write_down(going.company, name, left, await take_out(going, select, update))


async def _write_down(company_id: UUID, name: str, left: str, changed: list[UUID]) -> None:
    await forget_salts(company_id, changed, [name])
    for one in await fetch(_Left, left, company_id, changed):
        await record(company_id, Kind.FIELD_ERASED, one.id, {name: one.words}, now=now())
