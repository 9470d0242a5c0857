"""What stands between a question and an honest answer: explained beside the form, never in the way.

Sources: Schuman & Presser 1981, Questions and Answers in Attitude Surveys (leading wording, closed lists without a way
out); Dillman, Smyth & Christian 2014 (two questions in one); our own essays on what answers are for (P10, P23, P72).
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from hearback.plainspeech.folding import folded


class Advice(StrEnum):
    LEADING = "leading"
    TWO_IN_ONE = "two_in_one"
    NOTHING_CAN_CHANGE = "nothing_can_change"
    NO_OTHER = "no_other"
    NO_REPLY_DATE = "no_reply_date"


class AskedFor(Struct, frozen=True, kw_only=True):
    """One thing to fill in. options: none where it is answered in own words. other: whether own words may be added."""

    words: str
    options: Sequence[str] = ()
    other: bool = False


class Given(Struct, frozen=True):
    """field: the form's field that it is about. words: what gave it away, or ""."""

    advice: Advice
    field: str
    words: str = ""


PRAISE = (
    "(?:toll|super|gut|schoen|grossartig|begeistert|zufrieden|wunderbar|gelungen|hilfreich|praktisch|lecker|wichtig"
    "|schlimm|aergerlich|schlecht|nervig)"
)
PRAISE_EN = (
    "(?:great|good|nice|happy|pleased|satisfied|wonderful|amazing|helpful|easy|important|exciting|fantastic"
    "|bad|annoying|terrible|useful)"
)
LEADS = {
    "de": re.compile(
        rf"\bwie {PRAISE}\b|\bwie sehr\b|\b(?:nicht|doch) auch\b|\bnicht wahr\b|, oder(?: nicht)?\?|\bstimmst du\b"
        r"|\bstimmen sie\b|\bstimmt ihr\b|\bsicher(?:lich)?\b|\bbestimmt\b|\bwuerde\w* \w+ nicht\b|\bbist du nicht\b"
        r"|\bfind\w+ (?:du|ihr|sie) (?:es )?(?:nicht|auch)\b|\bam besten gefa\w+|\bgefaellt \w+ am besten\b"
        r"|\b(?:unser\w*|dies\w*) (?:neu\w* )?(?:toll|beliebt|verbessert|preisgekroent|grossartig|wunderbar)\w*"
        r"|\bwarum (?:liebst|magst|bevorzugst|lieben|moegen|bevorzugen)\b|\bfreu\w+ (?:du|ihr|sie) (?:dich|euch|sich)\b"
        r"|\bwie die meisten\b|\bexperten\b|\b(?:du|ihr|sie) \w+ doch\b|\bsoll\w* wir endlich\b"
        r"|\bfind\w+ (?:du|ihr|sie) (?:\w+ ){1,4}nicht (?:auch|viel|deutlich|wesentlich|besser)\b"
    ),
    "en": re.compile(
        rf"\bhow {PRAISE_EN}\b|\bhow much (?:do|did) you (?:love|like|enjoy|hate)\b|\b(?:don't|wouldn't|didn't) you\b"
        r"|\b(?:isn't|wasn't|aren't|shouldn't) (?:it|that|this|they|we)\b|\bdo you agree\b|\bsurely\b|\bof course\b"
        r"|\b(?:our|this) (?:new )?(?:popular|improved|award-winning|amazing|great|wonderful)\b|, right\?"
        r"|\b(?:love|like|enjoy)(?:ed)? (?:the )?(?:most|best) about\b|\bwhy do you (?:love|prefer|like)\b"
        r"|\bwouldn't (?:it|that|this|they|we)\b|\bwhat (?:do|did) you (?:love|hate)\b"
        r"|\blike most people\b|\bexperts\b|\bare you (?:excited|looking forward)\b"
    ),
}
JOINS = {"de": re.compile(r"\b(?:und|sowie|und/oder)\b"), "en": re.compile(r"\b(?:and|as well as|and/or)\b")}
# Pairs that are one thing.
ONE_THING = re.compile(
    r"\b(?:ab und zu|hin und her|nach und nach|tag und nacht|auf und ab|rund um|hin und wieder|freund\w* und familie"
    r"|(\w{4,12})\w* und \1\w*|zwischen \S+ und \S+|between \S+ and \S+|now and then|day and night"
    r"|friends and family|back and forth|up and down|bed and breakfast|black and white|salz und pfeffer|bus und bahn"
    r"|jung und alt|gross und klein|essen und trinken|kinder\w* und (?:erwachsene|eltern|jugendliche)\w*"
    r"|(?:men|boys) and (?:women|girls)|adults and (?:children|kids)|(?:children|kids) and adults|food and drink)\b"
)
MARKS = re.compile(r"\?")
NOTHING = re.compile(
    r"^\W*(?:(?:eigentlich|leider|wohl|im grunde|actually|sadly|really)\W+)?"
    r"(?:nichts|nix|gar nichts|keine?s?|n/?a|nothing|none|no)\b|^\W*$|\bsteht (?:schon )?fest\b"
    r"|\balles (?:ist|bleibt)\b|\bnur zur information\b|\b(?:already|all) decided\b|\bfor information only\b"
    r"|\beverything stays\b|\bcannot be changed\b|\bschon entschieden\b|\blaesst sich nichts\b"
)
# Begins like a no and is none: "Nichts ist festgelegt", "None of the dates are fixed".
STILL_OPEN = re.compile(
    r"\b(?:(?:ist|sind) (?:noch )?offen|nichts (?:davon )?ist festgelegt"
    r"|(?:kann|koennen) sich (?:noch )?(?:alles )?aendern|(?:may|can|could) (?:still )?(?:all )?change"
    r"|(?:is|are) (?:still )?open|(?:none|nothing)\b.{0,40}\b(?:is|are) fixed)\b"
)
OTHER = re.compile(
    r"\b(?:weder noch|beides nicht|ander(?:es|er|e|em)|anders|sonst\w*|weiss (?:es |ich )?nicht|keins?|keine?s? davon"
    r"|nichts davon|other|something else|none|neither|don't know|not sure)\b"
)


