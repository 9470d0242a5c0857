"""What one does from a terminal: what it says, and what it refuses."""

import asyncio
import importlib
import os
import re
import stat
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from hearback import cli, doctor
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import APP_ROLE, connected, execute
from hearback.people.commands.signing_in import sign_in
from hearback.people.queries import company_by_slug, members
from hearback.people.rules import Role
from hearback.terminal.folder import keep_address
from hearback.themes.second_reading import why_not
from tests import made

Terminal = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def terminal(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Terminal:
    """Run `hearback …` on the test's database; gives the exit code and all that was said."""
    monkeypatch.setenv("DATABASE_OWNER_URL", database.replace(APP_ROLE, "hearback_owner"))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(sys, "stdin", open("/dev/null"))  # noqa: SIM115  (nobody types)

    def run(arguments: tuple[str, ...]) -> tuple[int, str]:
        code = 0
        try:
            cli.main(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
            print(end.code if isinstance(end.code, str) else "")
        said = capsys.readouterr()
        return code, said.out + said.err

    async def terminal(*arguments: object) -> tuple[int, str]:
        return await asyncio.to_thread(run, tuple(str(argument) for argument in arguments))

    return terminal


async def test_a_company_and_its_admin_are_made_and_the_password_is_said_once(terminal: Terminal):
    code, said = await terminal(
        "company", "create", "moor", "--name", "Moor AG", "--admin", "Ida@moor.example"
    )

    assert code == 0
    password = said.rpartition(" ")[2].strip()
    async with connected():
        company = await company_by_slug("moor")
        (ida,) = await members(company.id)
        assert (ida.role, company.address) == (Role.ADMIN, "du")
        assert await sign_in("ida@moor.example", password, network="192.0.2.1", old_token="", now=made.NOW)


async def test_it_is_said_where_the_house_was_served_last(
    terminal: Terminal, set_env: Callable[[str, str], None], tmp_path: Path
):
    served = "http://127.0.0.1:9123"
    set_env("HEARBACK_DATA", str(tmp_path))
    set_env("HEARBACK_PUBLIC_URL", "")
    founding = ("--name", "Moor AG", "--admin", "ida@moor.example")
    _, said = await terminal("company", "create", "moor", *founding)
    assert "http://127.0.0.1:8000/moor," in said, "nobody has served it yet"

    keep_address(tmp_path, served)
    _, said = await terminal("company", "create", "bahn", "--name", "Bahn", "--admin", "a@bahn.example")
    assert f"{served}/bahn," in said
    assert f"{served}/desk/bahn." in said
    assert f"{served}/in" in said

    set_env("HEARBACK_PUBLIC_URL", "https://log.example")
    _, said = await terminal("company", "create", "tief", "--name", "Tief", "--admin", "a@tief.example")
    assert "https://log.example/tief," in said, "what is set counts more"


async def test_a_company_can_say_sie(terminal: Terminal):
    await terminal("company", "create", "bahn", "--name", "Bahn", "--admin", "a@bahn.example", "--sie")
    async with connected():
        assert (await company_by_slug("bahn")).address == "sie"


@pytest.mark.parametrize("slug", ["desk", "Großes", "a/b", "-", ""])
async def test_a_slug_that_is_no_address_or_ours_is_refused(terminal: Terminal, slug: str):
    code, said = await terminal("company", "create", slug, "--name", "X", "--admin", "a@b.example")
    assert code != 0
    assert "Traceback" not in said


async def test_a_taken_slug_is_refused_and_no_account_is_left(terminal: Terminal):
    await terminal("company", "create", "moor", "--name", "Moor", "--admin", "a@b.example")
    code, said = await terminal("company", "create", "moor", "--name", "Anders", "--admin", "c@d.example")
    assert code == 1
    assert said.startswith("hearback: ")
    async with connected():
        assert len(await members((await company_by_slug("moor")).id)) == 1


async def test_refusals_are_german_in_a_german_terminal(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    _, said = await terminal("company", "create", "desk", "--name", "X", "--admin", "a@b.example")
    assert "Adresse" in said


async def test_a_database_that_is_not_there_is_one_sentence(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    code, said = await terminal("company", "create", "moor", "--name", "X", "--admin", "a@b.example")
    assert code == 1
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["migrate", "web", "worker"])
async def test_what_needs_a_database_says_where_to_name_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: str
):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("DATABASE_OWNER_URL")
    code, said = await terminal(command)
    assert code == 1
    assert said.startswith("hearback: Set DATABASE_URL")


async def test_a_wrong_setting_is_named(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEARBACK_PORT", "many")
    code, said = await terminal("doctor")
    assert code == 1
    assert "HEARBACK_PORT" in said


# -- backup and restore --------------------------------------------------------------------------
async def test_a_backup_is_written_and_restored(terminal: Terminal, tmp_path: Path):
    await terminal("company", "create", "moor", "--name", "Moor", "--admin", "a@b.example")
    code, said = await terminal("backup", tmp_path / "all")
    assert code == 0
    assert "secret key is not in it" in said

    code, said = await terminal("restore", tmp_path / "all")
    assert code == 1
    assert "--replace" in said
    code, said = await terminal("restore", tmp_path / "all", "--replace")
    assert code == 0
    async with connected():
        assert (await company_by_slug("moor")).name == "Moor"


async def test_a_folder_that_is_being_served_is_not_restored_over(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, server: EmbeddedPostgres, tmp_path: Path
):
    await terminal("backup", tmp_path / "all")
    monkeypatch.delenv("DATABASE_URL")
    code, said = await terminal("restore", tmp_path / "all", "--replace", "--data", server.root)
    assert code == 1
    assert "is serving the data folder" in said


async def test_a_folder_without_a_database_is_not_backed_up(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("DATABASE_URL")
    code, said = await terminal("backup", tmp_path / "all", "--data", tmp_path / "wrong")
    assert code == 1
    assert "no database" in said
    assert os.listdir(tmp_path) == []


# -- doctor --------------------------------------------------------------------------------------
@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("HEARBACK_DATA", str(home))
    monkeypatch.delenv("HEARBACK_SECRET_KEY")
    (home / "secret").write_text("x" * 40)
    (home / "secret").chmod(0o600)
    return home


async def findings(terminal: Terminal) -> dict[str, bool]:
    """What the doctor says, by the first word of each line: is it fine?"""
    _, said = await terminal("doctor")
    lines = [line for line in said.splitlines() if line.startswith(("fine", "WRONG"))]
    return {line[5:].split(":")[0].strip(): line.startswith("fine") for line in lines}


async def test_the_doctor_finds_nothing_but_the_tests_fast_disk(terminal: Terminal, home: Path):
    found = await findings(terminal)
    assert [what for what, fine in found.items() if not fine] == ["Durability"]  # tests run without fsync
    assert {"Database", "Schema", "Rights", "Secret key", "Data folder", "Languages", "Worker"} <= set(found)


@pytest.mark.parametrize(("installed", "fine"), [(True, True), (False, False)])
async def test_words_of_an_installation_are_compiled_whenever_its_files_were_unpacked(
    terminal: Terminal,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,
    fine: bool,
):
    monkeypatch.setattr(doctor, "PACKAGE", tmp_path)
    monkeypatch.setattr(doctor, "behind", lambda _catalogue: True)
    if installed:
        (tmp_path / "_templates").mkdir()
    assert (await findings(terminal))["Languages"] is fine


async def test_the_doctor_says_why_answers_are_read_once(terminal: Terminal, home: Path):
    _, said = await terminal("doctor")
    assert (why_not() or "HEARBACK_SECOND_READING is false") in said
    assert (await findings(terminal))["Second reading"] is True


async def test_the_doctor_sees_who_can_read_the_secret_and_write_in_the_folder(
    terminal: Terminal, home: Path
):
    (home / "secret").chmod(0o644)
    os.chmod(home, 0o777)
    found = await findings(terminal)
    assert (found["Secret key"], found["Data folder"]) == (False, False)
    assert stat.S_IMODE((home / "secret").stat().st_mode) == 0o644  # it looks, and changes nothing


async def test_the_doctor_sees_that_several_processes_have_no_key(terminal: Terminal, home: Path):
    (home / "secret").unlink()
    assert (await findings(terminal))["Secret key"] is False


async def test_the_doctor_sees_rights_that_went_astray(terminal: Terminal, home: Path, database: str):
    owner = await asyncpg.connect(database.replace(APP_ROLE, "hearback_owner"))
    try:
        await owner.execute("grant delete on audit to hearback_app")
        assert (await findings(terminal))["Rights"] is False
        await owner.execute(
            "revoke delete on audit from hearback_app; revoke insert on answer from hearback_app"
        )
        assert (await findings(terminal))["Rights"] is False
    finally:
        await owner.close()


async def test_the_doctor_sees_an_old_schema_and_an_empty_database(
    terminal: Terminal, home: Path, database: str
):
    owner = await asyncpg.connect(database.replace(APP_ROLE, "hearback_owner"))
    try:
        await owner.execute(
            "update migration set name = '2020-01-01T00:00:00:000000' where app_name = 'hearback'"
        )
        assert (await findings(terminal))["Schema"] is False
    finally:
        await owner.close()


async def test_the_doctor_misses_the_worker_while_hearback_runs(
    terminal: Terminal, home: Path, database: str
):
    async with connected():
        assert (await findings(terminal))["Worker"] is False


@pytest.mark.parametrize(("seen", "is_well"), [("now()", True), ("now() + interval '40 days'", False)])
async def test_the_doctor_believes_no_worker_that_was_seen_in_days_to_come(
    terminal: Terminal, home: Path, database: str, seen: str, is_well: bool
):
    async with connected():
        await execute(
            f"insert into worker_beat (id, worker, seen_at) values (gen_random_uuid(), 'worker/1', {seen})"
        )
        assert (await findings(terminal))["Worker"] is is_well


async def test_the_doctor_says_what_is_wrong_by_its_exit_code(
    terminal: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    code, said = await terminal("doctor")
    assert code == 1
    assert "cannot be reached" in said
    assert "Check DATABASE_URL" in said


# -- import --------------------------------------------------------------------------------------
@pytest.fixture
async def question(database: str) -> str:
    async with connected():
        await made.a_question(await made.a_company(), slug="moorlichter")
        await made.a_company("nachbar", name="Nachbar")
    return "moorlichter"


async def imported(terminal: Terminal, file: Path, company: str = "kranich", *more: str) -> tuple[int, str]:
    return await terminal("import", file, "--company", company, "--question", "moorlichter", *more)


async def test_a_file_is_imported_once(terminal: Terminal, question: str, tmp_path: Path):
    file = tmp_path / "fans.csv"
    file.write_bytes("Kommentar;Farbe\nDer Nebel ist unklar\n\nGrößer!;\n".encode("cp1252"))

    code, said = await imported(terminal, file, "kranich", "--column", "text=Kommentar")
    assert code == 0
    assert "2 new answers imported from 2 rows." in said
    assert "Columns not read: Farbe" in said
    code, said = await imported(terminal, file, "kranich", "--column", "text=Kommentar")
    assert (code, "All 2 answers were there already" in said) == (0, True)


async def test_what_does_not_fit_is_told_by_row_and_column(terminal: Terminal, question: str, tmp_path: Path):
    file = tmp_path / "fans.csv"
    file.write_text("text,day\ngut,gestern\n")
    code, said = await imported(terminal, file)
    assert code == 1
    assert "Row 2, column “day”: We cannot read that as a date." in said
    assert "Nothing was imported." in said


@pytest.mark.parametrize(
    ("company", "says"),
    [("nachbar", "no question with the address “moorlichter”"), ("niemand", "no company with the address")],
)
async def test_a_question_of_somebody_else_is_not_there(
    terminal: Terminal, question: str, tmp_path: Path, company: str, says: str
):
    file = tmp_path / "fans.csv"
    file.write_text("text\ngut\n")
    code, said = await imported(terminal, file, company)
    assert code == 1
    assert says in said


@pytest.mark.parametrize("name", ["missing.csv", "."])
async def test_a_file_that_cannot_be_read_is_one_sentence(
    terminal: Terminal, question: str, tmp_path: Path, name: str
):
    code, said = await imported(terminal, tmp_path / name)
    assert code == 1
    assert "cannot be read" in said


async def test_a_mapping_without_a_column_says_how_to_write_it(
    terminal: Terminal, question: str, tmp_path: Path
):
    (tmp_path / "fans.csv").write_text("text\ngut\n")
    code, said = await imported(terminal, tmp_path / "fans.csv", "kranich", "--column", "text")
    assert code == 1
    assert "MEANING=COLUMN" in said


async def test_a_command_loads_only_what_it_needs():
    """`serve` starts several processes; each second of loading would be waited for several times."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import hearback.cli, sys; sys.exit('numpy' in sys.modules or 'litestar' in sys.modules)",
    )
    assert await process.wait() == 0


def test_every_command_finds_what_it_does():
    for file in (Path(cli.__file__).parent / "terminal").glob("[a-z]*.py"):
        importlib.import_module(f"hearback.terminal.{file.stem}")
    text = Path(cli.__file__).read_text()
    for where in set(re.findall(r'"([a-z_]+:[a-z_]+)"', text)):
        assert callable(cli._loaded(where)), where
