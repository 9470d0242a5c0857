"""A translation beside a draft: it goes out with the original, or the preview says which language will be missing."""

from datetime import timedelta

import pytest

from hearback.changenotes import commands, queries
from hearback.changenotes.facts import Fact, differences
from hearback.changenotes.forms import CorrectionForm, TranslationForm, WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.changenotes.translating import changed_since, said_otherwise, seen
from hearback.database.engine import fetch_value
from hearback.people.rules import Language
from hearback.refusals import Faulty, Refused
from tests import made
from tests.changenotes.ready import SOON, WORDS
from tests.changenotes.test_translating import ENGLISH

AT = {"now": made.NOW}
GERMAN = WORDS[NoteKind.CHANGED]
MISTAKE = WORDS[NoteKind.MISTAKE]


async def translated(house, note_id, *, version: int = 0, by=None, **differs) -> None:
    """As somebody saves it who has the draft before them as it stands."""
    note = await queries.draft(house.company.id, note_id)
    before = seen(NoteKind(note.kind), note.said.texts)
    form = TranslationForm(
        **{"number": 0, "language": Language.EN, "seen": before, "version": version} | ENGLISH | differs
    )
    await commands.save_translation(house.company, note_id, form, by=by or house.writer, **AT)


async def published(house, note_id) -> list[queries.Translation]:
    """What is out in other languages once the draft is."""
    await commands.publish_note(house.company, note_id, by=house.writer, **AT)
    return await queries.translations(house.company.id, note_id)


async def test_a_translated_draft_goes_out_in_both_languages_at_once(fan, desk, open_house):
    note_id = await open_house.draft()
    page = (await desk.get(f"/notes/{note_id}/translation?into=en")).text
    assert GERMAN["said"] in page
    await translated(open_house, note_id)
    assert "Englisch: geht mit hinaus" in (await desk.get(f"/notes/{note_id}")).text

    (out,) = await published(open_house, note_id)
    assert (out.language, out.of_number, out.texts) == ("en", 1, ENGLISH)
    slug = (await queries.draft(open_house.company.id, note_id)).slug
    page = (await fan.get(f"/kranich/log/{slug}?lang=en")).text
    assert ENGLISH["did"] in page
    assert "Read the original (German)" in page
    assert "has stood here since" not in page
    assert await queries.in_work(open_house.company.id, note_id) == []
    kinds = await fetch_value(
        "select array_agg(kind order by step) from ledger_leaf where kind like 'note.%'"
    )
    assert kinds == ["note.published", "note.revised"]


async def test_a_missing_translation_holds_nothing_back_and_the_preview_names_the_language(desk, open_house):
    note_id = await open_house.draft()
    page = (await desk.get(f"/notes/{note_id}")).text
    assert "Englisch: fehlt noch und geht nicht mit hinaus." in page
    assert "Noch nichts ist übersetzt." in page

    await translated(open_house, note_id, did="")
    page = (await desk.get(f"/notes/{note_id}")).text
    assert "Englisch: fehlt noch" in page
    assert "Nicht übersetzt:" in page
    assert await published(open_house, note_id) == []
    (kept,) = await queries.in_work(open_house.company.id, note_id)
    assert kept.texts["title"] == ENGLISH["title"]
    # What is in work waits in the form for whoever goes on.
    assert ENGLISH["title"] in (await desk.get(f"/notes/{note_id}/translation?into=en")).text


async def test_an_original_that_changed_since_goes_out_alone(desk, open_house):
    note_id = await open_house.draft()
    await translated(open_house, note_id)
    form = open_house.form(version=2, did="Vier Bilder erklären es.")
    await commands.save_note(open_house.company.id, note_id, form, by=open_house.writer, **AT)

    page = (await desk.get(f"/notes/{note_id}/translation?into=en")).text
    assert "Das Original hat sich geändert, seit das übersetzt wurde:" in page
    assert "<ins>Vier Bilder erklären es.</ins>" in page
    assert (
        "Das Original hat sich seit der Übersetzung geändert:" in (await desk.get(f"/notes/{note_id}")).text
    )
    assert await published(open_house, note_id) == []


async def test_whoever_translates_an_older_text_is_told_and_loses_nothing(desk, open_house):
    note_id = await open_house.draft()
    note = await queries.draft(open_house.company.id, note_id)
    before = seen(NoteKind.CHANGED, note.said.texts)
    form = open_house.form(version=2, did="Vier Bilder erklären es.")
    await commands.save_note(open_house.company.id, note_id, form, by=open_house.writer, **AT)

    typed = {"number": 0, "language": "en", "seen": before, "version": 0, **ENGLISH}
    reply = await desk.post(f"/notes/{note_id}/translation/draft", typed)
    assert reply.status_code == 409
    assert "Das Original hat sich inzwischen geändert." in reply.text
    assert ENGLISH["did"] in reply.text
    assert await queries.in_work(open_house.company.id, note_id) == []


