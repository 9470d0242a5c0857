"""What a plain field should carry: praise for it is as short as a remark, and as checkable."""

import re
from enum import StrEnum

from hearback.plainspeech.features import PRESENT
from hearback.plainspeech.folding import folded


class Need(StrEnum):
    WHO = "who"  # did it: we or I
    DOER = "doer"  # will do it: we or I
    HOW_MANY = "how_many"
    WHEN = "when"


WE_OR_I = re.compile(r"\b(?:ich|wir|i|we)\b")  # „tut uns leid“ names nobody who did anything
CARRIED_BY = {
    Need.WHO: WE_OR_I,
    Need.DOER: WE_OR_I,
    Need.HOW_MANY: re.compile(
        r"\d|\b(?:alle[nr]?|jede[rnms]?|niemand\w*|zwei|drei|vier|fuenf|sechs|sieben|acht|neun|zehn|elf|zwoelf|all"
        r"|every\w*|nobody|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    ),
    Need.WHEN: re.compile(f"{PRESENT['date']}|{PRESENT['day']}|{PRESENT['month']}"),
}


# A number that counts nobody: of a day, an hour, a page.
COUNTS_NOBODY = re.compile(
    rf"{PRESENT['date']}|\b\d{{1,2}}\.\d{{1,2}}\.(?:\d{{2,4}})?|\b(?:19|20)\d\d\b"
    r"|\b(?:seite|page|karte|card|regel|rule|absatz|paragraph|punkt|zeile|line|linie|auflage|version|fassung)n? \d+"
)


def carries(words: str, need: Need) -> bool:
    read = folded(words)
    if need is Need.HOW_MANY:
        read = COUNTS_NOBODY.sub(" ", read)
    return CARRIED_BY[need].search(read) is not None
