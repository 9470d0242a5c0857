"""One voice: what a note says in other places, derived from its own words. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum

from hearback.changenotes.rules import ANSWER, TOLD_IN_MAIL, NoteKind

SOCIAL_SIGNS = 480  # most places take 500
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„“\"])")
MARKUP = re.compile(r"[*_`#>]+")


class Channel(StrEnum):
    """Where else it is said. MAIL is what the mail says by itself; the others can be written by hand."""

    LOG = "log"
    MAIL = "mail"
    SOCIAL = "social"
    SIGN = "sign"


BY_HAND = (Channel.SOCIAL, Channel.SIGN)


def derived(channel: Channel, kind: NoteKind, texts: Mapping[str, str], address: str) -> str:
    """address: of the note, or of the log while it is a draft."""
    title, answer = texts.get("title", "").strip(), _plain(texts.get(ANSWER[kind], ""))
    asked = texts.get("closing_question", "").strip()
    match channel:
        case Channel.LOG:
            return _joined(title, answer)
        case Channel.MAIL:
            return _joined(title, *(_plain(texts.get(name, "")) for name in TOLD_IN_MAIL[kind]))
        case Channel.SOCIAL:
            room = SOCIAL_SIGNS - len(_joined(title, asked, address)) - 2
            return _joined(title, _whole_sentences(answer, room), asked, address)
        case Channel.SIGN:
            return _joined(title, _whole_sentences(answer, 240), address)


def _whole_sentences(text: str, room: int) -> str:
    """As many as fit; nothing is cut in the middle."""
    taken = ""
    for sentence in SENTENCE.split(text):
        longer = f"{taken} {sentence}".strip()
        if len(longer) > room:
            break
        taken = longer
    return taken


def _plain(text: str) -> str:
    return MARKUP.sub("", text).strip()


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
