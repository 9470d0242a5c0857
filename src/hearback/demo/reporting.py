"""The months of the demo that are over: counted from what its story did, and signed by who leads."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hearback.demo.cast import MORNING, Cast
from hearback.people.queries import Member
from hearback.reporting import commands, queries
from hearback.reporting.rules import months_over, next_month


async def report(cast: Cast, first_day: int, *, by: Member) -> None:
    """On the first morning after each month; a bad one is signed as well."""
    company = cast.company
    for month in months_over(cast.day(first_day), cast.day(0)):
        morning = datetime.combine(next_month(month), MORNING, ZoneInfo(company.timezone))
        at = min(morning, cast.now)
        await commands.count_month(company.id, month, fewest=company.fewest_voices, now=at)
        counted = await queries.report(company.id, month)
        await commands.sign(
            company.id,
            month,
            seen=counted.computed_at.isoformat(),
            by=by,
            now=min(at + timedelta(hours=2), cast.now),
        )
