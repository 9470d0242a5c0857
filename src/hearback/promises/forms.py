"""What a member may say of a promise."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.promises.rules import Held


class NewDateForm(Struct, frozen=True):
    """why: the public reason for the new day."""

    due_on: date
    why: Annotated[str, Meta(min_length=10, max_length=300)]


class BreakForm(Struct, frozen=True):
    """why: the public reason why it will not be kept."""

    why: Annotated[str, Meta(min_length=10, max_length=300)]


class KeptForm(Struct, frozen=True):
    """outcome: in public, what was done."""

    outcome: Annotated[str, Meta(min_length=10, max_length=600)]


class OwnerForm(Struct, frozen=True):
    owner: UUID


class HeldForm(Struct, frozen=True):
    """outcome: in public, how we know."""

    held: Held
    outcome: Annotated[str, Meta(min_length=10, max_length=600)]
