"""What waits for a word, and what opens again by itself."""

import re
from datetime import timedelta

import pytest

from hearback.actions.commands import set_state
from hearback.actions.rules import ActionState
from hearback.changenotes import commands, queries
from hearback.changenotes.forms import CorrectionForm
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.promises.commands import set_new_date
from hearback.promises.forms import NewDateForm
from tests import made
from tests.changenotes.ready import SOON, TODAY, WORDS

DAY = timedelta(days=1)
BEFORE = made.NOW + (SOON - TODAY - DAY)
THEN = made.NOW + (SOON - TODAY)


async def waits(house) -> list[tuple[str, str]]:
    found = await queries.still_to_say(house.company.id, until=TODAY - DAY, limit=60)
    return [(one.why, one.name or one.what) for one in found]


async def reopened(house) -> int:
    return await fetch_value("select count(*) from theme_event where deed = 'reopened'")


async def test_on_its_day_a_theme_opens_again_by_itself_and_once(desk, open_house):
    await open_house.published(NoteKind.NOT_CHANGED)

    assert await commands.look_again(BEFORE) == 0
    assert await commands.look_again(THEN) == 1
    assert await commands.look_again(THEN + DAY) == 0
    assert await reopened(open_house) == 1
    assert "Für heute hatten wir versprochen, noch einmal hinzusehen." in (await desk.get("/today")).text
    page = await desk.get(f"/themes/{open_house.theme.id}")
    assert "Heute wollten wir noch einmal hinsehen" in page.text
    assert ("reopened", "Irrlichter") in await waits(open_house)


async def test_a_day_in_a_note_that_was_moved_says_which_one_holds(fan, open_house):
    slug = await open_house.published(NoteKind.NOT_CHANGED)
    page = f"/{open_house.company.slug}/log/{slug}"
    assert "Jetzt versprochen" not in (await fan.get(page)).text
    promise = await fetch_value("select id from promise where kind = 'look_again'")
    for days in (3, 9):
        form = NewDateForm(SOON + days * DAY, "Die Lieferung kommt später.")
        told = {"by": open_house.writer, "now": made.NOW, "today": TODAY}
        promise = await set_new_date(open_house.company.id, promise, form, **told)

    text = (await fan.get(page)).text.replace("\xa0", " ")
    assert re.search(
        rf"sehen wir wieder hin\.\s*<strong[^>]*>Jetzt versprochen: {(SOON + 9 * DAY).day}\. ", text
    )
    await execute("update promise set due_on = due_on - 400")
    late = (await fan.get(f"{page}?lang=en")).text.replace("\xa0", " ")
    assert re.search(r"far too long</strong>\. New date", late), "no space before a full stop"


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update promise set kept_on = due_on - 2 where kind = 'look_again'",
        "update note set state = 'withdrawn' where state = 'published'",
    ],
    ids=["looked at before", "taken back"],
)
async def test_what_no_longer_waits_for_its_day_does_not_open(house, meanwhile):
    await house.published(NoteKind.NOT_CHANGED)
    await execute(meanwhile)

    assert await commands.look_again(THEN) == 0
    assert await reopened(house) == 0


async def test_a_note_that_says_changed_while_its_action_is_open_again_is_to_be_corrected(house):
    slug = await house.published()
    assert await waits(house) == []
    at = {"by": house.writer, "now": made.NOW - DAY}
    await execute("delete from action_step")
    await execute("update action set state = 'in_progress', due_on = $1", SOON)
    await set_state(house.company, house.action.id, ActionState.DONE, "", **at)
    await set_state(
        house.company, house.action.id, ActionState.IN_PROGRESS, "", by=house.writer, now=made.NOW + DAY
    )

    assert await waits(house) == [("undone", "Seite 6 erklärt es jetzt in vier Bildern")]
    form = CorrectionForm(
        number=1, why="Doch nicht fertig.", **WORDS[NoteKind.CHANGED] | {"left": "Seite 7."}
    )
    await commands.correct_note(
        house.company, await house.note(slug), form, by=house.writer, now=made.NOW + 2 * DAY
    )
    assert await waits(house) == []


async def test_what_was_declined_waits_until_somebody_says_why(house):
    await execute("update action set state = 'declined', decline_reason = 'Zu teuer für uns.'")
    assert await waits(house) == [("declined", "Irrlichter")]

    await house.published(NoteKind.NOT_CHANGED)
    assert await waits(house) == []


async def test_promises_near_their_day_stand_on_the_list(desk, open_house):
    await open_house.published(NoteKind.HOLDING)
    assert await waits(open_house) == []

    near = await queries.still_to_say(open_house.company.id, until=SOON, limit=60)
    assert [(one.why, one.due_on) for one in near] == [("near", SOON)]
    assert await fetch_column("select words from promise where kind = 'next_word'") == [near[0].what]


async def test_a_question_whose_reply_is_due_asks_for_a_word_meanwhile(desk, open_house):
    assert await queries.open_replies(open_house.company.id, until=SOON - DAY) == []
    (due,) = await queries.open_replies(open_house.company.id, until=SOON)
    assert (due.question, due.due_on, due.waiting) == (open_house.question.id, SOON, 5)

    await execute("update promise set due_on = $1 where kind = 'reply'", TODAY)
    page = (await desk.get("/notes")).text
    assert f"/notes/new?question={open_house.question.id}&amp;kind=holding" in page
    await open_house.published(questions=[open_house.question.id])
    assert f"question={open_house.question.id}" not in (await desk.get("/notes")).text
