"""What was brought in from elsewhere."""

from piccolo.columns import UUID, Integer, Timestamptz, Varchar
from piccolo.table import Table

from hearback.asking.tables import Question
from hearback.database.columns import id_column, link
from hearback.people.tables import Company


class ImportRun(Table, tablename="import_run"):
    id: UUID = id_column()
    company = link(Company)
    question = link(Question)
    file_name = Varchar(length=200)
    rows = Integer()
    new = Integer()
    at = Timestamptz()
