"""A proof of work holds for its question, for five minutes, as it was signed; nothing else does."""

import base64
import copy
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import altcha
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.trust.integrity.proofs import LASTS, challenge, read_proof

# A day ahead: altcha also looks at the clock of the machine, and this file may be read long before its tests run.
SECRET, QUESTION, NOW = "s" * 40, uuid4(), datetime.now(UTC) + timedelta(days=1)


def solved(question=QUESTION, at=NOW, secret=SECRET) -> dict:
    made = altcha.Challenge.from_dict(challenge(secret, question, at))
    solution = altcha.solve_challenge(made).to_dict()
    solution.pop("time")
    return {"challenge": made.to_dict(), "solution": solution}


def text(proof: object) -> str:
    return base64.b64encode(json.dumps(proof).encode()).decode()


@pytest.fixture(scope="module")
def proof() -> dict:
    return solved()


def test_what_was_solved_holds_and_is_known_by_one_id(proof):
    first = read_proof(SECRET, QUESTION, text(proof), NOW)
    again = read_proof(SECRET, QUESTION, text({**proof, "solution": {**proof["solution"]}}), NOW)

    assert first is not None
    assert first.id == again.id


def test_after_five_minutes_it_is_too_old(proof):
    assert read_proof(SECRET, QUESTION, text(proof), NOW + LASTS - timedelta(seconds=1))
    assert read_proof(SECRET, QUESTION, text(proof), NOW + LASTS + timedelta(seconds=1)) is None


def test_what_was_made_for_another_question_or_by_another_house_does_not_hold(proof):
    assert read_proof(SECRET, uuid4(), text(proof), NOW) is None
    assert read_proof("t" * 40, QUESTION, text(proof), NOW) is None


def test_a_life_made_longer_by_hand_does_not_hold(proof):
    longer = copy.deepcopy(proof)
    longer["challenge"]["parameters"]["expiresAt"] += 60

    assert read_proof(SECRET, QUESTION, text(longer), NOW + timedelta(minutes=2)) is None


def test_the_parts_of_two_challenges_make_none(proof):
    other = solved()
    for part in ("nonce", "salt", "expiresAt", "keyPrefix"):
        spliced = copy.deepcopy(proof)
        spliced["challenge"]["parameters"][part] = other["challenge"]["parameters"][part]
        if spliced != proof:
            assert read_proof(SECRET, QUESTION, text(spliced), NOW) is None, part
    for part in ("challenge", "solution"):
        assert read_proof(SECRET, QUESTION, text(proof | {part: other[part]}), NOW) is None


@pytest.mark.parametrize("signature", ["", "00", "0" * 64])
def test_without_our_signature_nothing_holds(proof, signature):
    unsigned = copy.deepcopy(proof)
    unsigned["challenge"]["signature"] = signature

    assert read_proof(SECRET, QUESTION, text(unsigned), NOW) is None


def test_a_cheaper_task_does_not_hold(proof):
    cheap = copy.deepcopy(proof)
    cheap["challenge"]["parameters"]["keyPrefix"] = "00"

    assert read_proof(SECRET, QUESTION, text(cheap), NOW) is None


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda b: base64.b64encode(b).decode())))
def test_rubbish_is_no_proof(typed):
    assert read_proof(SECRET, QUESTION, typed, NOW) is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["challenge", "solution", "parameters", "signature", "counter", "nonce"]), x
            )
        ),
        max_leaves=8,
    )
)
def test_any_other_json_is_no_proof(given_):
    assert read_proof(SECRET, QUESTION, text(given_), NOW) is None
