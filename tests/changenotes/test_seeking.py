"""Finding notes by words: of both languages, whatever their ending, with and without umlauts; best first, and where."""

import json
import re
from datetime import timedelta

import pytest

from hearback.changenotes import commands
from hearback.changenotes.forms import CorrectionForm, TranslationForm, WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.changenotes.seeking import around
from hearback.database.engine import execute, transaction
from hearback.people.rules import Language
from hearback.web.live import tell
from tests import made
from tests.changenotes.ready import WORDS
from tests.changenotes.test_feeds import ENGLISH, in_english
from tests.waiting import until


@pytest.fixture
async def said(company):
    """Three notes: one German, one English, one whose title speaks of what another one's text does."""
    by, theme = await made.a_member(company), await made.a_theme(company)

    async def note(title: str, did: str, **more):
        return await made.a_public_note(company, theme, by=by, title=title, did=did, **more)

    await note(
        "Kerben in allen Steinen", "Wir fräsen sie. Man muss die **Größe** nicht fühlen, sagt Straße 7."
    )
    await note("Der Regelblock", "Die Nebelfähre hat jetzt Kerben am Rand.", at=made.NOW + timedelta(days=1))
    await note("A new rulebook", "The ferries run on time, and all figures are larger now.", language="en")
    return company


async def titles(fan, words: str) -> list[str]:
    """As they stand on the page, without marks."""
    page = (await fan.get("/kranich/search", params={"words": words})).text
    found = re.findall(r'<h2 class="said"[^>]*>(?:<s>)?<a href="/kranich/log/[^"]*">(.*?)</a>', page)
    return [re.sub("</?mark>", "", title) for title in found]


async def test_words_find_what_a_person_would_expect(fan, said):
    for typed, found in (
        ("kerbe", ["Kerben in allen Steinen", "Der Regelblock"]),
        ("Stein", ["Kerben in allen Steinen"]),
        ("rulebooks", ["A new rulebook"]),
        ("ferry", ["A new rulebook"]),
        ("larg", ["A new rulebook"]),
        ("fuehlen", ["Kerben in allen Steinen"]),
        ("fuhlen", ["Kerben in allen Steinen"]),
        ("GRÖSSE strasse", ["Kerben in allen Steinen"]),
        ("Regelbl", ["Der Regelblock"]),
        ("fähre", ["Der Regelblock"]),
        ("Regelblcok", ["Der Regelblock"]),
        ('"Kerben am Rand"', ["Der Regelblock"]),
        ('"Rand am Kerben"', []),
        ("Kerben larger", []),
        ("xylophon", []),
        ("die und the", []),
        ("changed", []),
    ):
        assert await titles(fan, typed) == found, typed


async def test_the_page_shows_where_the_words_stand_and_says_when_it_guessed(fan, said):
    page = (await fan.get("/kranich/search?words=gr%C3%B6%C3%9Fe")).text
    assert "Man muss die <mark>Größe</mark> nicht fühlen" in page
    assert '<span class="meta">Was wir geändert haben</span>' in page
    assert "**" not in page.partition('class="found')[2]
    inside = (await fan.get("/kranich/search?words=f%C3%A4hre&lang=en")).text
    assert 'lang="de">Die <mark>Nebelfähre</mark> hat' in inside
    assert "This comes close" not in inside
    near = (await fan.get("/kranich/search?words=Regelblcok&lang=en")).text
    assert "Nothing says “Regelblcok”. This comes close:" in near
    assert "<mark>Regelblock</mark>" in near


async def test_each_word_may_stand_in_another_field(fan, said):
    assert await titles(fan, "Regelblock Rand") == ["Der Regelblock"]
    feed = json.loads((await fan.get("/kranich/search.json?words=kerbe")).text)
    assert [item["title"] for item in feed["items"]] == ["Der Regelblock", "Kerben in allen Steinen"], (
        "newest first"
    )
    assert json.loads((await fan.get("/kranich/search.json?words=xylophon")).text)["items"] == []


async def test_what_no_version_says_any_more_is_not_found(fan, open_house):
    slug = await open_house.published()
    assert await titles(fan, "Anzünden") == [WORDS[NoteKind.CHANGED]["title"]]
    form = CorrectionForm(number=1, why="Zu vage.", **WORDS[NoteKind.CHANGED] | {"did": "Fünf Laternen."})
    note = await open_house.note(slug)
    await commands.correct_note(open_house.company, note, form, by=open_house.writer, now=made.NOW)
    await until(lambda: _gone(fan, "Anzünden"))
    assert await titles(fan, "Laterne") == [WORDS[NoteKind.CHANGED]["title"]]
    gap = "select erase_from_history('note_field', $1, id, '{Laternen}') from note_field where words = 'Fünf Laternen.'"
    async with transaction():
        await execute(gap, open_house.company.id)
        await tell(open_house.company.id, "public")
    await until(lambda: _gone(fan, "Laterne"))


async def _gone(fan, words: str) -> bool:
    return await titles(fan, words) == []


async def _shown(fan, path: str, words: str) -> bool:
    return words in (await fan.get(path)).text


