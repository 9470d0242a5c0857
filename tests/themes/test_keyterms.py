"""Terms that set a group apart, written as people write them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.themes.keyterms import key_terms, key_terms_by_language, terms_for
from hearback.themes.quotes import central, telling
from hearback.themes.wordforms import Vocabulary, named

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

    assert terms[0] in ("Karte", "Karten")
    assert not {"Karte", "Karten"} & set(terms[1:])


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


def test_a_word_of_one_excerpt_only_fills_up_to_three_terms():
    shared, alone = key_terms([["Nebel überall", "Nebel am Steg, Brille, Torf, Ufer"], ["Brezel", "Laterne"]])

    assert (shared[0], len(shared)) == ("Nebel", 3)
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


def test_a_compound_speaks_for_its_parts_and_the_plain_word_is_shown():
    prices, _ = key_terms(
        [
            [
                "Der Ticketpreis ist ein Witz",
                "Die Getränkepreise auch",
                "Die Preise steigen",
                "Preise wie in Zürich",
            ],
            TOILETS,
        ]
    )

    assert prices[0] == "Preise"
    assert not any("preis" in term.lower() for term in prices[1:])


def test_a_compound_that_everybody_says_is_shown_whole():
    waiting, _ = key_terms(
        [
            [
                "Die Wartezeit am Tor",
                "Wartezeiten ohne Ende",
                "Über die Wartezeit schweigt man",
                "Diese Zeit",
            ],
            TOILETS,
        ]
    )

    assert waiting[0] == "Wartezeit"
    assert not any("zeit" in term.lower() for term in waiting[1:])


def test_compounds_are_taken_apart_at_words_that_people_say_and_nowhere_else():
    vocabulary = Vocabulary([named(": Der Nebel in der Phase, die Schlange am Einlass, wir hoffen")])
    (phase, snake, opened, note) = named(": Nebelphase Schlange offener QR-Code")

    assert vocabulary.parts(phase) == tuple(word.stem for word in named(": Nebel Phase"))
    assert vocabulary.parts(snake) == ()
    assert vocabulary.parts(opened) == ()
    assert len(vocabulary.parts(note)) == 2


def test_what_the_question_says_is_no_news():
    said = ["Toiletten ohne Papier", "Papier in den Toiletten", "Toiletten, Papier", "Toiletten"]

    (plain,) = key_terms([said])
    (damped,) = key_terms([said], asked=["Was sagst du zu den Toiletten?"])

    assert plain[0] == "Toiletten"
    assert damped[0] == "Papier"


def test_two_words_that_belong_together_are_one_term():
    queue, _ = key_terms(
        [
            ["Eine lange Schlange am Tor", "Wieder die lange Schlange", "lange Schlange!", "lange Schlange"],
            TOILETS,
        ]
    )

    assert queue[0] == "lange Schlange"
    assert not any("Schlange" in term for term in queue[1:])


def test_a_copied_wording_is_one_voice_and_a_short_remark_is_not():
    campaign = ["Wir Anwohner fordern: Schluss mit der Beschallung, und zwar jede Nacht"] * 40
    noise, _ = key_terms([[*campaign, "Der Bass dröhnt", "Bass im Zelt", "Bass, Bass"], TOILETS])
    fare, _ = key_terms([[*["Zu teuer"] * 9, "Der Automat ist kaputt", "Automat"], TOILETS])

    assert noise[0] == "Bass"
    assert fare[0].lower() == "teuer"


def test_no_two_themes_are_called_the_same_even_if_they_say_the_same():
    found = key_terms([TOILETS, TOILETS, TOILETS[:2], ["Toiletten"], ["Toiletten"], TRAINS])

    labels = [frozenset(terms) for terms in found]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_each_reader_sees_terms_of_their_language_where_both_exist():
    toilets = [
        *TOILETS,
        "the toilets were filthy",
        "no paper in the toilets",
        "toilets and no paper",
        "tuvaletler",
    ]
    spoken = ["de"] * 4 + ["en"] * 3 + ["tr"]

    mixed, trains = key_terms_by_language([toilets, TRAINS], [spoken, ["de"] * 4])

    assert set(mixed) == {"de", "en"}, "one voice alone is no language of a theme"
    assert "Toiletten" in mixed["de"]
    assert "toilets" in mixed["en"]
    assert terms_for("en", mixed) == mixed["en"]
    assert terms_for("en", trains) == trains["de"], "what exists in one language only is shown to everybody"
    assert terms_for("en", {}) == []


def test_a_theme_of_one_voice_a_language_is_named_by_all_of_them():
    (few,) = key_terms_by_language([["Toiletten", "toilets", "tuvaletler"]], [["de", "en", "other"]])
    (unknown, more) = key_terms_by_language(
        [["WC 🚽", "WC"], ["the queue", "queue", "Zug"]], [["", ""], ["en", "en", "de"]]
    )

    assert set(few) == {""}
    assert terms_for("de", few)
    assert terms_for("de", unknown) == ["WC"]
    assert list(more) == ["en"]


def test_quotes_are_central_and_differ():
    middle, twin, other, stray = [1, 0, 0], [0.999, 0.04, 0], [0.8, 0, 0.6], [-1, 0, 0]
    vectors = np.array([middle, twin, middle, other, stray], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    assert 3 in telling(vectors, 2)
    assert 4 not in telling(vectors, 3)
    assert len(telling(vectors, 9)) == 5
    assert telling(vectors[:0], 3) == []


WORDS = [
    "Toiletten",
    "Toilette",
    "Klo",
    "Papier",
    "Ticketpreis",
    "Preise",
    "Wartezeit",
    "lange",
    "Schlange",
    "queue",
    "queues",
    "price",
    "und",
    "the",
    "👍",
    "",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), min_size=1, max_size=6),
        max_size=8,
    )
)
def test_whatever_people_say_labels_are_short_and_differ(groups: list[list[str]]):
    found = key_terms(groups)

    assert len(found) == len(groups)
    assert all(len(terms) <= 4 and len(set(terms)) == len(terms) for terms in found)
    labels = [tuple(terms) for terms in found if terms]
    assert len(set(labels)) == len(labels)


def test_a_group_without_a_naming_word_is_called_by_what_most_say():
    assert key_terms([["gut"] * 10, ["Klos dreckig", "Klos voll"]])[0] == ["gut"]
    assert key_terms([["zu voll", "viel zu voll", "voll"]]) == [["voll"]]
    assert key_terms([["gut"] * 3, ["Gut!", "gut"]]) == [["gut"], ["gut", "2"]]
    assert key_terms([["👍"] * 3, []]) == [[], []]
