"""Excerpts, themes, placements, and the life of a theme."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Real,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Question
from hearback.database.columns import hidden_id_column, id_column, link
from hearback.people.tables import Company, Member, Team
from hearback.themes.rules import PlacedBy, ProposalKind, ProposalState, ThemeDeed, ThemeState


class Excerpt(Table, tablename="excerpt"):
    """One point made in an answer: the substring from `starts` to `ends`, in characters.

    The words stay in the answer, so that erasing it leaves no copy here. No answer: its words were kept as long as
    was said, and only its voice is still counted. vector: 512 float32,
    little-endian; empty until the worker has read it. second: how a second model reads it, 384 float16,
    little-endian; empty until the worker has come to it, or where no worker can. language: de, en, other, or
    unknown. wording: the same number for near copies; marks: what copies that come later are found by
    (themes/wording.py).
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    question = link(Question)
    response = link(Response, gone=OnDelete.cascade)
    answer = link(Answer, gone=OnDelete.cascade, maybe=True)
    starts = Integer()
    ends = Integer()
    vector = Bytea(null=True, default=None)
    second = Bytea(null=True, default=None)
    language = Varchar(length=8, default="")
    wording = BigInt(null=True, default=None)
    marks = Array(base_column=BigInt(), default=list)

    it_holds_something = Check("ends > starts")


class Theme(Table, tablename="theme"):
    """Permanent. `heir` is the theme that speaks for this one: itself, or where it was merged into.

    terms: in the company's language where it has such; terms_in: language → terms, where it has them.
    definition: what belongs; excludes: what does not, for people to read.
    reworded_on: when its name, or why it weighs, last became another; heir_since: when it last came to another theme,
    or away from one; the database writes both.
    wakes_on, wakes_at: the day, or the number of voices, that ends its rest without anybody's doing.
    """

    id: UUID = id_column()
    company = link(Company)
    name = Varchar(length=120, default="")
    terms = Array(base_column=Varchar(length=60), default=list)
    terms_in = JSONB(default="{}")
    entry = Varchar(length=60, default="")
    definition = Text(default="")
    excludes = Text(default="")
    state = Varchar(length=10, default=ThemeState.SUGGESTED.value, choices=ThemeState)
    named_by = link(Member, maybe=True)
    named_at = Timestamptz(null=True, default=None)
    merged_into = link("self", maybe=True)
    heir = UUID()
    weight_reason = Text(default="")
    weighted_by = link(Member, maybe=True)
    weighted_at = Timestamptz(null=True, default=None)
    assigned_to = link(Member, maybe=True)
    assigned_team = link(Team, maybe=True)
    resting_since = Timestamptz(null=True, default=None)
    resting_why = Text(default="")
    rested_by = link(Member, maybe=True)
    wakes_on = Date(null=True, default=None)
    wakes_at = Integer(null=True, default=None)
    reworded_on = Date(null=True, default=None)
    heir_since = Date(null=True, default=None)
    created_at = Timestamptz()

    a_named_theme_has_a_name = Check("state <> 'named' or name <> ''")
    who_rests_has_a_reason = Check("resting_since is null or resting_why <> ''")
    one_looks_after_it = Check("assigned_to is null or assigned_team is null")


class Placement(Table, tablename="placement"):
    """Where an excerpt belongs; no theme: a person says it belongs nowhere. One an excerpt."""

    id: UUID = hidden_id_column()
    company = link(Company)
    excerpt = link(Excerpt, gone=OnDelete.cascade)
    theme = link(Theme, maybe=True)
    by = Varchar(length=10, choices=PlacedBy)
    member = link(Member, maybe=True)
    confidence = Real(default=1.0)
    on = Date()

    a_person_has_a_name = Check("by <> 'person' or member is not null")
    a_fan_names_a_theme = Check("by <> 'fan' or theme is not null")
    the_machine_names_a_theme = Check("by <> 'machine' or theme is not null")


class CloseTheme(Table, tablename="close_theme"):
    """A theme that an excerpt may belong to, as the worker saw it when it read the answer; for its fan to choose from.

    nearness: the chance that it does.
    """

    id: UUID = hidden_id_column()
    company = link(Company)
    excerpt = link(Excerpt, gone=OnDelete.cascade)
    theme = link(Theme)
    nearness = Real()


class KeptApart(Table, tablename="kept_apart"):
    """The fan says that their words do not belong there. Among the refusals, which no reading goes against."""

    id: UUID = hidden_id_column()
    company = link(Company)
    excerpt = link(Excerpt, gone=OnDelete.cascade)
    theme = link(Theme)
    on = Date()


class ThemeEvent(Table, tablename="theme_event"):
    """A theme's life, append-only. details: what is needed to tell it and to undo it.

    No theme: an excerpt that was unsorted was moved to nowhere.
    """

    id: UUID = id_column()
    company = link(Company)
    theme = link(Theme, maybe=True)
    deed = Varchar(length=12, choices=ThemeDeed)
    member = link(Member, maybe=True)
    details = JSONB(default="{}")
    at = Timestamptz()


