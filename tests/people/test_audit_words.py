"""The audit speaks in sentences: every deed that any room writes down has one, in every language."""

import ast
from collections.abc import Iterator

import pytest

from hearback.settings import PACKAGE
from hearback.words.catalogue import CATALOGUES
from hearback.words.speaking import Words


def deeds() -> Iterator[tuple[str, str]]:
    """Where, and what stands as the second argument of note_down."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_down":
                for part in ast.walk(node.args[1]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield path.relative_to(PACKAGE).as_posix(), part.value


def test_deeds_are_found():
    assert ("people/commands/settings.py", "company.settings") in set(deeds())


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_deed_has_its_sentence(catalogue):
    words = Words(catalogue, "Europe/Berlin")

    assert [f"{where}: audit.{did}" for where, did in deeds() if not words.has(f"audit.{did}")] == []
