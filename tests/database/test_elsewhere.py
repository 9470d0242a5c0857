"""`DATABASE_URL` names somebody else's server: the real commands, as whoever its administrator lets in."""

import asyncio
import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest
from tests import made
from tests.database.elsewhere import PASSWORD, Elsewhere, elsewhere
from tests.database.test_backup import fingerprint
from tests.processes import eventually, free_port

from hearback import cli
from hearback.database.backup import ALL_TABLES, back_up
from hearback.database.engine import APP_ROLE, connected
from hearback.health import Health
from hearback.settings import settings

OWNER = "moor-owner"  # a name that SQL must quote
ROLES = {"admin": "superuser", "maker": "createrole", OWNER: "nocreaterole"}
COMPANY = ("company", "create", "moor", "--name", "Moor AG", "--admin", "ida@moor.example")
STATEMENTS = re.compile(r"must run once: (.+;)$", re.MULTILINE)
Terminal = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture(scope="module")
def one_server() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        yield server


@pytest.fixture
async def theirs(one_server: Elsewhere) -> AsyncIterator[Elsewhere]:
    """As its administrator made it: a `maker` who may make roles, an owner who may not, two databases for each."""
    made = [f"{role}-{what}" for role in ROLES for what in ("one", "two")]
    others = [role for role in ROLES if role != "admin"]
    await one_server.run(
        *(f"""create role "{role}" login {ROLES[role]} password '{PASSWORD}'""" for role in others),
        *(f'create database "{name}" owner "{name.rpartition("-")[0]}"' for name in made),
    )
    yield one_server
    await one_server.run(
        *(f'drop database "{name}" with (force)' for name in made),
        *(f'drop role if exists "{role}"' for role in (APP_ROLE, "web", *others)),
    )


