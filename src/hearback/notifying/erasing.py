"""What this room forgets when a fan's words go: who was told of them, and what waits to be sent."""

from hearback.database.engine import execute
from hearback.notifying import queries
from hearback.notifying.commands.outbox import forget_follower
from hearback.trust.erasure import Going, Why, forgets, take_out

WORDS = (
    "select id, words from post where company = $1 and words <> ''",
    "update post set words = without_parts(words, $3) where company = $1 and id = $2",
)
QUOTED = (
    "select id, quoted as words from post where company = $1 and quoted <> ''",
    "update post set quoted = without_parts(quoted, $3) where company = $1 and id = $2",
)


@forgets("notifying")
async def forget(going: Going) -> None:
    """What is quoted in letters goes whatever the reason. An erased answer leads nowhere any more, and what was written
    back to mails about it goes too; one that only changed, or was kept long enough, still does."""
    await take_out(going, *WORDS)
    await take_out(going, *QUOTED)
    if going.why is not Why.ERASED:
        return
    await execute(
        """delete from post p using mail m join follower f on f.company = m.company and f.id = m.follower
           where p.company = $1 and m.company = $1 and m.id = p.mail and f.response = any($2)""",
        going.company,
        going.responses,
    )
    for response in going.responses:
        for follower in await queries.followers_of_response(going.company, response):
            await forget_follower(going.company, follower.id)
    await execute(
        "delete from check_back where company = $1 and response = any($2)", going.company, going.responses
    )
