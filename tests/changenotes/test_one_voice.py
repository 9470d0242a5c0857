"""One voice in all places: what is derived from a note, and where a text written by hand says otherwise."""

from datetime import date

import pytest

from hearback.changenotes import commands, queries
from hearback.changenotes.channels import BY_HAND, SOCIAL_SIGNS, Channel, derived
from hearback.changenotes.facts import differences
from hearback.changenotes.rules import NoteKind
from hearback.refusals import NotFound, Refused
from tests import made
from tests.changenotes.ready import WORDS

NOTE = "Alle 3.400 Schachteln bekommen Kerben. Tarek Osman verschickt bis zum 15. Januar."
DAY = date(2027, 1, 15)
NAMES = ["Tarek Osman", "Henrike Voss"]


def told(text: str, *, promised: bool = True) -> list[tuple[str, str]]:
    found = differences(NOTE, [DAY], text, names=NAMES, promised=[DAY] if promised else [])
    return [(one.fact.value, one.words) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "Kerben für 3.400 Schachteln, bis 15.01.2027. Tarek Osman kümmert sich.",
        "Bis 2027-01-15 ist es da.",
        "Notches by January 15, 2027. Read on: https://log.example/kranich/log/kerben-2",
        "Wir haben einen Fehler gemacht.",
        "Am Freitag, 15. Januar 2027, versprochen. Tarek kümmert sich.",
        "We promise: by Friday, Tarek Osman ships one notch to each of the 3,400.",
    ],
)
def test_what_says_the_same_or_less_differs_in_nothing(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "fact", "words"),
    [
        ("Alle 3.500 Schachteln.", "number", "3.500"),
        ("Versand bis 20. Januar.", "promise", "20. Januar"),
        ("Versand bis zum 20.01.", "promise", "20.01."),
        ("Shipping by 20 January.", "promise", "20 January"),
        ("Henrike Voss verschickt sie.", "name", "Henrike Voss"),
        ("Henrike verschickt sie.", "name", "Henrike Voss"),
        ("Versand bis 15. Januar 2028.", "promise", "15. Januar 2028"),
        ("Versand bis Montag.", "promise", "Montag"),
        ("Am Montag, 15. Januar 2027.", "promise", "Montag"),
        ("Kerben für zwanzig Schachteln.", "number", "zwanzig"),
        ("Notches for twenty-three boxes.", "number", "twenty-three"),
    ],
)
def test_what_says_otherwise_is_named(text, fact, words):
    assert told(text) == [(fact, words)]


def test_a_day_is_only_a_promise_where_the_note_makes_one():
    assert told("Am 20. Januar im Laden.", promised=False) == [("day", "20. Januar")]


def test_a_promise_that_the_note_does_not_make_is_named():
    assert told("Wir versprechen Ersatz.", promised=False) == [("promise", "versprechen")]


def test_a_number_is_the_same_in_words_and_in_figures():
    found = differences(
        "Zwölf Steine, 23 Karten.", [], "12 Steine, dreiundzwanzig Karten.", names=[], promised=[]
    )
    assert found == []


def test_long_texts_are_compared_in_good_time():
    assert len(told("1" * 50_000 + " 20. Januar" * 2_000)) == 2


@pytest.mark.parametrize("kind", NoteKind)
@pytest.mark.parametrize("channel", Channel)
def test_every_place_gets_the_notes_own_words(kind, channel):
    answers = ("did", "reason", "wrong", "known", "sorry", "repair")
    texts = dict.fromkeys(answers, "**Kerben** in alle Steine. " * 60)
    texts |= {"title": "Kerben", "closing_question": "Was fehlt?"}

    words = derived(channel, kind, texts, "https://log.example/kranich/log/kerben")
    assert words.startswith("Kerben\n\nKerben in alle Steine.")
    assert "**" not in words
    assert channel is not Channel.SOCIAL or len(words) <= SOCIAL_SIGNS


def test_a_mail_says_why_it_cannot_be_undone_where_it_cannot():
    texts = WORDS[NoteKind.MISTAKE] | {"repair": "", "cannot_undo": "Die Nacht ist vorbei."}

    assert derived(Channel.MAIL, NoteKind.MISTAKE, texts, "").endswith("Die Nacht ist vorbei.")


async def test_a_text_by_hand_stands_beside_the_others_with_what_differs(desk, open_house):
    note_id = await open_house.draft(NoteKind.MISTAKE)
    page = await desk.get(f"/notes/{note_id}/sheet")
    assert "steht nicht in der Notiz" not in page.text

    reply = await desk.post(
        f"/notes/{note_id}/sheet", {"channel": "sign", "words": "Alle 3.500 Schachteln. Jule Brandt hilft."}
    )
    assert reply.status_code == 303
    page = await desk.get(f"/notes/{note_id}/sheet")
    assert "Die Zahl 3.500 steht nicht in der Notiz." in page.text
    assert "Jule Brandt steht nicht in der Notiz." in page.text
    await desk.post(f"/notes/{note_id}/sheet", {"channel": "sign", "words": ""})
    assert await queries.said_elsewhere(open_house.company.id, note_id) == {}


async def test_what_comes_from_the_note_alone_is_not_written_by_hand(house):
    note_id = await house.draft()
    by = {"by": house.writer, "now": made.NOW}

    for channel in set(Channel) - set(BY_HAND):
        with pytest.raises(Refused, match=r"form\.not-a-choice"):
            await commands.say_elsewhere(house.company.id, note_id, channel, "Anders.", **by)
    other = await made.a_company("reiher")
    with pytest.raises(NotFound):
        await commands.say_elsewhere(other.id, note_id, Channel.SIGN, "Anders.", **by)
