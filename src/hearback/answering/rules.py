"""What a response is. No database, no web."""

from enum import StrEnum


class Channel(StrEnum):
    WEB = "web"
    FILE = "file"


class ResponseState(StrEnum):
    """Nothing is dropped: every public total adds up to all that was received."""

    COUNTED = "counted"
    HELD = "held"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Quoting(StrEnum):
    NO = "no"
    UNNAMED = "unnamed"
    NAMED = "named"
