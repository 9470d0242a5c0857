"""What the forms of this room take: the one place for their limits."""

import zoneinfo
from enum import StrEnum
from functools import cache
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.people.rules import LONGEST_PASSWORD, Address, Language, Role
from hearback.refusals import Faulty, Refused

Name = Annotated[str, Meta(min_length=2, max_length=80)]
Email = Annotated[str, Meta(min_length=5, max_length=254)]
Password = Annotated[str, Meta(min_length=1, max_length=LONGEST_PASSWORD)]
MOST_VOICES = 50
LongText = Annotated[str, Meta(max_length=20_000)]


class SignInForm(Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    password: Password
    next: Annotated[str, Meta(max_length=500)] = ""


class InvitationForm(Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    role: Role
    leads: bool = False


class JoiningForm(Struct, frozen=True, forbid_unknown_fields=True):
    """What the invited person says. Not the address: the invitation is bound to it."""

    name: Name
    password: Password


class ResetForm(Struct, frozen=True, forbid_unknown_fields=True):
    password: Password


class RoleForm(Struct, frozen=True, forbid_unknown_fields=True):
    role: Role
    leads: bool = False


class TeamForm(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    member: Annotated[list[UUID], Meta(max_length=500)] = []


class OwnPage(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    language: Language
    role_title: Annotated[str, Meta(max_length=120)] = ""


class PasswordForm(Struct, frozen=True, forbid_unknown_fields=True):
    password: Password
    new_password: Password


class Languages(StrEnum):
    """Which languages the public pages have; the first is what one sees without choosing."""

    DE_EN = "de,en"
    EN_DE = "en,de"
    DE = "de"
    EN = "en"

    @property
    def in_order(self) -> list[str]:
        return self.value.split(",")


class SettingsForm(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    colour: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]
    address: Address
    languages: Languages
    timezone: Annotated[str, Meta(max_length=40)]
    fewest_voices: int
    imprint: LongText = ""
    privacy: LongText = ""
    accessibility: LongText = ""

    def short(self) -> dict[str, object]:
        """As the columns hold it, without the long texts."""
        return {
            "name": self.name,
            "colour": self.colour.lower(),
            "address": self.address,
            "languages": self.languages.in_order,
            "timezone": self.timezone,
            "fewest_voices": self.fewest_voices,
        }


@cache
def timezones() -> tuple[str, ...]:
    """Places only: short names such as EST say nothing about summer time."""
    outside = ("Etc/", "posix/", "right/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")
    names = zoneinfo.available_timezones()
    return ("UTC", *sorted(name for name in names if "/" in name and not name.startswith(outside)))


def check_settings(form: SettingsForm) -> None:
    """What the types cannot say. Raises Faulty with every reason."""
    reasons = []
    if form.timezone not in timezones():
        reasons.append(Refused("form.not-a-choice", field="timezone"))
    if not 1 <= form.fewest_voices <= MOST_VOICES:
        reasons.append(Refused("settings.voices-range", field="fewest_voices", most=MOST_VOICES))
    if reasons:
        raise Faulty(reasons)
