"""What holds for a question whenever it is written or opened."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hearback.asking import queries
from hearback.people.queries import Company
from hearback.refusals import Refused
from hearback.trust.integrity.rules import Level
from hearback.web.live import tell


def span_of(company: Company, opens_on: date, closes_on: date) -> tuple[datetime, datetime]:
    """From the first minute of one day to the last of another, as the company's clock has it."""
    zone = ZoneInfo(company.timezone)
    opens_at = datetime(opens_on.year, opens_on.month, opens_on.day, tzinfo=zone)
    after = closes_on + timedelta(days=1)
    return opens_at, datetime(after.year, after.month, after.day, tzinfo=zone)


async def must_be_able_to_mail(company_id: UUID, level: str) -> None:
    if level == Level.CONFIRMED and not await queries.mail_is_on(company_id):
        raise Refused("level.confirmed.no-mail", field="level")


async def tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
