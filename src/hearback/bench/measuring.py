"""CPU per request of a server process, counted by the kernel in nanoseconds; times alone mean nothing here."""

import contextlib
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from hearback.lifeline import spawn

Request = Callable[[], bytes]


class Served(Struct):
    """A web server with one worker process. cpu_ns counts all its threads and children since their start."""

    port: int
    process_id: int

    def cpu_ns(self) -> int:
        tasks = [
            task for process in _family(self.process_id) for task in Path(f"/proc/{process}/task").iterdir()
        ]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


@contextlib.contextmanager
def served(app: str, env: Mapping[str, str], *, factory: bool = True) -> Iterator[Served]:
    """`app` on a free port of its own."""
    port = _free_port()
    call = f"serve_web({app!r}, host='127.0.0.1', port={port}, factory={factory})"
    code = f"from hearback.web.serving import serve_web; {call}"
    with tempfile.TemporaryFile() as log:
        process = spawn([sys.executable, "-c", code], env={**os.environ, **env}, output=log)
        try:
            _wait_for(port)
            yield Served(port, process.pid)
        finally:
            process.terminate()
            process.wait(10)


def cpu_us_per_request(server: Served, request: Request, requests: int) -> float:
    """One keep-alive connection, one request after the other; every answer must be one that was hoped for."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        reading = connection.makefile("rb")
        before = server.cpu_ns()
        for _ in range(requests):
            connection.sendall(request())
            read_answer(reading)
        return (server.cpu_ns() - before) / requests / 1000


def in_turn(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """A, B, C, A, B, C …: what drifts on the machine drifts for all of them."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure())
    return found


def ratio(found: Mapping[str, list[float]], name: str, against: str) -> float:
    """Median of the pairwise ratios."""
    return statistics.median(a / b for a, b in zip(found[name], found[against], strict=True))


def read_answer(reading: "socket.SocketIO | object") -> bytes:
    status = reading.readline()  # type: ignore[union-attr]
    if not status.startswith((b"HTTP/1.1 2", b"HTTP/1.1 304")):
        raise RuntimeError(f"the server answered {status!r}")
    length = 0
    chunked = False
    while (line := reading.readline().strip().lower()) != b"":  # type: ignore[union-attr]
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        chunked = chunked or line == b"transfer-encoding: chunked"
    if chunked:
        raise RuntimeError("a page of known length came in chunks")
    return bytes(reading.read(length))  # type: ignore[union-attr]


def _family(process_id: int) -> list[int]:
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [process_id, *(grandchild for child in children for grandchild in _family(int(child)))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")
