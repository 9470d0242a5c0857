"""The page of proposals: evidence beside each, one by one or several together, told where it does not go."""

import re
from itertools import pairwise

import msgspec
import pytest

from hearback.database.engine import execute, fetch_value
from hearback.themes.proposals import Evidence
from hearback.themes.queries import proposing
from hearback.themes.tables import Proposal
from tests import made
from tests.conftest import browser_of
from tests.counting import queries_asked

HTMX = {"HX-Request": "true"}
DECIDE = "/themes/proposals/decisions"


@pytest.fixture
async def question(company):
    return await made.a_question(company)


@pytest.fixture
async def stones(company):
    return await made.a_theme(company, "Steine")


@pytest.fixture
async def waits(company):
    return await made.a_theme(company, "Wartezeit")


@pytest.fixture
async def guess(company):
    return await made.a_theme(company, "", state="suggested", terms=["Paket", "Post"])


async def said(company, question, theme, *words):
    return [await made.placed(company, await made.an_answer(company, question, one), theme) for one in words]


async def propose(company, kind, theme, excerpts, other=None, worth=1.0, **evidence):
    proposal = Proposal(
        company=company.id,
        kind=kind,
        theme=theme.id,
        other=other.id if other else None,
        excerpts=[one.id for one in excerpts],
        worth=worth,
        evidence=msgspec.json.encode(Evidence(**evidence)).decode(),
    )
    await proposal.save()
    return proposal


@pytest.fixture
async def new(company, question, guess):
    excerpts = await said(company, question, guess, "Das Paket kam spät.", "Die Post war langsam.")
    return await propose(company, "new", guess, excerpts, quotes=[one.id for one in excerpts])


@pytest.fixture
async def join(company, question, waits):
    excerpts = await said(company, question, waits, "Ewig gewartet.", "Noch nichts da.", "Schöne Farben.")
    return await propose(company, "join", waits, excerpts, right=1.9)


@pytest.fixture
async def split(company, question, stones):
    excerpts = await said(
        company, question, stones, "Rot ist Grün.", "Kein Unterschied.", "Zu schwer.", "Zu glatt."
    )
    ids = [one.id for one in excerpts]
    return await propose(
        company,
        "split",
        stones,
        excerpts[:2],
        quotes=ids[:2],
        says={"de": ["Rot", "Grün"], "en": ["red", "green"]},
        others=ids[2:],
        others_say={"de": ["schwer"]},
        likeness=0.05,
    )


@pytest.fixture
async def merge(company, question, guess, waits):
    one = await said(company, question, guess, "Drei Wochen, dann kam es.")
    other = await said(company, question, waits, "Erst nach Wochen.")
    return await propose(
        company,
        "merge",
        guess,
        [*one, *other],
        waits,
        quotes=[one[0].id],
        others=[other[0].id],
        likeness=0.93,
    )


def card(page, proposal):
    """What stands there of one proposal."""
    found = re.search(rf'<article[^>]+aria-labelledby="title-{proposal.id}".*?</article>', page, re.DOTALL)
    return found[0] if found else None


def fields(page, **more):
    """What a browser would send of the whole form without a change."""
    names = re.findall(r'<input[^>]* name="([^"]+-[0-9a-f-]{36})"[^>]*>', page)
    found: dict[str, object] = {}
    for tag in re.findall(r'<input[^>]* name="[^"]+-[0-9a-f-]{36}"[^>]*>', page):
        name, value = re.search(r' name="([^"]+)"', tag)[1], re.search(r' value="([^"]*)"', tag)[1]
        if 'type="checkbox"' not in tag:
            found[name] = value
        elif " checked" in tag:
            found.setdefault(name, []).append(value)
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))
    assert names
    return found | more


async def open_page(desk, **more):
    page = (await desk.get("/themes/proposals")).text
    return page, fields(page, **more)


async def state(proposal):
    return await fetch_value("select state from proposal where id = $1", proposal.id)


async def test_each_kind_stands_with_what_speaks_for_it(desk, new, join, split, merge):
    page = (await desk.get("/themes/proposals")).text

    assert all(
        page.index(one) < page.index(other)
        for one, other in pairwise(
            ["Ein neues Thema", "Unsicher in einem Thema", "zweierlei sagt", "Zwei Themen"]
        )
    )
    assert "Oft gesagt: Paket, Post." in card(page, new) and "3 Antworten" in card(page, new)
    assert "Gehören diese 3 Aussagen zu „Wartezeit“?" in card(page, join)
    assert "gehören etwa 2 davon hierher" in card(page, join) and "Ewig gewartet." in card(page, join)
    assert "Ähnlichkeit 0,05" in card(page, split) and "Zu schwer." in card(page, split)
    assert 'value="Rot, Grün"' in card(page, split)
    assert "Ähnlichkeit 0,93" in card(page, merge) and "Erst nach Wochen." in card(page, merge)
    assert f"comparison?with={merge.other}" in card(page, merge)


