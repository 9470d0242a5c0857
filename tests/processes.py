"""Looking at processes from outside, as the system sees them, and a folder for a server of one's own."""

import contextlib
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_CLOCK = threading.Event()  # never set: waiting for it only lets the others run
# Where there is room in memory: each test's own database is 13 MB in 400 files, and disks are slow at that.
MEMORY, ROOM = Path("/dev/shm"), 4 << 30


@contextlib.contextmanager
def enterable_folder() -> Iterator[Path]:
    """A data folder to be; pytest's own ones are closed to the account that runs PostgreSQL for root."""
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    made = Path(tempfile.mkdtemp(prefix="hearback-test-", dir=MEMORY if in_memory else None))
    made.chmod(0o711)
    try:
        yield made / "data"
    finally:
        shutil.rmtree(made)


def eventually(holds: Callable[[], object], within_s: float = 30) -> bool:
    """Whether it becomes true; asked every few milliseconds."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        _CLOCK.wait(0.02)
    return True


def lives(pid: int) -> bool:
    """A zombie does not."""
    return _stat(pid)[0] not in "ZX"


def parent(pid: int) -> int:
    return _stat(pid)[1]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    everyone = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    return [one for one in everyone if parent(one) == pid and lives(one)]


def descendants(pid: int) -> set[int]:
    own = children(pid)
    return set(own).union(*(descendants(child) for child in own))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _stat(pid: int) -> tuple[str, int]:
    """State and parent; of one that is gone: X and 0."""
    try:
        state, ppid = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return "X", 0
    return state, int(ppid)
