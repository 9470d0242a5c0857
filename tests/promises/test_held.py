"""On the day that a mistake note named we say in public whether the repair has held."""

from datetime import timedelta

import pytest

from hearback.database.engine import fetch_value
from hearback.promises import commands, queries
from hearback.promises.forms import HeldForm
from hearback.promises.rules import Held, PromiseKind, PromiseState
from hearback.refusals import Refused
from tests import made
from tests.changenotes.ready import SOON, TODAY, ready
from tests.promises.test_broken import entries
from tests.promises.test_promises import promised
from tests.waiting import until

HOW = "Seit Mai hat niemand mehr die Steine verwechselt, in 40 Runden nicht."


async def a_follow_up(company):
    """Of a mistake note: its slug, and the promise."""
    stage = await ready(company)
    slug = await stage.published("mistake")
    note = await stage.note(slug)
    (promise,) = [
        one for one in await made.promises_of(company.id, note=note) if one.kind == PromiseKind.FOLLOW_UP
    ]
    return slug, promise


async def test_a_mistake_note_promises_to_say_whether_the_repair_has_held(pool):
    company = await made.a_company()

    _, promise = await a_follow_up(company)

    assert promise.due_on == SOON
    assert promise.owner_name == "Henrike Voss"
    assert promise.state(SOON + timedelta(days=1)) == PromiseState.OVERDUE


async def test_it_is_said_on_the_desk_and_read_beside_the_note(fan, desk, company):
    slug, promise = await a_follow_up(company)
    assert "Hat es gehalten?" in (await desk.get("/promises")).text
    assert "Woran wir das sehen" in (await desk.get(f"/promises/{promise.id}/outcome")).text

    reply = await desk.post(f"/promises/{promise.id}/outcome", {"held": "partly", "outcome": HOW})

    assert reply.status_code == 303

    async def told():
        return HOW in (await fan.get(f"/kranich/log/{slug}")).text

    await until(told)
    assert "Zum Teil hat es gehalten." in (await fan.get(f"/kranich/log/{slug}")).text
    assert HOW in (await fan.get("/kranich/promises")).text
    for page in ("log", "mistakes"):
        assert (
            '<p class="late">Hat es gehalten? Zum Teil hat es gehalten.</p>'
            in (await fan.get(f"/kranich/{page}")).text
        )
    assert await fetch_value("select after->>'held' from audit where did = 'promise.held'") == "partly"
    (kept,) = [one for one in await entries("promise.kept") if one["subject"] == str(promise.id)]
    assert set(kept["fields"]) == {"held", "outcome"}


async def test_kept_alone_is_not_enough_to_say(desk, company):
    _, promise = await a_follow_up(company)

    reply = await desk.post(f"/promises/{promise.id}/keeping", {"outcome": "Es ist getan, seit Montag."})

    assert reply.status_code == 422
    assert "ob die Reparatur gehalten hat" in reply.text
    for typed in ({}, {"held": "yes"}, {"held": "maybe", "outcome": HOW}, {"held": "no", "outcome": "Nein"}):
        assert (await desk.post(f"/promises/{promise.id}/outcome", typed)).status_code == 422
    assert await fetch_value("select kept_on from promise where id = $1", promise.id) is None


async def test_it_is_said_once_and_only_of_repairs(pool):
    company = await made.a_company()
    _, promise = await a_follow_up(company)
    other = await promised(company, kind=PromiseKind.LOOK_AGAIN)
    by = await made.a_member(company)
    told = {"by": by, "now": made.NOW, "today": TODAY}

    await commands.say_whether_it_held(company.id, promise.id, HeldForm(Held.NO, HOW), **told)

    for one in (promise.id, other):
        with pytest.raises(Refused, match=r"promise\.nothing-to-say"):
            await commands.say_whether_it_held(company.id, one, HeldForm(Held.YES, HOW), **told)
    assert (await queries.promise(company.id, promise.id)).held == "no"


@pytest.mark.parametrize(("days", "asked"), [(1, False), (0, True), (-1, True)])
async def test_from_its_day_on_the_desk_asks_first_of_all_whether_it_held(desk, company, days, asked):
    promise_id = await promised(company, kind=PromiseKind.FOLLOW_UP, days=days)

    page = (await desk.get("/promises")).text

    assert f"/promises/{promise_id}/outcome" in page
    assert (f'class="btn small primary" href="/desk/kranich/promises/{promise_id}/outcome"' in page) is asked
