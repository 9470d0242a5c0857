"""The page of the webhooks: the secret once, the log of deliveries, and only for admins."""

import re

from hearback.jobs import do_all_now
from hearback.webhooks import queries
from tests import made
from tests.changenotes.ready import ready
from tests.conftest import browser_of
from tests.webhooks.conftest import ADDRESS

TYPED = {"address": ADDRESS, "kinds": ["note.published", "note.withdrawn"]}


async def test_an_admin_adds_one_and_sees_its_secret_once(desk, wire):
    page = await desk.post("/settings/webhooks", data=TYPED)

    assert page.status_code == 201
    (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]{44}", page.text)
    assert page.headers["cache-control"] == "no-store"
    again = await desk.get("/settings/webhooks")
    assert ADDRESS in again.text
    assert secret not in again.text


async def test_a_faulty_address_is_refused_and_what_was_typed_stays(desk):
    page = await desk.post("/settings/webhooks", data=TYPED | {"address": "http://10.0.0.1/x"})

    assert page.status_code == 422
    assert "Die Adresse muss mit https:// beginnen." in page.text
    assert 'value="http://10.0.0.1/x"' in page.text
    assert await queries.webhooks(desk.company.id) == []


async def test_the_log_says_what_was_delivered_and_how_it_went(desk, wire):
    house = await ready(desk.company)
    await desk.post("/settings/webhooks", data=TYPED)
    wire.replies = ["private-network"]
    await house.published()
    await do_all_now()

    page = await desk.get("/settings/webhooks")

    assert "Die Adresse führt in ein privates Netz." in page.text
    assert "Seite 6 erklärt es jetzt in vier Bildern" in page.text
    assert "Nach fünf Tagen schalten wir die Adresse aus." in page.text


async def test_it_is_switched_off_and_on_and_taken_away(desk):
    await desk.post("/settings/webhooks", data=TYPED)
    (hook,) = await queries.webhooks(desk.company.id)

    await desk.post(f"/settings/webhooks/{hook.id}/off")
    assert not (await queries.webhooks(desk.company.id))[0].active
    await desk.post(f"/settings/webhooks/{hook.id}/on")
    assert (await queries.webhooks(desk.company.id))[0].active
    await desk.post(f"/settings/webhooks/{hook.id}/removal")
    assert await queries.webhooks(desk.company.id) == []


async def test_nobody_else_touches_it(app, desk):
    await desk.post("/settings/webhooks", data=TYPED)
    (hook,) = await queries.webhooks(desk.company.id)
    other = await made.a_company("moor")
    async with browser_of(app) as theirs, browser_of(app) as comms:
        thief = await made.signed_in(theirs, other, role="admin")
        writer = await made.signed_in(comms, desk.company, role="comms")

        assert (await thief.post(f"/settings/webhooks/{hook.id}/removal")).status_code == 404
        assert (await writer.post(f"/settings/webhooks/{hook.id}/removal")).status_code == 403
        assert (await writer.get("/settings/webhooks")).status_code == 403
    assert len(await queries.webhooks(desk.company.id)) == 1
