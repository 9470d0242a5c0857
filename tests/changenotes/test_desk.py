"""The desk writes notes: nothing typed is lost, every reason is said, and who may not, may not."""

import re
from datetime import timedelta

import pytest

from hearback.changenotes import commands
from hearback.changenotes.desk import editor, listing
from hearback.changenotes.forms import WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.words.speaking import words_for
from tests import made
from tests.changenotes.ready import SOON, WORDS, Ready, ready
from tests.conftest import browser_of
from tests.paging import all_pages

NOBODYS = "00000000-0000-4000-8000-000000000000"


def plain(reply) -> str:
    return reply.text.replace("\xa0", " ")


def written(house: Ready, kind: NoteKind | str = NoteKind.CHANGED, **more):
    """What the editor's form sends."""
    return {
        name: str(value) if not isinstance(value, list) else value
        for name, value in house.typed(kind, **more).items()
    }


async def test_what_waits_to_be_said_stands_beside_the_list(desk, open_house):
    await execute("update promise set due_on = current_date - 3")

    page = plain(await desk.get("/notes"))

    assert "Getan, aber noch nicht gesagt" in page
    assert "Erledigt: Seite 6 neu zeichnen. 5 Menschen" in page
    assert f"/notes/new?theme={open_house.theme.id}&amp;kind=changed" in page
    assert f"/notes/new?question={open_house.question.id}&amp;kind=holding" in page


async def test_what_is_done_waits_until_a_public_note_tells_of_it(desk, open_house):
    waits = "Erledigt: Seite 6 neu zeichnen."
    await open_house.published(NoteKind.MISTAKE, actions=[])
    note_id = await open_house.draft()

    page = plain(await desk.get("/notes"))
    assert waits in page, "neither a note on something else nor a draft tells of it"
    assert f'href="/desk/kranich/notes/{note_id}" aria-label="Entwurf öffnen: Irrlichter"' in page
    await commands.publish_note(open_house.company, note_id, by=open_house.writer, now=made.NOW)
    assert waits not in plain(await desk.get("/notes"))


async def test_older_notes_stand_on_further_pages_and_none_is_lost_or_told_twice(
    desk, open_house, monkeypatch
):
    monkeypatch.setattr(listing, "A_PAGE", 2)
    draft = await open_house.draft(title="Noch ein Entwurf")
    for nth in range(5):
        slug = await open_house.published(NoteKind.CHANGED, title=f"Notiz {nth}")
    last, why = await open_house.note(slug), WithdrawalForm("Das stimmte nicht.")
    await commands.withdraw_note(open_house.company.id, last, why, by=open_house.writer, now=made.NOW)

    pages = await all_pages(desk, "/notes")
    told = [re.findall(r"Notiz \d(?=</a>)", page) for page in pages]
    assert told == [["Notiz 4", "Notiz 3"], ["Notiz 2", "Notiz 1"], ["Notiz 0"]]

    other = await ready(await made.a_company("elbe"))
    theirs = await other.note(await other.published())
    for nowhere in (draft, theirs, "nothing"):
        assert (await desk.get(f"/notes?before={nowhere}")).status_code == 404


async def test_a_long_list_of_what_is_still_to_say_says_that_more_waits(desk, open_house, monkeypatch):
    await open_house.published(NoteKind.HOLDING)
    await execute("update promise set due_on = current_date - 3")
    more = "Hier stehen höchstens 1."
    assert more not in plain(await desk.get("/notes"))
    monkeypatch.setattr(listing, "MOST_TO_SAY", 1)
    assert more in plain(await desk.get("/notes"))


async def test_a_note_is_begun_from_a_theme(desk, open_house):
    page = await desk.get(f"/notes/new?theme={open_house.theme.id}&kind=not_changed")
    assert f'value="{open_house.theme.id}" selected' in page.text
    assert 'value="not_changed" checked' in page.text

    reply = await desk.post("/notes", {"kind": "not_changed", "theme": str(open_house.theme.id)})

    assert reply.status_code == 303
    editor = await desk.browser.get(reply.headers["location"])
    assert "Notiz zu „Irrlichter“" in editor.text


async def test_looking_at_the_page_for_a_new_note_makes_none(desk, open_house):
    await desk.get(f"/notes/new?theme={open_house.theme.id}")

    assert await fetch_value("select count(*) from note") == 0


@pytest.mark.parametrize("query", ["theme=x", "question=x", f"theme={NOBODYS}", f"question={NOBODYS}"])
async def test_a_note_cannot_be_begun_from_what_is_not_there(desk, open_house, query):
    assert (await desk.get(f"/notes/new?{query}")).status_code == 404


