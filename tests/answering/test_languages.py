"""A question in two languages: what is translated is told in the fan's, the rest stands there as it was written."""

import re

import msgspec
import pytest

from hearback.asking.tables import Prompt, Question
from hearback.database.engine import execute, fetch_column
from hearback.notifying.queries import followers
from tests import made
from tests.asking.test_desk import draft, write

CODE = "7K4QM0000000000000000000AB"
TITLE = "Where did the rules leave you alone?"
PROMPTS = [
    {
        "kind": "open",
        "words": "Erzähl, wie es war",
        "help": "Ein Satz reicht.",
        "required": True,
        "translations": msgspec.json.encode({"en": {"words": "Tell us how it was"}}).decode(),
    },
    {
        "kind": "ranking",
        "words": "Was zuerst?",
        "options": ["Preis", "Weg"],
        "translations": msgspec.json.encode({"en": {"options": ["Price", "Distance"]}}).decode(),
    },
    {"kind": "scale", "words": "Wie gern?", "low": 1, "high": 5, "low_label": "gar nicht"},
]


@pytest.fixture
async def question(company) -> Question:
    return await made.a_question(
        company,
        slug="beide",
        prompts=PROMPTS,
        translations=msgspec.json.encode({"en": {"title": TITLE}}).decode(),
    )


async def test_what_is_translated_is_read_in_the_fans_language_and_the_rest_says_its_own(fan, question):
    page = (await fan.get("/kranich/ask/beide?lang=en")).text

    assert f'<h1 class="said">{TITLE}</h1>' in page and f"<title>{TITLE}" in page
    assert "Tell us how it was" in page and "Erzähl, wie es war" not in page
    for original in ["Ein Satz reicht.", "Was zuerst?", "gar nicht"]:
        assert f'<span lang="de">{original}</span>' in page
    assert 'aria-label="Move “Price” up"' in page
    assert '<div class="prose" lang="de">' in page
    german = (await fan.get("/kranich/ask/beide")).text
    assert "Erzähl, wie es war" in german and TITLE not in german and "Price" not in german
    assert TITLE in (await fan.get("/kranich?lang=en")).text


async def test_the_fans_language_holds_through_faults_thanks_and_receipt(fan, question):
    tell, rank, _ = [f"p{one.hex}" for one in await fetch_column("select id from prompt order by position")]
    page = (await fan.get("/kranich/ask/beide?lang=en")).text
    action = re.search(r'<form class="sheet cont" method="post" action="([^"]+)"', page)[1]
    key = re.search(r'name="key" value="([0-9a-f]+)"', page)[1]

    faulty = await fan.post(action, data={"key": key, f"{rank}_place0": "1", f"{rank}_place1": "1"})
    assert faulty.status_code == 422
    assert "Tell us how it was: Please write something." in faulty.text
    assert "hreflang" not in faulty.text  # a link would lead away from what was typed
    again = re.search(r'<form class="sheet cont" method="post" action="([^"]+)"', faulty.text)[1]
    assert again == action
    thanks = await fan.post(again, data={"key": key, tell: "Far.", f"{rank}_place1": "1"})
    assert "Thank you. Your answer has arrived." in thanks.text
    assert re.search(r'id="link" readonly value="[^"]*/kranich/r\?lang=en#', thanks.text)
    find = (await fan.get("/kranich/r?lang=en")).text
    where = re.search(r'method="post" action="([^"]+)" data-from-fragment', find)[1]
    receipt = (await fan.post(where, data={"code": re.search(r'id="code">([^<]+)<', thanks.text)[1]})).text
    assert TITLE in receipt and "1. Distance" in receipt and "Was zuerst?" in receipt
    assert '<span class="meta" lang="de">Was zuerst?</span>' in receipt


async def test_the_address_of_a_page_that_was_posted_leads_back_to_the_question(fan, question):
    reopened = await fan.get("/kranich/ask/beide/answers?lang=en")

    assert (reopened.status_code, reopened.headers["location"]) == (303, "/kranich/ask/beide?lang=en")
    assert (await fan.get("/kranich/ask/keine/answers")).status_code == 404


EN = {
    "title_in_en": "What bothers you about the grid?",
    "why_in_en": "",
    "words_in_en.0": "Tell us",
    "kind.1": "choice",
    "words.1": "Wann?",
    "options.1": "Früh\nSpät",
    "options_in_en.1": "Early\nLate",
    "kind.2": "yes_no",
    "words.2": "Wieder?",
    "words_in_en.2": "Again?",
    "words_in_de.2": "die eigene Sprache zählt nicht",
}


async def test_translations_are_written_beside_the_original_and_shown_again(desk):
    path = await write(desk, **EN)

    assert [msgspec.json.decode(one) for one in await fetch_column("select translations from question")] == [
        {"en": {"title": "What bothers you about the grid?"}}
    ]
    kept = await fetch_column("select translations from prompt order by position")
    assert [msgspec.json.decode(one) for one in kept] == [
        {"en": {"words": "Tell us"}},
        {"en": {"options": ["Early", "Late"]}},
        {"en": {"words": "Again?", "options": ["Yes", "No"]}},
    ]
    page = (await desk.get(path)).text
    assert "What bothers you about the grid?" in page and "Early\nLate" in page
    assert await Prompt.count() == 3
    preview = (await desk.get(path + "/preview?lang=en")).text
    assert "Again?" in preview and "Early" in preview and ">Yes<" in preview and "Wann?" in preview


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("options_in_en.1", "Early", "Hier stehen 1 Möglichkeiten, oben sind es 2."),
        ("title_in_en", "x" * 201, "201 Zeichen"),
        ("help_in_en.0", "x" * 501, "501 Zeichen"),
        ("title_in_fr", "Bonjour", "title_in_fr"),
        ("asked_by_in_en", "x", "asked_by"),
    ],
)
async def test_a_translation_that_does_not_fit_is_said_and_nothing_is_saved(desk, field, value, said):
    page = await desk.post("/questions", draft(desk, **EN | {field: value}))

    assert page.status_code == 422 and said in page.text
    assert "Late" in page.text or field == "options_in_en.1"
    assert await Question.count() == 0


async def test_a_house_with_one_language_is_not_asked_for_translations(desk, company):
    await execute("update company set languages = array['de'] where id = $1", company.id)

    assert "_in_en" not in (await desk.get("/questions/new")).text


async def test_the_title_is_told_in_the_readers_language_wherever_it_stands(fan, company, question):
    response = await made.an_answer(company, question, code=CODE)
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=await made.a_member(company))
    followed = await made.a_follower(company, question=question.id, language="en")

    for path in (f"log/{note.slug}", "follow?question=beide"):
        joined = "&" if "?" in path else "?"
        assert TITLE in (await fan.get(f"/kranich/{path}{joined}lang=en")).text, path
        assert question.title in (await fan.get(f"/kranich/{path}")).text, path
    told = await followers.follower(company.id, followed.id)
    assert (told.title, told.title_language) == (TITLE, "en")


async def test_a_receipt_changes_its_language_without_losing_its_code(fan, company, question):
    await made.an_answer(company, question, code=CODE)

    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    form = re.search(
        r'<form method="post" action="(/kranich/r\?lang=en)"><input type="hidden" name="code" value="([^"]+)"',
        page,
    )
    english = (await fan.post(form[1], data={"code": form[2]})).text
    assert "Your answer, and what became of it" in english and TITLE in english
    assert "hreflang" not in (await fan.post("/kranich/r/erasure", data={"code": CODE})).text
