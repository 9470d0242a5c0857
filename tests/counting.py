"""What the database is asked while something happens, and how much our own code does."""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from hearback.database.engine import ENGINE

ASYNCPGS_OWN = re.compile(r"typeinfo_tree|set_config\(\s*'jit'")


@contextlib.contextmanager
def queries_asked() -> Iterator[list[str]]:
    """Every SQL text that the pool sends inside the block, through connections that open meanwhile, too.

    What asyncpg itself asks about types, once a connection, is left out: how many connections there are is chance.
    """
    asked: list[str] = []

    def note(query) -> None:
        if not ASYNCPGS_OWN.search(query.query):
            asked.append(query.query)

    async def noted(connection) -> None:
        connection.add_query_logger(note)

    def open_ones():
        return [holder._con for holder in ENGINE.pool._holders if holder._con is not None]

    for connection in open_ones():
        connection.add_query_logger(note)
    ENGINE.pool._init = noted
    try:
        yield asked
    finally:
        ENGINE.pool._init = None
        for connection in open_ones():
            connection.remove_query_logger(note)


def steps(call: Callable[[], object]) -> int:
    """How many bytecode instructions of ours a call runs: the same number every time, on every machine.

    What C does in between (a regular expression, a slice, a join) counts as one; `hearback bench` has its cost.
    """
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count
