"""What runs by the clock: sessions and links that have ended do not stay."""

from datetime import timedelta

from hearback.clock import now
from hearback.database.engine import execute
from hearback.jobs import on_the_clock
from hearback.people.access import SESSION_ENDS_AFTER

# Long enough to tell somebody with an old link that it has ended, instead of that it never was.
LINKS_STAY = timedelta(days=30)


@on_the_clock("people.purge", "23 3 * * *")
async def purge() -> None:
    await execute("delete from session where seen_at < $1", now() - SESSION_ENDS_AFTER)
    await execute("delete from invitation where expires_at < $1", now() - LINKS_STAY)
    await execute("delete from password_reset where expires_at < $1", now() - LINKS_STAY)
