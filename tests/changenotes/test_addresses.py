"""Every public page says its one address and where it is told in the other languages; and what it is, for machines."""

import re
from datetime import timedelta

import pytest

from hearback.app import build_app
from hearback.changenotes import commands
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.people.commands import change_picture
from tests import made
from tests.changenotes.ready import TODAY, WORDS
from tests.changenotes.test_feeds import ENGLISH, in_english
from tests.people.pictures import a_jpeg
from tests.waiting import until

LINK = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="(\w+)")? href="([^"]+)">')
PARAMETER = re.compile(r"{(\w+):\w+}")
# What is one person's, or is no page: nobody is to find it by a search.
NOT_FOR_ALL = (
    "/desk",
    "/health",
    "/in",
    "/invitation",
    "/reset",
    "/embed",
    "token:",
    "/actor",
    "/q/",
    "/proof",
)


def public_pages() -> list[str]:
    """The addresses that the app itself knows, but for those of one person or of programs."""
    return sorted(
        {
            route.path
            for route in build_app().routes
            if "GET" in getattr(route, "methods", ()) and not any(part in route.path for part in NOT_FOR_ALL)
        }
    )


@pytest.fixture
async def filled(company) -> dict[str, str]:
    """What the addresses hold, of a house with something on every page."""
    by = await made.a_member(company, name="Jule <Brandt>", role_title='Redak"tion', leads=True)
    question = await made.a_question(company, by=by, slug="frage", title='Wo "hakt" <es>?')
    theme = await made.a_theme(company)
    response = await made.an_answer(company, question, "Die Farben sind gleich.")
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=by, did="Kerben.")
    return {
        "company_slug": "kranich",
        "question_slug": "frage",
        "note_slug": note.slug,
        "month": f"{TODAY:%Y-%m}",
    }


async def test_every_public_page_has_one_address_and_names_its_other_languages(fan, filled):
    seen = set()
    for route in public_pages():
        names = PARAMETER.findall(route)
        if not set(names) <= set(filled):
            continue
        path = PARAMETER.sub(lambda found: filled[found[1]], route)
        for lang, query in (("de", ""), ("en", "?lang=en")):
            page = await fan.get(f"{path}{query}")
            if page.status_code != 200 or not page.headers["content-type"].startswith("text/html"):
                continue
            seen.add(route)
            links = LINK.findall(page.text)
            canonical = [href for rel, _, href in links if rel == "canonical"]
            others = {hreflang: href for rel, hreflang, href in links if rel == "alternate"}
            address = f"http://test{path}"
            if path.endswith("/print"):  # on paper it is the same note
                assert canonical == [address.removesuffix("/print")]
                continue
            assert canonical == [f"{address}{query}"], path
            assert others == {"de": address, "en": f"{address}?lang=en"}, path
            assert f'<html lang="{lang}">' in page.text, path
    assert len(seen) >= 18, seen
    assert {"/", "/source", "/{company_slug:str}/who", "/{company_slug:str}/report"} <= seen


async def test_a_filtered_log_keeps_its_filter_in_every_link(fan, filled):
    page = (await fan.get("/kranich/log?kind=changed&lang=en")).text
    links = LINK.findall(page)
    assert ("canonical", "", "http://test/kranich/log?kind=changed&amp;lang=en") in links
    assert ("alternate", "de", "http://test/kranich/log?kind=changed") in links
    assert 'href="/kranich/log?lang=de&amp;kind=changed" lang="de"' in page


async def test_a_form_that_was_refused_leads_to_no_address(fan, filled):
    page = await fan.post("/kranich/ask/frage/answers", data={})
    assert page.status_code == 422
    assert LINK.findall(page.text) == []


def told(page: str) -> list[tuple[str, str]]:
    return re.findall(r'itemtype="https://schema.org/(\w+)"', page), dict(
        re.findall(r'<(?:meta|link) itemprop="(\w+)" (?:content|href)="([^"]*)">', page)
    )


async def test_a_question_and_a_house_say_what_they_are_and_no_more(fan, filled):
    page = (await fan.get("/kranich/ask/frage?lang=en")).text
    assert '<link itemprop="url" href="http://test/kranich/ask/frage?lang=en">' in page, (
        "as its canonical link"
    )
    kinds, facts = told(page)
    assert kinds == ["Question", "Person", "Organization"]
    assert facts["url"] == "http://test/kranich"
    assert facts["inLanguage"] == "de", "that of its words, not of the page"
    assert {"text", "datePublished", "expires", "image", "jobTitle"} <= set(facts)
    assert "answerCount" not in facts and "acceptedAnswer" not in facts, "its answers are not shown"
    page = (await fan.get("/kranich/ask/frage")).text
    assert 'itemprop="name" content="Wo &#34;hakt&#34; &lt;es&gt;?"' in page

    kinds, facts = told((await fan.get("/kranich")).text)
    assert (kinds, facts) == (["Organization"], {"name": "Kranich Spiele", "url": "http://test/kranich"})
    assert "BreadcrumbList" not in page, "no page shows a path"
    assert "itemtype" not in (await fan.get("/embed/kranich/frage")).text


