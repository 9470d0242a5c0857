"""The day on which we said that we would look again: the theme opens by itself, whether anybody remembers or not."""

from datetime import datetime

from hearback.changenotes import queries
from hearback.clock import day_in
from hearback.people import queries as people
from hearback.people.queries import Company
from hearback.themes.commands import open_again


async def look_again(now: datetime) -> int:
    """Gives how many notes had their day. Doing it twice opens nothing twice: once a note."""
    opened = 0
    for company in await people.companies():
        opened += await _of(company, now)
    return opened


async def _of(company: Company, now: datetime) -> int:
    due = await queries.to_look_at_again(company.id, today=day_in(company.timezone, now))
    for one in due:
        for theme in one.themes:
            await open_again(company.id, theme, one.note, n=0, now=now)
    return len(due)