async def test_two_translators_see_each_other(desk, open_house):
    note_id = await open_house.draft()
    await translated(open_house, note_id, did="Theirs.", by=open_house.leader)

    note = await queries.draft(open_house.company.id, note_id)
    typed = {"number": 0, "language": "en", "version": 0, "seen": seen(NoteKind.CHANGED, note.said.texts)}
    reply = await desk.post(f"/notes/{note_id}/translation/draft", typed | ENGLISH)
    assert reply.status_code == 409
    assert "Henrike Voss hat inzwischen gesichert" in reply.text
    assert "Theirs." in reply.text
    reply = await desk.post(f"/notes/{note_id}/translation/draft", typed | ENGLISH | {"version": 1})
    assert reply.status_code == 303
    assert [one.texts["did"] for one in await queries.in_work(open_house.company.id, note_id)] == [
        ENGLISH["did"]
    ]


async def test_a_translation_is_for_nobodys_earlier_yes(house):
    note_id = await house.draft()
    await commands.ask_for_release(house.company, note_id, by=house.writer, **AT)
    tomorrow = made.NOW + timedelta(days=1)
    await commands.schedule_note(house.company, note_id, tomorrow, by=house.writer, **AT)
    await translated(house, note_id)

    note = await queries.draft(house.company.id, note_id)
    assert (note.asked_at, note.goes_out_at) == (None, None)


async def test_who_translated_it_is_no_second_pair_of_eyes(house):
    await commands.choose_four_eyes(house.company.id, [NoteKind.CHANGED], by=house.leader, **AT)
    note_id = await house.draft()
    await translated(house, note_id, by=house.leader)

    with pytest.raises(Faulty) as refused:
        await commands.publish_note(house.company, note_id, by=house.leader, **AT)
    assert "note.second-eyes" in [one.reason for one in refused.value.reasons]


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"title": "Page 6 \u202eexplains"}, "note.hidden-signs"),
        ({"closing_question": "Tell us."}, "note.closing-asks-nothing"),
    ],
)
async def test_a_translation_that_may_not_be_said_stays_and_says_why(house, differs, reason):
    note_id = await house.draft()
    await translated(house, note_id, **differs)

    note = await queries.draft(house.company.id, note_id)
    (english,) = await commands.along(house.company, note)
    assert ([one.reason for one in english.against], english.goes) == ([reason], False)
    assert await published(house, note_id) == []
    form = TranslationForm(number=1, language=Language.EN, **ENGLISH | differs)
    with pytest.raises(Faulty) as refused:
        await commands.translate_note(house.company, note_id, form, by=house.writer, **AT)
    assert [one.reason for one in refused.value.reasons] == [reason]


async def test_whoever_may_only_write_prepares_a_translation_of_what_is_out(fan, company, open_house):
    note_id = await open_house.note(await open_house.published())
    writer = await made.signed_in(fan, company, "product")
    page = (await writer.get(f"/notes/{note_id}/translation?into=en")).text
    assert "Übersetzung veröffentlichen" not in page
    await translated(open_house, note_id)

    assert await queries.translations(open_house.company.id, note_id) == []
    assert (await writer.post(f"/notes/{note_id}/translation", {"number": 1})).status_code == 403


async def test_a_withdrawn_note_is_not_translated(house):
    note_id = await house.note(await house.published())
    form = WithdrawalForm(why="Es stimmte nicht.")
    await commands.withdraw_note(house.company.id, note_id, form, by=house.writer, **AT)

    with pytest.raises(Refused, match=r"note\.not-correctable"):
        await translated(house, note_id)


def test_a_translated_mistake_owns_up_to_what_the_original_does():
    texts = {name: words for name, words in MISTAKE.items() if isinstance(words, str)}
    days = {"repair_by": SOON}
    told = {"sorry": "We regret it.", "affected": "Many people.", "wrong": "Tarek knew since March."}

    def found(**differs):
        return [
            one.reason
            for one in said_otherwise(NoteKind.MISTAKE, texts, days, told | differs, ["Tarek Osman"])
        ]

    assert found() == ["note.sorry-unsaid", "note.affected-uncounted", "note.names-somebody"]
    assert found(sorry="We are sorry.", affected="All 3,400 boxes.", wrong="We knew since March.") == []
    # What the original never said is not asked of its translation.
    texts["affected"] = "Viele von euch."
    assert found(sorry="We are sorry.", wrong="We knew.") == []


def test_what_changed_since_is_told_by_field():
    now = {"title": "Neu", "did": "Gleich", "left": "Erst jetzt"}

    assert changed_since(NoteKind.CHANGED, now, {"title": "Alt", "did": " Gleich "}) == ["title"]


@pytest.mark.parametrize(
    ("note", "text", "found"),
    [
        ("Alle 3.400 Schachteln", "All 3,400 boxes", []),
        ("Alle 3.400 Schachteln", "All 3,600 boxes", ["3,600"]),
        ("1,5 Stunden", "1.5 hours", []),
        ("1,5 Stunden", "15 hours", ["15"]),
    ],
)
def test_each_language_writes_numbers_in_its_way(note, text, found):
    told = differences(note, [], text, names=[], promised=[])

    assert [(one.fact, one.words) for one in told] == [(Fact.NUMBER, words) for words in found]


