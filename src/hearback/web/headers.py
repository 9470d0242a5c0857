"""What every reply carries, who asked, and one log line per request: no address, no body, no query."""

import itertools
import secrets
import time
from collections.abc import Sequence
from typing import Any, cast

import structlog
from litestar.types import HTTPScope, Message, Send

from hearback.web.framing import LET_IN, OUR_FRAME, origins
from hearback.web.logs import REQUEST

log = structlog.get_logger()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
IN_OUR_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)
ALWAYS: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"same-origin"),
]
AGAINST_FRAMES = (b"x-frame-options", b"content-security-policy")
OVER_HTTPS = [*ALWAYS, (b"strict-transport-security", b"max-age=63072000; includeSubDomains")]
PROCESS = secrets.token_hex(4)
COUNT = itertools.count(1)


def watched(scope: HTTPScope, send: Send, *, https: bool) -> Send:
    """A `send` that adds the headers and writes the log line when the reply begins."""
    always = OVER_HTTPS if https else ALWAYS
    started = time.perf_counter()
    request_id = f"{PROCESS}{next(COUNT):x}"
    REQUEST.set(request_id)

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            sites = cast(dict[str, Any], scope).get(LET_IN)
            ours = always if sites is None else _opened(always, sites)
            if cast(dict[str, Any], scope).get(OUR_FRAME):
                ours = [header for header in always if header[0] not in AGAINST_FRAMES]
                ours.append((b"content-security-policy", IN_OUR_FRAME.encode()))
            message["headers"] = [*message["headers"], *ours, (b"x-request-id", request_id.encode())]
            _log(scope, message["status"], started)
        await send(message)

    return sending


def _opened(always: list[tuple[bytes, bytes]], hosts: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """The same headers, but that pages of others may load the reply, and these sites frame it."""
    kept = [header for header in always if header[0] != b"cross-origin-resource-policy"]
    if hosts:
        policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(origins(hosts))}")
        kept = [header for header in kept if header[0] not in AGAINST_FRAMES]
        kept.append((b"content-security-policy", policy.encode()))
    return [*kept, (b"cross-origin-resource-policy", b"cross-origin")]


def without_body(send: Send) -> Send:
    """A `send` that ends the reply where its body would begin, also that of a stream without end."""
    ended = False

    async def sending(message: Message) -> None:
        nonlocal ended
        if message["type"] != "http.response.body":
            await send(message)
        elif not ended:
            ended = True
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return sending


def _log(scope: HTTPScope, status: int, started: float) -> None:
    handler: Any = scope.get("route_handler")
    # The route, not the path: a path may hold a token.
    route = next(iter(handler.paths)) if handler is not None else "-"
    tell = log.info if status < 500 else log.warning
    took_ms = round((time.perf_counter() - started) * 1000, 1)
    tell("request", method=scope["method"], route=route, status=status, took_ms=took_ms)
