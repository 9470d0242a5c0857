"""What moderators did, for the fan to read: what is covered, by which rule, and what another look found."""

from piccolo.columns import UUID, Boolean, Date, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Question
from hearback.database.columns import hidden_id_column, id_column, link
from hearback.moderation.rules import Outcome
from hearback.people.tables import Company, Member
from hearback.trust.covering import Heard


class HouseRule(Table, tablename="house_rule"):
    """A rule of the company, in both languages. A number is never given twice: reasons name it, also later.

    gone_on: since when it holds no more. A company without rows has the drafts of the catalogues.
    """

    id: UUID = id_column()
    company = link(Company)
    number = SmallInt()
    de = Text(default="")
    en = Text(default="")
    gone_on = Date(null=True, default=None)


class Cover(Table, tablename="cover"):
    """Characters `starts` to `ends` of what a fan wrote stand behind a bar, for a reason and by a rule."""

    id: UUID = id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    answer = link(Answer, gone=OnDelete.cascade)
    starts = Integer()
    ends = Integer()
    heard_as = Varchar(length=20, choices=Heard)
    rule = SmallInt()
    reason = Text(default="")
    by = link(Member, maybe=True)
    at = Timestamptz()


class SecondLook(Table, tablename="second_look"):
    """A fan asked for another look, with words if they liked; somebody else answers, with words always.

    about: what they asked about, `set_aside` or `covered`.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    about = Varchar(length=10, default="set_aside")
    words = Text(default="")
    asked_on = Date()
    by = link(Member, maybe=True)
    at = Timestamptz(null=True, default=None)
    outcome = Varchar(length=10, default="", choices=Outcome)
    answer = Text(default="")


class Moderated(Table, tablename="moderated"):
    """As what an answer was heard, and whether somebody should still decide about it.

    handed_over_by: who asked that somebody else takes it, with words; gone as soon as somebody decides.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    response = link(Response, gone=OnDelete.cascade)
    heard_as = Varchar(length=20, default="")
    waits = Boolean(default=False)
    handed_over_by = link(Member, maybe=True)
    words = Text(default="")


class Trusted(Table, tablename="trusted"):
    """What comes from the same browser that day, or in the same wording, counts instead of waiting.

    Nothing new is kept for it: it holds as long as the traces (answer_trace, answer_wording) of this answer.
    """

    id: UUID = id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    response = link(Response, gone=OnDelete.cascade)
    by = link(Member, maybe=True)
    at = Timestamptz()
