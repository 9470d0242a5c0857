"""A theme's life among the team: how far it is, who looks after it, its rest, and what is asked and said about it."""

import re
from datetime import timedelta

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.promises.commands import make_promise, set_new_date
from hearback.promises.forms import NewDateForm
from hearback.promises.rules import PromiseKind
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.desk.listing import Chosen, fitting, listed
from hearback.themes.forms import AssignForm, NameForm, PassOnForm, RemarkForm, RestForm, WeightForm
from hearback.themes.queries import acts, life, telling, tending, triage
from hearback.themes.rules import few_voices, life_state, mentioned, parts_spoken, woken_by
from hearback.themes.tables import Placement
from tests import made
from tests.made import NOW

TODAY = made.today()
WHY = "Bis zur Messe kann sich daran nichts ändern."


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def jule(kranich):
    return await made.a_member(kranich, "product", name="Jule Brandt")


@pytest.fixture
async def tarek(kranich):
    return await made.a_member(kranich, "reader", name="Tarek Osman")


@pytest.fixture
async def stones(kranich):
    return await made.a_theme(kranich)


@pytest.fixture
async def question(kranich, jule):
    return await made.a_question(kranich, by=jule)


async def state(company, theme, *, today=TODAY, at=NOW):
    [row] = [one for one in await triage.rows(company.id) if one.id == theme.id]
    asked = row.asked_until is not None and row.asked_until > at
    return listed(row, today, today, today=today, asked=asked, counted=100, fewest=5)


async def undo_last(company, member):
    event = await life.undoable(company.id, member.id, since=NOW)
    return await commands.undo(company.id, event.id, by=member.id, now=NOW)


async def voices(company, question, theme, n):
    for _ in range(n):
        await made.placed(company, await made.an_answer(company, question), theme)


def test_rest_stands_above_all_and_an_open_question_above_a_decision():
    whole = {"named": True, "resting": True, "asked": True, "decided": True}
    order = ["resting", "asked", "decided", "named"]
    for known, expected in zip([*order], order, strict=True):
        assert life_state(**whole) == expected
        whole[known] = False
    assert life_state(**whole) == "suggested"


def test_a_rest_ends_by_a_day_by_a_promise_or_by_voices():
    tomorrow = TODAY + timedelta(days=1)
    rest = {"today": TODAY, "voices": 7, "wakes_on": tomorrow, "wakes_at": 8, "look_again": tomorrow}
    assert woken_by(**rest) is None
    assert woken_by(**rest | {"wakes_on": TODAY}) == "day"
    assert woken_by(**rest | {"look_again": TODAY}) == "promise"
    assert woken_by(**rest | {"voices": 8}) == "voices"
    assert woken_by(**rest | {"wakes_on": None, "wakes_at": None, "look_again": None}) is None


def test_few_is_less_than_a_tenth_or_than_may_be_broken_down():
    assert few_voices(4, 12, 5) and few_voices(9, 100, 5)
    assert not few_voices(10, 100, 5) and not few_voices(5, 12, 5)


def test_an_at_speaks_to_a_name_whole_or_first_where_only_one_has_it():
    names = {1: "Jule Brandt", 2: "Tarek Osman", 3: "Jule Brandtner", 4: "Ann"}

    assert mentioned("@tarek, schau", names, {}) == [2]
    assert mentioned("@Jule schau", names, {}) == []
    assert mentioned("@Jule Brandt und @Jule Brandtner", names, {}) == [3, 1]
    assert mentioned("tarek@osman.de, @Anna, @Tareks", names, {}) == []
    assert sorted(mentioned("(@ann) @Tarek Osman!", names, {})) == [2, 4]


def test_a_name_that_is_spoken_to_is_told_from_the_rest():
    parts = parts_spoken("Frag @jule brandt, nicht @marke_x.", ["Jule Brandt"], [])
    assert parts == [("Frag ", False), ("@jule brandt", True), (", nicht @marke_x.", False)]
    assert parts_spoken("Frag @jule.", [], []) == [("Frag @jule.", False)]