async def test_the_editor_offers_only_quotes_that_may_be_shown(desk, open_house):
    note_id = await open_house.draft()

    page = plain(await desk.get(f"/notes/{note_id}"))

    offered = page.partition('<fieldset id="quotes"')[2].partition("</fieldset>")[0]
    assert "Ich habe 0 Minuten gesucht" in offered
    assert "Ayşe aus Dortmund" in offered
    assert "Ich habe 1 Minuten gesucht" not in offered


async def test_who_has_more_quotes_than_are_offered_is_told_where_they_stand(desk, open_house, monkeypatch):
    note_id = await open_house.draft()
    more = "Es gibt mehr Zitate als diese"
    assert more not in (await desk.get(f"/notes/{note_id}")).text
    for number in range(2):
        given = {"quoting": "unnamed"}
        response = await made.an_answer(open_house.company, open_house.question, f"Wort {number}.", **given)
        await made.placed(open_house.company, response, open_house.theme)
    monkeypatch.setattr(editor, "MOST_QUOTES", 2)

    page = (await desk.get(f"/notes/{note_id}")).text
    assert f"{more} 2." in page and page.count('name="quotes"') == 2

    theirs = await fetch_column(
        "select e.id from excerpt e join response r on r.id = e.response and r.quoting <> 'no'"
    )
    form = open_house.form(version=2, quotes=theirs)
    await commands.save_note(open_house.company.id, note_id, form, by=open_house.writer, now=made.NOW)
    page = (await desk.get(f"/notes/{note_id}")).text
    assert len(theirs) == 3 == page.count('name="quotes"') and more not in page, (
        "what was chosen is offered, each"
    )
    assert "hat die Erlaubnis zurückgenommen" not in page and all(
        words in page.split('id="vorschau"')[1] for words in ("Wort 0.", "Wort 1.")
    )


async def test_the_editor_shows_what_others_will_read_and_what_is_missing(desk, open_house):
    note_id = await open_house.draft(did="Jetzt in **vier** Bildern.", closing_question="")

    page = plain(await desk.get(f"/notes/{note_id}"))

    assert "Jetzt in <strong>vier</strong> Bildern." in page
    assert '<a href="#closing_question">Es fehlt die Frage zum Schluss.</a>' in page
    assert "Quittungen, die sich ändern" in page


def language_of(page, name: str) -> str:
    """That a field says of itself; empty where it says none."""
    field = re.search(rf'<(?:input|textarea)[^>]* name="{name}"[^>]*>', page.text)
    told = re.search(r' lang="(\w*)"', field[0])
    return told[1] if told else ""


async def test_what_others_will_read_holds_the_quotes_and_that_it_happens_again(desk, open_house):
    first = await open_house.note(await open_house.published(NoteKind.MISTAKE))
    note_id = await open_house.draft(
        NoteKind.MISTAKE, repeats=first, failed="Wir haben nicht gezählt.", quotes=[open_house.quoted.id]
    )

    page = plain(await desk.get(f"/notes/{note_id}"))
    seen = page[page.index('id="vorschau"') : page.index('class="as-mail')]

    order = [
        "Zum 2. Mal.",
        WORDS[NoteKind.MISTAKE]["asked"],
        "Ayşe aus Dortmund",
        WORDS[NoteKind.MISTAKE]["wrong"],
    ]
    assert sorted(order, key=seen.index) == order, "as in public"

    typed = written(open_house, version=2) | {"quotes": [str(open_house.quoted.id), "what is none"]}
    assert "Ayşe aus Dortmund" in plain(await desk.post(f"/notes/{note_id}/preview", typed))
    await execute("update response set quoting = 'no'")
    assert "Ayşe aus Dortmund" not in plain(await desk.post(f"/notes/{note_id}/preview", typed))


async def test_what_a_note_says_is_written_in_the_language_of_the_note(desk, open_house):
    note_id = await open_house.draft(language="en")

    editor = await desk.get(f"/notes/{note_id}")

    assert {language_of(editor, name) for name in ("title", "did", "wrong", "closing_question")} == {"en"}
    assert language_of(editor, "stays") == language_of(editor, "did_on") == ""


async def test_a_language_that_was_chosen_and_not_saved_yet_is_that_of_its_fields(desk, open_house):
    note_id = await open_house.draft()

    editor = await desk.post(
        f"/notes/{note_id}", written(open_house, version=2, title="", language="en") | {"spalte": "x"}
    )

    assert editor.status_code == 422
    assert language_of(editor, "did") == "en"


