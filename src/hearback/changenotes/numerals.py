"""Numbers that are written as words, German and English. Pure."""

import re
from collections.abc import Iterator

UNDER_TWENTY = {
    word: value
    for value, words in enumerate(
        (
            "zwei two",
            "drei three",
            "vier four",
            "fünf five",
            "sechs six",
            "sieben seven",
            "acht eight",
            "neun nine",
            "zehn ten",
            "elf eleven",
            "zwölf twelve",
            "dreizehn thirteen",
            "vierzehn fourteen",
            "fünfzehn fifteen",
            "sechzehn sixteen",
            "siebzehn seventeen",
            "achtzehn eighteen",
            "neunzehn nineteen",
        ),
        2,
    )
    for word in words.split()
}
TENS = {
    word: value
    for value, words in zip(
        range(20, 100, 10),
        (
            "zwanzig twenty",
            "dreißig thirty",
            "vierzig forty",
            "fünfzig fifty",
            "sechzig sixty",
            "siebzig seventy",
            "achtzig eighty",
            "neunzig ninety",
        ),
        strict=True,
    )
    for word in words.split()
}
# Said alone: a compound such as "zweihundertdreißig" is written in figures by everybody.
ROUND = {"hundert": 100, "hundred": 100, "tausend": 1000, "thousand": 1000}
UNDER_TEN = {"ein": 1, "one": 1} | {word: value for word, value in UNDER_TWENTY.items() if value < 10}
_ones, _tens = "|".join(UNDER_TEN), "|".join(TENS)
NUMERAL = re.compile(
    rf"""\b(?:(?P<after>{_ones})und(?P<tens_de>{_tens}) | (?P<tens_en>{_tens})[- ](?P<before>{_ones})
    | (?P<plain>{"|".join((UNDER_TWENTY | TENS | ROUND).keys())}))\b""",
    re.IGNORECASE | re.VERBOSE,
)


def numerals(text: str) -> Iterator[tuple[str, int]]:
    """Each with the words that name it. "Ein" and "one" alone are none: they are articles more often."""
    for match in NUMERAL.finditer(text):
        told = {name: words.lower() for name, words in match.groupdict().items() if words}
        if plain := told.get("plain"):
            yield match[0], (UNDER_TWENTY | TENS | ROUND)[plain]
        else:
            tens, unit = told.get("tens_de") or told["tens_en"], told.get("after") or told["before"]
            yield match[0], TENS[tens] + UNDER_TEN[unit]
