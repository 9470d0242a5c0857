"""What a company says about itself: without a cookie, cached, in two languages."""

import re

import pytest

from hearback.database.engine import ENGINE
from hearback.people import commands
from tests import made
from tests.made import NOW
from tests.people.pictures import a_jpeg

PAGES = ("who", "rules", "imprint", "privacy", "accessibility")


@pytest.fixture
async def kranich(app):
    return await commands.create_company("kranich", "Kranich Spiele", now=NOW)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("lang", ["de", "en"])
async def test_every_page_is_cacheable_and_sets_no_cookie(fan, kranich, page, lang):
    reply = await fan.get(f"/kranich/{page}?lang={lang}")
    again = await fan.get(f"/kranich/{page}?lang={lang}", headers={"if-none-match": reply.headers["etag"]})

    assert (reply.status_code, again.status_code) == (200, 304)
    assert f'<html lang="{lang}">' in reply.text
    assert "set-cookie" not in reply.headers
    assert reply.headers["cache-control"].startswith("public")
    assert "_csrf" not in reply.text
    assert "style=" not in reply.text


@pytest.mark.parametrize(
    "page", [*PAGES, "anything", "look-zzzzzz-0123456789ab.css", "face/0123456789abcdef.webp"]
)
async def test_where_no_company_is_there_is_nothing(fan, kranich, page):
    assert (await fan.get(f"/gibtsnicht/{page}")).status_code == 404


async def test_what_a_company_does_not_have_is_its_own_404(fan, kranich):
    reply = await fan.get("/kranich/gibtsnicht")

    assert reply.status_code == 404
    assert "Kranich Spiele" in reply.text


async def test_imprint_and_privacy_begin_as_drafts(fan, kranich):
    imprint, privacy = await fan.get("/kranich/imprint"), await fan.get("/kranich/privacy")

    assert "Angaben nach § 5 DDG" in imprint.text
    assert "[Straße und Hausnummer]" in imprint.text
    assert "Wir speichern keine Uhrzeit, keine IP-Adresse und nichts über dein Gerät." in privacy.text
    assert "<h2>Deine Quittung</h2>" in privacy.text


async def test_the_privacy_notice_is_told_in_easy_language_too(fan, kranich):
    page = (await fan.get("/kranich/privacy")).text
    easy = page.partition('id="easy"')[2].partition("</section>")[0]
    sentences = re.findall(r">([^<>]+)<", easy.replace("<br>", "<br><"))

    assert '<a href="#easy">In Leichter Sprache</a>' in page
    assert "Du brauchst kein Konto." in easy
    assert max(len(one.split()) for one in sentences) <= 12
    assert not re.search(r"\b(würde|könnte|hätte|wäre|dürfte|sollte)", easy)
    assert "Sie brauchen kein Konto." in (await fan_of_sie(fan)).text
    assert "You need no account." in (await fan.get("/kranich/privacy?lang=en")).text


async def fan_of_sie(fan):
    await commands.create_company("reiher", "Reiher", address="sie", now=NOW)
    return await fan.get("/reiher/privacy")


async def test_the_accessibility_statement_says_what_is_known_and_whom_to_tell(fan, kranich):
    page = (await fan.get("/kranich/accessibility")).text

    for part in ("teilweise vereinbar", "400 Prozent", "noch nicht durchgesehen", "[E-Mail-Adresse]", "MLBF"):
        assert part in page
    assert 'href="/kranich/imprint"' in page.partition("<main")[2].partition("</main>")[0]
    assert 'href="/kranich/accessibility"' in page.partition("<footer")[2]


async def test_what_the_company_says_of_barriers_stands_in_its_own_language(fan, kranich):
    await ENGINE.pool.execute("update company set accessibility = '## Barriere?\n\nBarriere@example.org'")

    page = (await fan.get("/kranich/accessibility?lang=en")).text
    assert '<div class="prose" lang="de"><h2>Barriere?</h2>' in page and "partially conformant" in page

    await ENGINE.pool.execute("update company set accessibility = '', slug = 'reiher'")
    assert "A person will answer within" in (await fan.get("/reiher/accessibility?lang=en")).text


