"""`ledger witness`: watch over another installation's ledger; `ledger witnesses`: who watches over ours."""

import argparse
import asyncio
import urllib.error

from cryptography.exceptions import InvalidSignature

from hearback.clock import now
from hearback.database.engine import connected, use_database
from hearback.ledger import witnessing
from hearback.ledger.checkpoints import NotSigned
from hearback.ledger.watching import Rewritten, Watch, hand_over
from hearback.refusals import NotFound, Refused, Stopped
from hearback.settings import data_folder
from hearback.terminal.at_hand import database
from hearback.terminal.checking import NotWhole, company_called
from hearback.terminal.given import settings_of


def watch_ledger(given: argparse.Namespace) -> None:
    settings = settings_of(given)
    watch = Watch(
        data_folder(settings) / "witness", given.name or f"{settings.base_url.partition('://')[2]}/witness"
    )
    try:
        seen = watch.see(given.base, given.key, at=int(now().timestamp()))
    except (Rewritten, NotSigned, ValueError, LookupError, InvalidSignature) as wrong:
        raise NotWhole(f"NOT OK: {wrong or type(wrong).__name__}") from wrong
    except OSError as gone:
        raise NotWhole(f"NOT OK: not all of it could be had: {gone}") from gone
    grown = "seen for the first time" if seen.before is None else f"all {seen.before} of before among them"
    print(f"OK: {seen.size} entries, {grown}. Signed as\n{watch.line}")
    if given.base.startswith(("http://", "https://")):
        print(_handed_over(given.base, seen.note))


def _handed_over(base: str, note: str) -> str:
    """They show it only once they list us; what we keep is worth the same without."""
    try:
        hand_over(base, note)
    except urllib.error.HTTPError:
        return "Not taken there: they have to list this line first (`hearback ledger witnesses COMPANY --add LINE`)."
    return "Handed over; their page shows it."


def list_witnesses(given: argparse.Namespace) -> None:
    with database(settings_of(given)) as urls:
        use_database(urls.app)
        asyncio.run(_witnesses(given))


async def _witnesses(given: argparse.Namespace) -> None:
    async with connected():
        company = await company_called(given.company)
        try:
            if given.add:
                await witnessing.add_witness(company.id, given.add, now=now())
            if given.end:
                await witnessing.end_witness(company.id, given.end, now=now())
        except Refused as refusal:
            raise Stopped(
                "That is no line of a witness; `hearback ledger witness` says it there."
            ) from refusal
        except NotFound as none:
            raise Stopped(f"No witness is called {given.end}.") from none
        for one in await witnessing.witnesses(company.id):
            state = (
                "ended"
                if one.ended_at
                else f"signed {one.size} entries"
                if one.size
                else "has not signed yet"
            )
            print(f"{one.line}  {state}")