def coached(
    prompts: Sequence[AskedFor], lang: str, *, can_change: str, reply_by: str, title: str = ""
) -> list[Given]:
    """In the order of the form. title: what is asked in one line, above what is filled in. reply_by: as typed."""
    given = _of_words(title, "title", lang)
    changes = folded(can_change)
    if NOTHING.search(changes) and not STILL_OPEN.search(changes):
        given.append(Given(Advice.NOTHING_CAN_CHANGE, "can_change"))
    if not reply_by.strip():
        given.append(Given(Advice.NO_REPLY_DATE, "reply_by"))
    for number, prompt in enumerate(prompts):
        given += _of_prompt(prompt, number, lang)
    return given


def _of_prompt(prompt: AskedFor, number: int, lang: str) -> list[Given]:
    given = _of_words(prompt.words, f"words.{number}", lang)
    if prompt.options and not prompt.other and not any(OTHER.search(folded(o)) for o in prompt.options):
        given.append(Given(Advice.NO_OTHER, f"options.{number}"))
    return given


def _of_words(words: str, field: str, lang: str) -> list[Given]:
    given, read = [], folded(words)
    if lang in LEADS and (leads := LEADS[lang].search(read)):
        given.append(Given(Advice.LEADING, field, leads[0].strip(" ,")))
    if lang in JOINS and (joins := _joins(read, lang)):
        given.append(Given(Advice.TWO_IN_ONE, field, joins))
    return given


def _joins(read: str, lang: str) -> str:
    if len(MARKS.findall(read)) > 1:
        return "? ?"
    found = JOINS[lang].search(ONE_THING.sub(" ", read))
    return found[0] if found else ""
