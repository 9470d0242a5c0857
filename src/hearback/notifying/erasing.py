"""What this room forgets when a fan's words go: who was told of them, and what waits to be sent."""

from hearback.database.engine import execute
from hearback.notifying import queries
from hearback.notifying.commands.outbox import forget_follower
from hearback.trust.erasure import Going, Why, forgets


@forgets("notifying")
async def forget(going: Going) -> None:
    """An erased answer leads nowhere any more. One that only changed, or was kept long enough, still does."""
    if going.why is not Why.ERASED:
        return
    for response in going.responses:
        for follower in await queries.followers_of_response(going.company, response):
            await forget_follower(going.company, follower.id)
    await execute(
        "delete from check_back where company = $1 and response = any($2)", going.company, going.responses
    )
