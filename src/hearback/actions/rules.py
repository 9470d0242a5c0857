"""The states of an action and which may follow which. No database, no web."""

from enum import StrEnum


class ActionState(StrEnum):
    CONSIDERING = "considering"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DECLINED = "declined"
