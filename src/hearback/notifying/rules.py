"""What may be followed, and how many mails that may cost. No database, no web."""

from datetime import timedelta
from enum import StrEnum

from hearback.changenotes.rules import NoteKind
from hearback.promises.rules import PromiseKind


class What(StrEnum):
    ANSWER = "answer"
    QUESTION = "question"
    THEME = "theme"
    LOG = "log"


class MailKind(StrEnum):
    CONFIRM = "confirm"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    REPLY = "reply"
    THEME_REPLY = "theme_reply"
    DIGEST = "digest"
    CHECK_BACK = "check_back"
    VOICE = "voice"
    PROMISE_NEAR = "promise_near"
    PROMISE_LATE = "promise_late"
    HELD = "held"
    BROKEN = "broken"


class MailState(StrEnum):
    """HANDING: the text is on its way to the server. Who dies then leaves it UNSURE: it is not sent again."""

    WAITING = "waiting"
    SENDING = "sending"
    HANDING = "handing"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"


class Tls(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


class Trouble(StrEnum):
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Verdict(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NOT_MINE = "not_mine"


# The promise: so many mails after the one that asks for confirmation, then the address is deleted.
MOST = {What.ANSWER: 2, What.QUESTION: 3, What.THEME: 5, What.LOG: 12}
CONFIRM_WITHIN = timedelta(days=3)
LONGEST_KEPT = timedelta(days=365)
MOST_TRIES = 10
LONGEST_WAIT = timedelta(hours=6)
FEWEST_TO_REOPEN = 3  # one loud "not my point" is no share of anything


def worth_the_last(kind: MailKind, of: str = "") -> bool:
    """Whether the last promised mail may be spent on this: it is kept for what became of the answer, for a reply to
    this one person, or for the word that none will come. of: the kind of the note or of the promise.
    """
    if kind is MailKind.PUBLISHED:
        return of != NoteKind.HOLDING
    if kind is MailKind.BROKEN:
        return of in (PromiseKind.REPLY, PromiseKind.STEP)
    return kind in (MailKind.REPLY, MailKind.CHECK_BACK)


def wait_after(tries: int) -> timedelta:
    """Until the next try: 1, 2, 4 … minutes, at most six hours."""
    return min(timedelta(minutes=2 ** max(0, tries - 1)), LONGEST_WAIT)


def opens_again(*, not_mine: int, said: int, percent: int) -> bool:
    """Whether so many say "not my point" that the theme is not answered."""
    return not_mine >= FEWEST_TO_REOPEN and not_mine * 100 >= said * percent
