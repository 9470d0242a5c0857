"""Who watches over our ledger: other installations that sign its checkpoints too, listed by us and shown to all."""

from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch, fetch_one, fetch_value, transaction
from hearback.ledger.checkpoints import COSIGNED, NotSigned, Seen, read_witness, seen, verifier_key
from hearback.people.audit import note_down
from hearback.refusals import NotFound, Refused
from hearback.web.live import tell


class Witness(Struct, frozen=True):
    """size, seen_at: the newest checkpoint that it signed, and when; None as long as it has signed none."""

    id: UUID
    name: str
    public: bytes
    size: int | None
    seen_at: datetime | None
    ended_at: datetime | None

    @property
    def line(self) -> str:
        return verifier_key(self.name, self.public, COSIGNED)


class Cosigned(Struct, frozen=True):
    """The newest checkpoint that a witness signed. lines: of all who did."""

    size: int
    note: str
    lines: list[str]

    @property
    def whole(self) -> str:
        return self.note + "".join(self.lines)


async def witnesses(company_id: UUID) -> list[Witness]:
    """Those that have ended too: what they signed stays."""
    return await fetch(
        Witness,
        """select w.id, w.name, w.public, s.size, s.seen_at, w.ended_at from ledger_witness w
           left join lateral (select size, seen_at from ledger_cosignature c
                              where c.company = $1 and c.witness = w.id order by size desc limit 1) s on true
           where w.company = $1 order by w.ended_at is not null, w.id""",
        company_id,
    )


async def how_many(company_id: UUID) -> int:
    """That are listed now and have signed."""
    count: int = await fetch_value(
        """select count(*) from ledger_witness w where w.company = $1 and w.ended_at is null
             and exists (select from ledger_cosignature c where c.company = $1 and c.witness = w.id)""",
        company_id,
    )
    return count


async def newest_cosigned(company_id: UUID) -> Cosigned | None:
    return await fetch_one(
        Cosigned,
        """select p.size, p.note, array_agg(c.line order by c.id) as lines
           from ledger_checkpoint p join ledger_cosignature c on c.company = $1 and c.size = p.size
           where p.company = $1 group by p.size, p.note order by p.size desc limit 1""",
        company_id,
    )


async def add_witness(company_id: UUID, line: str, *, now: datetime) -> str:
    """Its name. Twice changes nothing. Raises Refused for what is no witness's key."""
    try:
        name, public = read_witness(line.strip())
    except ValueError as error:
        raise Refused("ledger.no-witness-key") from error
    async with transaction():
        added = await execute(
            """insert into ledger_witness (id, company, name, public, added_at) values ($1, $2, $3, $4, $5)
               on conflict (company, name, public) do update set ended_at = null
               where ledger_witness.ended_at is not null""",
            new_id(),
            company_id,
            name,
            public,
            now,
        )
        if added:
            await note_down(
                company_id, "ledger.witness-added", by=None, now=now, after={"line": line.strip()}
            )
            await tell(company_id, "public")
    return name


async def end_witness(company_id: UUID, name: str, *, now: datetime) -> None:
    """From now on it counts no more; what it signed stays. Raises NotFound."""
    async with transaction():
        if not await execute(
            "update ledger_witness set ended_at = $3 where company = $1 and name = $2 and ended_at is null",
            company_id,
            name,
            now,
        ):
            raise NotFound
        await note_down(company_id, "ledger.witness-ended", by=None, now=now, before={"name": name})
        await tell(company_id, "public")


async def keep_cosignatures(company_id: UUID, note: str) -> int:
    """Of a checkpoint of ours with the lines of witnesses below; gives how many were new.

    Raises Refused where there is none of a witness that we list, or the checkpoint is not ours.
    """
    size = await fetch_value(
        "select size from ledger_checkpoint where company = $1 and note = $2",
        company_id,
        "\n".join(note.split("\n")[:5]) + "\n",
    )
    listed = [one for one in await witnesses(company_id) if one.ended_at is None]
    signed = [(one, found) for one in listed if (found := _seen(note, one.line)) is not None]
    if size is None or not signed:
        raise Refused("ledger.no-cosignature")
    new = 0
    async with transaction():
        for witness, found in signed:
            new += await execute(
                """insert into ledger_cosignature (id, company, witness, size, seen_at, line)
                   values ($1, $2, $3, $4, to_timestamp($5), $6) on conflict (company, witness, size) do nothing""",
                new_id(),
                company_id,
                witness.id,
                size,
                float(found.at),
                found.line,
            )
        if any(witness.size is None for witness, _ in signed):
            await tell(company_id, "public")  # there is one more now
    return new


def _seen(note: str, line: str) -> Seen | None:
    """None for a signature that is not there, not this key's, or of a time that no calendar has."""
    try:
        found = seen(note, line)
        datetime.fromtimestamp(found.at, UTC)
    except (NotSigned, ValueError, OverflowError, OSError):
        return None
    return found
