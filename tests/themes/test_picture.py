"""The page with the pictures: what the team sees, and that each picture is there in words and in a table too."""

import re

import pytest

from hearback.clock import now
from hearback.database.engine import execute
from hearback.themes import commands
from tests import made
from tests.conftest import browser_of
from tests.counting import queries_asked
from tests.themes.test_laying import clouds

PICTURE = "/themes/picture"


@pytest.fixture
async def stones(company):
    return await made.a_theme(company)


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def said(company, question, theme, words="Rot ist wie Grün.", *, vector=None, **more):
    response = await made.an_answer(company, question, words, **more)
    excerpt = await made.placed(company, response, theme)
    if vector is not None:
        await execute("update excerpt set vector = $2 where id = $1", excerpt.id, vector.tobytes())
    return response


async def drawn(company, question, *themes, each=4, words="Rot ist wie Grün."):
    """So many answers in every theme, on the map."""
    vectors, whose = clouds(*[each] * len(themes))
    responses = [
        await said(company, question, themes[at], words, vector=vector)
        for vector, at in zip(vectors, whose.tolist(), strict=True)
    ]
    await commands.draw(company.id, even_few=True, now=now())
    return responses


async def test_before_there_are_answers_the_page_says_so(desk):
    page = await desk.get(PICTURE)

    assert page.status_code == 200
    assert "Noch ist keine Antwort eingegangen." in page.text
    assert "sobald das Programm die ersten Themen vorschlägt" in page.text
    assert "Noch steht keine Antwort in einem Thema." in page.text


async def test_every_dot_is_a_quote_and_every_theme_one_stop_with_a_name(desk, company, question, stones):
    other = await made.a_theme(company, "Bilder auf Seite 9")
    await drawn(company, question, stones, other)

    page = (await desk.get(PICTURE)).text

    assert len(re.findall(r"<use [^>]+><title>Rot ist wie Grün\.</title></use>", page)) == 8
    stops = re.findall(r'<a class="theme" href="([^"]+)" aria-label="([^"]+)"', page)
    assert len(stops) == 2
    assert {re.sub(r"^\d: ", "", name) for _, name in stops} == {
        "Rote und grüne Steine, 4 Aussagen",
        "Bilder auf Seite 9, 4 Aussagen",
    }
    table = page[page.index("Die Landkarte als Tabelle") :]
    assert "Bilder auf Seite 9" in table and "Rote und grüne Steine" in table
    assert "8 Aussagen, gezeichnet am" in page and "kommt in der Nacht dazu" in page


async def test_what_a_dot_says_shows_no_personal_data_and_no_markup(desk, company, question, stones):
    await drawn(company, question, stones, words="<b>Ruft</b> mich an: anna.meier@example.org")

    page = (await desk.get(PICTURE)).text

    assert "anna.meier" not in page
    assert "&lt;b&gt;Ruft" in page


async def test_a_cut_dot_never_ends_within_an_address(desk, company, question, stones):
    for start in range(80, 160, 8):
        await drawn(company, question, stones, each=1, words="x" * start + " anna.meier@example.org")

    assert "anna.m" not in (await desk.get(PICTURE)).text


async def test_nor_where_a_mask_has_made_it_shorter(desk, company, question, stones):
    link = "https://facebook.com/" + "x" * 164
    for gap in range(5, 12):
        await drawn(company, question, stones, each=1, words=f"{link} {'y' * gap} 0171 2345678")

    assert "0171" not in (await desk.get(PICTURE)).text


async def test_a_language_is_the_one_that_somebody_spoke_and_counts_them_once(
    desk, company, question, stones
):
    """Not the one of the form they wrote in."""
    english = await said(company, question, stones, "The red stones look like the green ones to me.")
    both = await said(company, question, stones, "Rot ist wie Grün. Red is green, every single time.")
    await said(company, question, stones)
    await execute("update excerpt set language = 'en' where response = $1", english.id)
    await execute("update excerpt set language = 'de', ends = 17 where response = $1", both.id)
    await execute(
        """insert into excerpt (id, company, question, response, answer, starts, ends, language)
           select gen_random_uuid(), company, question, response, answer, 18, 51, 'en'
           from excerpt where response = $1""",
        both.id,
    )
    await execute(
        """insert into placement (id, company, excerpt, theme, by)
           select gen_random_uuid(), company, id, $2, 'machine' from excerpt where response = $1 and starts = 18""",
        both.id,
        stones.id,
    )

    page = (await desk.get(PICTURE)).text

    assert page.count("2 auf Englisch, 1 auf Deutsch") == 2, "of all, and of the theme"
    assert "3 Antworten stehen in Themen." in page


