"""Every reply carries our headers; every error says what to do and loses nothing."""

import pytest

from hearback.web import headers
from tests import made
from tests.conftest import browser_of


async def test_an_unknown_page_is_a_page_that_helps(fan):
    page = await fan.get("/nowhere/at/all")

    assert page.status_code == 404
    assert "Hier ist nichts, oder nichts mehr." in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-request-id"]


async def test_a_page_of_the_desk_that_is_not_there_leads_back_to_the_desk(desk):
    assert 'href="/desk">Zum Arbeitsbereich' in (await desk.get("/nowhere")).text


@pytest.mark.parametrize(("member", "browser"), [("en", "de"), ("de", "en")])
async def test_whoever_is_turned_away_at_the_desk_is_told_so_in_their_own_language(
    app, company, member, browser
):
    async with browser_of(app) as at_home:
        at_home.headers["accept-language"] = browser
        reader = await made.signed_in(at_home, company, "reader", language=member)

        date = f"/promises/{made.some_id()}/date"
        turned_away = [
            await reader.get(date),
            await reader.post(date),
            await reader.post(date, {"_csrf": "x"}),
        ]
        missing = await reader.get(f"/themes/{made.some_id()}")

    assert [page.status_code for page in turned_away] == [403, 403, 403]
    assert missing.status_code == 404
    assert all(f'<html lang="{member}"' in page.text for page in [*turned_away, missing])


async def test_english_readers_get_english_errors(fan):
    assert "There is nothing here" in (await fan.get("/nowhere/at/all?lang=en")).text


async def test_a_post_from_another_site_is_refused(fan, company):
    for told in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        page = await fan.post(f"/{company.slug}/r", data={"code": "x"}, headers=told)
        assert page.status_code == 403
        assert "Dieses Formular kam nicht von unserer Seite." in page.text


@pytest.mark.parametrize("broken", ["%00", "%FF%FE"])
async def test_what_cannot_be_read_whole_gives_back_what_can(desk, broken):
    body = f"_csrf={desk.csrf}&kind=changed&title=Die%20Anleitung{broken}%20ist%20neu".encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    page = await desk.browser.post(desk.address("/notes"), content=body, headers=form)

    assert page.status_code == 422
    assert "Die Anleitung" in page.text and "ist neu" in page.text


async def test_no_log_line_holds_an_address_a_query_or_a_body(fan, company, monkeypatch):
    lines = []
    monkeypatch.setattr(headers, "log", Listener(lines))
    await fan.post("/kranich/r?canary=in-the-query", data={"code": "canary-in-the-body"})
    await fan.get("/canary-in-the-path/r")

    assert [(line["method"], line["status"]) for line in lines] == [("POST", 422), ("GET", 404)]
    assert "canary" not in repr(lines)
    assert "127.0.0.1" not in repr(lines)


class Listener:
    def __init__(self, lines):
        self.lines = lines

    def info(self, event, **values):
        self.lines.append({"event": event} | values)

    warning = info


async def test_the_desk_sends_a_stranger_to_the_sign_in_page_and_back(fan, company):
    page = await fan.get(f"/desk/{company.slug}/hearbacks")
    assert page.status_code == 303
    assert page.headers["location"] == f"/in?next=%2Fdesk%2F{company.slug}%2Fhearbacks"


async def test_nobody_sets_a_cookie_on_public_pages(fan, company):
    for path in (f"/{company.slug}/r", "/nowhere", "/health/live"):
        assert "set-cookie" not in (await fan.get(path)).headers