async def test_what_is_corrected_withdrawn_or_translated_says_its_language_too(desk, open_house):
    note_id = await open_house.note(await open_house.published(language="en"))

    assert language_of(await desk.get(f"/notes/{note_id}/correction"), "did") == "en"
    assert language_of(await desk.get(f"/notes/{note_id}/correction"), "why") == "en"
    assert language_of(await desk.get(f"/notes/{note_id}/withdrawal"), "why") == "en"
    assert language_of(await desk.get(f"/notes/{note_id}/translation?into=de"), "did") == "de"


async def test_saving_keeps_every_word_also_those_of_another_kind(desk, open_house):
    note_id = await open_house.draft()
    typed = written(open_house, version=2, title="Neu", wrong="Für den Fall, dass es doch ein Fehler war.")

    reply = await desk.post(f"/notes/{note_id}", typed)

    assert reply.status_code == 303
    page = await desk.get(f"/notes/{note_id}")
    assert ">\nNeu</textarea>" in page.text
    assert "Für den Fall, dass es doch ein Fehler war." in page.text


async def test_a_preview_saves_nothing(desk, open_house):
    note_id = await open_house.draft()

    reply = await desk.post(
        f"/notes/{note_id}/preview",
        written(open_house, NoteKind.MISTAKE, title="Ganz anders") | {"repair_by": "irgendwann"},
        headers={"HX-Request": "true"},
    )

    assert reply.status_code == 200
    assert "Ganz anders" in reply.text
    assert "<html" not in reply.text
    assert "Es tut uns leid, allen, die daneben saßen." in reply.text
    assert await fetch_value("select version from note") == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "x" * 121, "Das sind 121 Zeichen"),
        ("look_again", "bald", "Das ist kein Datum"),
        ("kind", "lob", "Wähl bitte eine der Möglichkeiten aus."),
        ("themes", "x", "Das passt hier nicht."),
        ("signed_by", "", "Hier fehlt noch etwas."),
        ("spalte", "x", "ein Feld, das wir nicht kennen"),
    ],
)
async def test_what_does_not_fit_is_said_and_what_was_typed_stays(desk, open_house, field, value, sentence):
    note_id = await open_house.draft()
    typed = written(open_house, version=2, did="Noch nirgends gesichert.") | {field: value}

    reply = await desk.post(f"/notes/{note_id}", typed)

    assert reply.status_code == 422
    assert sentence in plain(reply)
    assert "Noch nirgends gesichert." in reply.text
    assert await fetch_value("select version from note") == 2


async def test_who_left_still_signs_the_draft_until_somebody_else_is_chosen(desk, open_house):
    note_id = await open_house.draft()
    await execute("update member set active = false where id = $1", open_house.writer.id)

    page = (await desk.get(f"/notes/{note_id}")).text

    assert f'<option value="{open_house.writer.id}" selected>Jule Brandt, nicht mehr hier</option>' in page
    reply = await desk.post(f"/notes/{note_id}/publication", written(open_house, version=2))
    assert reply.status_code == 422 and await fetch_value("select state from note") == "draft"


async def test_a_stranger_cannot_sign(desk, open_house):
    other = await made.a_member(await made.a_company("reiher"))
    note_id = await open_house.draft()

    reply = await desk.post(f"/notes/{note_id}", written(open_house, version=2, signed_by=other.id))

    assert reply.status_code == 404
    assert await fetch_value("select version from note") == 2


async def test_a_draft_beside_this_one_is_called_open_only_where_somebody_else_has_it(desk, open_house):
    mine, other = await open_house.draft(title="Eins"), await open_house.draft(title="Zwei")
    await desk.get(f"/notes/{other}")
    assert "sie gerade offen" not in plain(await desk.get(f"/notes/{mine}"))

    await execute("update note_writer set member = $1 where note = $2", open_house.leader.id, other)
    assert "sie gerade offen" in plain(await desk.get(f"/notes/{mine}"))


async def test_the_second_of_two_writers_sees_both_and_can_save_then(desk, open_house):
    note_id = await open_house.draft()
    assert (
        await desk.post(f"/notes/{note_id}", written(open_house, version=2, did="Von der Ersten."))
    ).status_code == 303

    reply = await desk.post(f"/notes/{note_id}", written(open_house, version=2, did="Von der Zweiten."))

    assert reply.status_code == 409
    assert "Von der Ersten." in reply.text
    assert "Von der Zweiten." in reply.text
    assert f"{desk.member.name} hat inzwischen gesichert" in reply.text
    assert 'name="version" value="3"' in reply.text
    again = await desk.post(f"/notes/{note_id}", written(open_house, version=3, did="Von beiden."))
    assert again.status_code == 303


