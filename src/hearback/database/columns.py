"""Columns that every room uses the same way."""

from typing import Any
from uuid import UUID as Id
from uuid import uuid4

from piccolo.columns import UUID, ForeignKey
from piccolo.columns.base import OnDelete
from uuid_utils.compat import uuid7


def new_id() -> Id:
    """For what staff make: sorts by time, which is nobody's secret."""
    return uuid7()


def hidden_id() -> Id:
    """For what fans give: UUIDv7 holds milliseconds, and we keep only the day of an answer."""
    return uuid4()


def id_column() -> UUID:
    return UUID(primary_key=True, default=new_id)


def hidden_id_column() -> UUID:
    return UUID(primary_key=True, default=hidden_id)


def link(to: Any, *, gone: OnDelete = OnDelete.restrict, maybe: bool = False) -> ForeignKey[Any]:
    """A key to another row. `maybe`: may be empty."""
    if maybe:
        return ForeignKey(to, on_delete=gone, null=True, default=None)
    return ForeignKey(to, on_delete=gone, null=False)
