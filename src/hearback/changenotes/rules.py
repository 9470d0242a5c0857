"""What a note says, when it may go out, and how two of its versions differ. No database, no web."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from msgspec import Struct

from hearback.promises.rules import PromiseKind
from hearback.refusals import Refused
from hearback.trust.quoted import Repeat


class NoteKind(StrEnum):
    CHANGED = "changed"
    NOT_CHANGED = "not_changed"
    MISTAKE = "mistake"
    HOLDING = "holding"


class NoteState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class RevisionKind(StrEnum):
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class CauseKind(StrEnum):
    """How much of a mistake was in our hands, after Coombs; the last two need leadership's name."""

    VICTIM = "victim"
    ACCIDENTAL = "accidental"
    PREVENTABLE = "preventable"
    INTEGRITY = "integrity"


class NoticedBy(StrEnum):
    YOU = "you"
    WE = "we"
    PRESS = "press"


class DidState(StrEnum):
    DONE = "done"
    OPEN = "open"


class Form(StrEnum):
    """What stays as it is, stays against a wish, or because people asked to keep it."""

    NO = "no"
    KEPT = "kept"


# In the order in which they are written and read; a mistake's follow rows 1 to 9 of the mistake note:
# responsibility and repair come first, so that the cause cannot read as an excuse.
FIELDS: dict[NoteKind, tuple[str, ...]] = {
    NoteKind.CHANGED: ("title", "asked", "said", "did", "since_when", "left", "closing_question"),
    NoteKind.NOT_CHANGED: (
        "title",
        "asked",
        "said",
        "form",
        "reason",
        "mind",
        "look_again",
        "left",
        "closing_question",
    ),
    NoteKind.HOLDING: ("title", "asked", "said", "known", "again", "next_word", "left", "closing_question"),
    NoteKind.MISTAKE: (
        "title",
        "asked",
        "said",
        "wrong",
        "sorry",
        "affected",
        "repair",
        "repair_by",
        "must_do",
        "cannot_undo",
        "did",
        "did_owner",
        "did_on",
        "did_state",
        "cause",
        "cause_kind",
        "failed",
        "noticed_by",
        "noticed",
        "known_since",
        "thanks",
        "left",
        "follow_up",
        "closing_question",
    ),
}
MAY_BE_EMPTY = frozenset(
    {"left", "repair", "repair_by", "must_do", "cannot_undo", "noticed", "thanks", "form", "again", "failed"}
)
KEPT_MAY_BE_EMPTY = frozenset({"mind", "look_again"})  # nobody asked us to change it
DAYS = frozenset({"look_again", "next_word", "repair_by", "did_on", "known_since", "follow_up"})
CHOICES = frozenset({"cause_kind", "noticed_by", "did_state", "form"})
ONE_LINE = frozenset({"title", "since_when", "did_owner", "closing_question"})
# What lies ahead is a promise, that time watches; what lies behind is told, and corrected where it was told wrongly.
PROMISES = {
    "look_again": PromiseKind.LOOK_AGAIN,
    "next_word": PromiseKind.NEXT_WORD,
    "repair_by": PromiseKind.REPAIR,
    "follow_up": PromiseKind.FOLLOW_UP,
}
# What each kind of note answers with; the one sentence that a list shows.
ANSWER = {
    NoteKind.CHANGED: "did",
    NoteKind.NOT_CHANGED: "reason",
    NoteKind.MISTAKE: "wrong",
    NoteKind.HOLDING: "known",
}
# What a mail tells of a note before its reader opens it; a mistake says sorry and what we repair, or why we cannot.
TOLD_IN_MAIL = {kind: (name,) for kind, name in ANSWER.items()} | {
    NoteKind.MISTAKE: ("wrong", "sorry", "repair", "cannot_undo")
}
# What feeds and followers get: besides, what it asks.
TOLD_AT_ONCE = {kind: (*names, "closing_question") for kind, names in TOLD_IN_MAIL.items()}
LONGEST_SHOWN = 200
LEADERSHIP_SIGNS = frozenset({CauseKind.PREVENTABLE, CauseKind.INTEGRITY})


