"""What a page of the report shows, inside and outside alike."""

from datetime import date
from typing import Any

from hearback.refusals import NotFound
from hearback.reporting.queries import Report
from hearback.reporting.rules import READ_WITHIN_DAYS, REPLIED_WITHIN_DAYS

MONTHS_IN_PICTURE = 12


def shown(reports: list[Report], month: date | None) -> dict[str, Any]:
    """For the template. reports: the newest first; month: which one, None: the newest. Raises NotFound.

    over: that month and those before it, the oldest first, for the pictures over time.
    """
    at = next((i for i, one in enumerate(reports) if month in (None, one.month)), None)
    if at is None and month is not None:
        raise NotFound
    return {
        "reports": reports,
        "report": None if at is None else reports[at],
        "over": [] if at is None else reports[at : at + MONTHS_IN_PICTURE][::-1],
        "read_within": READ_WITHIN_DAYS,
        "replied_within": REPLIED_WITHIN_DAYS,
    }
