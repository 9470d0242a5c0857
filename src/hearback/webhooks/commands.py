"""An admin adds a webhook, switches it on and off, and takes it away."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import NotFound, Refused
from hearback.settings import Settings
from hearback.trust.sealing import seal
from hearback.web.live import tell
from hearback.webhooks import outbox
from hearback.webhooks.rules import (
    LONGEST_ADDRESS,
    MOST_WEBHOOKS,
    News,
    check_address,
    leads_inside,
    new_secret,
)


class WebhookForm(Struct, frozen=True):
    address: Annotated[str, Meta(min_length=8, max_length=LONGEST_ADDRESS)]
    kinds: list[News] = []


async def add(company_id: UUID, form: WebhookForm, *, given: Settings, by: Member, now: datetime) -> str:
    """Gives its secret, which is shown once. Raises Refused."""
    address = check_address(form.address, plain_http=given.deliver_to_private_networks)
    if not given.deliver_to_private_networks and leads_inside(address):
        raise Refused("webhook.address-private", field="address")
    if not form.kinds:
        raise Refused("webhook.no-kinds", field="kinds")
    secret = new_secret()
    async with transaction():
        await lock(company_id, "webhooks")
        there: int = await fetch_value("select count(*) from webhook where company = $1", company_id)
        if there >= MOST_WEBHOOKS:
            raise Refused("webhook.too-many", field="address", most=MOST_WEBHOOKS)
        webhook_id = new_id()
        added = await execute(
            """insert into webhook (id, company, address, kinds, secret, created_by, created_at)
               values ($1, $2, $3, $4, $5, $6, $7) on conflict (company, address) do nothing""",
            webhook_id,
            company_id,
            address,
            sorted({kind.value for kind in form.kinds}),
            seal(given.secret_key, "webhook", secret),
            by.id,
            now,
        )
        if not added:
            raise Refused("webhook.twice", field="address")
        await note_down(company_id, "webhook.added", by=by.id, now=now, subject=webhook_id)
        await tell(company_id, "desk")
    return secret


async def switch(company_id: UUID, webhook_id: UUID, *, on: bool, by: Member, now: datetime) -> None:
    """On again, it gets what waited for it meanwhile. Raises NotFound."""
    async with transaction():
        changed = await execute(
            """update webhook set active = $3, given_up_on = null, failing_since = null
               where company = $1 and id = $2""",
            company_id,
            webhook_id,
            on,
        )
        if not changed:
            raise NotFound
        if on:
            await outbox.try_erasures_anew(company_id, webhook_id, now)
            await note_down(company_id, "webhook.switched-on", by=by.id, now=now, subject=webhook_id)
            await do_later("webhooks.deliver")
        else:
            await note_down(company_id, "webhook.switched-off", by=by.id, now=now, subject=webhook_id)
        await tell(company_id, "desk")


async def remove(company_id: UUID, webhook_id: UUID, *, by: Member, now: datetime) -> None:
    """With all that waits for it. Raises NotFound."""
    async with transaction():
        if not await execute("delete from webhook where company = $1 and id = $2", company_id, webhook_id):
            raise NotFound
        await note_down(company_id, "webhook.removed", by=by.id, now=now, subject=webhook_id)
        await tell(company_id, "desk")
