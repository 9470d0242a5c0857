"""A call to a machine that somebody else named: to the public internet only, unless the environment allows more.

The name is resolved once, every address that it leads to is looked at, and the connection goes to one that was. No
redirect is followed; what comes back is cut, and whoever is slow is left.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping
from functools import cache
from ipaddress import ip_address

import httpcore
from msgspec import Struct

from hearback.notifying.reaching import is_public

PATIENCE_S = 5.0  # for each step
ALL_IN_ALL_S = 12.0
MOST_BYTES = 256 * 1024
TIMEOUTS = {"connect": PATIENCE_S, "read": PATIENCE_S, "write": PATIENCE_S, "pool": PATIENCE_S}


class NotReached(Exception):
    """args: why, as a key: private-network, too-slow, too-much, not-there."""


class Reply(Struct, frozen=True):
    """Only what was asked for: a redirect is a reply like any other."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


class OnlyPublic(httpcore.AsyncNetworkBackend):
    """Looks where a name leads before it goes there, and goes to no other address than it looked at."""

    def __init__(self, *, private: bool) -> None:
        self._private, self._inner = private, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own name)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout):
            found = await loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        addresses = [str(where[0]).partition("%")[0] for *_, where in found]
        if not self._private and not all(is_public(ip_address(address)) for address in addresses):
            raise NotReached("private-network")
        trouble: Exception = OSError(f"no address for {host}")
        for address in dict.fromkeys(addresses):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (OSError, httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


async def call(
    method: str, address: str, headers: Mapping[str, str], body: bytes | None = None, *, private: bool
) -> Reply:
    """Raises NotReached."""
    if not address.isascii():
        raise NotReached("not-there")
    try:
        async with (
            asyncio.timeout(ALL_IN_ALL_S),
            httpcore.AsyncConnectionPool(
                ssl_context=_trusted(), network_backend=OnlyPublic(private=private)
            ) as pool,
            pool.stream(
                method, address, headers=list(headers.items()), content=body, extensions={"timeout": TIMEOUTS}
            ) as response,
        ):
            told = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
            }
            return Reply(response.status, told, await _read(response))
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise NotReached("too-slow") from error
    except (
        OSError,
        ValueError,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise NotReached("not-there") from error


async def _read(response: httpcore.Response) -> bytes:
    """Raises NotReached for more than anybody has to say."""
    body = b""
    async for part in response.aiter_stream():
        body += part
        if len(body) > MOST_BYTES:
            raise NotReached("too-much")
    return body
