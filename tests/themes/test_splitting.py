"""Answers become excerpts: one point each, exact, in order, in linear time."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.bench.hostile import UNITS
from hearback.themes.splitting import split
from tests.conftest import SHARED
from tests.counting import steps

HOSTILE = SHARED / "corpora" / "hostile-answers.jsonl"
FANS = SHARED / "data" / "fans" / "answers.jsonl"

BITS = st.sampled_from(
    [
        "Die Klos waren dreckig",
        " und ",
        ", aber ",
        ". ",
        "... ",
        "?!",
        "\n",
        "\r\n",
        "👍",
        "👩‍👩‍👧",
        "z. B. ",
        "9. November",
        "LG Sabine",
        "Danke!",
        "Hallo liebes Team, ",
        "- ",
        "1. ",
        "https://example.org/a.b?c ",
        "(",
        ")",
        "„",
        "“",
        "\x00",
        "\u202e",
        "ß",
        " der Fahrer war nett",
        " it was loud",
        " \u00a0",
        "4,90",
        "e\u0301",
        "\ud800",
    ]
)
TEXTS = st.one_of(st.lists(BITS, max_size=30).map("".join), st.text(max_size=200))


def excerpts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]


def test_two_sentences_are_two_points():
    assert excerpts("Die Klos waren dreckig. Der Sound war super!") == [
        "Die Klos waren dreckig.",
        "Der Sound war super!",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Wir waren z. B. am Samstag da, ca. 20 Leute.",
        "Am 9. November war der Einlass zu.",
        "Unsere 2. Fahrt endete in Niederau.",
        "Seite 9 bzw. Nr. 3 fehlt.",
        "Ein Wasser kostet 4.50 Euro.",
        "Steht alles auf https://example.org/regeln.html?seite=1.2 nur findet man es nicht",
        "Naja ... der Nebel eben",
        "Der Nebel… den hat keiner verstanden",
        "„Was?“ hat der Schaffner gefragt",
        "Der Fahrer (ca. 40 J., nett) hat gewartet",
    ],
)
def test_abbreviations_ordinals_prices_addresses_and_pauses_end_nothing(text: str):
    assert excerpts(text) == [text]


def test_a_number_at_the_end_of_a_sentence_is_no_ordinal():
    assert excerpts("Der Bus kommt nur alle 60. Lieber weniger Halte.") == [
        "Der Bus kommt nur alle 60.",
        "Lieber weniger Halte.",
    ]


def test_a_time_of_day_may_end_a_sentence_and_a_title_never_does():
    assert excerpts("Einlass war erst um 8 Uhr. Frau Meier war nett.") == [
        "Einlass war erst um 8 Uhr.",
        "Frau Meier war nett.",
    ]
    assert excerpts("Der Arzt kam um 8.30 Uhr. Dr. Meier hat geholfen.") == [
        "Der Arzt kam um 8.30 Uhr.",
        "Dr. Meier hat geholfen.",
    ]


def test_who_speaks_for_themselves_begins_a_new_point():
    assert excerpts("The game froze and I lost my save") == ["The game froze", "I lost my save"]
    assert excerpts("The music is great and we really love the bands") == [
        "The music is great",
        "we really love the bands",
    ]
    assert excerpts("Das Essen war kalt und ich habe den Bus verpasst") == [
        "Das Essen war kalt",
        "ich habe den Bus verpasst",
    ]


def test_what_only_leads_to_a_list_is_no_point():
    assert excerpts("Bitte:\n- mehr Klos\n- Schatten") == ["mehr Klos", "Schatten"]
    assert excerpts("Meine Wünsche:\n1. mehr Klos\n2. Schatten") == ["mehr Klos", "Schatten"]
    assert excerpts("What I would like:\n- more shade\n- more water") == ["more shade", "more water"]
    assert excerpts("Wünsche: mehr Klos, Schatten, Wasser") == ["mehr Klos", "Schatten", "Wasser"]
    assert excerpts("Toiletten:\n- zu wenige\n- immer dreckig") == ["Toiletten", "zu wenige", "immer dreckig"]


def test_clauses_that_stand_alone_are_parted():
    assert excerpts("Die Nebelphase hab ich dreimal gelesen, bei der Wertung fehlt was bei Gleichstand") == [
        "Die Nebelphase hab ich dreimal gelesen",
        "bei der Wertung fehlt was bei Gleichstand",
    ]
    assert excerpts("Das Essen war lecker und die Toiletten waren eine Zumutung") == [
        "Das Essen war lecker",
        "die Toiletten waren eine Zumutung",
    ]
    assert excerpts("The bands were great but the queue was a joke") == [
        "The bands were great",
        "but the queue was a joke",
    ]
    assert excerpts("Nebelphase war unverständlich, Rest gut") == [
        "Nebelphase war unverständlich",
        "Rest gut",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Das klappt einem ständig zu und fällt in die Chips.",
        "Wir haben gespielt und gelacht.",
        "I came late and I left early",
        "It was great for my wife and I",
        "I liked it and it never crashed",
        "The band and I had a great night",
        "Wenn der Zug kommt, ist er voll.",
        "Mir war nicht klar, ob jeder einmal Nebel zieht oder nur der Startspieler.",
        "Der Shuttle, der früher alle 15 Minuten fuhr, fährt jetzt alle 30.",
        "Wir standen 2 Stunden am Einlass und dann war es zu spät.",
        "Essen und Trinken sind zu teuer.",
        "kein Dach, keine Bank, kein Licht, kein Mülleimer",
    ],
)
def test_half_thoughts_stay_together(text: str):
    assert excerpts(text) == [text]


def test_lists_lines_and_numbers_give_one_point_each():
    assert excerpts("Lovely people, great bands, awful toilets.") == [
        "Lovely people",
        "great bands",
        "awful toilets.",
    ]
    assert excerpts("- mehr Klos\n- weniger Müll\n* Schatten") == ["mehr Klos", "weniger Müll", "Schatten"]
    assert excerpts("1. Der Nebel\r\n2. Die Wertung") == ["Der Nebel", "Die Wertung"]


def test_a_line_that_a_mail_program_broke_is_one_line():
    text = "Der Aufbau hat fast eine Stunde gedauert weil nirgends steht welche\nUferteile man bei fünf Personen nimmt"
    assert len(split(text)) == 2  # a capital begins a line of its own
    text = "Der Aufbau hat fast eine Stunde gedauert weil nirgends steht was\nman bei fünf Personen nimmt"
    assert excerpts(text) == [text]


def test_an_emoji_ends_a_point_and_belongs_to_it():
    assert excerpts("Musik war der Hammer 🎶🔥 Klos bitte öfter putzen 🤢") == [
        "Musik war der Hammer 🎶🔥",
        "Klos bitte öfter putzen 🤢",
    ]
    assert excerpts("Ich ❤️ euer Festival") == ["Ich ❤️ euer Festival"]


def test_a_short_question_stays_with_its_answer():
    assert excerpts("Für Familien?? Das ist ein Kennerspiel.") == ["Für Familien?? Das ist ein Kennerspiel."]
    assert excerpts("Wer bewegt die neutrale Farbe? Wann?") == ["Wer bewegt die neutrale Farbe? Wann?"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "😍😍😍",
        "k.A.",
        "weiß nicht",
        "nix",
        "Danke!",
        "Hallo liebes Team,",
        "LG Sabine",
        "...",
        "???",
        "ja",
        "-",
        "Viele Grüße aus Halle",
        "#KurzübersichtFürAlle",
        "ingo@example.org",
        "Liebe Grüße\nSabine Müller",
        "n/a",
        "Keine Ahnung.",
        "Komplett.",
        "Ach so.",
        "Ehrlich gesagt: nirgends.",
        "Well, honestly...",
    ],
)
def test_empty_talk_makes_no_point(text: str):
    assert split(text) == []


def test_a_remark_stays_with_what_it_comments():
    assert excerpts("Die Ansage war falsch. Ach so. Na dann.") == ["Die Ansage war falsch. Ach so. Na dann."]
    assert excerpts("Solo. Komplett.") == ["Solo. Komplett."]
    assert excerpts("Ehrlich gesagt: nirgends. Beste Anleitung seit Langem.") == [
        "Beste Anleitung seit Langem."
    ]


@pytest.mark.parametrize(
    "text", ["Übervoll.", "Unfähig.", "Voll.", "Gut", "Zu laut", "Nie wieder!", "Gar nicht"]
)
def test_a_word_that_says_something_about_a_thing_is_a_point(text: str):
    assert excerpts(text) == [text]


def test_greeting_and_signature_are_left_out_and_the_point_stays():
    text = "Hallo liebes Kranich-Team,\ndie Torfkarten sind nicht zu unterscheiden.\nDanke!\nViele Grüße\nSabine K."
    assert excerpts(text) == ["die Torfkarten sind nicht zu unterscheiden."]
    assert excerpts("Hallo Team, die Klos waren zu") == ["die Klos waren zu"]
    assert excerpts("Anleitung fehlt. Ingo Rabenalt, Tel. 0171 39200 14") == ["Anleitung fehlt."]
    assert excerpts("Anleitung fehlt. Ingo Rabenalt, ingo@example.org") == ["Anleitung fehlt."]


@pytest.mark.parametrize(
    "text",
    ["Nebelphase.", "die brezel", "Klos", "Lieber 3000 Tickets weniger verkaufen.", "Danke für den Shuttle"],
)
def test_one_word_may_be_a_point(text: str):
    assert excerpts(text) == [text]


@settings(derandomize=True, deadline=None, max_examples=400)
@given(TEXTS)
def test_excerpts_are_trimmed_in_order_and_never_overlap(text: str):
    check(text)


def check(text: str) -> None:
    before = 0
    for span in split(text):
        assert before <= span.start < span.end <= len(text)
        excerpt = text[span.start : span.end]
        assert excerpt == excerpt.strip()
        assert any(map(str.isalpha, excerpt))
        before = span.end


@settings(derandomize=True, deadline=None, max_examples=200)
@given(TEXTS)
def test_splitting_twice_gives_the_same(text: str):
    assert split(text) == split(text)


@pytest.mark.parametrize("unit", UNITS)
def test_eight_times_the_text_takes_eight_times_the_steps(unit: str):
    """Counted, not timed; a quadratic rule would take 64 times as many. The bench has the time."""
    split(unit)

    assert steps(lambda: split(unit * 1200)) < 8.5 * steps(lambda: split(unit * 150))
    check(unit * 4000)


def test_hostile_answers_come_apart_like_any_other():
    if not HOSTILE.exists():
        pytest.skip(f"{HOSTILE} is missing: hostile answers were not tried")
    for line in HOSTILE.read_text("utf-8").splitlines():
        check(json.loads(line)["text"])


def test_the_points_of_labelled_answers_are_found_and_kept_apart():
    if not FANS.exists():
        pytest.skip(f"{FANS} is missing: splitting was not measured")
    found = points = several = predicted = 0
    for line in FANS.read_text("utf-8").splitlines():
        row = json.loads(line)
        spans, true, at = split(row["text"]), [], 0
        for excerpt in row["excerpts"]:
            start = max(row["text"].find(excerpt["text"], at), row["text"].find(excerpt["text"]))
            at = start + len(excerpt["text"])
            if excerpt["theme"] != "none":
                true.append((start, at))
        for start, end in true:
            points += 1
            found += any(2 * (min(end, s.end) - max(start, s.start)) >= end - start for s in spans)
        predicted += len(spans)
        several += sum(sum(min(e, s.end) > max(b, s.start) for b, e in true) >= 2 for s in spans)
    assert found / points >= 0.97
    assert several / predicted <= 0.03
