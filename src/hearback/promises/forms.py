"""What a member may say of a promise."""

from datetime import date

from msgspec import Struct


class NewDateForm(Struct, frozen=True):
    due_on: date
