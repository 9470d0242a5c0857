"""Roles and what they may do. The one table of rights stands here; no database, no web."""

import hashlib
import re
import unicodedata
from datetime import timedelta
from enum import StrEnum

from hearback.refusals import Refused


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
    ENTER = "enter"
    SORT = "sort"
    MODERATE = "moderate"
    ACT = "act"
    REPLY = "reply"
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
            Right.ENTER,
            Right.SORT,
            Right.MODERATE,
            Right.ACT,
            Right.REPLY,
            Right.WRITE,
            Right.PUBLISH,
            Right.IMPORT,
        }
    ),
    Role.PRODUCT: frozenset(
        {Right.READ, Right.ASK, Right.ENTER, Right.SORT, Right.ACT, Right.REPLY, Right.WRITE, Right.IMPORT}
    ),
    Role.MODERATOR: frozenset({Right.READ, Right.ENTER, Right.SORT, Right.MODERATE, Right.REPLY}),
    Role.READER: frozenset({Right.READ}),
}


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]


class Language(StrEnum):
    """What Hearback speaks."""

    DE = "de"
    EN = "en"


# First segments of our own addresses; a company may not take them, now or when a later room fills one.
RESERVED = frozenset(
    """about account admin api app assets ask company companies contact corpora dashboard demo desk docs embed
    favicon feed find health hearback help home imprint in invitation invitations invite jobs legal live log
    login logout mail me member members metrics new note notes oauth out people ping privacy promises public
    q r receipt receipts report reset robots root rules schema search security settings setup signin signout
    sitemap source sse start static status support system terms theme themes today token verify webhook webhooks
    well-known who witness www""".split()  # noqa: SIM905  (ninety words read better without quotes)
)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
COLOUR = re.compile(r"#[0-9a-f]{6}")
ADDRESS = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f.]+(?:\.[^@\s\x00-\x1f.]+)+")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
INVITATION_LASTS = timedelta(hours=72)
RESET_LASTS = timedelta(hours=24)


def why_not_slug(slug: str) -> str | None:
    """The reason against this slug as a company's address; None means it fits."""
    if not SLUG.fullmatch(slug):
        return "company.slug-signs"
    return "company.slug-reserved" if slug in RESERVED else None


def mail_address(typed: str) -> str:
    """As we keep and compare it. Raises Refused for what cannot be one."""
    address = typed.strip().lower()
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise Refused("people.not-an-address", field="email")
    return address


def check_password(password: str, email: str, *, field: str = "password") -> None:
    """Length is what counts; no rules about signs. Raises Refused."""
    if len(password.strip()) < SHORTEST_PASSWORD:
        raise Refused("people.password-short", field=field, least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise Refused("form.too-long", field=field, most=LONGEST_PASSWORD, have=len(password))
    if password.strip().lower() == email:
        raise Refused("people.password-is-address", field=field)


def name_key(name: str) -> str:
    """What names are sorted by: Ähre stands beside Ahre. The embedded server has no such order of its own."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))[:80]


def why_no_longer_admin(*, is_self: bool, is_admin: bool, other_admins: int) -> str | None:
    """Why somebody may not lose the role or the place they have; None means they may."""
    if is_self:
        return "people.not-yourself"
    return "people.last-admin" if is_admin and other_admins == 0 else None


def token_hash(token: str) -> bytes:
    """What the database holds of a session, an invitation or a reset link. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


def local_path(wanted: str, otherwise: str) -> str:
    """Where to go after signing in: only within this site, whatever a link says."""
    ours = wanted.startswith("/") and not wanted.startswith("//")
    if not ours or "\\" in wanted or any(ord(sign) < 33 or ord(sign) == 127 for sign in wanted):
        return otherwise
    return wanted
