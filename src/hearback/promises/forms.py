"""What a member may say of a promise."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct


class NewDateForm(Struct, frozen=True):
    """why: the public reason for the new day."""

    due_on: date
    why: Annotated[str, Meta(min_length=10, max_length=300)]
