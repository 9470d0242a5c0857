"""Sentences of ours that are kept as they were first said, told in the reader's language.

A promise is kept, and logged, in the language in which it was made. What we said around a title is said anew; the title
itself, nobody has translated.
"""

import re
from collections.abc import Callable
from functools import cache
from string import Formatter

from hearback.words.speaking import LANGUAGES, Words, words_for

KEPT = (
    "question.reply-promise",
    "note.promise.repair_by",
    "note.promise.did_on",
    "note.promise.look_again",
    "note.promise.follow_up",
    "note.promise.next_word",
    "reply.promise.public",
    "reply.promise.private",
)
CLOSING = ("“", "”")


def retold(sentence: str, language: str, words: Words, part: Callable[[str], str] = str) -> str:
    """language: of the sentence; part: what is made of each of its parts that stay. As it is where it is none of ours.

    One that was cut to its length is known by its beginning.
    """
    if language == words.lang or language not in LANGUAGES:
        return sentence
    for key in KEPT:
        if found := _frame(key, language).fullmatch(sentence):
            return words.say(key, **{name: part(said) for name, said in found.groupdict().items()})
    return sentence


@cache
def _frame(key: str, language: str) -> re.Pattern[str]:
    sentence = words_for(language).say(key)
    pattern = "".join(
        re.escape(before) + (f"(?P<{name}>.+?)" if name else "")
        for before, name, _, _ in Formatter().parse(sentence)
    )
    may_be_cut = sentence.endswith(CLOSING) and not sentence.startswith("{")
    return re.compile(f"{pattern[:-1]}{pattern[-1]}?" if may_be_cut else pattern, re.DOTALL)
