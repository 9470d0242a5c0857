"""A fan may say it better: the new words count, of the old ones only a seal stays."""

import hashlib
from datetime import timedelta

import pytest

from hearback.answering.queries import picks
from hearback.answering.tables import Answer, Response, WordsBefore
from hearback.asking.tables import Prompt, Question
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


async def correct(fan, words=NEW):
    (prompt,) = await Prompt.objects()
    return await fan.post(
        "/kranich/r/correction", data={"code": CODE, "sure": "yes", f"p{prompt.id.hex}": words}
    )


async def test_the_page_shows_what_was_written_to_be_changed(fan, response):
    page = await fan.post("/kranich/r/correction", data={"code": CODE})

    assert OLD in page.text
    assert "Alte Worte löschen wir" in page.text
    assert "<script" not in page.text.split("<form")[1]


async def test_new_words_take_the_place_of_the_old_ones_of_which_a_seal_stays(fan, company, response):
    theme = await made.a_theme(company, definition=f"Jemand sagt: {OLD}")
    excerpt = await made.placed(company, response, theme)
    await made.a_public_note(company, theme, by=await made.a_member(company), quotes=[excerpt.id])

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
        ("  ", "Schreib bitte etwas."),
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
    other = await made.a_question(company)
    await made.an_answer(company, other, "Meins.")
    theirs = await Prompt.objects().get(Prompt.question == other.id)
    sent = {"code": CODE, "sure": "yes", f"p{theirs.id.hex}": "Nicht deins."}
    assert (await fan.post("/kranich/r/correction", data=sent)).status_code == 422
    assert (await fan.post("/kranich/r/correction", data=sent | {"code": "0" * 26})).status_code == 422

    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})
    mine = await Prompt.objects().get(Prompt.question == response.question)
    sent = {"code": CODE, "sure": "yes", f"p{mine.id.hex}": NEW}
    page = await fan.post("/kranich/r/correction", data=sent)
    assert page.status_code == 422 and "nichts mehr, das man ändern" in page.text
    assert {row["words"] for row in await Answer.select(Answer.words)} == {"Meins.", OLD}


async def test_a_withdrawn_answer_can_be_told_from_one_that_was_erased(fan, desk, response):
    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})

    page = await fan.post("/kranich/r", data={"code": CODE})
    assert "Du hast diese Antwort zurückgezogen." in page.text
    assert "Das war am" in page.text and OLD in page.text
    assert "Antwort löschen" in page.text and "Ändern, ob wir dich zitieren" not in page.text
    assert "Noch hat sie niemand geöffnet" not in page.text and "Noch nicht einsortiert" not in page.text
    assert page.text.index("Angekommen") < page.text.index("<h3>Zurückgezogen")
    assert await Response.select(Response.ended_on) == [{"ended_on": response.day}]


PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war", "required": True},
    {"kind": "choice", "words": "Wann?", "options": ["Aufbau", "Runde 1"], "other": True, "why": True},
    {"kind": "choices", "words": "Was half?", "options": ["Bilder", "Beispiele"]},
    {"kind": "ranking", "words": "Was zuerst?", "options": ["Rot", "Grün", "Blau"]},
    {"kind": "scale", "words": "Wie klar?", "low": 0, "high": 10, "low_label": "nie", "high_label": "immer"},
    {"kind": "yes_no", "words": "Wieder?", "options": ["Ja", "Nein"], "if_prompt": 1, "if_picks": [1]},
]


@pytest.fixture
async def form(company):
    """Field names by the prompts' kinds, of an answer to all of them."""
    question = await made.a_question(company, slug="alles", prompts=PROMPTS)
    response = await made.an_answer(company, question, OLD, code=CODE)
    prompts = {p.kind: p for p in await Prompt.objects().where(Prompt.question == question.id)}
    for kind, more in (
        ("choice", {"words": "Beim Einpacken", "part": "other"}),
        ("choice", {"words": "Die Tüten platzen.", "part": "why"}),
        ("choices", {"chosen": [0, 1]}),
        ("ranking", {"chosen": [2, 0]}),
        ("scale", {"number": 0}),
    ):
        row = {"company": company.id, "response": response.id, "prompt": prompts[kind].id}
        await Answer.insert(Answer(**row | more))
    return {kind: f"p{prompt.id.hex}" for kind, prompt in prompts.items()}


def as_it_stands(form):
    return {
        "code": CODE,
        "sure": "yes",
        form["open"]: OLD,
        form["choice"]: "other",
        f"{form['choice']}_other": "Beim Einpacken",
        f"{form['choice']}_why": "Die Tüten platzen.",
        form["choices"]: ["0", "1"],
        f"{form['ranking']}_place2": "1",
        f"{form['ranking']}_place0": "2",
        form["scale"]: "0",
    }


