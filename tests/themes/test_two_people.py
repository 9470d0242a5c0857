"""Two people at one theme: nobody overwrites the other unseen, and each finds the way back in the history."""

import re
from html import unescape

import pytest

from hearback.database.engine import fetch_value
from hearback.themes.queries import life
from tests import made
from tests.conftest import browser_of


@pytest.fixture
async def stones(company):
    return await made.a_theme(company, "", state="suggested", terms=["Steine", "Farben"])


@pytest.fixture
async def excerpt(company, stones):
    response = await made.an_answer(company, await made.a_question(company))
    return await made.placed(company, response, stones)


@pytest.fixture
async def tarek(app, company):
    async with browser_of(app) as browser:
        yield await made.signed_in(browser, company, "product", name="Tarek Osman")


def plain(page) -> str:
    return unescape(re.sub(r"\s+", " ", page.text))


async def seen_by(browser, theme) -> str:
    page = await browser.get(f"/themes/{theme.id}")
    return re.search(r'name="seen" value="([^"]+)"', page.text)[1]


async def test_who_names_second_sees_both_texts_and_loses_none(desk, tarek, company, stones, excerpt):
    at_desk, at_tareks = await seen_by(desk, stones), await seen_by(tarek, stones)
    where = f"/themes/{stones.id}/name"
    mine = {"name": "Gleiche Farben", "definition": "Nur die Farbe.", "seen": at_desk}
    assert (await desk.post(where, mine)).status_code == 303

    his = {"name": "Rot wie Grün", "definition": "Wenn man es verwechselt.", "seen": at_tareks}
    late = await tarek.post(where, his)

    assert late.status_code == 409
    page = plain(late)
    assert f"{desk.member.name} hat dieses Thema benannt oder beschrieben, während du" in page
    assert "<dd>Gleiche Farben</dd>" in page and "Nur die Farbe." in page
    assert 'value="Rot wie Grün"' in page and "Wenn man es verwechselt.</textarea>" in page
    assert (await life.theme(company.id, stones.id)).name == "Gleiche Farben"
    now_seen = re.search(r'name="seen" value="([^"]+)"', late.text)[1]
    assert (await tarek.post(where, his | {"seen": now_seen})).status_code == 303
    assert (await life.theme(company.id, stones.id)).name == "Rot wie Grün"


async def test_two_who_mean_the_same_are_not_held_up(desk, tarek, stones, excerpt):
    same = {"name": "Gleiche Farben", "seen": await seen_by(tarek, stones)}
    await desk.post(f"/themes/{stones.id}/name", same)

    assert (await tarek.post(f"/themes/{stones.id}/name", same)).status_code == 303


async def test_what_somebody_has_built_on_is_not_taken_back_and_the_page_says_what(
    desk, tarek, company, stones, excerpt
):
    await desk.post(f"/themes/{stones.id}/name", {"name": "Gleiche Farben"})
    first = await fetch_value("select id from theme_event where deed = 'named'")
    await tarek.post(f"/themes/{stones.id}/name", {"name": "Rot wie Grün"})
    second = await fetch_value("select id from theme_event where deed = 'renamed'")
    page = await desk.get(f"/themes/{stones.id}")
    assert page.text.count(f'name="event" value="{first}"') == 2  # as one's newest act, and in the history

    refused = await desk.post("/themes/undo", {"event": str(first), "here": str(stones.id)})

    assert refused.status_code == 422
    assert "Darauf hat Tarek Osman aufgebaut." in plain(refused)
    assert f"/desk/kranich/themes/{stones.id}?history=all#event-{second}" in refused.text
    for event in (second, first):
        reply = await desk.post("/themes/undo", {"event": str(event), "here": str(stones.id)})
        assert reply.headers["location"] == f"/desk/kranich/themes/{stones.id}?done=undone#th"
    told = plain(await desk.get(f"/themes/{stones.id}"))
    assert f"zurückgenommen von {desk.member.name}" in told
    assert not (await life.theme(company.id, stones.id)).named
    assert (await desk.post("/themes/undo", {"event": str(first)})).status_code == 422


async def test_the_history_shows_the_newest_and_on_demand_everything(desk, stones, excerpt):
    for number in range(10):
        await desk.post(f"/themes/{stones.id}/name", {"name": f"Name {number}"})

    short = (await desk.get(f"/themes/{stones.id}")).text
    whole = (await desk.get(f"/themes/{stones.id}?history=all")).text

    assert "Name 9" in short and "genannt" not in short and "?history=all#history" in short
    assert "hat es „Name 0“ genannt" in whole and whole.count('id="event-') == 10


