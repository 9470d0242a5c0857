"""Starting, stopping and killing: the real processes, a database with fsync, and a fan who keeps writing.

HEARBACK_KILLS says how often each process is killed: 3 here, many in `./run bench`, which shows a row for each.
"""

import http.client
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from hearback import supervising
from hearback.database.embedded import EmbeddedPostgres
from hearback.supervising import CannotServe, refuse_taken_port
from tests.processes import children, command, descendants, enterable_folder, eventually, free_port, lives

KILLS = int(os.environ.get("HEARBACK_KILLS", "3"))
IN_BENCH = "HEARBACK_KILLS" in os.environ
HERE = Path(__file__).parent / "supervised"
FIRST_NUMBERS = itertools.count(1, 100_000)  # every writer its own numbers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


class Served:
    """A running `tiny_serve.py`: the supervisor, and everything below it."""

    def __init__(self, folder: Path, wrong: str = "") -> None:
        self.folder, self.port = folder, free_port()
        # Into a file: a pipe that nobody reads is full after some twenty deaths, and stops all who write to it.
        self._output = folder.parent / f"said-{self.port}"
        with self._output.open("w") as output:
            self.supervisor = subprocess.Popen(
                [sys.executable, str(HERE / "tiny_serve.py"), str(folder), str(self.port), wrong],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | {"SLOW_BEGAN": str(folder.parent / "slow-began")},
                start_new_session=True,
            )

    def said(self) -> str:
        return self._output.read_text()

    def until_ready(self) -> "Served":
        assert eventually(lambda: "ready after" in self.said() or self.supervisor.poll() is not None)
        assert "ready after" in self.said(), self.said()
        return self

    def pid_of(self, name: str) -> int | None:
        """One of: supervisor, postgres, web, web worker, job worker; None while it is not there."""
        if name == "supervisor":
            return self.supervisor.pid
        if name == "web worker":
            main = self.pid_of("web")
            found = [pid for pid in children(main) if "resource_tracker" not in command(pid)] if main else []
        else:
            sign = {"postgres": "/postgres -D", "web": "serve_web", "job worker": "tiny_worker.py"}[name]
            found = [pid for pid in children(self.supervisor.pid) if sign in command(pid)]
        return found[0] if found else None

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def end(self, order: signal.Signals = signal.SIGTERM) -> str:
        """All that it said until its end."""
        self.supervisor.send_signal(order)
        return self.said_at_its_end()

    def said_at_its_end(self) -> str:
        self.supervisor.wait(60)
        return self.said()


class Writer:
    """A fan who keeps writing, and remembers what was acknowledged."""

    def __init__(self, served: Served) -> None:
        self.served, self.acknowledged, self.refused = served, [], set()
        self._number, self._enough = next(FIRST_NUMBERS), threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def gets_answers(self, more: int = 20) -> bool:
        goal = len(self.acknowledged) + more
        return eventually(lambda: len(self.acknowledged) >= goal)

    def _write(self) -> None:
        while not self._enough.wait(0.002):
            self._number += 1
            try:
                status, _ = self.served.get(f"/rows/{self._number}")
            except (OSError, http.client.HTTPException):
                continue  # nobody there, or cut off: not acknowledged
            if status == 201:
                self.acknowledged.append(self._number)
            else:
                self.refused.add(status)


@pytest.fixture
def folder() -> Iterator[Path]:
    with enterable_folder() as made:
        yield made


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    """For tests that stop it."""
    running = Served(folder).until_ready()
    yield running
    running.end()


@pytest.fixture(scope="module")
def lasting() -> Iterator[Served]:
    """For tests after which it serves as before."""
    with enterable_folder() as made:
        running = Served(made).until_ready()
        yield running
        running.end()


async def kept(folder: Path) -> set[int]:
    with EmbeddedPostgres(folder).at_hand() as database:
        connection = await asyncpg.connect(database.app_url)
        numbers = {row["number"] for row in await connection.fetch("select number from kept")}
        await connection.close()
    return numbers


@pytest.mark.parametrize("name", ["postgres", "web", "web worker", "job worker"])
async def test_a_killed_process_comes_back_and_nothing_acknowledged_is_lost(served, name, capsys):
    with Writer(served) as writer:
        for _ in range(KILLS):
            assert writer.gets_answers()
            before = descendants(served.supervisor.pid)
            victim = served.pid_of(name)
            os.kill(victim, signal.SIGKILL)
            assert eventually(lambda old=victim: served.pid_of(name) not in (None, old))
            assert writer.gets_answers()
            orphans = {pid for pid in before if lives(pid)} - descendants(served.supervisor.pid)
            assert not orphans, [command(pid) for pid in orphans]
    assert writer.refused <= {503}
    lost = set(writer.acknowledged) - await kept(served.folder)
    show(capsys, name, len(lost), len(writer.acknowledged))
    assert not lost


async def test_a_killed_supervisor_leaves_no_orphan_and_nothing_acknowledged_is_lost(folder, capsys):
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        served = Served(folder).until_ready()  # at once after the kill: it waits for what is still ending
        with Writer(served) as writer:
            assert writer.gets_answers()
            below = descendants(served.supervisor.pid)
            assert len(below) >= 4
            served.supervisor.kill()
            assert eventually(lambda pids=below: not any(map(lives, pids)))
        served.supervisor.wait()
        acknowledged.update(writer.acknowledged)
    lost = acknowledged - await kept(folder)
    show(capsys, "supervisor", len(lost), len(acknowledged))
    assert not lost


