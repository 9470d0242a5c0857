"""Refusals as sentences for the terminal."""

import os
from collections.abc import Iterator

from hearback.listening.rules import MOST_REASONS
from hearback.people.rules import Address
from hearback.refusals import Refused
from hearback.words.speaking import Words, words_for


def terminal_words(address: str = Address.DU) -> Words:
    """German in a German terminal, else English."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return words_for("de" if said.startswith("de") else "en", address)


def told(refusal: Refused, *, importing: bool = True) -> Iterator[str]:
    """Each reason as a sentence, with its place in the file where it has one."""
    words = terminal_words()
    for reason in refusal.reasons:
        sentence = words.say(reason.reason, **reason.values)
        if "row" in reason.values and "column" in reason.values:
            yield words.say(
                "import.in-row", row=reason.values["row"], column=reason.values["column"], reason=sentence
            )
        elif "row" in reason.values:
            yield words.say("import.in-this-row", row=reason.values["row"], reason=sentence)
        else:
            yield sentence
    if len(refusal.reasons) == MOST_REASONS:
        yield words.say("import.more-reasons", most=MOST_REASONS)
    if importing and refusal.reason.startswith("import."):
        yield words.say("import.nothing-kept")
