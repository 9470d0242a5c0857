"""Several excerpts at once: moved by a theme's name, put nowhere, their answers set aside; taken back as one."""

import re

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from tests import made
from tests.conftest import browser_of


@pytest.fixture
async def question(company):
    return await made.a_question(company)


@pytest.fixture
async def stones(company):
    return await made.a_theme(company, "Gleiche Farben")


@pytest.fixture
async def pictures(company):
    return await made.a_theme(company, "Bilder auf Seite 9")


@pytest.fixture
async def said(company, question, stones):
    """Three excerpts in one theme."""
    return [
        await made.placed(company, await made.an_answer(company, question, words), stones)
        for words in ("Das Bild auf Seite 9 ist winzig.", "Bild 3 fehlt.", "Rot ist wie Grün.")
    ]


def ticked(excerpts, lay=None, **more):
    return {
        "back": "search",
        "excerpt": [f"{one.id}.{lay}" if lay else str(one.id) for one in excerpts],
    } | more


async def lies(excerpt):
    return await fetch_value("select theme from placement where excerpt = $1", excerpt.id)


async def test_several_are_moved_by_a_themes_name_and_all_come_back_by_one_undo(desk, said, stones, pictures):
    form = ticked(said[:2], stones.id, to="bilder auf seite 9", back="search?q=bild")

    reply = await desk.post("/themes/placing", form)

    assert reply.headers["location"] == "/desk/kranich/search?q=bild&done=moved_many&n=2"
    assert [await lies(one) for one in said] == [pictures.id, pictures.id, stones.id]
    page = (await desk.get("/search?q=bild&done=moved_many&n=2")).text
    assert "2 Aussagen verschoben." in page
    history = (await desk.get(f"/themes/{pictures.id}")).text
    assert f"{desk.member.name} hat 2 Aussagen hierher verschoben" in history
    assert (
        f"{desk.member.name} hat 2 Aussagen von hier verschoben"
        in (await desk.get(f"/themes/{stones.id}")).text
    )
    event = re.search(r'name="event" value="([^"]+)"', page)[1]

    undone = await desk.post("/search/undo", {"event": event, "back": "search?q=bild"})

    assert undone.headers["location"] == "/desk/kranich/search?q=bild&done=undone"
    assert [await lies(one) for one in said] == [stones.id] * 3
    assert (
        await fetch_column("select by from placement where company = $1", desk.company.id) == ["machine"] * 3
    )
    again = await desk.post("/search/undo", {"event": event})
    assert again.status_code == 422 and "Das ist schon rückgängig gemacht." in again.text


async def test_what_something_stands_upon_says_what_to_take_back_first(desk, said, stones, pictures):
    await desk.post("/themes/placing", ticked(said[:2], stones.id, to=pictures.name))
    event = await fetch_value("select id from theme_event where deed = 'moved_many' and not details ? 'of'")
    await desk.post(f"/themes/excerpts/{said[0].id}/move", {"to": stones.name})
    later = await fetch_value("select id from theme_event where deed = 'moved' and not details ? 'of'")

    reply = await desk.post("/search/undo", {"event": str(event), "back": "search?q=bild"})

    assert reply.status_code == 422 and 'role="alert"' in reply.text
    assert f"/themes/{stones.id}?history=all#event-{later}" in reply.text, "leads to what is in the way"
    assert await lies(said[1]) == pictures.id


@pytest.mark.parametrize("path", ["/search/undo", "/themes/undo"])
async def test_the_address_of_an_undo_loaded_again_leads_to_the_themes(desk, path):
    assert (await desk.get(path)).headers["location"] == "/desk/kranich/themes"


async def test_unsorted_ones_are_moved_and_become_unsorted_again(desk, said, pictures):
    await execute("delete from placement where excerpt = any($1)", [said[0].id, said[1].id])

    await desk.post("/themes/placing", ticked(said[:2], "unsorted", to=pictures.name))
    assert [await lies(one) for one in said[:2]] == [pictures.id] * 2
    event = await fetch_value("select id from theme_event where deed = 'moved_many'")
    await desk.post("/search/undo", {"event": str(event)})

    assert (
        await fetch_value(
            "select count(*) from placement where excerpt = any($1)", [one.id for one in said[:2]]
        )
        == 0
    )


async def test_several_are_put_nowhere_or_into_a_new_theme(desk, said, stones):
    await desk.post("/themes/placing", ticked(said[:1], stones.id, nowhere="1"))
    await desk.post("/themes/placing", ticked(said[1:], stones.id, to="Bild 3", make="1"))

    assert await lies(said[0]) is None
    assert await fetch_value("select by from placement where excerpt = $1", said[0].id) == "person"
    new = await fetch_value("select id from theme where name = 'Bild 3' and state = 'named'")
    assert new and {await lies(one) for one in said[1:]} == {new}


async def test_what_somebody_else_moved_meanwhile_stays_and_is_told(desk, company, said, stones, pictures):
    other = await made.a_member(company)
    await execute(
        "update placement set theme = null, by = 'person', member = $2 where excerpt = $1",
        said[0].id,
        other.id,
    )

    reply = await desk.post(
        "/themes/placing", ticked(said[:2], stones.id, to=pictures.name, back="themes/unsorted")
    )

    assert await lies(said[0]) is None and await lies(said[1]) == pictures.id
    told = await desk.browser.get(reply.headers["location"])
    assert "Eine Aussage verschoben." in told.text
    assert "Eine blieb, weil sie inzwischen anders liegt:" in told.text
    assert "winzig." in told.text and "liegt bewusst nirgends" in told.text
    assert 'href="/desk/kranich/themes/unsorted"' in told.text


