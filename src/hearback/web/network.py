"""From which network somebody asks: coarse on purpose, for limits only, never stored and never logged."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from litestar import Request

from hearback.settings import settings

UNKNOWN = "unknown"


def client_network(request: Request[Any, Any, Any]) -> str:
    """The /24 or /56 that the client belongs to.

    The socket's address counts. Behind `trusted_proxies` proxies it is the entry of X-Forwarded-For which
    the outermost of them wrote; everything to the left of it is whatever the client liked to say.
    """
    trusted = settings().trusted_proxies
    address = request.client.host if request.client else ""
    if trusted:
        hops = ",".join(request.headers.getall("x-forwarded-for", [])).split(",")
        if len(hops) >= trusted:
            address = hops[-trusted]
    return network_of(address)


def network_of(address: str) -> str:
    """`203.0.113.7`, `[2001:db8::1]:443` → `203.0.113.0/24`, `2001:db8::/56`; UNKNOWN for what is no address."""
    bare = address.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        ip = ip_address(bare.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is None:
            return f"{IPv6Address(int(ip) >> 72 << 72)}/56"
        ip = ip.ipv4_mapped
    return f"{IPv4Address(int(ip) >> 8 << 8)}/24"
