"""`ledger verify`: the same few lines that anybody can fetch from `/{company}/verify`."""

import argparse

from cryptography.exceptions import InvalidSignature

from hearback.ledger.verify import verify
from hearback.refusals import Stopped


class NotWhole(Stopped):
    """What does not fit, in one sentence."""


def verify_ledger(given: argparse.Namespace) -> None:
    try:
        print(verify(given.base, given.key, given.since.read_bytes() if given.since else None))
    except (ValueError, LookupError, TypeError, AttributeError, InvalidSignature) as wrong:
        raise NotWhole(f"NOT OK: {wrong or type(wrong).__name__}") from wrong
