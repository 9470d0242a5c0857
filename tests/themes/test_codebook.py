"""A company's own copy of the codebook: found, changed, added to, switched off and taken back, and read by."""

import re
from html import unescape

import pytest

from hearback.database.engine import ENGINE, fetch_value
from hearback.themes import codebooks
from hearback.themes.commands import learning, sort
from hearback.themes.own_codebook import in_use, why_not
from hearback.themes.queries import codebook as queries
from hearback.themes.reading.codebook import Entry, starter_by_slug, starter_entries
from tests import made
from tests.conftest import browser_of
from tests.themes.sentences import DELIVERY, MANUAL

HERE = "/themes/codebook"
BOATS = [
    "Am Bootsverleih war kein Kanu mehr frei.",
    "Die Boote am See waren alle schon verliehen.",
    "Der Verleih für Kanus hatte am Sonntag geschlossen.",
    "Wir wollten ein Boot leihen und haben keins bekommen.",
    "Zu wenige Kanus am Bootsverleih.",
]
PRICES = starter_by_slug()["price-level"]
CANOES = {
    "de": "Bootsverleih",
    "definition_de": "Kanus und Boote am See leihen.",
    "examples_de": "kein Kanu frei\r\n\r\n Boote alle weg \r\nkein Kanu frei",
    "weight": "1",
}


def as_it_stands(entry: Entry, **more: str) -> dict[str, str]:
    """What the form of an entry sends when nobody typed anything."""
    texts = {name: getattr(entry, name) for name in ("de", "en", "definition_de", "definition_en")}
    examples = {f"examples_{one}": "\n".join(getattr(entry, f"examples_{one}")) for one in ("de", "en")}
    return texts | examples | ({"weight": "1"} if entry.weight else {}) | {"seen": "shipped"} | more


def plain(page) -> str:
    return unescape(re.sub(r"\s+", " ", page.text))


def names_on(page) -> list[str]:
    return re.findall(r'<a class="plainlink"[^>]*>([^<]+)</a>', unescape(page.text))


async def rows_of(company) -> int:
    return await fetch_value("select count(*) from codebook_entry where company = $1", company.id)


async def added(desk, **more: str) -> str:
    """What an own entry is known by."""
    reply = await desk.post(HERE, CANOES | more)
    assert reply.status_code == 303, reply.text
    return re.search(r"codebook/(own-[0-9a-f]+)", reply.headers["location"])[1]


@pytest.fixture
async def tarek(app, company):
    async with browser_of(app) as browser:
        yield await made.signed_in(browser, company, "product", name="Tarek Osman")


async def test_all_entries_are_found_by_words_of_either_language_and_without_dots(desk):
    everything = names_on(await desk.get(HERE))
    assert len(everything) == len(starter_entries())

    assert PRICES.de in names_on(await desk.get(f"{HERE}?q=can't+afford"))
    assert PRICES.de in names_on(await desk.get(f"{HERE}?q=UBERTEUERT"))
    assert names_on(await desk.get(f"{HERE}?q=xyzzy")) == []


async def test_the_list_shows_what_weighs_what_is_ours_and_what_is_off(desk):
    weighty = names_on(await desk.get(f"{HERE}?only=weight"))
    assert len(weighty) == sum(entry.weight for entry in starter_entries())
    assert names_on(await desk.get(f"{HERE}?only=ours")) == []

    await added(desk)
    await desk.post(f"{HERE}/price-level/off")

    assert names_on(await desk.get(f"{HERE}?only=ours")) == ["Bootsverleih", PRICES.de]
    assert names_on(await desk.get(f"{HERE}?only=off")) == [PRICES.de]
    assert "Bootsverleih" in names_on(await desk.get(f"{HERE}?only=weight"))


async def test_what_is_changed_is_read_by_and_only_the_difference_is_kept(desk, company):
    new = as_it_stands(PRICES, de="Zu teuer", weight="1")
    assert (await desk.post(f"{HERE}/price-level", new)).status_code == 303

    entries = in_use(await queries.changes(company.id))
    assert len(entries) == len(starter_entries()) and await rows_of(company) == 1
    entry = next(one for one in entries if one.slug == "price-level")
    assert (entry.de, entry.weight, entry.sectors) == ("Zu teuer", True, PRICES.sectors)

    seen = re.search(r'name="seen" value="([^"]+)"', (await desk.get(f"{HERE}/price-level")).text)[1]
    assert (await desk.post(f"{HERE}/price-level", as_it_stands(PRICES, seen=seen))).status_code == 303
    assert await rows_of(company) == 0


