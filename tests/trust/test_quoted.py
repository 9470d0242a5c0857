"""A fan's words are found again where members repeat them, and nothing else is."""

from hearback.trust.quoted import quoted, said

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
