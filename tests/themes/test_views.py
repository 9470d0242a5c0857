"""Searches that are kept: one's own, and those for everybody."""

import numpy as np
import pytest

from hearback.database.engine import execute, fetch_value
from tests import made
from tests.conftest import browser_of


@pytest.fixture
async def colleague(app, company):
    async with browser_of(app) as browser:
        yield await made.signed_in(browser, company, "reader")


async def test_a_search_is_kept_with_its_filters_and_found_again(desk):
    reply = await desk.post(
        "/search/views", {"name": "Offenes", "query": "q=rot+%26+gr%C3%BCn&lies=unsorted&after=x"}
    )

    assert reply.headers["location"] == "/desk/kranich/search?q=rot+%26+gr%C3%BCn&lies=unsorted&done=kept"
    page = (await desk.browser.get(reply.headers["location"])).text
    assert "Suche gemerkt." in page
    assert '<a href="/desk/kranich/search?q=rot+%26+gr%C3%BCn&amp;lies=unsorted">Offenes</a>' in page


async def test_ones_own_is_seen_by_nobody_else_and_one_for_all_by_everybody(desk, colleague):
    await desk.post("/search/views", {"name": "Nur meine", "query": "q=rot"})
    await desk.post("/search/views", {"name": "Unsere", "query": "q=rot", "for_all": "1"})

    page = (await colleague.get("/search")).text

    assert "Nur meine" not in page
    assert f'Unsere</a> <span class="meta">von {desk.member.name}</span>' in page
    assert await fetch_value("select count(*) from audit where did = 'view.kept'") == 1


async def test_readers_keep_for_themselves_only_and_delete_only_their_own(desk, colleague):
    await desk.post("/search/views", {"name": "Unsere", "query": "q=rot", "for_all": "1"})
    ours = await fetch_value("select id from saved_view")

    for_all = await colleague.post("/search/views", {"name": "Alle", "query": "q=rot", "for_all": "1"})
    own = await colleague.post("/search/views", {"name": "Meine", "query": "q=rot"})
    gone = await colleague.post(f"/search/views/{ours}/removal")

    assert (for_all.status_code, own.status_code, gone.status_code) == (422, 303, 404)
    assert "dürfen nur, die auch sortieren" in for_all.text and 'value="Alle"' in for_all.text
    theirs = await fetch_value("select id from saved_view where name = 'Meine'")
    assert (await desk.post(f"/search/views/{theirs}/removal")).status_code == 404
    assert (await colleague.post(f"/search/views/{theirs}/removal")).status_code == 303
    assert (
        (await desk.post(f"/search/views/{ours}/removal"))
        .headers["location"]
        .endswith("/search?done=dropped")
    )
    assert await fetch_value("select count(*) from saved_view") == 0


async def test_whoever_may_sort_clears_up_what_others_kept_for_all(app, company, desk):
    await desk.post("/search/views", {"name": "Unsere", "query": "q=rot", "for_all": "1"})
    ours = await fetch_value("select id from saved_view")
    async with browser_of(app) as browser:
        moderator = await made.signed_in(browser, company, "moderator")
        assert (await moderator.post(f"/search/views/{ours}/removal")).status_code == 303
    assert await fetch_value("select count(*) from audit where did = 'view.dropped'") == 1


@pytest.mark.parametrize(
    "query", ["lies=quatsch", "q=" + "x" * 300, "https://evil.example", "q=%00", "q=%ff", "a=b&" * 500]
)
async def test_what_is_no_search_is_not_kept(desk, query):
    reply = await desk.post("/search/views", {"name": "Quatsch", "query": query})

    assert reply.status_code == 422
    assert await fetch_value("select count(*) from saved_view") == 0


async def test_a_name_is_kept_once_and_what_was_typed_stays(desk):
    await desk.post("/search/views", {"name": "Offenes", "query": "q=rot"})

    again = await desk.post("/search/views", {"name": "offenes", "query": "q=blau"})
    short = await desk.post("/search/views", {"name": "a", "query": "q=blau"})

    assert (again.status_code, short.status_code) == (422, 422)
    assert "So heißt schon eine deiner gemerkten Suchen." in again.text
    assert 'value="offenes"' in again.text and 'name="query" value="q=blau"' in again.text
    assert 'value="a"' in short.text


async def test_what_means_the_same_is_found_nearest_first_and_within_filters(desk, company):
    question, other = await made.a_question(company), await made.a_question(company)
    theme = await made.a_theme(company)
    first = await made.placed(company, await made.an_answer(company, question, "Rot ist wie Grün."), theme)
    near = await made.placed(
        company, await made.an_answer(company, question, "Die Farben sind gleich."), theme
    )
    nearer = await made.placed(
        company, await made.an_answer(company, other, "Grün sieht aus wie Rot."), theme
    )
    far = await made.placed(
        company, await made.an_answer(company, question, "Die Lieferung kam spät."), theme
    )
    for excerpt, x, y in ((first, 1, 0), (near, 1, 1), (nearer, 3, 1), (far, 0, 1)):
        await execute("update excerpt set vector = $2 where id = $1", excerpt.id, a_vector(x, y))

    page = (await desk.get(f"/search?like={first.id}")).text
    narrow = (await desk.get(f"/search?like={first.id}&question={question.id}")).text

    found = page.split('<ol role="list"')[1]
    assert found.index("Grün sieht aus") < found.index("Die Farben sind gleich.")
    assert "Lieferung" not in page and "2 Aussagen meinen Ähnliches" in page
    assert "Grün sieht aus" not in narrow and "Die Farben sind gleich." in narrow


async def test_what_has_not_been_read_yet_or_is_not_ours_has_nothing_like_it(desk, company):
    theme = await made.a_theme(company)
    unread = await made.placed(company, await made.an_answer(company, await made.a_question(company)), theme)
    others = await made.a_company("reiher")
    theirs = await made.placed(
        others, await made.an_answer(others, await made.a_question(others)), await made.a_theme(others)
    )

    assert "noch nicht gelesen" in (await desk.get(f"/search?like={unread.id}")).text
    assert (await desk.get(f"/search?like={theirs.id}")).status_code == 404
    assert (await desk.get(f"/search?like={made.some_id()}")).status_code == 404


def a_vector(x, y):
    return np.array([x, y] + [0] * 510, "<f4").tobytes()
