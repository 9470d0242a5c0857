"""What the desk sends for an action: nothing without an owner, a day and a why."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.actions.rules import ActionState, is_web_address
from hearback.refusals import Refused


class ActionForm(Struct, frozen=True):
    title: Annotated[str, Meta(min_length=8, max_length=200)]
    why: Annotated[str, Meta(min_length=10, max_length=3000)]
    owner: UUID
    due_on: date
    tracker_url: Annotated[str, Meta(max_length=500)] = ""


class NewActionForm(ActionForm, frozen=True):
    themes: Annotated[list[UUID], Meta(max_length=50)] = []


class StateForm(Struct, frozen=True):
    state: ActionState
    reason: Annotated[str, Meta(max_length=600)] = ""


class ThemeForm(Struct, frozen=True):
    theme: UUID


def check_tracker(form: ActionForm) -> None:
    """What the types cannot say. Raises Refused."""
    if form.tracker_url and not is_web_address(form.tracker_url):
        raise Refused("action.tracker-address", field="tracker_url")
