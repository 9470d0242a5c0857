"""`ledger verify`, with the same few lines that anybody can fetch from `/{company}/verify`; and new keys."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature

from hearback.clock import now
from hearback.database.engine import connected, use_database
from hearback.ledger.checkpoints import NotSigned, seen
from hearback.ledger.proofs import proven
from hearback.ledger.signing import begin_again, change_key
from hearback.ledger.verify import verify
from hearback.people.queries import Company, company_by_slug
from hearback.refusals import NotFound, Stopped
from hearback.settings import Settings
from hearback.terminal.at_hand import database
from hearback.terminal.given import settings_of


class NotWhole(Stopped):
    """What does not fit, in one sentence."""


def verify_ledger(given: argparse.Namespace) -> None:
    try:
        kept = given.since.read_bytes() if given.since else None
        print(verify(given.base, given.key, kept, *given.since_key))
    except (ValueError, LookupError, TypeError, AttributeError, InvalidSignature) as wrong:
        raise NotWhole(f"NOT OK: {str(wrong) or type(wrong).__name__}") from wrong


def check_proof(given: argparse.Namespace) -> None:
    try:
        proof, checkpoint = proven(given.file.read_text(), given.key)
        seen_by = [
            f", seen by {line.split('+')[0]} {_when(seen(proof.note, line).at)}" for line in given.witness
        ]
    except (NotSigned, UnicodeDecodeError) as wrong:
        raise NotWhole(f"NOT OK: {wrong}") from wrong
    print(f"OK: entry {proof.number} of {checkpoint.size}{''.join(seen_by)}")
    print(proof.leaf.decode())


def _when(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def change_ledger_key(given: argparse.Namespace) -> None:
    _with_company(given, change_key)
    print(f"The ledger of {given.company} is signed with a new key; the old one stays on its page.")


def begin_ledger_again(given: argparse.Namespace) -> None:
    _with_company(given, begin_again)
    print(f"The ledger of {given.company} goes on under a new name and with a new key; its page says so.")


def _with_company(given: argparse.Namespace, deed: Callable[..., Awaitable[None]]) -> None:
    settings = settings_of(given)
    with database(settings) as urls:
        use_database(urls.app)
        asyncio.run(_do(given.company, deed, settings))


async def _do(slug: str, deed: Callable[..., Awaitable[None]], settings: Settings) -> None:
    async with connected():
        await deed((await company_called(slug)).id, settings, now=now())


async def company_called(slug: str) -> Company:
    """Raises Stopped."""
    try:
        return await company_by_slug(slug)
    except NotFound:
        raise Stopped(f"There is no company {slug}.") from None
