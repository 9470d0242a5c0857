"""Reading with one voice a wording: a campaign of a hundred copies must not make a theme of a hundred, nor name it.

What is planned for the copy that speaks is then done with all. No database.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from msgspec import structs

from hearback.themes.planning import Place, Plan
from hearback.themes.queries.sorting import Known
from hearback.themes.wording import Voices, representatives
from hearback.trust.masking import without_personal_data


def planned_for_all(planned: Callable[[Sequence[Known]], Plan], known: Sequence[Known]) -> Plan:
    """planned: reads those that speak, without the personal data in their words, so that no name becomes a term."""
    voices = representatives(known, {row: one.heir for row, one in enumerate(known) if one.held})
    speakers = _at_home([known[row] for row in voices.indices], known, voices)
    plan = planned([structs.replace(one, words=without_personal_data(one.words)) for one in speakers])
    return _for_all(plan, known, speakers, voices)


def _at_home(speakers: Sequence[Known], known: Sequence[Known], voices: Voices) -> list[Known]:
    """A copy that has just come in may speak for others: it stands where most of them lie, so that theirs goes on."""
    homes: dict[int, Counter[tuple[UUID, UUID]]] = {}
    for row, one in enumerate(known):
        if one.theme and one.heir:
            homes.setdefault(voices.of[row], Counter())[one.theme, one.heir] += 1
    at_home = list(speakers)
    for voice, found in homes.items():
        if speakers[voice].heir is None:
            (theme, heir), _ = min(found.items(), key=lambda home: (-home[1], home[0]))
            at_home[voice] = structs.replace(speakers[voice], theme=theme, heir=heir)
    return at_home


def _for_all(plan: Plan, known: Sequence[Known], speakers: Sequence[Known], voices: Voices) -> Plan:
    """Copies go where the one that speaks for them goes, or lies because people hold it there."""
    place_of = {place.excerpt: place for place in plan.places}
    gone = set(plan.leaves)
    places, leaves, more = list(plan.places), list(plan.leaves), 0
    spoken_by = set(voices.indices)
    for row, one in enumerate(known):
        if row in spoken_by:
            continue
        speaker = speakers[voices.of[row]]
        stays = None if speaker.id in gone else speaker.heir
        place = _place(one, speaker, place_of.get(speaker.id), stays)
        if place and not one.held:
            places.append(place)
        elif one.theme and not one.held:
            leaves.append(one.id)
        more += bool(place or one.held)
    return structs.replace(plan, places=places, leaves=leaves, placed=plan.placed + more)


def _place(one: Known, speaker: Known, place: Place | None, stays: UUID | None) -> Place | None:
    """stays: the theme that the speaker is left in where nothing was planned for it.

    Where the copy lies already may speak through the same theme: staying there lets a merge be undone.
    """
    heir = stays if place is None else speaker.heir if place.theme == speaker.theme else place.theme
    if heir is None:
        return None
    where = one.theme if one.theme and one.heir == heir else heir
    return Place(one.id, where, place.confidence if place else 1.0)
