"""What the fan says when we ask whether we understood."""

from piccolo.columns import UUID, Date, Text, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from hearback.answering.tables import Response
from hearback.changenotes.tables import Note
from hearback.database.columns import hidden_id_column, link
from hearback.people.tables import Company
from hearback.receipts.rules import Verdict


class Hearback(Table, tablename="hearback"):
    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    note = link(Note)
    verdict = Varchar(length=10, choices=Verdict)
    words = Text(default="")
    on = Date()