async def test_remarks_reach_the_first_page_of_whom_they_name(desk, tarek, stones, excerpt):
    said = await desk.post(f"/themes/{stones.id}/remarks", {"words": "@Tarek, ruf mal 0171 2345678 an."})
    assert said.status_code == 303

    first_page = await tarek.get("/today")
    assert f"{desk.member.name} spricht dich an" in plain(first_page)
    assert "0171 2345678" not in first_page.text
    action = re.search(r'action="/desk/kranich(/today/mentions/[^"]+)"', first_page.text)[1]
    assert (await desk.post(action)).status_code == 404
    assert (await tarek.post(action)).status_code == 303
    assert "spricht dich an" not in (await tarek.get("/today")).text
    assert "spricht dich an" not in (await desk.get("/today")).text


async def test_praise_is_passed_on_with_thanks_and_without_the_fans_data(desk, tarek, company, stones):
    question = await made.a_question(company)
    response = await made.an_answer(
        company, question, "Euer Heft ist toll, Gruß mia@example.com", first_name="Mia", quoting="named"
    )
    excerpt = await made.placed(company, response, stones)
    where = f"/themes/excerpts/{excerpt.id}/thanks"
    assert where in (await desk.get(f"/themes/{stones.id}")).text
    form = await desk.get(where)
    assert "Tarek Osman</option>" in form.text and "mia@example.com" not in form.text

    assert (await desk.post(where, {"words": "Für dich."})).status_code == 422
    told = {"member": str(tarek.member.id), "words": "Das ist dein Werk."}
    assert (await desk.post(where, told)).status_code == 303
    assert "Weitergegeben an Tarek Osman." in plain(await desk.get(where))

    page = await tarek.get("/today")
    assert f"{desk.member.name} gibt dir das weiter, mit Dank:" in plain(page)
    assert "Das ist dein Werk." in page.text and "Euer Heft ist toll" in page.text
    assert "mia@example.com" not in page.text
    action = re.search(r'action="/desk/kranich(/today/thanks/[^"]+)"', page.text)[1]
    assert (await desk.post(action)).status_code == 404
    assert (await tarek.post(action)).status_code == 303
    assert "Das ist dein Werk." not in (await tarek.get("/today")).text


async def test_the_list_shows_only_what_was_chosen_and_stays_so_after_a_decision(
    desk, tarek, company, stones, excerpt
):
    other = await made.a_theme(company, "Bilder")
    await desk.post(f"/themes/{other.id}/carer", {"to": str(desk.member.id)})
    mine = await desk.get("/themes?mine=1")
    assert f'id="theme-{other.id}"' in mine.text and f'id="theme-{stones.id}"' not in mine.text
    assert "Kein Thema passt dazu." in plain(await tarek.get("/themes?mine=1"))
    assert f'id="theme-{stones.id}"' in (await desk.get("/themes?state=suggested")).text
    assert f'id="theme-{other.id}"' in (await desk.get("/themes?state=nonsense")).text

    rested = await desk.post(
        f"/themes/{other.id}/rest",
        {"why": "Bis zum Frühjahr.", "voices": "5"},
        headers={"hx-current-url": f"http://test/desk/kranich/themes/{other.id}?mine=1"},
    )
    assert rested.headers["location"] == f"/desk/kranich/themes/{other.id}?done=rested&mine=1#th"
    page = plain(await desk.get(f"/themes/{other.id}?mine=1"))
    assert "Ruhende Themen" in page and "Bis zum Frühjahr." in page


async def test_few_voices_of_great_weight_are_a_list_of_their_own(desk, company, stones):
    question = await made.a_question(company)
    many, few = await made.a_theme(company, "Viele"), await made.a_theme(company, "Wenige")
    for _ in range(6):
        await made.placed(company, await made.an_answer(company, question), many)
    await made.placed(company, await made.an_answer(company, question), few)
    for theme in (many, few):
        await desk.post(f"/themes/{theme.id}/weight", {"reason": "Es schließt Menschen aus."})

    page = (await desk.get("/themes")).text
    weighty = page.partition("Wenige Stimmen, großes Gewicht</h2>")[2].partition("</ul>")[0]

    assert f'id="theme-{few.id}"' in weighty and f'id="theme-{many.id}"' not in weighty


async def test_what_does_not_fit_is_said_and_kept(app, desk, company, stones):
    here = f"/themes/{stones.id}"
    rest = await desk.post(f"{here}/rest", {"why": "ja", "until": "bald", "voices": "viele"})
    assert rest.status_code == 422 and 'value="bald"' in rest.text and 'value="viele"' in rest.text
    assert (await desk.post(f"{here}/carer", {"to": str(made.some_id())})).status_code == 422
    assert (await desk.post(f"{here}/questions", {"question": str(made.some_id())})).status_code == 404
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        short = await reader.post(f"{here}/remarks", {"words": "x"})
        assert short.status_code == 422 and ">\nx</textarea>" in short.text and 'id="errors"' in short.text
        for path in ("carer", "rest", "waking", "questions"):
            assert (await reader.post(f"{here}/{path}")).status_code == 403
