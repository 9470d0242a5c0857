"""In which tone a fan writes, so that a reply can take it up: du or Sie, and whether they joke. A suggestion with its
reasons, never more. No database, no web."""

import re
from collections.abc import Sequence

from msgspec import Struct

INFORMAL = re.compile(
    r"\b(du|dich|dir|dein|deine|deinen|deinem|deiner|deins|ihr|euch|euer|eure|euren|eurem|eurer)\b",
    re.IGNORECASE,
)
# At the beginning of a sentence "Sie" and "Ihr" may be anybody; in the middle they are written large only for "you".
FORMAL = re.compile(r"(?<=[\w,;:–-] )(Sie|Ihnen|Ihr|Ihre|Ihren|Ihrem|Ihrer|Ihres)\b")
# "ihr" also means "her": only beside a verb of theirs is it somebody spoken to.
DOUBTFUL = frozenset({"ihr"})
VERBS = "seid|habt|könnt|macht|wollt|müsst|sollt|solltet|werdet|schafft|nehmt|sagt|baut|denkt|lasst|gebt|wart|hattet"
SEVERAL = re.compile(rf"\bihr (?:{VERBS})\b|\b(?:{VERBS}) ihr\b", re.IGNORECASE)
JOKES = re.compile(
    r"[;:]-?[)DP](?!\w)|[😂🤣😉😜😄😆😅🙃]|\b(?:haha(?:ha)*|hihi|hehe|lol|grins|zwinker|scherz|spaß beiseite"
    r"|just kidding|wir müssen reden|we need to talk|ich mache? schluss|ich treffe jetzt|i'm seeing)\b",
    re.IGNORECASE,
)
GRAVE = re.compile(
    r"!!|\b(?:krank\w*|tot|gestorben|unfall|verletzt\w*|angst|wein\w*|geweint|verzweifelt|anwalt|polizei|idiot\w*"
    r"|vollidiot\w*|frechheit|unverschämt\w*|wütend|ill|sick|died|dead|injured|afraid|cried|crying|lawyer|police"
    r"|idiots?|outrageous|furious|awful)\b",
    re.IGNORECASE,
)
MOST_SHOWN = 4


class Register(Struct, frozen=True):
    """address: du or sie, empty outside German. theirs: the fan's words that say so; empty: the company's way holds.

    joking: words of theirs that joke; grave: words because of which a joke would hurt whatever else they say.
    """

    address: str
    theirs: list[str]
    joking: list[str]
    grave: list[str]

    @property
    def humour(self) -> bool:
        return bool(self.joking) and not self.grave


def register(words: Sequence[str], *, language: str, house: str) -> Register:
    """words: all that the fan wrote. house: how the company speaks, du or sie."""
    text = " ".join(words)
    address, theirs = house if language == "de" else "", list[str]()
    if language == "de":
        informal = _found(INFORMAL, text)
        if not SEVERAL.search(text):
            informal = [word for word in informal if word.casefold() not in DOUBTFUL]
        formal = _found(FORMAL, text)
        informal = [word for word in informal if word not in formal]
        if informal or formal:
            address, theirs = ("du", informal) if len(informal) >= len(formal) else ("sie", formal)
    return Register(address, theirs, _found(JOKES, text), _found(GRAVE, text))


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    """Each once, as it was written, in the order of the text."""
    return list(dict.fromkeys(match.group(0).strip() for match in pattern.finditer(text)))[:MOST_SHOWN]
