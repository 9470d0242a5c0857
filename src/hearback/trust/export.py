"""Everything that is kept of one answer, for its fan: each room says what it keeps, table by table.

A test reads the schema: a table that is linked to an answer and is not here fails it.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from hearback.database.engine import fetch_column

Rows = list[dict[str, Any]]
TABLES: dict[str, Callable[[UUID, UUID], Awaitable[Rows]]] = {}


def keeps(table: str, rows: str | Callable[[UUID, UUID], Awaitable[Rows]]) -> None:
    """Register what is kept in a table of a company's response. Only what is the fan's: no member's words, and nobody
    else's. rows: gives them, or literal SQL that takes the company and the response and gives a JSON text each."""
    TABLES[table] = _asking(rows) if isinstance(rows, str) else rows


async def everything(company_id: UUID, response_id: UUID) -> dict[str, Rows]:
    """Table → rows; tables without any are there, and empty."""
    return {table: await rows(company_id, response_id) for table, rows in sorted(TABLES.items())}


def _asking(sql: str) -> Callable[[UUID, UUID], Awaitable[Rows]]:
    async def rows(company_id: UUID, response_id: UUID) -> Rows:
        return [msgspec.json.decode(told) for told in await fetch_column(sql, company_id, response_id)]

    return rows