async def test_a_note_says_in_which_language_it_speaks_here_since_when_and_who_answers_for_it(
    fan, open_house
):
    slug = await open_house.published()
    first = {
        "url": f"http://test/kranich/log/{slug}",
        "headline": WORDS[NoteKind.CHANGED]["title"],
        "articleSection": "Geändert",
        "inLanguage": "de",
        "datePublished": made.NOW.isoformat(),
        "dateModified": made.NOW.isoformat(),
        "version": "1",
        "image": f"http://test/kranich/log/{slug}/picture.png",
        "jobTitle": open_house.writer.role_title,
    }
    address = f"/kranich/log/{slug}"
    kinds, facts = told((await fan.get(address)).text)
    assert kinds == ["Article", "Person", "Organization"]
    assert {name: facts[name] for name in first} == first | {"url": "http://test/kranich"}
    assert f'<link itemprop="url" href="{first["url"]}">' in (await fan.get(address)).text

    later = made.NOW + timedelta(days=3)
    await in_english(open_house, slug, later=timedelta(days=3))
    await until(lambda: says(fan, f"{address}?lang=en", f'content="{ENGLISH["title"]}"'))
    page = (await fan.get(f"{address}?lang=en")).text
    _, facts = told(page)
    assert (facts["inLanguage"], facts["headline"]) == ("en", ENGLISH["title"])
    assert facts["dateModified"] == later.isoformat()
    assert f'<link itemprop="url" href="{first["url"]}?lang=en">' in page
    _, facts = told((await fan.get(address)).text)
    assert (facts["inLanguage"], facts["dateModified"]) == ("de", made.NOW.isoformat())

    note, latest = await open_house.note(slug), later + timedelta(days=1)
    words = WORDS[NoteKind.CHANGED] | {"did": "Vier Bilder."}
    form = CorrectionForm(number=1, why="Die Zahl fehlte.", **words)
    await commands.correct_note(open_house.company, note, form, by=open_house.writer, now=latest)
    await until(lambda: says(fan, address, "Vier Bilder."))
    page = (await fan.get(address)).text
    assert f'"datePublished" content="{made.NOW.isoformat()}"' in page and '"version" content="2"' in page
    assert f'"dateModified" content="{latest.isoformat()}"' in page

    await change_picture(open_house.company.id, a_jpeg(), by=open_house.writer, now=latest)
    assert (await fan.get(f"{address}/picture.png")).status_code == 200
    why = WithdrawalForm(why="Stimmt nicht.")
    await commands.withdraw_note(open_house.company.id, note, why, by=open_house.writer, now=latest)
    await until(lambda: says(fan, address, "Stimmt nicht."))
    page = (await fan.get(address)).text
    _, facts = told(page)
    assert facts["headline"].startswith("Zurückgezogen: ") and "image" not in facts
    assert '<meta itemprop="text" content="Stimmt nicht.">' in page
    assert '<meta property="og:image" content="http://test/kranich/picture.png">' in page
    assert (await fan.get(f"{address}/picture.png")).status_code == 404, (
        "its title alone would go on saying it"
    )


async def says(fan, path: str, words: str) -> bool:
    return words in (await fan.get(path)).text


async def test_an_older_page_is_a_page_of_its_own_and_a_slip_in_its_mark_makes_none(fan, filled):
    """Google's advice on pagination: "Don't use the first page of a paginated sequence as the canonical page. Instead,
    give each page its own canonical URL." """
    mark = f"2099-01-01T00:00:00.000000Z~{made.some_id()}"
    for path, query in (("log", "?"), ("log", "?kind=changed&"), ("mistakes", "?")):
        address = f"/kranich/{path}{query}before={mark}"
        for lang, chosen in (("de", ""), ("en", "&lang=en")):
            page = (await fan.get(f"{address}{chosen}")).text.replace("&amp;", "&")
            links = LINK.findall(page)
            assert [href for rel, _, href in links if rel == "canonical"] == [f"http://test{address}{chosen}"]
            others = {hreflang: href for rel, hreflang, href in links if rel == "alternate"}
            assert others == {"de": f"http://test{address}", "en": f"http://test{address}&lang=en"}
            other = "en" if lang == "de" else "de"
            (switch,) = re.findall(rf'<a href="([^"]+)" lang="{other}" hreflang', page)
            assert f"before={mark}" in switch, "whoever changes the language stays where they were"
    page = (await fan.get("/kranich/log?before=2099-01-01")).text
    assert 'canonical" href="http://test/kranich/log?before=2099-01-01T00:00:00.000000Z~">' in page


async def test_a_title_without_a_letter_that_an_address_can_hold_has_one_all_the_same(open_house):
    assert await open_house.published(title="Туман идёт.") == "notiz"
    assert await open_house.published(title="Туман ушёл.") == "notiz-2"
