"""What a fan said back goes with the answer; of one that was kept long enough, only the verdict stays."""

from hearback.database.engine import execute
from hearback.trust.erasure import Going, Why, forgets


@forgets("receipts")
async def forget(going: Going) -> None:
    if going.why is Why.ERASED:
        await execute(
            "delete from hearback where company = $1 and response = any($2)", going.company, going.responses
        )
    if going.why is Why.EXPIRED:
        await execute(
            "update hearback set words = '' where company = $1 and response = any($2) and words <> ''",
            going.company,
            going.responses,
        )
