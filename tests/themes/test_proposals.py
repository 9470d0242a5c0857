"""What a reading proposes: what was refused stays so while most of it is the same, and relations are told right."""

from uuid import UUID

import numpy as np
import pytest

from hearback.themes.proposals import Proposal, Refused, not_refused, was_refused, worth_naming
from hearback.themes.reading.relations import FEWEST, likeness_of, most_alike
from hearback.themes.rules import ProposalKind
from tests import made

NEW, JOIN, SPLIT, MERGE = ProposalKind.NEW, ProposalKind.JOIN, ProposalKind.SPLIT, ProposalKind.MERGE
EXCERPTS = [UUID(int=n) for n in range(20)]
HERE, THERE, ELSEWHERE = made.some_id(), made.some_id(), made.some_id()


def refused(kind, themes, excerpts):
    return [Refused(kind, frozenset(themes), frozenset(excerpts))]


@pytest.mark.parametrize(
    ("now", "again"),
    [
        (EXCERPTS[:4], True),
        (EXCERPTS[:7], True),  # 4 of 7
        (EXCERPTS[:8], False),  # 4 of 8: half of it is new
        (EXCERPTS[:3], True),
        (EXCERPTS[:2], False),
        (EXCERPTS[4:8], False),
        ([], False),
    ],
)
def test_most_of_the_same_excerpts_is_the_same_proposal(now, again):
    before = refused(SPLIT, [HERE], EXCERPTS[:4])

    assert was_refused(SPLIT, [HERE], now, before) is again


def test_another_kind_or_other_themes_are_another_proposal():
    before = refused(MERGE, [HERE, THERE], EXCERPTS[:4])

    assert was_refused(MERGE, [THERE, HERE], EXCERPTS[:4], before)
    assert not was_refused(MERGE, [HERE, ELSEWHERE], EXCERPTS[:4], before)
    assert not was_refused(SPLIT, [HERE], EXCERPTS[:4], before)
    assert not was_refused(SPLIT, [HERE], EXCERPTS[:4], [])


def test_a_new_theme_is_known_by_its_excerpts_whatever_id_it_has():
    before = refused(NEW, [HERE], EXCERPTS[:4])

    assert was_refused(NEW, [], EXCERPTS[:4], before) and was_refused(NEW, [THERE], EXCERPTS[:5], before)


def test_one_more_voice_on_a_single_one_is_worth_another_look():
    """What may weigh is suggested from its first voice."""
    assert not was_refused(NEW, [], EXCERPTS[:2], refused(NEW, [HERE], EXCERPTS[:1]))


def test_only_what_was_refused_is_left_out():
    proposals = [
        Proposal(SPLIT, HERE, EXCERPTS[:4], 1),
        Proposal(SPLIT, THERE, EXCERPTS[:4], 1),
        Proposal(MERGE, HERE, EXCERPTS[:4], 1, THERE),
    ]

    left = not_refused(
        proposals, refused(SPLIT, [HERE], EXCERPTS[:4]) + refused(MERGE, [THERE, HERE], EXCERPTS[:5])
    )

    assert left == [proposals[1]]


def around(direction, n, seed):
    """Unit vectors about a direction."""
    points = np.random.default_rng(seed).normal(size=(n, 64)) * 0.1
    points[:, direction] += 1
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def test_halves_of_one_are_alike_and_different_ones_are_not():
    one, more, other = around(0, 20, 1), around(0, 20, 2), around(5, 20, 3)

    assert likeness_of(one, more) > 0.95
    assert likeness_of(one, other) < 0.2


def test_the_most_alike_pair_is_found_and_small_ones_are_chance():
    points = np.vstack([around(0, 10, 1), around(0, 10, 2), around(5, 10, 3), around(0, FEWEST - 1, 4)])
    members = {7: range(10), 8: range(10, 20), 9: range(20, 30), 10: range(30, 30 + FEWEST - 1)}

    [(one, other, likeness)] = most_alike(points, members)

    assert {one, other} == {7, 8} and likeness > 0.95
    assert most_alike(points, {}) == [] == most_alike(points, {7: range(10)})


def test_a_few_who_say_the_same_come_before_many_who_have_little_in_common():
    chance = np.random.default_rng(1)
    loose = chance.normal(0, 1, (16, 60))
    close = np.ones((5, 60)) + chance.normal(0, 0.5, (5, 60))

    def unit(points):
        return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)

    assert worth_naming(unit(close)) > worth_naming(unit(loose))
    assert worth_naming(unit(close)) > worth_naming(unit(close)[:1]) == 1
