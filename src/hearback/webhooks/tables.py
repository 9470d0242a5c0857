"""Machines that are told of news, and what was and is to be delivered to them."""

from piccolo.columns import UUID, Array, Boolean, Bytea, Date, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.changenotes.tables import Note
from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member
from hearback.webhooks.rules import DeliveryState, Way


class Webhook(Table, tablename="webhook"):
    """An address that an admin named. secret: sealed; kinds: which news. failing_since: since when nothing got
    through; given_up_on: when it was switched off for that."""

    id: UUID = id_column()
    company = link(Company)
    address = Varchar(length=500)
    kinds = Array(base_column=Text(), default=list)
    secret = Bytea()
    active = Boolean(default=True)
    failing_since = Timestamptz(null=True, default=None)
    given_up_on = Date(null=True, default=None)
    created_by = link(Member)
    created_at = Timestamptz()

    what_is_given_up_is_off = Check("given_up_on is null or not active")


class Delivery(Table, tablename="delivery"):
    """The outbox of machines: one row for each piece of news and address. cause: what no address is told of twice.

    What is said of a note is made from it when it is sent, so that nothing lies here that was erased meanwhile; body:
    what is not about a note. due_at: when to try, or when whoever sends it must have died; empty once it is over.
    status: the last reply's.
    """

    id: UUID = id_column()
    company = link(Company)
    way = Varchar(length=10, choices=Way)
    webhook = link(Webhook, gone=OnDelete.cascade, maybe=True)
    address = Varchar(length=500)
    kind = Varchar(length=20)
    cause = Varchar(length=100)
    note = link(Note, maybe=True)
    body = Text(default="")
    state = Varchar(length=8, default=DeliveryState.WAITING.value, choices=DeliveryState)
    tries = SmallInt(default=0)
    due_at = Timestamptz(null=True, default=None)
    status = SmallInt(null=True, default=None)
    trouble = Varchar(length=40, default="")
    on = Date()

    it_says_something = Check("note is not null or body <> ''")
