"""`ledger verify`: the same few lines that anybody can fetch from `/{company}/verify`; `ledger begin-again`."""

import argparse
import asyncio

from cryptography.exceptions import InvalidSignature

from hearback.clock import now
from hearback.database.engine import connected, use_database
from hearback.ledger.signing import begin_again
from hearback.ledger.verify import verify
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound, Stopped
from hearback.settings import Settings
from hearback.terminal.at_hand import database
from hearback.terminal.given import settings_of


class NotWhole(Stopped):
    """What does not fit, in one sentence."""


def verify_ledger(given: argparse.Namespace) -> None:
    try:
        print(verify(given.base, given.key, given.since.read_bytes() if given.since else None))
    except (ValueError, LookupError, TypeError, AttributeError, InvalidSignature) as wrong:
        raise NotWhole(f"NOT OK: {wrong or type(wrong).__name__}") from wrong


def begin_ledger_again(given: argparse.Namespace) -> None:
    settings = settings_of(given)
    with database(settings) as urls:
        use_database(urls.app)
        asyncio.run(_begin_again(given.company, settings))
    print(f"The ledger of {given.company} goes on under a new name and with a new key; its page says so.")


async def _begin_again(slug: str, settings: Settings) -> None:
    async with connected():
        try:
            company = await company_by_slug(slug)
        except NotFound:
            raise Stopped(f"There is no company {slug}.") from None
        await begin_again(company.id, settings, now=now())
