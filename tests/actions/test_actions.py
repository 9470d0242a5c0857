"""What is done about a theme: nothing without an owner, a day and a why, and nothing done in silence."""

from datetime import timedelta

import pytest

from hearback.actions import commands, queries
from hearback.actions.forms import NewActionForm
from hearback.actions.rules import ActionState
from hearback.database.engine import fetch_column, fetch_value
from hearback.people.tables import Member
from hearback.refusals import Faulty, NotFound, Refused
from hearback.themes.tables import Theme
from tests import made
from tests.conftest import browser_of

DAY = made.today() + timedelta(days=20)


def an_action(owner, **more):
    return {
        "title": "Steine mit Kerben fräsen",
        "why": "Wer Rot und Grün nicht unterscheidet, kann nicht mitspielen.",
        "owner": str(owner.id),
        "due_on": DAY.isoformat(),
    } | more


async def an_action_of(company, owner, *themes, title="Steine mit Kerben fräsen", due_on=DAY):
    form = NewActionForm(
        title, "Damit alle mitspielen.", owner.id, due_on, themes=[theme.id for theme in themes]
    )
    return await commands.make_action(company, form, by=owner, now=made.NOW)


async def test_an_action_is_made_for_a_theme_and_everybody_finds_it(desk, company):
    theme = await made.a_theme(company, "Rote und grüne Steine")
    page = await desk.get(f"/actions/new?theme={theme.id}")
    assert f'value="{theme.id}" checked' in page.text

    reply = await desk.post("/actions", an_action(desk.member, themes=[str(theme.id)]))

    assert reply.status_code == 303
    page = await desk.get("/actions")
    assert "Steine mit Kerben fräsen" in page.text
    assert "Rote und grüne Steine" in page.text
    assert desk.member.name in page.text
    assert await fetch_column("select state from action_step") == ["considering"]
    assert await fetch_column("select did from audit") == ["action.made"]


async def test_a_suggested_theme_is_called_in_the_reader_s_language(app, desk, company):
    terms = {"terms": ["Farben", "Steine"], "terms_in": {"en": ["colours", "stones"]}}
    theme = await made.a_theme(company, "", state="suggested", **terms)
    await an_action_of(company, desk.member, theme)

    assert "Farben, Steine" in (await desk.get("/actions")).text
    async with browser_of(app) as browser:
        english = await made.signed_in(browser, company, language="en")
        assert "colours, stones" in (await english.get("/actions")).text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"owner": ""}, "Wer zuständig ist: "),
        ({"due_on": ""}, "Bis wann: "),
        ({"why": ""}, "Warum: "),
        ({"due_on": "bald"}, "Bis wann: "),
        ({"tracker_url": "javascript:alert(1)"}, "https:// oder http://"),
        ({"themes": "kein-thema"}, "Für welche Themen: "),
    ],
)
async def test_what_is_missing_is_said_what_was_typed_is_kept_and_nothing_is_saved(desk, wrong, sentence):
    reply = await desk.post("/actions", an_action(desk.member) | wrong)

    assert reply.status_code == 422
    assert sentence in reply.text
    assert "Steine mit Kerben fräsen" in reply.text
    assert await fetch_value("select count(*) from action") == 0


async def test_who_does_not_work_here_can_own_nothing(desk, company):
    gone = await made.a_member(company, "product", active=False)
    stranger = await made.a_member(await made.a_company("reiher"), "product")

    for owner in (gone, stranger):
        reply = await desk.post("/actions", an_action(owner))

        assert reply.status_code == 422
        assert "Wähl jemanden, der hier arbeitet." in reply.text
    assert await fetch_value("select count(*) from action") == 0


async def test_another_companys_theme_is_not_there_and_nothing_is_half_saved(desk):
    theirs = await made.a_theme(await made.a_company("reiher"), "Geheim bei Reiher")

    reply = await desk.post("/actions", an_action(desk.member, themes=[str(theirs.id)]))

    assert reply.status_code == 404
    assert await fetch_value("select count(*) from action") == 0
    assert "Geheim bei Reiher" not in (await desk.get(f"/actions/new?theme={theirs.id}")).text


