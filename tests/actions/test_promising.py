"""What a public note says we will do by a day is a promise: kept when it is done, broken when it is declined."""

from datetime import timedelta

import pytest

from hearback.actions import commands
from hearback.actions import jobs as _jobs  # noqa: F401  (registers how a moved day reaches an action)
from hearback.actions.forms import ActionForm, NewActionForm
from hearback.actions.rules import ActionState
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.jobs import do_all_now
from hearback.promises import commands as promising
from hearback.promises import queries
from hearback.promises.forms import NewDateForm
from hearback.promises.rules import PromiseState
from hearback.refusals import Refused
from tests import made
from tests.changenotes.ready import TODAY, ready

DAY = TODAY + timedelta(days=40)
NO = "Die Maschine dafür kostet mehr als die ganze Auflage."
DONE = {"outcome": "Es ist getan, seit Montag."}


async def said_in_public(stage, state=ActionState.PLANNED):
    """An action in a public note."""
    form = NewActionForm("Kerben in alle Steine", "Damit alle mitspielen.", stage.writer.id, DAY)
    action = await commands.make_action(stage.company, form, by=stage.writer, now=made.NOW)
    if state is not ActionState.CONSIDERING:
        await commands.set_state(stage.company, action, state, "", by=stage.writer, now=made.NOW)
    await stage.published(actions=[str(stage.action.id), str(action)])
    return action


async def of_actions(company):
    return [one for one in (await queries.promises(company.id)).promises if one.kind == "action"]


async def test_a_planned_action_in_a_public_note_is_a_promise_of_its_owner(pool):
    company = await made.a_company()
    stage = await ready(company)

    action = await said_in_public(stage)

    (promise,) = await of_actions(company)
    assert (promise.words, promise.due_on, promise.owner, promise.action) == (
        "Kerben in alle Steine",
        DAY,
        stage.writer.id,
        action,
    )
    assert promise.link.startswith("log/")


async def test_it_is_promised_once_however_many_notes_say_it(pool):
    company = await made.a_company()
    stage = await ready(company)
    action = await said_in_public(stage)

    await stage.published(title="Noch einmal", actions=[str(stage.action.id), str(action)])

    assert len(await of_actions(company)) == 1


async def test_what_is_only_considered_is_promised_once_it_is_planned(pool):
    company = await made.a_company()
    stage = await ready(company)
    action = await said_in_public(stage, ActionState.CONSIDERING)
    assert await of_actions(company) == []

    await commands.set_state(company, action, ActionState.PLANNED, "", by=stage.writer, now=made.NOW)

    assert len(await of_actions(company)) == 1


async def test_nothing_is_promised_for_a_day_that_has_passed(pool):
    company = await made.a_company()
    stage = await ready(company)
    action = await said_in_public(stage)
    later = {"by": stage.writer, "now": made.NOW + (DAY - TODAY) + timedelta(days=1)}
    await commands.set_state(company, action, ActionState.DECLINED, NO, by=stage.writer, now=made.NOW)

    with pytest.raises(Refused, match=r"action\.day-has-passed"):
        await commands.set_state(company, action, ActionState.IN_PROGRESS, "", **later)
    assert len(await of_actions(company)) == 1

    form = ActionForm(
        "Kerben in alle Steine", "Damit alle mitspielen.", stage.writer.id, DAY + timedelta(days=9)
    )
    await commands.change_action(company, action, form, **later)
    await commands.set_state(company, action, ActionState.IN_PROGRESS, "", **later)
    assert sorted(one.due_on for one in await of_actions(company)) == [DAY, form.due_on]


async def test_a_note_does_not_go_out_with_an_action_whose_day_has_passed(pool):
    company = await made.a_company()
    stage = await ready(company)
    form = NewActionForm("Kerben in alle Steine", "Damit alle mitspielen.", stage.writer.id, TODAY)
    action = await commands.make_action(company, form, by=stage.writer, now=made.NOW)
    await commands.set_state(company, action, ActionState.PLANNED, "", by=stage.writer, now=made.NOW)
    await execute("update action set due_on = due_on - 1 where id = $1", action)

    with pytest.raises(Refused, match=r"note\.action-past-its-day"):
        await stage.published(actions=[str(stage.action.id), str(action)])

    assert await of_actions(company) == []


