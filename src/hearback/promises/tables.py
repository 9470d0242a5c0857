"""What a company said it would do by a day."""

from piccolo.columns import UUID, Array, Date, Integer, Timestamptz, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member
from hearback.promises.rules import Held, PromiseKind


class Promise(Table, tablename="promise"):
    """question, note and action stand in later rooms, so the database links them, not Piccolo.

    A new date is a new promise that names the old one; the old one stays and stays late.
    language: of the words; why: in public and in the same language, why the old day was moved to this one.
    owner: who sees to it. broken_why: the public reason why we will not keep it. held, outcome: of a follow-up, whether
    it has held and what we say of it. owner_told_on, leaders_told_on: when they were told that it is near, or late.
    """

    id: UUID = id_column()
    company = link(Company)
    kind = Varchar(length=12, choices=PromiseKind)
    words = Varchar(length=200)
    language = Varchar(length=2, default="de")
    question = UUID(null=True, default=None)
    note = UUID(null=True, default=None)
    action = UUID(null=True, default=None)
    instead_of = link("self", maybe=True)
    why = Varchar(length=600, default="")
    owner = link(Member)
    made_by = link(Member)
    made_at = Timestamptz()
    due_on = Date()
    kept_on = Date(null=True, default=None)
    kept_by = link(Member, maybe=True)
    broken_on = Date(null=True, default=None)
    broken_by = link(Member, maybe=True)
    broken_why = Varchar(length=600, default="")
    held = Varchar(length=6, default="", choices=Held)
    outcome = Varchar(length=600, default="")
    owner_told_on = Date(null=True, default=None)
    leaders_told_on = Date(null=True, default=None)

    it_ends_once = Check("kept_on is null or broken_on is null")
    who_breaks_it_says_why = Check("(broken_on is null) = (broken_why = '')")


class ThemeSpoken(Table, tablename="theme_spoken"):
    """What people say of a theme, counted by the worker from all that stands in it. theme: the database links it.

    since: the day on which as many had said it as the public may count, else the newest; latest: the newest day.
    questions: to which they said it.
    """

    id: UUID = id_column()
    company = link(Company)
    theme = UUID(default=None)
    since = Date()
    latest = Date()
    voices = Integer()
    questions = Array(base_column=UUID())
