"""What may belong to a theme too: offered by likeness, decided by people, and a refusal stands."""

import re

import pytest

from hearback.database.engine import execute, fetch_value
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.commands.learning import put_places
from hearback.themes.planning import Place
from hearback.themes.queries import life, near
from hearback.themes.tables import Proposal
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

HTMX = {"HX-Request": "true"}
TODAY = made.today()


@pytest.fixture
async def stones(company):
    return await made.a_theme(company, "Steine")


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def said(company, question, theme, words, *, unsorted=False):
    excerpt = await made.placed(company, await made.an_answer(company, question, words), theme)
    if unsorted:
        await execute("delete from placement where excerpt = $1", excerpt.id)
    return excerpt


@pytest.fixture
async def loose(company, question, stones):
    """The last reading saw it close to the stones."""
    await said(company, question, stones, "Rot ist wie Grün.")
    await said(company, question, stones, "Das Paket kam spät.", unsorted=True)
    excerpt = await said(company, question, stones, "Bei Kerzenlicht sind alle gleich.", unsorted=True)
    await Proposal(company=company.id, kind="near", theme=stones.id, excerpts=[excerpt.id], worth=0.4).save()
    return excerpt


async def test_what_may_belong_is_offered_and_one_press_takes_it_up(desk, company, stones, loose):
    page = (await desk.get(f"/themes/{stones.id}")).text
    assert f'hx-get="/desk/kranich/themes/{stones.id}/near" hx-trigger="load"' in page
    part = (await desk.get(f"/themes/{stones.id}/near", headers=HTMX)).text
    assert "Passt vielleicht auch hierher: 1 Aussage" in part and "<html" not in part
    assert "Bei Kerzenlicht sind alle gleich." in part and "Das Paket kam spät." not in part

    added = await desk.post(f"/themes/{stones.id}/addition", {"excerpt": str(loose.id)})

    assert added.headers["location"].endswith(f"/themes/{stones.id}?done=added#th")
    assert (await life.placement(company.id, loose.id)).by == "person"
    assert "Kerzenlicht" in (await desk.get(f"/themes/{stones.id}")).text
    assert "Passt vielleicht" not in (await desk.get(f"/themes/{stones.id}/near")).text
    again = await desk.post(f"/themes/{stones.id}/addition", {"excerpt": str(loose.id)})
    assert again.status_code == 422 and "hat inzwischen einen Platz" in again.text


async def test_without_a_script_the_offers_stand_on_the_page_of_the_theme(desk, stones, loose):
    page = (await desk.get(f"/themes/{stones.id}/near")).text

    assert "<html" in page and "<details open><summary>Passt vielleicht auch hierher" in page
    assert f'action="/desk/kranich/themes/{stones.id}/refusal"' in page


async def test_a_refusal_is_remembered_also_by_the_machine_until_it_is_taken_back(
    desk, company, stones, loose
):
    refused = await desk.post(f"/themes/{stones.id}/refusal", {"excerpt": str(loose.id)})
    await desk.post(f"/themes/{stones.id}/refusal", {"excerpt": str(loose.id)})

    assert refused.headers["location"].endswith("?done=refused#th")
    assert await fetch_value("select count(*) from theme_event where deed = 'not_here'") == 1
    assert "Kerzenlicht" not in (await desk.get(f"/themes/{stones.id}/near", headers=HTMX)).text
    place = Place(loose.id, stones.id, 0.9)
    await put_places(company.id, [place], on=TODAY, anew=True)
    assert await life.placement(company.id, loose.id) is None

    page = (await desk.get(f"/themes/{stones.id}?done=refused")).text
    await desk.post("/themes/undo", {"event": re.search(r'name="event" value="([^"]+)"', page)[1]})

    assert "Kerzenlicht" in (await desk.get(f"/themes/{stones.id}/near", headers=HTMX)).text
    await put_places(company.id, [place], on=TODAY, anew=True)
    assert (await life.placement(company.id, loose.id)).heir == stones.id


async def test_a_refusal_for_a_theme_holds_for_the_one_it_was_merged_into(desk, company, stones, loose):
    heir = await made.a_theme(company, "Alles mit Augen")
    await commands.refuse(company.id, stones.id, loose.id, by=desk.member.id, now=NOW)
    await commands.merge(company.id, stones.id, heir.id, by=desk.member.id, now=NOW)

    assert await near.offered(company.id, heir.id) == []
    await put_places(company.id, [Place(loose.id, heir.id, 0.9)], on=TODAY, anew=False)
    assert await life.placement(company.id, loose.id) is None


async def test_nothing_is_offered_across_companies(company, stones, loose):
    reiher = await made.a_company("reiher")
    rosa, theirs = await made.a_member(reiher), await made.a_theme(reiher, "Reiher")

    assert await near.offered(reiher.id, stones.id) == []
    assert await near.offered(reiher.id, theirs.id) == []
    for act in (commands.refuse, commands.add):
        more = {"today": TODAY} if act is commands.add else {}
        with pytest.raises((NotFound, Refused)):
            await act(reiher.id, theirs.id, loose.id, by=rosa.id, now=NOW, **more)
    assert await fetch_value("select count(*) from theme_event") == 0


async def test_a_reader_sees_what_may_belong_and_decides_nothing(app, company, stones, loose):
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        part = await reader.get(f"/themes/{stones.id}/near", headers=HTMX)

        assert "Kerzenlicht" in part.text and "<form" not in part.text
        for act in ("addition", "refusal"):
            reply = await reader.post(f"/themes/{stones.id}/{act}", {"excerpt": str(loose.id)})
            assert reply.status_code == 403
    assert await life.placement(company.id, loose.id) is None
