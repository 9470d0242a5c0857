"""Roles and what they may do. The one table of rights stands here; no database, no web."""

from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    COMMS = "comms"
    PRODUCT = "product"
    MODERATOR = "moderator"
    READER = "reader"


class Address(StrEnum):
    """How the company speaks to people in German."""

    DU = "du"
    SIE = "sie"


class Right(StrEnum):
    """What a member may do on the desk; every desk route names one."""

    READ = "read"
    ASK = "ask"
    SORT = "sort"
    MODERATE = "moderate"
    ACT = "act"
    WRITE = "write"
    PUBLISH = "publish"
    IMPORT = "import"
    MANAGE = "manage"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.COMMS: frozenset(
        {
            Right.READ,
            Right.ASK,
            Right.SORT,
            Right.MODERATE,
            Right.ACT,
            Right.WRITE,
            Right.PUBLISH,
            Right.IMPORT,
        }
    ),
    Role.PRODUCT: frozenset({Right.READ, Right.ASK, Right.SORT, Right.ACT, Right.WRITE, Right.IMPORT}),
    Role.MODERATOR: frozenset({Right.READ, Right.SORT, Right.MODERATE}),
    Role.READER: frozenset({Right.READ}),
}


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]
