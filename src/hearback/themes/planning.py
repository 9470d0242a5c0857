"""What a regroup would change. No database: what is known goes in, what is to be written comes out."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.database.columns import new_id
from hearback.themes.embedding import DIMENSIONS
from hearback.themes.grouping import UNSORTED, Grouping, group, join, match_groups
from hearback.themes.keyterms import key_terms
from hearback.themes.queries.sorting import Known, Loose, Placed, Run, Tie

LONGEST_TERM = 60


class Place(Struct, frozen=True):
    excerpt: UUID
    theme: UUID
    confidence: float


class Plan(Struct, frozen=True):
    """places and leaves: excerpts that the machine places, or lets go to the unsorted.

    suggested: new themes with their terms, largest first; terms: those of older suggestions.
    placed: how many excerpts have a theme afterwards, those that stay where people want them included.
    """

    places: list[Place]
    leaves: list[UUID]
    suggested: dict[UUID, list[str]]
    terms: dict[UUID, list[str]]
    placed: int
    themes: int
    centre: bytes
    least: float


def plan(known: Sequence[Known], ties: Sequence[Tie]) -> Plan:
    """Group everything anew around what people decided.

    What is held stays. A lasting theme that no group takes after keeps what it had: a grouping never empties it.
    """
    held = {row: one.heir for row, one in enumerate(known) if one.held and one.heir}
    grouping = group(vectors_of([one.vector for one in known]), fixed=held)
    theme_of = _themes(known, grouping)
    taken = set(theme_of.values())
    alone = {tie.id for tie in ties if tie.lasting} - taken
    places, leaves, members = [], [], dict[UUID, list[str]]()
    for row, one in enumerate(known):
        theme = theme_of.get(int(grouping.labels[row]))
        if one.held or one.heir in alone:
            theme = one.heir
        elif theme:
            # Where it lies speaks through the same theme already: staying there lets a merge be undone.
            where = one.theme if one.theme and one.heir == theme else theme
            places.append(Place(one.id, where, float(grouping.confidence[row])))
        elif one.theme:
            leaves.append(one.id)
        if theme:
            members.setdefault(theme, []).append(one.words)
    terms = _terms(members)
    old = {tie.id: tie for tie in ties}
    return Plan(
        places=places,
        leaves=leaves,
        suggested={theme: terms[theme] for theme in theme_of.values() if theme not in old},
        terms={theme: of for theme, of in terms.items() if theme in old and not old[theme].named},
        placed=sum(map(len, members.values())),
        themes=len(members),
        centre=grouping.centre.astype("<f4").tobytes(),
        least=grouping.least,
    )


def joined(loose: Sequence[Loose], examples: Sequence[Placed], run: Run) -> list[Place]:
    """Where new excerpts belong among those that have a theme; unsure ones are left out."""
    numbers = {theme: number for number, theme in enumerate(dict.fromkeys(one.theme for one in examples))}
    if not loose or not numbers:
        return []
    labels, confidence = join(
        vectors_of([one.vector for one in loose]),
        vectors_of([one.vector for one in examples]),
        np.array([numbers[one.theme] for one in examples], np.int32),
        np.frombuffer(run.centre, "<f4"),
        least=run.least,
    )
    themes = list(numbers)
    return [
        Place(one.id, themes[label], sure)
        for one, label, sure in zip(loose, labels.tolist(), confidence.tolist(), strict=True)
        if label != UNSORTED
    ]


def vectors_of(stored: Sequence[bytes]) -> NDArray[np.float32]:
    """Shape (n, 512), from the bytes that the database holds."""
    return np.frombuffer(b"".join(stored), "<f4").reshape(-1, DIMENSIONS)


def _themes(known: Sequence[Known], grouping: Grouping[UUID]) -> dict[int, UUID]:
    """Which theme each group is: the one that people made it, the old one that it mostly is, or a new one."""
    old: dict[UUID, set[UUID]] = {}
    new: dict[int, set[UUID]] = {}
    for one, label in zip(known, grouping.labels.tolist(), strict=True):
        if one.heir:
            old.setdefault(one.heir, set()).add(one.id)
        if label != UNSORTED:
            new.setdefault(label, set()).add(one.id)
    undecided = {number: excerpts for number, excerpts in new.items() if number not in grouping.themes}
    decided = grouping.themes | match_groups(old, undecided)
    return {number: decided.get(number) or new_id() for number in sorted(new)}


def _terms(members: dict[UUID, list[str]]) -> dict[UUID, list[str]]:
    """Only against each other do words become telling, so all themes are compared, those with a name too."""
    found = key_terms(list(members.values()))
    return {
        theme: [term[:LONGEST_TERM] for term in terms] for theme, terms in zip(members, found, strict=True)
    }