async def test_a_theme_goes_from_suggested_to_decided(kranich, jule, question):
    guess = await made.a_theme(kranich, "", state="suggested", terms=["Steine"])
    await voices(kranich, question, guess, 1)
    assert (await state(kranich, guess)).state == "suggested"

    await commands.name_theme(kranich.id, guess.id, NameForm("Gleiche Farben"), by=jule.id, now=NOW)
    assert (await state(kranich, guess)).state == "named"

    await commands.ask_about(kranich.id, guess.id, question.id, by=jule.id, now=NOW)
    assert (await state(kranich, guess)).state == "asked"
    assert (await state(kranich, guess, at=question.closes_at)).state == "named"

    await made.a_public_note(kranich, guess, by=jule, kind="holding")
    await execute("update question set state = 'closed'")
    assert (await state(kranich, guess)).state == "named", "to say that one is at it decides nothing"
    await made.a_public_note(kranich, guess, by=jule, kind="not_changed")
    assert (await state(kranich, guess)).state == "decided"


async def test_a_theme_rests_for_a_reason_until_somebody_wakes_it(kranich, jule, stones):
    await commands.rest(kranich.id, stones.id, RestForm(WHY), by=jule.id, now=NOW)
    assert (await state(kranich, stones)).state == "resting"
    rests = await tending.tended(kranich.id, stones.id)
    assert (rests.resting_why, rests.rested_by) == (WHY, jule.name)

    await commands.wake(kranich.id, stones.id, by=jule.id, now=NOW)
    await commands.wake(kranich.id, stones.id, by=jule.id, now=NOW)

    assert (await state(kranich, stones)).state == "named"
    assert await fetch_column("select did from audit") == ["theme.resting", "theme.woken"]
    assert await undo_last(kranich, jule) == stones.id
    assert (await tending.tended(kranich.id, stones.id)).resting_why == WHY


async def test_new_voices_a_day_or_our_own_promise_wake_it(kranich, jule, stones, question):
    await voices(kranich, question, stones, 2)
    soon = TODAY + timedelta(days=3)
    await commands.rest(kranich.id, stones.id, RestForm(WHY, voices=2), by=jule.id, now=NOW)
    await voices(kranich, question, stones, 1)
    assert (await state(kranich, stones)).state == "resting"
    await voices(kranich, question, stones, 1)
    assert ((await state(kranich, stones)).state, (await state(kranich, stones)).woken) == ("named", "voices")

    await commands.rest(kranich.id, stones.id, RestForm(WHY, until=soon), by=jule.id, now=NOW)
    assert (await state(kranich, stones)).state == "resting"
    assert (await state(kranich, stones, today=soon)).woken == "day"

    note = await made.a_public_note(kranich, stones, by=jule, kind="not_changed")
    about = {"language": "de", "by": jule.id, "now": NOW}
    promised = await make_promise(
        kranich.id,
        PromiseKind.LOOK_AGAIN,
        "Holz",
        tomorrow := TODAY + timedelta(days=1),
        note=note.id,
        **about,
    )
    assert (await state(kranich, stones, today=tomorrow)).woken == "promise"
    moved = NewDateForm(TODAY + timedelta(days=2), "Die Lieferung kommt später.")
    await set_new_date(kranich.id, promised, moved, by=jule, now=NOW, today=TODAY)
    assert (await state(kranich, stones, today=tomorrow)).state == "resting"
    assert await tending.look_again(kranich.id, stones.id, after=TODAY) == moved.due_on
    assert (await state(kranich, stones, today=moved.due_on)).woken == "promise"


