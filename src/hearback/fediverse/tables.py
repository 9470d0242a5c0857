"""A company's account in the fediverse, who follows it, and which answers came from there."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from hearback.answering.tables import Response
from hearback.asking.tables import Question
from hearback.database.columns import hidden_id_column, id_column, link
from hearback.people.tables import Company


class FediAccount(Table, tablename="fedi_account"):
    """No row, or not active: the company has none. private_key: sealed with the installation's key, so that a dump of
    the database alone speaks in nobody's name. question: where what is said to it is brought to; empty: nowhere."""

    id: UUID = id_column()
    company = link(Company)
    active = Boolean(default=False)
    public_key = Text()
    private_key = Bytea()
    question = link(Question, maybe=True)
    since = Timestamptz()


class FediFollower(Table, tablename="fedi_follower"):
    """An account elsewhere that wants our notes, which is public there. inbox: where its server takes them;
    follow_mark: a hash of its wish's address, by which it may be taken back; failing_since: since when nothing gets
    through."""

    id: UUID = hidden_id_column()
    company = link(Company)
    actor = Varchar(length=500)
    inbox = Varchar(length=500)
    since = Date()
    follow_mark = Varchar(length=64, default="")
    failing_since = Timestamptz(null=True, default=None)


class FediHeard(Table, tablename="fedi_heard"):
    """An answer that was said to our account. object_key, actor_key: keyed hashes of its address and of its
    author's, to know them again when they take it back; nobody can read from here who wrote what."""

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    object_key = Bytea()
    actor_key = Bytea()


class FediTakenBack(Table, tablename="fedi_taken_back"):
    """What an author took back, for as long as it may still be on its way to us; keys as of what was heard. An author
    who is no more took back whatever they said: both keys are theirs then."""

    id: UUID = hidden_id_column()
    company = link(Company)
    object_key = Bytea()
    actor_key = Bytea()
    on = Date()
