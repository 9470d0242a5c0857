"""How often one may try to sign in: per account and per network, across processes and restarts."""

from datetime import datetime, timedelta

from hearback.limits import bucket_key, count_try, forget_tries
from hearback.settings import settings

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 10
MOST_PER_NETWORK = 60


async def count_sign_in(email: str, network: str, *, now: datetime) -> None:
    """Raises TooMany. An address that nobody has counts too, else the limit would tell which ones exist."""
    # The network first: who is stopped there cannot lock others out of their account as well.
    for key in _keys("sign-in network", network, now):
        await count_try(key, most=MOST_PER_NETWORK, window=WINDOW, now=now)
    for key in _keys("sign-in account", email, now):
        await count_try(key, most=MOST_PER_ACCOUNT, window=WINDOW, now=now)


async def forget_sign_ins(email: str, *, now: datetime) -> None:
    """After a success earlier slips no longer count for the account; for the network they do."""
    for key in _keys("sign-in account", email, now):
        await forget_tries(key)


def _keys(what: str, whom: str, now: datetime) -> set[bytes]:
    """Keys change with the day, so just after midnight yesterday's counts as well: else it would give new tries."""
    secret = settings().secret_key
    return {bucket_key(secret, what, whom, at) for at in (now, now - WINDOW)}