async def test_what_the_other_writer_chose_is_said_in_words(desk, open_house):
    note_id = await open_house.draft(NoteKind.MISTAKE)
    theirs = {"cause_kind": "accidental", "repair_by": str(SOON + timedelta(days=1))}
    await desk.post(f"/notes/{note_id}", written(open_house, NoteKind.MISTAKE, version=2) | theirs)

    reply = await desk.post(f"/notes/{note_id}", written(open_house, NoteKind.MISTAKE, version=2))

    shown = plain(reply).partition("hat inzwischen gesichert")[2].partition("</dl>")[0]
    assert reply.status_code == 409
    assert "accidental" not in shown
    assert theirs["repair_by"] not in shown
    assert words_for("de").date(SOON + timedelta(days=1)).replace("\xa0", " ") in shown


async def test_publishing_sends_out_what_stands_in_the_form(desk, fan, open_house):
    note_id = await open_house.draft()
    await desk.get(f"/notes/{note_id}")

    reply = await desk.post(
        f"/notes/{note_id}/publication", written(open_house, version=2, title="Gerade noch geändert")
    )

    assert reply.status_code == 303
    assert reply.headers["location"] == "/kranich/log/gerade-noch-geaendert"
    assert "Gerade noch geändert" in (await fan.get(reply.headers["location"])).text


async def test_publishing_says_every_reason_and_keeps_the_draft(desk, open_house):
    note_id = await open_house.draft()

    reply = await desk.post(
        f"/notes/{note_id}/publication",
        written(open_house, version=2, actions=[], title="") | {"did": "Gesichert, aber nicht draußen."},
    )

    assert reply.status_code == 422
    assert "„Geändert“ sagen wir erst, wenn eine Maßnahme erledigt ist." in plain(reply)
    assert "Die Überschrift fehlt." in plain(reply)
    assert await fetch_value("select state from note") == "draft"
    assert "Gesichert, aber nicht draußen." in await fetch_value("select draft::text from note")


async def test_a_public_note_shows_no_form_and_takes_none(desk, open_house):
    note_id = await open_house.note(await open_house.published())

    page = await desk.get(f"/notes/{note_id}")
    saved = await desk.post(f"/notes/{note_id}", written(open_house, version=2, did="Heimlich anders."))

    assert "<textarea" not in page.text
    assert saved.status_code == 422
    assert "Sie lässt sich nur noch berichtigen oder zurückziehen." in plain(saved)
    assert await fetch_column("select words from note_field where name = 'did'") == [
        WORDS[NoteKind.CHANGED]["did"]
    ]


async def test_a_correction_needs_a_reason_and_then_stands_in_public(desk, fan, open_house):
    slug = await open_house.published()
    note_id = await open_house.note(slug)
    words = WORDS[NoteKind.CHANGED] | {
        "did": "Vier Bilder.",
        "number": "1",
    }
    assert "Die Regel steht jetzt beim **Anzünden**." in (await desk.get(f"/notes/{note_id}/correction")).text

    without = await desk.post(f"/notes/{note_id}/correction", words)
    assert without.status_code == 422
    assert "Vier Bilder." in without.text

    reply = await desk.post(f"/notes/{note_id}/correction", words | {"why": "Genauer."})

    assert reply.status_code == 303
    page = (await fan.get(reply.headers["location"])).text
    assert "Vier Bilder." in page
    assert "Grund: Genauer." in page


async def test_a_correction_of_an_older_version_shows_both(desk, open_house):
    note_id = await open_house.note(await open_house.published())
    words = dict(WORDS[NoteKind.CHANGED]) | {"number": "1", "why": "Genauer."}
    await desk.post(f"/notes/{note_id}/correction", words | {"did": "Von der Ersten."})

    reply = await desk.post(f"/notes/{note_id}/correction", words | {"did": "Von der Zweiten."})

    assert reply.status_code == 409
    assert "Von der Ersten." in reply.text
    assert "Von der Zweiten." in reply.text
    assert 'name="number" value="2"' in reply.text


async def test_what_stands_in_one_line_is_one_line_however_it_was_typed(desk, fan, open_house):
    note_id = await open_house.draft()
    page = await desk.get(f"/notes/{note_id}")
    assert '<textarea class="input" id="title" name="title" rows="1"' in page.text, "a long one is seen whole"
    typed = written(open_house, version=2, title="Seite 6\nerklärt es  jetzt", closing_question="Was\nfehlt?")
    await desk.post(f"/notes/{note_id}", typed)
    slug = await commands.publish_note(open_house.company, note_id, by=open_house.writer, now=made.NOW)

    title = '<h1 class="said">Seite 6 erklärt es jetzt</h1>'
    assert title in (await fan.get(f"/kranich/log/{slug}")).text
    assert await fetch_column("select words from note_field where name = 'closing_question'") == [
        "Was fehlt?"
    ]


