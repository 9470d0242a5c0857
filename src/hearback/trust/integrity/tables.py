"""What tells repeats apart without knowing anybody: the salt of a day, and proofs that were used."""

from piccolo.columns import UUID, Bytea, Date, Timestamptz
from piccolo.table import Table

from hearback.database.columns import id_column


class Salt(Table, tablename="salt"):
    """What traces of one day are hashed with; without it nothing can be recognised any more."""

    id: UUID = id_column()
    day = Date(unique=True)
    salt = Bytea()
    made_at = Timestamptz()


class SpentProof(Table, tablename="spent_proof"):
    """SHA-256 of a proof of work's signature: it was given in, and is good for no other answer."""

    id: UUID = id_column()
    proof = Bytea(unique=True)
    ends_at = Timestamptz(index=True)
