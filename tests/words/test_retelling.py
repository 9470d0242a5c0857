"""What was promised in one language is told in the reader's; only its title stays as it was written."""

import pytest

from hearback.words.retelling import KEPT, retold
from hearback.words.speaking import words_for

DE, EN = words_for("de"), words_for("en")
VALUES = {"title": "Wo ist „es“?", "theme": "Die Farben", "words": "Tarek fragt nach.", "name": "Jule Brandt"}


@pytest.mark.parametrize("key", KEPT)
@pytest.mark.parametrize(("said_in", "reader"), [(DE, EN), (EN, DE), (words_for("de", "sie"), EN)])
def test_each_sentence_is_known_again_and_said_anew(key, said_in, reader):
    kept = said_in.say(key, **VALUES)

    told = retold(kept, said_in.lang, reader)

    assert told != kept
    assert told[:4] == reader.say(key, **VALUES)[:4]


def test_the_title_stays_as_it_was_written():
    assert retold("Antwort zu „Wo ist ‚es‘?“", "de", EN) == "Reply to “Wo ist ‚es‘?”"


def test_one_that_was_cut_is_known_by_its_beginning():
    assert retold("Antwort zu „Wo hat euch die", "de", EN) == "Reply to “Wo hat euch die”"


@pytest.mark.parametrize(
    ("kept", "language"),
    [("Kerben in alle Steine fräsen", "de"), ("Antwort zu „es“", "other"), ("Reply to “it”", "en")],
)
def test_own_words_an_unknown_language_and_ones_own_stay_as_they_are(kept, language):
    assert retold(kept, language, EN) == kept


def test_each_part_that_stays_may_say_its_language():
    assert retold("Zu „Farben“: Wir prüfen.", "de", EN, "<{}>".format) == "On “<Farben>”: <Wir prüfen.>"
