"""The states of an action and which may follow which. No database, no web."""

import re
from enum import StrEnum
from urllib.parse import urlsplit

from hearback.refusals import Refused


class ActionState(StrEnum):
    CONSIDERING = "considering"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DECLINED = "declined"


ENDED = frozenset({ActionState.DONE, ActionState.DECLINED})
SHORTEST_REASON = 10
WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"]+", re.IGNORECASE)


def may_follow(state: ActionState) -> list[ActionState]:
    """Where an action may go from here. What has ended is taken up again, before it goes anywhere else."""
    if state in ENDED:
        return [ActionState.IN_PROGRESS]
    return [to for to in ActionState if to is not state]


def why_not_go(state: ActionState, to: ActionState, reason: str) -> list[Refused]:
    """Every reason against this step; empty means go.

    reason: why it is declined, for people who wanted it; steps may be skipped, for small things are done at once.
    """
    if to is state:
        return [Refused("action.is-there-already", field="state")]
    if to not in may_follow(state):
        return [Refused("action.take-up-first", field="state")]
    if to is ActionState.DECLINED and len(reason.strip()) < SHORTEST_REASON:
        return [Refused("action.why-not", field="reason", least=SHORTEST_REASON)]
    return []


def is_web_address(text: str) -> bool:
    """What a link may lead to: http(s) with a host, nothing that runs in the page."""
    try:
        return WEB_ADDRESS.fullmatch(text) is not None and bool(urlsplit(text).hostname)
    except ValueError:  # what urlsplit says to [half an address
        return False
