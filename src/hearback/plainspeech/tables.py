"""What a company itself does not want to read in its texts."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member


class OwnWord(Table, tablename="own_word"):
    """A word or a phrase, and a better way. read: as texts are read, folded; what no phrase is listed under twice."""

    id: UUID = id_column()
    company = link(Company)
    words = Varchar(length=80)
    read = Text()
    better = Varchar(length=200)
    by = link(Member)
    at = Timestamptz()

    it_says_something = Check("words <> ''")
    it_can_be_read = Check("read <> ''")
    there_is_a_better_way = Check("better <> ''")
