"""The sentence a remark is about, whole: what a button strikes."""

from hypothesis import given
from hypothesis import strategies as st

from hearback.plainspeech.checking import Reader
from hearback.plainspeech.folding import sentence_around

OFFER = "Wer mag, findet im Shop schon jetzt unsere Deluxe-Edition mit Holzsteinen."


def test_only_the_sentence_that_sells_goes_and_its_neighbours_stay():
    text = f"Wir tauschen am 3. Mai jeden Stein um. {OFFER} Du brauchst nichts zu tun."
    sold = [one for one in Reader().remarks(text, "de") if one.may_go]

    assert sold
    assert {sentence_around(text, one.start, one.end) for one in sold} == {OFFER}


def test_what_is_owed_is_never_offered_to_be_struck():
    for said in ("Falls sich jemand gestört gefühlt hat, tut es uns leid.", "Wir kümmern uns zeitnah darum."):
        found = Reader().remarks(said, "de")
        assert found
        assert not any(one.may_go for one in found)


@given(st.text(max_size=200), st.integers(0, 30), st.integers(1, 30))
def test_it_stands_in_the_text_and_holds_the_words(text, start, many):
    words = text[start : start + many]
    if not any(letter.isalnum() for letter in words):
        return
    whole = sentence_around(text, start, start + many)
    assert whole in text
    assert set(filter(str.isalnum, words)) <= set(whole)
