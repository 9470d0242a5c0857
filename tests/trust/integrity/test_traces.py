"""What could tell people apart does not stay: salts live for a day, and nothing else can be read from a trace."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from hearback.database.engine import fetch_value
from hearback.trust.integrity.form_key import new_key, started_at
from hearback.trust.integrity.traces import forget_salt, forget_salts, salt_of, seen

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "s" * 40


@pytest.fixture(autouse=True)
def _fresh():
    forget_salt()
    yield
    forget_salt()


def test_a_key_tells_when_its_page_was_asked_for_and_cannot_be_made_up():
    key = new_key(SECRET, NOON)

    assert started_at(SECRET, key) == NOON
    assert key != new_key(SECRET, NOON)
    assert started_at("t" * 40, key) is None
    for at in range(32):
        assert started_at(SECRET, key[:at] + ("0" if key[at] != "0" else "1") + key[at + 1 :]) is None
    for rubbish in ("", "0" * 32, "é" * 32, key.upper() + "A", key + "0"):
        assert started_at(SECRET, rubbish) is None


async def test_every_process_has_the_same_salt_for_a_day_and_another_the_next(pool):
    first = await salt_of(NOON)
    forget_salt()

    assert await salt_of(NOON + timedelta(hours=11)) == first
    assert await salt_of(NOON + timedelta(hours=13)) != first
    assert await fetch_value("select count(*) from salt") == 2


async def test_after_two_days_no_salt_is_left_and_no_trace_can_be_made_again(pool):
    question, who = uuid4(), {"network": "203.0.113.0/24", "agent": "Firefox", "key": "0" * 32}
    before = seen(await salt_of(NOON), question, **who, now=NOON)

    await forget_salts(NOON + timedelta(hours=48))

    assert await fetch_value("select count(*) from salt") == 0
    assert seen(await salt_of(NOON), question, **who, now=NOON).browser != before.browser


async def test_a_trace_is_alike_only_where_all_it_stands_for_is(pool):
    salt, question = await salt_of(NOON), uuid4()
    one = {"network": "203.0.113.0/24", "agent": "Firefox", "key": "0" * 32, "now": NOON}
    first = seen(salt, question, **one)

    assert seen(salt, question, **one) == first
    other_agent = seen(salt, question, **one | {"agent": "Safari"})
    assert (other_agent.line, other_agent.browser == first.browser) == (first.line, False)
    later = seen(salt, question, **one | {"now": NOON + timedelta(minutes=10)})
    assert (later.line, later.burst == first.burst) == (first.line, False)
    assert not {first.browser, first.line, first.form} & {
        trace for other in [seen(salt, uuid4(), **one)] for trace in (other.browser, other.line, other.form)
    }