async def test_a_large_map_says_of_how_many_it_was_drawn(desk, company, question, stones, monkeypatch):
    monkeypatch.setattr("hearback.themes.commands.drawing.MOST_DRAWN", 6)
    monkeypatch.setattr("hearback.themes.desk.picture.MOST_DRAWN", 6)
    await drawn(company, question, stones, each=10)

    assert (
        "6 von 10 Aussagen: von jedem Thema bis zu 5, sonst gleichmäßig gezogen."
        in (await desk.get(PICTURE)).text
    )


async def test_channels_and_languages_stand_there_in_numbers_and_words(desk, company, question, stones):
    await said(company, question, stones)
    await said(company, question, stones, channel="file")
    await said(company, question, stones, "Red is green.", language="en")

    page = (await desk.get(PICTURE)).text

    assert "2 über die Fragenseite" in page and "1 aus einer Datei" in page
    assert "2 auf Deutsch" in page and "1 auf Englisch" in page
    assert 'aria-label="Kanal: 2 über die Fragenseite, 1 aus einer Datei"' in page
    assert "3 Antworten stehen in Themen. Jede zählt hier einmal." in page


async def test_one_question_is_shown_alone(desk, company, question, stones):
    other = await made.a_question(company, title="Wie war die Lieferung?")
    late = await made.a_theme(company, "Pakete kommen spät")
    await said(company, question, stones)
    await said(company, other, late)

    page = (await desk.get(f"{PICTURE}?question={other.id}")).text

    assert "Pakete kommen spät" in page and "Rote und grüne Steine" not in page
    assert "Eingegangen ist 1 Antwort. Davon in Themen: 1; noch nicht einsortiert: 0." in page
    for nonsense in ("x", made.some_id()):
        assert "Rote und grüne Steine" in (await desk.get(f"{PICTURE}?question={nonsense}")).text


async def test_what_the_figures_leave_out_stands_beside_them(desk, company, question, stones):
    await said(company, question, stones)
    await said(company, question, stones, state="set_aside", reason="Werbung für <Uhren>")
    await said(company, question, stones, state="withdrawn")
    await said(company, question, stones, test=True)

    page = (await desk.get(PICTURE)).text

    assert (
        "Eingegangen sind 3 Antworten. Davon in Themen: 1; noch nicht einsortiert: 0; beiseitegelegt: 1; "
        "zurückgezogen: 1." in page
    )
    assert "Beiseitegelegt: Werbung für &lt;Uhren&gt;" in page
    assert "Eine Probeantwort zählt nirgends mit." in page


async def test_a_reader_may_look_nobody_else_outside_may(app, fan, company, question, stones):
    await drawn(company, question, stones)
    other = await made.a_company("storch", name="Storch")
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, role="reader")
        assert "Rot ist wie Grün." in (await reader.get(PICTURE)).text
    async with browser_of(app) as browser:
        stranger = await made.signed_in(browser, other)
        assert "Rot ist wie Grün." not in (await stranger.get(PICTURE)).text
        assert (await browser.get("/desk/kranich/themes/picture")).status_code == 404
    nobody = await fan.get("/desk/kranich/themes/picture")
    assert nobody.status_code == 303 and nobody.headers["location"].startswith("/in")


async def test_the_page_asks_as_much_for_many_themes_as_for_one(desk, company, question, stones):
    await drawn(company, question, stones)
    await desk.get(PICTURE)
    with queries_asked() as few:
        await desk.get(PICTURE)
    themes = [await made.a_theme(company, f"Thema {n}") for n in range(12)]
    await drawn(company, question, *themes)

    with queries_asked() as many:
        page = (await desk.get(PICTURE)).text

    assert page.count('class="theme"') == 13
    assert len(many) <= len(few)


async def test_the_page_speaks_english(app, company, question, stones):
    await drawn(company, question, stones)
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, language="en")
        page = (await desk.get(PICTURE)).text

    assert "A map of the themes" in page and "4 on the question page" in page
    assert f"drawn on {made.today().day}" in page
