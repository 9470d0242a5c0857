"""What is covered in an answer does not go on standing in our own notes, where somebody copied it by hand."""

import pytest

from hearback.changenotes.channels import Channel
from hearback.changenotes.commands import correct_note, object_to, publish_note, say_elsewhere
from hearback.database.engine import fetch_column, fetch_value
from hearback.refusals import Faulty
from tests import made
from tests.changenotes.ready import ready
from tests.changenotes.test_commands import corrected
from tests.changenotes.test_translating_drafts import translated
from tests.conftest import browser_of
from tests.moderation.test_covering import WHY
from tests.receipts.test_erasing import where_it_stands

NAME = "Zaunkönigsfritzen"
WORDS = f"Eure {NAME} in der Truhenabteilung reparieren nie etwas."
TOLD = f"Wir haben gehört, dass unsere {NAME} nichts reparieren."


@pytest.fixture
async def house(company):
    return await ready(company)


@pytest.fixture
async def response(house):
    response = await made.an_answer(house.company, house.question, WORDS)
    await made.placed(house.company, response, house.theme)
    return response


async def cover(desk, response, part=NAME):
    reply = await desk.post(f"/inbox/{response.id}/covering", WHY | {"part": part})
    assert reply.status_code == 303


async def test_who_works_here_is_told_and_a_gap_takes_the_words_out_of_every_version(
    fan, desk, house, response
):
    slug = await house.published(said=TOLD)
    note, form = await house.note(slug), corrected(house, said="Wir haben es gehört.")
    await correct_note(house.company, note, form, by=house.writer, now=made.NOW)
    draft = await house.draft(said=TOLD)
    assert "/notes/covered" not in (await desk.get("/today")).text

    await cover(desk, response)

    assert "In 2 Texten von uns stehen noch Worte" in (await desk.get("/today")).text
    page = (await desk.get("/notes/covered")).text
    assert NAME not in page and page.index("Öffentlich.") < page.index("Nur im Haus.")
    for one in (note, draft, draft):
        assert (await desk.post(f"/notes/{one}/gaps")).status_code == 303
    assert "In keiner Notiz, keiner öffentlichen Antwort" in (await desk.get("/notes/covered")).text
    assert "/notes/covered" not in (await desk.get("/today")).text
    assert await where_it_stands(NAME) == ["answer.own_words"]
    assert "unsere […] nichts" in (await fan.get(f"/kranich/log/{slug}/history")).text
    page = (await fan.get(f"/kranich/log/{slug}")).text
    assert "haben wir hier Worte herausgenommen" in page
    assert await fetch_value("select count(*) from ledger_leaf where kind = 'note.field-erased'") == 1
    assert await fetch_value("select count(*) from audit where did = 'note.gaps-left'") == 3
    told = "select count(*) from pgqueuer where entrypoint = 'webhooks.note_erased'"
    assert await fetch_value(told) == 1, "the machines that have the words; a draft went nowhere"


async def test_what_is_covered_is_not_published_nor_written_into_a_correction(desk, house, response):
    await cover(desk, response)

    with pytest.raises(Faulty) as refused:
        await publish_note(house.company, await house.draft(said=TOLD), by=house.writer, now=made.NOW)
    assert [(one.reason, one.field) for one in refused.value.reasons] == [("note.repeats-covered", "said")]

    note = await house.note(await house.published())
    with pytest.raises(Faulty) as refused:
        await correct_note(house.company, note, corrected(house, said=TOLD), by=house.writer, now=made.NOW)
    assert [one.reason for one in refused.value.reasons] == ["note.repeats-covered"]


async def test_a_short_word_in_a_note_on_other_matters_is_somebody_elses(desk, house, response):
    other = await made.a_theme(house.company, "Versand")
    await made.a_public_note(house.company, other, by=house.writer, said=TOLD)
    await cover(desk, response)
    assert "/notes/covered" not in (await desk.get("/today")).text

    await made.a_public_note(house.company, other, by=house.writer, said=f"Jemand schrieb: {WORDS}")
    await cover(desk, response, part=WORDS)
    assert "In 1 Text von uns stehen noch Worte" in (await desk.get("/today")).text


async def test_uncovered_again_nothing_is_left_to_do(desk, house, response):
    await house.note(await house.published(said=TOLD))
    await cover(desk, response)
    await desk.post(f"/inbox/{response.id}/uncovering")

    assert "In keiner Notiz, keiner öffentlichen Antwort" in (await desk.get("/notes/covered")).text


async def test_who_may_not_publish_leaves_no_gaps_and_no_company_touches_anothers(app, desk, house, response):
    note = await house.note(await house.published(said=TOLD))
    await cover(desk, response)
    other = await made.a_company("andere")
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, house.company, "moderator")
        assert (await reader.post(f"/notes/{note}/gaps")).status_code == 403
        assert "Öffentlich." in (await reader.get("/notes/covered")).text
    async with browser_of(app) as browser:
        stranger = await made.signed_in(browser, other)
        assert (await stranger.post(f"/notes/{note}/gaps")).status_code == 404
        assert "In keiner Notiz, keiner öffentlichen Antwort" in (await stranger.get("/notes/covered")).text
    assert TOLD in await fetch_column("select words from note_field")


async def test_a_translation_in_work_is_found_too(desk, house, response):
    note = await house.draft()
    await translated(house, note, said=f"We heard that our {NAME} repair nothing.")
    await cover(desk, response)

    assert "Nur im Haus." in (await desk.get("/notes/covered")).text
    await desk.post(f"/notes/{note}/gaps")
    assert "In keiner Notiz, keiner öffentlichen Antwort" in (await desk.get("/notes/covered")).text
    assert await where_it_stands(NAME) == ["answer.own_words"]


async def test_what_a_translator_had_before_them_and_what_is_said_elsewhere_is_found_too(
    desk, house, response
):
    note = await house.draft(said=TOLD)
    await translated(house, note, said="We heard you.")
    await say_elsewhere(house.company.id, note, Channel.SOCIAL, TOLD, by=house.writer, now=made.NOW)
    await cover(desk, response)

    await desk.post(f"/notes/{note}/gaps")

    assert await where_it_stands(NAME) == ["answer.own_words"]
    assert "In keiner Notiz, keiner öffentlichen Antwort" in (await desk.get("/notes/covered")).text


async def test_an_objection_is_searched_too_and_is_not_called_public(desk, house, response):
    note_id = await house.draft()
    await object_to(house.company.id, note_id, TOLD, by=house.leader, now=made.NOW)
    await publish_note(house.company, note_id, by=house.writer, now=made.NOW)

    await cover(desk, response)

    page = (await desk.get("/notes/covered")).text
    assert "Öffentlich." not in page and f"/notes/{note_id}" in page
    await desk.post(f"/notes/{note_id}/gaps")
    assert await fetch_column("select why from dissent") == [TOLD.replace(NAME, "[…]")]
    assert "In keiner Notiz, keiner öffentlichen Antwort" in (await desk.get("/notes/covered")).text


async def test_words_that_stand_only_elsewhere_are_told(desk, house, response):
    note = await house.draft()
    await say_elsewhere(house.company.id, note, Channel.SIGN, TOLD, by=house.writer, now=made.NOW)

    await cover(desk, response)

    assert f"/notes/{note}/gaps" in (await desk.get("/notes/covered")).text