async def test_somebody_looks_after_a_theme_and_finds_their_own(kranich, jule, tarek, stones):
    await commands.assign(kranich.id, stones.id, AssignForm(tarek.id), by=jule.id, now=NOW)
    await commands.assign(kranich.id, stones.id, AssignForm(tarek.id), by=jule.id, now=NOW)

    rows = [await state(kranich, stones)]
    assert fitting(rows, Chosen(mine=True), tarek.id) == rows
    assert fitting(rows, Chosen(mine=True), jule.id) == []
    assert fitting(rows, Chosen(state="decided"), jule.id) == []
    assert await fetch_column("select did from audit") == ["theme.assigned"]

    await commands.assign(kranich.id, stones.id, AssignForm(), by=tarek.id, now=NOW)
    assert (await tending.tended(kranich.id, stones.id)).assigned is None
    await undo_last(kranich, tarek)
    assert (await tending.tended(kranich.id, stones.id)).assigned == tarek.name


async def test_only_members_of_this_desk_look_after_its_themes(kranich, jule, stones):
    stranger = await made.a_member(await made.a_company("reiher"))
    gone = await made.a_member(kranich, active=False)
    for who in (stranger, gone):
        with pytest.raises(Refused) as refused:
            await commands.assign(kranich.id, stones.id, AssignForm(who.id), by=jule.id, now=NOW)
        assert refused.value.field == "to"
    assert await fetch_value("select assigned_to from theme where id = $1", stones.id) is None


async def test_a_question_is_linked_once_and_taken_off_again(kranich, jule, stones, question):
    for _ in range(2):
        await commands.ask_about(kranich.id, stones.id, question.id, by=jule.id, now=NOW)
    assert [one.id for one in await tending.asked(kranich.id, stones.id)] == [question.id]
    assert await tending.askable(kranich.id, stones.id) == []

    await undo_last(kranich, jule)
    assert await tending.asked(kranich.id, stones.id) == []
    await commands.ask_about(kranich.id, stones.id, question.id, by=jule.id, now=NOW)
    await commands.unask(kranich.id, stones.id, question.id, by=jule.id, now=NOW)
    assert await tending.asked(kranich.id, stones.id) == []
    told = [(one.deed, one.name, one.undoes) for one in await acts.history(kranich.id, stones.id)]
    title = question.title
    assert told == [
        ("unasked", title, False),
        ("asked", title, False),
        ("asked", None, True),
        ("asked", title, False),
    ]


async def test_a_remark_waits_for_whom_it_speaks_to_until_they_have_read_it(kranich, jule, tarek, stones):
    others = await made.a_member(kranich, name="Mia Lang")
    form = RemarkForm("@Tarek, das kennst du aus dem Laden. @Jule Brandt auch.", others.id)
    await commands.remark(kranich.id, stones.id, form, by=jule, now=NOW)

    [mention] = await telling.mentions(kranich.id, tarek.id)
    assert (mention.who, mention.theme, mention.theme_name) == (jule.name, stones.id, stones.name)
    assert len(await telling.mentions(kranich.id, others.id)) == 1
    assert await telling.mentions(kranich.id, jule.id) == [], "nobody speaks to themselves"

    with pytest.raises(NotFound):
        await commands.read_mention(kranich.id, mention.id, by=jule.id, now=NOW)
    await commands.read_mention(kranich.id, mention.id, by=tarek.id, now=NOW)
    assert await telling.mentions(kranich.id, tarek.id) == []


async def test_a_remark_is_taken_back_only_by_its_writer_or_who_manages(kranich, jule, tarek, stones):
    admin = await made.a_member(kranich, "admin")
    ids = [
        await commands.remark(kranich.id, stones.id, RemarkForm("Nur ein Satz."), by=tarek, now=NOW)
        for _ in range(2)
    ]
    with pytest.raises(Refused) as refused:
        await commands.take_remark_back(kranich.id, stones.id, ids[0], by=jule, now=NOW)
    assert refused.value.reason == "themes.remark-not-yours"
    with pytest.raises(NotFound):
        await commands.take_remark_back(kranich.id, made.some_id(), ids[0], by=tarek, now=NOW)

    await commands.take_remark_back(kranich.id, stones.id, ids[0], by=tarek, now=NOW)
    await commands.take_remark_back(kranich.id, stones.id, ids[1], by=admin, now=NOW)
    assert await tending.remarks(kranich.id, stones.id) == []


