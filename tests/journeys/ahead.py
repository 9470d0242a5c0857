"""A clock that runs ahead: what the served processes, and the test, hold for now.

What is late, and how long a page is true, the product asks of `clock.now()` and the memory of pages only; in processes
of a test both are told a time that lies `ahead.value` seconds after the real one. The product knows nothing of it.
"""

import ctypes
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Protocol

from hearback import clock
from hearback.web import remembering
from tests.journeys.conftest import hearback


class Seconds(Protocol):
    """Memory that all processes of a test share."""

    value: ctypes.c_longlong | int


def dates_of(ahead: Seconds) -> type[datetime]:
    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(seconds=ahead.value)

    return Ahead


def times_of(ahead: Seconds) -> SimpleNamespace:
    return SimpleNamespace(time=lambda: time.time() + ahead.value)


def hearback_ahead(ahead: Seconds, env: Mapping[str, str], *command: str) -> None:
    """`hearback …` by that clock, in a process of its own."""
    clock.datetime = dates_of(ahead)
    remembering.time = times_of(ahead)
    hearback(env, *command)
