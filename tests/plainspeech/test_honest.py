"""What people who mean it have written stays unmarked: the demo's notes, replies and questions, and the thread's."""

import tomllib
from collections.abc import Iterator
from importlib import resources

import pytest

from hearback import demo
from hearback.plainspeech.checking import Reader
from hearback.plainspeech.rules import Category
from tests.journeys.test_thread import CHANGED, MISTAKE

ASKED = ("title", "why", "can_change", "cannot_change", "what_happens", "words", "help")
REPLIED = ("feeling", "fact", "next_step")


def said_in(house: str) -> Iterator[tuple[str, str]]:
    """Language and text of whatever goes out to people."""
    told = tomllib.loads(resources.files(demo).joinpath(f"{house}.toml").read_text("utf-8"))
    for question in told.get("questions", []):
        for part in (question, *question.get("prompts", [])):
            yield from (("de", part[name]) for name in ASKED if name in part)
            yield from (("en", words) for name, words in part.get("en", {}).items() if name in ASKED)
    for note in told.get("notes", []):
        for texts in (note["texts"], *(one.get("texts", {}) for one in note.get("corrections", []))):
            yield from ((note.get("language", "de"), words) for words in texts.values())
    for reply in told.get("replies", []):
        yield from ((reply.get("language", "de"), reply[name]) for name in REPLIED if name in reply)


@pytest.mark.parametrize("house", ["kranich", "rheintalbahn", "uferlicht"])
def test_what_the_demo_says_is_left_alone(house):
    assert_left_alone(said_in(house))


@pytest.mark.parametrize("texts", [CHANGED, MISTAKE])
def test_what_the_thread_says_is_left_alone(texts):
    assert_left_alone(("de", words) for words in texts.values())


def assert_left_alone(said: Iterator[tuple[str, str]]) -> None:
    reader = Reader()
    remarked = [
        (words, remark.category)
        for lang, words in said
        if isinstance(words, str)
        for remark in reader.remarks(words, lang)
        if remark.category != Category.LONG_SENTENCE
    ]
    assert remarked == []
