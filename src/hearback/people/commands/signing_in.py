"""In and out: sessions are our own rows, new at every sign-in, and the database holds their hash only."""

import secrets
from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.people import queries
from hearback.people.passwords import is_right
from hearback.people.queries import Account
from hearback.people.rules import token_hash
from hearback.people.tries import count_sign_in, forget_sign_ins
from hearback.refusals import Refused


async def sign_in(email: str, password: str, *, network: str, old_token: str, now: datetime) -> str:
    """Return the token of a new session; the one that this browser held until now ends.

    The same refusal, after the same time, for a wrong password, an unknown address and somebody who is no
    longer a member anywhere. Raises Refused, TooMany.
    """
    account = await proven_account(email, password, network=network, now=now)
    async with transaction():
        await end_session(old_token)
        token = await start_session(account.id, now=now)
    return token  # noqa: RET504  (only after the commit)


async def proven_account(email: str, password: str, *, network: str, now: datetime) -> Account:
    """Whose address and password these are. Raises Refused, TooMany."""
    email = email.strip().lower()
    await count_sign_in(email, network, now=now)
    account = await queries.account_by_email(email)
    right = await is_right(password, account.password_hash if account else None)
    if account is None or not right:
        raise Refused("in.wrong", field="password")
    await forget_sign_ins(email, now=now)
    return account


async def start_session(account: UUID, *, now: datetime) -> str:
    """In the caller's transaction. The token has 256 bits and is nowhere but in the browser."""
    token = secrets.token_urlsafe(32)
    await execute(
        "insert into session (id, account, token_hash, created_at, seen_at) values ($1, $2, $3, $4, $4)",
        new_id(),
        account,
        token_hash(token),
        now,
    )
    return token


async def end_session(token: str) -> None:
    if token:
        await execute("delete from session where token_hash = $1", token_hash(token))


async def end_sessions(account: UUID) -> None:
    """Everywhere: the password or the role changed."""
    await execute("delete from session where account = $1", account)
