"""How a company looks and speaks, and what was changed by whom."""

import pytest

from hearback.database.engine import fetch_value, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.forms import timezones
from tests import made
from tests.conftest import browser_of
from tests.waiting import until

AS_THEY_ARE = {
    "name": "Kranich Spiele",
    "colour": "#2b3f9e",
    "address": "du",
    "languages": "de,en",
    "timezone": "Europe/Berlin",
    "fewest_voices": "5",
    "imprint": "",
    "privacy": "",
    "accessibility": "",
}


async def test_a_change_is_public_as_soon_as_the_news_is_heard(fan, desk, company):
    assert "Kranich Spiele" in (await fan.get("/kranich/rules")).text

    reply = await desk.post(
        "/settings",
        AS_THEY_ARE
        | {
            "name": "Kranich & Co",
            "colour": "#AA3300",
            "address": "sie",
            "languages": "en,de",
            "fewest_voices": "7",
        },
    )

    assert reply.status_code == 303

    async def renamed() -> bool:
        return "Kranich &amp; Co" in (await fan.get("/kranich/rules")).text

    await until(renamed)  # the news goes through the database to every process, this one too
    english, german = await fan.get("/kranich/rules"), await fan.get("/kranich/rules?lang=de")
    assert "Kranich &amp; Co" in english.text
    assert "You need no account." in english.text
    assert "Ein Konto brauchen Sie nicht." in german.text
    assert "ab 7 Stimmen" in german.text
    assert "/kranich/look-aa3300-" in english.text


async def test_the_audit_row_tells_short_values_and_of_long_texts_that_they_changed(desk, company):
    await desk.post(
        "/settings",
        AS_THEY_ARE | {"fewest_voices": "9", "imprint": "Musterweg 3, Bremen", "accessibility": "Ruf an."},
    )

    (entry,) = await queries.audit(company.id, before=None, limit=1)
    assert (entry.did, entry.before, entry.after) == (
        "company.settings",
        {"fewest_voices": 5, "imprint": None, "accessibility": None},
        {"fewest_voices": 9, "imprint": None, "accessibility": None},
    )
    assert "Musterweg" not in await fetch_value("select string_agg(audit::text, '') from audit")


async def test_saving_without_a_change_writes_nothing_down(desk, company):
    await desk.post("/settings", AS_THEY_ARE)

    assert await queries.audit(company.id, before=None, limit=1) == []


@pytest.mark.parametrize(
    "typed",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"colour": "red"},
        {"colour": "#12345"},
        {"colour": "#123456;}body{display:none"},
        {"address": "ihr"},
        {"languages": "fr"},
        {"languages": "de,de"},
        {"timezone": "Mond/Krater"},
        {"timezone": "../../etc/passwd"},
        {"fewest_voices": "0"},
        {"fewest_voices": "51"},
        {"fewest_voices": "viele"},
        {"imprint": "x" * 20_001},
        {"slug": "reiher"},
        {"name": ["Kranich", "Reiher"]},
    ],
)
async def test_what_does_not_fit_is_refused_and_stays_typed(desk, company, typed):
    reply = await desk.post("/settings", AS_THEY_ARE | {"imprint": "Musterweg 3"} | typed)

    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    if "imprint" not in typed:
        assert "Musterweg 3" in reply.text
    assert await queries.company_by_slug("kranich") == company
    assert await queries.audit(company.id, before=None, limit=1) == []


def test_time_zones_are_places():
    assert {"UTC", "Europe/Berlin", "America/Argentina/Ushuaia"} <= set(timezones())
    assert not {"EST", "Etc/GMT+5", "posixrules"} & set(timezones())


async def test_your_colour_and_how_it_is_used_stand_side_by_side(desk):
    page = (await desk.get("/settings")).text

    assert page.count('<svg class="colour"') == 3
    assert 'fill="#2b3f9e"' in page
    assert "style=" not in page


async def test_only_an_admin_sees_the_settings(desk, company):
    comms = await made.signed_in(desk.browser, company, "comms")

    assert (await comms.get("/settings")).status_code == 403
    assert (await comms.post("/settings", AS_THEY_ARE | {"name": "Eve"})).status_code == 403
    assert (await queries.company_by_slug("kranich")).name == "Kranich Spiele"


async def test_the_audit_says_it_in_plain_words_newest_first(desk, company):
    await desk.post("/settings", AS_THEY_ARE | {"fewest_voices": "9"})
    await desk.post("/people/invitations", {"email": "neu@kranich.example", "role": "product"})

    page = (await desk.get("/people/audit")).text

    assert f"{desk.member.name} hat die Einstellungen geändert." in page
    assert page.index("hat jemanden eingeladen") < page.index("hat die Einstellungen geändert")
    assert "<del>5</del> <ins>9</ins>" in page
    assert "Rolle: Produkt" in page


async def test_the_audit_writes_days_and_months_as_people_do(desk, company):
    async with transaction():
        for did, after in (
            ("report.signed", {"month": "2025-10"}),
            ("action.made", {"due_on": "2025-12-13"}),
        ):
            await note_down(company.id, did, by=desk.member.id, now=made.NOW, after=after)

    page = (await desk.get("/people/audit")).text

    assert "Oktober\N{NO-BREAK SPACE}2025" in page
    assert "13.\N{NO-BREAK SPACE}Dezember 2025" in page
    assert "2025-1" not in page


async def test_the_audit_is_paged(desk, company):
    for number in range(53):
        await desk.post("/settings", AS_THEY_ARE | {"fewest_voices": str(6 + number % 2)})
    entries = await queries.audit(company.id, before=None, limit=100)

    first = (await desk.get("/people/audit")).text
    second = (await desk.get(f"/people/audit?before={entries[49].id}")).text

    assert first.count("<time") == 50
    assert f"?before={entries[49].id}" in first
    assert second.count("<time") == 3
    assert "Ältere Einträge" not in second
    assert (await desk.get("/people/audit?before=xyz")).status_code == 200


async def test_the_audit_of_another_company_stays_there(app, desk, company):
    other = await made.signed_in(browser_of(app), await made.a_company("reiher", name="Reiher"))
    await desk.post("/settings", AS_THEY_ARE | {"name": "Kranich Reisen"})

    page = await other.get("/people/audit")

    assert "Noch nichts." in page.text
    assert "Kranich" not in page.text