async def test_saving_what_stands_there_changes_nothing(desk, company):
    await desk.post(f"{HERE}/price-level", as_it_stands(PRICES))

    assert await rows_of(company) == 0
    assert await fetch_value("select count(*) from audit where did like 'codebook.%'") == 0


async def test_an_entry_of_ones_own_may_speak_one_language(desk, company):
    slug = await added(desk)

    own = next(one for one in in_use(await queries.changes(company.id)) if one.slug == slug)

    assert (own.de, own.en, own.weight) == ("Bootsverleih", "", True)
    assert own.examples_de == ("kein Kanu frei", "Boote alle weg")
    page = plain(await desk.get(f"{HERE}/{slug}"))
    assert "eigener Eintrag" in page and "Mitgelieferten Text" not in page


async def test_who_writes_second_sees_both_texts_and_loses_none(desk, tarek, company):
    await desk.post(f"{HERE}/price-level", as_it_stands(PRICES, de="Zu teuer"))

    late = await tarek.post(f"{HERE}/price-level", as_it_stands(PRICES, de="Kostet zu viel"))

    assert late.status_code == 409
    page = plain(late)
    assert f"{desk.member.name} hat diesen Eintrag geändert, während du" in page
    assert 'value="Kostet zu viel"' in page and "<p>Zu teuer</p>" in page
    assert await fetch_value("select de from codebook_entry") == "Zu teuer"
    seen = re.search(r'name="seen" value="([^"]+)"', late.text)[1]
    again = await tarek.post(f"{HERE}/price-level", as_it_stands(PRICES, de="Kostet zu viel", seen=seen))
    assert again.status_code == 303
    stale = await desk.post(f"{HERE}/price-level/shipped", {"seen": seen})
    assert stale.status_code == 409
    assert await fetch_value("select de from codebook_entry") == "Kostet zu viel"


async def test_the_shipped_text_comes_back_by_one_press(desk, company):
    await desk.post(f"{HERE}/price-level", as_it_stands(PRICES, de="Zu teuer", definition_de="Anders."))
    page = await desk.get(f"{HERE}/price-level")
    assert PRICES.definition_de in plain(page), "the text as it came can be looked at before it is taken"
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)[1]

    assert (await desk.post(f"{HERE}/price-level/shipped", {"seen": seen})).status_code == 303

    assert in_use(await queries.changes(company.id)) == starter_entries()
    assert (await desk.post(f"{HERE}/{await added(desk)}/shipped")).status_code == 404


async def test_who_changed_what_stands_with_the_entry_and_in_the_audit(desk, tarek):
    await tarek.post(f"{HERE}/price-level", as_it_stands(PRICES, de="Zu teuer"))
    await desk.post(f"{HERE}/price-level/off")

    told = plain(await desk.get(f"{HERE}/price-level"))
    audit = plain(await desk.get("/people/audit"))

    assert "Tarek Osman hat einen Eintrag im Codebuch geändert." in told
    assert f"<dt>Name auf Deutsch</dt><dd><del>{PRICES.de}</del> <ins>Zu teuer</ins></dd>" in told
    assert f"{desk.member.name} hat einen Eintrag im Codebuch ausgeschaltet." in told
    assert "Tarek Osman hat einen Eintrag im Codebuch geändert." in audit and "Eintrag: Zu teuer" in audit


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"de": "", "definition_de": "", "examples_de": ""}, "auf Deutsch oder auf Englisch"),
        ({"definition_de": " "}, "was dazugehört"),
        ({"definition_en": "Boats"}, "braucht sie auch einen Namen"),
        ({"de": PRICES.de.upper()}, "So heißt schon ein anderer Eintrag"),
        ({"de": "ab"}, "mindestens 3 Zeichen"),
        ({"de": "x" * 61}, "61 Zeichen"),
        ({"examples_de": "\n".join(f"Boot {n}" for n in range(11))}, "11 Beispiele"),
    ],
)
async def test_what_does_not_fit_is_said_and_nothing_is_lost(desk, company, typed, reason):
    page = await desk.post(HERE, CANOES | typed)

    assert page.status_code == 422
    assert reason in plain(page)
    assert (CANOES | typed)["definition_de"].strip() in plain(page)
    assert await rows_of(company) == 0


async def test_a_name_is_free_again_while_its_entry_is_off(desk):
    await desk.post(f"{HERE}/price-level/off")
    await added(desk, de=PRICES.de)

    back = await desk.post(f"{HERE}/price-level/on")

    assert back.status_code == 422 and "So heißt schon ein anderer Eintrag" in plain(back)


