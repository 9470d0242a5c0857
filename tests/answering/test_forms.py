"""What a fan sends for each kind of prompt: what fits, what does not, and that nothing else comes through."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.answering.forms import read_answer
from hearback.answering.rules import LONGEST_ANSWER, Filled, Part
from hearback.asking.queries import Prompt
from hearback.asking.rules import PromptKind
from hearback.refusals import Faulty

ID = UUID("6b1f0c62-9a3e-4f38-8f5d-2f6a2b0e1c11")
FIELD = f"p{ID.hex}"
KEY = {"key": ["0" * 32]}
OPTIONS = ["Preis", "Weg", "Leute"]


def a_prompt(kind: str, **more: object) -> Prompt:
    options = {"open": [], "scale": [], "yes_no": ["Ja", "Nein"]}.get(kind, OPTIONS)
    given = {
        "id": ID,
        "position": 0,
        "kind": kind,
        "words": "Was zählt?",
        "help": "",
        "required": False,
        "options": options,
        "low": 0 if kind == "scale" else None,
        "high": 10 if kind == "scale" else None,
        "low_label": "",
        "high_label": "",
        "other": False,
        "why": False,
        "if_prompt": None,
        "if_picks": [],
        "new_page": False,
        "language": "de",
        "translations": "{}",
    }
    return Prompt(**given | more)


def read(prompt: Prompt, **typed: str | list[str]) -> list[Filled]:
    """typed: what stands behind the prompt's own name, such as `_why`; `_` alone is the name itself."""
    sent = {FIELD + name.removesuffix("_"): [v] if isinstance(v, str) else v for name, v in typed.items()}
    return read_answer([prompt], KEY | sent)[1]


def faults(prompt: Prompt, **typed: str | list[str]) -> list[tuple[str, str]]:
    with pytest.raises(Faulty) as caught:
        read(prompt, **typed)
    return [(reason.reason, reason.field.removeprefix(FIELD)) for reason in caught.value.reasons]


@pytest.mark.parametrize(
    ("kind", "sent", "filled"),
    [
        ("open", {"_": " Zu weit. "}, Filled(ID, words="Zu weit.")),
        ("choice", {"_": "1"}, Filled(ID, chosen=(1,))),
        ("choices", {"_": ["2", "0", "2"]}, Filled(ID, chosen=(0, 2))),
        ("scale", {"_": "0"}, Filled(ID, number=0)),
        ("scale", {"_": "10"}, Filled(ID, number=10)),
        ("yes_no", {"_": "1"}, Filled(ID, chosen=(1,))),
        ("ranking", {"_place0": "3", "_place1": "1", "_place2": "2"}, Filled(ID, chosen=(1, 2, 0))),
        ("ranking", {"_place0": "", "_place1": "3", "_place2": "1"}, Filled(ID, chosen=(2, 1))),
    ],
)
def test_each_kind_is_read_as_it_was_meant(kind, sent, filled):
    assert read(a_prompt(kind, required=True), **sent) == [filled]


@pytest.mark.parametrize("kind", [kind.value for kind in PromptKind])
def test_what_must_be_filled_in_and_is_not_is_said_in_the_words_of_its_kind(kind):
    assert faults(a_prompt(kind, required=True)) == [(f"answer.missing.{kind}", "")]


@pytest.mark.parametrize(
    ("kind", "sent", "fault"),
    [
        ("open", {"_": "x" * (LONGEST_ANSWER + 1)}, ("form.too-long", "")),
        ("open", {"_": ["a", "b"]}, ("form.several-values", "")),
        ("choice", {"_": "3"}, ("form.not-a-choice", "")),
        ("choice", {"_": "other"}, ("form.not-a-choice", "")),
        ("choice", {"_": ["0", "1"]}, ("form.several-values", "")),
        ("choices", {"_": ["0", "-1"]}, ("form.not-a-choice", "")),
        ("scale", {"_": "11"}, ("form.not-a-choice", "")),
        ("scale", {"_": "٣"}, ("form.not-a-choice", "")),
        ("yes_no", {"_": "2"}, ("form.not-a-choice", "")),
        ("ranking", {"_place0": "0"}, ("form.not-a-choice", "")),
        ("ranking", {"_place0": "4"}, ("form.not-a-choice", "")),
        ("ranking", {"_place0": ["1", "2"]}, ("form.several-values", "")),
        ("ranking", {"_place0": "2", "_place1": "2"}, ("answer.same-place-twice", "")),
    ],
)
def test_what_does_not_fit_is_refused(kind, sent, fault):
    assert faults(a_prompt(kind), **sent) == [fault]


@pytest.mark.parametrize("name", ["_other", "_why", "_place0"])
def test_parts_that_were_not_asked_for_are_of_another_question(name):
    assert faults(a_prompt("choice"), **{name: "1"}) == [("answer.question-changed", "")]


