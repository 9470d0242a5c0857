"""The log by kind, theme, question, year, language and words; each view with its feeds; and where we were wrong."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest

from hearback.changenotes import queries
from hearback.changenotes.wanted import Wanted, read_wanted
from hearback.refusals import NotFound
from tests import made

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
async def filled(company):
    """Three notes: two on a theme with five voices, one of them a mistake of last year, and one on another."""
    by = await made.a_member(company, name="Tarek Osman")
    stones = await made.a_theme(company, "Steine, die man fühlt")
    alone = await made.a_theme(company, "Nur einer sagt es")
    question = await made.a_question(company, by=by)
    for number in range(5):
        response = await made.an_answer(company, question, f"Die Farben sehen gleich aus, {number}.")
        await made.placed(company, response, stones)
    year_ago = datetime(2025, 6, 1, tzinfo=UTC)
    await made.a_public_note(company, stones, by=by, title="Kerben", did="Alle Spielsteine haben Kerben.")
    await made.a_public_note(
        company, stones, by=by, kind="mistake", at=year_ago, title="Falsch gedruckt", wrong="Wir wussten es."
    )
    await made.a_public_note(company, alone, by=by, kind="holding", title="Ferry", known="Wir testen.")
    await made.a_public_note(company, stones, by=by, state="draft", title="Entwurf mit Kerben")
    return company, stones, alone, question


async def titles(fan, query: str) -> set[str]:
    feed = json.loads((await fan.get(f"/kranich/search.json?{query}")).text)
    return {item["title"] for item in feed["items"]}


async def test_each_way_of_looking_gives_what_fits_and_nothing_else(fan, filled):
    _, stones, _, question = filled

    assert await titles(fan, "") == {"Kerben", "Falsch gedruckt", "Ferry"}
    assert await titles(fan, "kind=mistake") == {"Falsch gedruckt"}
    assert await titles(fan, "year=2025") == {"Falsch gedruckt"}
    assert await titles(fan, f"theme={stones.id}") == {"Kerben", "Falsch gedruckt"}
    assert await titles(fan, f"question={question.slug}&kind=changed") == {"Kerben"}
    assert await titles(fan, "words=kerbe") == {"Kerben"}, "by its stem"
    assert await titles(fan, "words=spielstein") == {"Kerben"}
    assert await titles(fan, "words=Kerben+gedruckt") == set(), "all words must be there"


async def test_a_year_ends_when_it_ends_in_the_house(fan, company):
    by = await made.a_member(company)
    theme = await made.a_theme(company)
    for hour, title in ((22, "Silvester"), (23, "Neujahr")):
        at = datetime(2025, 12, 31, hour, 30, tzinfo=UTC)
        await made.a_public_note(company, theme, by=by, at=at, title=title)

    assert await titles(fan, "year=2025") == {"Silvester"}
    assert await titles(fan, "year=2026") == {"Neujahr"}, "by the house's clock it is half past midnight"
    assert (await fan.get("/kranich/search?year=2027")).status_code == 404


async def test_a_year_in_which_only_the_house_has_begun_is_offered_too(fan, company):
    late = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    await made.a_public_note(company, await made.a_theme(company), by=await made.a_member(company), at=late)
    assert await titles(fan, "year=2026") == {"Steine mit Kerben"}
    assert (await fan.get("/kranich/search?year=2025")).status_code == 404


async def test_by_language_is_by_the_one_in_which_it_was_written(fan, filled):
    company, stones, _, _ = filled
    by = await made.a_member(company, name="Jule")
    await made.a_public_note(company, stones, by=by, language="en", title="Notches", did="All stones.")

    assert await titles(fan, "note_language=en") == {"Notches"}
    assert "Notches" not in await titles(fan, "note_language=de")
    assert (await fan.get("/kranich/search?note_language=fr")).status_code == 404


async def test_a_question_leads_only_to_notes_that_counted_answers_to_it_stand_behind(fan, filled):
    company, _, alone, question = filled
    for odd in ({"state": "withdrawn"}, {"state": "set_aside", "reason": "Werbung."}, {"test": True}):
        await made.placed(company, await made.an_answer(company, question, **odd), alone)

    assert await titles(fan, f"question={question.slug}") == {"Kerben", "Falsch gedruckt"}


@pytest.mark.parametrize("first", ["search?kind=mistake", "mistakes", "log?kind=mistake"])
async def test_of_notes_of_one_moment_none_is_lost_or_shown_twice_on_older_pages(fan, company, first):
    by, theme = await made.a_member(company), await made.a_theme(company)
    for number in range(45):
        await made.a_public_note(company, theme, by=by, kind="mistake", title=f"Notiz {number:02}.")
        await made.a_public_note(company, theme, by=by, title="Kein Fehler.")

    told, address = [], f"/kranich/{first}"
    for _ in range(3):
        page = (await fan.get(address)).text
        told += re.findall(r"Notiz \d\d\.", page)
        assert "Kein Fehler." not in page
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(older.group(1)) if older else ""
    assert address == "", "that was the last page"
    assert sorted(told) == [f"Notiz {number:02}." for number in range(45)]


async def test_many_drafts_take_no_place_on_the_page(fan, filled):
    company, stones, _, _ = filled
    by = await made.a_member(company, name="Jule")
    for _ in range(25):
        await made.a_public_note(company, stones, by=by, state="draft", title="Entwurf")
    assert await titles(fan, f"theme={stones.id}") == {"Kerben", "Falsch gedruckt"}


async def test_what_the_public_may_not_see_cannot_be_looked_for(fan, filled):
    _, _, alone, _ = filled
    other = await made.a_company("moor", name="Moor")
    theirs = await made.a_theme(other)
    for query in (
        f"theme={alone.id}",
        f"theme={theirs.id}",
        "question=geheim",
        "year=1999",
        "kind=x",
        "year=x",
    ):
        for page in ("search", "search.atom", "search.json"):
            assert (await fan.get(f"/kranich/{page}?{query}")).status_code == 404, query
    assert "Entwurf" not in (await fan.get("/kranich/search?words=Kerben")).text
    assert "Nur einer" not in (await fan.get("/kranich/search")).text


async def test_the_page_says_what_was_looked_for_and_offers_it_as_a_feed(fan, filled):
    _, stones, _, _ = filled

    page = await fan.get(f"/kranich/search?theme={stones.id}&words=Kerben&lang=en")

    assert 'value="Kerben"' in page.text
    assert f'value="{stones.id}" selected' in page.text
    assert f"/kranich/search.atom?theme={stones.id}&amp;words=Kerben&amp;lang=en" in page.text
    assert page.headers["x-robots-tag"] == "noindex"
    nothing = await fan.get("/kranich/search?words=%3Cscript%3Ealert(1)%3C/script%3E%00")
    assert "<script>alert" not in nothing.text
    assert "Dazu steht hier noch nichts." in nothing.text


async def test_the_feed_of_a_view_has_an_address_and_a_title_of_its_own(fan, filled):
    page = await fan.get("/kranich/search.atom?kind=mistake")

    feed = ElementTree.fromstring(page.text)
    assert feed.findtext(f"{ATOM}id") == "http://test/kranich/search.atom?kind=mistake"
    assert (
        feed.findtext(f"{ATOM}title") == "Kranich Spiele: Ihr habt gefragt, wir haben geändert – Unser Fehler"
    )
    links = {(link.get("rel"), link.get("type")[:9], link.get("hreflang")): link.get("href")
             for link in feed.findall(f"{ATOM}link")}  # fmt: skip
    assert links == {
        ("self", "applicati", "de"): "http://test/kranich/search.atom?kind=mistake",
        ("alternate", "text/html", "de"): "http://test/kranich/search?kind=mistake",
        ("alternate", "applicati", "en"): "http://test/kranich/search.atom?kind=mistake&lang=en",
    }
    (entry,) = feed.findall(f"{ATOM}entry")
    for needed in ("id", "title", "updated"):
        assert entry.findtext(f"{ATOM}{needed}"), "RFC 4287, 4.1.2"


async def test_where_we_were_wrong_is_a_page_of_its_own_in_every_navigation(fan, filled):
    page = await fan.get("/kranich/mistakes")

    assert '<h1 class="said">Wo wir falsch lagen</h1>' in page.text
    assert "Falsch gedruckt" in page.text
    assert "Ferry" not in page.text
    assert 'href="/kranich/mistakes"' in (await fan.get("/kranich")).text
    assert 'href="/kranich/mistakes?lang=en"' in (await fan.get("/kranich/log?lang=en")).text


async def test_a_long_list_goes_on_where_it_stopped(fan, company):
    by, theme = await made.a_member(company), await made.a_theme(company)
    for number in range(22):
        at = made.NOW - timedelta(hours=number)
        await made.a_public_note(company, theme, by=by, at=at, title=f"Nummer {number}")

    page = await fan.get("/kranich/search?kind=changed")

    assert "Nummer 19" in page.text
    assert "Nummer 20" not in page.text
    older = page.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Nummer 21" in (await fan.get(older)).text


def test_a_wish_is_read_strictly_and_written_in_one_way():
    assert read_wanted({}) == Wanted()
    wish = read_wanted({"words": "  rot\x00 und\tgrün ", "year": "2026", "kind": "mistake"})
    assert wish.query == "kind=mistake&year=2026&words=rot+und+gr%C3%BCn"
    assert len(read_wanted({"words": "x" * 500}).words) == 100
    for wrong in ({"theme": "1"}, {"year": "99999"}, {"question": "a/b"}, {"note_language": "ä"}):
        with pytest.raises(NotFound):
            read_wanted(wrong)


async def test_a_hostile_reader_gets_neither_an_error_nor_anything_made_twice(fan, filled, monkeypatch):
    """It asks for nonsense, asks again and again, and hides signs that no XML may hold in what it looks for."""
    made_, log_page = [], queries.log_page

    async def counted(*given, **named):
        made_.append(named)
        return await log_page(*given, **named)

    monkeypatch.setattr(queries, "log_page", counted)
    first = await fan.get("/kranich/search.atom?kind=changed")
    for _ in range(5):
        again = await fan.get("/kranich/search.atom?x=1&kind=changed&kind=changed")
        assert again.content == first.content
    unchanged = await fan.get(
        "/kranich/search.atom?kind=changed", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (unchanged.status_code, unchanged.content, len(made_)) == (304, b"", 1)

    for query in (
        "words=%00%0b%ff%ed%a0%80",
        "words=%F0%9F%98%80",
        "words=" + "a" * 9000,
        "words=%22%22(%7C!%26",
    ):
        page = await fan.get(f"/kranich/search.atom?{query}")
        assert page.status_code == 200, query
        ElementTree.fromstring(page.content)
        json.loads((await fan.get(f"/kranich/search.json?{query}")).content)
    for query in ("before=x", "theme=%00", "year=%00", "kind=%F0", "lang=%00&year=1e3"):
        assert (await fan.get(f"/kranich/search?{query}")).status_code == 404, query