class GroupingRun(Table, tablename="grouping_run"):
    """One reading of everything. cause: `grown`, `taught`, or `reread`: by a second model.

    figures: how many excerpts came and left, and of each theme that changed: {came, left, themes: {id: [came, left]}}.
    """

    id: UUID = id_column()
    company = link(Company)
    excerpts = Integer()
    placed = Integer()
    themes = Integer()
    method = Varchar(length=60)
    figures = JSONB(default="{}")
    cause = Varchar(length=20, default="grown")
    started_by = link(Member, maybe=True)
    took_ms = Integer()
    at = Timestamptz()


class Proposal(Table, tablename="proposal"):
    """What a reading proposes. Open ones go with the next reading; what people decided stands.

    excerpts: what it is about, the most telling first. evidence: what speaks for it (themes/proposals.py).
    other: the theme that a merge would go into. event: what was written down in the theme's life when it was decided.
    """

    id: UUID = id_column()
    company = link(Company)
    kind = Varchar(length=10, choices=ProposalKind)
    theme = link(Theme, maybe=True)
    other = link(Theme, maybe=True)
    excerpts = Array(base_column=UUID())
    worth = Real()
    evidence = JSONB(default="{}")
    state = Varchar(length=10, default=ProposalState.OPEN.value, choices=ProposalState)
    member = link(Member, maybe=True)
    at = Timestamptz(null=True, default=None)
    event = UUID(null=True, default=None)

    alike_is_of_no_theme = Check("(kind = 'alike') = (theme is null)")
    a_merge_is_of_two = Check("(kind = 'merge') = (other is not null)")
    a_decision_has_a_name = Check("state = 'open' or member is not null and at is not null")


class Spot(Table, tablename="spot"):
    """Where an excerpt lies on the map of themes, -1 to 1 each way; goes with the fan's answer."""

    id: UUID = hidden_id_column()
    company = link(Company)
    excerpt = link(Excerpt, gone=OnDelete.cascade)
    x = Real()
    y = Real()


class Drawing(Table, tablename="drawing"):
    """The company's newest map. excerpts: how many there were to draw from; took_ms: time on the clock."""

    id: UUID = id_column()
    company = link(Company)
    excerpts = Integer()
    took_ms = Integer()
    at = Timestamptz()


class ThemeQuestion(Table, tablename="theme_question"):
    """A question that was asked about a theme. The link stands here, for questions know nothing of themes."""

    id: UUID = id_column()
    company = link(Company)
    theme = link(Theme)
    question = link(Question, gone=OnDelete.cascade)
    member = link(Member)
    at = Timestamptz()


class ThemeRemark(Table, tablename="theme_remark"):
    """What a member said about a theme inside the house. Never edited, so no two can overwrite each other."""

    id: UUID = id_column()
    company = link(Company)
    theme = link(Theme)
    member = link(Member)
    words = Text()
    at = Timestamptz()


class Mention(Table, tablename="mention"):
    """A member whom a remark speaks to; on their first page until they have read it."""

    id: UUID = id_column()
    company = link(Company)
    remark = link(ThemeRemark, gone=OnDelete.cascade)
    member = link(Member)
    read_at = Timestamptz(null=True, default=None)


class PassedOn(Table, tablename="passed_on"):
    """A fan's words that `by` passed on to the member they are for; gone with the words themselves."""

    id: UUID = id_column()
    company = link(Company)
    excerpt = link(Excerpt, gone=OnDelete.cascade)
    member = link(Member)
    by = link(Member)
    words = Text(default="")
    at = Timestamptz()
    read_at = Timestamptz(null=True, default=None)


class VoiceShown(Table, tablename="voice_shown"):
    """A voice that a member had before them when they were about to answer its theme."""

    id: UUID = id_column()
    company = link(Company)
    excerpt = link(Excerpt, gone=OnDelete.cascade)
    member = link(Member)
    on = Date()


class SavedView(Table, tablename="saved_view"):
    """A search that a member keeps. query: what stands after the `?` of its address; for_all: colleagues see it too."""

    id: UUID = id_column()
    company = link(Company)
    member = link(Member)
    name = Varchar(length=60)
    query = Text()
    for_all = Boolean(default=False)
    created_at = Timestamptz()


class CodebookEntry(Table, tablename="codebook_entry"):
    """Where a company's codebook differs from the one that comes with Hearback: a whole entry, changed or its own.

    used: not switched off; version: another after every change.
    """

    id: UUID = id_column()
    company = link(Company)
    slug = Varchar(length=60)
    used = Boolean(default=True)
    weight = Boolean(default=False)
    de = Varchar(length=60, default="")
    en = Varchar(length=60, default="")
    definition_de = Text(default="")
    definition_en = Text(default="")
    examples_de = Array(base_column=Text(), default=list)
    examples_en = Array(base_column=Text(), default=list)
    version = UUID()
    member = link(Member)
    at = Timestamptz()

    an_entry_has_a_name = Check("de <> '' or en <> ''")
