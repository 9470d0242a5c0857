"""Copies are one wording, whatever small edits they had; what only sounds alike is not."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from hearback.themes.wording import representatives
from hearback.trust.wording import Kept, marked, plain_letters, sketch

CAMPAIGN = "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei"


def wordings(*texts: str) -> list[int]:
    return [one.wording for one in marked([sketch(text) for text in texts], [])]


@pytest.mark.parametrize(
    "copy",
    [
        CAMPAIGN.upper() + "!!!",
        f"  {CAMPAIGN.lower()}… 🙏",
        f"„{CAMPAIGN}“",
        CAMPAIGN.replace("legt", "legen Sie"),
        CAMPAIGN.replace("jeden Spieler", "jede Spielerin"),
        f"{CAMPAIGN}, danke!",
        f"Hallo, {CAMPAIGN}",
    ],
)
def test_case_signs_greetings_and_small_edits_are_forgiven(copy):
    first, second = wordings(CAMPAIGN, copy)

    assert first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CAMPAIGN, "Eine Kurzübersicht für jeden wäre gut"),
        ("Der Zug war zu spät", "Der Zug war nie zu spät"),
        ("Zu teuer", "Nicht teuer"),
        ("gut", "gar nicht gut"),
        ("👍", "👎"),
        ("Das Bier war zu warm.", "Das Wasser war zu kalt."),
    ],
)
def test_what_only_sounds_alike_is_not_the_same(one, other):
    first, second = wordings(one, other)

    assert first != second


def test_a_number_is_the_same_on_every_machine():
    """They are kept, so another number here would need a migration."""
    assert sketch("Das Bier war zu warm.").marks[:3] == [
        2801752003705422612,
        2574129172309166215,
        1828810521501719719,
    ]


def test_a_copy_that_comes_later_finds_its_founder_by_what_was_kept():
    texts = [CAMPAIGN, CAMPAIGN.replace("jeden Spieler", "alle Spieler"), "Etwas ganz anderes", CAMPAIGN]
    at_once = wordings(*texts)
    kept, one_by_one = [], []
    for text in texts:
        (given,) = marked([sketch(text)], kept)
        kept += [Kept(given.wording, given.marks, text)] if given.marks else []
        one_by_one.append(given.wording)

    assert one_by_one == at_once
    assert len(kept) == 3  # the founder, the first with other letters, and the other text


def test_letters_that_were_met_before_always_get_the_same_wording():
    """Also where another founder would be nearer by now."""
    texts = [
        "340 Pendler und 90 Schulkinder und 1 Opa brauchen ihn",
        "340 Pendler und 90 Schulkinder brauchen ihn",
    ]
    texts += ["340 Pendler u. 90 Schulkinder brauchen ihn", texts[1]]

    given = wordings(*texts)

    assert given[1] == given[3]


def test_the_campaigns_of_the_shared_answers_are_folded(shared):
    lines = (shared / "data/fans/answers.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    campaign = [row["text"] for row in rows if "campaign" in row["flags"] and row["lang"] == "de"]
    others = [row["text"] for row in rows if "campaign" not in row["flags"]]

    folded, apart = wordings(*campaign), wordings(*others)

    assert len(set(folded)) <= len(folded) / 2
    assert len(set(apart)) >= len(apart) - 3  # a few say "nix" or "loos", as others did


def test_ten_thousand_copies_are_one_wording():
    given = wordings(*(f"{CAMPAIGN}, Gruß von Nr. {number}" for number in range(2_000)))

    assert len(set(given)) == 1


def test_signs_without_any_letter_are_kept_apart_by_themselves():
    assert plain_letters(" 👍 ") == "👍"
    assert len(set(wordings("👍", "👎", "👍"))) == 2


class Row(Struct, frozen=True):
    words: str
    wording: int | None


def test_one_row_of_a_wording_speaks_for_all():
    rows = [Row("a", 1), Row("b", 2), Row("A", 1), Row("A", 1), Row("c", None), Row("c", None)]

    voices = representatives(rows)

    assert [rows[row].words for row in voices.indices] == ["A", "b", "c", "c"]
    assert voices.of == [0, 1, 0, 0, 2, 3]
    assert voices.sizes == [3, 1, 1, 1]


def test_copies_that_people_put_apart_speak_for_both_and_loose_ones_follow_the_more():
    rows = [Row("a", 1), Row("a", 1), Row("a", 1), Row("a", 1)]

    voices = representatives(rows, {1: "here", 2: "there", 3: "there"})

    assert voices.indices == [2, 1]
    assert voices.of == [0, 1, 0, 0]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from([1, 2, None]), st.sampled_from(["x", "y", None]))
    )
)
def test_everybody_is_spoken_for_once_by_the_same_wording_and_place(given_rows):
    rows = [Row(words, wording) for words, wording, _ in given_rows]
    placed = {row: place for row, (_, _, place) in enumerate(given_rows) if place}

    voices = representatives(rows, placed)

    assert sum(voices.sizes) == len(rows)
    assert all(voices.of[row] == number for number, row in enumerate(voices.indices))
    for row, number in enumerate(voices.of):
        speaker = voices.indices[number]
        assert row == speaker or rows[row].wording == rows[speaker].wording is not None
        assert row not in placed or placed[row] == placed[speaker]


def test_only_content_decides_who_speaks():
    rows = [Row(words, 1) for words in "abbcc"] + [Row("d", 2)]
    shuffled = rows[:]
    random.Random(3).shuffle(shuffled)

    assert {rows[row].words for row in representatives(rows).indices} == {
        shuffled[row].words for row in representatives(shuffled).indices
    }


def test_nothing_gives_no_voices():
    assert representatives([]).indices == []
