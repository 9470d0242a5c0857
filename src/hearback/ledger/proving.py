"""What whoever holds an answer needs to show that it stands in the ledger: its entries, their salts, and the way from
each up to a signature."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch
from hearback.ledger import queries
from hearback.ledger.queries import Signed
from hearback.ledger.rules import HASH_BYTES, WIDTH, Tile, commitment, inclusion, parts, root_of


class Opened(Struct, frozen=True):
    """An entry as its owner may see it. number: from 0, as tools count; None until it is signed.

    salts: in hexadecimal digits, by field; values: those of the texts offered that the entry has the hash of.
    path: from its hash to the signed one.
    """

    kind: str
    number: int | None
    entry: str
    salts: dict[str, str]
    values: dict[str, str]
    path: list[str]


class Proven(Struct, frozen=True):
    """checkpoint: the signed note that the paths lead to; key: that signs it. Both empty before the first signature."""

    checkpoint: str
    key: str
    entries: list[Opened]


class _Leaf(Struct, frozen=True):
    kind: str
    number: int | None
    entry: bytes
    salts: str


async def proven(company_id: UUID, subject: UUID, texts: Sequence[str]) -> Proven:
    """All that the ledger holds of one row. texts: what its fields may have said; only what fits is told."""
    newest = await queries.newest_checkpoint(company_id)
    keys = await queries.keys(company_id)
    leaves = await fetch(
        _Leaf,
        """select l.kind, l.number, l.entry,
                  coalesce((select jsonb_object_agg(s.name, encode(s.salt, 'hex')) from ledger_salt s
                            where s.company = l.company and s.leaf = l.id), '{}')::text as salts
           from ledger_leaf l where l.company = $1 and l.subject = $2 order by l.step nulls first, l.number""",
        company_id,
        subject,
    )
    opened = [await _opened(company_id, leaf, newest, texts) for leaf in leaves]
    key = next((key.line for key in keys if newest and key.signed(newest)), "")
    return Proven(newest.note if newest else "", key, opened)


async def _opened(company_id: UUID, leaf: _Leaf, newest: Signed | None, texts: Sequence[str]) -> Opened:
    salts: dict[str, str] = msgspec.json.decode(leaf.salts)
    told: dict[str, str] = msgspec.json.decode(leaf.entry)["fields"]
    values = {
        name: text
        for name, salt in salts.items()
        for text in texts
        if commitment(name, text, bytes.fromhex(salt)).hex() == told[name]
    }
    number = leaf.number if newest and leaf.number is not None and leaf.number < newest.size else None
    path: list[bytes] = []
    if newest and number is not None:
        path = await inclusion_path(company_id, number, newest.size)
    return Opened(leaf.kind, number, leaf.entry.decode(), salts, values, [one.hex() for one in path])


async def inclusion_path(company_id: UUID, number: int, size: int) -> list[bytes]:
    """The neighbours of entry `number` on its way to the hash of the first `size`, the nearest first."""
    wanted: dict[tuple[int, int], None] = {}

    def ask(level: int, tile: int) -> bytes:
        wanted[level, tile] = None
        return bytes(WIDTH * HASH_BYTES)

    _path(number, size, ask)
    return _path(number, size, await queries.tiles(company_id, list(wanted)))


def _path(number: int, size: int, tile: Tile) -> list[bytes]:
    return inclusion(number, size, lambda low, high: root_between(low, high, tile))


def root_between(low: int, high: int, tile: Tile) -> bytes:
    """The hash of the leaves `low` to before `high`, of which the tree has one: one tile a level is enough."""
    level = 0
    while high - low > WIDTH << 8 * level:
        level += 1
    first, before = low >> 8 * level, high >> 8 * level
    hashes = parts(tile(level, first // WIDTH))[first % WIDTH :][: before - first]
    rest = before << 8 * level
    return root_of([*hashes, root_between(rest, high, tile)] if rest < high else hashes)
