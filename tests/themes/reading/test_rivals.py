"""While few themes have a name, most of what people say belongs to none of them."""

import numpy as np

from hearback.themes.reading.codebook import Book
from hearback.themes.reading.placing import NOWHERE, place, read_themes
from hearback.themes.reading.pool import open_pool
from hearback.themes.reading.rivals import beside, entries_as_themes, rivals, without_rivals

from .conftest import by_one_model

PARCELS = [
    "Das Paket kam drei Wochen zu spät.",
    "Die Lieferung hat ewig gedauert.",
    "Meine Bestellung wurde viel zu spät verschickt.",
    "Der Versand war sehr langsam.",
]
PRICES = [
    "Viel zu teuer.",
    "Der Preis ist unverschämt hoch.",
    "Das kann ich mir nicht leisten.",
    "Zu teuer für mich.",
]


def test_the_first_named_theme_leaves_other_talk_alone(book: Book) -> None:
    texts = [*PARCELS, *PRICES]
    pool = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))
    late = read_themes(
        book, ["Lieferzeit"], ["Pakete und Bestellungen kommen zu spät an."], ["de"], by_one_model
    )
    entries = entries_as_themes(book, by_one_model)
    others = rivals(book, pool, late, entries)

    placement = without_rivals(place(book, pool, beside(late, entries, others)), 1)

    assert (placement.best[: len(PARCELS)] == 0).all()
    assert (placement.best[len(PARCELS) :] == NOWHERE).all()
    assert placement.shares.shape == (len(texts), 1)


def test_what_a_theme_is_about_is_no_rival_of_it(book: Book) -> None:
    pool = open_pool(book, PARCELS, by_one_model(PARCELS), ["de"] * len(PARCELS))
    entries = entries_as_themes(book, by_one_model)
    at = next(number for number, entry in enumerate(book.entries) if entry.slug == "delivery-time")
    entry = book.entries[at]
    own = read_themes(book, [entry.de], [entry.definition_de], ["de"], by_one_model)

    nothing = read_themes(book, [], [], [], by_one_model)
    assert at in rivals(book, pool, nothing, entries)
    assert at not in rivals(book, pool, own, entries)


def test_nothing_said_has_no_rivals(book: Book) -> None:
    pool = open_pool(book, [], by_one_model([]), [])
    entries = entries_as_themes(book, by_one_model)

    assert rivals(book, pool, entries, entries).tolist() == np.zeros(0).tolist()


def test_one_voice_of_weight_is_not_put_into_a_theme_that_is_not_about_it(book: Book) -> None:
    texts = [*PARCELS, *PRICES, "Bin blind, mein Screenreader liest die Lieferung nicht vor."]
    pool = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))
    late = read_themes(
        book, ["Lieferzeit"], ["Pakete und Bestellungen kommen zu spät an."], ["de"], by_one_model
    )
    entries = entries_as_themes(book, by_one_model)
    others = rivals(book, pool, late, entries)

    placement = without_rivals(place(book, pool, beside(late, entries, others)), 1)

    assert "blind-screenreader" in {book.entries[one].slug for one in others}
    assert placement.best[-1] == NOWHERE
    assert (placement.best[: len(PARCELS)] == 0).all()
