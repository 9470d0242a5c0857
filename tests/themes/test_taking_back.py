"""Which act stands on which: told from what was written down, without a database."""

from typing import Any
from uuid import UUID

import pytest

from hearback.database.columns import new_id
from hearback.themes.rules import ThemeDeed
from hearback.themes.taking_back import Act, can_be_taken_back, in_the_way, standing
from tests.made import NOW

A, B, C = (UUID(int=n) for n in (1, 2, 3))
ONE, TWO = str(UUID(int=11)), str(UUID(int=12))


def act(deed: str, theme: UUID | None = A, **told: Any) -> Act:
    return Act(new_id(), theme, ThemeDeed(deed), told, "Jule", NOW)


def split(source: UUID, new: UUID, *excerpts: str) -> Act:
    return act("split", new, source=str(source), left=[{"excerpt": one} for one in excerpts])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (act("named", name="X"), act("renamed", name="Y", definition="", was={"definition": ""})),
        (act("renamed", name="X", definition="d", was={"definition": ""}), act("defined")),
        (act("weighted"), act("unweighted")),
        (act("moved", excerpt=ONE), act("moved", B, excerpt=ONE)),
        (act("moved", excerpt=ONE), split(A, B, ONE)),
        (split(A, B, ONE), act("moved", C, excerpt=ONE)),
        (split(A, B, ONE), act("moved", B, excerpt=TWO)),
        (split(A, B, ONE), act("weighted", B)),
        (split(A, B, ONE), act("merged", B, into=str(C))),
        (split(A, B, ONE), split(B, C, TWO)),
        (act("named"), act("merged", B, into=str(A))),
        (act("resting"), act("woken")),
        (act("assigned"), act("assigned")),
        (act("asked", question=ONE), act("unasked", question=ONE)),
    ],
)
def test_what_writes_the_same_or_stands_on_it_is_in_the_way(first, then):
    assert in_the_way(first, [then]) is then


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (act("named"), act("weighted")),
        (act("named"), act("moved", excerpt=ONE)),
        (act("renamed", name="X", definition="d", was={"definition": "d"}), act("defined")),
        (act("renamed", theme=A, name="X", was={}), act("renamed", theme=B, name="Y", was={})),
        (act("moved", excerpt=ONE), act("moved", excerpt=TWO)),
        (act("merged", A, into=str(B)), act("moved", B, excerpt=ONE)),
        (act("merged", A, into=str(B)), act("merged", B, into=str(C))),
        (act("not_here", excerpt=ONE), act("not_here", excerpt=TWO)),
        (act("asked", question=ONE), act("asked", question=TWO)),
        (act("not_weighty", excerpts=[ONE]), act("not_weighty", excerpts=[TWO])),
    ],
)
def test_what_is_of_something_else_is_not(first, then):
    assert in_the_way(first, [then]) is None


def test_the_newest_of_several_is_named_for_it_goes_first():
    first, middle, last = act("weighted"), act("unweighted"), act("weighted")

    assert in_the_way(first, [middle, last]) is last


def test_what_was_taken_back_stands_in_nobodys_way():
    first, then = act("weighted"), act("unweighted")
    back = act("unweighted", undoes=str(then.id))

    assert in_the_way(first, [then, back]) is None


def test_merged_and_parted_is_nothing_and_merged_again_is_the_last_merge():
    made = split(A, B, ONE)
    merged = act("merged", B, into=str(C))
    parted = act("unmerged", B, into=str(C), undoes=str(merged.id))
    again = act("merged", B, into=str(C), undoes=str(parted.id))

    assert in_the_way(made, [merged, parted]) is None
    assert in_the_way(made, [merged, parted, again]) is again
    assert standing([merged, parted, again]) == [again]


def test_a_parting_of_what_was_merged_before_stands_for_itself():
    parted = act("unmerged", B, undoes=str(new_id()))

    assert standing([parted]) == [parted]


def test_only_an_act_can_be_taken_back():
    assert can_be_taken_back(act("moved", excerpt=ONE))
    assert can_be_taken_back(act("unmerged", undoes=str(new_id())))
    assert not can_be_taken_back(act("moved", excerpt=ONE, of=str(new_id())))
    assert not can_be_taken_back(act("moved", excerpt=ONE, undoes=str(new_id())))
    assert not can_be_taken_back(act("suggested"))
