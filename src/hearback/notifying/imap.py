"""A mailbox at a mail server, read step by step by the standard library's IMAP in a thread."""

import asyncio
import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from hearback.notifying.incoming import LARGEST
from hearback.notifying.postman import HIDDEN, Conversation, Server
from hearback.notifying.reaching import NotPublic, open_socket
from hearback.notifying.rules import Tls

TIMEOUT_S = 20.0
LONGEST_REPLY = 2_000_000  # bytes: a server that sends more at once is left
UID = re.compile(rb"[0-9]{1,10}")


class NotReached(Exception):
    """Why the mailbox could not be read, in a few words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class _Client(imaplib.IMAP4):
    """Speaks through a socket that was opened to an address we looked at."""

    def __init__(self, given: socket.socket, host: str) -> None:
        self._given = given
        super().__init__(host)

    def _create_socket(self, _timeout: float | None) -> socket.socket:
        return self._given

    def read(self, size: int) -> bytes:
        if size > LONGEST_REPLY:
            raise self.abort(f"{size} B")
        return super().read(size)


class Box:
    """A folder that is open. Each step says what was said."""

    def __init__(self, client: imaplib.IMAP4, said: Conversation) -> None:
        self._client, self._said = client, said

    async def unread(self, *, most: int) -> list[bytes]:
        found = await self._step("UID SEARCH UNSEEN", self._client.uid, "SEARCH", "UNSEEN")
        numbers = found[0].split() if found and isinstance(found[0], bytes) else []
        return [one for one in numbers if UID.fullmatch(one)][:most]

    async def fetch(self, uid: bytes) -> bytes:
        """As much of it as we read; looking does not mark it as read."""
        what = f"(BODY.PEEK[]<0.{LARGEST}>)"
        found = await self._step(f"UID FETCH {uid.decode()}", self._client.uid, "FETCH", uid.decode(), what)
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    async def mark(self, uid: bytes) -> None:
        where = uid.decode()
        await self._step(f"UID STORE {where}", self._client.uid, "STORE", where, "+FLAGS.SILENT", r"(\Seen)")

    async def _step(self, ours: str, call: Callable[..., Any], *arguments: str) -> list[Any]:
        return await asyncio.to_thread(_asked, self._said, ours, call, *arguments)


@contextlib.asynccontextmanager
async def opened(server: Server, folder: str, said: Conversation) -> AsyncIterator[Box]:
    """Raises NotReached, also for what goes wrong inside."""
    client = None
    try:
        client = await _connected(server, said)
        await asyncio.to_thread(_sign_in, client, server, folder, said)
        yield Box(client, said)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:  # ssl.SSLError is an OSError
        words = _words(error)
        said.heard(words)
        raise NotReached(words) from error
    finally:
        if client is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                await asyncio.to_thread(client.logout)


async def _connected(server: Server, said: Conversation) -> _Client:
    try:
        plain = await open_socket(server.host, server.port, private=server.private, timeout_s=TIMEOUT_S)
    except NotPublic as error:
        raise NotReached("private-network") from error
    plain.settimeout(TIMEOUT_S)
    return await asyncio.to_thread(_greeted, plain, server, said)


def _greeted(plain: socket.socket, server: Server, said: Conversation) -> _Client:
    trusted = ssl.create_default_context()
    if server.tls == Tls.IMPLICIT:
        plain = trusted.wrap_socket(plain, server_hostname=server.host)
    client = _Client(plain, server.host)
    said.heard(_shown(client.welcome))
    if server.tls == Tls.STARTTLS:
        said.we("STARTTLS")
        client.starttls(trusted)
        said.heard("OK")
    return client


def _sign_in(client: _Client, server: Server, folder: str, said: Conversation) -> None:
    said.we(f"LOGIN {server.login} {HIDDEN}")
    said.heard(_shown(client.login(server.login, server.password)[1][0]))
    _asked(said, f"SELECT {folder}", client.select, _quoted(folder))


def _asked(said: Conversation, ours: str, call: Callable[..., Any], *arguments: str) -> list[Any]:
    said.we(ours)
    kind, found = call(*arguments)
    said.heard(f"{kind} {_shown(found[0]) if found and isinstance(found[0], bytes) else ''}".strip())
    if kind != "OK":
        raise imaplib.IMAP4.error(f"{kind} {_shown(found[0]) if found else ''}")
    return list(found)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shown(words: object) -> str:
    return words.decode("utf-8", "replace")[:200] if isinstance(words, bytes) else str(words)[:200]


def _words(error: Exception) -> str:
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    return f"{type(error).__name__}: {_shown(said)}"[:300]


Take = Callable[[bytes], Awaitable[None]]


async def read_all(server: Server, folder: str, said: Conversation, take: Take, *, most: int) -> int:
    """Each unread mail is taken, and marked as read only after that; gives how many. Raises NotReached."""
    async with opened(server, folder, said) as box:
        numbers = await box.unread(most=most)
        for uid in numbers:
            await take(await box.fetch(uid))
            await box.mark(uid)
    return len(numbers)
