"""What a company said it would do by a day."""

from piccolo.columns import UUID, Date, Timestamptz, Varchar
from piccolo.table import Table

from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member
from hearback.promises.rules import PromiseKind


class Promise(Table, tablename="promise"):
    """question and note stand in later rooms, so the database links them, not Piccolo.

    A new date is a new promise that names the old one; the old one stays and stays late.
    language: of the words; why: in public and in the same language, why the old day was moved to this one.
    """

    id: UUID = id_column()
    company = link(Company)
    kind = Varchar(length=12, choices=PromiseKind)
    words = Varchar(length=200)
    language = Varchar(length=2, default="de")
    question = UUID(null=True, default=None)
    note = UUID(null=True, default=None)
    instead_of = link("self", maybe=True)
    why = Varchar(length=300, default="")
    made_by = link(Member)
    made_at = Timestamptz()
    due_on = Date()
    kept_on = Date(null=True, default=None)
    kept_by = link(Member, maybe=True)
