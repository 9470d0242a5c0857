"""Which mail address is one, and how it is shown to whoever has typed it. No database, no web."""

import re

from hearback.refusals import Refused

LONGEST_ADDRESS = 254
LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~](?:[\w!#$%&'*+/=?^`{|}~-]*)(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def fan_address(typed: str) -> str:
    """As we keep and compare it, the domain in ASCII. Raises Refused for what cannot be one, or hides another."""
    local, at, domain = typed.strip().partition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    labels = domain.split(".")
    fits = (
        at == "@"
        and len(local.encode()) <= 64
        and len(local.encode()) + 1 + len(domain) <= LONGEST_ADDRESS
        and LOCAL.fullmatch(local) is not None
        and len(labels) > 1
        and all(LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not fits:
        raise Refused("people.not-an-address", field="address")
    return f"{local.lower()}@{domain}"


def masked(address: str) -> str:
    """m…@example.org: enough to recognise one's own."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}"
