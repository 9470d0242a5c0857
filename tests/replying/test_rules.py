"""What a reply needs, in which tone its fan writes, and when it sounds canned."""

import datetime as dt

import pytest

from hearback.people.rules import RIGHTS, Right, Role
from hearback.replying.alike import Earlier, likeness, twin_of
from hearback.replying.register import register
from hearback.replying.rules import (
    Standing,
    StepKind,
    covered_by,
    why_not_cosign,
    why_not_reply,
    why_not_sign_off,
)
from tests import made

TODAY = dt.date(2026, 11, 22)
READY = {
    "feeling": "Dreimal vor der Tür: Das hätte mich auch geärgert.",
    "fact": "Ich habe die Zeiten nur innen ausgehängt.",
    "step": StepKind.DOES,
    "next_step": "Ich hänge die Zeiten draußen auf.",
    "owner_active": True,
    "next_by": dt.date(2026, 11, 24),
    "today": TODAY,
    "corrects": False,
    "why": "",
    "writer_titled": True,
    "writer_has_face": True,
    "in_public": False,
}
# The fans of the reply guide: anger in play, raw anger, an irrational fear, an insult, a misunderstanding, a riddle.
PLAYFUL = (
    "Liebes Freibad, wir müssen reden. Dreimal stand ich vor verschlossener Tür. Ich treffe jetzt einen See."
)
OTHERS = [
    "Drei Wochen keine Heizung, mein Kind ist krank!!!",
    "Eure neuen Flaschen machen krank, das spürt man!",
    "Ihr Vollidioten habt meine Bestellung verloren.",
    "Ihr schafft also Barzahlung ab. Frechheit.",
    "wie immer das mit dem ding, toll",
]


def why(**more):
    return [reason.reason for reason in why_not_reply(Standing(**READY | more))]


def test_a_reply_with_a_next_step_somebody_and_a_day_may_go():
    assert why() == []


@pytest.mark.parametrize(
    ("less", "reason"),
    [
        ({"next_step": "  "}, "reply.missing.next_step"),
        ({"owner_active": False}, "reply.missing.next_owner"),
        ({"next_by": None}, "reply.missing.next_by"),
        ({"next_by": dt.date(2026, 11, 21)}, "reply.day-has-passed"),
        ({"feeling": "", "fact": " "}, "reply.missing.words"),
        ({"corrects": True}, "reply.missing.why"),
        ({"writer_titled": False}, "reply.writer-untitled"),
        ({"unread": 1}, "reply.word-came"),
    ],
)
def test_what_is_missing_is_named(less, reason):
    assert why(**less) == [reason]


def test_a_question_back_needs_somebody_who_waits_but_no_day():
    asks = {"step": StepKind.ASKS, "next_by": None}

    assert why(**asks) == []
    assert why(**asks, owner_active=False) == ["reply.missing.next_owner"]


def test_in_public_a_theme_needs_its_name_enough_voices_and_a_face():
    public = {"in_public": True, "voices": 5, "fewest_voices": 5}

    assert why(**public) == []
    assert why(**public | {"voices": 4}) == ["reply.too-few-voices"]
    assert why(**public, named=False) == ["reply.name-theme-first"]
    assert why(**public, writer_has_face=False) == ["reply.writer-without-face"]


def test_nobody_signs_off_or_cosigns_their_own_and_only_who_may():
    assert why_not_sign_off(is_writer=True, leads=True, may_publish=True) == "reply.not-your-own"
    assert why_not_sign_off(is_writer=False, leads=False, may_publish=False) == "reply.leaders-sign-off"
    assert why_not_sign_off(is_writer=False, leads=True, may_publish=False) is None
    assert why_not_sign_off(is_writer=False, leads=False, may_publish=True) is None
    assert why_not_cosign(is_writer=False, leads=False) == "reply.leaders-cosign"
    assert why_not_cosign(is_writer=True, leads=True) == "reply.not-your-own"
    assert why_not_cosign(is_writer=False, leads=True) is None


@pytest.mark.parametrize(("topic", "covered"), [(0, True), (1, True), (2, False), (-1, False), (None, False)])
def test_only_a_topic_that_the_mandate_has_covers(topic, covered):
    assert covered_by(["Termine", "Lieferung"], topic) is covered


def test_everybody_who_works_with_answers_may_reply_and_readers_may_not():
    assert {role for role in Role if Right.REPLY in RIGHTS[role]} == set(Role) - {Role.READER}


@pytest.mark.parametrize(
    ("words", "house", "address", "theirs"),
    [
        ("Eure Flaschen gefallen mir.", "sie", "du", ["Eure"]),
        ("Können Sie das ändern? Ich bitte Sie um Ihre Antwort.", "du", "sie", ["Sie", "Ihre"]),
        ("Die Schachtel klemmt. Sie war neu.", "du", "du", []),
        ("Die Schachtel klemmt.", "sie", "sie", []),
        ("Ich habe ihr den Würfel geschenkt.", "sie", "sie", []),
        ("Warum habt ihr das geändert? Ihr seid doch sonst anders.", "sie", "du", ["ihr", "Ihr"]),
    ],
)
def test_a_fan_is_addressed_as_they_address_us_and_else_as_the_house_does(words, house, address, theirs):
    found = register([words], language="de", house=house)

    assert (found.address, found.theirs) == (address, theirs)


def test_english_has_no_such_choice():
    assert register(["You idiots"], language="en", house="sie").address == ""


def test_humour_is_suggested_only_to_those_who_joke():
    assert register([PLAYFUL], language="de", house="du").joking == ["wir müssen reden", "Ich treffe jetzt"]
    assert register([PLAYFUL], language="de", house="du").humour
    assert [words for words in OTHERS if register([words], language="de", house="du").humour] == []


def test_no_joke_where_something_grave_stands_beside_it():
    found = register(["Mein Kind ist krank, aber haha, egal ;)"], language="de", house="du")

    assert found.joking and not found.humour


CANNED = "Vielen Dank für deine Nachricht, wir nehmen das sehr ernst und geben es an unser Team weiter."


def test_the_same_text_with_another_name_and_day_is_a_twin():
    other = "Vielen Dank für deine Nachricht, Mia! Wir nehmen das sehr ernst und geben es am 3. an unser Team weiter."
    earlier = [Earlier(made.some_id(), other, "Aylin"), Earlier(made.some_id(), READY["fact"], "Ben")]

    assert twin_of(CANNED, earlier).earlier.writer == "Aylin"


def test_what_a_person_wrote_for_one_person_has_no_twin():
    assert likeness(CANNED, READY["feeling"] + READY["fact"]) < 0.1
    assert likeness("Danke dir.", "Danke dir.") == 0