async def test_one_is_accepted_by_its_button_with_what_was_changed_in_place(desk, company, guess, new, split):
    _, sent = await open_page(desk, accept=str(new.id))
    sent[f"name-{new.id}"] = "Lieferzeit"

    reply = await desk.post(DECIDE, sent)

    assert reply.headers["location"] == "/desk/kranich/themes/proposals?done=accepted&n=1"
    assert await fetch_value("select name from theme where id = $1", guess.id) == "Lieferzeit"
    assert (await state(new), await state(split)) == ("accepted", "open")
    page = (await desk.browser.get(reply.headers["location"])).text
    assert "Ein Vorschlag angenommen." in page and card(page, new) is None and card(page, split)

    event = re.search(r'name="event" value="([^"]+)"', page)[1]
    undone = await desk.post("/search/undo", {"event": event, "back": "themes/proposals"})

    assert undone.headers["location"] == "/desk/kranich/themes/proposals?done=undone"
    assert card((await desk.get("/themes/proposals")).text, new)


async def test_several_are_accepted_or_refused_together(desk, company, new, join, split, merge):
    _, sent = await open_page(desk, accept="ticked", tick=[str(join.id), str(split.id)])

    reply = await desk.post(DECIDE, sent)

    assert reply.headers["location"].endswith("?done=accepted&n=2")
    assert await fetch_value("select count(*) from placement where by = 'person'") == 5
    assert await fetch_value("select count(*) from theme where name = 'Rot, Grün'") == 1

    _, sent = await open_page(desk, refuse="ticked", tick=[str(new.id), str(merge.id)])
    reply = await desk.post(DECIDE, sent)
    assert reply.headers["location"].endswith("?done=refused&n=2")
    assert (await state(new), await state(merge)) == ("refused", "refused")
    assert "Gerade gibt es keinen Vorschlag" in (await desk.get("/themes/proposals")).text


async def test_what_is_not_ticked_of_a_join_does_not_belong_there(desk, waits, join):
    _, sent = await open_page(desk, accept=str(join.id))
    sent[f"excerpt-{join.id}"] = sent[f"excerpt-{join.id}"][:2]

    await desk.post(DECIDE, sent)

    assert await fetch_value("select count(*) from placement where theme = $1", waits.id) == 2
    history = (await desk.get(f"/themes/{waits.id}")).text
    assert "hat gesagt: Eine Aussage gehört nicht hierher" in history


async def test_a_faulty_one_is_told_beside_it_and_nothing_typed_is_lost(desk, company, new, split, waits):
    _, sent = await open_page(desk, accept="ticked", tick=[str(new.id), str(split.id)])
    sent |= {f"name-{new.id}": "Lieferzeit", f"name-{split.id}": "Wartezeit"}

    reply = await desk.post(DECIDE, sent)

    assert reply.status_code == 422
    assert 'role="alert"' in card(reply.text, split) and 'role="alert"' not in card(reply.text, new)
    assert "Wartezeit" in card(reply.text, split) and 'aria-invalid="true"' in card(reply.text, split)
    assert (
        'value="Lieferzeit"' in card(reply.text, new)
        and len(re.findall('data-key="x" checked', reply.text)) == 2
    )
    assert (await state(new), await state(split)) == ("open", "open")
    live = await desk.post(DECIDE, sent, headers=HTMX)
    assert live.status_code == 422 and "<html" not in live.text and live.headers["HX-Push-Url"] == "false"


async def test_what_does_not_stand_any_more_is_told_in_a_sentence(desk, company, stones, waits, split):
    _, sent = await open_page(desk, accept=str(split.id))
    await desk.post(f"/themes/{stones.id}/name", {"name": "Spielsteine"})
    renamed = await desk.post(DECIDE, sent)
    assert renamed.status_code == 422 and "inzwischen anders benannt" in card(renamed.text, split)

    _, sent = await open_page(desk, accept=str(split.id))
    await desk.post(f"/themes/{stones.id}/merge", {"into": str(waits.id)})
    merged = await desk.post(DECIDE, sent)
    assert merged.status_code == 422 and "inzwischen zusammengelegt" in merged.text
    assert card(merged.text, split) is None

    await execute("delete from proposal")
    gone = await desk.post(DECIDE, sent)
    assert gone.status_code == 422 and "gibt es nicht mehr" in gone.text


