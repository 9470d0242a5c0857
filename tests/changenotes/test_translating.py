"""A note in several languages, by hand: beside the original, never instead of it."""

from datetime import timedelta

import pytest

from hearback.changenotes import commands, queries
from hearback.changenotes.forms import CorrectionForm, TranslationForm
from hearback.changenotes.rules import NoteKind
from hearback.changenotes.translating import is_late
from hearback.database.engine import execute, fetch_value
from hearback.people.rules import Language
from hearback.refusals import Faulty, Refused
from tests import made
from tests.changenotes.ready import WORDS
from tests.waiting import until

ENGLISH = {
    "title": "Page 6 now explains it in four pictures",
    "asked": "In round one we searched for a long time.",
    "said": "The rule stood in the wrong place.",
    "did": "The rule now stands where you light them.",
    "since_when": "Since the second edition.",
    "closing_question": "What did we miss?",
}


def english(number: int = 1, **differs) -> TranslationForm:
    return TranslationForm(number=number, language=Language.EN, **ENGLISH | differs)


async def test_a_translation_is_marked_and_the_original_stays_beside_it(fan, desk, open_house):
    slug = await open_house.published()
    note_id = await open_house.note(slug)

    page = await desk.get(f"/notes/{note_id}/translation?into=en")
    assert "Die Regel stand an der falschen Stelle." in page.text
    reply = await desk.post(f"/notes/{note_id}/translation", {"number": 1, "language": "en", **ENGLISH})
    assert reply.status_code == 303, reply.text

    address = f"/kranich/log/{slug}?lang=en"
    await until(lambda: _shows(fan, address, ENGLISH["title"]))
    text = (await fan.get(address)).text
    assert "Read the original (German)" in text
    assert "Die Regel steht jetzt beim <strong>Anzünden</strong>." in text
    german = (await fan.get(f"/kranich/log/{slug}")).text
    assert ENGLISH["did"] not in german


async def _shows(fan, path: str, words: str) -> bool:
    return words in (await fan.get(path)).text


async def test_a_translation_that_lags_behind_says_so(fan, open_house):
    slug = await open_house.published()
    note_id = await open_house.note(slug)
    at = made.NOW + timedelta(days=2)
    await commands.translate_note(open_house.company, note_id, english(), by=open_house.writer, now=at)
    form = CorrectionForm(number=1, why="Zu vage.", **WORDS[NoteKind.CHANGED] | {"did": "Vier Bilder."})
    await commands.correct_note(open_house.company, note_id, form, by=open_house.writer, now=at)

    page = (await fan.get(f"/kranich/log/{slug}?lang=en")).text
    assert "This translation is still at version 1; the original is at version 2." in page
    assert "The original has stood here since" in page
    with pytest.raises(Refused, match=r"note\.corrected-meanwhile"):
        await commands.translate_note(open_house.company, note_id, english(), by=open_house.writer, now=at)


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"did": " "}, "note.translation-missing"),
        ({"language": Language.DE}, "form.not-a-choice"),
    ],
)
async def test_what_is_no_translation_is_refused(house, differs, reason):
    note_id = await house.note(await house.published())
    form = TranslationForm(**{"number": 1, "language": Language.EN} | ENGLISH | differs)

    with pytest.raises(Refused) as refused:
        await commands.translate_note(house.company, note_id, form, by=house.writer, now=made.NOW)
    reasons = refused.value.reasons if isinstance(refused.value, Faulty) else [refused.value]
    assert [one.reason for one in reasons] == [reason]
    assert await queries.translations(house.company.id, note_id) == []


async def test_what_was_translated_is_only_added_to(house):
    note_id = await house.note(await house.published())
    at = {"by": house.writer, "now": made.NOW}
    await commands.translate_note(house.company, note_id, english(), **at)
    with pytest.raises(Refused, match=r"note\.nothing-corrected"):
        await commands.translate_note(house.company, note_id, english(), **at)
    later = {"by": house.writer, "now": made.NOW + timedelta(hours=1)}
    await commands.translate_note(house.company, note_id, english(did="Better."), **later)

    assert [one.texts["did"] for one in await queries.translations(house.company.id, note_id)] == ["Better."]
    assert await fetch_value("select count(*) from note_translation") == 2
    assert await fetch_value("select count(*) from audit where did = 'note.translated'") == 2
    for sql in ("update note_translation set language = 'de'", "delete from note_translation"):
        with pytest.raises(Exception, match="permission denied"):
            await execute(sql)


def test_what_comes_the_same_day_came_with_the_original():
    day = made.NOW.date()

    assert not is_late(day, day)
    assert is_late(day, day + timedelta(days=1))


async def test_lists_say_it_in_the_readers_language_while_the_translation_is_of_the_newest_version(house):
    slug = await house.published()
    note_id = await house.note(slug)
    await commands.translate_note(house.company, note_id, english(), by=house.writer, now=made.NOW)

    async def told(language: str):
        page = await queries.log_page(house.company, now=made.NOW)
        return queries.ENTRY.decode(page.entries[0]).told(language)

    in_english, in_german = await told("en"), await told("de")
    assert [in_english.title, in_english.answer, in_english.language] == [
        ENGLISH["title"],
        ENGLISH["did"],
        "en",
    ]
    assert [in_german.title, in_german.language] == [WORDS[NoteKind.CHANGED]["title"], "de"]

    form = CorrectionForm(number=1, why="Zu vage.", **WORDS[NoteKind.CHANGED] | {"did": "Vorn."})
    await commands.correct_note(house.company, note_id, form, by=house.writer, now=made.NOW)
    assert (await told("en")).language == "de"


async def test_a_list_shows_the_translation(fan, open_house):
    slug = await open_house.published()
    note_id = await open_house.note(slug)
    await commands.translate_note(open_house.company, note_id, english(), by=open_house.writer, now=made.NOW)

    for path in ("/kranich", "/kranich/log"):
        assert ENGLISH["title"] in (await fan.get(f"{path}?lang=en")).text
        assert ENGLISH["title"] not in (await fan.get(path)).text


async def test_a_list_names_the_question_in_the_readers_language(fan, open_house):
    await open_house.published()
    await execute(
        """update question set translations = '{"en": {"title": "What did you miss?"}, "fr": {}}'"""
    )
    link = f'<a href="/kranich/ask/{open_house.question.slug}'
    assert f'{link}?lang=en">What did you miss?</a>' in (await fan.get("/kranich/log?lang=en")).text
    assert f'{link}">{open_house.question.title}</a>' in (await fan.get("/kranich/log")).text