async def test_days_are_shown_in_a_correction_but_not_asked(desk, open_house):
    note_id = await open_house.note(await open_house.published(NoteKind.HOLDING))

    page = await desk.get(f"/notes/{note_id}/correction")

    assert 'name="next_word"' not in page.text
    assert "Dieser Tag ist versprochen und wird nicht berichtigt" in plain(page)
    assert str(SOON.year) in page.text


async def test_a_wrong_day_and_a_wrong_choice_are_corrected_and_the_log_shows_both(desk, fan, open_house):
    slug = await open_house.published(NoteKind.MISTAKE)
    note_id = await open_house.note(slug)
    await execute("update member set leads = true where role = 'admin'")
    page = await desk.get(f"/notes/{note_id}/correction")
    assert re.findall(r'name="(\w+)" type="date"', page.text) == ["did_on", "known_since"]
    assert (
        plain(page).count("Dieser Tag ist versprochen und wird nicht berichtigt") == 2
    )  # repair, and looking again

    differs = {"known_since": "2026-01-05", "cause_kind": "integrity"}
    said = WORDS[NoteKind.MISTAKE] | {"number": 1} | differs
    typed = {name: str(words) for name, words in said.items() if name not in ("repair_by", "follow_up")}
    refused = await desk.post(
        f"/notes/{note_id}/correction", typed | {"why": "Älter.", "known_since": "2036-01-05"}
    )
    assert refused.status_code == 422
    assert "Dieser Tag kommt erst noch." in refused.text and 'value="2036-01-05"' in refused.text

    await desk.post(f"/notes/{note_id}/correction", typed | {"why": "Ein Brief lag länger."})
    told = plain(await fan.get(f"/kranich/log/{slug}/history"))
    before = WORDS[NoteKind.MISTAKE]["known_since"]
    assert f"<del>{before.day}. " in told and "<ins>5. Januar 2026</ins>" in told
    assert "<del>Hätten wir verhindern können</del> <ins>Gegen unsere eigenen Regeln</ins>" in told
    assert "preventable" not in told


async def test_a_withdrawal_needs_a_reason(desk, fan, open_house):
    slug = await open_house.published()
    note_id = await open_house.note(slug)
    assert (await desk.post(f"/notes/{note_id}/withdrawal")).status_code == 422

    reply = await desk.post(f"/notes/{note_id}/withdrawal", {"why": "Das stimmte nicht."})

    assert reply.status_code == 303
    assert "Das stimmte nicht." in (await fan.get(f"/kranich/log/{slug}")).text
    again = await desk.post(f"/notes/{note_id}/withdrawal", {"why": "Noch einmal."})
    assert again.status_code == 422
    assert await fetch_column("select number from revision order by number") == [1, 2]


async def test_a_draft_is_thrown_away(desk, open_house):
    note_id = await open_house.draft()

    reply = await desk.post(f"/notes/{note_id}/discard")

    assert reply.status_code == 303
    assert (await desk.get(f"/notes/{note_id}")).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes", "publishes"),
    [("product", 200, 303, 403), ("moderator", 200, 403, 403), ("reader", 200, 403, 403)],
)
async def test_who_may_not_may_not(app, open_house, role, reads, writes, publishes):
    note_id = await open_house.draft()
    slug = await open_house.published()
    public_id = await open_house.note(slug)
    async with browser_of(app) as browser:
        somebody = await made.signed_in(browser, open_house.company, role)

        assert (await somebody.get("/notes")).status_code == reads
        assert (await somebody.post("/notes", {"kind": "changed"})).status_code == writes
        assert (
            await somebody.post(f"/notes/{note_id}", written(open_house, version=2))
        ).status_code == writes
        assert (await somebody.post(f"/notes/{note_id}/publication")).status_code == publishes
        assert (await somebody.post(f"/notes/{public_id}/correction")).status_code == publishes
        assert (
            await somebody.post(f"/notes/{public_id}/withdrawal", {"why": "Darum."})
        ).status_code == publishes
    assert await fetch_column("select state from note order by created_at, id limit 1") == ["draft"]


async def test_a_product_person_is_told_who_publishes(app, open_house):
    note_id = await open_house.draft()
    async with browser_of(app) as browser:
        somebody = await made.signed_in(browser, open_house.company, "product")
        page = plain(await somebody.get(f"/notes/{note_id}"))

    assert "Veröffentlichen dürfen Kommunikation und Verwaltung." in page
    assert "/publication" not in page
