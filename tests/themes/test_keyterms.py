"""Terms that set a group apart, written as people write them."""

import numpy as np

from hearback.themes.keyterms import key_terms
from hearback.themes.quotes import central

TOILETS = [
    "Die Toiletten waren dreckig",
    "Toiletten ohne Papier",
    "mehr Toilette bitte",
    "Papier fehlte auf dem Klo",
]
TRAINS = ["Der Zug kam nie", "Immer ist der Zug voll", "Die Züge sind zu kurz", "Im Zug war es heiß"]
QUEUE = [
    "the queue at the gate was endless",
    "queues everywhere",
    "Endless queue again",
    "gate staff were rude",
]


def test_terms_are_what_the_others_do_not_say():
    toilets, trains, queue = key_terms([TOILETS, TRAINS, QUEUE])

    assert toilets[0] == "Toiletten"
    assert "Papier" in toilets
    assert trains[0] == "Zug"
    assert set(queue) == {"queue", "gate", "endless"}


def test_a_word_stands_once_whatever_its_inflection():
    (terms,) = key_terms(
        [["Die Karte ist rot", "Karten sind blau", "zu viele Karten hier", "der Karte fehlt Text"]]
    )

    assert terms == ["Karte", "Text"] or terms == ["Karten", "Text"]


def test_nouns_keep_their_capital_and_loud_ones_are_calmed():
    (terms,) = key_terms([["DIE TOILETTEN!!!", "Wo sind die Toiletten?", "toiletten", "mehr Toiletten"]])

    assert terms == ["Toiletten"]


def test_stop_words_of_both_languages_and_addresses_are_no_terms():
    (terms,) = key_terms(
        [
            [
                "und die ist nicht the and was www.nebel.example",
                "aber die ist nicht the and was a@nebel.example",
            ]
        ]
    )

    assert terms == []


def test_a_word_of_one_excerpt_only_fills_up_to_two_terms():
    shared, alone = key_terms([["Nebel überall", "Nebel am Steg, Brille"], ["Brezel", "Laterne"]])

    assert (shared[0], len(shared)) == ("Nebel", 2)
    assert alone == ["Brezel", "Laterne"]


def test_four_terms_at_most_and_none_for_nothing():
    many = "Nebel Steg Laterne Torf Ufer Kranich"

    assert [len(terms) for terms in key_terms([[many, many], []])] == [4, 0]
    assert key_terms([]) == []


def test_equal_input_gives_equal_terms():
    assert key_terms([TOILETS, TRAINS, QUEUE]) == key_terms([TOILETS[::-1], TRAINS[::-1], QUEUE[::-1]])


def test_the_most_central_comes_first():
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [0.6, 0.8]], np.float32)

    assert set(central(vectors)[:2]) == {1, 3}
    assert central(vectors[:0]) == []