async def test_a_translation_is_found_until_it_lags_behind(fan, open_house):
    slug = await open_house.published()
    await in_english(open_house, slug)
    page = (await fan.get("/kranich/search?words=wrong+place&lang=en")).text
    assert "stood in the <mark>wrong</mark> <mark>place</mark>" in page
    assert ENGLISH["title"] in page
    form = CorrectionForm(number=1, why="Zu vage.", **WORDS[NoteKind.CHANGED] | {"did": "Fünf."})
    note = await open_house.note(slug)
    await commands.correct_note(open_house.company, note, form, by=open_house.writer, now=made.NOW)
    await until(lambda: _gone(fan, "wrong place"))
    newer = TranslationForm(number=2, language=Language.EN, **ENGLISH | {"said": "It stood elsewhere."})
    await commands.translate_note(
        open_house.company, note, newer, by=open_house.writer, now=made.NOW + timedelta(days=1)
    )
    await until(lambda: _shown(fan, "/kranich/search?words=elsewhere&lang=en", "<mark>elsewhere</mark>"))


async def test_what_a_translation_said_before_is_not_found(fan, open_house):
    slug = await open_house.published()
    await in_english(open_house, slug)
    better = TranslationForm(number=1, language=Language.EN, **ENGLISH | {"said": "It stood elsewhere."})
    note = await open_house.note(slug)
    await commands.translate_note(
        open_house.company, note, better, by=open_house.writer, now=made.NOW + timedelta(days=1)
    )
    assert len(await titles(fan, "elsewhere")) == 1
    assert await titles(fan, '"wrong place"') == []


async def test_words_of_both_languages_are_shown_in_the_readers(fan, open_house):
    slug = await open_house.published(said="Die Regel stand nicht in der App.")
    both = TranslationForm(number=1, language=Language.EN, **ENGLISH | {"said": "The app lacked that rule."})
    note = await open_house.note(slug)
    await commands.translate_note(open_house.company, note, both, by=open_house.writer, now=made.NOW)

    german, english = [
        (await fan.get(f"/kranich/search?words=App&lang={lang}")).text for lang in ("de", "en")
    ]
    assert "in der <mark>App</mark>" in german and "lacked" not in german
    assert "The <mark>app</mark> lacked" in english and "stand nicht" not in english


async def test_what_we_keep_as_a_code_is_no_word_of_the_note(fan, open_house):
    await open_house.published("mistake")
    assert len(await titles(fan, "Kerben")) == 1
    for code in ("preventable", "prevent", "done", "you"):
        assert await titles(fan, code) == [], code


async def test_behind_the_last_hit_nothing_is_guessed(fan, company):
    by, theme = await made.a_member(company), await made.a_theme(company)
    for title in ["Suppe", *["Kerbelsuppe"] * 22]:
        await made.a_public_note(company, theme, by=by, title=title)
    assert await titles(fan, "Suppe") == ["Suppe"]
    assert "Kerbelsuppe" not in (await fan.get("/kranich/search?words=Suppe&skip=20")).text


async def test_what_was_taken_back_is_found_struck_through_and_shows_no_more(fan, open_house):
    slug = await open_house.published()
    why = WithdrawalForm(why="Stimmt nicht.")
    note = await open_house.note(slug)
    await commands.withdraw_note(open_house.company.id, note, why, by=open_house.writer, now=made.NOW)
    await until(lambda: _shown(fan, "/kranich/search?words=Anz%C3%BCnden", "<s><a href"))
    page = (await fan.get("/kranich/search?words=Anz%C3%BCnden")).text.partition('class="found')[2]
    assert "Anzünden" not in page


async def test_drafts_and_other_houses_are_never_found(fan, said):
    by, theme = await made.a_member(said), await made.a_theme(said)
    await made.a_public_note(said, theme, by=by, state="draft", title="Geheimer Plan")
    moor = await made.a_company("moor")
    theirs = await made.a_theme(moor)
    await made.a_public_note(moor, theirs, by=await made.a_member(moor), title="Moorplan")
    for typed in ("geheimer", "moorplan", "plan"):
        assert await titles(fan, typed) == [], typed


async def test_what_is_typed_is_words_and_never_a_command_or_a_tag(fan, said):
    for typed in (
        "a & | ! (",
        "':*",
        "kerbe:*",
        "<->",
        "%",
        "_",
        "\\",
        "' or 1=1 --",
        '"',
        "\u202e\x00",
        "日本",
        "😀",
    ):
        for page in ("search", "search.atom", "search.json"):
            assert (await fan.get(f"/kranich/{page}", params={"words": typed})).status_code == 200, typed
    page = (await fan.get("/kranich/search", params={"words": "<mark>Kerben"})).text
    assert 'value="&lt;mark&gt;Kerben"' in page
    assert (await fan.get("/kranich/search?words=kerbe&skip=20")).text.count("<mark>") == 0
    for skip in ("-1", "x", "99999", "1e3", "²"):
        assert (await fan.get("/kranich/search", params={"words": "kerbe", "skip": skip})).status_code == 404


async def test_a_long_list_of_hits_goes_on(fan, company):
    by, theme = await made.a_member(company), await made.a_theme(company)
    for number in range(22):
        await made.a_public_note(company, theme, by=by, title=f"Kerbe {number}")
    first = (await fan.get("/kranich/search?words=kerbe")).text
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = (await fan.get(older)).text
    numbers = [re.findall(r"<mark>Kerbe</mark> (\d+)", page) for page in (first, rest)]
    assert [len(one) for one in numbers] == [20, 2]
    assert len({*numbers[0], *numbers[1]}) == 22
    assert 'rel="next"' not in rest


def test_what_is_shown_is_cut_around_the_first_hit_and_escaped():
    text = "eins " * 60 + "<b>**Kerbe**</b> [Rand](https://a.example) " + "zwei " * 60
    shown = around(text, {"kerbe"})
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "&lt;b&gt;<mark>Kerbe</mark>&lt;/b&gt; Rand" in shown
    assert len(shown) < 400
    assert around("nichts", {"kerbe"}) == "nichts"
