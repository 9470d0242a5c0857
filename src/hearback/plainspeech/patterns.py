"""The rules: expressions over folded sentences, as data. They say exactly where, and see what they were written for.

Every expression is of the kind that a finite automaton could run: no look-around, no back-references, and every gap is
bounded, so that time grows with the text alone. A test runs them over long and hostile texts.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from msgspec import Struct

from hearback.plainspeech.data import lines_of
from hearback.plainspeech.folding import Sentence
from hearback.plainspeech.rules import Category

SHORTEST_NEEDLE = 3  # signs
READ_AT_MOST = 2_000  # signs of a sentence: beyond, it is no sentence, and a remark on its length is enough


class Rule(Struct, frozen=True, kw_only=True):
    """about: which of the category's reasons fits. needles: without one of these the expression cannot match.

    unless: what takes the remark back when it stands in the same sentence, such as a date beside a promise.
    hit, near: a sentence that it must see, and one much like it that it must leave alone.
    """

    id: str
    lang: str
    category: Category
    about: str
    pattern: str
    needles: tuple[str, ...]
    unless: str = ""
    hit: str
    near: str


class Hit(Struct, frozen=True):
    """start, end: in the text."""

    start: int
    end: int
    rule: Rule


@cache
def rules(lang: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in lines_of("rules.jsonl", Rule) if rule.lang == lang)


def hits(sentence: Sentence, lang: str) -> Iterator[Hit]:
    """What the rules see in one sentence, the first place of each."""
    for start, end, rule in matches(sentence.read, lang):
        yield Hit(*sentence.span(start, end), rule)


@lru_cache(4096)  # while somebody writes, one sentence changes and the others are asked about again
def matches(read: str, lang: str) -> tuple[tuple[int, int, Rule], ...]:
    """Of a folded sentence; places in it."""
    return tuple(_matches(read[:READ_AT_MOST], lang))


def _matches(read: str, lang: str) -> Iterator[tuple[int, int, Rule]]:
    for number in sorted(_worth_trying(read, lang)):
        rule = rules(lang)[number]
        found = _compiled(rule.pattern).search(read)
        if found and not (rule.unless and _compiled(rule.unless).search(read)):
            yield found.start(), found.end(), rule


def _worth_trying(read: str, lang: str) -> set[int]:
    """The numbers of the rules of which a needle is there: one walk over the sentence, whatever the number of rules."""
    begins = _needles(lang)
    numbers: set[int] = set()
    for at in range(len(read) - SHORTEST_NEEDLE + 1):
        for needle, of_rules in begins.get(read[at : at + SHORTEST_NEEDLE], ()):
            if read.startswith(needle, at):
                numbers |= of_rules
    return numbers


@cache
def _needles(lang: str) -> dict[str, list[tuple[str, set[int]]]]:
    """By their first letters: each needle with the numbers of its rules."""
    of: dict[str, set[int]] = {}
    for number, rule in enumerate(rules(lang)):
        for needle in rule.needles:
            of.setdefault(needle, set()).add(number)
    begins: dict[str, list[tuple[str, set[int]]]] = {}
    for needle, numbers in of.items():
        begins.setdefault(needle[:SHORTEST_NEEDLE], []).append((needle, numbers))
    return begins


def get_ready(lang: str) -> None:
    """Compile what would be compiled when first tried: a third of a second in all."""
    for rule in rules(lang):
        _compiled(rule.pattern), _compiled(rule.unless)
    _needles(lang)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
