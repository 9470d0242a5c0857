"""Where a look helps most: small batches that look alike, settled by one act, put off, or dropped meanwhile."""

import re

import pytest

from hearback.database.engine import execute, fetch_value
from hearback.themes.tables import Proposal
from tests import made
from tests.conftest import browser_of
from tests.counting import queries_asked

HTMX = {"HX-Request": "true"}


@pytest.fixture
async def question(company):
    return await made.a_question(company)


@pytest.fixture
async def stones(company):
    return await made.a_theme(company, "Steine")


@pytest.fixture
async def waits(company):
    return await made.a_theme(company, "Wartezeit")


async def said(company, question, theme, words, *, unsorted=True):
    excerpt = await made.placed(company, await made.an_answer(company, question, words), theme)
    if unsorted:
        await execute("delete from placement where excerpt = $1", excerpt.id)
    return excerpt


@pytest.fixture
async def late(company, question, stones, waits):
    """Three that look alike: two unsorted, one put among the stones; two of them seemed close to the waiting time."""
    excerpts = [
        await said(company, question, stones, "Das Paket kam spät."),
        await said(company, question, stones, "Sechs Wochen gewartet."),
        await said(company, question, stones, "Noch immer nichts da.", unsorted=False),
    ]
    await Proposal(
        company=company.id, kind="near", theme=waits.id, excerpts=[one.id for one in excerpts[:2]], worth=0.4
    ).save()
    await Proposal(company=company.id, kind="alike", excerpts=[one.id for one in excerpts], worth=2.0).save()
    return excerpts


@pytest.fixture
async def dark(company, question, stones):
    """Less worth than the late ones."""
    excerpt = await said(company, question, stones, "Im Dunkeln leuchtet nichts.")
    await Proposal(company=company.id, kind="alike", excerpts=[excerpt.id], worth=0.5).save()
    return excerpt


def forms(page):
    return re.findall(r'<form[^>]+aria-labelledby="batch-.*?</form>', page, re.DOTALL)


def fields(form):
    """What a browser would send of it without a change."""
    return {
        "back": re.search(r'name="back" value="([^"]*)"', form)[1],
        "excerpt": re.findall(r'name="excerpt" value="([^"]*)"[^>]* checked', form),
        "to": re.search(r'name="to"[^>]* value="([^"]*)"', form)[1],
    }


async def lies(excerpt):
    return await fetch_value("select theme from placement where excerpt = $1", excerpt.id)


async def by(excerpt):
    return await fetch_value('select "by" from placement where excerpt = $1', excerpt.id)


async def test_one_act_settles_a_batch_and_one_undo_takes_it_back(desk, late, stones, waits):
    page = (await desk.get("/themes/help")).text
    [form] = forms(page)
    assert "Diese 3 ähneln sich." in form and "liegt vorläufig bei „Steine“" in form
    assert fields(form)["to"] == "Wartezeit" and len(fields(form)["excerpt"]) == 3

    reply = await desk.post("/themes/placing", fields(form))

    assert reply.headers["location"] == "/desk/kranich/themes/help?done=moved_many&n=3"
    assert [await lies(one) for one in late] == [waits.id] * 3
    page = (await desk.browser.get(reply.headers["location"])).text
    assert "3 Aussagen verschoben." in page and "Hier wartet nichts" in page
    event = re.search(r'name="event" value="([^"]+)"', page)[1]

    undone = await desk.post("/search/undo", {"event": event, "back": "themes/help"})

    assert undone.headers["location"] == "/desk/kranich/themes/help?done=undone"
    assert [await lies(one) for one in late] == [None, None, stones.id]
    assert await by(late[0]) is None and await by(late[2]) == "machine"
    assert len(forms((await desk.get("/themes/help")).text)) == 1


async def test_the_worthiest_comes_first_and_only_some_at_once(desk, company, question, stones, dark, late):
    for n in range(4):
        excerpt = await said(company, question, stones, f"Nummer {n} fehlt.")
        await Proposal(company=company.id, kind="alike", excerpts=[excerpt.id], worth=0.1).save()

    page = (await desk.get("/themes/help")).text

    assert page.index("Das Paket kam spät.") < page.index("Im Dunkeln leuchtet nichts.")
    assert len(forms(page)) == 4 and "Danach warten noch 2 Stapel." in page


async def test_what_a_person_placed_meanwhile_or_does_not_count_drops_out(desk, company, late, dark, waits):
    who = await made.a_member(company)
    await execute("update placement set by = 'person', member = $2 where excerpt = $1", late[2].id, who.id)
    await execute("update response set state = 'withdrawn' where id = $1", late[0].response)
    await execute("update response set test = true where id = $1", dark.response)

    [form] = forms((await desk.get("/themes/help")).text)

    assert "Wohin gehört diese Aussage?" in form and "Sechs Wochen gewartet." in form
    assert len(fields(form)["excerpt"]) == 1


