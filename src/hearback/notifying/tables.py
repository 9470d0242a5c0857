"""Followers, the outbox, what fans say weeks after a note, and the mails that come in."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.answering.tables import Response
from hearback.asking.tables import Question
from hearback.changenotes.tables import Note
from hearback.database.columns import hidden_id_column, id_column, link
from hearback.notifying.incoming import PostKind
from hearback.notifying.rules import MailKind, MailState, Tls, Trouble, Verdict, What
from hearback.people.tables import Company, Member
from hearback.promises.tables import Promise
from hearback.themes.tables import Theme


class MailSetup(Table, tablename="mail_setup"):
    """How a company sends mail; not active, or no row: it works without. password: sealed.

    check_back_weeks: 0 asks nobody back. reopen_percent: from this share of "not my point" a theme opens again.
    """

    id: UUID = id_column()
    company = link(Company)
    active = Boolean(default=False)
    host = Varchar(length=253, default="")
    port = Integer(default=587)
    tls = Varchar(length=10, default=Tls.STARTTLS.value, choices=Tls)
    login = Varchar(length=254, default="")
    password = Bytea(null=True, default=None)
    sender = Varchar(length=254, default="")
    reply_to = Varchar(length=254, default="")
    bounces_to = Varchar(length=254, default="")
    dkim_selector = Varchar(length=63, default="")
    check_back_weeks = SmallInt(default=4)
    reopen_percent = SmallInt(default=30)

    who_sends_has_a_server = Check("not active or host <> '' and sender <> ''")


class Follower(Table, tablename="follower"):
    """Wants to be told of one thing. Days only: a moment could point at the answer that was given just before.

    address: sealed; address_key: keyed hash of it, to find it again. sent: counted by the database itself.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    what = Varchar(length=10, choices=What)
    response = link(Response, gone=OnDelete.cascade, maybe=True)
    question = link(Question, maybe=True)
    theme = link(Theme, maybe=True)
    language = Varchar(length=2, default="de")
    address = Bytea()
    address_key = Bytea()
    digest = Boolean(default=False)
    corrections = Boolean(default=False)
    most = SmallInt()
    sent = SmallInt(default=0)
    asked_on = Date()
    confirmed_on = Date(null=True, default=None)

    no_more_than_promised = Check("sent between 0 and most")


class Mail(Table, tablename="mail"):
    """The outbox: one row a mail, made with its cause. cause: what no follower is told of twice, in this kind.
    follower: none for a mail that asks whether an answer is theirs (`voice`); its id is that of the Unconfirmed.
    member: to whom in the house it goes, instead.

    due_at: when to try, or, while it is being sent, when whoever sends it must have died; empty once it is over.
    What it says is written when it is sent, from what holds then.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    follower = link(Follower, gone=OnDelete.set_null, maybe=True)
    kind = Varchar(length=12, choices=MailKind)
    cause = Varchar(length=40)
    note = link(Note, maybe=True)
    promise = link(Promise, maybe=True)
    signed_by = link(Member, maybe=True)
    member = link(Member, maybe=True)
    state = Varchar(length=8, default=MailState.WAITING.value, choices=MailState)
    tries = SmallInt(default=0)
    due_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=300, default="")
    on = Date()

    it_goes_to_one_of_them = Check("member is null or follower is null")


class MailSilence(Table, tablename="mail_silence"):
    """An address that gets no mail from this company: it came back, or its owner complained."""

    id: UUID = id_column()
    company = link(Company)
    address_key = Bytea()
    why = Varchar(length=10, choices=Trouble)
    on = Date()


class CheckBack(Table, tablename="check_back"):
    """What somebody behind a note says weeks later. asked_on: empty where nobody was asked by mail."""

    id: UUID = hidden_id_column()
    company = link(Company)
    note = link(Note)
    response = link(Response, gone=OnDelete.cascade)
    verdict = Varchar(length=10, null=True, default=None, choices=Verdict)
    asked_on = Date(null=True, default=None)
    on = Date(null=True, default=None)

    it_was_asked_or_said = Check("asked_on is not null or verdict is not null")


class Mailbox(Table, tablename="mailbox"):
    """Where replies and bounces come to; not active, or no row: nobody reads it here. password: sealed.

    busy_until: another worker reads it, or died. trouble: why it could not be read the last time.
    """

    id: UUID = id_column()
    company = link(Company)
    active = Boolean(default=False)
    host = Varchar(length=253, default="")
    port = Integer(default=993)
    tls = Varchar(length=10, default=Tls.IMPLICIT.value, choices=Tls)
    login = Varchar(length=254, default="")
    password = Bytea(null=True, default=None)
    folder = Varchar(length=120, default="INBOX")
    busy_until = Timestamptz(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)
    trouble = Varchar(length=300, default="")

    who_reads_has_a_server = Check("not active or host <> '' and login <> ''")


class Post(Table, tablename="post"):
    """A mail that came in. key: SHA-256 of its Message-ID, so that it is taken in once; words only of a letter.

    mail: ours that it answers or reports. member: for whom it is; empty: for everybody. address: sealed.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    key = Bytea()
    kind = Varchar(length=10, choices=PostKind)
    mail = link(Mail, gone=OnDelete.set_null, maybe=True)
    member = link(Member, maybe=True)
    address = Bytea(null=True, default=None)
    name = Varchar(length=100, default="")
    subject = Varchar(length=200, default="")
    words = Text(default="")
    quoted = Text(default="")
    dropped = SmallInt(default=0)
    cut = Boolean(default=False)
    on = Date()
    done_on = Date(null=True, default=None)
    done_by = link(Member, maybe=True)

    only_letters_have_words = Check("kind = 'letter' or words = '' and quoted = '' and address is null")
