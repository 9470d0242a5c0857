"""Who is who: companies, members, who is signed in, and what was changed by whom."""

from hearback.people.queries.accounts import (
    Account,
    Place,
    account,
    account_by_email,
    account_of_session,
    member_of_session,
    places,
    session_seen,
)
from hearback.people.queries.changes import AuditEntry, audit, audit_of
from hearback.people.queries.links import (
    Invitation,
    OpenInvitation,
    Reset,
    invitation,
    open_invitations,
    reset,
)
from hearback.people.queries.staff import Face, Member, belongs_elsewhere, is_member, member, members
from hearback.people.queries.teams import Team, team, team_name, teams
from hearback.people.queries.tenants import (
    Company,
    CompanyTexts,
    companies,
    company_by_slug,
    company_texts,
    portrait,
)

__all__ = [
    "Account",
    "AuditEntry",
    "Company",
    "CompanyTexts",
    "Face",
    "Invitation",
    "Member",
    "OpenInvitation",
    "Place",
    "Reset",
    "Team",
    "account",
    "account_by_email",
    "account_of_session",
    "audit",
    "audit_of",
    "belongs_elsewhere",
    "companies",
    "company_by_slug",
    "company_texts",
    "invitation",
    "is_member",
    "member",
    "member_of_session",
    "members",
    "open_invitations",
    "places",
    "portrait",
    "reset",
    "session_seen",
    "team",
    "team_name",
    "teams",
]
