"""What a company does about a theme."""

from piccolo.columns import UUID, Date, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.actions.rules import ActionState
from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member
from hearback.themes.tables import Theme


class Action(Table, tablename="action"):
    """title is the public sentence; `why` explains constraints in plain words, inside the house."""

    id: UUID = id_column()
    company = link(Company)
    title = Varchar(length=200)
    why = Text(default="")
    owner = link(Member)
    due_on = Date()
    state = Varchar(length=12, default=ActionState.CONSIDERING.value, choices=ActionState)
    decline_reason = Text(default="")
    tracker_url = Varchar(length=500, default="")
    created_by = link(Member)
    created_at = Timestamptz()

    a_no_has_a_reason = Check("state <> 'declined' or decline_reason <> ''")


class ActionStep(Table, tablename="action_step"):
    """Each state an action was in, and who put it there."""

    id: UUID = id_column()
    company = link(Company)
    action = link(Action, gone=OnDelete.cascade)
    state = Varchar(length=12, choices=ActionState)
    by = link(Member)
    at = Timestamptz()


class ActionTheme(Table, tablename="action_theme"):
    id: UUID = id_column()
    company = link(Company)
    action = link(Action, gone=OnDelete.cascade)
    theme = link(Theme)
