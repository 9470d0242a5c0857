"""What a sender's domain says in DNS about mail in its name: SPF, DKIM and DMARC. Only looked at, never needed."""

import asyncio
from enum import StrEnum

import dns.asyncresolver
import dns.exception
import dns.resolver
from msgspec import Struct

PATIENCE_S = 5.0


class Found(StrEnum):
    """UNASKED: there is nothing to ask for; UNREACHABLE: nobody answered."""

    THERE = "there"
    MISSING = "missing"
    UNASKED = "unasked"
    UNREACHABLE = "unreachable"


class Domain(Struct, frozen=True):
    """The texts are what stands in DNS."""

    spf: Found
    spf_text: str
    dkim: Found
    dmarc: Found
    dmarc_text: str


async def look_up(sender: str, dkim_selector: str) -> Domain:
    """sender: the address that mails come from. Never raises: what cannot be asked is said."""
    domain = sender.rpartition("@")[2]
    spf, dmarc, dkim = await asyncio.gather(
        _text(domain, "v=spf1"),
        _text(f"_dmarc.{domain}", "v=dmarc1"),
        _text(f"{dkim_selector}._domainkey.{domain}", "p=") if dkim_selector else _unasked(),
    )
    return Domain(spf[0], spf[1], dkim[0], dmarc[0], dmarc[1])


async def _unasked() -> tuple[Found, str]:
    return Found.UNASKED, ""


async def _text(name: str, holds: str) -> tuple[Found, str]:
    try:
        answer = await dns.asyncresolver.resolve(name, "TXT", lifetime=PATIENCE_S)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Found.MISSING, ""
    except (dns.exception.DNSException, OSError):
        return Found.UNREACHABLE, ""
    texts = [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    fitting = [text for text in texts if holds in text.lower()]
    return (Found.THERE, fitting[0][:300]) if fitting else (Found.MISSING, "")