class Standing(Struct, frozen=True, kw_only=True):
    """All that decides whether a note may go out.

    texts, days: its fields, whatever their kind. voices: different people behind the themes, not answers.
    late_actions: titles of those that would be promised for a day that has passed.
    lifted: a member gave one of the themes weight with a public reason. unquotable: chosen quotes whose fans
    do not let us quote them, or whose words are in none of the linked themes; personal: those that hold personal
    data; thin: those from a theme with fewer voices than fewest_voices, lifted or not. repeats: where its own words
    are those of a fan who lets nobody quote them. unowned: what it does not own up to (changenotes/owning.py).
    """

    kind: NoteKind
    texts: Mapping[str, str]
    days: Mapping[str, date]
    themes: int
    voices: int
    fewest_voices: int
    lifted: bool
    done_actions: int
    late_actions: Sequence[str] = ()
    unquotable: int
    personal: int
    thin: int
    repeats: Sequence[Repeat] = ()
    unowned: Sequence[Refused] = ()
    signer_titled: bool
    signer_has_face: bool
    signer_leads: bool
    signer_active: bool
    today: date


def why_not_publish(note: Standing) -> list[Refused]:
    """Every reason against, in the order to fix them; empty means go."""
    return [
        *_nobody_behind_it(note),
        *missing_fields(note.kind, note.texts, note.days),
        *note.unowned,
        *whose_words(note.repeats),
        *days_that_do_not_fit(note.kind, note.texts, note.days, note.today),
        *_who_signs(note),
    ]


def missing_fields(kind: NoteKind, texts: Mapping[str, str], days: Mapping[str, date]) -> list[Refused]:
    """In the order of the form. A mistake that cannot be undone says why, instead of a repair."""
    empty = MAY_BE_EMPTY | (KEPT_MAY_BE_EMPTY if texts.get("form") == Form.KEPT else frozenset())
    reasons = [
        Refused(f"note.missing.{name}", field=name)
        for name in FIELDS[kind]
        if name not in empty and not (days.get(name) if name in DAYS else texts.get(name, "").strip())
    ]
    if kind is NoteKind.MISTAKE:
        repair, cannot = texts.get("repair", "").strip(), texts.get("cannot_undo", "").strip()
        at = next((i for i, reason in enumerate(reasons) if _after_repair(reason.field)), len(reasons))
        if not repair and not cannot:
            reasons.insert(at, Refused("note.missing.repair", field="repair"))
        elif repair:
            reasons[at:at] = _of_the_repair(texts, days)
    return reasons


def _of_the_repair(texts: Mapping[str, str], days: Mapping[str, date]) -> list[Refused]:
    """By when it comes, and what those affected must do for it, best nothing."""
    missing = [] if days.get("repair_by") else ["repair_by"]
    missing += [] if texts.get("must_do", "").strip() else ["must_do"]
    return [Refused(f"note.missing.{name}", field=name) for name in missing]


def _after_repair(field: str) -> bool:
    order = FIELDS[NoteKind.MISTAKE]
    return order.index(field) > order.index("cannot_undo")


def _nobody_behind_it(note: Standing) -> list[Refused]:
    if note.themes == 0 or note.voices == 0:
        return [Refused("note.no-theme", field="themes")]
    reasons = []
    if note.voices < note.fewest_voices and not note.lifted:
        reasons.append(
            Refused("note.too-few-voices", field="themes", n=note.voices, least=note.fewest_voices)
        )
    if note.kind is NoteKind.CHANGED and note.done_actions == 0:
        reasons.append(Refused("note.nothing-done-yet", field="actions"))
    reasons += [
        Refused("note.action-past-its-day", field="actions", title=title) for title in note.late_actions
    ]
    if note.unquotable:
        reasons.append(Refused("note.quote-without-consent", field="quotes", n=note.unquotable))
    if note.personal:
        reasons.append(Refused("note.quote-with-personal-data", field="quotes", n=note.personal))
    if note.thin:
        reasons.append(Refused("note.quote-of-few", field="quotes", n=note.thin, least=note.fewest_voices))
    return reasons


def whose_words(repeats: Iterable[Repeat]) -> list[Refused]:
    """What is covered is not said again here, not even to whoever has just written it."""
    return [
        Refused("note.repeats-covered", field=one.field)
        if one.covered
        else Refused("note.repeats-a-fan", field=one.field, words=one.words[:LONGEST_SHOWN])
        for one in repeats
    ]


