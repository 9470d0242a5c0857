"""Where a promise repeats what a fan wrote."""

from uuid import UUID

from msgspec import Struct

from hearback.clock import now
from hearback.database.engine import fetch
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


@forgets("promises")
async def forget(going: Going) -> None:
    """What the ledger said of it can no longer be proved; what stands there now, can."""
    for name, select, update, left in WRITTEN:
        changed = await take_out(going, select, update)
        await forget_salts(going.company, changed, [name])
        for one in await fetch(_Left, left, going.company, changed):
            await record(going.company, Kind.FIELD_ERASED, one.id, {name: one.words}, now=now())