@pytest.mark.parametrize(
    "sent", [{}, {"accept": "ticked"}, {"refuse": "'"}, {"accept": "ticked", "tick": "x"}]
)
async def test_nothing_chosen_is_told(desk, new, sent):
    reply = await desk.post(DECIDE, sent)

    assert reply.status_code == 422 and "Nichts ist ausgewählt" in reply.text and await state(new) == "open"


async def test_no_more_than_some_of_a_kind_stand_there_and_the_worthiest_first(desk, company, question):
    for n in range(7):
        theme = await made.a_theme(company, "", state="suggested", terms=[f"Ding {n}"])
        excerpts = await said(company, question, theme, f"Nummer {n} fehlt.")
        await propose(company, "new", theme, excerpts, worth=n)

    page = (await desk.get("/themes/proposals")).text

    assert page.count("<article") == 3 and "7 neue Themen" in page and "Danach warten noch 4." in page
    assert page.index("Ding 6") < page.index("Ding 5") and "Ding 3" not in page


async def test_more_proposals_take_no_more_queries(desk, company, question, split):
    await desk.get("/themes/proposals")  # what a page asks for once is remembered from now on
    with queries_asked() as few:
        await desk.get("/themes/proposals")
    for n in range(3):
        theme = await made.a_theme(company, f"Thema {n}")
        excerpts = await said(company, question, theme, f"Nummer {n} fehlt.")
        await propose(company, "join", theme, excerpts)

    with queries_asked() as many:
        assert (await desk.get("/themes/proposals")).text.count("<article") == 4

    assert 0 < len(many) <= len(few)


async def test_the_list_of_themes_and_the_first_page_lead_there_while_something_waits(
    desk, company, new, join
):
    pages = "/themes", "/today"
    assert all(["Vorschläge: 2 warten" in (await desk.get(page)).text for page in pages])

    await execute("delete from proposal")

    assert not any(["themes/proposals" in (await desk.get(page)).text for page in pages])


async def test_an_excerpt_that_a_person_placed_drops_out_of_a_join(desk, company, waits, join):
    who = await made.a_member(company)
    await execute(
        "update placement set by = 'person', member = $2 where excerpt = $1", join.excerpts[0], who.id
    )
    await execute(
        "update response set state = 'withdrawn' where id = (select response from excerpt where id = $1)",
        join.excerpts[1],
    )
    assert "Gehört diese Aussage zu „Wartezeit“?" in (await desk.get("/themes/proposals")).text

    await execute(
        "update placement set by = 'person', member = $2 where excerpt = $1", join.excerpts[2], who.id
    )
    assert await proposing.waiting(company.id) == {}


async def test_a_reader_may_neither_look_nor_decide(app, company, new):
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        assert (await reader.get("/themes/proposals")).status_code == 403
        assert "themes/proposals" not in (await reader.get("/themes")).text
        assert (await reader.post(DECIDE, {"accept": str(new.id)})).status_code == 403
    async with browser_of(app) as browser:
        elsewhere = await made.signed_in(browser, await made.a_company("anderswo"))
        assert "Paket" not in (await elsewhere.get("/themes/proposals")).text
        reply = await elsewhere.post(DECIDE, {"accept": str(new.id), f"name-{new.id}": "Unseres"})
        assert reply.status_code == 422 and await state(new) == "open"


@pytest.mark.parametrize("query", ["done=x&n=-1", "n=99999999999999", "done=accepted"])
async def test_an_address_that_nobody_linked_to_shows_the_page(desk, new, query):
    reply = await desk.get(f"/themes/proposals?{query}")

    assert reply.status_code == 200 and card(reply.text, new)


async def test_the_terms_of_both_sides_are_in_the_readers_language(app, company, split):
    async with browser_of(app) as browser:
        english = await made.signed_in(browser, company, language="en")
        of_split = card((await english.get("/themes/proposals")).text, split)

    assert "red, green" in of_split and 'value="red, green"' in of_split
    assert "schwer" in of_split, "said in one language only, it is shown in that"
    assert "Rot, Grün" not in of_split
