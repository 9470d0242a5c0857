"""Names: after the words that announce one, with a title, as a signature, or beside a telephone number.

Not every name: "Anna hat gewonnen" tells nobody who Anna is. What is meant are people whom a reader could find.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from hearback.trust.lists import words_of

CAPITAL = r"[A-ZÄÖÜÇĞŞŁŻÉ]"
PART = rf"{CAPITAL}[\w'’-]{{1,30}}"
INITIAL = rf"{CAPITAL}\."
SURNAME = rf"(?:(?:von|van|de|der|zu|Mc|O['’])\s?){{0,2}}{PART}"
FULL = rf"(?:{PART}|{INITIAL})(?: {INITIAL})?(?: {SURNAME}| {INITIAL})"
AGED = r"(?:[, (]{1,2}\d{1,2}(?: J(?:ahre|\.)?)?\)?)?"
AT_THE_END = r"[\s.!]{0,3}(?:\Z|\n)"
FROM = rf"(?: (?:aus|from|in) {PART}(?: {PART})?)?"
AND_ANOTHER = rf"(?: (?:&|und|and|u\.|\+) {PART})?"
KIN = r"(?:(?:[Oo]ma|[Oo]pa|[Tt]ante|[Oo]nkel|[Mm]ama|[Pp]apa) )?"

INTRODUCED = re.compile(
    r"(?<!\w)(?:[Mm]ein Name (?:ist|lautet):?|[Ii]ch (?:heiße|heisse|bin (?:der|die))"
    r"|[Mm]y name(?: is|['’]s)|[Ii] am called|[Nn]ame:) "
    rf"({PART}(?: {SURNAME}){{0,2}}|{INITIAL} {SURNAME})"
)
I_AM = re.compile(
    r"(?<!\w)(?:[Ii]ch bin|I['’]?m|I am|[Hh]ier (?:ist|spricht)|[Tt]his is) "
    rf"({PART}(?: {SURNAME}){{0,2}})"
)
TITLED = re.compile(
    r"(?<!\w)(?:Frau|Herrn?|Fr\.|Hr\.|Familie|Fam\.|Mrs?\.?|Ms\.?|Miss|Dr\.|Prof\.) "
    rf"((?:(?:Dr|Prof)\. ){{0,2}}(?:{INITIAL} |{PART} )?{SURNAME})"
)
SIGNED = re.compile(
    r"(?:[Gg]r(?:üße|uß|üsse|uss|üßen|üssen)(?: (?:aus|vom|von der) [A-ZÄÖÜ][\wäöüß-]{1,30})?"
    r"|\b(?:G?LG|Lg|VG|Vg|M[fF]G|Mfg|mfg|g?lg|vg|BG|HG)|[Rr]egards|[Ss]incerely|[Yy]ours|[Ss]igned"
    r"|[Uu]nterschrift:?|[Gg]ezeichnet:?|gez\.)"
    rf"[\s,!.:–-]{{1,4}}(?:(?:[Dd]ein|[Ee]uer|[Ee]ure|[Ii]hre?)[\s,]{{1,2}})?{KIN}({FULL}|{PART}{AND_ANOTHER}){AGED}{FROM}{AT_THE_END}"
)
# Such words stand before much else, so what follows must be a name that is known.
THANKED = re.compile(
    r"(?:[Dd]anke|[Tt]hanks|[Tt]hank you|[Cc]heers|[Ll]ove|[Bb]est|[Bb]is bald|[Ee]uer|[Ee]ure|[Ii]hre?"
    rf"|[Cc]iao|[Tt]schüss|[Ss]ervus|[.!?…\n)–-])[\s,!.:–-]{{1,4}}{KIN}({FULL}|{PART}{AND_ANOTHER}){AGED}{FROM}{AT_THE_END}"
)
# The signature of a whole text: "…, H. Brandl, 81".
LAST = re.compile(rf"(?:^|[\n,;.!?…)–-])\s{{0,3}}((?:{INITIAL} ){{1,2}}{SURNAME}){AGED}[\s.!]{{0,3}}\Z")
# "mein Sohn Levin Achterberg": two words with capitals, for one might be a thing.
RELATED = re.compile(
    r"(?<!\w)(?:Sohn|Tochter|Mann|Frau|Bruder|Schwester|Enkel(?:in)?|Freund(?:in)?|Nachbar(?:in)?|Kolleg(?:e|in)"
    r"|Mitarbeiter(?:in)?|Fahrer(?:in)?|Schaffner(?:in)?|Ordner(?:in)?"
    rf"|son|daughter|husband|wife|colleague|steward|driver|neighbour) ({PART} {SURNAME})"
)
BESIDE = re.compile(rf"(?<![\w.])({FULL})(?!\w)")
FULLY = re.compile(rf"(?<![\w.-])({PART}) ({SURNAME}|{INITIAL}(?!\w))")
GAP = re.compile(
    r"[\s,;:|/–()-]{0,4}(?:(?:Tel|Telefon|Mobil|Handy|Mail|E-Mail|Email|T|M|unter|bei|phone|call)[.:]?\s?){0,2}"
    r"[\s,;:|/–()-]{0,3}\Z"
)

FIRST_NAMES = words_of("first_names")
NO_NAMES = words_of("no_names")


def names(text: str, contacts: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """contacts: where mail addresses, numbers and the like stand; a full name beside one belongs to it."""
    found = [
        match.span(1) for form in (INTRODUCED, TITLED, SIGNED, RELATED, LAST) for match in form.finditer(text)
    ]
    for form in (I_AM, THANKED):
        found += [match.span(1) for match in form.finditer(text) if _is_known(match[1])]
    found += [match.span() for match in FULLY.finditer(text) if _is_known(match[1])]
    if contacts:
        beside = [match.span(1) for match in BESIDE.finditer(text)]
        found += [span for span in beside if _touches(text, span, contacts)]
    real = {span for span in found if not NO_NAMES & set(text[span[0] : span[1]].split())}
    yield from sorted(real, key=lambda span: (span[0], -span[1]))


def _is_known(name: str) -> bool:
    first = name.split()[0]
    return first in FIRST_NAMES or first.endswith(".")


def _touches(text: str, span: tuple[int, int], contacts: Sequence[tuple[int, int]]) -> bool:
    """Only a comma, a space or "Tel." between the two."""
    start, end = span
    after = bisect_left(contacts, (end, end))
    if after < len(contacts) and contacts[after][0] < end + 40 and GAP.match(text[end : contacts[after][0]]):
        return True
    upto = contacts[after - 1][1] if after else -1
    return 0 <= upto <= start < upto + 10 and bool(GAP.match(text[upto:start]))
