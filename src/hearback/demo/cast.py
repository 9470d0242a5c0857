"""A company of the demo once it is founded, and the calendar of its story."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from hearback.clock import day_in
from hearback.demo.story import Days
from hearback.people.queries import Company, Member

MORNING = time(9, 30)


class Cast(Struct, frozen=True):
    """people: by their key in the story. now: the first start, day 0."""

    company: Company
    people: dict[str, Member]
    now: datetime

    def day(self, days: Days) -> date:
        return day_in(self.company.timezone, self.now) + timedelta(days=days)

    def moment(self, days: Days) -> datetime:
        """In the morning of that day; today already now."""
        return (
            datetime.combine(self.day(days), MORNING, ZoneInfo(self.company.timezone)) if days else self.now
        )
