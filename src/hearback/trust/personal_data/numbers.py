"""Telephone numbers, bank accounts, cards, plates, and numbers that a company gave to one person."""

import re
from collections.abc import Iterator

from hearback.trust.lists import words_of

# As written here and in our neighbours' countries: 0171 39200 14, +49 (0)30 90 18 20, 0043/1/58858-0, (020) 7946 0018.
PHONE = re.compile(
    r"(?<![\w.,:/+-])(?:\(?\+\s?[1-9]|\(?00[1-9]|\(?0[1-9])(?:[ \u00a0/().–-]{0,3}\d){5,14}(?![\w/:%€$]|[.,]\d)"
)
# With a word before it any number may be one: Tel. 4711 0815.
CALLED = re.compile(
    r"(?<!\w)(?:(?:tel(?:efon)?|mobil|handy)(?:nummer|nr)?|durchwahl|phone(?: number)?|mobile|cell|whats ?app"
    r"|(?:call|ring|text) me(?: on| at)?|(?:anrufen|rückruf)(?: unter)?|erreichbar unter)"
    r"[\s:.]{1,3}(?:(?:ist|is|unter)\s)?([+(]?\d(?:[ \u00a0/().–-]{0,3}\d){5,14})(?!\w)",
    re.IGNORECASE,
)
DATE = re.compile(r"\d{1,2}[./-] ?\d{1,2}[./-] ?(?:\d{4}|\d{2})(?!\d)")
TIMES = re.compile(r"[0-2]?\d[.:]?[0-5]\d ?[–-] ?[0-2]?\d[.:]?[0-5]\d")

IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}", re.IGNORECASE)
IBAN_LENGTHS = {
    land: int(signs)
    for land, signs in re.findall(
        r"([A-Z]{2})(\d{2})",
        """AD24 AE23 AT20 BA20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22
        IL23 IS26 IT27 LI21 LT20 LU20 LV21 MC27 ME22 MK19 MT31 NL18 NO15 PL28 PT25 RO24 RS22 SE24 SI19 SK24 SM27
        TN24 TR26 UA29 XK20""",
    )
}
CARD = re.compile(r"(?<![\w-])[2-6]\d{3}(?:[ \u00a0-]?\d){8,15}(?![\w-])")

PLATES = words_of("plates")
PLATE = re.compile(r"(?<![\w-])([A-ZÄÖÜ]{1,3})(-| - | )([A-Z]{1,2})[ -]?[1-9]\d{0,3}[HE]?(?![\w-])")
SPEAKS_OF_A_CAR = re.compile(
    r"kennzeichen|nummernschild|number ?plate|licen[sc]e plate|registration", re.IGNORECASE
)

GIVEN = re.compile(
    r"(?<!\w)(?:kunden|vertrags|bestell|buchungs|auftrags|ticket|vorgangs|mitglieds|abo|rechnungs|personal|dienst|ausweis"
    r"|versicherten|steuer|konto|bahncard|customer|order|booking|contract|account|membership|member|reference|case)"
    r"[- ]?(?:nummern?|nr|number|no|id|code|reference|ref)\b\.?\s?[:#]?\s?(?:ist |is |lautet )?#?"
    r"((?=[\w/.-]{0,20}\d)\w(?:[\w/.-]{0,20}\w)?)(?!\w)",
    re.IGNORECASE,
)
BIRTH = re.compile(
    r"(?<!\w)(?:geb(?:oren)?(?: am|\.)?|geburtsdatum|geburtstag|born(?: on)?|date of birth|dob)[\s:.]{1,3}(?:ist |is )?"
    r"(\d{1,2}[./-] ?(?:\d{1,2}[./-]|[^\W\d_]{3,9}) ?\d{2,4}|[^\W\d_]{3,9} \d{1,2},? \d{4})",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[tuple[int, int]]:
    found = {match.span() for match in PHONE.finditer(text) if not _is_time(match[0])}
    found |= {match.span(1) for match in CALLED.finditer(text) if not _is_time(match[1])}
    yield from sorted(found, key=lambda span: (span[0], -span[1]))


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """By the checksum, so that nothing else looks like one."""
    for match in IBAN.finditer(text):
        long = IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        signs = [at for at, sign in enumerate(match[0]) if sign.isascii() and sign.isalnum()][:long]
        if long and len(signs) == long:
            plain = "".join(match[0][at] for at in signs)
            if _is_iban(plain):
                yield match.start(), match.start() + signs[-1] + 1


def cards(text: str) -> Iterator[tuple[int, int]]:
    for match in CARD.finditer(text):
        digits = [int(sign) for sign in match[0] if sign.isdigit()]
        if 13 <= len(digits) <= 19 and _is_luhn(digits):
            yield match.span()


def plates(text: str) -> Iterator[tuple[int, int]]:
    """German ones. Without a hyphen only where somebody speaks of one: "RE 1" is a train, "C X 3" nothing."""
    spoken_of = bool(SPEAKS_OF_A_CAR.search(text))
    for match in PLATE.finditer(text):
        if match[1] in PLATES and ("-" in match[2] or spoken_of):
            yield match.span()


def of_a_customer(text: str) -> Iterator[tuple[int, int]]:
    """A customer's, an order's, an employee's number: what the company can look somebody up by."""
    for match in GIVEN.finditer(text):
        yield match.span(1)


def births(text: str) -> Iterator[tuple[int, int]]:
    for match in BIRTH.finditer(text):
        yield match.span(1)


def _is_time(number: str) -> bool:
    return bool(DATE.match(number) or TIMES.fullmatch(number))


def _is_iban(plain: str) -> bool:
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _is_luhn(digits: list[int]) -> bool:
    doubled = [sum(divmod(2 * digit, 10)) if at % 2 else digit for at, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
