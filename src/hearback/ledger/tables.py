"""The book that nobody can rewrite in silence: entries without words or names, in an order that is signed."""

from piccolo.columns import UUID, BigInt, Bytea, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from hearback.database.columns import hidden_id_column, id_column, link
from hearback.ledger.rules import Kind
from hearback.people.tables import Company


class LedgerLeaf(Table, tablename="ledger_leaf"):
    """One entry, written with its fact. The app's database role can add it and give it its number once, nothing else.

    entry: the bytes that are hashed; with its number it may get a later time, so that times never go back.
    number: its place in the tree, from 0; none until the signer came by.
    step: the order of what staff and programs did; answers have none, so that nothing tells when each came.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    kind = Varchar(length=20, choices=Kind)
    subject = UUID(default=None)
    entry = Bytea()
    step = BigInt(null=True, default=None)
    number = BigInt(null=True, default=None)


class LedgerSalt(Table, tablename="ledger_salt"):
    """What is needed to prove what a field of an entry said; erased with the words, and then nothing proves them."""

    id: UUID = hidden_id_column()
    company = link(Company)
    leaf = link(LedgerLeaf)
    name = Varchar(length=40)
    salt = Bytea()


class LedgerTile(Table, tablename="ledger_tile"):
    """Up to 256 hashes of one level of the tree; the database lets it only grow."""

    id: UUID = hidden_id_column()
    company = link(Company)
    level = SmallInt()
    number = BigInt()
    hashes = Bytea()


class LedgerKey(Table, tablename="ledger_key"):
    """Which key signs from which size on. Only its public half: the other one never comes near the database.

    turn: from 1, in the order they came in.
    """

    id: UUID = id_column()
    company = link(Company)
    origin = Varchar(length=300)
    public = Bytea()
    size = BigInt()
    turn = Integer()


class LedgerCheckpoint(Table, tablename="ledger_checkpoint"):
    """The tree as it was signed; can only be added."""

    id: UUID = id_column()
    company = link(Company)
    size = BigInt()
    root = Bytea()
    note = Text()


class LedgerWitness(Table, tablename="ledger_witness"):
    """Another installation whose signatures we take and show. Once listed, its line stays; it can only end."""

    id: UUID = id_column()
    company = link(Company)
    name = Varchar(length=300)
    public = Bytea()
    added_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)


class LedgerCosignature(Table, tablename="ledger_cosignature"):
    """That a witness saw a checkpoint, and that it held all the witness had seen before; can only be added."""

    id: UUID = id_column()
    company = link(Company)
    witness = link(LedgerWitness)
    size = BigInt()
    seen_at = Timestamptz()
    line = Text()
