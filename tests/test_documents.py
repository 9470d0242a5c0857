"""What the documents for people at work on Hearback name is there, by that name."""

import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from hearback.settings import PACKAGE, Settings

TOP = Path(__file__).parents[1]
CONTRIBUTING = (TOP / "CONTRIBUTING.md").read_text()
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]


def test_every_room_is_in_the_plan_of_the_house():
    plan = CONTRIBUTING.partition("src/hearback/\n")[2].partition("templates/")[0]
    shown = set(re.findall(r"^  (\w+)/", plan, flags=re.MULTILINE))
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} | {"web", "words", "database"}
    assert shown == rooms - {"terminal"}  # named beside cli.py


def test_every_file_that_contributors_are_sent_to_is_there():
    named = re.findall(r"`([a-z_*]+/[a-z_*/]*(?:\.(?:py|html|css|js|po|toml|jsonl))?)`", CONTRIBUTING)
    assert len(named) > 25
    places = (TOP, PACKAGE)
    assert [name for name in named if not any(list(place.glob(name)) for place in places)] == []


def test_every_setting_that_is_named_is_one():
    known = {f"HEARBACK_{field.upper()}" for field in Settings.__struct_fields__}
    for document in DOCUMENTS:
        named = set(re.findall(r"HEARBACK_\w+", (TOP / document).read_text()))
        assert named <= known, document


def test_a_source_package_holds_all_that_a_checkout_does():
    if not (TOP / ".git").exists():
        pytest.skip("no checkout: nobody says which files belong to it")
    hatch = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    taken = [*hatch["targets"]["sdist"]["include"], "/pyproject.toml", "/.gitignore"]  # those two always
    listed = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    tops = {f"/{name.split('/')[0]}" for name in listed.splitlines()}
    assert "/run" in tops
    assert {top for top in tops if not any(fnmatch(top, pattern) for pattern in taken)} == set()
