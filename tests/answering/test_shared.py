"""What other programs show of a link to us: texts in its language and a picture from our own server."""

import io
import re

import pytest
from PIL import Image

from hearback.database.engine import execute, fetch_value
from hearback.people.commands import change_picture
from hearback.web.picture import Shown, picture
from tests import made
from tests.people.pictures import a_jpeg

AS_THEY_WANT_IT = (1200, 630)

CANARY = "Kanarienvogel im Bergwerk"


def told(page):
    """The tags by name."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page.text)
    links = re.findall(r'<link rel="(canonical|alternate)"(?: hreflang="(\w+)")? href="([^"]+)">', page.text)
    return dict(found) | {f"{rel}{lang}": href for rel, lang, href in links}


async def test_a_question_tells_title_reason_and_picture_in_the_page_s_language(fan, company):
    await made.a_question(
        company,
        slug="frage",
        why='Viele haben "geschrieben" <b>und</b> gefragt. ' * 20,
        translations='{"en": {"title": "Where did the manual leave you alone?"}}',
    )
    german, english = (
        told(await fan.get("/kranich/ask/frage")),
        told(await fan.get("/kranich/ask/frage?lang=en")),
    )

    assert german["og:title"] == "Wo hat euch die Anleitung allein gelassen?"
    assert english["og:title"] == english["og:image:alt"] == "Where did the manual leave you alone?"
    assert (german["og:locale"], english["og:locale"]) == ("de_DE", "en_GB")
    assert (
        german["description"].startswith("Viele haben &#34;geschrieben&#34;")
        and len(german["description"]) < 260
    )
    assert german["canonical"] == "http://test/kranich/ask/frage" == english["alternatede"]
    assert english["canonical"] == "http://test/kranich/ask/frage?lang=en" == german["alternateen"]
    for tags in (german, english):
        path = tags["og:image"].removeprefix("http://test")
        drawn = await fan.get(path)
        assert Image.open(io.BytesIO(drawn.content)).size == AS_THEY_WANT_IT
        assert drawn.headers["content-type"] == "image/png" and len(drawn.content) < 100_000
        assert drawn.headers["cross-origin-resource-policy"] == "cross-origin"
        again = await fan.get(path, headers={"If-None-Match": drawn.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert (await fan.get("/kranich/ask/frage/picture.png")).content != drawn.content  # in German


async def test_company_log_and_note_are_told_without_a_fan_s_words(fan, company):
    jule = await made.a_member(company, name="Jule Brandt")
    question = await made.a_question(company, by=jule)
    theme = await made.a_theme(company)
    await made.placed(company, await made.an_answer(company, question, CANARY), theme)
    note = await made.a_public_note(
        company, theme, by=jule, title="Größere Schrift", asked=f"Ihr sagtet: {CANARY}"
    )
    slug = await fetch_value("select slug from note where id = $1", note.id)

    for path in ("/kranich", "/kranich/log", f"/kranich/log/{slug}"):
        page = await fan.get(f"{path}?lang=en")
        tags = told(page)
        assert (
            tags["og:title"] and tags["description"] and tags["canonical"] == f"http://test{path}?lang=en"
        ), path
        assert CANARY not in repr(tags)
    assert tags["og:title"] == "Größere Schrift" and tags["og:image"].endswith(
        f"/log/{slug}/picture.png?lang=en"
    )
    assert (await fan.get(f"/kranich/log/{slug}/picture.png")).status_code == 200


async def test_every_other_page_shows_the_picture_of_the_house_in_its_language(fan, company):
    for path in ("", "/log", "/mistakes", "/promises", "/report"):
        tags = told(await fan.get(f"/kranich{path}?lang=en"))
        assert tags["og:image"] == "http://test/kranich/picture.png?lang=en", path
    english, german = [await fan.get(f"/kranich/picture.png{query}") for query in ("?lang=en", "")]
    assert Image.open(io.BytesIO(english.content)).size == AS_THEY_WANT_IT
    assert english.content != german.content
    again = await fan.get("/kranich/picture.png", headers={"If-None-Match": german.headers["etag"]})
    assert again.status_code == 304
    assert (await fan.get("/fehlt/picture.png")).status_code == 404


async def test_what_is_not_public_has_no_picture(fan, company):
    await made.a_question(company, slug="entwurf", state="draft")
    for path in ("/kranich/ask/entwurf", "/kranich/ask/fehlt", "/kranich/log/fehlt", "/fehlt/ask/frage"):
        assert (await fan.get(f"{path}/picture.png")).status_code == 404


@pytest.mark.parametrize("said", ["", "Łódź – Żółw 日本 🎲", "W" * 900, "Wort " * 300])
async def test_a_picture_is_drawn_of_whatever_stands_there(said):
    drawn = await picture(Shown(said, "Jule " * 60, "", "Kranich " * 60, "#2b3f9e"))
    assert Image.open(io.BytesIO(drawn.png)).size == AS_THEY_WANT_IT


async def test_who_asks_is_shown_with_their_face(fan, company):
    jule = await made.a_member(company)
    await made.a_question(company, by=jule, slug="ohne")
    without = await fan.get("/kranich/ask/ohne/picture.png")
    await change_picture(company.id, a_jpeg(), by=jule, now=made.NOW)
    await execute("update question set slug = 'mit' where slug = 'ohne'")
    assert (await fan.get("/kranich/ask/mit/picture.png")).content != without.content
