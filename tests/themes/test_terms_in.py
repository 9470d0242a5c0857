"""A suggested theme is called in the language of whoever reads it, where it has words in both."""

import re
from html import unescape

import pytest

from hearback.database.engine import fetch_value
from hearback.themes import commands
from hearback.themes.reading.codebook import starter_by_slug
from tests import made
from tests.conftest import browser_of
from tests.made import NOW
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

MORE_MANUAL = [
    "The manual never explains the rules of the last round.",
    "Nobody understood the rules from the manual alone.",
    "The manual has no examples at all.",
    "We read the manual twice and still had no idea.",
]


@pytest.fixture
async def english(app, company):
    async with browser_of(app) as browser:
        yield await made.signed_in(browser, company, language="en")


@pytest.fixture
async def mixed(company):
    question = await made.a_question(company)
    both = '{"de": ["Wartezeit", "Einlass"], "en": ["queue", "gate"]}'
    theme = await made.a_theme(company, "", state="suggested", terms=["Wartezeit", "Einlass"], terms_in=both)
    await made.placed(company, await made.an_answer(company, question, "Die Wartezeit war zu lang."), theme)
    return theme


def title(page) -> str:
    return unescape(re.search(r'<h2 id="th"[^>]*>(.*?)</h2>', page.text)[1])


async def test_terms_are_shown_in_the_readers_language(desk, english, mixed):
    for browser, name in ((desk, "Wartezeit, Einlass"), (english, "queue, gate")):
        page = await browser.get(f"/themes/{mixed.id}")
        assert title(page) == name
        assert f'<span class="t guess">{name}</span>' in page.text
        for path in ("/search?q=Wartezeit", "/inbox", "/today", f"/actions/new?theme={mixed.id}"):
            assert name in (await browser.get(path)).text, path


async def test_a_theme_of_one_language_is_called_in_it_for_everybody(company, english):
    question = await made.a_question(company)
    theme = await made.a_theme(company, "", state="suggested", terms=["Nebel"], terms_in='{"de": ["Nebel"]}')
    await made.placed(company, await made.an_answer(company, question, "Der Nebel endet nie."), theme)

    assert title(await english.get(f"/themes/{theme.id}")) == "Nebel"


async def test_a_name_is_a_name_in_every_language(company, desk, english, mixed):
    await desk.post(f"/themes/{mixed.id}/name", {"name": "Schlange am Einlass"})

    called = title(await english.get(f"/themes/{mixed.id}"))
    assert called == '<span lang="de">Schlange am Einlass</span>', "and is spoken in its own"


async def test_a_suggestion_is_found_by_its_terms_of_either_language(company, desk, mixed):
    question = await made.a_question(company)
    other = await made.a_theme(company, "Anderes")
    excerpt = await made.placed(
        company, await made.an_answer(company, question, "The queue took forever."), other
    )
    typed = {"back": "search", "excerpt": str(excerpt.id), "to": "Queue, gate"}

    assert (await desk.post("/themes/placing", typed)).status_code == 303

    assert await fetch_value("select theme from placement where excerpt = $1", excerpt.id) == mixed.id


async def test_what_the_machine_finds_is_kept_in_both_languages(company):
    question = await made.a_question(company)
    for words in (*DELIVERY, *MANUAL, *MORE_MANUAL, *COLOURS):
        await made.an_answer(company, question, words)
    await commands.sort(company.id, now=NOW)

    found = await fetch_value(
        """select count(*) from theme where terms_in ? 'de' and terms_in ? 'en'
             and terms::text[] = array(select jsonb_array_elements_text(terms_in->'de'))"""
    )

    assert found >= 1
    entry = await fetch_value("select entry from theme where entry <> '' limit 1")
    assert entry, "delivery and manuals are entries of the codebook"
    kept = await fetch_value("select terms_in->'en'->>0 from theme where entry = $1", entry)
    assert kept == starter_by_slug()[entry].en
