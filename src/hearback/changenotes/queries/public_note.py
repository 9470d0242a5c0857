"""What a public note is, with all that belongs to it: revisions, quotes, promises, and the thread behind it."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.asking.queries import Told
from hearback.changenotes.rules import PROMISES
from hearback.promises.rules import PromiseKind, PromiseState, days_late, state_of


class FieldRead(Struct, frozen=True):
    """words: None where they were erased."""

    name: str
    words: str | None
    until: date | None


class RevisionRead(Struct, frozen=True):
    """A withdrawal holds no fields: what was said last stays readable."""

    number: int
    kind: str
    reason: str
    by: str
    at: datetime
    fields: list[FieldRead]


class Quote(Struct, frozen=True):
    """words: None where they are not to be shown; the gap stays, and `gone` says why: the fan withdrew, erased or
    corrected them (`withdrawn`, `erased`, `corrected`), they were kept long enough (`expired`), the answer does not
    count (`aside`), or fewer than the company's least voices stand behind their theme (`few`)."""

    words: str | None
    gone: str
    language: str
    first_name: str
    place: str


class Behind(Struct, frozen=True):
    """A question behind the note. voices: its counted people in the themes, of all its counted `people`.

    few: there are some, and fewer than the public may count. Then no question of the note tells its voices (they
    are 0): what the themes have in all, less the others, would be those few.
    """

    title: str
    slug: str
    language: str
    titles: dict[str, str]
    voices: int
    people: int
    few: bool

    def told_title(self, language: str) -> Told:
        found = self.titles.get(language)
        return Told(found, language) if found else Told(self.title, self.language)


class ThemeBehind(Struct, frozen=True):
    """reworded_on: when its name, or why it weighs, last became another. joined_on: when a theme that the note is about
    last came to it; parted_on: when it last came away from another."""

    id: UUID
    name: str
    reworded_on: date | None
    joined_on: date | None
    parted_on: date | None
    voices: int
    weight_reason: str


class ActionBehind(Struct, frozen=True):
    """done_at: its newest step to done; None while it is not done."""

    title: str
    state: str
    due_on: date
    owner: str
    done_at: datetime | None


class PromiseBehind(Struct, frozen=True):
    """replaced_by: the day that a newer promise names instead, for the reason replaced_why. held, outcome: of a
    follow-up, whether what we repaired has held, and how we know."""

    kind: str
    words: str
    language: str
    due_on: date
    kept_on: date | None
    broken_on: date | None
    broken_why: str
    held: str
    outcome: str
    replaced_by: date | None
    replaced_why: str

    def state(self, today: date) -> PromiseState:
        return state_of(self.due_on, self.kept_on, today, broken_on=self.broken_on)

    def days_late(self, today: date) -> int:
        return days_late(self.due_on, self.kept_on, today)


class Other(Struct, frozen=True):
    """Another public note; title: its newest, empty where it was erased."""

    slug: str
    title: str
    language: str
    published_at: datetime


class AnswerAt(Struct, frozen=True):
    """An open question for everybody that asks about the same, else the one that the company chose for this."""

    slug: str
    title: str
    language: str


class Entry(Struct, frozen=True):
    """publisher: who sent it out; the signer answers for it. themes: only those the public may see.

    topic: of the mandate under which it went out at once, or empty; cosigners: who of the leadership signed since.
    answer_at: where anybody can answer its closing question now, if anywhere.
    answered: how many did, from anybody; 0 where they are fewer than the public may count, which answered_by_few tells.
    nth: the how many-th time we admit this mistake; before, again: the note that did so last, or next.
    """

    id: UUID
    slug: str
    kind: str
    language: str
    state: str
    published_at: datetime
    signer: str
    signer_title: str
    signer_face: str | None
    topic: str
    cosigners: list[str]
    nth: int
    before: "Other | None"
    again: "Other | None"
    answer_at: AnswerAt | None
    answered: int
    answered_by_few: bool
    publisher: str
    publisher_title: str
    revisions: list[RevisionRead]
    quotes: list[Quote]
    questions: list[Behind]
    themes: list[ThemeBehind]
    actions: list[ActionBehind]
    promises: list[PromiseBehind]
    agreed: int
    corrected_us: int
    better: int
    same: int
    worse: int
    not_mine: int

    @property
    def said_later(self) -> int:
        """How many said weeks later how it is."""
        return self.better + self.same + self.worse + self.not_mine

    def day_now(self, field: str, day: date) -> date | None:
        """That holds instead of the one that the note names in this field; None where it was not moved."""
        kind = PROMISES.get(field, PromiseKind.REPAIR)
        newer = {one.due_on: one.replaced_by for one in self.promises if one.kind == kind and one.replaced_by}
        now = newer.get(day)
        for _ in newer:
            now = newer.get(now, now) if now else None
        return now

    @property
    def versions(self) -> list[RevisionRead]:
        """Those with words, oldest first."""
        return [revision for revision in self.revisions if revision.kind != "withdrawn"]

    @property
    def withdrawal(self) -> "RevisionRead | None":
        return next((revision for revision in self.revisions if revision.kind == "withdrawn"), None)