async def test_what_moved_after_the_page_was_shown_stays_where_it_is(desk, company, late, stones, waits):
    [form] = forms((await desk.get("/themes/help")).text)
    who = await made.a_member(company)
    await execute(
        "update placement set theme = null, by = 'person', member = $2 where excerpt = $1",
        late[2].id,
        who.id,
    )

    plain = await desk.post("/themes/placing", fields(form))

    assert "/search/left?n=2&back=themes%2Fhelp" in plain.headers["location"]
    assert await lies(late[2]) is None and await lies(late[0]) == waits.id
    live = await desk.post("/themes/placing", fields(form), headers=HTMX)
    assert "/search/left" in live.headers["HX-Redirect"]


async def test_ticked_ones_can_belong_nowhere_or_make_a_new_theme(desk, late):
    form = fields(forms((await desk.get("/themes/help")).text)[0])

    await desk.post("/themes/placing", form | {"excerpt": form["excerpt"][:1], "nowhere": "1"})
    await desk.post(
        "/themes/placing", form | {"excerpt": form["excerpt"][1:], "to": "Liefertermin", "make": "1"}
    )

    assert await by(late[0]) == "person" and await lies(late[0]) is None
    new = await fetch_value("select id from theme where name = 'Liefertermin' and state = 'named'")
    assert new and [await lies(one) for one in late[1:]] == [new, new]


async def test_later_puts_a_batch_off_without_forgetting_it(desk, late, dark):
    page = (await desk.get("/themes/help")).text
    later = re.search(r'href="/desk/kranich/(themes/help\?later=[^"]+)"', page)[1]

    page = (await desk.get(f"/{later}")).text

    [form] = forms(page)
    assert "Im Dunkeln" in form and "Ein Stapel ist für später zurückgestellt." in page
    assert fields(form)["back"] == later
    settled = await desk.post("/themes/placing", fields(form) | {"to": "Steine"})
    assert settled.headers["location"] == f"/desk/kranich/{later}&done=moved_many&n=1"
    page = (await desk.browser.get(settled.headers["location"])).text
    assert "Der Rest hat Zeit" in page and 'href="/desk/kranich/themes/help"' in page


async def test_a_name_that_no_theme_has_is_told_beside_its_batch_and_ticks_stay(desk, late, dark):
    form = fields(forms((await desk.get("/themes/help")).text)[0])

    reply = await desk.post("/themes/placing", form | {"excerpt": form["excerpt"][:2], "to": "Gibt es nicht"})

    assert reply.status_code == 422
    first, second = forms(reply.text)
    assert 'role="alert"' in first and 'value="Gibt es nicht"' in first and 'role="alert"' not in second
    assert len(fields(first)["excerpt"]) == 2 and len(fields(second)["excerpt"]) == 1
    nothing = await desk.post("/themes/placing", form | {"excerpt": []}, headers=HTMX)
    assert nothing.status_code == 422 and nothing.headers["HX-Push-Url"] == "false"
    assert 'role="alert"' in nothing.text and "<html" not in nothing.text


async def test_a_live_page_says_what_happened(desk, late, dark):
    part = (await desk.get("/themes/help?done=moved_many&n=3", headers=HTMX)).text

    assert "<html" not in part and "<span data-say>3 Aussagen verschoben.</span>" in part
    assert 'tabindex="-1" data-focus>' in part


async def test_the_list_of_themes_leads_there_while_something_waits(desk, company, late, dark, stones):
    assert "Wo ein Blick am meisten hilft: 2 Stapel" in (await desk.get("/themes")).text

    await execute("delete from proposal where company = $1", company.id)

    assert "Wo ein Blick" not in (await desk.get("/themes")).text
    assert "Hier wartet nichts" in (await desk.get("/themes/help")).text


async def test_more_batches_take_no_more_queries(desk, company, question, stones, late):
    for _ in range(3):
        await desk.get("/themes/help")  # all connections that it takes are open from now on
    with queries_asked() as few:
        await desk.get("/themes/help")
    for n in range(3):
        excerpts = [await said(company, question, stones, f"Nummer {n}, Teil {k}.") for k in range(3)]
        await Proposal(
            company=company.id, kind="alike", excerpts=[one.id for one in excerpts], worth=1.0
        ).save()

    with queries_asked() as many:
        assert len(forms((await desk.get("/themes/help")).text)) == 4

    assert 0 < len(many) <= len(few)


async def test_neither_a_reader_nor_another_company_is_asked(app, company, late):
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        assert (await reader.get("/themes/help")).status_code == 403
        assert "themes/help" not in (await reader.get("/themes")).text
        placing = {"back": "themes/help", "excerpt": [str(late[0].id)], "to": "Wartezeit"}
        assert (await reader.post("/themes/placing", placing)).status_code == 403
    async with browser_of(app) as browser:
        elsewhere = await made.signed_in(browser, await made.a_company("anderswo"))
        assert "Das Paket kam spät." not in (await elsewhere.get("/themes/help")).text


@pytest.mark.parametrize("query", ["later=x", "later=%27", "done=x&n=-1", "n=99999999999999", "later=" * 50])
async def test_an_address_that_nobody_linked_to_shows_the_page(desk, late, query):
    reply = await desk.get(f"/themes/help?{query}")

    assert reply.status_code == 200 and "Das Paket kam spät." in reply.text
