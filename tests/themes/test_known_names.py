"""What the codebook knows by name: one press names a suggestion; what may weigh is asked of people, never told."""

import re
from html import unescape

import pytest

from hearback.database.engine import execute, fetch_value
from hearback.themes.reading.codebook import starter_by_slug
from tests import made
from tests.conftest import browser_of

DATA_LOSS = starter_by_slug()["data-loss"]
MAY_WEIGH = "Bitte ansehen: könnte schwer wiegen"


@pytest.fixture
async def question(company):
    return await made.a_question(company)


@pytest.fixture
async def suggested(company, question):
    """One voice says something that the codebook knows and that weighs."""
    theme = await made.a_theme(company, "", state="suggested", terms=[DATA_LOSS.de], entry="data-loss")
    await made.placed(company, await made.an_answer(company, question, "Mein Spielstand ist weg."), theme)
    return theme


@pytest.fixture
async def others(company, question):
    theme = await made.a_theme(company, "Steine")
    for n in range(6):
        await made.placed(company, await made.an_answer(company, question, f"Stein {n} ist grau."), theme)
    return theme


def press(page, here):
    """The hidden fields of the form that names it in one press."""
    form = re.search(rf'<form[^>]+action="[^"]*{here}/name".*?</form>', page, re.DOTALL)[0]
    return dict(re.findall(r'type="hidden" name="(seen|name|definition)" value="([^"]*)"', form))


async def test_one_press_names_and_defines_what_the_codebook_knows(desk, suggested):
    page = (await desk.get(f"/themes/{suggested.id}")).text
    assert "Aus dem Codebuch" in page and DATA_LOSS.definition_de in page

    await desk.post(f"/themes/{suggested.id}/name", press(page, suggested.id))

    assert await fetch_value("select name from theme where id = $1", suggested.id) == DATA_LOSS.de
    assert await fetch_value("select definition from theme where id = $1", suggested.id)
    assert "Aus dem Codebuch" not in (await desk.get(f"/themes/{suggested.id}")).text


async def test_the_form_is_filled_in_the_members_language_and_can_be_changed(app, company, suggested):
    async with browser_of(app) as browser:
        english = await made.signed_in(browser, company, language="en")
        page = unescape((await english.get(f"/themes/{suggested.id}")).text)

    assert f'id="name" name="name" type="text" value="{DATA_LOSS.en}"' in page
    assert "From the codebook" in page and DATA_LOSS.definition_en in page


async def test_a_suggestion_that_the_codebook_does_not_know_is_named_by_hand(desk, company, question):
    theme = await made.a_theme(company, "", state="suggested", terms=["Stein", "Farbe"])
    await made.placed(company, await made.an_answer(company, question), theme)

    page = (await desk.get(f"/themes/{theme.id}")).text

    assert "Aus dem Codebuch" not in page
    assert 'id="name" name="name" type="text" value=""' in page


async def test_what_may_weigh_stands_among_the_few_voices_from_the_first_one(desk, suggested, others):
    page = (await desk.get(f"/themes/{others.id}")).text

    assert page.index("Wenige Stimmen, großes Gewicht") < page.index(f'id="theme-{suggested.id}"')
    assert page.index(f'id="theme-{suggested.id}"') < page.index(f'id="theme-{others.id}"')
    assert page.count(MAY_WEIGH) == 1
    assert "Ist das so?" in (await desk.get(f"/themes/{suggested.id}")).text


async def test_once_people_named_it_the_machine_suspects_nothing_any_more(desk, suggested, others):
    await desk.post(f"/themes/{suggested.id}/name", {"name": "Spielstände", "seen": "none"})

    page = (await desk.get(f"/themes/{suggested.id}")).text

    assert MAY_WEIGH not in page and "Wenige Stimmen, großes Gewicht" not in page


async def test_the_public_hears_nothing_of_a_suspicion(fan, company, suggested, others):
    for path in ("", "/log"):
        assert "schwer wiegen" not in (await fan.get(f"/{company.slug}{path}")).text


async def test_a_reader_may_look_but_not_name(app, company, suggested):
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        page = await reader.get(f"/themes/{suggested.id}")
        refused = await reader.post(f"/themes/{suggested.id}/name", {"name": "Spielstände"})

    assert MAY_WEIGH in page.text and f"{suggested.id}/name" not in page.text
    assert refused.status_code == 403
    assert await fetch_value("select name from theme where id = $1", suggested.id) == ""


async def test_what_the_machine_suspects_stands_folded_behind_what_people_gave_weight(
    desk, suggested, others
):
    page = (await desk.get(f"/themes/{others.id}")).text
    assert "1 Vorschlag könnte schwer wiegen</summary>" in page
    folded = page.partition("1 Vorschlag könnte schwer wiegen</summary>")[0].rpartition("<details")[2]
    assert "open" not in folded

    page = (await desk.get(f"/themes/{suggested.id}")).text
    opened = page.partition("1 Vorschlag könnte schwer wiegen</summary>")[0].rpartition("<details")[2]
    assert "open" in opened, "what is looked at is not hidden"


async def test_who_says_that_it_does_not_weigh_is_not_asked_again_of_the_same_words(
    desk, company, question, suggested, others
):
    page = await desk.get(f"/themes/{suggested.id}")
    assert "Nein, das wiegt nicht" in page.text

    assert (await desk.post(f"/themes/{suggested.id}/lightness")).status_code == 303

    page = (await desk.get(f"/themes/{suggested.id}")).text
    assert MAY_WEIGH not in page and "Nein, das wiegt nicht" not in page
    assert "hat gesagt, dass es nicht schwer wiegt" in page
    again = await made.a_theme(company, "", state="suggested", terms=[DATA_LOSS.de], entry="data-loss")
    await execute("update placement set theme = $2 where theme = $1", suggested.id, again.id)
    assert MAY_WEIGH not in (await desk.get(f"/themes/{again.id}")).text, "the next reading made it anew"

    await made.placed(company, await made.an_answer(company, question, "Konto gelöscht, alles fort."), again)
    assert MAY_WEIGH in (await desk.get(f"/themes/{again.id}")).text, "of new words nobody has said so"


async def test_that_it_does_not_weigh_is_taken_back(desk, suggested):
    await desk.post(f"/themes/{suggested.id}/lightness")
    await desk.post(f"/themes/{suggested.id}/lightness")
    assert await fetch_value("select count(*) from theme_event where deed = 'not_weighty'") == 1
    event = await fetch_value("select id from theme_event where deed = 'not_weighty'")

    assert (await desk.post("/themes/undo", {"event": str(event)})).status_code == 303

    page = (await desk.get(f"/themes/{suggested.id}")).text
    assert MAY_WEIGH in page
    await desk.post(f"/themes/{suggested.id}/lightness")
    assert MAY_WEIGH not in (await desk.get(f"/themes/{suggested.id}")).text


async def test_a_reader_and_another_company_do_not_say_what_weighs(app, company, suggested):
    neighbours = await made.a_company("reiher")
    for house, role, status in ((company, "reader", 403), (neighbours, "admin", 404)):
        async with browser_of(app) as browser:
            member = await made.signed_in(browser, house, role)
            assert (await member.post(f"/themes/{suggested.id}/lightness")).status_code == status

    assert await fetch_value("select count(*) from theme_event where deed = 'not_weighty'") == 0
