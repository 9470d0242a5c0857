"""Heat is a hint with reasons: insults and threats are found, anger without insult stays calm."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.moderation.rules import HOT, Why, heat, may_look_again
from hearback.trust.covering import Covered, Heard, covered, parts, places_of

INSULTS = [
    "Ihr Vollidioten habt meine Bestellung verloren.",
    "You idiots lost my order.",
    "Verpisst euch endlich!",
]
THREATS = ["Ich mach dich fertig, warte nur.", "I know where you live.", "Ihr gehört erschossen."]
ANGRY = [
    "Drei Wochen keine Heizung, mein Kind ist krank!!!",
    "DAS IST EINE FRECHHEIT, DREI WOCHEN WARTEN WIR JETZT!!!",
    "Eure neuen Flaschen machen krank, das spürt man!",
    "So ein Saftladen. Das ist Betrug, und ich gehe zum Anwalt!!!",
    "Scheiße gemacht, ehrlich. Nie wieder kaufe ich hier.",
    "Ihr schafft also Barzahlung ab. Frechheit.",
    "This is damn awful. You lied to us and I will tell everybody!!!",
    "wie immer das mit dem ding, toll",
]
AT_NOBODY = [
    "Ich Depp habe den Deckel verloren.",
    "Ich bin ein Idiot, die Anleitung lag bei.",
    "I'm such an idiot, it was in the box.",
    "Die Aufbauanleitung ist idiotensicher.",
    "Jeder Depp mit einer Modelleisenbahn bekommt das pünktlicher hin.",
    "I was treated like an idiot at the counter.",
]


@pytest.mark.parametrize("said", INSULTS + THREATS)
def test_insults_and_threats_run_hot_and_say_why(said):
    found = heat([said])

    assert found.hot
    assert {Why.INSULT, Why.THREAT} & set(found.why)
    assert all(part in said for part in found.parts) and found.parts


@pytest.mark.parametrize("said", ANGRY + AT_NOBODY)
def test_anger_without_insult_stays_calm(said):
    assert heat([said]).degrees < HOT


def test_of_the_fans_answers_hardly_any_runs_hot(shared):
    """Anger is everywhere in them, insult is rare: a queue full of false alarms would be read by nobody."""
    lines = (shared / "data/fans/answers.jsonl").read_text("utf-8").splitlines()
    hot = [words for line in lines if heat([words := json.loads(line)["text"]]).hot]

    assert 1 <= len(hot) <= len(lines) / 200
    assert any("Vollidiot" in words for words in hot)


def test_heat_counts_each_reason_once_and_names_it():
    found = heat(
        ["Ihr Idioten! Ruf an: 0151 23456789.", "IHR IDIOTEN SEID WIRKLICH UNMÖGLICH!!!"], "too_fast"
    )

    assert found.why == (Why.INSULT, Why.FLAG, Why.PERSONAL_DATA, Why.CAPITALS, Why.EXCLAMATIONS)
    assert found.degrees == 11


def test_who_decided_does_not_judge_themselves():
    assert may_look_again("Mika", ["Jule"])
    assert not may_look_again("Jule", ["Mika", "Jule"])


def test_heat_is_linear_in_the_text():
    long = "ich bin ein ganz normaler Mensch, mach dich bitte nicht fertig! " * 4000
    began = time.perf_counter()
    heat([long])

    assert time.perf_counter() - began < 2


@given(st.text(min_size=0, max_size=60), st.data())
def test_bars_are_as_long_as_what_they_cover_and_leave_the_rest(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    bars = covered(text, [Covered(start, end, Heard.INSULT)])

    assert len(bars) == len(text)
    assert bars[:start] == text[:start] and bars[end:] == text[end:]
    assert "".join(part for part, _ in parts(bars)) == bars


def test_a_bar_says_why_it_is_there_also_where_an_excerpt_cuts_it():
    bars = covered("Ihr Vollidioten habt", [Covered(4, 15, Heard.INSULT)])

    assert [heard for _, heard in parts(bars)] == [None, Heard.INSULT, None]
    assert [heard for part, heard in parts(bars[6:]) if part.strip()] == [Heard.INSULT, None]
    assert list(parts("Ein Strich ▬▬▬ von mir")) == [("Ein Strich ▬▬▬ von mir", None)]


def test_words_are_found_wherever_they_stand_whatever_their_size():
    assert places_of("idiot", "Du Idiot, IDIOT!") == [(3, 8), (10, 15)]
    assert places_of("I", "I I") == []
