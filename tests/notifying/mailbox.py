"""A real SMTP server for tests: takes mails, or misbehaves as it is told."""

import asyncio
import contextlib
import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Mailbox:
    """refuses: address → what the server says to it; at_data: what it says after the text; drops: it hangs up there
    instead, having kept the mail (`after`) or not (`before`)."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.senders: list[str] = []
        self.refuses: dict[str, str] = {}
        self.at_data = ""
        self.drops = ""
        self.stalls = ""  # `rcpt` or `data`: says nothing there until `go_on` is set
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.moods: list[str] = []  # what to do with each text in turn: `before`, `after`, `451`, or take it
        self.port = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await self._stall("rcpt")
        if (words := self.refuses.get(address)) is not None:
            return words
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        await self._stall("data")
        mood = self.moods.pop(0) if self.moods else self.drops
        if self.at_data or mood == "451":
            return self.at_data or "451 later"
        if mood == "before":
            server.transport.abort()
            return "250 never heard"
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        self.to.append(list(envelope.rcpt_tos))
        self.senders.append(envelope.mail_from)
        if mood == "after":
            server.transport.abort()
        return "250 OK"

    async def _stall(self, where: str) -> None:
        if self.stalls == where:
            self.reached.set()
            await asyncio.to_thread(self.go_on.wait)

    def newest_to(self, address: str) -> EmailMessage:
        return next(
            mail for mail, to in zip(reversed(self.mails), reversed(self.to), strict=True) if address in to
        )


class Controlled(Controller):
    """`implicit` speaks TLS from the first byte."""

    def __init__(self, box: Mailbox, **more: Any) -> None:
        self.more = {key: value for key, value in more.items() if key != "ssl_context"}
        super().__init__(box, hostname="127.0.0.1", port=0, ssl_context=more.get("ssl_context"))

    def factory(self) -> Server:
        return Server(self.handler, enable_SMTPUTF8=True, **self.more)

    def _trigger_server(self) -> None:
        """aiosmtpd asks port 0 whether it is up, where the system chose another."""
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


def a_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """For `localhost`, signed by itself: the file that makes others trust it, and what the server speaks with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return certificate, context


def only(login: str, password: str) -> dict[str, Any]:
    """Let only this login send."""

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        fits = isinstance(given, LoginPassword) and (given.login, given.password) == (
            login.encode(),
            password.encode(),
        )
        return AuthResult(success=fits, handled=False)

    return {"authenticator": check, "auth_required": True}


@contextlib.contextmanager
def a_mailbox(**more: Any) -> Iterator[Mailbox]:
    """more: what aiosmtpd's server takes."""
    box = Mailbox()
    controlled = Controlled(box, **more)
    controlled.start()
    box.port = controlled.port
    try:
        yield box
    finally:
        box.go_on.set()
        controlled.stop()
