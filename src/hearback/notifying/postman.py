"""One mail to one server, step by step, so that we know at each whether it can have arrived."""

import contextlib
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from typing import NamedTuple

import aiosmtplib
from aiosmtplib.response import SMTPResponse
from msgspec import Struct

from hearback.notifying.headers import MAIL, WIDE_MAIL
from hearback.notifying.reaching import NotPublic, open_socket
from hearback.notifying.rules import Tls

TIMEOUT_S = 20.0
START_INPUT, COMPLETED = 354, 250
NOBODY_THERE = re.compile(r"^5\.(1\.(0|1|2|3|6|10)|2\.1)\b")
ENHANCED = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
NO_MAILBOX = frozenset({550, 551, 553})
HIDDEN = "••••••"


class Server(Struct, frozen=True):
    """What a company set up. private: it may be in a private network."""

    host: str
    port: int
    tls: str
    login: str
    password: str
    private: bool


class Line(NamedTuple):
    """One line of the conversation. ours: we said it."""

    ours: bool
    words: str


class NotTaken(Exception):
    """The server certainly does not have it. for_good: trying again is useless; no_mailbox: nobody has the address."""

    def __init__(self, words: str, *, for_good: bool = False, no_mailbox: bool = False) -> None:
        super().__init__(words)
        self.words, self.for_good, self.no_mailbox = words, for_good, no_mailbox


class Unsure(Exception):
    """The server had the whole text, and never said whether it takes it."""


class Conversation:
    """What was said, without secrets."""

    def __init__(self, server: Server) -> None:
        self.lines: list[Line] = []
        plain = server.password.encode()
        both = f"\0{server.login}\0{server.password}".encode()
        self._secrets = [server.password, *(b64encode(secret).decode() for secret in (plain, both))]

    def we(self, words: str) -> None:
        self._add(True, words)

    def they(self, response: SMTPResponse) -> None:
        for line in response.message.split("\n")[:40]:
            self._add(False, f"{response.code} {line[:200]}")

    def heard(self, words: str) -> None:
        self._add(False, words)

    def _add(self, ours: bool, words: str) -> None:
        for secret in self._secrets:
            if secret:
                words = words.replace(secret, HIDDEN)
        self.lines.append(Line(ours, words.encode("utf-8", "replace").decode()))


async def deliver(
    server: Server,
    message: EmailMessage,
    said: Conversation,
    *,
    sender: str,
    to: str,
    me: str,
    handing: Callable[[], Awaitable[None]],
) -> None:
    """sender: who is told when it comes back; me: our own host name; handing: called before the text leaves us.

    Raises NotTaken, Unsure.
    """
    client = aiosmtplib.SMTP(
        hostname=server.host,
        timeout=TIMEOUT_S,
        local_hostname=me,
        use_tls=server.tls == Tls.IMPLICIT,
        start_tls=False,
    )
    try:
        await _greet(client, server, said)
        await _hand_over(client, message, sender, to, said, handing)
    except NotTaken as refusal:
        said.heard(refusal.words)
        raise
    finally:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=2)
        client.close()


async def _greet(client: aiosmtplib.SMTP, server: Server, said: Conversation) -> None:
    """Up to the point where the server lets us send. Nothing that fails here says anything about the mail."""
    try:
        sock = await open_socket(server.host, server.port, private=server.private, timeout_s=TIMEOUT_S)
    except NotPublic as error:
        raise NotTaken("private-network") from error
    except OSError as error:
        raise NotTaken(f"{type(error).__name__}: {error.strerror or server.host}") from error
    try:
        said.they(await client.connect(sock=sock, port=None))
        said.we(f"EHLO {client.local_hostname}")
        said.they(await client.ehlo())
        if server.tls == Tls.STARTTLS:
            said.we("STARTTLS")
            said.they(await client.starttls(server_hostname=server.host))
            said.we(f"EHLO {client.local_hostname}")
            said.they(await client.ehlo())
        if server.login:
            said.we(f"AUTH {server.login} {HIDDEN}")
            said.they(await client.login(server.login, server.password))
    except aiosmtplib.SMTPException as error:
        raise NotTaken(_words(error)) from error
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise NotTaken(f"{type(error).__name__}: {error}") from error


async def _hand_over(
    client: aiosmtplib.SMTP,
    message: EmailMessage,
    sender: str,
    to: str,
    said: Conversation,
    handing: Callable[[], Awaitable[None]],
) -> None:
    wide = not (sender + to).isascii()
    content = message.as_bytes(policy=WIDE_MAIL if wide else MAIL)
    try:
        said.we(f"MAIL FROM:<{sender}>")
        said.they(
            await client.mail(
                sender, options=["SMTPUTF8"] if wide else None, encoding="utf-8" if wide else "ascii"
            )
        )
        said.we(f"RCPT TO:<{to}>")
        said.they(await client.rcpt(to, encoding="utf-8" if wide else "ascii"))
        said.we("DATA")
        ready = await client.execute_command(b"DATA")
        said.they(ready)
    except aiosmtplib.SMTPRecipientRefused as error:
        raise NotTaken(
            _words(error), for_good=error.code >= 500, no_mailbox=_nobody_there(error.code, error.message)
        ) from error
    except aiosmtplib.SMTPSenderRefused as error:
        raise NotTaken(_words(error)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise NotTaken(_words(error)) from error
    if ready.code != START_INPUT or client.protocol is None:
        raise NotTaken(f"{ready.code} {ready.message}", for_good=ready.code >= 500)
    await handing()
    try:
        client.protocol.write(_dotted(content))
        said.we(f"… {len(content)} B")
        taken = await client.protocol.read_response(timeout=TIMEOUT_S * 3)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Unsure from error
    said.they(taken)
    if taken.code != COMPLETED:
        raise NotTaken(f"{taken.code} {taken.message}", for_good=taken.code >= 500)


def _dotted(content: bytes) -> bytes:
    """As DATA wants it: CRLF, no line that is a lone dot, and the dot that ends it."""
    lines = re.sub(rb"(?m)^\.", b"..", re.sub(rb"\r\n|\r|\n", b"\r\n", content))
    return (lines if lines.endswith(b"\r\n") else lines + b"\r\n") + b".\r\n"


def _nobody_there(code: int, words: str) -> bool:
    """Told by the finer code where there is one: a full or a strict mailbox is there all the same."""
    if ENHANCED.match(words):
        return NOBODY_THERE.match(words) is not None
    return code in NO_MAILBOX


def _words(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return f"{type(error).__name__}: {error}"
