"""News reach every machine once, signed; one that is dead is tried less and less, and switched off aloud."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from hearback.changenotes import commands as notes
from hearback.changenotes.forms import WithdrawalForm
from hearback.clock import now
from hearback.database.engine import execute, fetch_value
from hearback.jobs import do_all_now
from hearback.people.queries import audit
from hearback.refusals import Refused
from hearback.webhooks import commands, delivering, outbox, queries
from hearback.webhooks.delivering import deliver_due
from hearback.webhooks.rules import MOST_TRIES, MOST_WEBHOOKS, News
from hearback.webhooks.telling import tell_machines
from tests import made
from tests.webhooks.conftest import ADDRESS


def checked(call, secret: str) -> dict:
    """As whoever gets it checks it, with nothing of ours."""
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert call.headers["webhook-signature"] == f"v1,{right}"
    return json.loads(call.body)


async def test_a_note_reaches_the_webhook_once_and_signed(house, wire, hooked):
    secret = await hooked(house.company, house.writer)

    slug = await house.published()
    await do_all_now()
    await tell_machines(house.company.id, await house.note(slug), 1, now=now())
    await deliver_due(now)

    (call,) = wire.calls
    told = checked(call, secret)
    assert call.address == ADDRESS
    assert told["type"] == "note.published"
    assert told["data"]["url"] == f"http://test/kranich/log/{slug}"
    assert told["data"]["fields"]["did"] == "Die Regel steht jetzt beim **Anzünden**."
    (line,) = await queries.deliveries(house.company.id, way="webhook")
    assert (line.state, line.status, line.tries) == ("sent", 200, 1)


async def test_only_what_was_chosen_is_told_and_only_to_this_house(house, wire, hooked):
    await hooked(house.company, house.writer, kinds=[News.WITHDRAWN])
    other = await made.a_company("moor")
    await hooked(other, await made.a_member(other))

    slug = await house.published()
    await do_all_now()
    assert wire.calls == []

    why = WithdrawalForm(why="Es stimmte nicht.")
    note = await house.note(slug)
    await notes.withdraw_note(house.company.id, note, why, by=house.writer, now=made.NOW)
    await do_all_now()
    (call,) = wire.calls
    assert json.loads(call.body)["data"]["reason"] == "Es stimmte nicht."


async def test_what_fails_is_tried_again_later_and_everything_for_the_same_address_waits(house, wire, hooked):
    await hooked(house.company, house.writer)
    wire.replies = [503, "too-slow"]
    at = now()
    await house.published()
    await house.published("holding")
    await do_all_now()

    assert len(wire.calls) == 1, "the second waits as long as the first"
    await deliver_due(lambda: at + timedelta(seconds=30))
    assert len(wire.calls) == 1
    await deliver_due(lambda: at + timedelta(minutes=10))
    await deliver_due(lambda: at + timedelta(minutes=30))
    await deliver_due(lambda: at + timedelta(minutes=60))
    lines = await queries.deliveries(house.company.id, way="webhook")
    assert {line.state for line in lines} == {"sent"}
    ids = [call.headers["webhook-id"] for call in wire.calls]
    assert len(set(ids)) == 2, "the same news has the same number, however often it is tried"


async def test_a_dead_webhook_is_switched_off_aloud_and_misses_nothing(house, wire, hooked):
    await hooked(house.company, house.writer)
    await house.published()
    at, wire.replies = now(), ["not-there"] * 40
    for hours in range(0, 24 * 8, 13):
        await do_all_now()
        await deliver_due(lambda hours=hours: at + timedelta(hours=hours))

    (hook,) = await queries.webhooks(house.company.id)
    assert not hook.active
    assert hook.given_up_on is not None
    assert len(wire.calls) < MOST_TRIES
    assert "webhook.given-up" in {entry.did for entry in await audit(house.company.id, before=None, limit=50)}

    wire.replies = []
    await commands.switch(house.company.id, hook.id, on=True, by=house.writer, now=at)
    await deliver_due(lambda: at + timedelta(days=9))
    (line,) = await queries.deliveries(house.company.id, way="webhook")
    assert line.state == "sent"


async def test_who_says_that_nobody_will_be_there_any_more_is_not_asked_again(house, wire, hooked):
    await hooked(house.company, house.writer)
    wire.replies = [410]
    await house.published()
    await do_all_now()
    await deliver_due(lambda: now() + timedelta(days=1))

    (line,) = await queries.deliveries(house.company.id, way="webhook")
    assert (line.state, line.status, line.trouble, line.tries) == ("failed", 410, "gone", 1)
    (hook,) = await queries.webhooks(house.company.id)
    assert hook.failing_since is not None, "the desk says so"


async def test_what_is_said_while_a_webhook_is_given_up_waits_for_it(house, wire, hooked):
    """One that a member switched off hears nothing of it."""
    await hooked(house.company, house.writer)
    await hooked(house.company, house.writer, address="https://off.example/in")
    (dead, off) = await queries.webhooks(house.company.id)
    if dead.address != ADDRESS:
        dead, off = off, dead
    await execute("update webhook set active = false, given_up_on = current_date where id = $1", dead.id)
    await commands.switch(house.company.id, off.id, on=False, by=house.writer, now=now())
    await house.published()
    await do_all_now()
    assert wire.calls == []

    for hook in (dead, off):
        await commands.switch(house.company.id, hook.id, on=True, by=house.writer, now=now())
    await do_all_now()
    assert [call.address for call in wire.calls] == [ADDRESS]


async def test_nothing_is_put_in_for_what_never_happened(house, wire, hooked):
    """The call is queued in the transaction of its cause: refused, there is none."""
    await hooked(house.company, house.writer)
    note = await house.draft(title="")

    with pytest.raises(Refused):
        await notes.publish_note(house.company, note, by=house.writer, now=made.NOW)
    await do_all_now()

    assert wire.calls == []
    assert await fetch_value("select count(*) from delivery") == 0


async def test_what_a_dead_worker_held_is_delivered_by_another(house, wire, hooked):
    await hooked(house.company, house.writer)
    await house.published()
    wire.replies = [500]
    await do_all_now()
    at = now() + timedelta(minutes=5)
    taken = await outbox.take_one(at)
    assert taken is not None
    assert await outbox.take_one(at) is None, "nobody else takes it meanwhile"

    await deliver_due(lambda: at + timedelta(minutes=5))
    (line,) = await queries.deliveries(house.company.id, way="webhook")
    assert line.state == "sent"


async def test_what_cannot_be_written_holds_up_nobody_and_is_not_tried_for_ever(
    house, wire, hooked, monkeypatch
):
    await hooked(house.company, house.writer)
    await hooked(house.company, house.writer, address="https://other.example/in")
    await house.published()
    written = delivering.body_of

    async def breaks(taken):
        if taken.address == ADDRESS:
            raise ValueError("nobody foresaw this")
        return await written(taken)

    monkeypatch.setattr(delivering, "body_of", breaks)
    await do_all_now()
    assert [call.address for call in wire.calls] == ["https://other.example/in"]

    at = now()
    for hours in range(13, 24 * 15, 13):
        await deliver_due(lambda hours=hours: at + timedelta(hours=hours))
    (line,) = [
        one for one in await queries.deliveries(house.company.id, way="webhook") if one.address == ADDRESS
    ]
    assert (line.state, line.trouble, line.tries) == ("failed", "not-written", MOST_TRIES)
    assert all(hook.active for hook in await queries.webhooks(house.company.id)), (
        "the machine there did nothing wrong"
    )


async def test_what_kills_every_worker_that_has_it_in_hand_is_given_up(house, wire, hooked):
    await hooked(house.company, house.writer)
    wire.replies = [500]
    await house.published()
    await do_all_now()
    at = now() + timedelta(minutes=5)
    for one in range(MOST_TRIES):
        await outbox.take_one(at + timedelta(minutes=5 * one))

    await deliver_due(lambda: at + timedelta(days=1))

    (line,) = await queries.deliveries(house.company.id, way="webhook")
    assert (line.state, line.trouble) == ("failed", "not-written")
    assert len(wire.calls) == 1


async def test_what_a_clock_that_ran_ahead_put_in_goes_out_when_it_is_set_right(house, wire, hooked):
    await hooked(house.company, house.writer)
    wire.replies = [500]
    await house.published()
    await do_all_now()
    await execute("update delivery set due_at = due_at + interval '40 days'")

    await deliver_due(now)

    (line,) = await queries.deliveries(house.company.id, way="webhook")
    assert line.state == "sent"


async def test_what_is_erased_meanwhile_is_not_delivered(house, wire, hooked):
    await hooked(house.company, house.writer)
    wire.replies = [500]
    await house.published()
    await do_all_now()
    assert await fetch_value("select count(*) from delivery where body <> ''") == 0


async def test_addresses_are_few_and_each_is_there_once(house, hooked):
    await hooked(house.company, house.writer)
    with pytest.raises(Refused, match=r"webhook\.twice"):
        await hooked(house.company, house.writer)
    with pytest.raises(Refused, match=r"webhook\.no-kinds"):
        await hooked(house.company, house.writer, address="https://a.example", kinds=[])
    for number in range(MOST_WEBHOOKS - 1):
        await hooked(house.company, house.writer, address=f"https://a{number}.example")
    with pytest.raises(Refused, match=r"webhook\.too-many"):
        await hooked(house.company, house.writer, address="https://more.example")


async def test_the_secret_lies_sealed_and_the_log_is_let_go(house, wire, hooked):
    secret = await hooked(house.company, house.writer)
    sealed = await fetch_value("select secret from webhook")
    assert secret.encode() not in sealed
    await house.published()
    await do_all_now()
    await execute('update delivery set "on" = "on" - 32')
    await outbox.let_go(now())
    assert await fetch_value("select count(*) from delivery") == 0
