"""Whoever promised may leave; somebody at work can see to it instead, and everybody reads who."""

from datetime import timedelta

import pytest

from hearback.actions.tables import Action
from hearback.database.engine import execute, fetch_value
from hearback.promises import commands, queries
from hearback.promises.forms import BreakForm, OwnerForm
from hearback.promises.rules import PromiseKind
from hearback.promises.watching import watch
from hearback.refusals import Refused
from tests import made
from tests.conftest import browser_of
from tests.promises.test_broken import NO_MORE
from tests.promises.test_moved import TOLD, moved
from tests.promises.test_promises import TODAY, promised
from tests.waiting import until


async def test_a_promise_of_somebody_who_has_left_gets_an_owner_whom_everybody_reads(fan, desk, company):
    gone = await made.a_member(company, name="Jule Brandt")
    tarek = await made.a_member(company, "product", name="Tarek Osman")
    promise_id = await promised(company, "Steine verschicken", owner=gone.id)
    await execute("update member set active = false where id = $1", gone.id)

    page = (await desk.get("/promises")).text
    assert "Jule Brandt arbeitet nicht mehr hier." in page
    assert "arbeitet nicht mehr hier" not in (await fan.get("/kranich/promises")).text
    assert f"/promises/{promise_id}/owner" in page
    form = (await desk.get(f"/promises/{promise_id}/owner")).text
    assert "Bisher kümmert sich Jule Brandt darum" in form
    assert str(tarek.id) in form and str(gone.id) not in form
    reply = await desk.post(f"/promises/{promise_id}/owner", {"owner": str(tarek.id)})

    assert reply.status_code == 303
    assert "arbeitet nicht mehr hier" not in (await desk.get("/promises")).text

    async def told():
        return "zuständig ist Tarek Osman" in (await fan.get("/kranich/promises")).text

    await until(told)
    assert (
        await fetch_value("select after->>'owner' from audit where did = 'promise.handed-over'") == tarek.name
    )


async def test_who_gets_it_is_told_at_once_where_its_day_is_near(pool):
    company = await made.a_company()
    by, tarek = await made.a_member(company), await made.a_member(company)
    near, far = await promised(company, days=5), await promised(company, days=50)
    await watch(now=made.NOW + timedelta(days=1))

    for one in (near, far):
        await commands.hand_over(
            company.id, one, OwnerForm(tarek.id), by=by, now=made.NOW + timedelta(days=2)
        )

    assert await fetch_value(TOLD, near) == [TODAY + timedelta(days=2), None]
    assert await fetch_value(TOLD, far) == [None, None]


async def test_handing_it_to_who_has_it_changes_nothing(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    promise_id = await promised(company, owner=by.id)

    await commands.hand_over(company.id, promise_id, OwnerForm(by.id), by=by, now=made.NOW)

    assert await fetch_value("select count(*) from audit where did = 'promise.handed-over'") == 0


async def test_what_has_ended_or_was_moved_has_nobody_new_and_its_new_day_keeps_the_owner(pool):
    company = await made.a_company()
    by, tarek = await made.a_member(company), await made.a_member(company)
    told = {"by": by, "now": made.NOW, "today": TODAY}
    kept, broken, old = [await promised(company) for _ in range(3)]
    await commands.mark_kept(company.id, kept, **told)
    await commands.break_promise(company.id, broken, BreakForm(NO_MORE), **told)
    await commands.hand_over(company.id, old, OwnerForm(tarek.id), by=by, now=made.NOW)
    new = await moved(company, old, to=30, by=by)

    assert (await queries.promise(company.id, new)).owner == tarek.id
    for one in (kept, broken, old):
        with pytest.raises(Refused, match=r"promise\.nothing-to-hand-over"):
            await commands.hand_over(company.id, one, OwnerForm(by.id), by=by, now=made.NOW)


@pytest.mark.parametrize("kind", [PromiseKind.ACTION, PromiseKind.STEP])
async def test_what_names_its_owner_elsewhere_is_handed_over_there(pool, kind):
    company = await made.a_company()
    by, tarek = await made.a_member(company), await made.a_member(company)
    action = Action(company=company.id, title="Kerben", owner=by.id, created_by=by.id)
    await action.save()
    one = await promised(company, kind=kind, action=action.id if kind is PromiseKind.ACTION else None)

    with pytest.raises(Refused, match="names-its-owner"):
        await commands.hand_over(company.id, one, OwnerForm(tarek.id), by=by, now=made.NOW)


async def test_nobody_who_does_not_work_here_gets_it(desk, company):
    promise_id = await promised(company)
    gone = await made.a_member(company)
    await execute("update member set active = false where id = $1", gone.id)
    theirs = await made.a_member(await made.a_company("reiher"))

    for owner in (str(gone.id), str(theirs.id), str(made.some_id()), "", "niemand"):
        reply = await desk.post(f"/promises/{promise_id}/owner", {"owner": owner})
        assert reply.status_code == 422, owner
    assert (
        "Wähl jemanden, der hier arbeitet."
        in (await desk.post(f"/promises/{promise_id}/owner", {"owner": str(gone.id)})).text
    )


@pytest.mark.parametrize("role", ["moderator", "reader"])
async def test_who_may_not_write_hands_nothing_over(app, company, role):
    promise_id = await promised(company)
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, role)

        assert (await desk.get(f"/promises/{promise_id}/owner")).status_code == 403
        reply = await desk.post(f"/promises/{promise_id}/owner", {"owner": str(desk.member.id)})
        assert reply.status_code == 403
        assert "/owner" not in (await desk.get("/promises")).text


async def test_another_companys_promise_is_not_handed_over(desk):
    theirs = await promised(await made.a_company("reiher"))

    assert (await desk.get(f"/promises/{theirs}/owner")).status_code == 404
    reply = await desk.post(f"/promises/{theirs}/owner", {"owner": str(desk.member.id)})
    assert reply.status_code == 404
