"""A day that was moved, once or more often: where it stands, what it counts for, and how it ends."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearback.actions import jobs as _actions  # noqa: F401  (registers what follows a moved day)
from hearback.actions.tables import Action
from hearback.database.engine import ENGINE, execute, fetch_value, transaction
from hearback.jobs import do_all_now
from hearback.promises import commands, queries
from hearback.promises.counting import count_spoken
from hearback.promises.forms import BreakForm, HeldForm, NewDateForm
from hearback.promises.rules import Held, PromiseKind, PromiseState
from hearback.promises.waiting import questions_waiting, themes_waiting
from hearback.promises.watching import watch
from hearback.refusals import Refused
from hearback.replying.tables import Reply
from hearback.web.live import tell
from tests import made
from tests.promises.test_broken import NO_MORE
from tests.promises.test_promises import TODAY, WHY, promised
from tests.promises.test_silence import a_question_promised
from tests.waiting import until

TOLD = "select array[owner_told_on, leaders_told_on] from promise where id = $1"
AGAIN = "Die Stanze ist kaputt, eine neue kommt im Mai."


async def moved(company, promise_id, *, to, by, why=WHY):
    form = NewDateForm(TODAY + timedelta(days=to), why)
    return await commands.set_new_date(company.id, promise_id, form, by=by, now=made.NOW, today=TODAY)


async def test_a_day_cannot_be_moved_to_an_earlier_one_that_still_lies_ahead(pool):
    """Whoever waits for the old day would find that it has gone by."""
    company = await made.a_company()
    by = await made.a_member(company)
    promise_id = await promised(company, days=30)

    for to in (10, 30):
        with pytest.raises(Refused, match=r"promise\.later-please"):
            await moved(company, promise_id, to=to, by=by)
    assert await moved(company, promise_id, to=31, by=by)


async def a_step(company, theme, by, *, days):
    """What a public reply to a theme says comes next."""
    signer = await made.a_member(company)
    step = await promised(company, "Die Zeiten außen aufhängen", kind=PromiseKind.STEP, days=days)
    await Reply.insert(
        Reply(
            company=company.id,
            theme=theme.id,
            writer=by.id,
            fact="Die Zeiten hingen innen.",
            next_step="Ich hänge sie außen auf.",
            next_owner=by.id,
            next_by=TODAY + timedelta(days=days),
            saved_at=made.NOW,
            state="sent",
            sent_at=made.NOW - timedelta(days=9),
            signed_by=signer.id,
            promise=step,
        )
    )
    return step


async def test_a_next_step_can_be_read_where_it_was_promised_whichever_of_its_days_stands_there(pool):
    company = await made.a_company()
    by, theme = await made.a_member(company), await made.a_theme(company)
    step = await a_step(company, theme, by, days=5)
    second = await moved(company, step, to=10, by=by)
    await moved(company, second, to=20, by=by)

    assert [one.link for one in (await queries.promises(company.id)).promises] == ["replies"] * 3


async def test_the_clock_of_a_theme_ticks_at_the_day_that_holds_and_not_at_the_one_it_replaced(pool):
    company = await made.a_company(fewest_voices=2)
    by, theme = await made.a_member(company), await made.a_theme(company)
    question = await made.a_question(company)
    for _ in range(2):
        await made.placed(company, await made.an_answer(company, question, day=TODAY), theme)
    await count_spoken(company.id)
    step = await a_step(company, theme, by, days=-2)
    (late,) = await themes_waiting(company.id, limit=9)
    second = await moved(company, step, to=10, by=by)
    await moved(company, second, to=20, by=by)

    (waits,) = await themes_waiting(company.id, limit=9)

    assert (late.due_on, late.silence(TODAY).over) == (TODAY - timedelta(days=2), True)
    assert (waits.due_on, waits.silence(TODAY).over) == (TODAY + timedelta(days=20), False)


async def test_the_clock_of_a_question_ticks_at_the_next_word_that_we_promised_on_it(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    question = await a_question_promised(company, due=30)
    note = await made.a_public_note(
        company,
        await made.a_theme(company),
        by=by,
        kind="holding",
        at=made.NOW - timedelta(days=5),
        questions=[question.id],
    )
    word = await promised(company, "Nächstes Wort", kind=PromiseKind.NEXT_WORD, days=-1, note=note.id)

    (before,) = await questions_waiting(company.id, made.NOW)
    await moved(company, word, to=4, by=by)
    (after,) = await questions_waiting(company.id, made.NOW)

    assert (before.due_on, before.silence(TODAY).over) == (TODAY - timedelta(days=1), True)
    assert (after.due_on, after.silence(TODAY).over) == (TODAY + timedelta(days=4), False)


async def test_moved_twice_and_then_broken_every_day_stays_and_the_reason_is_read_once(fan, desk, company):
    first = await promised(company, "Steine verschicken", days=-9)
    second = await moved(company, first, to=3, by=desk.member)
    third = await moved(company, second, to=8, by=desk.member, why=AGAIN)

    await desk.post(f"/promises/{third}/breach", {"why": NO_MORE})

    assert [one.state(TODAY) for one in (await queries.promises(company.id)).promises] == [
        PromiseState.BROKEN
    ] * 3
    for page in (await desk.get("/promises"), await fan.get("/kranich/promises")):
        assert page.text.count("Steine verschicken") >= 3
        assert (page.text.count(WHY), page.text.count(AGAIN), page.text.count(NO_MORE)) == (1, 1, 1)
    with pytest.raises(Refused, match=r"promise\.nothing-to-move"):
        await moved(company, third, to=30, by=desk.member)


async def test_whether_a_repair_has_held_is_read_once_however_often_its_day_was_moved(fan, company):
    by = await made.a_member(company)
    follow_up = await promised(company, "Sagen, ob es hält", kind=PromiseKind.FOLLOW_UP, days=-9)
    second = await moved(company, follow_up, to=3, by=by)
    told = {"by": by, "now": made.NOW, "today": TODAY}
    form = HeldForm(Held.PARTLY, "Zwei von vierzig Runden gingen noch schief.")

    await commands.say_whether_it_held(company.id, second, form, **told)

    page = (await fan.get("/kranich/promises")).text
    assert (page.count(form.outcome), page.count("Zum Teil hat es gehalten.")) == (1, 1)


async def test_what_came_of_a_moved_day_is_what_came_of_its_question(pool):
    """The audience and the page ask by the question, the note or the action, so every day of it has to name it."""
    company = await made.a_company()
    by = await made.a_member(company)
    question = await made.a_question(company)
    theme = await made.a_theme(company)
    note = await made.a_public_note(company, theme, by=by, kind="holding")
    tarek = await made.a_member(company, name="Tarek Osman")
    reply = await promised(
        company, "Antwort", kind=PromiseKind.REPLY, days=3, question=question.id, owner=tarek.id
    )
    word = await promised(company, "Wort", kind=PromiseKind.NEXT_WORD, days=3, note=note.id)

    new_reply = await queries.promise(company.id, await moved(company, reply, to=9, by=by))
    new_word = await queries.promise(company.id, await moved(company, word, to=9, by=by))

    assert (new_reply.question, new_reply.owner, new_reply.made_by) == (question.id, tarek.id, by.id)
    assert (new_word.note, new_word.theme) == (note.id, theme.id)


async def test_the_next_word_is_written_for_the_theme_that_its_theme_has_come_to(desk, company):
    theme, wider = await made.a_theme(company), await made.a_theme(company, "Farben")
    note = await made.a_public_note(company, theme, by=desk.member, kind="holding")
    await promised(company, "Wort", kind=PromiseKind.NEXT_WORD, days=3, note=note.id)
    await execute("update theme set heir = $2, merged_into = $2 where id = $1", theme.id, wider.id)

    assert f"/notes/new?theme={wider.id}" in (await desk.get("/promises")).text


@pytest.mark.parametrize("ending", ["kept", "kept by its first day", "broken"])
async def test_who_ends_it_while_somebody_moves_it_ends_its_new_day_too(pool, ending):
    company = await made.a_company()
    by = await made.a_member(company)
    first = await promised(company, days=3)
    promise_id = await moved(company, first, to=5, by=by)
    told = {"by": by, "now": made.NOW, "today": TODAY}

    async def end():
        if ending == "kept":
            await commands.mark_kept(company.id, promise_id, **told)
        elif ending == "kept by its first day":  # from a page that is out of date
            await commands.mark_kept(company.id, first, **told)
        else:
            await commands.break_promise(company.id, promise_id, BreakForm(NO_MORE), **told)

    async with transaction():
        await moved(company, promise_id, to=9, by=by)
        ends = asyncio.create_task(_in_its_own_connection(end))
        await asyncio.sleep(0)
        waited = not await _done_soon(ends)
    result = await ends

    states = {one.state(TODAY) for one in (await queries.promises(company.id)).promises}
    assert waited, "it waits until the other has finished"
    if ending != "broken":
        assert (result, states) == ("", {PromiseState.KEPT})
    else:
        assert (result, states) == ("promise.nothing-to-break", {PromiseState.DUE, PromiseState.OPEN})


async def _in_its_own_connection(what):
    ENGINE.current_transaction.set(None)
    try:
        await what()
    except Refused as refusal:
        return refusal.reason
    return ""


async def _done_soon(task):
    done, _ = await asyncio.wait([task], timeout=0.3)
    return bool(done)


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("seconds", "state"), [(-1, PromiseState.KEPT), (0, PromiseState.KEPT_LATE), (59, PromiseState.KEPT_LATE)]
)
async def test_kept_in_the_minute_in_which_it_turns_red_the_companys_midnight_decides(
    desk, company, monkeypatch, seconds, state
):
    promise_id = await promised(company, days=3)
    due_on = TODAY + timedelta(days=3)
    midnight = datetime(due_on.year, due_on.month, due_on.day, tzinfo=BERLIN) + timedelta(days=1)
    moment = midnight + timedelta(seconds=seconds)
    monkeypatch.setattr("hearback.promises.desk.now", lambda: moment)

    await desk.post(f"/promises/{promise_id}/keeping", {"outcome": "Es ist getan, seit heute."})

    assert (await queries.promise(company.id, promise_id)).state(due_on + timedelta(days=9)) == state


async def test_where_a_company_moves_to_another_zone_its_days_do_from_then_on(fan, company, monkeypatch):
    """At noon in Greenwich it is the next day in Apia."""
    await promised(company, "Steine verschicken", days=3)
    due_on = TODAY + timedelta(days=3)
    noon = datetime(due_on.year, due_on.month, due_on.day, 12, tzinfo=ZoneInfo("UTC"))
    monkeypatch.setattr("hearback.promises.public.now", lambda: noon)
    assert "bald fällig" in (await fan.get("/kranich/promises")).text

    await execute("update company set timezone = 'Pacific/Apia' where id = $1", company.id)
    await tell(company.id, "public")

    async def red():
        return "1 Tag überfällig" in (await fan.get("/kranich/promises")).text.replace("\xa0", " ")

    await until(red)


async def test_the_clock_of_a_question_ticks_at_the_last_day_named_for_its_reply(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    question = await a_question_promised(company, due=-3)
    (reply,) = await made.promises_of(company.id, question=question.id)
    second = await moved(company, reply.id, to=5, by=by)
    await moved(company, second, to=9, by=by)

    (waits,) = await questions_waiting(company.id, made.NOW)

    assert (waits.due_on, waits.silence(TODAY).over) == (TODAY + timedelta(days=9), False)


async def test_the_day_of_an_action_moves_with_what_was_promised_of_it(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    action = Action(company=company.id, title="Kerben", owner=by.id, created_by=by.id, due_on=TODAY)
    await action.save()
    promise_id = await promised(company, "Kerben", kind=PromiseKind.ACTION, days=0, action=action.id)

    new = await queries.promise(company.id, await moved(company, promise_id, to=9, by=by))
    await do_all_now()

    assert new.action == action.id
    assert await fetch_value("select due_on from action") == TODAY + timedelta(days=9)


async def test_a_day_that_was_moved_is_watched_anew_and_the_old_one_no_more(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    old = await promised(company, days=-1)
    await watch(now=made.NOW)
    new = await moved(company, old, to=3, by=by)

    for days in (1, 4):
        await watch(now=made.NOW + timedelta(days=days))

    told = {one: await fetch_value(TOLD, one) for one in (old, new)}
    assert told == {
        old: [None, TODAY],
        new: [TODAY + timedelta(days=1), TODAY + timedelta(days=4)],
    }


async def test_whoever_is_handed_a_promise_is_told_although_the_one_before_was(pool):
    company = await made.a_company()
    first, second = await made.a_member(company), await made.a_member(company)
    action = Action(company=company.id, title="Kerben", owner=first.id, created_by=first.id)
    await action.save()
    promise_id = await promised(company, kind=PromiseKind.ACTION, days=5, action=action.id)
    await watch(now=made.NOW + timedelta(days=1))
    assert await fetch_value(TOLD, promise_id) == [TODAY + timedelta(days=1), None]

    await commands.hand_over_action(company.id, action.id, second.id, now=made.NOW + timedelta(days=2))

    assert await fetch_value(TOLD, promise_id) == [TODAY + timedelta(days=2), None]


async def test_what_is_due_today_still_runs(fan, company):
    await promised(company, days=0)

    sums = await queries.sums(company.id, TODAY)

    assert (sums.running, sums.overdue) == (1, 0)
    assert "bald fällig" in (await fan.get("/kranich/promises")).text
    tomorrow = await queries.sums(company.id, TODAY + timedelta(days=1))
    assert (tomorrow.running, tomorrow.overdue) == (0, 1)


async def test_nobody_is_told_of_the_day_that_another_one_was_named_for(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    old = await promised(company, days=3)
    await moved(company, old, to=40, by=by)

    for days in (1, 4, 9):
        await watch(now=made.NOW + timedelta(days=days))

    assert await fetch_value(TOLD, old) == [None, None]


async def test_whether_it_held_is_said_on_the_day_that_holds_and_not_on_the_one_before(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    old = await promised(company, kind=PromiseKind.FOLLOW_UP, days=-1)
    await moved(company, old, to=9, by=by)
    told = {"by": by, "now": made.NOW, "today": TODAY}

    with pytest.raises(Refused, match=r"promise\.nothing-to-say"):
        await commands.say_whether_it_held(company.id, old, HeldForm(Held.YES, "Es hält."), **told)


async def test_what_was_said_of_an_action_is_broken_where_the_action_stands(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    action = Action(company=company.id, title="Kerben", owner=by.id, created_by=by.id)
    await action.save()
    one = await promised(company, kind=PromiseKind.ACTION, action=action.id)
    told = {"by": by, "now": made.NOW, "today": TODAY}

    with pytest.raises(Refused, match=r"promise\.action-is-done-there"):
        await commands.break_promise(company.id, one, BreakForm(NO_MORE), **told)
    async with transaction():
        await commands.break_action(company.id, action.id, NO_MORE, **told | {"by": by.id})
    assert (await queries.promise(company.id, one)).state(TODAY) == PromiseState.BROKEN


async def test_of_two_actions_the_one_that_is_done_keeps_its_own_promise(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    actions = [Action(company=company.id, title=title, owner=by.id, created_by=by.id) for title in ("A", "B")]
    one, other = [
        (
            await action.save(),
            await promised(company, action.title, kind=PromiseKind.ACTION, action=action.id),
        )[1]
        for action in actions
    ]

    async with transaction():
        await commands.keep_action(company.id, actions[0].id, by=by.id, today=TODAY)

    states = [(await queries.promise(company.id, promise)).state(TODAY) for promise in (one, other)]
    assert states == [PromiseState.KEPT, PromiseState.OPEN]
