"""The tree as it is stored: a tile a level is enough for any hash of it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.ledger.checkpoints import key_id, line_of, signer_id, verifier_key
from hearback.ledger.rules import Tile, edges, root_at
from hearback.ledger.times import Told, told_until
from hearback.refusals import NotFound

NUMBERS = range(2**63)  # a larger one is no number that PostgreSQL knows


class Signed(Struct, frozen=True):
    """The newest checkpoint."""

    size: int
    root: bytes
    note: str

    @property
    def origin(self) -> str:
        return self.note.partition("\n")[0]

    @property
    def line(self) -> str:
        return line_of(self.note)


class PublicKey(Struct, frozen=True):
    """size: how long the ledger was when the key began to sign."""

    origin: str
    public: bytes
    size: int

    @property
    def line(self) -> str:
        return verifier_key(self.origin, self.public)

    def signed(self, checkpoint: Signed) -> bool:
        return self.origin == checkpoint.origin and signer_id(checkpoint.note) == key_id(
            self.origin, self.public
        )


class Leaf(Struct, frozen=True):
    """salts: those that are left, by field, as JSON in hexadecimal digits."""

    kind: str
    subject: UUID
    entry: bytes
    salts: str


class _Tile(Struct, frozen=True):
    level: int
    number: int
    hashes: bytes


async def size_of(company_id: UUID) -> int:
    """How many entries have their number."""
    size: int = await fetch_value(
        "select coalesce(max(number) + 1, 0) from ledger_leaf where company = $1 and number is not null",
        company_id,
    )
    return size


class _Newest(Struct, frozen=True):
    timezone: str
    moment: datetime | None
    day: date | None


async def told(company_id: UUID) -> tuple[Told, str]:
    """Up to where the numbered entries have told, and in which zone the company's days are."""
    newest = await fetch_one(
        _Newest,
        # The first condition is that of an index; the newest entry that tells the day alone is never far.
        """select timezone,
                  (select (convert_from(entry, 'UTF8')::jsonb->>'at')::timestamptz from ledger_leaf
                   where company = $1 and number is not null
                     and kind not like 'answer.%' and kind <> 'promise.kept' and kind <> 'promise.broken'
                   order by number desc limit 1) as moment,
                  (select (convert_from(entry, 'UTF8')::jsonb->>'at')::date from ledger_leaf
                   where company = $1 and number is not null
                     and (kind like 'answer.%' or kind in ('promise.kept', 'promise.broken'))
                   order by number desc limit 1) as day
           from company where id = $1""",
        company_id,
    )
    if newest is None:
        raise NotFound
    return told_until(newest.moment, newest.day, newest.timezone), newest.timezone


async def root_of_first(company_id: UUID, size: int) -> bytes:
    """Raises Damaged where tiles are missing."""
    return root_at(size, await tiles(company_id, list(edges(size))))


async def tiles(company_id: UUID, wanted: Sequence[tuple[int, int]]) -> Tile:
    """wanted: level and number of each. One that is not there is empty."""
    found = {
        (tile.level, tile.number): tile.hashes
        for tile in await fetch(
            _Tile,
            """select t.level, t.number, t.hashes from unnest($2::smallint[], $3::bigint[]) as w (level, number)
               join ledger_tile t on t.company = $1 and t.level = w.level and t.number = w.number""",
            company_id,
            [level for level, _ in wanted],
            [number for _, number in wanted],
        )
    }
    return lambda level, number: found.get((level, number), b"")


async def newest_checkpoint(company_id: UUID) -> Signed | None:
    """Under the name that the ledger has now."""
    return await fetch_one(
        Signed,
        """select size, root, note from ledger_checkpoint where company = $1
             and split_part(note, chr(10), 1) = (
               select origin from ledger_key where company = $1 order by turn desc limit 1)
           order by size desc limit 1""",
        company_id,
    )


async def keys(company_id: UUID) -> list[PublicKey]:
    """The one that signs now comes first."""
    return await fetch(
        PublicKey,
        "select origin, public, size from ledger_key where company = $1 order by turn desc",
        company_id,
    )


async def waiting(company_id: UUID) -> int:
    """How many entries of what is public with its time are not signed yet.

    Of answers, and of counts that wait with them, it must not be told: it would say the second in which one came.
    """
    count: int = await fetch_value(
        """select count(*) from ledger_leaf where company = $1 and kind not like 'answer.%'
             and kind <> 'question.counted' and (number is null or number >= (
               select coalesce(max(size), 0) from ledger_checkpoint where company = $1))""",
        company_id,
    )
    return count


async def tells_in_public(company_id: UUID, first: int) -> bool:
    """Whether an entry from number `first` on is of a note, a promise or a question; of answers nothing is public."""
    tells: bool = await fetch_value(
        """select exists (select from ledger_leaf where company = $1 and number >= $2 and kind not like 'answer.%')""",
        company_id,
        first,
    )
    return tells


async def entries(company_id: UUID, first: int, before: int) -> list[bytes]:
    """In their order, from number `first`."""
    return await fetch_column(
        "select entry from ledger_leaf where company = $1 and number >= $2 and number < $3 order by number",
        company_id,
        first,
        before,
    )


async def leaf_at(company_id: UUID, number: int) -> Leaf | None:
    """With the salts that are left."""
    if number not in NUMBERS:
        return None
    return await fetch_one(
        Leaf,
        """select l.kind, l.subject, l.entry,
                  coalesce((select jsonb_object_agg(s.name, encode(s.salt, 'hex')) from ledger_salt s
                            where s.company = l.company and s.leaf = l.id), '{}')::text as salts
           from ledger_leaf l where l.company = $1 and l.number = $2""",
        company_id,
        number,
    )