async def test_a_german_privacy_notice_is_told_in_short_to_english_readers(fan, kranich):
    page = (await fan.get("/kranich/privacy?lang=en")).text

    assert "no time, no IP address, no device" in page
    assert '<div class="prose" lang="de">' in page


async def test_what_members_write_into_the_imprint_cannot_run(fan, kranich):
    await ENGINE.pool.execute(
        "update company set imprint = $1", "<script>alert(1)</script> [x](javascript:alert(1)) **ok**"
    )

    page = (await fan.get("/kranich/imprint?kind=fresh")).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<strong>ok</strong>" in page


async def test_who_speaks_shows_active_members_by_name_with_face_and_task(fan, kranich):
    everybody = [("Åse Berg", {"leads": True}), ("Zoe Adam", {}), ("Ärmel Klein", {"picture": a_jpeg()})]
    for name, more in everybody:
        more |= {"email": f"m{name[-1]}@kranich.example", "role_title": f"Aufgabe {name}"}
        await commands.create_member(kranich.id, name=name, password="ein langer Satz", now=NOW, **more)
    await made.a_member(kranich, name="Weg Gegangen", active=False)

    page = (await fan.get("/kranich/who")).text

    assert page.index("Ärmel Klein") < page.index("Åse Berg") < page.index("Zoe Adam")
    assert "Aufgabe Zoe Adam" in page
    assert page.count("Gehört zur Leitung.") == 1
    assert page.count("/kranich/face/") == 1
    assert "Weg Gegangen" not in page
    assert "@kranich.example" not in page


async def test_a_face_belongs_to_its_company(fan, kranich):
    member = await commands.create_member(
        kranich.id,
        email="a@kranich.example",
        password="ein langer Satz",
        name="Åse",
        picture=a_jpeg(),
        now=NOW,
    )
    await made.a_company("reiher")

    assert (await fan.get(member.face_url)).status_code == 200
    assert (await fan.get(member.face_url.replace("kranich", "reiher"))).status_code == 404
    assert (await fan.get("/kranich/face/..%2F..%2Fetc.webp")).status_code == 404


async def test_the_companys_colour_is_a_sheet_of_its_own_that_caches_keep(fan, kranich):
    sheet = await fan.get(kranich.look_url)

    assert sheet.headers["content-type"].startswith("text/css")
    assert sheet.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "--accent" in sheet.text
    assert "set-cookie" not in sheet.headers


async def test_the_front_page_says_what_this_is_and_who_asks_here(fan, kranich):
    page = await fan.get("/")

    assert "Kranich Spiele" in page.text
    assert 'href="/kranich"' in page.text
    assert 'href="/in"' in page.text
    assert "You said it." in (await fan.get("/?lang=en")).text


async def test_one_company_may_be_the_whole_house(fan, kranich, set_env):
    set_env("HEARBACK_COMPANY", "kranich")

    assert (await fan.get("/")).headers["location"] == "/kranich"


async def test_the_drafts_use_the_companys_way_of_speaking(fan, app):
    await commands.create_company("reiher", "Reiher Reisen", address="sie", now=NOW)
    await commands.create_company("heron", "Heron", languages=["en"], now=NOW)

    assert "<h2>Ihre Quittung</h2>" in (await fan.get("/reiher/privacy")).text
    assert "<h2>Your receipt</h2>" in (await fan.get("/heron/privacy")).text


@pytest.mark.parametrize(
    "slug", ["%00", "%ff%fe", "a%00b", "%ed%a0%80", "kranich%0a", "'%20or%201=1--", "%2e%2e"]
)
async def test_an_address_that_no_text_can_be_is_not_found(fan, kranich, slug):
    for path in ("who", "look-2b3f9e-0123456789ab.cs", "face/0123456789abcdef.webp", "gibtsnicht"):
        assert (await fan.get(f"/{slug}/{path}")).status_code == 404
    assert (await fan.get(f"/invitation/{slug}")).status_code == 404
    assert (await fan.get(f"/reset/{slug}")).status_code == 404
    assert (await fan.get(f"/desk/{slug}/people")).status_code == 303
    assert (await fan.get(f"/in?next=/{slug}&lang={slug}")).status_code == 200
