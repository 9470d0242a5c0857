"""What the pictures say, worked out once for the drawing, the sentence beside it and the table behind it.

No database, no web. Everything counts people, but for the dots of the map, which are excerpts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from uuid import UUID

from msgspec import Struct

from hearback.themes.queries.picture import Dot, Shared

DAYS_SHOWN = 14  # a theme no older than this is told day by day
WEEKS_SHOWN = 26
MAP_WIDTH = 1000  # units of the drawing; its height follows from how the dots lie
MARGIN = 40
MARKS = 14  # eight full shapes and six of them as outlines tell themes apart without colour
MOST_NUMBERED = 40  # themes with a number on the map; more numbers than that hide the dots
NUMBER_APART = 34  # how far numbers stay from each other
NUMBER_ABOVE = 22  # how far a number stands above its dot
BESIDE = 2
LANGUAGES = ("de", "en")  # every other one is `other`


class Stretch(Struct, frozen=True):
    """A day, a week from Monday, or a month: its first day, and how many people spoke."""

    first: date
    people: int


class Story(Struct, frozen=True):
    """A theme over time, without gaps. unit: day, week or month.

    busiest: the stretch with most people; None where several have as many.
    """

    unit: str
    stretches: list[Stretch]
    people: int
    most: int
    busiest: Stretch | None


class Share(Struct, frozen=True):
    """key: a channel or a language."""

    key: str
    people: int


class Shares(Struct, frozen=True):
    """How the people of one theme, or of all, came and spoke; in one order for every theme."""

    people: int
    channels: list[Share]
    languages: list[Share]


class Spot(Struct, frozen=True):
    """A dot in units of the drawing."""

    x: int
    y: int
    words: str
    language: str


class Group(Struct, frozen=True):
    """The dots of one theme; theme None: of none. number: as on the map, None where there is no room for it.

    x, y: where its number stands. mark: its shape. beside: the themes that lie nearest, nearest first.
    """

    theme: UUID | None
    number: int | None
    mark: int
    x: int
    y: int
    dots: list[Spot]
    beside: list[UUID]


class Map(Struct, frozen=True):
    width: int
    height: int
    groups: list[Group]
    dots: int


def story(voices: Mapping[date, int], until: date) -> Story | None:
    """From the first voice until today; None without any."""
    if not voices:
        return None
    first = min(voices)
    days = (max(until, *voices) - first).days + 1
    unit = "day" if days <= DAYS_SHOWN else "week" if days <= WEEKS_SHOWN * 7 else "month"
    found = dict.fromkeys(_stretches(unit, first, max(until, *voices)), 0)
    for day, people in voices.items():
        found[_begins(unit, day)] += people
    stretches = [Stretch(begins, people) for begins, people in found.items()]
    most = max(found.values())
    busiest = [one for one in stretches if one.people == most]
    return Story(unit, stretches, sum(found.values()), most, busiest[0] if len(busiest) == 1 else None)


def shares(rows: Iterable[Shared]) -> dict[UUID | None, Shares]:
    """By theme, most people first; None for everybody who is in any."""
    by_theme: dict[UUID | None, list[Shared]] = {}
    for row in rows:
        by_theme.setdefault(row.theme, []).append(row)
    everybody = by_theme.get(None, [])
    channels = [one.key for one in _counted((row.channel, row.people) for row in everybody)]
    languages = [one.key for one in _counted((_language(row.language), row.people) for row in everybody)]
    found = {
        theme: Shares(
            sum(row.people for row in of),
            _in_order(channels, ((row.channel, row.people) for row in of)),
            _in_order(languages, ((_language(row.language), row.people) for row in of)),
        )
        for theme, of in by_theme.items()
    }
    return dict(sorted(found.items(), key=lambda one: (-one[1].people, str(one[0]))))


def mapped(dots: Sequence[Dot]) -> Map | None:
    """Dots by theme, most dots first; what is in no theme lies below all others. None without any dot."""
    if not dots:
        return None
    left, top = min(one.x for one in dots), max(one.y for one in dots)
    wide, high = max(one.x for one in dots) - left, top - min(one.y for one in dots)
    scale = (MAP_WIDTH - 2 * MARGIN) / max(wide, high, 0.1)
    by_theme: dict[UUID, list[Spot]] = {}
    outside: list[Spot] = []
    for one in dots:
        spot = Spot(
            MARGIN + round((one.x - left) * scale),
            MARGIN + round((top - one.y) * scale),
            one.words,
            one.language,
        )
        (by_theme.setdefault(one.theme, []) if one.theme else outside).append(spot)
    ordered = sorted(by_theme.items(), key=lambda of: (-len(of[1]), str(of[0])))
    middles = {theme: _middle(spots) for theme, spots in ordered}
    above = [(middles[theme][0], middles[theme][1] - NUMBER_ABOVE) for theme, _ in ordered[:MOST_NUMBERED]]
    numbers = _apart(above)
    groups = [Group(None, None, 0, 0, 0, outside, [])] if outside else []
    for at, (theme, spots) in enumerate(ordered):
        numbered = at < len(numbers)
        x, y = numbers[at] if numbered else middles[theme]
        beside = _nearest(theme, middles)
        groups.append(Group(theme, at + 1 if numbered else None, 1 + at % MARKS, x, y, spots, beside))
    lowest = max([round(high * scale) + MARGIN, *(y for _, y in numbers)])
    return Map(2 * MARGIN + round(wide * scale), lowest + MARGIN, groups, len(dots))


def _middle(spots: Sequence[Spot]) -> tuple[int, int]:
    """The dot nearest to the middle of all: where dots of one theme lie in two places, the middle is neither."""
    x, y = median(one.x for one in spots), median(one.y for one in spots)
    best = min(spots, key=lambda one: ((one.x - x) ** 2 + (one.y - y) ** 2, one.x, one.y))
    return best.x, best.y


def _apart(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places one after the other, each moved up or down as little as it must to leave room for those before it."""
    found: list[tuple[int, int]] = []
    for x, y in places:
        steps = (0, *(sign * n for n in range(1, MOST_NUMBERED + 1) for sign in (1, -1)))
        tried = ((x, y + step * NUMBER_APART) for step in steps)
        free = (
            (a, b)
            for a, b in tried
            if b >= MARGIN and all(abs(a - c) + abs(b - d) >= NUMBER_APART for c, d in found)
        )
        found.append(next(free, (x, y)))
    return found


def _nearest(theme: UUID, middles: Mapping[UUID, tuple[int, int]]) -> list[UUID]:
    x, y = middles[theme]
    away = {other: (a - x) ** 2 + (b - y) ** 2 for other, (a, b) in middles.items() if other != theme}
    return sorted(away, key=lambda other: (away[other], str(other)))[:BESIDE]


def _begins(unit: str, day: date) -> date:
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _stretches(unit: str, first: date, last: date) -> Iterable[date]:
    at = _begins(unit, first)
    while at <= last:
        yield at
        at = _begins(unit, at + timedelta(days={"day": 1, "week": 7, "month": 31}[unit]))


def _language(language: str) -> str:
    return language if language in LANGUAGES else "other"


def _counted(people: Iterable[tuple[str, int]]) -> list[Share]:
    """Most people first."""
    found: dict[str, int] = {}
    for key, n in people:
        found[key] = found.get(key, 0) + n
    return [Share(key, n) for key, n in sorted(found.items(), key=lambda one: (-one[1], one[0]))]


def _in_order(keys: Sequence[str], people: Iterable[tuple[str, int]]) -> list[Share]:
    return sorted(_counted(people), key=lambda one: keys.index(one.key))
