"""What the listening report of a month says."""

from piccolo.columns import JSONB, UUID, Date, Timestamptz, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member


class ListeningReport(Table, tablename="listening_report"):
    """month: its first day; figures: reporting/rules.py. What is signed stays: the database changes it no more.

    signed_as: the role in which it was signed; the database writes it down.
    """

    id: UUID = id_column()
    company = link(Company)
    month = Date()
    figures = JSONB(default="{}")
    computed_at = Timestamptz()
    signed_by = link(Member, maybe=True)
    signed_at = Timestamptz(null=True, default=None)
    signed_as = Varchar(length=120, null=True, default=None)

    a_month_begins_on_its_first_day = Check("extract(day from month) = 1")
    who_signs_has_a_moment = Check("(signed_by is null) = (signed_at is null)")
