"""Responses as the desk reads them (reading), and the sums that always add up (figures)."""

from hearback.answering.queries.figures import (
    Flagged,
    Pick,
    Sums,
    Waiting,
    flagged,
    picks,
    sums,
    waiting,
)
from hearback.answering.queries.reading import (
    InTheme,
    Listed,
    Sorted,
    inbox,
    others_with_the_same_wording,
    readers,
    response,
    sorted_into,
)

__all__ = [
    "Flagged",
    "InTheme",
    "Listed",
    "Pick",
    "Sorted",
    "Sums",
    "Waiting",
    "flagged",
    "inbox",
    "others_with_the_same_wording",
    "picks",
    "readers",
    "response",
    "sorted_into",
    "sums",
    "waiting",
]
