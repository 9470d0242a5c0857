"""`./run` before there is an environment, with stand-ins for the programs it would find on the PATH."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
TOOLS = ["sh", "cat", "cksum", "dirname", "id", "rm", "mkdir", "chmod"]
# Makes what uv would make: programs that say how they were called.
UV = """#!/bin/sh
echo "uv $*" >> "$CALLS"
mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"
for name in hearback python; do
  printf '#!/bin/sh\\n[ "$1" = -c ] || echo "%s $*" >> "%s"\\n' "$name" "$CALLS" > "$UV_PROJECT_ENVIRONMENT/bin/$name"
  chmod +x "$UV_PROJECT_ENVIRONMENT/bin/$name"
done
"""
OLD_PYTHON = "#!/bin/sh\n[ \"$1\" = -V ] && echo 'Python 3.9.2'\nexit 1\n"
PYTHON_WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n'


class Machine:
    """A fresh checkout, and a PATH with nothing on it but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.bin, self.calls = folder / "checkout", folder / "bin", folder / "calls"
        self.checkout.mkdir()
        self.bin.mkdir()
        for name in ["run", "pyproject.toml", "uv.lock", "build_words.py", *HERE.glob("requirements*.lock")]:
            shutil.copy(HERE / name, self.checkout)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def has(self, name: str, script: str) -> None:
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)

    def run(self, *arguments: str, folder: Path | None = None) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self.checkout / "run"), *arguments],
            env={"PATH": str(self.bin), "CALLS": str(self.calls)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self) -> list[str]:
        """What was called since the last look."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_python_it_says_what_is_missing_and_how_to_get_it(machine):
    said = machine.run()
    assert said.returncode == 1
    assert "needs Python 3.11 or newer" in said.stderr
    assert "apt-get install python3 python3-venv" in said.stderr


def test_an_old_python_is_named(machine):
    machine.has("python3", OLD_PYTHON)
    said = machine.run()
    assert said.returncode == 1
    assert "there is none on the PATH (Python 3.9.2)" in said.stderr


def test_a_python_without_venv_is_named(machine):
    machine.has("python3", PYTHON_WITHOUT_VENV)
    said = machine.run()
    assert said.returncode == 1
    assert "comes without venv" in said.stderr


def test_the_first_start_makes_the_environment_and_the_second_only_serves(machine):
    machine.has("uv", UV)
    machine.run("--port", "9000")
    first = machine.called()
    assert first[0].startswith("uv sync")
    assert "--frozen" in first[0]
    assert "--group" not in first[0]
    assert first[1:] == ["hearback serve --port 9000"]
    machine.run()
    assert machine.called() == ["hearback serve"]


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock", "requirements.lock"])
def test_changed_dependencies_are_installed_at_the_next_start(machine, name):
    machine.has("uv", UV)
    machine.run()
    machine.called()
    with (machine.checkout / name).open("a") as file:
        file.write("# changed\n")
    machine.run()
    assert machine.called()[0].startswith("uv sync")
    machine.run()
    assert machine.called() == ["hearback serve"]


def test_a_moved_folder_gets_a_new_environment(machine):
    machine.has("uv", UV)
    machine.run()
    machine.called()
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("moved"))
    machine.run()
    assert machine.called()[0].startswith("uv sync")


def test_tests_get_their_own_packages_and_all_that_was_asked(machine):
    machine.has("uv", UV)
    machine.has("chromium", "#!/bin/sh\n")
    machine.run("test", "-k", "a fan answers")
    assert "--group test" in machine.called()[0]
    machine.run("test", "-k", "a fan answers")
    assert machine.called() == ["python -m pytest -n 2 -k a fan answers"]


def test_another_purposes_packages_are_added_to_the_environment_that_is_there(machine):
    machine.has("uv", UV)
    machine.has("python3", "#!/bin/sh\n")
    machine.run("prepare", "test")
    assert machine.called()[0].endswith(f"--python {machine.bin}/python3")
    machine.run("prepare", "check")
    assert machine.called()[0].endswith(f"--python {machine.checkout}/.venv/bin/python")


def test_themes_are_measured_beside_what_they_are_compared_with(machine):
    machine.has("uv", UV)
    machine.run("bench", "themes")
    called = machine.called()
    assert "--group anchor" in called[0]
    assert called[-1] == "hearback bench themes"
    assert not any("-m pytest" in call for call in called)


def test_themes_are_measured_without_what_they_are_compared_with_when_it_cannot_be_installed(machine):
    machine.has("uv", UV.replace("mkdir -p", 'case "$*" in *anchor*) exit 1;; esac\nmkdir -p', 1))
    said = machine.run("bench", "themes")
    assert "could not be installed" in said.stderr
    assert said.returncode == 0
    assert machine.called()[-1] == "hearback bench themes"


def test_without_chromium_it_says_how_to_get_one(machine):
    machine.has("uv", UV)
    assert "apt-get install chromium" in machine.run("test").stderr


def test_other_words_are_commands_of_hearback_run_where_we_stand(machine, tmp_path):
    machine.has("uv", UV)
    machine.run("company", "create", folder=tmp_path)
    assert machine.called()[1:] == ["hearback company create"]


def test_ci_runs_everything_and_fails_when_anything_does(machine):
    ci = machine.checkout / ".ci"
    ci.mkdir()
    shutil.copy(HERE / ".ci" / "run", ci)
    script = '#!/bin/sh\necho "$1" >> "$CALLS"\n[ "$1" != "$FAILING" ]\n'
    for failing, code in (("", 0), ("check", 1), ("test", 1)):
        (machine.checkout / "run").write_text(script)
        env = os.environ | {"CALLS": str(machine.calls), "FAILING": failing}
        done = subprocess.run([str(ci / "run")], env=env, capture_output=True, check=False)
        assert machine.called() == ["check", "test"]
        assert done.returncode == code
