"""When a question may be opened, and what its address is made of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hearback.asking.rules import Now, QuestionState, slug_of, what_a_fan_finds, why_not_open

DAY = date(2026, 11, 22)
READY = {
    "prompts": 2,
    "required": 1,
    "closes_on": DAY + timedelta(days=3),
    "reply_by": DAY + timedelta(days=9),
    "today": DAY,
}


def reasons(**other):
    return [reason.reason for reason in why_not_open(**READY | other)]


def test_a_question_with_everything_said_may_be_opened():
    assert reasons() == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"prompts": 0, "required": 0}, "question.no-prompt"),
        ({"required": 0}, "question.nothing-required"),
        ({"bare_scales": 1}, "question.scale-ends"),
        ({"closes_on": DAY - timedelta(days=1)}, "question.closes-in-the-past"),
        ({"reply_by": DAY + timedelta(days=2)}, "question.reply-before-closing"),
    ],
)
def test_what_is_missing_is_named(other, said):
    assert reasons(**other) == [said]


def test_every_reason_is_named_at_once():
    assert len(reasons(prompts=0, closes_on=DAY - timedelta(days=1), reply_by=DAY - timedelta(days=9))) == 3


def test_the_last_day_itself_is_still_in_time():
    assert reasons(closes_on=DAY, reply_by=DAY) == []


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Was stört euch?", "was-stoert-euch"),
        ("Größe & Maß: „Irrlichter“", "groesse-mass-irrlichter"),
        ("???", "frage"),
        ("a" * 100, "a" * 60),
        (("wort " * 30), "-".join(["wort"] * 12)),
    ],
)
def test_an_address_is_made_of_the_title(title, slug):
    assert slug_of(title, otherwise="frage") == slug


def test_time_decides_what_a_fan_finds():
    opens, closes = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)

    def found(at: datetime, state: QuestionState = QuestionState.OPEN) -> Now:
        return what_a_fan_finds(state, opens, closes, at)

    assert found(opens - timedelta(seconds=1)) is Now.NOT_YET
    assert found(opens) is Now.OPEN
    assert found(closes) is Now.CLOSED
    assert found(opens, QuestionState.CLOSED) is Now.CLOSED
