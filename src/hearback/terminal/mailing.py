"""`mail take-in`: a mail that came in, from a mail server that hands it to a program."""

import argparse
import asyncio
import sys
from pathlib import Path

from hearback.clock import now
from hearback.database.engine import connected, use_database
from hearback.notifying.commands import take_in
from hearback.notifying.incoming import LARGEST, PostKind
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound, Refused, Stopped
from hearback.settings import data_folder
from hearback.terminal.at_hand import database
from hearback.terminal.folder import kept_secret
from hearback.terminal.given import settings_of
from hearback.terminal.saying import terminal_words


def take_in_mail(given: argparse.Namespace) -> None:
    """Stops with an error where it is not kept, so that the mail server tries again."""
    settings, raw = settings_of(given), _content(given.file)
    if settings.database_url and not settings.secret_key:
        raise Stopped("Set HEARBACK_SECRET_KEY to the key of the running processes.")
    secret = settings.secret_key or kept_secret(data_folder(settings))
    with database(settings) as urls:
        use_database(urls.app)
        kind = asyncio.run(_take_in(given.company, raw, secret))
    words = terminal_words()
    print(words.say(f"post.taken.{kind}") if kind else words.say("post.known"))


async def _take_in(company_slug: str, raw: bytes, secret: str) -> PostKind | None:
    async with connected():
        try:
            company = await company_by_slug(company_slug)
        except NotFound as missing:
            raise Refused("import.no-such-company", slug=company_slug) from missing
        return await take_in(company.id, raw, secret=secret, now=now())


def _content(file: Path) -> bytes:
    """No more than is read of it."""
    if str(file) == "-":
        return sys.stdin.buffer.read(LARGEST)
    with file.open("rb") as opened:
        return opened.read(LARGEST)