async def test_an_action_that_no_note_names_is_no_promise(pool):
    company = await made.a_company()
    stage = await ready(company)
    form = NewActionForm("Leise im Haus", "Nur für uns.", stage.writer.id, DAY)
    action = await commands.make_action(company, form, by=stage.writer, now=made.NOW)

    await commands.set_state(company, action, ActionState.PLANNED, "", by=stage.writer, now=made.NOW)

    assert await of_actions(company) == []


async def test_done_keeps_it_and_declined_breaks_it_with_the_reason(pool):
    company = await made.a_company()
    stage = await ready(company)
    action = await said_in_public(stage)

    await commands.set_state(company, action, ActionState.DECLINED, NO, by=stage.writer, now=made.NOW)

    (broken,) = await of_actions(company)
    assert (broken.state(TODAY), broken.broken_why) == (PromiseState.BROKEN, NO)

    await commands.set_state(company, action, ActionState.IN_PROGRESS, "", by=stage.writer, now=made.NOW)
    await commands.set_state(company, action, ActionState.DONE, "", by=stage.writer, now=made.NOW)

    states = {one.state(TODAY) for one in await of_actions(company)}
    assert states == {PromiseState.BROKEN, PromiseState.KEPT}


async def test_a_promised_day_is_moved_in_public_and_the_action_follows(pool):
    company = await made.a_company()
    stage = await ready(company)
    action = await said_in_public(stage)
    (promise,) = await of_actions(company)
    form = ActionForm(
        title="Kerben in alle Steine",
        why="Damit alle mitspielen.",
        owner=stage.writer.id,
        due_on=DAY + timedelta(days=9),
    )

    with pytest.raises(Refused, match=r"action\.day-is-promised"):
        await commands.change_action(company, action, form, by=stage.writer, now=made.NOW)
    new = NewDateForm(DAY + timedelta(days=9), "Die Fräse kommt später.")
    told = {"by": stage.writer, "now": made.NOW, "today": TODAY}
    await promising.set_new_date(company.id, promise.id, new, **told)
    await do_all_now()

    assert await fetch_value("select due_on from action where id = $1", action) == DAY + timedelta(days=9)
    assert len(await of_actions(company)) == 2
    await commands.set_state(company, action, ActionState.DONE, "", by=stage.writer, now=made.NOW)
    assert None not in await fetch_column("select kept_on from promise where kind = 'action'")


async def test_who_takes_the_action_over_takes_the_promise_over(pool):
    company = await made.a_company()
    stage = await ready(company)
    action = await said_in_public(stage)
    form = ActionForm(
        title="Kerben in alle Steine", why="Damit alle mitspielen.", owner=stage.leader.id, due_on=DAY
    )

    await commands.change_action(company, action, form, by=stage.writer, now=made.NOW)

    assert [one.owner for one in await of_actions(company)] == [stage.leader.id]


async def test_on_the_list_of_promises_an_action_can_neither_be_kept_nor_broken(desk, company):
    stage = await ready(company)
    action = await said_in_public(stage)
    (promise,) = await of_actions(company)

    assert f"/actions/{action}" in (await desk.get("/promises")).text
    assert (await desk.post(f"/promises/{promise.id}/keeping", DONE)).status_code == 422
    reply = await desk.post(f"/promises/{promise.id}/breach", {"why": NO})

    assert reply.status_code == 422
    assert "dort, wo die Maßnahme steht" in reply.text
    assert (await of_actions(company))[0].broken_on is None


async def test_the_page_of_the_action_says_which_day_has_passed_and_asks_for_another(desk, company):
    stage = await ready(company)
    action = await said_in_public(stage)
    await commands.set_state(company, action, ActionState.DECLINED, NO, by=stage.writer, now=made.NOW)
    await execute("update action set due_on = '2026-01-05' where id = $1", action)

    reply = await desk.post(f"/actions/{action}/state", {"state": "in_progress"})

    assert reply.status_code == 422
    assert "Januar ist vorbei, und die Maßnahme steht in einer öffentlichen Notiz" in reply.text
    assert 'value="2026-01-05"' in reply.text
