"""The first of the three panes: the list of themes with what stands above and below it."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hearback.clock import day_in
from hearback.people import queries as people
from hearback.people.access import Desk
from hearback.themes.desk.listing import Chosen, fitting, listed
from hearback.themes.desk.shelves import A_SHELF, shelves
from hearback.themes.own_codebook import in_use
from hearback.themes.progress import HEARD
from hearback.themes.queries import codebook, helping, picture, proposing, triage
from hearback.themes.rules import LifeState

LOOKING_BACK = timedelta(days=60)


async def in_list(
    desk: Desk, at: datetime, chosen: Chosen, opened: str, rows: list[triage.Row] | None = None
) -> dict[str, Any]:
    """What themes/_list.html needs. opened: the theme beside it; rows: all of them, where they are at hand."""
    today, me = day_in(desk.company.timezone, at), desk.member.id
    if rows is None:
        rows = await all_rows(desk, at)
    pile, covered, helps, proposed, teams = await asyncio.gather(
        triage.pile(desk.company.id),
        picture.coverage(desk.company.id),
        helping.waiting(desk.company.id),
        proposing.waiting(desk.company.id),
        people.teams(desk.company.id),
    )
    first = min((one.days[0] for one in rows if one.days), default=today)
    last = max((one.days[-1] for one in rows if one.days), default=today)
    all_of_them = [
        listed(
            row,
            first,
            last,
            today=today,
            asked=row.asked_until is not None and row.asked_until > at,
            counted=pile.counted,
            fewest=desk.company.fewest_voices,
        )
        for row in rows
    ]
    shown = fitting(all_of_them, chosen, me, {team.id for team in teams if me in team.members})
    return {
        "rows": all_of_them,
        "shown": shown,
        "shelves": shelves(shown, opened=opened, whole=chosen.whole),
        "in_state": Counter(one.state for one in all_of_them),
        "folds_from": A_SHELF,
        "progress": HEARD.of(desk.company.id),
        "told": None,
        "teams": teams,
        "chosen": chosen,
        "states": list(LifeState),
        "pile": pile,
        "covered": covered,
        "helps": helps,
        "proposed": sum(proposed.values()),
        "waited": (today - pile.oldest).days if pile.oldest else 0,
        "today": today,
    }


async def all_rows(desk: Desk, at: datetime) -> list[triage.Row]:
    entries = in_use(await codebook.changes(desk.company.id))
    weighty = [entry.slug for entry in entries if entry.weight]
    since = day_in(desk.company.timezone, at) - LOOKING_BACK
    return await triage.rows(desk.company.id, since=since, weighty=weighty, reader=desk.words.lang)
