"""A fan's words are found again where members repeat them, and nothing else is."""

from time import process_time
from uuid import UUID

import pytest

from hearback.trust.quoted import Repeat, Voice, is_telling, of_parts, quoted, repeats, said

ANSWER = "Meine Tochter sieht Rot und Grün schlecht, deshalb spielen wir nie mit. Ewig gewartet!"


def test_what_was_copied_is_found_whatever_stands_between_its_words():
    text = "Sie schreibt: „meine Tochter sieht\nRot und Grün schlecht“. Das geht vielen so."

    assert quoted(text, said([ANSWER])) == ["meine Tochter sieht\nRot und Grün schlecht"]


def test_a_few_words_in_a_row_are_everybodys():
    assert quoted("Viele sehen Rot und Grün schlecht.", said([ANSWER])) == []


def test_a_short_point_is_found_as_a_whole():
    assert quoted("Hier steht: Ewig gewartet! Mehr nicht.", said([ANSWER, "Ewig gewartet!"])) == [
        "Ewig gewartet"
    ]


def test_a_single_yes_is_nobodys():
    assert not said(["Ja.", "Nichts"])


def test_two_places_are_two_parts_the_longer_first():
    text = "deshalb spielen wir nie mit, und: Meine Tochter sieht Rot und Grün schlecht"

    assert quoted(text, said([ANSWER])) == [
        "Meine Tochter sieht Rot und Grün schlecht",
        "deshalb spielen wir nie mit",
    ]


MIA, TOM = UUID(int=1), UUID(int=2)
LONG = "Beim Aufbau hat keiner von uns gewusst, wohin die roten Steine gehören."


def found(text, *voices, fewest=5):
    return [one.words for one in repeats({"did": text}, voices, fewest=fewest)]


def test_eight_words_in_a_row_are_somebodys_wording_whatever_stands_between_them():
    text = "Ihr schreibt: „beim Aufbau\nhat keiner von uns gewusst – wohin“ es geht."

    assert found(text, Voice(MIA, LONG, free=False)) == ["beim Aufbau\nhat keiner von uns gewusst – wohin"]


def test_the_place_is_named_by_its_field():
    fields = {"title": "Rote Steine", "said": LONG}

    assert repeats(fields, [Voice(MIA, LONG, free=False)], fewest=5) == [Repeat("said", LONG.rstrip("."))]


@pytest.mark.parametrize(
    "text",
    [
        "Beim Aufbau hat keiner von uns alles gewusst.",
        "Keiner hat beim Aufbau von uns gewusst, dass die roten Steine nirgends stehen.",
        "Beim Aufbau hat keiner von uns geahnt, wohin die roten Steine sollen.",
    ],
)
def test_the_same_thought_in_other_words_is_our_own(text):
    assert found(text, Voice(MIA, LONG, free=False)) == []


def test_fewer_long_words_are_enough_but_one_name_is_not():
    words = "Die Auslösekartenbeschriftung verwirrt Gelegenheitsspielende"
    assert found(f"{words}.", Voice(MIA, words, free=False)) == [words]

    name = "Donaudampfschifffahrtsgesellschaftskapitänspatent"
    assert found(f"Im {name}.", Voice(MIA, f"Das {name}!", free=False)) == []


def test_what_somebody_lets_us_quote_may_stand_there():
    assert found(LONG, Voice(MIA, LONG, free=True)) == []
    assert found(LONG, Voice(MIA, LONG, free=False), Voice(TOM, LONG, free=True)) == []


def test_what_enough_people_wrote_alike_is_no_single_persons_wording():
    alike = [Voice(UUID(int=n), LONG, free=False) for n in range(5)]

    assert found(LONG, *alike) == []
    assert found(LONG, *alike[:4]) == [LONG.rstrip(".")]
    assert found(LONG, *[alike[0]] * 5) == [LONG.rstrip(".")], "five times the same person is one"


def test_many_answers_take_a_moment_only():
    voices = [Voice(UUID(int=n), f"{n} {LONG} " * 5, free=False) for n in range(2000)]
    started = process_time()

    found("Ganz eigene Worte über rote Steine. " * 100, *voices)

    assert process_time() - started < 3


@pytest.mark.parametrize(
    ("part", "telling"),
    [("Müller", False), ("Sturmhaube Nord", False), ("0171 2345678", True), ("ruf die Sturmhaube an", True)],
)
def test_a_name_alone_may_be_somebody_elses_but_not_a_sentence_or_a_number(part, telling):
    assert is_telling(part) is telling


def test_what_was_marked_on_purpose_is_found_though_it_is_short_but_not_two_letters():
    text = "Das sagte Frau Kranz, und du auch."
    assert quoted(text, of_parts(["KRANZ", "du"])) == ["Kranz"]
    assert quoted(text, said(["Kranz"])) == []
