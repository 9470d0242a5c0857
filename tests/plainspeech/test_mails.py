"""What our own mails say stays unmarked: a company that writes plainly is not to be taught by letters that do not."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hearback import notifying
from hearback.plainspeech.checking import Reader
from hearback.plainspeech.rules import Severity
from hearback.settings import folder
from hearback.words.catalogue import CATALOGUES, read_sources

SAID = re.compile(r"""say\(\s*f?["']([\w.{}-]+)["']""")
BRACES = re.compile(r"\{(\w+)\}")
ROOM = Path(notifying.__file__).parent
WRITERS = [
    *(ROOM / "writing").glob("*.py"),
    *(ROOM / f"{name}.py" for name in ("letters", "promising", "voicing", "postman")),
]
COUNTED = {"n": "3", "nth": "2", "most": "12", "size": "1042"}
GIVEN = {
    "de": {
        "day": "18. Dezember",
        "name": "Kranich Spiele",
        "title": "Die Schachtel ist leer",
        "theme": "Anleitung",
        "words": "Wir ersetzen jede leere Schachtel",
        "why": "Die Zahl war falsch. Es waren 14 Spiele.",
    },
    "en": {
        "day": "18 December",
        "name": "Kranich Games",
        "title": "The box is empty",
        "theme": "Rule book",
        "words": "We replace every empty box",
        "why": "The number was wrong. It was 14 games.",
    },
}


@cache
def keys_of_mails() -> tuple[re.Pattern[str], ...]:
    """Of whatever a mail says; a part that is only known when it is written stands for any."""
    letter = Path(folder("templates")) / "mail" / "letter.html"
    said = {key for file in (*WRITERS, letter) for key in SAID.findall(file.read_text("utf-8"))}
    parts = [re.split(r"\{[^}]*\}", key) for key in sorted(said)]
    return tuple(re.compile(r"[\w-]+".join(map(re.escape, pieces))) for pieces in parts)


def said_in_mails(catalogue: str) -> Iterator[str]:
    given = COUNTED | GIVEN[catalogue[:2]]
    for message in read_sources(catalogue):
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key and any(pattern.fullmatch(key) for pattern in keys_of_mails()):
            texts = [message.string] if isinstance(message.string, str) else message.string
            yield from (BRACES.sub(lambda found: given.get(found[1], "Mia Wolf"), text) for text in texts)


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_what_our_mails_say_is_left_alone(catalogue):
    reader, said = Reader(), list(said_in_mails(catalogue))
    remarked = [
        (words, remark.category)
        for words in said
        for remark in reader.remarks(words, catalogue[:2])
        if remark.severity != Severity.LOW
    ]
    assert len(said) > 60
    assert remarked == []
