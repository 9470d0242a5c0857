"""Every promise has an owner, a day and something it came from; wherever we name a day in public, one is made.

For the next step of a reply that is shown in tests/replying/test_talks.py.
"""

from datetime import timedelta

import pytest

from hearback.actions.tables import Action, ActionTheme
from hearback.asking.commands import open_question
from hearback.promises import queries
from tests import made
from tests.changenotes.ready import SOON, ready

LATER = SOON + timedelta(days=5)


async def made_by(note_id, house):
    found = await made.promises_of(house.company.id, note=note_id)
    return sorted((one.kind, one.due_on, one.owner_name) for one in found)


@pytest.mark.parametrize(
    ("kind", "more", "promised"),
    [
        (
            "mistake",
            {"repair_by": SOON, "did_on": LATER, "did_state": "open", "follow_up": LATER, "actions": []},
            [("follow_up", LATER), ("repair", SOON), ("repair", LATER)],
        ),
        ("mistake", {"actions": []}, [("follow_up", SOON), ("repair", SOON)]),  # what is done is no promise
        ("not_changed", {"actions": []}, [("look_again", SOON)]),
        ("holding", {"actions": []}, [("next_word", SOON)]),
        ("changed", {}, []),  # its action is done
    ],
)
async def test_each_day_that_a_note_names_is_a_promise_of_who_signs_it(pool, kind, more, promised):
    house = await ready(await made.a_company())
    slug = await house.published(kind, **more)
    signer = "Henrike Voss" if kind == "mistake" else "Jule Brandt"

    assert await made_by(await house.note(slug), house) == [(*one, signer) for one in promised]


async def test_an_action_that_a_note_shows_with_its_day_is_a_promise_of_who_does_it(pool):
    house = await ready(await made.a_company())
    tarek = await made.a_member(house.company, "product", name="Tarek Osman")
    action = Action(
        company=house.company.id,
        title="Die Tabelle neu setzen",
        owner=tarek.id,
        created_by=tarek.id,
        state="planned",
        due_on=LATER,
    )
    await Action.insert(action)
    await ActionTheme.insert(ActionTheme(company=house.company.id, action=action.id, theme=house.theme.id))

    slug = await house.published("holding", actions=[action.id])

    assert await made_by(await house.note(slug), house) == [
        ("action", LATER, "Tarek Osman"),
        ("next_word", SOON, "Jule Brandt"),
    ]


async def test_a_question_that_opens_promises_its_reply_by_who_asks(pool):
    company = await made.a_company()
    jule = await made.a_member(company, "comms", name="Jule Brandt")
    question = await made.a_question(company, by=jule, state="draft", reply_by=LATER)

    await open_question(company, question.id, by=await made.a_member(company), now=made.NOW)

    (promise,) = (await queries.promises(company.id)).promises
    assert (promise.kind, promise.due_on, promise.owner_name, promise.question) == (
        "reply",
        LATER,
        "Jule Brandt",
        question.id,
    )