async def test_the_button_that_takes_a_remark_back_names_whom_it_mentions(desk, company):
    await made.a_member(company, name="Osman Yildiz")
    theme = await made.a_theme(company)
    await desk.post(f"/themes/{theme.id}/remarks", {"words": "@Osman, ruf 0171 2345678 an."})

    page = (await desk.get(f"/themes/{theme.id}")).text

    label = re.search(r'Entfernen<span class="vh">: ([^<]*)</span>', page)[1]
    assert label.startswith("@Osman, ruf [") and "0171" not in page


async def test_remarks_of_a_merged_theme_are_read_with_the_one_that_speaks_for_it(kranich, jule, stones):
    bigger = await made.a_theme(kranich, "Farben")
    await commands.remark(kranich.id, stones.id, RemarkForm("Erster."), by=jule, now=NOW)
    await commands.remark(kranich.id, bigger.id, RemarkForm("Zweiter."), by=jule, now=NOW)
    await commands.merge(kranich.id, stones.id, bigger.id, by=jule.id, now=NOW)

    assert [one.words for one in await tending.remarks(kranich.id, bigger.id)] == ["Erster.", "Zweiter."]


async def test_praise_reaches_whom_it_is_for_once_and_goes_with_the_fan(
    kranich, jule, tarek, stones, question
):
    response = await made.an_answer(kranich, question, "Eure Anleitung ist wunderbar.")
    excerpt = await made.placed(kranich, response, stones)
    form = PassOnForm(tarek.id, "Das ist dein Heft.")
    await commands.pass_on(kranich.id, excerpt.id, form, by=jule, now=NOW)

    [thanks] = await telling.thanks(kranich.id, tarek.id)
    assert (thanks.said, thanks.who, thanks.words) == (
        "Eure Anleitung ist wunderbar.",
        jule.name,
        "Das ist dein Heft.",
    )
    for who, reason in ((tarek.id, "themes.passed-on-already"), (jule.id, "themes.pass-on-yourself")):
        with pytest.raises(Refused) as refused:
            await commands.pass_on(kranich.id, excerpt.id, PassOnForm(who), by=jule, now=NOW)
        assert refused.value.reason == reason
    with pytest.raises(NotFound):
        await commands.read_passed_on(kranich.id, thanks.id, by=jule.id, now=NOW)
    assert await fetch_column("select did from audit") == ["theme.passed-on"]

    await execute("update response set state = 'withdrawn'")
    assert await telling.thanks(kranich.id, tarek.id) == []
    with pytest.raises(NotFound):
        await commands.pass_on(kranich.id, excerpt.id, PassOnForm(tarek.id), by=jule, now=NOW)


async def test_another_company_has_no_part_in_it(kranich, jule, stones, question):
    reiher = await made.a_company("reiher")
    rosa, theirs = await made.a_member(reiher), await made.a_theme(reiher, "Schnabel")
    excerpt = await made.placed(kranich, await made.an_answer(kranich, question), stones)
    they = {"by": rosa.id, "now": NOW}
    for act in (
        commands.assign(reiher.id, stones.id, AssignForm(rosa.id), **they),
        commands.rest(reiher.id, stones.id, RestForm(WHY), **they),
        commands.wake(reiher.id, stones.id, **they),
        commands.ask_about(reiher.id, theirs.id, question.id, **they),
        commands.ask_about(reiher.id, stones.id, question.id, **they),
        commands.unask(reiher.id, stones.id, question.id, **they),
        commands.remark(reiher.id, stones.id, RemarkForm("Hallo."), by=rosa, now=NOW),
        commands.pass_on(reiher.id, excerpt.id, PassOnForm(rosa.id), by=rosa, now=NOW),
    ):
        with pytest.raises(NotFound):
            await act
    assert await fetch_value("select count(*) from theme_event") == 0


