"""What people see in the answers: they name what the program found, bring what lies elsewhere, and take strangers out.

The themes are those that the program found, or that the people made; the story only knows answers.
"""

from collections import Counter
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch_column, fetch_one
from hearback.demo.stage import Stage
from hearback.demo.story import Days, ThemeTold
from hearback.refusals import NotFound
from hearback.themes import commands as themes
from hearback.themes.forms import NEW, NOWHERE, MoveForm, NameForm, WeightForm


class Point(Struct, frozen=True):
    """An excerpt, and the theme that speaks for it."""

    id: UUID
    heir: UUID | None


async def see_theme(on: Stage, told: ThemeTold) -> None:
    """Find the theme, or make it; name it, bring what lies elsewhere, and say why it weighs."""
    by, now, today = on.cast.people[told.by].id, on.cast.moment(told.day), on.cast.day(told.day)
    points = [point for text in told.points if (point := await _point(on, text)) is not None]
    named = set(on.themes.values())
    found = Counter(point.heir for point in points if point.heir and point.heir not in named)
    if told.made_by_hand or not found:
        form = MoveForm(to=NEW, name=told.name)
        theme = await themes.move(on.company.id, points[0].id, form, by=by, now=now, today=today)
    else:
        theme = found.most_common(1)[0][0]
    if theme is None:
        raise NotFound
    on.themes[told.key] = theme
    naming = NameForm(name=told.name, definition=told.definition)
    await themes.name_theme(on.company.id, theme, naming, by=by, now=now)
    for point in points:  # also those that the program put there: what a person says is fixed
        form = MoveForm(to=str(theme))
        await themes.move(on.company.id, point.id, form, by=by, now=now, today=today)
    if told.weight:
        await themes.weigh(on.company.id, theme, WeightForm(reason=told.weight), by=by, now=now)
    if told.merged_into:
        into = on.themes[told.merged_into]
        await themes.merge(on.company.id, theme, into, by=by, now=now)


async def take_out_strangers(on: Stage, told: ThemeTold, day: Days) -> None:
    """What the program took for the same, and its person sees that it is not."""
    strangers = await fetch_column(
        """select e.id from placement p
           join theme t on t.company = p.company and t.id = p.theme
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where p.company = $1 and t.heir = $2 and p.by = 'machine' and r.external_id <> all($3)""",
        on.company.id,
        on.themes[told.key],
        [
            text.partition(": ")[0]
            for theme in on.told.themes
            if told.key in (theme.key, theme.merged_into)
            for text in theme.points
        ],
    )
    by, now, today = on.cast.people[told.by].id, on.cast.moment(day), on.cast.day(day)
    for excerpt in strangers:
        await themes.move(on.company.id, excerpt, MoveForm(to=NOWHERE), by=by, now=now, today=today)


async def _point(on: Stage, text: str) -> Point | None:
    """The excerpt that holds most of the words in `id: words`; None while the answer is still to come."""
    answer, _, words = text.partition(": ")
    return await fetch_one(
        Point,
        """select e.id, t.heir
           from response r join answer a on a.company = r.company and a.response = r.id
           join excerpt e on e.company = a.company and e.answer = a.id
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           cross join lateral (select strpos(a.words, $3) - 1 as at) as found
           where r.company = $1 and r.external_id = $2 and found.at >= 0
             and e.starts < found.at + length($3) and e.ends > found.at
           order by least(e.ends, found.at + length($3)) - greatest(e.starts, found.at) desc limit 1""",
        on.company.id,
        answer,
        words,
    )
