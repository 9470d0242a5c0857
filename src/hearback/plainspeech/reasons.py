"""Why grave remarks stay: a line that begins with words in quotes is about those, any other about all of them."""

import re
from collections.abc import Mapping

from hearback.plainspeech.rules import Remark

LONGEST_REASONS = 1500  # characters, for all of a text's remarks
LONGEST_BEGINNING = 60
AROUND = {"de": "„{}“: ", "en": "“{}”: "}
QUOTES = re.compile('[„“”"]')
LINE = re.compile('\\s*[„“"](?P<words>[^„“”"]+)[“”"]\\s*:(?P<why>.*)')


def begun(words: str, lang: str) -> str:
    """How the line about these words begins. lang: in which it will be written."""
    return AROUND[lang].format(_shown(words))


def why_it_stays(words: str, reasons: str) -> str:
    """Empty where nobody said. A line about just these words counts more than one about all."""
    about: dict[str, str] = {}
    about_all = []
    for line in reasons.splitlines():
        if found := LINE.fullmatch(line):
            about[found["words"]] = found["why"].strip()
        else:
            about_all.append(line.strip())
    return about.get(_shown(words), " ".join(about_all).strip())


def unexplained(texts: Mapping[str, str], remarks: Mapping[str, list[Remark]], reasons: str) -> int:
    """How many grave remarks nobody gave a reason for."""
    return sum(
        one.grave and not why_it_stays(texts[name][one.start : one.end], reasons)
        for name, found in remarks.items()
        for one in found
    )


def _shown(words: str) -> str:
    plain = " ".join(QUOTES.sub("", words).split())
    return plain if len(plain) <= LONGEST_BEGINNING else plain[: LONGEST_BEGINNING - 1].rstrip() + "…"
