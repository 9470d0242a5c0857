"""Companies, their members, and how members get in."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    Boolean,
    Bytea,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.database.columns import id_column, link
from hearback.people.rules import Address, Role


class Company(Table, tablename="company"):
    """A tenant. Every other row knows its company."""

    id: UUID = id_column()
    slug = Varchar(length=40, unique=True)
    name = Varchar(length=80)
    colour = Varchar(length=7, default="#2b3f9e")
    address = Varchar(length=3, default=Address.DU.value, choices=Address)
    languages = Array(base_column=Varchar(length=2), default=["de", "en"])
    timezone = Varchar(length=40, default="Europe/Berlin")
    imprint = Text(default="")
    privacy = Text(default="")
    accessibility = Text(default="")
    fewest_voices = SmallInt(default=5)
    embed_hosts = Array(base_column=Text(), default=list)
    created_at = Timestamptz()

    the_public_needs_at_least_one_voice = Check("fewest_voices between 1 and 50")


class Account(Table, tablename="account"):
    """Who signs in: one address and password, a member of one or more companies."""

    id: UUID = id_column()
    email = Varchar(length=254, unique=True)
    password_hash = Text(null=True, default=None)
    created_at = Timestamptz()


class Member(Table, tablename="member"):
    """Staff of one company, with a public face. Never deleted: their name stands under what they said."""

    id: UUID = id_column()
    company = link(Company)
    account = link(Account)
    name = Varchar(length=80)
    name_key = Varchar(length=80)
    role_title = Varchar(length=120, default="")
    role = Varchar(length=10, choices=Role)
    leads = Boolean(default=False)
    language = Varchar(length=2, default="de")
    face_digest = Varchar(length=16, null=True, default=None)
    active = Boolean(default=True)
    created_at = Timestamptz()


class Team(Table, tablename="team"):
    """Members who look after something together. Put away, never deleted: its name stands in what it looked after."""

    id: UUID = id_column()
    company = link(Company)
    name = Varchar(length=80)
    put_away_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class TeamMember(Table, tablename="team_member"):
    """Stays when a member leaves the company: who comes back is in the team again."""

    id: UUID = id_column()
    company = link(Company)
    team = link(Team)
    member = link(Member)


class Portrait(Table, tablename="portrait"):
    """A member's picture as we re-encoded it; addressed by its digest, so caches may keep it for ever."""

    id: UUID = id_column()
    company = link(Company)
    member = link(Member, gone=OnDelete.cascade)
    digest = Varchar(length=16)
    picture = Bytea()


class Invitation(Table, tablename="invitation"):
    id: UUID = id_column()
    company = link(Company)
    email = Varchar(length=254)
    role = Varchar(length=10, choices=Role)
    leads = Boolean(default=False)
    token_hash = Bytea(unique=True)
    invited_by = link(Member, maybe=True)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class PasswordReset(Table, tablename="password_reset"):
    id: UUID = id_column()
    company = link(Company)
    account = link(Account)
    token_hash = Bytea(unique=True)
    made_by = link(Member, maybe=True)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class Session(Table, tablename="session"):
    id: UUID = id_column()
    account = link(Account, gone=OnDelete.cascade)
    token_hash = Bytea(unique=True)
    created_at = Timestamptz()
    seen_at = Timestamptz()


class Audit(Table, tablename="audit"):
    """What a member changed. The app's database role can add rows here, never change or delete them."""

    id: UUID = id_column()
    company = link(Company)
    member = link(Member, maybe=True)
    did = Varchar(length=60)
    subject = UUID(null=True, default=None)
    before = JSONB(null=True, default=None)
    after = JSONB(null=True, default=None)
    at = Timestamptz(index=True)
