"""From nothing: groups with names of the codebook, weight from the first voice, the same every time."""

import numpy as np
from msgspec import structs

from hearback.themes.reading.codebook import Book
from hearback.themes.reading.discovery import Discovery, discover, held_together
from hearback.themes.reading.pool import Pool, open_pool

from .conftest import TEXTS, TRUTH, by_one_model


def test_like_excerpts_stand_together_whatever_their_language(book: Book, pool: Pool) -> None:
    labels = discover(book, pool, range(len(pool))).labels
    toilets = [int(labels[row]) for row, of in enumerate(TRUTH) if of == 0]
    assert max(toilets.count(one) for one in toilets) >= 3


def test_a_group_has_the_name_of_the_entry_it_falls_on(book: Book, pool: Pool) -> None:
    found = discover(book, pool, range(len(pool)))
    slugs = {book.entries[entry].slug for entry in found.entries.values()}
    assert "toilets" in slugs


def test_what_weighs_is_shown_from_the_first_voice(book: Book) -> None:
    texts = [*TEXTS, "Ich sitze im Rollstuhl und kam nicht über die Stufen"]
    wide = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))
    found = discover(book, wide, range(len(texts)))
    assert book.entries[found.entries[int(found.labels[-1])]].weight


def test_groups_are_numbered_from_the_largest(book: Book, pool: Pool) -> None:
    labels = discover(book, pool, range(len(pool))).labels
    sizes = np.bincount(labels[labels >= 0])
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)


def test_the_same_answers_give_the_same_groups(book: Book, pool: Pool) -> None:
    first, second = (discover(book, pool, range(len(pool))).labels for _ in range(2))
    assert np.array_equal(first, second)


def test_none_one_and_equal_excerpts_are_no_trouble(book: Book) -> None:
    for texts in ([], ["Zu teuer"], ["Zu teuer"] * 30):
        few = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))
        assert len(discover(book, few, range(len(texts))).labels) == len(texts)


def test_what_nothing_holds_together_is_left_to_people(book: Book) -> None:
    odd = ["Der Mond ist aus Käse.", "Meine Tante strickt Socken.", "Heute regnet es in Rom."]
    texts = [*odd, *(["Das Paket kam zu spät an.", "Paket viel zu spät.", "Mein Paket kam spät."])]
    pool = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))
    found = Discovery(np.array([0, 0, 0, 1, 1, 1], np.int32), {}, np.zeros((6, 1), np.float32))

    assert held_together(pool, found).labels.tolist() == [-1, -1, -1, 1, 1, 1]
    named = Discovery(found.labels, {0: 7}, found.shares)
    assert held_together(pool, named).labels.tolist() == found.labels.tolist()


def test_short_cries_that_share_no_word_are_no_suggestion(book: Book) -> None:
    cries = ["Lächerlich.", "Not covered.", "Respekt.", "Unfähig."]
    texts = [*cries, "Torfkarten.", "Welche Torfkarten?", "Die Torfkarten fehlen.", "torfkarten"]
    pool = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))
    # As if one thing were meant: only words can tell them apart then.
    same = structs.replace(pool, points=np.repeat(pool.points[:1], len(texts), axis=0))
    found = Discovery(np.array([0] * 4 + [1] * 4, np.int32), {}, np.zeros((8, 1), np.float32))

    assert held_together(same, found).labels.tolist() == [-1] * 4 + [1] * 4
