"""Which state may follow which, and what an action may link to."""

import pytest

from hearback.actions.rules import ActionState, is_web_address, may_follow, why_not_go

REASON = "Dafür fehlt uns die Maschine."


def reasons(*step):
    return [reason.reason for reason in why_not_go(*step)]


@pytest.mark.parametrize("state", ActionState)
def test_nothing_goes_to_where_it_is(state):
    assert reasons(state, state, REASON) == ["action.is-there-already"]
    assert state not in may_follow(state)


def test_small_things_are_done_at_once():
    assert reasons(ActionState.CONSIDERING, ActionState.DONE, "") == []


@pytest.mark.parametrize("ended", [ActionState.DONE, ActionState.DECLINED])
def test_what_has_ended_is_taken_up_again_before_anything_else(ended):
    assert reasons(ended, ActionState.IN_PROGRESS, "") == []
    assert reasons(ended, ActionState.PLANNED, "") == ["action.take-up-first"]


@pytest.mark.parametrize("reason", ["", "   ", "zu teuer"])
def test_a_no_needs_a_reason(reason):
    assert reasons(ActionState.PLANNED, ActionState.DECLINED, reason) == ["action.why-not"]
    assert reasons(ActionState.PLANNED, ActionState.DECLINED, REASON) == []


@pytest.mark.parametrize("address", ["https://tracker.example/T-1", "http://localhost:8080/x?y=1#z"])
def test_a_task_lives_at_a_web_address(address):
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//tracker.example",
        "https://",
        "https://a b",
        "http://[::1",
        "T-1",
    ],
)
def test_nothing_else_is_a_web_address(address):
    assert not is_web_address(address)
