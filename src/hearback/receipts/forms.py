"""What a fan may send with the receipt."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.answering.rules import Quoting
from hearback.receipts.rules import Verdict


class CodeForm(Struct, frozen=True):
    code: Annotated[str, Meta(max_length=80)]


class QuotingForm(Struct, frozen=True):
    quoting: Quoting
    first_name: Annotated[str, Meta(max_length=60)] = ""
    place: Annotated[str, Meta(max_length=80)] = ""


class HearbackForm(Struct, frozen=True):
    note: UUID
    verdict: Verdict
    words: Annotated[str, Meta(max_length=2000)] = ""
