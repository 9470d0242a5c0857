"""Where somebody lives: a street with its number, a postcode with its town."""

import re
from collections.abc import Iterator

NUMBER = r"\d{1,4}(?:\s?[a-hA-H](?!\w))?(?:\s?[-/]\s?\d{1,4})?"
COUNTED = r"\s?(?:€|%|Uhr|Minuten|Stunden|Euro|Cent|mal|Leute|Personen)"
TOWN = r"(?:[ ,]{1,3}(?:[ADCH]{1,2}-)?\d{4,5} [A-ZÄÖÜ][\wäöüß-]{1,30})?"
STREET = re.compile(
    r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.-]{1,30}[ -]){0,2}[A-ZÄÖÜ]?[\wäöüß-]{1,30}"
    r"(?:stra(?:ß|ss)e|str\.|gasse|weg|allee|platz|ring|damm|ufer|steig|stieg|graben|chaussee|wall"
    r"|[ -]Str(?:\.|aße|asse)|[ -]Weg|[ -]Platz|[ -]Allee)"
    rf"\s?{NUMBER}(?![\d.:]|{COUNTED}){TOWN}"
)
# "Am Weiher 3" is an address where it stands alone between commas, "am Gleis 3" in a sentence is not.
AT_THE = re.compile(
    r"(?:(?<=, )|(?<=\n)|(?<=: ))"
    r"(?:Am|An der|An den|Im|In der|Auf dem|Auf der|Zum|Zur|Beim|Unter den|Hinter der) "
    r"(?!(?:Gleis|Bahnsteig|Tisch|Tor|Stand|Eingang|Schalter|Kasse|Zelt|Wagen|Block|Platz|Abschnitt|Runde|Ende)\b)"
    rf"[A-ZÄÖÜ][\wäöüß-]{{2,30}} {NUMBER}(?=,|\n|;|\.?\s{{0,9}}\Z){TOWN}"
)
LIVES = re.compile(
    r"(?<!\w)(?:[Ww]ohn(?:e|en|haft)|[Aa]dresse|[Aa]nschrift)(?: ist)?:? "
    r"((?:(?:[Ii]n|[Ii]m|[Aa]m|[Aa]n|[Aa]uf|[Zz]um|[Zz]ur) )?(?:der |dem |den )?(?:[A-ZÄÖÜ][\wäöüß-]{1,30} ){1,3}"
    rf"{NUMBER}{TOWN})(?!\w|{COUNTED})"
)
ENGLISH = re.compile(
    r"(?<![\w.,])\d{1,4}[a-c]?,? (?:[A-Z][\w'-]{1,20} ){1,3}"
    r"(?:Street|Road|Lane|Avenue|Drive|Close|Terrace|Crescent|Gardens|Square|Way|Court|Place)(?!\w)"
    r"(?:,? [A-Z][\w'-]{1,20})?"
)
UK_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)")
POSTCODE = re.compile(
    r"(?<![\w.,/-])(?:(?:D|A|CH)-)?\d{5} "
    r"(?!Euro|Cent|Meter|Leute|Mensch|Person|Besuch|Fans|Einwohner|Zuschau|Mal\b|Schritt|Punkt|Kilo|Dollar)"
    r"[A-ZÄÖÜ][\wäöüß-]{2,30}(?!\w)"
)


def addresses(text: str) -> Iterator[tuple[int, int]]:
    forms = (STREET, AT_THE, ENGLISH, UK_POSTCODE, POSTCODE)
    found = [match.span() for form in forms for match in form.finditer(text)]
    found += [match.span(1) for match in LIVES.finditer(text)]
    yield from sorted(found, key=lambda span: (span[0], -span[1]))