async def test_a_receipt_tells_it_in_the_readers_language(fan, open_house):
    code = "7K4QM0000000000000000000AB"
    answer = await made.an_answer(open_house.company, open_house.question, "Wo steht das?", code=code)
    await made.placed(open_house.company, answer, open_house.theme)
    note_id = await open_house.draft()
    await translated(open_house, note_id)
    await published(open_house, note_id)

    english = (await fan.post("/kranich/r?lang=en", data={"code": code})).text
    assert ENGLISH["title"] in english
    assert ENGLISH["said"] in english
    assert GERMAN["title"] in (await fan.post("/kranich/r", data={"code": code})).text

    words = GERMAN | {"title": "Seite 6 ist noch einmal neu"}
    form = CorrectionForm(number=1, why="Genauer.", **words)
    await commands.correct_note(open_house.company, note_id, form, by=open_house.writer, now=made.NOW)
    english = (await fan.post("/kranich/r?lang=en", data={"code": code})).text
    assert words["title"] in english and ENGLISH["title"] not in english, (
        "the translation says what was before"
    )


async def test_a_receipt_tells_no_translation_of_what_was_taken_back(fan, open_house):
    code = "7K4QM0000000000000000000AB"
    answer = await made.an_answer(open_house.company, open_house.question, "Wo steht das?", code=code)
    await made.placed(open_house.company, answer, open_house.theme)
    note_id = await open_house.draft()
    await translated(open_house, note_id)
    await published(open_house, note_id)
    why = WithdrawalForm(why="Stimmt nicht.")
    await commands.withdraw_note(open_house.company.id, note_id, why, by=open_house.writer, now=made.NOW)

    english = (await fan.post("/kranich/r?lang=en", data={"code": code})).text
    assert GERMAN["title"] in english and ENGLISH["said"] not in english


async def test_the_translation_is_seen_as_its_readers_will_see_it(desk, open_house):
    note_id = await open_house.draft()
    await translated(open_house, note_id, left="")
    assert f"/notes/{note_id}/translation?into=en#reading" in (await desk.get(f"/notes/{note_id}")).text

    page = (await desk.get(f"/notes/{note_id}/translation?into=en")).text
    assert "So liest man es: Englisch" in page
    seen = page.partition('id="vorschau"')[2]
    assert '<div class="stack gap-4" lang="en">' in seen
    for words in (ENGLISH["title"], ENGLISH["did"], "What we changed", "What we did: " + ENGLISH["title"]):
        assert words in seen
    assert GERMAN["did"].replace("*", "") not in seen
    # The mail as it arrives speaks English too.
    assert f'src="/desk/kranich/notes/{note_id}/mail?into=en"' in seen
    mail = (await desk.get(f"/notes/{note_id}/mail?into=en")).text
    assert '<html lang="en"' in mail
    assert ENGLISH["did"] in mail
    assert "Read the whole note" in mail
    assert GERMAN["title"] in (await desk.get(f"/notes/{note_id}/mail?into=fr")).text


async def test_looking_at_a_translation_saves_nothing_and_names_what_is_missing(desk, open_house):
    note_id = await open_house.draft()
    typed = {"language": "en"} | ENGLISH | {"did": "", "title": "<b>As typed</b>"}

    seen = (await desk.post(f"/notes/{note_id}/translation/preview", typed)).text
    assert "&lt;b&gt;As typed&lt;/b&gt;" in seen
    assert "Nicht übersetzt: Was wir geändert haben" in seen.replace("\xa0", " ")
    assert await queries.in_work(open_house.company.id, note_id) == []


async def test_the_editor_says_who_will_be_told_in_which_language(desk, open_house):
    await made.mail_set_up(open_house.company, 25)
    for number in range(2):
        answer = await made.an_answer(
            open_house.company, open_house.question, f"I looked for {number} minutes.", language="en"
        )
        await made.placed(open_house.company, answer, open_house.theme)
        await made.a_follower(
            open_house.company, f"mia{number}@example.org", response=answer.id, language="en"
        )
    answer = await made.an_answer(open_house.company, open_house.question, "J'ai cherché.", language="fr")
    await made.placed(open_house.company, answer, open_house.theme)
    note_id = await open_house.draft()

    page = (await desk.get(f"/notes/{note_id}")).text
    assert "Deutsch: 6; Englisch: 2, mit dem Original auf Deutsch" in page
    assert '<span class="meta">Englisch: 2, mit dem Original auf Deutsch</span>' in page
    await translated(open_house, note_id)
    page = (await desk.get(f"/notes/{note_id}")).text
    assert "Deutsch: 6; Englisch: 2<" in page
    assert '<span class="meta">Englisch: 2</span>' in page