async def test_merged_themes_come_apart_with_their_people_counted_once(kranich, jule, stones, question):
    farben = await made.a_theme(kranich, "Farben")
    both = await made.an_answer(kranich, question, "Rot ist Grün. Alles zu dunkel.")
    await made.placed(kranich, both, stones)
    await voices(kranich, question, stones, 2)
    await voices(kranich, question, farben, 1)
    answer = await fetch_value("select id from answer where response = $1", both.id)
    second = await fetch_value(
        """insert into excerpt (id, company, question, response, answer, starts, ends)
           values (gen_random_uuid(), $1, $2, $3, $4, 14, 30) returning id""",
        kranich.id,
        question.id,
        both.id,
        answer,
    )
    await Placement.insert(
        Placement(company=kranich.id, excerpt=second, theme=farben.id, by="machine", on=TODAY)
    )
    counted = {one.id: one.voices for one in await triage.rows(kranich.id)}
    assert counted == {stones.id: 3, farben.id: 2}

    await commands.merge(kranich.id, farben.id, stones.id, by=jule.id, now=NOW)
    assert {one.id: one.voices for one in await triage.rows(kranich.id)} == {stones.id: 4}
    await commands.unmerge(kranich.id, farben.id, by=jule.id, now=NOW)
    assert {one.id: one.voices for one in await triage.rows(kranich.id)} == counted


async def test_what_was_taken_back_is_merged_again_and_names_stay_apart(kranich, jule, stones):
    farben = await made.a_theme(kranich, "Farben")
    await commands.merge(kranich.id, farben.id, stones.id, by=jule.id, now=NOW)
    await commands.unmerge(kranich.id, farben.id, by=jule.id, now=NOW)
    [parted] = [one.act for one in await acts.history(kranich.id, farben.id) if one.act]
    assert await commands.undo(kranich.id, parted, by=jule.id, now=NOW) == stones.id
    assert (await life.theme(kranich.id, farben.id)).heir == stones.id

    await made.a_theme(kranich, "Farben")
    with pytest.raises(Refused) as refused:
        await commands.unmerge(kranich.id, farben.id, by=jule.id, now=NOW)
    assert refused.value.reason == "themes.name-taken"


async def test_names_weights_and_definitions_go_back_to_what_they_were(kranich, jule, stones):
    first = await life.called(kranich.id, stones.id)
    for form in (NameForm("Gleiche Farben", "Nur Farbe"), NameForm("Gleiche Farben", "Farbe und Form")):
        await commands.name_theme(kranich.id, stones.id, form, by=jule.id, now=NOW)
    for reason in ("Es schließt Menschen aus.", "Es schließt Kinder aus."):
        await commands.weigh(kranich.id, stones.id, WeightForm(reason), by=jule.id, now=NOW)
    await undo_last(kranich, jule)
    assert (await life.weight(kranich.id, stones.id)).reason == "Es schließt Menschen aus."
    await undo_last(kranich, jule)
    assert (await life.weight(kranich.id, stones.id)).reason == ""
    await undo_last(kranich, jule)
    assert (await life.theme(kranich.id, stones.id)).definition == "Nur Farbe"
    await undo_last(kranich, jule)
    assert await life.called(kranich.id, stones.id) == first


async def test_a_name_that_a_note_carries_stays(kranich, jule, question):
    guess = await made.a_theme(kranich, "", state="suggested", terms=["Steine"])
    await commands.name_theme(kranich.id, guess.id, NameForm("Gleiche Farben"), by=jule.id, now=NOW)
    await made.a_public_note(kranich, guess, by=jule)

    with pytest.raises(Refused) as refused:
        await undo_last(kranich, jule)

    assert refused.value.reason == "themes.undo-in-use"
    assert (await life.theme(kranich.id, guess.id)).named
