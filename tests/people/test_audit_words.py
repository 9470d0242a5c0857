"""The audit speaks in sentences: every deed that any room writes down has one, in every language."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from hearback.people.desk.audit import details
from hearback.people.queries import AuditEntry
from hearback.settings import PACKAGE
from hearback.words.catalogue import CATALOGUES
from hearback.words.speaking import Words


def of_nobody(call: ast.Call) -> bool:
    """Done by a fan or by the clock: no member's name belongs there."""
    return any(
        given.arg == "by" and isinstance(given.value, ast.Constant) and given.value.value is None
        for given in call.keywords
    )


def deeds() -> Iterator[tuple[str, str, bool]]:
    """Where, what is given to note_down as its second argument, there or by name, and whether a member does it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_down":
                given = node.args[1]
                if isinstance(given, ast.Subscript):  # one of a table
                    given = given.value
                if isinstance(given, ast.Name):
                    given = named.get(given.id, given)
                for part in ast.walk(given):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield path.relative_to(PACKAGE).as_posix(), part.value, not of_nobody(node)


def fields() -> Iterator[str]:
    """The names of all values that are given to note_down as they stand there."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_down":
                given = [one.value for one in node.keywords if one.arg in ("before", "after")]
                for part in (part for one in given for part in ast.walk(one) if isinstance(part, ast.Dict)):
                    yield from (key.value for key in part.keys if isinstance(key, ast.Constant))


def test_deeds_are_found():
    assert ("people/commands/settings.py", "company.settings", True) in set(deeds())


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_deed_has_its_sentence(catalogue):
    words = Words(catalogue, "Europe/Berlin")

    assert [f"{where}: audit.{did}" for where, did, _ in deeds() if not words.has(f"audit.{did}")] == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_sentence_says_who_did_it(catalogue):
    words = Words(catalogue, "Europe/Berlin")
    nobodys = {did for _, did, by_somebody in deeds() if not by_somebody}
    said = {words.say(f"audit.{did}", who="Mika", whom="Jule") for _, did, _ in deeds() if did not in nobodys}

    assert [sentence for sentence in said if not sentence.startswith("Mika ")] == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_value_has_its_name(catalogue):
    words = Words(catalogue, "Europe/Berlin")
    only_numbers = {"theme", "question", "into"}  # nobody is shown them

    assert {name for name in fields() if not words.has(f"audit.field.{name}")} <= only_numbers


def test_numbers_that_only_the_program_can_read_are_left_out():
    before, after = {"theme": str(uuid4()), "title": "Nebel"}, {"theme": None, "title": "Der Nebel"}
    entry = AuditEntry(uuid4(), "theme.moved", "Mika", None, before, after, datetime.now(UTC))

    (told,) = details(entry, Words("de", "Europe/Berlin"))

    assert (told.before, told.after) == ("Nebel", "Der Nebel")
