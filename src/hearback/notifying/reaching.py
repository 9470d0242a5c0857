"""A connection to a mail server that an admin named: to the public internet, unless the environment allows more."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

EMBEDS_V4 = tuple(
    ip_network(net)
    for net in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
# What IANA's registries of special addresses keep from the internet, and not every Python knows.
NO_ONES = tuple(ip_network(net) for net in ("192.88.99.0/24", "fec0::/10", "3fff::/20", "5f00::/16"))


class NotPublic(Exception):
    """The name leads into a private network, where no admin of a company has any business."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody on the internet could reach it; an address that hides another one is none."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in net for net in EMBEDS_V4):
            return False
    return address.is_global and not address.is_multicast and not any(address in net for net in NO_ONES)


async def open_socket(host: str, port: int, *, private: bool, timeout_s: float) -> socket.socket:
    """Resolve once, look at every address, and connect to one that was looked at.

    private: addresses of private networks are fine, too. Raises NotPublic, OSError.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(timeout_s):
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not private and not all(is_public(ip_address(where[0])) for *_, where in found):
        raise NotPublic(host)
    trouble: OSError = OSError(f"no address for {host}")
    for family, kind, protocol, _, where in found:
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        try:
            async with asyncio.timeout(timeout_s):
                await loop.sock_connect(opened, where)
        except OSError as error:  # TimeoutError is one, too
            opened.close()
            trouble = error
        else:
            return opened
    raise trouble
