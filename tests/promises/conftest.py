"""Days decide here: no test may end on another one than it began on."""

from datetime import datetime, tzinfo

import pytest

from hearback import clock
from tests import made


class Standing(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return made.NOW.astimezone(tz)


@pytest.fixture(autouse=True)
def the_clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "datetime", Standing)
