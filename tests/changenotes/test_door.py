"""Anybody can answer any note, through the same door as every answer."""

import re

import pytest

from hearback.asking.commands import open_question
from hearback.changenotes import commands, queries
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.refusals import Refused
from tests import made
from tests.conftest import browser_of

AT = {"now": made.NOW}
PAST = "update question set opens_at = now() - interval '9 days', closes_at = now() - interval '1 day'"


@pytest.fixture
async def shut(open_house):
    """A note behind which no open question stands."""
    await execute(PAST)
    open_house.slug = await open_house.published()
    return open_house


async def answer_at(house):
    return (await queries.entry(house.company.id, house.slug, fewest_voices=1)).answer_at


async def test_a_note_without_an_open_question_leads_to_the_chosen_one_and_is_named_there(fan, shut):
    assert await answer_at(shut) is None
    door = await made.a_question(shut.company, slug="sonst-noch", by=shut.writer)
    await commands.choose_door(shut.company.id, door.id, by=shut.leader, **AT)

    page = (await fan.get(f"/kranich/log/{shut.slug}")).text
    there = re.search(r'href="(/kranich/ask/sonst-noch[^"]*)"', page)[1]
    form = (await fan.get(there)).text
    assert "Deine Antwort gilt dem Eintrag" in form
    assert "Seite 6 erklärt es jetzt in vier Bildern" in form
    assert "Deine Antwort gilt" not in (await fan.get("/kranich/ask/sonst-noch")).text

    sent = {name: re.search(rf'name="{name}" value="([^"]+)"', form)[1] for name in ("key", "to_note")}
    field = re.search(r'name="(p[0-9a-f]{32})"', form)[1]
    again = await fan.post("/kranich/ask/sonst-noch/answers", data=sent | {field: ""})
    assert again.status_code == 422
    assert f'name="to_note" value="{shut.slug}"' in again.text
    reply = await fan.post("/kranich/ask/sonst-noch/answers", data=sent | {field: "Bild 3 fehlt noch."})
    assert reply.status_code == 201

    note_id = await shut.note(shut.slug)
    assert await fetch_column("select note from response where question = $1", door.id) == [note_id]


async def test_who_answers_it_is_read_beside_the_note(desk, shut):
    door = await made.a_question(shut.company, by=shut.writer)
    told = await made.an_answer(shut.company, door, "Bild 3 fehlt.", note=await shut.note(shut.slug))

    page = (await desk.get(f"/inbox/{told.id}")).text
    assert f'href="/kranich/log/{shut.slug}">Antwort auf einen Eintrag im Log' in page


@pytest.mark.parametrize("to", ["nirgends", "%00", "x" * 300, "draft"])
async def test_what_is_no_note_of_ours_is_an_answer_to_the_question_alone(fan, open_house, to):
    if to == "draft":
        await open_house.draft()
        await execute("update note set slug = 'draft'")
    await execute(
        "update question set opens_at = now() - interval '1 day', closes_at = now() + interval '1 day'"
    )

    page = await fan.get(f"/kranich/ask/{open_house.question.slug}?to={to}")
    assert page.status_code == 200
    assert "Deine Antwort gilt" not in page.text


async def test_a_question_behind_the_note_comes_first_and_one_by_invitation_never(shut):
    door = await made.a_question(shut.company, slug="sonst-noch", by=shut.writer)
    await commands.choose_door(shut.company.id, door.id, by=shut.leader, **AT)
    assert (await answer_at(shut)).slug == "sonst-noch"

    await execute(
        "update question set opens_at = now() - interval '1 day', closes_at = now() + interval '1 day' where id = $1",
        shut.question.id,
    )
    assert (await answer_at(shut)).slug == shut.question.slug
    await execute("update question set level = 'invited' where id = $1", shut.question.id)
    assert (await answer_at(shut)).slug == "sonst-noch"


async def test_only_questions_for_everybody_with_room_for_words_can_be_chosen(shut):
    invited = await made.a_question(shut.company, by=shut.writer, level="invited")
    scale = [{"kind": "scale", "words": "Wie gern?", "low": 1, "high": 5}]
    wordless = await made.a_question(shut.company, by=shut.writer, prompts=scale)
    others = await made.a_question(await made.a_company("dachs"))

    for question in (invited, wordless, shut.question, others):
        with pytest.raises(Refused):
            await commands.choose_door(shut.company.id, question.id, by=shut.leader, **AT)
    assert await fetch_value("select count(*) from note_door") == 0


async def test_a_draft_with_words_is_prepared_and_opened_by_hand(shut):
    question = await commands.prepare_door(shut.company, by=shut.leader, **AT)
    assert await answer_at(shut) is None

    await open_question(shut.company, question, by=shut.leader, **AT)
    assert (await answer_at(shut)).title == "Was sagst du zu dem, was wir aufgeschrieben haben?"

    await commands.choose_door(shut.company.id, None, by=shut.leader, **AT)
    assert await answer_at(shut) is None


@pytest.mark.parametrize(("role", "status"), [("admin", 303), ("comms", 403), ("reader", 403)])
async def test_only_an_admin_opens_the_door(app, shut, role, status):
    async with browser_of(app) as browser:
        somebody = await made.signed_in(browser, shut.company, role)
        for path in ("/notes/door", "/notes/door/question"):
            assert (await somebody.post(path, {"question": ""})).status_code == status


async def test_the_desk_says_where_not_everybody_can_answer(desk, shut):
    says = "Auf Notizen ohne offene Frage antwortet gerade nur, wer eine Quittung hat."
    assert says in (await desk.get("/notes")).text
    reply = await desk.post("/notes/door/question")
    assert reply.status_code == 303
    assert "Sie ist gerade nicht offen." in (await desk.get("/notes/door")).text

    door = await made.a_question(shut.company, by=shut.writer)
    assert (await desk.post("/notes/door", {"question": str(door.id)})).status_code == 303
    assert says not in (await desk.get("/notes")).text
    assert (await desk.post("/notes/door", {"question": "nirgends"})).status_code == 422