async def counted(company):
    (question,) = await Question.objects()
    return {(pick.prompt.hex, pick.position): pick.n for pick in await picks(company.id, question.id)}


async def test_the_form_comes_filled_in_as_it_was_sent(fan, form):
    page = (await fan.post("/kranich/r/correction", data={"code": CODE})).text

    assert f'name="{form["choice"]}" value="other" checked' in page
    assert 'value="Beim Einpacken"' in page and "Die Tüten platzen." in page
    assert (
        page.count(f'name="{form["choices"]}"')
        == 2
        == page.count('value="0" checked><span>Bilder') + page.count('value="1" checked><span>Beispiele')
    )
    assert f'name="{form["ranking"]}_place2"><option value="">–</option><option selected>1' in page
    assert f'name="{form["scale"]}" value="0" checked' in page
    assert (await fan.post("/kranich/r/correction", data=as_it_stands(form))).status_code == 422


async def test_what_was_ticked_ranked_and_rated_is_corrected_and_counted_anew(fan, company, form):
    sent = as_it_stands(form) | {
        form["choice"]: "1",
        f"{form['choice']}_other": "",
        f"{form['choice']}_why": "Die Tüten platzen immer.",
        form["choices"]: ["1"],
        f"{form['ranking']}_place2": "2",
        f"{form['ranking']}_place0": "1",
        form["scale"]: "7",
        form["yes_no"]: "0",
    }

    page = await fan.post("/kranich/r/correction", data=sent)

    assert page.status_code == 200 and "Was vorher dastand, ist gelöscht." in page.text
    assert "1. Rot<br>2. Blau" in page.text and "Runde 1" in page.text
    assert await counted(company) == {
        (form[kind][1:], position): 1
        for kind, position in (
            ("choice", 1),
            ("choices", 1),
            ("ranking", 0),
            ("ranking", 2),
            ("scale", 7),
            ("yes_no", 0),
        )
    }
    assert await where_it_stands("Beim Einpacken") == []
    assert await WordsBefore.count() == 2, "two texts went; a hash over one of two options would hide nothing"
    assert await Answer.count().where(Answer.words == OLD) == 1


async def test_what_does_not_fit_is_said_at_its_field_and_everything_typed_stays(fan, company, form):
    before = await counted(company)
    sent = as_it_stands(form) | {f"{form['ranking']}_place1": "1", form["scale"]: "9", form["open"]: ""}

    page = await fan.post("/kranich/r/correction", data=sent)

    assert page.status_code == 422
    assert f'href="#{form["ranking"]}"' in page.text and f'href="#{form["open"]}"' in page.text
    assert f'name="{form["scale"]}" value="9" checked' in page.text
    assert await counted(company) == before


async def test_once_the_question_is_closed_words_change_and_picks_stand(fan, company, form):
    await Question.update({Question.closes_at: made.NOW - timedelta(hours=1)}, force=True)
    before = await counted(company)

    page = (await fan.post("/kranich/r/correction", data={"code": CODE})).text
    assert "bleibt darum, wie es war" in page and "1. Blau" in page
    assert f'name="{form["choices"]}"' not in page and f'name="{form["scale"]}"' not in page

    words = {"code": CODE, "sure": "yes", form["open"]: NEW, f"{form['choice']}_other": "Beim Auspacken"}
    page = await fan.post("/kranich/r/correction", data=words | {f"{form['choice']}_why": ""})
    assert page.status_code == 200 and NEW in page.text and "Beim Auspacken" in page.text
    assert await where_it_stands("Tüten platzen") == []
    assert await counted(company) == before

    page = await fan.post("/kranich/r/correction", data=words | {form["scale"]: "9", form["open"]: OLD})
    assert (
        page.status_code == 422 and "Die Frage ist inzwischen geschlossen." in page.text and OLD in page.text
    )
    page = await fan.post("/kranich/r/correction", data=words | {f"{form['choice']}_other": ""})
    assert page.status_code == 422
    assert await counted(company) == before


async def test_who_only_ticked_may_change_it_as_long_as_the_question_is_open(fan, company, form):
    await Answer.delete().where(Answer.words != "")
    offered = 'action="/kranich/r/correction"'
    assert offered in (await fan.post("/kranich/r", data={"code": CODE})).text

    await Question.update({Question.closes_at: made.NOW - timedelta(hours=1)}, force=True)
    assert offered not in (await fan.post("/kranich/r", data={"code": CODE})).text