@pytest.mark.parametrize(
    ("kind", "sent", "filled"),
    [
        ("choice", {"_": "other", "_other": "Der Lärm"}, [Filled(ID, words="Der Lärm", part=Part.OTHER)]),
        ("choice", {"_other": "Der Lärm"}, [Filled(ID, words="Der Lärm", part=Part.OTHER)]),
        (
            "choices",
            {"_": ["0", "other"], "_other": "Der Lärm"},
            [Filled(ID, chosen=(0,)), Filled(ID, words="Der Lärm", part=Part.OTHER)],
        ),
        ("choices", {"_": "1", "_other": " "}, [Filled(ID, chosen=(1,))]),
    ],
)
def test_something_else_is_an_answer_like_the_options(kind, sent, filled):
    assert read(a_prompt(kind, other=True, required=True), **sent) == filled


def test_something_else_says_what_and_does_not_stand_beside_one_choice():
    assert faults(a_prompt("choice", other=True), _="other") == [("answer.other-missing", "_other")]
    assert faults(a_prompt("choice", other=True), _="0", _other="Lärm") == [
        ("answer.other-or-option", "_other")
    ]


@pytest.mark.parametrize("kind", [kind.value for kind in PromptKind])
def test_why_may_follow_anything_but_answers_nothing_alone(kind):
    why = Filled(ID, words="Weil es weit ist.", part=Part.WHY)

    assert read(a_prompt(kind, why=True), _why="Weil es weit ist.") == [why]
    assert faults(a_prompt(kind, why=True, required=True), _why="Weil.") == [(f"answer.missing.{kind}", "")]


def test_every_fault_of_a_prompt_is_said_at_once():
    prompt = a_prompt("choice", other=True, why=True)

    assert faults(prompt, _="9", _why="x" * (LONGEST_ANSWER + 1)) == [
        ("form.not-a-choice", ""),
        ("form.too-long", "_why"),
    ]


SECOND = UUID("6b1f0c62-9a3e-4f38-8f5d-2f6a2b0e1c12")


@pytest.mark.parametrize(
    ("kind", "picks", "sent", "holds"),
    [
        ("choice", [0, 2], ["2"], True),
        ("choice", [0, 2], ["1"], False),
        ("choices", [1], ["0", "1"], True),
        ("yes_no", [1], ["0"], False),
        ("scale", [0, 1], ["0"], True),
        ("scale", [0, 1], ["7"], False),
        ("choice", [0], [], False),
    ],
)
def test_what_is_asked_only_after_certain_answers_need_not_be_filled_in_without_them(
    kind, picks, sent, holds
):
    decides = a_prompt(kind)
    asked = a_prompt("open", id=SECOND, position=1, required=True, if_prompt=0, if_picks=picks)
    typed = KEY | {FIELD: sent, "first_name": [""]}

    try:
        _, filled = read_answer([decides, asked], typed)
        missing = []
    except Faulty as faulty:
        missing = [reason.reason for reason in faulty.reasons]

    assert ("answer.missing.open" in missing) == holds
    if not holds and sent:
        assert [one.prompt for one in filled] == [ID]


def test_what_somebody_wrote_where_it_was_not_asked_is_kept():
    asked = a_prompt("open", id=SECOND, position=1, if_prompt=0, if_picks=[1])

    _, filled = read_answer([a_prompt("choice"), asked], KEY | {FIELD: ["0"], asked.field: ["Trotzdem."]})

    assert [one.words for one in filled] == ["", "Trotzdem."]


@given(
    kind=st.sampled_from([kind.value for kind in PromptKind]),
    required=st.booleans(),
    other=st.booleans(),
    why=st.booleans(),
    sent=st.dictionaries(
        st.sampled_from(["", "_other", "_why", "_place0", "_place1", "_place2"]),
        st.lists(st.sampled_from(["", "0", "1", "2", "3", "11", "other", "Weil.", "²"]), max_size=3),
    ),
)
def test_whatever_is_sent_what_comes_through_is_whole_or_refused(kind, required, other, why, sent):
    """Never anything but a refusal in words; and what comes through is what the tables and figures rely on."""
    prompt = a_prompt(kind, required=required, other=other and kind in ("choice", "choices"), why=why)
    try:
        _, filled = read_answer([prompt], KEY | {FIELD + name: texts for name, texts in sent.items()})
    except Faulty:
        return
    assert filled and len({one.part for one in filled}) == len(filled)
    for one in filled:
        assert bool(one.words) + bool(one.chosen) + (one.number is not None) == 1
        assert one.words or one.part is Part.ANSWER
        assert len(set(one.chosen)) == len(one.chosen) and set(one.chosen) <= set(range(len(prompt.options)))
        assert one.number is None or 0 <= one.number <= 10
    if required:
        assert any(one.part is not Part.WHY for one in filled)
    typed_words = [text.strip() for texts in sent.values() for text in texts]
    assert all(one.words in typed_words for one in filled)
