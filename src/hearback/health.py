"""Is the process alive, and can it do its work?"""

from datetime import timedelta

import asyncpg
import structlog
from litestar import Response, get
from msgspec import Struct

from hearback.clock import now
from hearback.database.engine import ENGINE, fetch_value
from hearback.database.migrating import at_head
from hearback.jobs import worker_seen_at
from hearback.web.errors import NO_DATABASE

log = structlog.get_logger()
WORKER_SILENT_FOR = timedelta(seconds=60)


class Health(Struct, frozen=True):
    """Each line true or false; `ready` is all of them."""

    ready: bool
    database_writable: bool = False
    migrations_at_head: bool = False
    worker_seen: bool = False
    durable: bool = False


@get("/health/live", sync_to_thread=False)
def live() -> dict[str, bool]:
    return {"live": True}


@get("/health/ready")
async def ready() -> Response[Health]:
    health = await check_health()
    return Response(health, status_code=200 if health.ready else 503, headers={"Cache-Control": "no-store"})


async def check_health() -> Health:
    try:
        writable = await fetch_value(
            "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'"
        )
        durable = await fetch_value(
            "select current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off'"
        )
        head = ENGINE.pool is not None and await at_head(ENGINE.pool)
        seen = await worker_seen_at()
    except (*NO_DATABASE, asyncpg.PostgresError, TimeoutError) as error:
        log.warning("health.cannot_ask", error=type(error).__name__)
        return Health(ready=False)
    worker = seen is not None and abs(now() - seen) < WORKER_SILENT_FOR
    return Health(writable and durable and head and worker, writable, head, worker, durable)