async def test_another_companys_action_is_not_there(desk):
    reiher = await made.a_company("reiher")
    owner = await made.a_member(reiher)
    theme = await made.a_theme(reiher)
    theirs = await an_action_of(reiher, owner, theme)
    mine = await an_action_of(desk.company, desk.member)

    assert (await desk.get(f"/actions/{theirs}")).status_code == 404
    assert (await desk.post(f"/actions/{theirs}", an_action(desk.member))).status_code == 404
    assert (await desk.post(f"/actions/{theirs}/state", {"state": "done"})).status_code == 404
    assert (await desk.post(f"/actions/{theirs}/themes/{theme.id}/removal")).status_code == 404
    assert (await desk.post(f"/actions/{mine}/themes", {"theme": str(theme.id)})).status_code == 404
    assert await fetch_value("select state from action where id = $1", theirs) == "considering"
    assert await fetch_value("select count(*) from action_theme where company = $1", reiher.id) == 1


@pytest.mark.parametrize("role", ["moderator", "reader"])
async def test_who_may_only_read_sees_actions_and_changes_none(fan, company, role):
    desk = await made.signed_in(fan, company, role)
    action = await an_action_of(company, desk.member)

    page = await desk.get(f"/actions/{action}")

    assert page.status_code == 200
    assert "Steine mit Kerben fräsen" in page.text
    assert "Schritt festhalten" not in page.text
    assert (await desk.post("/actions", an_action(desk.member))).status_code == 403
    assert (await desk.post(f"/actions/{action}/state", {"state": "done"})).status_code == 403
    assert await fetch_value("select count(*) from action where state = 'considering'") == 1


async def test_each_step_stays_on_record_with_who_took_it(desk):
    action = await an_action_of(desk.company, desk.member)

    for state in ("planned", "in_progress", "done"):
        assert (await desk.post(f"/actions/{action}/state", {"state": state})).status_code == 303

    steps = await queries.steps(desk.company.id, action)
    assert [step.state for step in steps] == ["considering", "planned", "in_progress", "done"]
    assert {step.by for step in steps} == {desk.member.name}


async def test_a_no_without_a_reason_is_refused_and_with_one_it_is_shown(desk):
    action = await an_action_of(desk.company, desk.member)

    reply = await desk.post(f"/actions/{action}/state", {"state": "declined", "reason": "  "})
    assert reply.status_code == 422
    assert "Schreib den Grund dazu, mindestens 10 Zeichen." in reply.text
    assert await fetch_value("select state from action") == "considering"

    await desk.post(
        f"/actions/{action}/state", {"state": "declined", "reason": "Kerben brechen beim Gießen."}
    )
    assert "Kerben brechen beim Gießen." in (await desk.get("/actions")).text


