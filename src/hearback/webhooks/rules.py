"""What a webhook may be told, where it may stand, and how often we try. No database, no web."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from hearback.notifying.reaching import is_public
from hearback.refusals import Refused


class News(StrEnum):
    """A note is out, has a newer version, or was taken back."""

    PUBLISHED = "note.published"
    CORRECTED = "note.corrected"
    WITHDRAWN = "note.withdrawn"


class Duty(StrEnum):
    """Told to everybody, whatever they chose: words are gone from a public note, and go wherever they were taken to."""

    ERASED = "note.erased"


class Way(StrEnum):
    WEBHOOK = "webhook"
    FEDIVERSE = "fediverse"


class DeliveryState(StrEnum):
    """FAILED: given up."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


MOST_WEBHOOKS = 10
LONGEST_ADDRESS = 500
MOST_TRIES = 14
LONGEST_WAIT = timedelta(hours=12)
SWITCHED_OFF_AFTER = timedelta(days=5)
"""So long nothing got through: it is switched off, and the desk says so."""
KEPT = timedelta(days=30)
NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*", re.IGNORECASE)
INSIDE = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
SECRET_MARK = "whsec_"  # noqa: S105  (how such a secret begins, not one)
SECRET_BYTES = 32
HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


def wait_after(tries: int) -> timedelta:
    """Until the next try: 1, 2, 4 … minutes, at most half a day."""
    return min(timedelta(minutes=2 ** max(0, min(tries, 20) - 1)), LONGEST_WAIT)


def new_secret() -> str:
    return SECRET_MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """As standardwebhooks.com has it: version 1, HMAC-SHA-256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def check_address(address: str, *, plain_http: bool, field: str = "address") -> str:
    """Raises Refused for what is no address of a machine on the web. Where it leads is looked at with every call."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError as error:
        raise Refused("webhook.address-odd", field=field) from error
    if parts.scheme != "https" and not (plain_http and parts.scheme == "http"):
        raise Refused("webhook.address-https", field=field)
    odd = (
        not address.strip().isascii()
        or not address.strip().isprintable()
        or any(sign in address.strip() for sign in ' \\"<>^`{|}')
        or parts.username is not None
        or parts.password is not None
        or parts.fragment
        or port == 0
        or not HOST.fullmatch(parts.netloc.rpartition("@")[2].removesuffix(f":{port}"))
    )
    if odd:
        raise Refused("webhook.address-odd", field=field)
    return address.strip()


def leads_inside(address: str) -> bool:
    """Whether it says itself that it is none of the public internet: any number but a public address in its usual
    spelling, and names that nobody else resolves. Where another name leads is looked at with every call."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return NUMBERS.fullmatch(host) is not None or "." not in host or host.endswith(INSIDE)
