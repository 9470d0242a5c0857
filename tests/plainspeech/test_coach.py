"""The question coach on 80 questions of our own: what leads, what asks twice, what leaves no way out."""

import json
from pathlib import Path

import pytest

from hearback.plainspeech.coach import Advice, AskedFor, Given, coached

QUESTIONS = [
    json.loads(line) for line in Path(__file__).with_name("questions.jsonl").read_text("utf-8").splitlines()
]
FINE = {"can_change": "Die Zeiten und die Wege.", "reply_by": "2026-12-01"}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_a_question_gets_the_advice_that_people_gave_it(question):
    prompt = AskedFor(words=question["words"], options=question["options"])
    given = {one.advice.value for one in coached([prompt], question["lang"], **FINE)}
    assert given == set(question["labels"]), question["words"]


def test_enough_questions_stand_behind_it():
    assert len(QUESTIONS) >= 60
    assert {question["lang"] for question in QUESTIONS} == {"de", "en"}


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Nichts.",
        "Nothing",
        "Das steht schon fest.",
        "keine",
        "For information only.",
        "Eigentlich nichts mehr.",
        "Keine, es steht alles fest.",
    ],
)
def test_where_nothing_can_change_there_is_nothing_to_ask(words):
    assert coached([], "de", can_change=words, reply_by="2026-12-01") == [
        Given(Advice.NOTHING_CAN_CHANGE, "can_change")
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Die Zeiten.",
        "Fast alles, nur nicht der Ort.",
        "The prices",
        "Nichts ist festgelegt, alles kann sich ändern.",
        "None of the dates are fixed, all may change.",
        "Keine Plastikeinsätze mehr: das ist offen.",
    ],
)
def test_where_something_can_change_nothing_is_said(words):
    assert coached([], "en", can_change=words, reply_by="2026-12-01") == []


def test_people_want_to_know_when_they_hear_from_us():
    assert coached([], "de", can_change="Die Zeiten.", reply_by=" ") == [
        Given(Advice.NO_REPLY_DATE, "reply_by")
    ]


def test_own_words_are_a_way_out():
    prompt = AskedFor(words="Womit kommst du?", options=("Bus", "Rad"), other=True)
    assert coached([prompt], "de", **FINE) == []
