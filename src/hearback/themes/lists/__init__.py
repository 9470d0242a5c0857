"""Closed lists of German and English words, one file a list: our own, plain text, # begins a comment."""

from functools import cache
from importlib import resources


@cache
def words(name: str) -> frozenset[str]:
    """The words of one list, as written there (lower case unless the list says otherwise)."""
    return frozenset(word for line in _lines(name) for word in line.split())


@cache
def phrases(name: str) -> frozenset[str]:
    """The lines of one list, each a phrase."""
    return frozenset(line for line in _lines(name) if line)


def _lines(name: str) -> list[str]:
    text = resources.files(__name__).joinpath(f"{name}.txt").read_text("utf-8")
    return [line.partition("#")[0].strip() for line in text.splitlines()]