async def test_what_is_done_is_taken_up_again_before_it_goes_elsewhere(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    action = await an_action_of(company, by)
    await commands.set_state(company, action, ActionState.DONE, "", by=by, now=made.NOW)

    with pytest.raises(Faulty) as refused:
        await commands.set_state(company, action, ActionState.PLANNED, "", by=by, now=made.NOW)

    assert refused.value.reason == "action.take-up-first"
    await commands.set_state(company, action, ActionState.IN_PROGRESS, "", by=by, now=made.NOW)
    assert (await queries.action(company.id, action)).state == "in_progress"


async def test_a_done_action_says_that_nobody_was_told_until_a_note_tells(desk, company):
    theme = await made.a_theme(company)
    action = await an_action_of(company, desk.member, theme)
    link = f'href="/desk/kranich/notes/new?theme={theme.id}"'
    assert link not in (await desk.get(f"/actions/{action}")).text

    await desk.post(f"/actions/{action}/state", {"state": "done"})
    assert link in (await desk.get(f"/actions/{action}")).text
    assert "Zu einer fertigen Maßnahme fehlt die Notiz." in (await desk.get("/actions")).text

    await made.a_public_note(company, theme, by=desk.member, actions=[action])
    assert link not in (await desk.get(f"/actions/{action}")).text
    assert "Zu jeder fertigen Maßnahme gibt es eine Notiz." in (await desk.get("/actions")).text


async def test_an_action_is_changed_and_the_old_day_is_written_down(desk):
    action = await an_action_of(desk.company, desk.member)
    later = DAY + timedelta(days=30)

    reply = await desk.post(f"/actions/{action}", an_action(desk.member, due_on=later.isoformat()))

    assert reply.status_code == 303
    assert (await queries.action(desk.company.id, action)).due_on == later
    told = await fetch_value("select before::text || after::text from audit where did = 'action.changed'")
    assert DAY.isoformat() in told
    assert later.isoformat() in told


async def test_a_change_that_does_not_fit_keeps_what_was_typed(desk):
    action = await an_action_of(desk.company, desk.member)

    reply = await desk.post(
        f"/actions/{action}", an_action(desk.member, title="Neu und anders gefräst", why="kurz")
    )

    assert reply.status_code == 422
    assert "Neu und anders gefräst" in reply.text
    assert (await queries.action(desk.company.id, action)).title == "Steine mit Kerben fräsen"


async def test_themes_are_linked_once_and_unlinked(desk, company):
    action = await an_action_of(company, desk.member)
    theme = await made.a_theme(company, "Der Aufbau dauert")

    for _ in range(2):
        assert (await desk.post(f"/actions/{action}/themes", {"theme": str(theme.id)})).status_code == 303
    assert await fetch_value("select count(*) from action_theme") == 1
    assert await fetch_value("select count(*) from audit where did = 'action.linked'") == 1

    for _ in range(2):
        assert (await desk.post(f"/actions/{action}/themes/{theme.id}/removal")).status_code == 303
    assert await fetch_value("select count(*) from action_theme") == 0
    assert await fetch_value("select count(*) from audit where did = 'action.unlinked'") == 1


async def test_a_merged_theme_shows_as_the_one_that_speaks_for_it(desk, company):
    old, heir = await made.a_theme(company, "Farben"), await made.a_theme(company, "Rot und Grün")
    action = await an_action_of(company, desk.member, old)
    await Theme.update({Theme.heir: heir.id, Theme.merged_into: heir.id}).where(Theme.id == old.id)

    assert [theme.name for theme in (await queries.action(company.id, action)).themes] == ["Rot und Grün"]
    assert [one.id for one in await queries.actions_of_themes(company.id, [heir.id])] == [action]

    await desk.post(f"/actions/{action}/themes", {"theme": str(old.id)})
    assert await fetch_value("select count(*) from action_theme") == 1
    await desk.post(f"/actions/{action}/themes/{heir.id}/removal")
    assert await fetch_value("select count(*) from action_theme") == 0


async def test_what_is_under_way_stands_first_then_the_nearest_day(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    late = await an_action_of(company, by, title="Spät im Jahr", due_on=DAY + timedelta(days=5))
    soon = await an_action_of(company, by, title="Bald ist es so weit", due_on=DAY)
    doing = await an_action_of(company, by, title="Wird gerade gemacht", due_on=DAY + timedelta(days=99))
    await commands.set_state(company, doing, ActionState.IN_PROGRESS, "", by=by, now=made.NOW)

    assert [one.id for one in await queries.actions(company.id)] == [doing, soon, late]


async def test_only_done_actions_of_this_company_count_as_done(pool):
    company, other = await made.a_company(), await made.a_company("reiher")
    by, stranger = await made.a_member(company), await made.a_member(other)
    ours, open_still = await an_action_of(company, by), await an_action_of(company, by)
    theirs = await an_action_of(other, stranger)
    await commands.set_state(company, ours, ActionState.DONE, "", by=by, now=made.NOW)
    await commands.set_state(other, theirs, ActionState.DONE, "", by=stranger, now=made.NOW)

    assert await queries.done_actions(company.id, [ours, open_still, theirs]) == 1


async def test_a_command_refuses_what_a_form_could_not_stop(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    form = NewActionForm(
        "Steine fräsen", "Damit alle mitspielen.", by.id, DAY, tracker_url="javascript:alert(1)"
    )

    with pytest.raises(Refused, match=r"action\.tracker-address"):
        await commands.make_action(company, form, by=by, now=made.NOW)
    with pytest.raises(NotFound):
        await commands.link_theme(company, made.some_id(), made.some_id(), by=by, now=made.NOW)


async def test_the_owner_who_left_stays_named_until_somebody_takes_over(desk, company):
    leaving = await made.a_member(company, "product", name="Tarek Osman")
    action = await an_action_of(company, leaving)
    await Member.update({Member.active: False}).where(Member.id == leaving.id)

    assert "Tarek Osman" in (await desk.get("/actions")).text
    reply = await desk.post(f"/actions/{action}", an_action(leaving))
    assert reply.status_code == 422
