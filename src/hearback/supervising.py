"""`hearback serve`: starts the database, the web server and the worker, watches them, stops them all.

    serve(programs, *, database, prepare, host, port, announce, ready_path="/health/live") -> None
        programs: Callable[[], Sequence[Program]]     called once the database is there, so that their
                                                      environment can hold database.app_url
        database: EmbeddedPostgres | None             None: DATABASE_URL names another server
        prepare: Callable[[], None]                   between database and programs: migrations, the demo
        announce: Callable[[float], None]             everything answers; seconds since the start.
                                                      Prints addresses and sign-ins; may raise AskedToStop
                                                      when the start was all one wanted to see.
        Returns when asked to stop (Ctrl-C, SIGTERM, the terminal closing) and everything has ended.
        CannotServe: port taken, or a program ended before all was ready; one sentence for the terminal.
        AlreadyServing, NoDatabase: from the embedded server.
    Program(name, command, env)                       env is laid over ours
    run_to_end(program) -> None                       for `prepare`: wait for it; CannotServe when it fails
    refuse_taken_port(host, port) -> None             CannotServe when something listens there

Call serve() from the main thread: it sets signal handlers, and the children hang on that thread.
A child that dies is started again, at once the first time, then ever later up to LONGEST_PAUSE_S. Nothing
else is touched meanwhile: the web process answers 503 by itself while the database is away.
"""

import contextlib
import errno
import http.client
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from typing import NamedTuple, NoReturn

import structlog

from hearback.database.embedded import EmbeddedPostgres
from hearback.database.wheel import NoDatabase
from hearback.lifeline import spawn
from hearback.refusals import Stopped

PATIENCE_AT_START_S = 120
PATIENCE_AT_STOP_S = 8  # more than granian gives its own workers
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
LIVED_WELL_S = 10  # after which a death is a first one again

log = structlog.get_logger()


class CannotServe(Stopped):
    """Why the start stopped, in one sentence for the person at the terminal."""


class Program(NamedTuple):
    name: str
    command: Sequence[str]
    env: Mapping[str, str]


class AskedToStop(KeyboardInterrupt):
    """A KeyboardInterrupt, because that is what asyncio lets through from wherever it is raised."""


def serve(
    programs: Callable[[], Sequence[Program]],
    *,
    database: EmbeddedPostgres | None,
    prepare: Callable[[], None],
    host: str,
    port: int,
    announce: Callable[[float], None],
    ready_path: str = "/health/live",
) -> None:
    began = time.monotonic()
    refuse_taken_port(host, port)
    children: list[_Child] = []
    with _signals() as wake:
        try:
            if database:
                database.start()
                children.append(_Database(database))
            prepare()
            refuse_taken_port(host, port)  # preparing may have taken a while
            for program in programs():
                children.append(child := _Process(program))
                child.start()
            _wait_until_it_answers(host, port, ready_path, children)
            announce(time.monotonic() - began)
            _watch(children, wake)
        except AskedToStop:
            pass
        finally:
            _ignore_signals()  # one Ctrl-C is enough: from here on the end is near and certain
            _stop(children)
            if database:
                database.stop()


def run_to_end(program: Program) -> None:
    process = spawn(program.command, env=os.environ | program.env)
    try:
        code = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if code:
        raise CannotServe(f"{program.name} failed ({_told(code)}); what it said stands above.")


