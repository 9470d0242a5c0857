"""What the worker does about actions."""

from uuid import UUID

from hearback.actions.promising import follow_promise
from hearback.jobs import job


@job("actions.day_moved")
async def day_moved(company_id: str, promise_id: str) -> None:
    await follow_promise(UUID(company_id), UUID(promise_id))
