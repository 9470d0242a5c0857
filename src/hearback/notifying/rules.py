"""What may be followed, how many mails that may cost, and which address is one. No database, no web."""

import re
from datetime import timedelta
from enum import StrEnum

from hearback.refusals import Refused


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
    DIGEST = "digest"
    CHECK_BACK = "check_back"


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

LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~](?:[\w!#$%&'*+/=?^`{|}~-]*)(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def fan_address(typed: str) -> str:
    """As we keep and compare it, the domain in ASCII. Raises Refused for what cannot be one, or hides another."""
    local, at, domain = typed.strip().partition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    labels = domain.split(".")
    fits = (
        at == "@"
        and len(local.encode()) <= 64
        and len(local.encode()) + 1 + len(domain) <= 254
        and LOCAL.fullmatch(local) is not None
        and len(labels) > 1
        and all(LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not fits:
        raise Refused("people.not-an-address", field="address")
    return f"{local.lower()}@{domain}"


def masked(address: str) -> str:
    """m…@example.org: enough to recognise one's own."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"


def worth_the_last(kind: MailKind, *, holding: bool) -> bool:
    """Whether the last promised mail may be spent on this: it is kept for what became of the answer."""
    return kind in (MailKind.REPLY, MailKind.CHECK_BACK) or (kind is MailKind.PUBLISHED and not holding)


def wait_after(tries: int) -> timedelta:
    """Until the next try: 1, 2, 4 … minutes, at most six hours."""
    return min(timedelta(minutes=2 ** max(0, tries - 1)), LONGEST_WAIT)


def opens_again(*, not_mine: int, said: int, percent: int) -> bool:
    """Whether so many say "not my point" that the theme is not answered."""
    return not_mine >= FEWEST_TO_REOPEN and not_mine * 100 >= said * percent
