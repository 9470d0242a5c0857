"""Who waits for a look: repeats, never those who only share a network; and one voice of a campaign counts."""

import random
from uuid import UUID

from hearback.trust.integrity.rules import (
    MOST_AT_ONCE,
    SAME_BROWSER_FROM,
    SAME_WORDING_FROM,
    Copy,
    Flag,
    Trace,
    same_wording,
    suspected,
)


def trace(n: int, **more: object) -> Trace:
    """Of a person of their own, unless said otherwise."""
    own = {name: f"{name} {n}".encode() for name in ("browser", "line", "burst", "form")}
    return Trace(**{"response": UUID(int=n), "wording": None, "free": True, "judged": False} | own | more)


def copies(n: int, **more: object) -> list[Copy]:
    return [
        Copy(**{"response": UUID(int=i), "wording": 7, "free": True, "judged": False} | more)
        for i in range(n)
    ]


def test_people_who_share_nothing_or_only_a_network_all_count():
    crowd = random.Random(1)
    nat = [
        trace(
            n,
            line=b"nat",
            browser=b"nat %d" % min(crowd.randrange(30), crowd.randrange(30)),
            burst=b"%d" % (n // 50),
        )
        for n in range(500)
    ]

    assert suspected([trace(n) for n in range(500)]) == {}
    assert suspected(nat) == {}


def test_a_second_answer_from_the_same_form_lies_aside_and_the_earlier_one_counts():
    first, second = trace(1, form=b"x", judged=True), trace(0, form=b"x")

    assert suspected([first, second]) == {second.response: Flag.SAME_FORM}


def test_the_same_words_from_the_same_browser_are_a_repeat_but_short_ones_are_not():
    twice = [trace(n, browser=b"x", wording=7) for n in range(2)]
    short = [trace(n, browser=b"x") for n in range(2)]

    assert suspected(twice) == {UUID(int=1): Flag.REPEAT}
    assert suspected(short) == {}


def test_one_browser_that_answers_all_day_waits_but_for_one():
    drip = [trace(n, browser=b"x", line=b"x", judged=n < 3) for n in range(SAME_BROWSER_FROM)]

    found = suspected(drip)

    assert len(found) == SAME_BROWSER_FROM - 1
    assert set(found.values()) == {Flag.SAME_BROWSER}
    assert UUID(int=0) not in found
    assert suspected(drip[1:]) == {}


def test_a_browser_that_many_share_behind_one_network_says_nothing():
    common = [trace(n, browser=b"common", line=b"nat") for n in range(40)]
    others = [trace(100 + n, line=b"nat") for n in range(41)]

    assert suspected(common + others) == {}


def test_more_at_once_than_a_network_can_be_waits_as_a_whole():
    assert suspected([trace(n, burst=b"x") for n in range(MOST_AT_ONCE)]) == {}
    assert len(suspected([trace(n, burst=b"x") for n in range(MOST_AT_ONCE + 1)])) == MOST_AT_ONCE + 1


def test_one_voice_of_a_campaign_counts_and_the_others_wait():
    assert same_wording(copies(SAME_WORDING_FROM - 1)) == {}
    assert len(same_wording(copies(SAME_WORDING_FROM))) == SAME_WORDING_FROM - 1


def test_whoever_counted_before_goes_on_counting():
    before = Copy(UUID(int=99), 7, free=True, judged=True)

    assert before.response not in same_wording([*copies(10), before])


def test_what_a_person_has_looked_at_is_never_moved():
    looked_at = [Copy(UUID(int=n + 50), 7, free=False, judged=True) for n in range(10)]

    assert set(same_wording([*looked_at, *copies(1)])) == {UUID(int=0)}
    assert same_wording(looked_at) == {}
    assert suspected([trace(n, form=b"x", free=False) for n in range(5)]) == {}