async def test_the_last_entry_in_use_stays(desk, company):
    await added(desk)
    (own,) = await queries.changes(company.id)
    rest = [(made.some_id(), company.id, entry.slug, entry.de, own.version) for entry in starter_entries()]
    await ENGINE.pool.executemany(
        """insert into codebook_entry (id, company, slug, used, de, version, member)
           select $1, $2, $3, false, $4, $5, member from codebook_entry where company = $2 limit 1""",
        rest,
    )

    page = await desk.post(f"{HERE}/{own.slug}/off")

    assert page.status_code == 422 and "Einer muss bleiben" in plain(page)


async def test_a_reader_sees_the_codebook_and_changes_nothing(app, company, desk):
    slug = await added(desk)
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")

        assert "Kanus und Boote" in plain(await reader.get(f"{HERE}/{slug}"))
        assert "<form" not in (await reader.get(f"{HERE}/{slug}")).text.split("<main")[1]
        for path in (f"{HERE}/{slug}/off", f"{HERE}/price-level/off", f"{HERE}/price-level", HERE):
            assert (await reader.post(path, CANOES)).status_code == 403
        assert (await reader.get(f"{HERE}/new")).status_code == 403
    assert await rows_of(company) == 1


async def test_another_companys_copy_is_its_own(app, company, desk):
    slug = await added(desk)
    await desk.post(f"{HERE}/price-level/off")
    neighbours = await made.a_company("reiher")
    async with browser_of(app) as browser:
        theirs = await made.signed_in(browser, neighbours, "admin")

        assert (await theirs.get(f"{HERE}/{slug}")).status_code == 404
        assert (await theirs.post(f"{HERE}/{slug}/off")).status_code == 404
        assert "Bootsverleih" not in (await theirs.get(HERE)).text
    assert in_use(await queries.changes(neighbours.id)) == starter_entries()


async def test_a_change_is_learnt_from_and_the_reading_uses_it(desk, company):
    await desk.post(f"{HERE}/price-level/off")
    slug = await added(desk)

    waiting = await fetch_value("select count(*) from pgqueuer where entrypoint = 'themes.learn'")
    book = await learning.codebook_now(company.id)

    assert waiting == 1
    slugs = {entry.slug for entry in book.book.entries}
    assert slug in slugs and "price-level" not in slugs
    assert await learning.codebook_now(company.id) is book, "it is kept while nothing changes"
    await desk.post(f"{HERE}/{slug}/off")
    assert slug not in {entry.slug for entry in (await learning.codebook_now(company.id)).book.entries}


async def test_what_people_say_is_suggested_under_the_name_that_the_company_gave_it(desk, company):
    more = {"examples_de": "Kein Kanu mehr frei\nBoote waren alle verliehen\nder Bootsverleih hatte zu"}
    slug = await added(desk, **more)
    question = await made.a_question(company)
    for words in (*BOATS, *DELIVERY, *MANUAL):
        await made.an_answer(company, question, words)

    await sort(company.id, now=made.NOW)

    called = "select array_to_string(terms, ', ') from theme where entry = $1"
    assert await fetch_value(called, slug) == "Bootsverleih"
    await desk.post(f"{HERE}/{slug}/off")
    await learning.learn(company.id, cause="taught", now=made.NOW)
    assert await fetch_value(called, slug) is None, "what is off names nothing"


async def test_only_a_few_companies_own_books_are_kept(monkeypatch, company):
    monkeypatch.setattr(codebooks, "BOOKS_KEPT", 2)
    for number in range(4):
        codebooks.codebook_of(made.some_id(), starter_entries()[number + 1 :])

    assert len(codebooks._books) <= 2
    assert codebooks.codebook_of(company.id, starter_entries()) is codebooks.starter_codebook(False)


async def test_what_weighs_for_the_company_is_asked_and_what_does_not_is_not(desk, company):
    question = await made.a_question(company)
    theme = await made.a_theme(company, "", state="suggested", terms=["Datenverlust"], entry="data-loss")
    await made.placed(company, await made.an_answer(company, question, "Mein Spielstand ist weg."), theme)
    assert "könnte schwer wiegen" in (await desk.get(f"/themes/{theme.id}")).text

    lost = as_it_stands(starter_by_slug()["data-loss"])
    lost.pop("weight")
    await desk.post(f"{HERE}/data-loss", lost)

    page = await desk.get(f"/themes/{theme.id}")
    assert "könnte schwer wiegen" not in page.text
    assert "Aus dem Codebuch" in page.text


def test_every_shipped_entry_fits_the_rules_of_ones_own():
    entries = starter_entries()

    assert [why_not(entry, [one for one in entries if one is not entry]) for entry in entries] == [[]] * len(
        entries
    )