def days_that_do_not_fit(
    kind: NoteKind, texts: Mapping[str, str], days: Mapping[str, date], today: date
) -> list[Refused]:
    """What we promise lies ahead; what we say we did, or knew, lies behind."""
    said = {name: days.get(name) for name in FIELDS[kind] if name in DAYS}
    reasons = [
        Refused("note.day-has-passed", field=name)
        for name in PROMISES
        if (day := said.get(name)) is not None and day < today
    ]
    done_on, state = said.get("did_on"), texts.get("did_state")
    if done_on is not None and state == DidState.OPEN and done_on < today:
        reasons.append(Refused("note.day-has-passed", field="did_on"))
    if done_on is not None and state == DidState.DONE and done_on > today:
        reasons.append(Refused("note.not-done-yet", field="did_on"))
    since = said.get("known_since")
    if since is not None and since > today:
        reasons.append(Refused("note.day-to-come", field="known_since"))
    return reasons


def promised_days(
    kind: NoteKind, texts: Mapping[str, str], days: Mapping[str, date]
) -> dict[str, tuple[PromiseKind, date]]:
    """By field: also the day of a change that is still open."""
    open_change = {"did_on": PromiseKind.REPAIR} if texts.get("did_state") == DidState.OPEN else {}
    return {
        name: (promised, days[name])
        for name, promised in (PROMISES | open_change).items()
        if name in FIELDS[kind] and name in days
    }


def days_that_stay(
    promised: Mapping[str, tuple[PromiseKind, date]], texts: Mapping[str, str]
) -> dict[str, date]:
    """In a correction: what was promised is moved among the promises, where both days are seen. Of a change that is
    done by now the day is told anew."""
    done = texts.get("did_state") == DidState.DONE
    return {name: day for name, (_, day) in promised.items() if not (done and name == "did_on")}


def _who_signs(note: Standing) -> list[Refused]:
    reasons = []
    if not note.signer_active or not note.signer_titled:
        reasons.append(Refused("note.signer-unnamed", field="signed_by"))
    if not note.signer_has_face:
        reasons.append(Refused("note.signer-without-face", field="signed_by"))
    if needs_leadership(note.kind, note.texts) and not note.signer_leads:
        reasons.append(Refused("note.leadership-signs", field="signed_by"))
    return reasons


def needs_leadership(kind: NoteKind, texts: Mapping[str, str]) -> bool:
    """What could have been prevented, or was against our own rules, is not for somebody below to answer for."""
    return kind is NoteKind.MISTAKE and texts.get("cause_kind") in LEADERSHIP_SIGNS


def what_is_said(
    kind: NoteKind, texts: Mapping[str, str], days: Mapping[str, date]
) -> list[tuple[str, str, date | None]]:
    """The fields that this kind of note has and that hold something: name, words, day."""
    return [
        (name, "" if name in DAYS else texts[name].strip(), days.get(name))
        for name in FIELDS[kind]
        if (days.get(name) if name in DAYS else texts.get(name, "").strip())
    ]


def in_own_words(kind: NoteKind, texts: Mapping[str, str]) -> dict[str, str]:
    """The fields in which the note speaks for itself."""
    return {name: texts.get(name, "") for name in FIELDS[kind] if name not in DAYS | CHOICES}


def changed_last(*moments: datetime | None, erasures: int) -> datetime:
    """For those who take only what is newer than what they have: the ledger tells an erasure's second alone, so each
    one counts a millisecond more, and two in one second are told apart."""
    return max(at for at in moments if at) + timedelta(milliseconds=erasures)


def word_diff(before: str, after: str) -> list[tuple[str, str]]:
    """Pieces (`same`, `ins` or `del`, words) that lead from one text to the other, word by word."""
    old, new = before.split(), after.split()
    pieces: list[tuple[str, str]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("same", " ".join(old[i:j])))
            continue
        if i < j:
            pieces.append(("del", " ".join(old[i:j])))
        if k < m:
            pieces.append(("ins", " ".join(new[k:m])))
    return pieces