def refuse_taken_port(host: str, port: int) -> None:
    """Ask before granian does: it binds with SO_REUSEPORT, and would share a taken port silently."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise CannotServe(f"{host} is not an address of this machine; choose another with --host.") from error
    for family, kind, protocol, _, address in addresses:
        with socket.socket(family, kind, protocol) as probe:
            # What the last run left in TIME_WAIT does not count as taken; a listener does.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                raise CannotServe(_why_not_bound(host, port, error)) from error


def _why_not_bound(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is taken; stop what runs there, or choose another with --port."
        case errno.EACCES:
            return f"Port {port} needs more rights than we have; choose one above 1023 with --port."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine; choose another with --host."
        case _:
            return f"Port {port} on {host} cannot be used: {error.strerror}."


# -- children ------------------------------------------------------------------------------------
class _Child:
    """Something that runs, may die, and is then started again after a pause."""

    name: str
    pause_s = FIRST_PAUSE_S
    started = 0.0
    due: float | None = None  # when to start it again; None while it runs

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        raise NotImplementedError

    def start(self) -> None:
        raise NotImplementedError

    def ended(self) -> int | None:
        """Its exit code once it has ended, minus the signal when it was killed."""
        return self.process.poll() if self.process else None

    def look_after(self, now: float) -> None:
        if self.due is None and (code := self.ended()) is not None:
            if now - self.started > LIVED_WELL_S:
                self.pause_s = FIRST_PAUSE_S
            self._later(now, _told(code))
        elif self.due is not None and now >= self.due:
            self.due, self.started = None, now
            try:
                self.start()
                log.warning("started again", process=self.name)
            except (NoDatabase, OSError) as error:
                self._later(now, str(error))

    def _later(self, now: float, why: str) -> None:
        log.error("process ended", process=self.name, how=why, again_in_s=self.pause_s)
        self.due = now + self.pause_s
        self.pause_s = min(2 * self.pause_s, LONGEST_PAUSE_S)


class _Database(_Child):
    name = "postgres"

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server, self.started = server, time.monotonic()

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        return self.server.process

    def start(self) -> None:
        self.server.start_again()


class _Process(_Child):
    def __init__(self, program: Program) -> None:
        self.program, self.name = program, program.name
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        return self._process

    def start(self) -> None:
        self.started = time.monotonic()
        self._process = spawn(self.program.command, env=os.environ | self.program.env)


def _told(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


# -- the life of all -----------------------------------------------------------------------------
def _wait_until_it_answers(host: str, port: int, path: str, children: Sequence[_Child]) -> None:
    """Any answer below 500 will do; who dies before that would die again, so we give up and say so."""
    deadline = time.monotonic() + PATIENCE_AT_START_S
    while not _answers(host, port, path):
        for child in children:
            if (code := child.ended()) is not None:
                how = f"{child.name} ended before all was ready ({_told(code)})"
                raise CannotServe(f"{how}; what it said stands above.")
        if time.monotonic() > deadline:
            raise CannotServe(f"Nothing answers on {host}:{port} after {PATIENCE_AT_START_S} seconds.")
        time.sleep(0.05)


def _answers(host: str, port: int, path: str) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - nothing is bound here
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _watch(children: Sequence[_Child], wake: socket.socket) -> NoReturn:
    """Sleep until a child dies or one is due; AskedToStop ends it."""
    while True:
        now = time.monotonic()
        for child in children:
            child.look_after(now)
        waits = [child.due - now for child in children if child.due is not None]
        select.select([wake], [], [], max(0.0, min(waits)) if waits else None)
        with contextlib.suppress(BlockingIOError):  # empty when we woke because one is due
            wake.recv(4096)


def _stop(children: Sequence[_Child]) -> None:
    """Web and worker first, together; the database last, by itself, so that what they began can be kept."""
    running = [c.process for c in children if isinstance(c, _Process) and c.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE_AT_STOP_S
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


# -- signals -------------------------------------------------------------------------------------
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """Stop signals raise AskedToStop wherever we are; a child's death makes the socket readable."""
    before = {number: signal.getsignal(number) for number in (*_STOPS, signal.SIGCHLD)}
    wake, inlet = socket.socketpair()
    wake.setblocking(False)
    inlet.setblocking(False)
    for number in _STOPS:
        if before[number] is not signal.SIG_IGN:  # nohup: the terminal may close
            signal.signal(number, _ask_to_stop)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    old_inlet = signal.set_wakeup_fd(inlet.fileno(), warn_on_full_buffer=False)
    try:
        yield wake
    finally:
        signal.set_wakeup_fd(old_inlet)
        for number, handler in before.items():
            signal.signal(number, handler)
        wake.close()
        inlet.close()


def _ask_to_stop(number: int, frame: FrameType | None) -> NoReturn:
    _ignore_signals()
    raise AskedToStop


def _ignore_signals() -> None:
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
