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


def idle(
    texts: Mapping[str, str], remarks: Mapping[str, list[Remark]], reasons: str
) -> tuple[list[str], list[str]]:
    """The words of the lines that are about no grave remark any more: those that no text says now, and those that
    stand there with no such remark on just them."""
    grave = {
        _shown(texts[name][one.start : one.end])
        for name, found in remarks.items()
        for one in found
        if one.grave
    }
    about = [found["words"].strip() for line in reasons.splitlines() if (found := LINE.fullmatch(line))]
    plain = "\n".join(" ".join(QUOTES.sub("", text).split()) for text in texts.values())
    unused = [words for words in dict.fromkeys(about) if words not in grave]
    said = [words for words in unused if words.removesuffix("…") in plain]
    return [words for words in unused if words not in said], said


def _shown(words: str) -> str:
    plain = " ".join(QUOTES.sub("", words).split())
    return plain if len(plain) <= LONGEST_BEGINNING else plain[: LONGEST_BEGINNING - 1].rstrip() + "…"
