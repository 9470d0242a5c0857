"""The JSON feed says what the Atom feed says."""

import json

from tests import made


async def test_the_json_feed_holds_the_newest_notes_and_what_was_taken_back(fan, company):
    by = await made.a_member(company, name="Tarek Osman", role_title="Produktion")
    theme = await made.a_theme(company)
    await made.a_public_note(company, theme, by=by, did="Alle Steine haben **Kerben**.")
    gone = await made.a_public_note(company, theme, by=by, kind="holding", known="<script>x</script>")

    page = await fan.get("/kranich/log.json")

    assert page.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(page.text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://test/kranich/log.json"
    items = {item["id"]: item for item in feed["items"]}
    assert len(items) == 2
    told = next(item for item in feed["items"] if "Kerben" in item["content_html"])
    assert "<strong>Kerben</strong>" in told["content_html"]
    assert told["authors"] == [{"name": "Tarek Osman, Produktion"}]
    assert "<script>" not in items[f"urn:uuid:{gone.id}"]["content_html"]


async def test_the_json_feed_speaks_the_readers_language(fan, company):
    feed = json.loads((await fan.get("/kranich/log.json?lang=en")).text)
    assert (feed["language"], feed["items"]) == ("en", [])
    assert feed["home_page_url"].endswith("/kranich/log?lang=en")
