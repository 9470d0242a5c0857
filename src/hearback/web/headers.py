"""What every reply carries, who asked, and one log line per request: no address, no body, no query."""

import time
import uuid
from typing import Any, Literal

import structlog
from litestar.types import HTTPScope, Message, Send

log = structlog.get_logger()

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS: list[tuple[bytes, bytes]] = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
HTTPS_ONLY = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
REFERRER = b"referrer-policy"


def watched(scope: HTTPScope, send: Send, *, https: bool) -> Send:
    """A `send` that adds the headers and writes the log line when the reply begins."""
    started = time.perf_counter()
    request_id = uuid.uuid4().hex[:12]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=request_id)

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            given = {name.lower() for name, _ in headers}
            headers += [pair for pair in ALWAYS if pair[0] not in given]
            if REFERRER not in given:
                headers.append((REFERRER, b"same-origin"))
            if https:
                headers.append(HTTPS_ONLY)
            headers.append((b"x-request-id", request_id.encode()))
            message["headers"] = headers
            _log(scope, message["status"], started)
        await send(message)

    return sending


def _log(scope: HTTPScope, status: int, started: float) -> None:
    handler: Any = scope.get("route_handler")
    # The route, not the path: a path may hold a token.
    route = sorted(handler.paths)[0] if handler is not None else "-"
    level: Literal["info", "warning"] = "info" if status < 500 else "warning"
    took_ms = round((time.perf_counter() - started) * 1000, 1)
    getattr(log, level)("request", method=scope["method"], route=route, status=status, took_ms=took_ms)