async def test_a_name_that_no_theme_or_two_themes_have_is_refused_and_ticks_stay(desk, company, said, stones):
    for terms in (1, 2):
        await made.a_theme(company, "", state="suggested", terms=["Licht"], definition=str(terms))

    unknown = await desk.post("/themes/placing", ticked(said[:2], to="Quatsch & <b>"))
    two = await desk.post("/themes/placing", ticked(said[:2], to="licht"))
    nowhere = await desk.post("/themes/placing", ticked(said[:2]))
    nothing = await desk.post("/themes/placing", ticked([], to=stones.name))

    assert [one.status_code for one in (unknown, two, nowhere, nothing)] == [422] * 4
    assert "Kein Thema heißt „Quatsch &amp; &lt;b&gt;“." in unknown.text
    assert unknown.text.count('form="bulk" data-key="x" checked') == 2
    assert "Zwei Themen heißen „licht“." in two.text
    assert "Tipp den Namen eines Themas." in nowhere.text
    assert "Kreuz mindestens eine Aussage an." in nothing.text
    assert {await lies(one) for one in said} == {stones.id}


async def test_several_answers_are_set_aside_with_one_reason_and_count_again_by_one_undo(desk, said):
    reply = await desk.post("/themes/setting-aside", ticked(said[:2], reason="Werbung für Seiten", rule="5"))

    assert reply.headers["location"] == "/desk/kranich/search?done=set_aside&n=2"
    aside = "select count(*) from response where state = 'set_aside' and reason = 'Werbung für Seiten'"
    assert await fetch_value(aside) == 2
    await execute("update response set state = 'withdrawn', reason = '' where id = $1", said[0].response)
    page = (await desk.get("/search?done=set_aside&n=2")).text
    assert "2 Antworten beiseitegelegt." in page
    event = re.search(r'name="event" value="([^"]+)"', page)[1]

    await desk.post("/search/undo", {"event": event})

    states = await fetch_column(
        "select state from response where id = any($1)", [one.response for one in said]
    )
    assert sorted(states) == ["counted", "counted", "withdrawn"]


async def test_who_may_sort_but_not_moderate_cannot_count_them_again(app, company, desk, said):
    await desk.post("/themes/setting-aside", ticked(said[:2], reason="Werbung", rule="5"))
    event = await fetch_value("select id from theme_event where deed = 'set_aside'")
    async with browser_of(app) as browser:
        product = await made.signed_in(browser, company, "product")

        assert (
            await product.post("/themes/setting-aside", ticked(said, reason="Werbung", rule="5"))
        ).status_code == 403
        for path in ("/search/undo", "/themes/undo"):
            assert (await product.post(path, {"event": str(event)})).status_code == 422
    assert await fetch_value("select count(*) from response where state = 'set_aside'") == 2


async def test_readers_move_and_see_no_ticks(app, company, said, stones):
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")

        assert (await reader.post("/themes/placing", ticked(said, to=stones.name))).status_code == 403
        for path in ("/search", f"/themes/{stones.id}"):
            assert 'form="bulk"' not in (await reader.get(path)).text


async def test_another_companys_excerpts_and_themes_are_as_if_not_there(desk, company, said, stones):
    others = await made.a_company("reiher")
    theirs = await made.a_theme(others, "Geheimes Thema")
    secret = await made.placed(others, await made.an_answer(others, await made.a_question(others)), theirs)

    moved = await desk.post("/themes/placing", ticked([secret], to=stones.name))
    into = await desk.post("/themes/placing", ticked(said, to="Geheimes Thema"))
    aside = await desk.post(
        "/themes/setting-aside", ticked([secret], reason="Werbung", rule="5", response=[str(secret.response)])
    )

    assert into.status_code == 422
    assert await lies(secret) == theirs.id
    assert "gleich aus" not in (await desk.browser.get(moved.headers["location"])).text
    assert aside.status_code in (303, 422)
    assert await fetch_value("select state from response where id = $1", secret.response) == "counted"


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example",
        "//evil.example",
        "search\r\nX: y",
        "../people",
        "search#x",
        "themes/",
        "search?a b",
    ],
)
async def test_the_way_back_never_leads_elsewhere(desk, said, pictures, back):
    reply = await desk.post("/themes/placing", ticked(said, to=pictures.name) | {"back": back})

    assert reply.status_code == 422
    assert "evil" not in reply.text.replace('value="https://evil.example"', "") or "href" not in back
    undo = await desk.post("/search/undo", {"event": str(made.some_id()), "back": back})
    assert undo.status_code in (404, 422)


async def test_ticks_are_there_in_search_in_a_theme_and_in_the_pile(desk, said, stones):
    await execute("delete from placement where excerpt = $1", said[2].id)

    search = (await desk.get("/search?q=bild")).text
    theme = (await desk.get(f"/themes/{stones.id}")).text
    pile = (await desk.get("/themes/unsorted")).text

    assert f'value="{said[0].id}.{stones.id}" form="bulk"' in search
    assert f'value="{said[0].id}" form="bulk"' in theme and f'name="here" value="{stones.id}"' in theme
    assert f'value="{said[2].id}" form="bulk"' in pile and 'name="here" value="unsorted"' in pile
    assert 'data-key="x" checked' in (await desk.get("/search?q=bild&ticked=all")).text
