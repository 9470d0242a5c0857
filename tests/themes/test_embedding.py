"""Vectors say what an excerpt means, the same every time, within bounded time and memory."""

import numpy as np

from hearback.themes.embedding import DIMENSIONS, READ_CHARACTERS, READ_WORD_CHARACTERS, embed


def test_vectors_are_unit_float32_in_the_order_of_the_texts():
    vectors = embed(["Die Toiletten waren dreckig.", "Der Zug kam zu spät.", "Die Toiletten waren dreckig."])

    assert vectors.shape == (3, DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors[0] == vectors[2]).all()
    assert (vectors[0] != vectors[1]).any()


def test_the_same_in_german_and_english_lies_nearer_than_another_matter():
    german, english, other = embed(
        ["Die Toiletten waren schmutzig.", "The toilets were dirty.", "The music was great."]
    )

    assert german @ english > german @ other + 0.2


def test_the_order_and_the_company_of_a_text_hardly_change_its_vector():
    texts = [f"Platz {i} war nicht zu finden" for i in range(40)]

    np.testing.assert_allclose(embed(texts), embed(texts[::-1])[::-1], atol=1e-6)
    np.testing.assert_allclose(embed(texts)[7], embed(texts[7:8])[0], atol=1e-6)
    assert (embed(texts) == embed(texts)).all()


def test_nothing_gives_nothing():
    assert embed([]).shape == (0, DIMENSIONS)


def test_odd_texts_have_a_vector():
    assert np.isfinite(embed(["", "🤮", "\x00", "\ud800"])).all()


def test_of_endless_words_and_texts_only_the_beginning_is_read():
    """The model's time grows with the square of a word's length; the bench has what a text costs at most."""
    word, text = "a" * 200_000, "wort und so " * 20_000

    np.testing.assert_array_equal(*embed([word, word[:READ_WORD_CHARACTERS]]))
    np.testing.assert_array_equal(*embed([text, text[:READ_CHARACTERS]]))
    assert (embed([text]) != embed([text[: READ_CHARACTERS // 2]])).any()
