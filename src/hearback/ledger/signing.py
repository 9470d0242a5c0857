"""One signer a company: entries get their numbers in order, the tree grows by them, and its new hash is signed.

Three steps, each whole by itself: numbers and tiles (committed), the mark outside the database, the checkpoint. Who
is killed between them leaves something that the next run goes on from, and no checkpoint ever shrinks.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from hearback.database.columns import hidden_id, new_id
from hearback.database.engine import (
    execute,
    execute_many,
    fetch,
    fetch_column,
    fetch_value,
    lock,
    transaction,
)
from hearback.ledger import queries
from hearback.ledger.checkpoints import Checkpoint, public_of, signed
from hearback.ledger.commands import record
from hearback.ledger.keeping import NEXT, NOTHING_YET, Kept, Mark, kept
from hearback.ledger.laying import files_of
from hearback.ledger.queries import PublicKey
from hearback.ledger.rules import WIDTH, Damaged, Kind, leaf_hash, parts, root_of
from hearback.ledger.times import not_before
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.settings import Settings, settings
from hearback.web.live import tell

AT_ONCE = 5_000
WAITING = [kind.value for kind in Kind if kind.waits]
log = structlog.get_logger()


class CannotSign(Exception):
    """What is wrong, in a sentence for whoever runs the house. Nothing was signed."""


async def sign_all(*, public_only: bool = False) -> None:
    """Every company whose ledger has grown; trouble with one does not stop the others."""
    for company_id in await fetch_column(
        """select c.id from company c
           where exists (select from ledger_leaf where company = c.id and number is null
                         and (not $1 or not kind = any($2)))
              or coalesce((select max(number) + 1 from ledger_leaf where company = c.id and number is not null), 0)
                 > coalesce((select max(size) from ledger_checkpoint where company = c.id), 0)
           order by c.id""",
        public_only,
        WAITING,
    ):
        try:
            await sign(company_id, public_only=public_only)
        except CannotSign as trouble:  # tried again within a minute; `doctor` says what is wrong
            log.error("ledger.cannot_sign", company=str(company_id), why=str(trouble))


async def sign(company_id: UUID, *, public_only: bool = False, given: Settings | None = None) -> None:
    """All that waits, or only what is public with its time. Doing it twice changes nothing. given: None for those of
    this process. Raises CannotSign."""
    keeping = kept(given or settings(), company_id)
    try:
        while await _number(company_id, keeping, public_only) == AT_ONCE:
            pass
        await _sign(company_id, keeping)
    except (Damaged, OSError, ValueError) as error:
        raise CannotSign(f"{keeping.folder}: {error}") from error


async def begin_again(company_id: UUID, given: Settings, *, now: datetime) -> None:
    """Where what was signed is lost for good: from here on under a new name and with a new key, for all to see.

    Who kept a checkpoint of before can show what is missing. Raises Refused while the ledger can go on. The mark comes
    last: whoever is killed before finds a ledger that signs nothing, and begins again.
    """
    keeping = kept(given, company_id)
    async with transaction():
        await lock(company_id, "ledger")
        known, size = await queries.keys(company_id), await queries.size_of(company_id)
        if await _goes_on(company_id, keeping, known):
            raise Refused("ledger.goes-on")
        slug, before = await _slug(company_id), len(known)
        # A database from before its first key: the one that signed first is listed all the same.
        if not known and (old := keeping.key("key.1") or keeping.key()):
            await _list(company_id, _first_name(slug), public_of(old), 0, before := 1)
        first = known[-1].origin if known else _first_name(slug)
        number = keeping.put_away(*([files_of(given, slug)] if given.ledger_files else []))
        origin, public = f"{first}/{max(number, before) + 1}", public_of(keeping.make_key())
        key_id = await _list(company_id, origin, public, size, before + 1)
        told = {"origin": origin, "public": public.hex()}
        await record(company_id, Kind.KEY_CHANGED, key_id, told, now=now)
        await note_down(company_id, "ledger.begun-again", by=None, now=now, after={"size": size, **told})
        mark = Mark(size, await queries.root_of_first(company_id, size))
    keeping.set_mark(mark)
    await sign(company_id, given=given)


async def change_key(company_id: UUID, given: Settings, *, now: datetime) -> None:
    """A new key under the same name. The old line stays listed, and the change is an entry like any other.

    The new key lies beside the old one before the database knows it, and takes its place after. Raises Refused where
    there is no key yet, or the ledger cannot go on with it.
    """
    keeping = kept(given, company_id)
    async with transaction():
        await lock(company_id, "ledger")
        known, size = await queries.keys(company_id), await queries.size_of(company_id)
        if not known or not await _goes_on(company_id, keeping, known):
            raise Refused("ledger.no-key-to-change")
        origin, public = known[0].origin, public_of(keeping.make_key(NEXT))
        key_id = await _list(company_id, origin, public, size, len(known) + 1)
        told = {"origin": origin, "public": public.hex()}
        await record(company_id, Kind.KEY_CHANGED, key_id, told, now=now)
        await note_down(company_id, "ledger.key-changed", by=None, now=now, after=told)
    await sign(company_id, given=given)


async def _goes_on(company_id: UUID, keeping: Kept, known: Sequence[PublicKey]) -> bool:
    try:
        key = keeping.key_of(known[0].public) if known else None
        await must_go_on(company_id, keeping)
    except (CannotSign, Damaged, OSError, ValueError):
        return False
    return not known or (key is not None and public_of(key) == known[0].public)


async def _list(company_id: UUID, origin: str, public: bytes, size: int, turn: int) -> UUID:
    """Among the keys that everybody can see."""
    key_id = new_id()
    await execute(
        "insert into ledger_key (id, company, origin, public, size, turn) values ($1, $2, $3, $4, $5, $6)",
        key_id,
        company_id,
        origin,
        public,
        size,
        turn,
    )
    return key_id


async def _slug(company_id: UUID) -> str:
    slug: str = await fetch_value("select slug from company where id = $1", company_id)
    return slug


def _first_name(slug: str) -> str:
    return f"{settings().base_url.partition('://')[2]}/{slug}"


async def must_go_on(company_id: UUID, keeping: Kept) -> int:
    """The size of the ledger, which begins with everything that was ever signed. Raises CannotSign, Damaged."""
    size, mark = await queries.size_of(company_id), keeping.mark()
    if mark is None and (keeping.key() or await queries.newest_checkpoint(company_id)):
        raise CannotSign(
            f"{keeping.mark_file} is missing, and with it how far was signed. Put it back from where the key "
            "came from; is it lost: `hearback ledger begin-again`. Until then nothing is signed."
        )
    mark = mark or NOTHING_YET
    if size < mark.size:
        raise CannotSign(
            f"The database is older than the ledger: entries {size + 1} to {mark.size} were signed and are missing. "
            "Restore a newer backup, or `hearback ledger begin-again`; until then nothing is signed."
        )
    if mark.size and await queries.root_of_first(company_id, mark.size) != mark.root:
        raise CannotSign(
            f"The first {mark.size} entries in the database are not those that were signed. Restore a backup in "
            "which they are; until then nothing is signed."
        )
    return size


class _Waiting(Struct, frozen=True):
    id: UUID
    entry: bytes


async def _number(company_id: UUID, keeping: Kept, public_only: bool) -> int:
    """Gives how many got their number."""
    async with transaction():
        await lock(company_id, "ledger")
        size = await must_go_on(company_id, keeping)
        waiting = await (_public(company_id) if public_only else _waiting(company_id))
        entries = await _in_time(company_id, waiting)
        await execute(
            """update ledger_leaf l set number = $4 + x.at - 1, entry = x.entry
               from unnest($2::uuid[], $3::bytea[]) with ordinality as x (id, entry, at)
               where l.company = $1 and l.id = x.id""",
            company_id,
            [one.id for one in waiting],
            entries,
            size,
        )
        await _grow(company_id, size, [leaf_hash(one) for one in entries])
    return len(waiting)


async def _waiting(company_id: UUID) -> list[_Waiting]:
    """In the order of their days, as many as one transaction takes.

    On a day answers come first, by chance, so that their order tells nothing of who came when; then what was done to
    them and all else, as it happened, even where a clock went back.
    """
    return await fetch(
        _Waiting,
        """select id, entry from (
               select id, entry, step, left(convert_from(entry, 'UTF8')::jsonb->>'at', 10) as day
               from ledger_leaf where company = $1 and number is null) l
           order by case when step is null then day else max(day) over (partition by step is null order by step) end,
                    step nulls first, id
           limit $2""",
        company_id,
        AT_ONCE,
    )


async def _public(company_id: UUID) -> list[_Waiting]:
    """What need not wait for the minute, as it happened.

    What came after a count does, for no time goes back; so does all where an answer of a day before waits: its day
    would become a later one.
    """
    return await fetch(
        _Waiting,
        """with waiting as (
               select l.id, l.entry, l.kind, l.step, convert_from(l.entry, 'UTF8')::jsonb->>'at' as at, c.timezone
               from ledger_leaf l join company c on c.id = l.company where l.company = $1 and l.number is null)
           select id, entry from waiting w
           where not w.kind = any($3)
             and not exists (select from waiting o where o.kind = 'question.counted' and o.step < w.step)
             and not exists (select from waiting o where o.kind like 'answer.%' and o.at::date < case
                    when length(w.at) = 10 then w.at::date else (w.at::timestamptz at time zone w.timezone)::date end)
           order by w.step limit $2""",
        company_id,
        AT_ONCE,
        WAITING,
    )


async def _in_time(company_id: UUID, waiting: list[_Waiting]) -> list[bytes]:
    """The entries as they are numbered: none tells an earlier time than one before it."""
    told, timezone = await queries.told(company_id)
    entries = []
    for one in waiting:
        entry, told = not_before(one.entry, told, timezone)
        entries.append(entry)
    return entries


async def _grow(company_id: UUID, size: int, hashes: list[bytes]) -> None:
    """Hang the hashes behind the `size` that are there, and behind each full tile its own hash a level above."""
    level = 0
    while hashes:
        number, width = divmod(size >> (8 * level), WIDTH)
        there = parts((await queries.tiles(company_id, [(level, number)]))(level, number))
        if len(there) != width:
            raise Damaged(f"tile {level}/{number} holds {len(there)} hashes instead of {width}")
        row = there + hashes
        grown = [row[i : i + WIDTH] for i in range(0, len(row), WIDTH)]
        await execute_many(
            """insert into ledger_tile (id, company, level, number, hashes) values ($1, $2, $3, $4, $5)
               on conflict (company, level, number) do update set hashes = excluded.hashes""",
            [(hidden_id(), company_id, level, number + i, b"".join(one)) for i, one in enumerate(grown)],
        )
        hashes = [root_of(one) for one in grown if len(one) == WIDTH]
        level += 1


async def _sign(company_id: UUID, keeping: Kept) -> None:
    """The mark goes first: what has been signed is never unknown to it."""
    async with transaction():
        await lock(company_id, "ledger")
        size = await must_go_on(company_id, keeping)
        newest = await queries.newest_checkpoint(company_id)
        if size == (newest.size if newest else 0):
            return
        origin, private = await _key(company_id, keeping, size)
        root = await queries.root_of_first(company_id, size)
        keeping.set_mark(Mark(size, root))
        await execute(
            "insert into ledger_checkpoint (id, company, size, root, note) values ($1, $2, $3, $4, $5)",
            new_id(),
            company_id,
            size,
            root,
            signed(Checkpoint(origin, size, root), private),
        )
        if await queries.tells_in_public(company_id, newest.size if newest else 0):
            await tell(company_id, "public")  # what is said there now has its place


async def _key(company_id: UUID, keeping: Kept, size: int) -> tuple[str, Ed25519PrivateKey]:
    """Under which name it signs, and with what; both made at its first use, and the same ever after."""
    known = await queries.keys(company_id)
    private = keeping.key_of(known[0].public) if known else keeping.key()
    if known and private is None:
        raise CannotSign(f"The key is missing: put it back as {keeping.folder / 'key'}.")
    if known and private and public_of(private) != known[0].public:
        raise CannotSign(f"{keeping.folder / 'key'} is not the key that has signed so far.")
    if known and private:
        return known[0].origin, private
    if private is None:
        keeping.set_mark(NOTHING_YET)  # a key is never without one
        private = keeping.make_key()
    origin = _first_name(await _slug(company_id))
    await _list(company_id, origin, public_of(private), size, 1)
    return origin, private
