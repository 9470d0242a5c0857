"""Hints beside two fields. Whether the question that a note ends with can be answered, and by somebody who sees it
otherwise; and whether a mistake says who made it, and when. Pure.

That there is a question is a rule (owning.py); what is said here explains, and blocks nothing: a question that can be
answered by yes or no may be the right one. Sources: P70 (ask back, openly); Schuman & Presser 1981 on leading wording;
Ilie 1994, What else can I tell you? (questions that are statements).
"""

import re
from enum import StrEnum

from msgspec import Struct

from hearback.changenotes.facts import MONTHS
from hearback.plainspeech.coach import Advice, AskedFor, coached
from hearback.plainspeech.folding import folded


class Hint(StrEnum):
    RHETORICAL = "rhetorical"
    LEADING = "leading"
    TWO_IN_ONE = "two_in_one"
    CLOSED = "closed"
    NOBODY = "nobody"
    NO_DAY = "no_day"


class AsksBack(Struct, frozen=True):
    """words: what gave it away, or ""."""

    hint: Hint
    words: str = ""


QUESTION = re.compile(r"[^.!?…]*\?")
AND_WHY = re.compile(r",? (?:und|and) (?:warum|wieso|weshalb|why)\s*\?")
OPENS = {
    "de": re.compile(
        r"\b(?:w(?:er|en|em|essen|as|o|ie|ann|arum|ieso|eshalb|ozu|ohin|oher|ofuer|omit|obei|oran|orin|orauf|orueber|odurch"
        r"|ovon|ovor|onach|elch\w*)|inwiefern|inwieweit)\b"
    ),
    "en": re.compile(r"\b(?:who|whom|whose|what|where|when|why|how|which)\b"),
}
MEANS_NO_QUESTION = {
    "de": re.compile(
        r"\bwer (?:\w+ ){1,4}nicht\b|\bwas will man mehr\b|\bist (?:das|es|dies) nicht\b"
        r"|\bwer haette (?:das |es )?gedacht\b"
        r"|^\W*warum (?:auch |eigentlich )?nicht\W*$|\bwas (?:gibt es|koennte) (?:\w+ )?(?:schoener|besser)\w*"
        r"|\boder etwa nicht\b|\bhaben wir (?:das )?nicht (?:alle|immer|laengst)\b|\bwen (?:\w+ )?wundert\b"
    ),
    "en": re.compile(
        r"\bwho (?:doesn't|wouldn't|hasn't|isn't|can't)\b|\bwho (?:would have thought|knew)\b"
        r"|\bwhat more (?:could|can|do)\b|^\W*why not\W*$|\bhow hard can it be\b"
        r"|\bwhat could be (?:\w+er|more)\b|\bhaven't we all\b|\bisn't (?:it|that|this)\b"
    ),
}
OURS = {
    "de": re.compile(r"\b(?:ich|mein\w*|wir|uns|unser\w*)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:I|[Mm]y|[Ww]e|us|[Oo]ur)\b"),
}
WHEN = re.compile(rf"\d|\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)


def asks_back(words: str, lang: str) -> list[AsksBack]:
    """Of the last question in the words, the gravest hint first; nothing of what is no question, or in no language of
    ours."""
    questions = QUESTION.findall(folded(words))
    if not questions or lang not in OPENS:
        return []
    last: str = AND_WHY.sub("?", questions[-1])
    if meant := MEANS_NO_QUESTION[lang].search(last):
        return [AsksBack(Hint.RHETORICAL, meant[0].strip(" ,"))]
    given = coached([AskedFor(words=last)], lang, can_change=last, reply_by="-")
    found = [
        AsksBack(Hint(one.advice.value), one.words)
        for one in given
        if one.advice in (Advice.LEADING, Advice.TWO_IN_ONE)
    ]
    if not OPENS[lang].search(last):
        found.append(AsksBack(Hint.CLOSED))
    return found


def owns_up(wrong: str, lang: str) -> list[AsksBack]:
    """What is missing in "what we did wrong": a person or a house of ours that did it, and when."""
    if not wrong.strip() or lang not in OURS:
        return []
    nobody = [] if OURS[lang].search(wrong) else [AsksBack(Hint.NOBODY)]
    return nobody + ([] if WHEN.search(wrong) else [AsksBack(Hint.NO_DAY)])
