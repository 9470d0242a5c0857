"""What a fan may ask for, and what an admin may set."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.notifying.rules import Tls, Trouble, Verdict
from hearback.trust.addresses import LONGEST_ADDRESS

MailAddress = Annotated[str, Meta(max_length=LONGEST_ADDRESS)]


class FollowForm(Struct, frozen=True):
    """question: its address; theme: its id; neither: the whole log, or, from a receipt, one answer."""

    address: MailAddress
    question: Annotated[str, Meta(max_length=80)] = ""
    theme: UUID | None = None
    digest: bool = False
    corrections: bool = False


class VerdictForm(Struct, frozen=True):
    verdict: Verdict
    note: UUID | None = None


class SetupForm(Struct, frozen=True):
    """password: empty keeps the one there is. active: off is a full way of working."""

    active: bool = False
    host: Annotated[str, Meta(max_length=253)] = ""
    port: int = 587
    tls: Tls = Tls.STARTTLS
    login: Annotated[str, Meta(max_length=254)] = ""
    password: Annotated[str, Meta(max_length=500)] = ""
    sender: MailAddress = ""
    reply_to: MailAddress = ""
    bounces_to: MailAddress = ""
    dkim_selector: Annotated[str, Meta(max_length=63)] = ""
    check_back_weeks: int = 4
    reopen_percent: int = 30


class MailboxForm(Struct, frozen=True):
    """password: empty keeps the one there is. active: off is a full way of working."""

    active: bool = False
    host: Annotated[str, Meta(max_length=253)] = ""
    port: int = 993
    tls: Tls = Tls.IMPLICIT
    login: Annotated[str, Meta(max_length=254)] = ""
    password: Annotated[str, Meta(max_length=500)] = ""
    folder: Annotated[str, Meta(min_length=1, max_length=120)] = "INBOX"


class SilenceForm(Struct, frozen=True):
    address: Annotated[str, Meta(min_length=3, max_length=254)]
    why: Trouble
