"""Where an answer came from goes with it."""

from hearback.database.engine import execute
from hearback.trust.erasure import Going, Why, forgets


@forgets("fediverse")
async def forget(going: Going) -> None:
    if going.why is not Why.CORRECTED:
        await execute(
            "delete from fedi_heard where company = $1 and response = any($2)", going.company, going.responses
        )
