"""A month is counted by the worker, and signed by somebody who leads; from then on it stays as it is."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import Refused
from hearback.reporting import queries
from hearback.reporting.figures import figures_of
from hearback.reporting.rules import months_over
from hearback.web.live import tell


async def count_months(*, now: datetime) -> None:
    """Every month that is over and has no report yet, and once more the last one, until it is signed."""
    for house in await queries.companies_that_ask():
        today = day_in(house.timezone, now)
        await _withdraw_uncompleted(house.id, today=today)
        months = months_over(house.first, today)
        for month in months:
            if month == months[-1] or month not in house.known:
                await count_month(house.id, month, fewest=house.fewest_voices, now=now)


async def _withdraw_uncompleted(company_id: UUID, *, today: date) -> None:
    """A clock that ran ahead and was set back has counted months that are not over."""
    async with transaction():
        withdrawn = await execute(
            "delete from listening_report where company = $1 and month >= $2 and signed_at is null",
            company_id,
            today.replace(day=1),
        )
        if withdrawn:
            await tell(company_id, "public")
            await tell(company_id, "desk")


async def count_month(company_id: UUID, month: date, *, fewest: int, now: datetime) -> None:
    """Nothing happens to a signed one, nor where all is as it was."""
    figures = msgspec.json.encode(await figures_of(company_id, month, fewest=fewest)).decode()
    async with transaction():
        changed = await execute(
            """insert into listening_report as l (id, company, month, figures, computed_at) values ($1, $2, $3, $4, $5)
               on conflict (company, month) do update set figures = excluded.figures, computed_at = excluded.computed_at
               where l.signed_at is null and l.figures <> excluded.figures""",
            new_id(),
            company_id,
            month,
            figures,
            now,
        )
        if changed:
            await tell(company_id, "public")
            await tell(company_id, "desk")


async def sign(company_id: UUID, month: date, *, seen: str, by: Member, now: datetime) -> None:
    """seen: when the figures were counted that the signer had before them.

    Raises NotFound; Refused for who does not lead, for what is signed already, and where it was counted anew since.
    """
    if not by.leads:
        raise Refused("report.leaders-sign")
    async with transaction():
        await lock(company_id, f"report/{month}")
        found = await queries.report(company_id, month)
        if found.signed_at is not None:
            raise Refused("report.is-signed")
        if found.computed_at.isoformat() != seen:
            raise Refused("report.counted-anew")
        signed = await fetch_value(
            """update listening_report set signed_by = $3, signed_at = $4
               where company = $1 and month = $2 and signed_at is null returning id""",
            company_id,
            month,
            by.id,
            now,
        )
        await note_down(
            company_id, "report.signed", by=by.id, now=now, subject=signed, after={"month": f"{month:%Y-%m}"}
        )
        await tell(company_id, "public")
        await tell(company_id, "desk")
