"""pip and uv install the same: the lock files for pip say what uv.lock says, and that what pyproject.toml asks for."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text())
LOCK = tomllib.loads((HERE / "uv.lock").read_text())
PACKAGES = LOCK["package"]
OURS = next(package for package in PACKAGES if package["name"] == "hearback")
REMEDY = "after a change in pyproject.toml or uv.lock: ./run lock"


def meant(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """One package, or several when the Python version decides which."""
    named = [package for package in PACKAGES if package["name"] == wanted["name"]]
    return [package for package in named if wanted.get("version", package["version"]) == package["version"]]


def needed(wanted: list[dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """All that these dependencies pull in, with the hashes that may be installed."""
    found: dict[tuple[str, str], set[str]] = {}
    seen: set[tuple[str, str, str]] = set()
    open_ends = [
        (package, extra) for one in wanted for package in meant(one) for extra in ["", *one.get("extra", [])]
    ]
    while open_ends:
        package, extra = open_ends.pop()
        if (key := (package["name"], package["version"], extra)) in seen:
            continue
        seen.add(key)
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        found[package["name"], package["version"]] = {file["hash"] for file in files}
        more = (
            package.get("optional-dependencies", {}).get(extra, [])
            if extra
            else package.get("dependencies", [])
        )
        open_ends += [
            (next_, extra) for one in more for next_ in meant(one) for extra in ["", *one.get("extra", [])]
        ]
    return found


def locked_for_pip(name: str) -> dict[tuple[str, str], set[str]]:
    lines = (HERE / name).read_text().replace("\\\n", " ").splitlines()
    entries = [line for line in lines if line.strip() and not line.startswith("#")]
    found = {}
    for entry in entries:
        package, version = re.match(r"([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;]+)", entry).groups()
        found[package, version] = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", entry))
    return found


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("requirements.lock", ""),
        ("requirements-test.lock", "test"),
        ("requirements-check.lock", "check"),
        ("requirements-anchor.lock", "anchor"),
    ],
)
def test_pip_installs_what_uv_installs(name, group):
    wanted = OURS["dependencies"] + (OURS["dev-dependencies"][group] if group else [])
    assert locked_for_pip(name) == needed(wanted), REMEDY


@pytest.mark.parametrize(
    "name",
    [
        "requirements.lock",
        "requirements-test.lock",
        "requirements-check.lock",
        "requirements-anchor.lock",
    ],
)
def test_everything_that_pip_installs_is_pinned_by_hash(name):
    assert all(locked_for_pip(name).values())


def asked(requirements: list[str]) -> set[str]:
    """The same text for the same wish, however it was written."""
    parsed = [Requirement(text) for text in requirements]
    return {str(Requirement(f"{canonicalize_name(one.name)}{str(one)[len(one.name) :]}")) for one in parsed}


def answered(requirements: list[dict[str, Any]]) -> set[str]:
    return asked([as_text(**requirement) for requirement in requirements])


def as_text(name: str, specifier: str = "", marker: str = "", extras: Sequence[str] = ()) -> str:
    return f"{name}[{','.join(extras)}]{specifier}" + (f"; {marker}" if marker else "")


def test_uv_lock_answers_what_pyproject_asks():
    assert answered(OURS["metadata"]["requires-dist"]) == asked(PROJECT["project"]["dependencies"]), REMEDY
    for group in ("test", "check", "anchor"):
        wanted = PROJECT["dependency-groups"][group]
        assert answered(OURS["metadata"]["requires-dev"][group]) == asked(wanted), REMEDY
    assert LOCK["requires-python"] == PROJECT["project"]["requires-python"], REMEDY
