"""Where a promise repeats what a fan wrote."""

from uuid import UUID

from msgspec import Struct

from hearback.clock import now
from hearback.database.engine import execute, fetch
from hearback.ledger.commands import forget_salts, record
from hearback.ledger.rules import Kind
from hearback.trust.erasure import Going, forgets, stands_in_public, take_out

WRITTEN = {
    "words": (
        "select id, words from promise where company = $1",
        "update promise set words = without_parts(words, $3) where company = $1 and id = $2",
    ),
    "why": (
        "select id, why as words from promise where company = $1 and why <> ''",
        "update promise set why = without_parts(why, $3) where company = $1 and id = $2",
    ),
    "broken_why": (
        "select id, broken_why as words from promise where company = $1 and broken_why <> ''",
        "update promise set broken_why = without_parts(broken_why, $3) where company = $1 and id = $2",
    ),
    "outcome": (
        "select id, outcome as words from promise where company = $1 and outcome <> ''",
        "update promise set outcome = without_parts(outcome, $3) where company = $1 and id = $2",
    ),
}
stands_in_public(
    "promises",
    """select w.words, w.at from promise p join company c on c.id = p.company
       cross join lateral (values (p.words, p.made_at), (p.why, p.made_at),
                                  (p.broken_why, (p.broken_on + 1)::timestamp at time zone c.timezone),
                                  (p.outcome, (p.kept_on + 1)::timestamp at time zone c.timezone)) w (words, at)
       where p.company = $1 and w.words <> '' and w.at >= $2 and w.at < $3""",
)
# A breach calls its reason `why`, as a new day does: where both have gaps, only the entry's kind tells them apart.
ENTERED: dict[str, list[tuple[str, list[Kind] | None]]] = {
    "words": [("words", None)],
    "why": [("why", [Kind.PROMISE_MADE, Kind.PROMISE_MOVED, Kind.FIELD_ERASED])],
    "broken_why": [("why", [Kind.PROMISE_BROKEN]), ("broken_why", None)],
    "outcome": [("outcome", None)],
}


class _Left(Struct, frozen=True):
    """What stands there now, with its gaps."""

    id: UUID
    words: str
    why: str
    broken_why: str
    outcome: str


async def leave_gaps(company_id: UUID, promise_id: UUID, parts: list[str]) -> None:
    """In the caller's transaction: where its words say these, with an entry in the ledger."""
    if await execute(
        """update promise set words = without_parts(words, $3)
           where company = $1 and id = $2 and words <> without_parts(words, $3)""",
        company_id,
        promise_id,
        parts,
    ):
        await _write_down(company_id, "words", [promise_id])


@forgets("promises")
async def forget(going: Going) -> None:
    """What the ledger said of it can no longer be proved; what stands there now, can."""
    for field, (select, update) in WRITTEN.items():
        await _write_down(going.company, field, await take_out(going, select, update))


async def _write_down(company_id: UUID, field: str, changed: list[UUID]) -> None:
    for name, kinds in ENTERED[field]:
        await forget_salts(company_id, changed, [name], kinds)
    for left in await fetch(
        _Left,
        "select id, words, why, broken_why, outcome from promise where company = $1 and id = any($2)",
        company_id,
        changed,
    ):
        await record(company_id, Kind.FIELD_ERASED, left.id, {field: getattr(left, field)}, now=now())
