"""Structured logs, one JSON line each, to standard output."""

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

# Every line that is written while a request is answered carries its id. Empty outside of requests.
REQUEST: ContextVar[str] = ContextVar("request", default="")


def start_logging(level: str) -> None:
    structlog.configure(
        processors=[_dressed, structlog.processors.format_exc_info, _json],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )


def _dressed(_logger: WrappedLogger, level: str, line: EventDict) -> EventDict:
    """One step for level, moment and request: with structlog's own three a line takes twice the time."""
    if request := REQUEST.get():
        line["request"] = request
    line["level"] = level
    line["timestamp"] = datetime.now(UTC)
    return line


def _json(_logger: WrappedLogger, _level: str, line: EventDict) -> bytes:
    return msgspec.json.encode(line, enc_hook=str)
