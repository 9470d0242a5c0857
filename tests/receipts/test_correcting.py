"""A fan may say it better: the new words count, of the old ones only a seal stays."""

import hashlib

import pytest

from hearback.answering.tables import Answer, Response, WordsBefore
from hearback.changenotes.tables import NoteQuote
from hearback.jobs import do_all_now
from hearback.themes import jobs  # noqa: F401  (reads the new words)
from hearback.themes.tables import Excerpt
from tests import made
from tests.receipts.test_erasing import where_it_stands

CODE = "7K4QM0000000000000000000AB"
OLD = "Die Zaunkönigsfeder im Scharnier klemmt schon seit Ostern."
NEW = "Die Feder klemmt seit Pfingsten, nicht seit Ostern."


@pytest.fixture
async def response(company):
    question = await made.a_question(company, slug="schatulle")
    return await made.an_answer(company, question, OLD, code=CODE, quoting="unnamed")


async def correct(fan, words=NEW, **data):
    (answer,) = await Answer.objects()
    return await fan.post(
        "/kranich/r/correction", data={"code": CODE, "sure": "yes", f"w{answer.id.hex}": words} | data
    )


async def test_the_page_shows_what_was_written_to_be_changed(fan, response):
    page = await fan.post("/kranich/r/correction", data={"code": CODE})

    assert OLD in page.text
    assert "Die alten Worte löschen wir" in page.text
    assert "<script" not in page.text.split("<form")[1]


async def test_new_words_take_the_place_of_the_old_ones_of_which_a_seal_stays(fan, company, response):
    theme = await made.a_theme(company, definition=f"Jemand sagt: {OLD}")
    excerpt = await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=await made.a_member(company))
    await NoteQuote.insert(NoteQuote(company=company.id, note=note.id, excerpt=excerpt.id, position=1))

    page = await correct(fan)

    assert NEW in page.text and "Berichtigt am" in page.text
    assert await where_it_stands("Zaunkönigsfeder") == []
    assert await NoteQuote.select(NoteQuote.excerpt, NoteQuote.gone) == [
        {"excerpt": None, "gone": "corrected"}
    ]
    (sealed,) = await WordsBefore.objects()
    assert sealed.hash == hashlib.sha256(b"answer/v1\0" + sealed.salt + OLD.encode()).digest()
    assert await Excerpt.count() == 0
    await do_all_now()
    assert await Excerpt.count() > 0


async def test_the_team_sees_that_it_was_corrected_and_reads_it_anew(fan, desk, company, response):
    await Response.update({Response.read_by: desk.member.id, Response.read_on: response.day}, force=True)

    await correct(fan)

    for path in ("/inbox?show=unread", f"/inbox/{response.id}"):
        page = (await desk.get(path)).text
        assert NEW in page and "berichtigt am" in page


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (OLD, "Es steht noch alles so da wie vorher."),
        ("  ", "Hier fehlen die Worte."),
        ("x" * 4001, "4.000"),
    ],
)
async def test_what_does_not_fit_changes_nothing_and_stays_typed(fan, response, words, why):
    page = await correct(fan, words)

    assert page.status_code == 422
    assert why in page.text
    assert await WordsBefore.count() == 0
    assert (await Answer.select(Answer.words))[0]["words"] == OLD


async def test_nobody_corrects_another_answer_or_one_that_was_taken_back(fan, company, response):
    other = await made.an_answer(company, await made.a_question(company), "Meins.")
    (theirs,) = await Answer.objects().where(Answer.response == other.id)
    sent = {"code": CODE, "sure": "yes", f"w{theirs.id.hex}": "Nicht deins."}
    assert (await fan.post("/kranich/r/correction", data=sent)).status_code == 422
    assert (await fan.post("/kranich/r/correction", data=sent | {"code": "0" * 26})).status_code == 422

    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})
    (mine,) = await Answer.objects().where(Answer.response == response.id)
    sent = {"code": CODE, "sure": "yes", f"w{mine.id.hex}": NEW}
    assert (await fan.post("/kranich/r/correction", data=sent)).status_code == 422
    assert {row["words"] for row in await Answer.select(Answer.words)} == {"Meins.", OLD}


async def test_a_withdrawn_answer_can_be_told_from_one_that_was_erased(fan, desk, response):
    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})

    page = await fan.post("/kranich/r", data={"code": CODE})
    assert "Du hast diese Antwort zurückgezogen." in page.text
    assert "Das war am" in page.text and OLD in page.text
    assert "Antwort löschen" in page.text and "Zitieren ändern" not in page.text
    assert await Response.select(Response.ended_on) == [{"ended_on": response.day}]
