"""Everything that changes who is who."""

from hearback.people.commands.founding import create_company, create_member
from hearback.people.commands.links import (
    accept_invitation,
    invite,
    make_reset_link,
    use_reset,
    withdraw_invitation,
)
from hearback.people.commands.membership import change_role, deactivate, reactivate
from hearback.people.commands.own_page import change_own_page, change_password, change_picture
from hearback.people.commands.settings import change_settings
from hearback.people.commands.signing_in import end_session, sign_in
from hearback.people.commands.teams import bring_team_back, change_team, make_team, put_team_away

__all__ = [
    "accept_invitation",
    "bring_team_back",
    "change_own_page",
    "change_password",
    "change_picture",
    "change_role",
    "change_settings",
    "change_team",
    "create_company",
    "create_member",
    "deactivate",
    "end_session",
    "invite",
    "make_reset_link",
    "make_team",
    "put_team_away",
    "reactivate",
    "sign_in",
    "use_reset",
    "withdraw_invitation",
]
