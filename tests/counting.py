"""What the database is asked while something happens."""

import contextlib
from collections.abc import Iterator

from hearback.database.engine import ENGINE


@contextlib.contextmanager
def queries_asked() -> Iterator[list[str]]:
    """Every SQL text that the pool's open connections send inside the block."""
    asked: list[str] = []

    def note(query) -> None:
        asked.append(query.query)

    connections = [holder._con for holder in ENGINE.pool._holders if holder._con is not None]
    for connection in connections:
        connection.add_query_logger(note)
    try:
        yield asked
    finally:
        for connection in connections:
            connection.remove_query_logger(note)
