"""Every sentence is in the catalogues, in every language, and every key is said."""

from hearback.words.checking import problems


def test_the_catalogues_are_whole():
    assert problems() == []
