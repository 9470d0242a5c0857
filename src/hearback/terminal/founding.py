"""`company create` and `demo`: the first companies of a database."""

import argparse
import asyncio
import getpass
import sys

from hearback.clock import now
from hearback.database.engine import connected, transaction, use_database
from hearback.demo.loading import SignIn, load_demo
from hearback.people.commands.founding import create_company, create_member
from hearback.people.rules import Address
from hearback.settings import data_folder
from hearback.terminal.at_hand import database, migrate_quietly
from hearback.terminal.folder import address_of, keep_demo, new_password
from hearback.terminal.given import settings_of


def found_company(given: argparse.Namespace) -> None:
    settings = settings_of(given)
    password, made = _password()
    with database(settings, make=True) as urls:
        migrate_quietly(urls.owner)
        use_database(urls.app)
        asyncio.run(_found(given, password))
    here = address_of(settings)
    print(f"{given.name} is at {here}/{given.slug}, its desk at {here}/desk/{given.slug}.")
    with_password = f" with the password {password}" if made else ""
    print(f"{given.admin} signs in at {here}/in{with_password}")


async def _found(given: argparse.Namespace, password: str) -> None:
    async with connected(), transaction():  # a company without an admin could not be entered
        address = Address.SIE if given.sie else Address.DU
        company = await create_company(given.slug, given.name, address=address, now=now())
        await create_member(
            company.id,
            email=given.admin,
            password=password,
            name=given.admin_name or given.admin.partition("@")[0],
            now=now(),
        )


def _password() -> tuple[str, bool]:
    """What the person at the terminal chooses; made by us when there is none, or nothing is typed."""
    typed = getpass.getpass("Password (empty: we make one): ") if sys.stdin.isatty() else ""
    return (typed, False) if typed else (new_password(), True)


def demo(given: argparse.Namespace) -> None:
    settings, password = settings_of(given), new_password()
    with database(settings, make=True) as urls:
        migrate_quietly(urls.owner)
        use_database(urls.app)
        sign_ins = asyncio.run(_load(password))
    keep_demo(data_folder(settings), password, (f"{who.address} ({who.what})" for who in sign_ins))


async def _load(password: str) -> list[SignIn]:
    async with connected():
        return await load_demo(password, now=now())
