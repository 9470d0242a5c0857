"""The receipt code, and what a fan may say back. No database, no web."""

from enum import StrEnum


class Verdict(StrEnum):
    YES = "yes"
    NOT_QUITE = "not_quite"
    NO = "no"
