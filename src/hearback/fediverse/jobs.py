"""What came into an inbox is looked at where it may take its time."""

from datetime import timedelta

import structlog

from hearback.clock import now
from hearback.database.engine import transaction
from hearback.fediverse import commands, telling  # noqa: F401  (registers how followers are told)
from hearback.fediverse.incoming import take_in
from hearback.fediverse.rules import Lying
from hearback.fediverse.signing import Claim, Doubtful
from hearback.jobs import do_after, job, on_the_clock
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound
from hearback.webhooks.reaching import NotReached

MOST_TRIES = 4
REST = timedelta(minutes=15)
log = structlog.get_logger()


@job("fediverse.came")
async def came(company: str, key_id: str, text: str, signature: str, body: str, tries: int = 1) -> None:
    """What cannot be so is left alone: whoever lies hears nothing of it."""
    claim = Claim(key_id, text, bytes.fromhex(signature))
    try:
        done = await take_in(await company_by_slug(company), claim, body.encode(), now=now())
    except (Doubtful, Lying, NotFound) as error:
        log.info("fediverse.left", why=str(error)[:40])
        return
    except NotReached as error:
        log.info("fediverse.later", why=str(error), tries=tries)
        if tries < MOST_TRIES:
            again = {"company": company, "key_id": key_id, "text": text, "signature": signature, "body": body}
            async with transaction():
                await do_after(REST * tries, "fediverse.came", **again, tries=tries + 1)
        return
    log.info("fediverse.done", what=done)


@on_the_clock("fediverse.purge", "37 3 * * *")
async def purge() -> None:
    await commands.let_go(now())