@pytest.fixture
def terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Terminal]:
    """`terminal(address, "doctor")`: run `hearback doctor` there; gives the exit code and all that was said."""
    monkeypatch.setattr(sys, "stdin", open("/dev/null"))  # noqa: SIM115  (nobody types)
    monkeypatch.setenv("HEARBACK_DATA", str(tmp_path))

    def run(arguments: tuple[str, ...]) -> tuple[int, str]:
        code = 0
        try:
            cli.main(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
            print(end.code if isinstance(end.code, str) else "")
        said = capsys.readouterr()
        return code, said.out + said.err

    async def terminal(url: str, *arguments: object) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        return await asyncio.to_thread(run, tuple(str(argument) for argument in arguments))

    yield terminal
    settings.cache_clear()


async def tables(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [name for (name,) in await connection.fetch(ALL_TABLES)]
    finally:
        await connection.close()


async def let_in(theirs: Elsewhere) -> None:
    """What the administrator does for an owner who may not make roles."""
    await theirs.run(
        f'create role {APP_ROLE} nologin; grant {APP_ROLE} to "{OWNER}" with inherit false, set true'
    )


# -- who may make roles needs nobody's help ------------------------------------------------------
@pytest.mark.parametrize("role", ["admin", "maker"])
async def test_who_may_make_roles_migrates_founds_saves_and_restores(
    theirs: Elsewhere, terminal: Terminal, tmp_path: Path, role: str
):
    one, two = theirs.url(role, f"{role}-one"), theirs.url(role, f"{role}-two")
    assert (await terminal(one, "migrate"))[0] == 0
    assert (await terminal(one, *COMPANY))[0] == 0
    _, said = await terminal(one, "doctor")
    assert "fine   Schema: at this version" in said
    assert "fine   Rights: history can be added to, never changed" in said
    assert (await terminal(one, "backup", tmp_path / "all"))[0] == 0

    code, said = await terminal(two, "restore", tmp_path / "all")

    assert code == 0, said
    assert await fingerprint(two) == await fingerprint(one)
    assert (await fingerprint(two))["company"][0] == 1


# -- who may not is told what to ask for ---------------------------------------------------------
@pytest.mark.parametrize("command", [("migrate",), COMPANY])
async def test_without_our_role_the_administrators_statements_are_said_and_nothing_is_begun(
    theirs: Elsewhere, terminal: Terminal, command: tuple[str, ...]
):
    url = theirs.url(OWNER, f"{OWNER}-one")

    code, said = await terminal(url, *command)

    assert code == 1
    assert len(said.strip().splitlines()) == 1
    assert said.startswith(f'hearback: The role {APP_ROLE} is missing, and "{OWNER}" may not make it;')
    assert await tables(url) == []
    _, doctor = await terminal(url, "doctor")
    assert f"The role {APP_ROLE} is missing" in doctor


async def test_with_the_statements_run_an_owner_does_all_the_rest(
    theirs: Elsewhere, terminal: Terminal, tmp_path: Path
):
    one, two = (theirs.url(OWNER, f"{OWNER}-{which}") for which in ("one", "two"))
    await theirs.run(asked_for((await terminal(one, "migrate"))[1]))

    assert (await terminal(one, *COMPANY))[0] == 0
    assert "fine   Rights: history can be added to, never changed" in (await terminal(one, "doctor"))[1]
    assert (await terminal(one, "backup", tmp_path / "all"))[0] == 0
    assert (await terminal(two, "restore", tmp_path / "all"))[0] == 0
    assert await fingerprint(two) == await fingerprint(one)


async def test_the_statements_of_the_readme_are_all_it_takes(one_server: Elsewhere, terminal: Terminal):
    block = re.search(r"```sql\n(.+?)```", (Path(__file__).parents[2] / "README.md").read_text(), re.DOTALL)
    statements = [line.partition(" -- ")[0].replace("…", PASSWORD) for line in block[1].splitlines()]
    await one_server.run(*statements)
    try:
        code, said = await terminal(one_server.url("moor", "moor"), "migrate")
        assert code == 0, said
    finally:
        await one_server.run("drop database moor with (force)", f"drop role moor, {APP_ROLE}")


async def test_a_role_that_somebody_else_made_is_only_to_be_granted(theirs: Elsewhere, terminal: Terminal):
    await theirs.run(f"create role {APP_ROLE} nologin")
    url = theirs.url(OWNER, f"{OWNER}-one")

    code, said = await terminal(url, "migrate")

    assert code == 1
    assert f'The role {APP_ROLE} is not for "{OWNER}" to take on' in said
    assert "create role" not in said
    await theirs.run(asked_for(said))
    assert (await terminal(url, "migrate"))[0] == 0


async def test_what_was_kept_in_the_embedded_database_moves_to_another_server(
    database: str, theirs: Elsewhere, terminal: Terminal, tmp_path: Path
):
    embedded = database.replace(APP_ROLE, "hearback_owner")
    async with connected():
        await made.an_answer(
            company := await made.a_company(), await made.a_question(company), "Mehr Moor, bitte"
        )
    back_up(embedded, tmp_path / "all")
    url = theirs.url(OWNER, f"{OWNER}-one")

    code, said = await terminal(url, "restore", tmp_path / "all")
    assert code == 1
    assert await tables(url) == []
    await theirs.run(asked_for(said))

    assert (await terminal(url, "restore", tmp_path / "all"))[0] == 0
    assert await fingerprint(url) == await fingerprint(embedded)


def asked_for(said: str) -> str:
    """The statements in what we told the administrator."""
    found = STATEMENTS.search(said)
    assert found, said
    return found[1]


# -- the processes -------------------------------------------------------------------------------
class Started:
    """`hearback serve` or `hearback web` as a process of its own."""

    def __init__(self, folder: Path, command: str, url: str, **more: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hearback.cli", command, "--port", str(self.port)],
            env=os.environ | {"DATABASE_URL": url, "HEARBACK_DATA": str(folder)} | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def page(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.page("/health/live")[0] == 200
        except OSError:
            return self.process.poll() is not None

    def end(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=60)[0]


async def test_serve_runs_on_it_and_pages_are_read(theirs: Elsewhere, terminal: Terminal, tmp_path: Path):
    await let_in(theirs)
    url = theirs.url(OWNER, f"{OWNER}-one")
    await terminal(url, *COMPANY)  # with a company there, no demo is loaded

    started = Started(tmp_path, "serve", url)
    try:
        assert await asyncio.to_thread(eventually, started.answers)
        status, page = started.page("/moor")
        health = msgspec.json.decode(started.page("/health/ready")[1], type=Health)
    finally:
        said = started.end()

    assert status == 200, said
    assert "Moor AG" in page
    assert health.database_writable
    assert health.migrations_at_head
    assert started.process.returncode == 0


async def test_web_and_worker_may_sign_in_as_somebody_who_owns_nothing(
    theirs: Elsewhere, terminal: Terminal, tmp_path: Path
):
    await let_in(theirs)
    await terminal(theirs.url(OWNER, f"{OWNER}-one"), *COMPANY)
    await theirs.run(f"create role web login password '{PASSWORD}'")
    url = theirs.url("web", f"{OWNER}-one")

    for command in ("web", "worker"):
        code, said = await terminal(url, command)
        assert code == 1
        assert f"The role {APP_ROLE} is not for web to take on" in said
    await theirs.run(asked_for(said))
    started = Started(tmp_path, "web", url)
    try:
        assert await asyncio.to_thread(eventually, started.answers)
        assert "Moor AG" in started.page("/moor")[1]
    finally:
        started.end()
