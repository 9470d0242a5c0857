"""Times in the ledger never go back, whatever clocks do; and nobody gets an earlier or another time than they must."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import asyncpg
import pytest

from hearback.clock import day_in
from hearback.database.engine import execute, fetch_value, transaction
from hearback.ledger import queries, signing
from hearback.ledger.checkpoints import opened
from hearback.ledger.commands import record
from hearback.ledger.rules import Kind, canonical, entry, leaf_hash, root_of
from hearback.ledger.signing import change_key, sign
from hearback.ledger.times import not_before, tells_the_day, told_until
from hearback.settings import settings
from tests import made
from tests.ledger.test_signing import add, leaves, must_hold, newest
from tests.ledger.test_witnesses import says

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)  # in Berlin, where the companies of the tests are
ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "UTC")


async def happened(company, *facts: tuple[Kind, datetime | date]) -> None:
    for kind, now in facts:
        async with transaction():
            await record(company.id, kind, made.some_id(), {}, now=now)


async def told(company) -> list[str]:
    return [json.loads(leaf)["at"] for leaf in await leaves(company)]


def goes_back(told: list[str], timezone: str) -> list[tuple[str, str]]:
    """Every pair of which the later one surely tells an earlier time: days by days, seconds by seconds."""
    days = [
        date.fromisoformat(at) if len(at) == 10 else day_in(timezone, datetime.fromisoformat(at))
        for at in told
    ]
    seconds = [at for at in told if len(at) > 10]
    return [(str(one), str(two)) for row in (days, seconds) for one, two in pairwise(row) if one > two]


@pytest.mark.parametrize("jump", [-HOUR, HOUR, timedelta(days=-400)])
async def test_a_clock_that_jumps_and_comes_back_turns_no_time_back(company, jump):
    notes = []
    for now in (made.NOW, made.NOW + jump, made.NOW + timedelta(seconds=1)):
        await happened(company, (Kind.COUNTED, now), (Kind.RECEIVED, now), (Kind.PROMISE_KEPT, now.date()))
        await sign(company.id)
        notes.append(await newest(company))
    await must_hold(company, 9)
    assert goes_back(await told(company), company.timezone) == []
    (key,), hashes = await queries.keys(company.id), [leaf_hash(one) for one in await leaves(company)]
    for size, note in zip((3, 6, 9), notes, strict=True):  # also the one signed while the clock was wrong
        checkpoint = opened(note.note, key.line)
        assert (checkpoint.size, checkpoint.root) == (size, root_of(hashes[:size]))


async def test_what_came_while_the_clock_was_back_says_the_latest_time_that_was_known(company):
    now = made.NOW.replace(microsecond=0)
    await happened(company, (Kind.PUBLISHED, now), (Kind.REVISED, now - HOUR), (Kind.NOTE_WITHDRAWN, now))
    await sign(company.id)
    assert [datetime.fromisoformat(at) for at in await told(company)] == [now] * 3
    kinds = [json.loads(leaf)["kind"] for leaf in await leaves(company)]
    assert kinds == ["note.published", "note.revised", "note.withdrawn"], "in the order they happened"


async def test_who_signs_late_changes_no_time(company):
    """Answers come before what happened on their day, and not before what happened the day before."""
    yesterday, today = MIDNIGHT - timedelta(minutes=9), MIDNIGHT + timedelta(minutes=9)
    facts = [
        (Kind.PUBLISHED, yesterday),
        (Kind.RECEIVED, day_in(company.timezone, today)),
        (Kind.REVISED, yesterday + timedelta(minutes=5)),
        (Kind.SET_ASIDE, today),
        (Kind.COUNTED, today),
    ]
    await happened(company, *facts)
    await sign(company.id)
    assert await told(company) == [
        "2026-11-22T22:51:00Z",
        "2026-11-22T22:56:00Z",
        "2026-11-23",
        "2026-11-23",
        "2026-11-22T23:09:00Z",
    ]


def in_turn(facts: list[tuple[Kind, datetime]], timezone: str) -> list[str]:
    until, at = told_until(None, None, timezone), []
    for kind, now in facts:
        when = day_in(timezone, now) if tells_the_day(kind) else now
        leaf, until = not_before(entry(kind, made.some_id(), {}, now=when)[0], until, timezone)
        at.append(json.loads(leaf)["at"])
        assert canonical(json.loads(leaf)) == leaf
    return at


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize("seed", range(20))
def test_no_sequence_of_clocks_makes_it_go_back(timezone, seed):
    chance = random.Random(seed)
    facts = [
        (chance.choice(list(Kind)), made.NOW + timedelta(minutes=chance.randrange(-9000, 9000)))
        for _ in range(60)
    ]
    assert goes_back(in_turn(facts, timezone), timezone) == []


@pytest.mark.parametrize("timezone", ZONES)
def test_where_no_clock_jumps_each_entry_says_what_it_said(timezone):
    chance = random.Random(7)
    now, facts = made.NOW, []
    for _ in range(200):
        now += timedelta(minutes=chance.randrange(90))
        facts.append((chance.choice(list(Kind)), now))
    assert in_turn(facts, timezone) == [
        day_in(timezone, now).isoformat() if tells_the_day(kind) else now.strftime("%Y-%m-%dT%H:%M:%SZ")
        for kind, now in facts
    ]


CHANGES = {
    "another fact": lambda said: said | {"subject": str(UUID(int=1))},
    "one field more": lambda said: said | {"fields": {"did": "00" * 32}},
    "an earlier time": lambda said: said | {"at": "2020-01-01T00:00:00Z"},
    "no time": lambda said: {name: value for name, value in said.items() if name != "at"},
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES.keys())
async def test_the_database_lets_an_entry_change_in_nothing_but_its_time(company, changed):
    await add(company)
    said = json.loads(await fetch_value("select entry from ledger_leaf"))
    with pytest.raises(asyncpg.RestrictViolationError):
        await execute("update ledger_leaf set number = 0, entry = $1", canonical(changed(said)))


async def test_not_without_its_number_and_never_after(company):
    await add(company)
    later = canonical(
        json.loads(await fetch_value("select entry from ledger_leaf")) | {"at": "2030-01-01T00:00:00Z"}
    )
    with pytest.raises(asyncpg.RestrictViolationError):
        await execute("update ledger_leaf set entry = $1", later)
    await sign(company.id)
    with pytest.raises(asyncpg.RestrictViolationError):
        await execute("update ledger_leaf set entry = $1", later)
    await must_hold(company, 1)


async def test_a_key_changed_while_the_clock_is_back_signs_all_the_same(company, monkeypatch):
    """Ids hold the time they were made at; the order of keys must not hang on them."""
    await add(company)
    await sign(company.id)
    monkeypatch.setattr(signing, "new_id", lambda: UUID(int=made.some_id().int >> 64))
    await change_key(company.id, settings(), now=made.NOW - HOUR)
    await must_hold(company, 2)
    await add(company)
    await sign(company.id)
    await must_hold(company, 3)
    assert (await says(settings())).startswith("Ledger: 3 entries signed"), "doctor knows it too"
    assert goes_back(await told(company), company.timezone) == []
