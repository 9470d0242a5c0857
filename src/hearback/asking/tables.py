"""Questions and their prompts."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Date, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.asking.rules import PromptKind, QuestionState, Results
from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member
from hearback.trust.integrity.rules import Level


class Question(Table, tablename="question"):
    """most: how many answers it takes, where that is limited."""

    id: UUID = id_column()
    company = link(Company)
    slug = Varchar(length=80)
    language = Varchar(length=2, default="de")
    title = Varchar(length=200)
    why = Text()
    can_change = Text()
    cannot_change = Text()
    what_happens = Text()
    asked_by = link(Member)
    reply_by = Date()
    opens_at = Timestamptz()
    closes_at = Timestamptz()
    state = Varchar(length=10, default=QuestionState.DRAFT.value, choices=QuestionState)
    created_by = link(Member)
    created_at = Timestamptz()
    translations = JSONB(default="{}")
    keep_months = SmallInt(default=12)
    level = Varchar(length=10, default=Level.OPEN.value, choices=Level)
    most = Integer(null=True, default=None)
    results = Varchar(length=10, default=Results.CLOSED.value, choices=Results)

    it_closes_after_it_opens = Check("closes_at > opens_at")


class Prompt(Table, tablename="prompt"):
    """One thing to fill in. Options are answered by their position; a scale runs from low to high.

    other: something else may be said in words; why: the reason may be said, too. if_prompt: the position of an earlier
    one; this one is asked where one of if_picks (positions of options, numbers of a scale) was picked there.
    """

    id: UUID = id_column()
    company = link(Company)
    question = link(Question, gone=OnDelete.cascade)
    position = SmallInt()
    kind = Varchar(length=10, choices=PromptKind)
    words = Varchar(length=300)
    help = Varchar(length=500, default="")
    required = Boolean(default=False)
    options = Array(base_column=Varchar(length=200), default=list)
    low = SmallInt(null=True, default=None)
    high = SmallInt(null=True, default=None)
    low_label = Varchar(length=80, default="")
    high_label = Varchar(length=80, default="")
    other = Boolean(default=False)
    why = Boolean(default=False)
    new_page = Boolean(default=False)
    if_prompt = SmallInt(null=True, default=None)
    if_picks = Array(base_column=SmallInt(), default=list)
    translations = JSONB(default="{}")

    a_choice_has_options = Check("kind in ('open', 'scale') or cardinality(options) >= 2")
    a_condition_looks_back = Check(
        "if_prompt is null or (if_prompt < position and cardinality(if_picks) > 0)"
    )
    a_scale_has_ends = Check("kind <> 'scale' or (low is not null and high > low)")
