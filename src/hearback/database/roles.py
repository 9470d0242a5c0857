"""The role that the processes work as, also on a server that knows nothing of us.

Whoever signs in takes on hearback_app and with it gives up every right that the processes do not need. So the
role must be there, and whoever signs in must be allowed to take it on. Where we may not see to that ourselves,
we say which statements its administrator must run.
"""

import asyncpg

from hearback.database.engine import APP_ROLE, connection_config
from hearback.refusals import Stopped

# Null: there is no such role.
MAY_TAKE_ON = "select (select pg_has_role(oid, 'set') from pg_roles where rolname = $1)"


class NoRole(Stopped):
    """What the administrator of the server must do first, in one sentence with the statements."""


async def have_app_role(connection: asyncpg.Connection) -> None:
    """Make the role where it is missing, and let whoever is connected take it on.

    Raises NoRole where that is not for us to do.
    """
    may_take_on = await connection.fetchval(MAY_TAKE_ON, APP_ROLE)
    if may_take_on:
        return
    me = await connection.fetchval("select quote_ident(current_user)")
    create, grant = (
        f"create role {APP_ROLE} nologin",
        f"grant {APP_ROLE} to {me} with inherit false, set true",
    )
    missing = may_take_on is None
    try:
        async with connection.transaction():
            if missing:
                await connection.execute(create)
            await connection.execute(grant)
    except asyncpg.InsufficientPrivilegeError as error:
        what = f"is missing, and {me} may not make it" if missing else f"is not for {me} to take on"
        do = f"{create}; {grant};" if missing else f"{grant};"
        raise NoRole(f"The role {APP_ROLE} {what}; the server's administrator must run once: {do}") from error


async def connect_as_app(url: str) -> asyncpg.Connection:
    """Raises NoRole where the role is missing, or not for this sign-in to take on."""
    try:
        return await asyncpg.connect(**connection_config(url), timeout=10)
    except (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError):
        await _say_which_role(url)
        raise


async def _say_which_role(url: str) -> None:
    connection = await asyncpg.connect(**connection_config(url, role=None), timeout=10)
    try:
        if await connection.fetchval(MAY_TAKE_ON, APP_ROLE) is None:
            raise NoRole(f"The role {APP_ROLE} is missing; `hearback migrate` makes it, or says who must.")
        await have_app_role(connection)
    finally:
        await connection.close()
