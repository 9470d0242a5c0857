"""What a person should look at first, and why. No database, no web.

Heat is a help for whoever reads, never a verdict: nothing is set aside by it. Anger without insult stays calm.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from hearback.moderation.lists import phrases_of
from hearback.trust.covering import Heard
from hearback.trust.personal_data import personal_data


class Outcome(StrEnum):
    """What another look found. RESTORED: what was hidden shows again."""

    OPEN = ""
    RESTORED = "restored"
    KEPT = "kept"


class About(StrEnum):
    """What another look is about."""

    SET_ASIDE = "set_aside"
    COVERED = "covered"


class Why(StrEnum):
    """Why an answer runs hot; the weightiest first."""

    THREAT = "threat"
    INSULT = "insult"
    FLAG = "flag"
    PERSONAL_DATA = "personal_data"
    CAPITALS = "capitals"
    EXCLAMATIONS = "exclamations"


DEGREES = {
    Why.THREAT: 10,
    Why.INSULT: 5,
    Why.FLAG: 2,
    Why.PERSONAL_DATA: 2,
    Why.CAPITALS: 1,
    Why.EXCLAMATIONS: 1,
}
HOT = 5
"""From here on somebody should look, even where nothing else waits: an insult or a threat, never anger alone. The
index `response_hot` knows the number too."""
ASKED = 5
"""Somebody who asks for another look waits for a word of ours: it weighs as much as an insult."""
HOSTILE = frozenset({Heard.INSULT, Heard.THREAT, Heard.PERSONAL_DATA, Heard.SPAM})
"""Who hears an answer as one of these asks for a decision about it."""

NOBODY = re.compile(
    r"\b(?:ich|mich|me|ich bin (?:so |halt )?(?:ein|eine|der|die)|i(?:['’]m| am)(?: such)? an?"
    r"|jede[rs]?|jedem|wie (?:ein|eine|der letzte)|any|every|like an?)\W*$",
    re.IGNORECASE,
)
SHOUTED = re.compile(r"\b[A-ZÄÖÜ]{4,}\b")
WORD = re.compile(r"\w+")
FEWEST_SHOUTED = 3
SHARE_SHOUTED = 3  # at least every third word
RUN_OF_MARKS = re.compile(r"!{3,}|[!?]*!\?!?")


def _any_of(name: str) -> re.Pattern[str]:
    """Longest first; whatever stands between the words of a phrase."""
    phrases = sorted(phrases_of(name), key=len, reverse=True)
    said = "|".join(r"\W+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"\b(?:{said})\b", re.IGNORECASE)


INSULTS, THREATS = _any_of("insults"), _any_of("threats")


class Heat(Struct, frozen=True):
    """degrees: the sum over the reasons, each counted once. parts: the words that insult or threaten."""

    degrees: int
    why: tuple[Why, ...]
    parts: tuple[str, ...]

    @property
    def hot(self) -> bool:
        return self.degrees >= HOT


def heat(texts: Sequence[str], flag: str = "") -> Heat:
    """Of all that one fan said in an answer. flag: why the program stopped (trust/integrity), if it did."""
    threats = [found[0] for text in texts for found in THREATS.finditer(text)]
    insults = [part for text in texts for part in _insults(text)]
    why = {
        Why.THREAT: bool(threats),
        Why.INSULT: bool(insults),
        Why.FLAG: bool(flag),
        Why.PERSONAL_DATA: any(personal_data(text) for text in texts),
        Why.CAPITALS: any(_shouts(text) for text in texts),
        Why.EXCLAMATIONS: any(RUN_OF_MARKS.search(text) for text in texts),
    }
    reasons = tuple(reason for reason in Why if why[reason])
    return Heat(
        sum(DEGREES[reason] for reason in reasons), reasons, tuple(dict.fromkeys([*threats, *insults]))
    )


def may_look_again(member: object, decided_by: Sequence[object]) -> bool:
    """Whoever decided does not judge themselves."""
    return member not in decided_by


def _insults(text: str) -> list[str]:
    """What people call themselves is none, nor is a way of speaking: „Ich Depp habe …“, „jeder Depp kann …“."""
    return [
        found[0]
        for found in INSULTS.finditer(text)
        if not NOBODY.search(text, max(0, found.start() - 24), found.start())
    ]


def _shouts(text: str) -> bool:
    shouted, words = len(SHOUTED.findall(text)), len(WORD.findall(text))
    return shouted >= FEWEST_SHOUTED and shouted * SHARE_SHOUTED >= words