def show(capsys: pytest.CaptureFixture[str], name: str, lost: int, acknowledged: int) -> None:
    """A row of the bench's table, over pytest's dot."""
    if IN_BENCH:
        with capsys.disabled():
            print(
                f"\r{f'{name} killed {KILLS} times':45s} {lost} of {acknowledged} acknowledged rows lost",
                flush=True,
            )


def test_the_worker_works_again_after_the_database_was_killed(served):
    killed = served.pid_of("postgres")
    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: served.pid_of("postgres") not in (None, killed))
    assert eventually(lambda: served.get("/beats")[0] == 200)
    before = int(served.get("/beats")[1])
    assert eventually(lambda: int(served.get("/beats")[1]) > before)


def test_postgres_is_a_direct_child_of_the_supervisor(lasting):
    assert lasting.pid_of("postgres") in children(lasting.supervisor.pid)


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_everything_ends_cleanly(served, order):
    below = descendants(served.supervisor.pid)
    assert "all ended" in served.end(order)
    assert served.supervisor.returncode == 0
    assert not any(map(lives, below))
    assert "database system is shut down" in (served.folder / "postgres.log").read_text().splitlines()[-1]


def test_a_request_under_way_is_answered_before_the_end(served):
    answers: list[tuple[int, str]] = []
    asking = threading.Thread(target=lambda: answers.append(served.get("/slow")))
    asking.start()
    assert eventually((served.folder.parent / "slow-began").exists)
    os.killpg(served.supervisor.pid, signal.SIGINT)  # as the terminal does: to all of its foreground
    served.supervisor.wait(60)
    asking.join()
    assert answers == [(200, "slow, but whole")]


def test_an_open_stream_does_not_hold_the_stop(served):
    stream = http.client.HTTPConnection("127.0.0.1", served.port)
    stream.request("GET", "/stream")
    assert stream.getresponse().read(5) == b"first"
    assert "all ended" in served.end()
    stream.close()


def test_a_stop_while_still_preparing_ends_everything(folder):
    served = Served(folder, wrong="endless-prepare")
    assert eventually(lambda: "preparing" in served.said())
    below = descendants(served.supervisor.pid)
    assert "all ended" in served.end()
    assert not any(map(lives, below))


@pytest.mark.parametrize(
    ("wrong", "sentence"), [("prepare", "migrating failed"), ("worker", "worker ended before")]
)
def test_what_fails_at_the_start_stops_it_with_a_sentence(folder, wrong, sentence):
    served = Served(folder, wrong)
    said = served.said_at_its_end()
    assert sentence in said.splitlines()[-1]
    assert "exit code" in said.splitlines()[-1]
    assert served.supervisor.returncode == 1
    assert not (EmbeddedPostgres(folder).data / "postmaster.pid").exists()


def test_a_second_start_on_the_same_folder_is_refused_and_the_first_goes_on(lasting):
    second = Served(lasting.folder)
    said = second.said_at_its_end()
    assert said.startswith(f"Another Hearback (process {lasting.supervisor.pid}) is serving the data folder")
    assert len(said.splitlines()) == 1
    assert second.supervisor.returncode == 1
    assert lasting.get("/rows/1")[0] == 201


def test_a_taken_port_is_refused_before_anything_starts(lasting, folder):
    other = folder.parent / "other"
    said = subprocess.run(
        [sys.executable, str(HERE / "tiny_serve.py"), str(other), str(lasting.port)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    sentence = (
        f"Port {lasting.port} on 127.0.0.1 is taken; stop what runs there, or choose another with --port."
    )
    assert said.stderr.strip() == sentence
    assert not other.exists()


def test_a_port_that_was_just_given_back_is_free():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), listening.accept()[0] as accepted:
            accepted.shutdown(socket.SHUT_RDWR)  # our end closes first: TIME_WAIT stays on this port
    refuse_taken_port("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_refused_in_one_sentence():
    with pytest.raises(CannotServe, match=r"^192\.0\.2\.1 is not an address of this machine"):
        refuse_taken_port("192.0.2.1", 8000)
    with pytest.raises(CannotServe, match=r"is not an address of this machine"):
        refuse_taken_port("no.such.host.invalid", 8000)


class Brittle(supervising._Child):
    """Dies at once, whenever it is started."""

    name = "brittle"

    def __init__(self) -> None:
        self.starts = 0

    def ended(self) -> int | None:
        return -signal.SIGKILL

    def start(self) -> None:
        self.starts += 1


def starts_at(brittle: Brittle, times: list[float]) -> list[float]:
    counted = []
    for now in times:
        before = brittle.starts
        brittle.look_after(now)
        counted += [now] if brittle.starts > before else []
    return counted


def test_what_keeps_dying_is_started_ever_later_but_never_given_up():
    tenths = [round(0.1 * n, 1) for n in range(1000)]
    starts = starts_at(Brittle(), tenths)
    pauses = [round(later - earlier, 1) for earlier, later in itertools.pairwise(starts)]
    assert pauses == sorted(pauses)
    assert starts[0] <= 0.2
    assert pauses[-1] == pytest.approx(supervising.LONGEST_PAUSE_S, abs=0.2)


def test_what_lived_well_is_started_again_without_a_long_pause():
    brittle = Brittle()
    starts_at(brittle, [float(n) for n in range(60)])
    assert brittle.pause_s == supervising.LONGEST_PAUSE_S
    brittle.due, brittle.started = None, 100
    died = 100 + supervising.LIVED_WELL_S + 1
    brittle.look_after(died)
    assert brittle.due == died + supervising.FIRST_PAUSE_S
