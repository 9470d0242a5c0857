"""What the command line and the demo do: a company, and members who did not need an invitation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.commands.own_page import keep_picture
from hearback.people.faces import small_square
from hearback.people.passwords import hash_password
from hearback.people.queries import Company, Member
from hearback.people.rules import (
    COLOUR,
    Address,
    Language,
    Role,
    check_password,
    mail_address,
    name_key,
    why_not_slug,
)
from hearback.refusals import Refused
from hearback.web.live import tell
from hearback.words.speaking import words_for


async def create_company(
    slug: str,
    name: str,
    *,
    address: str = Address.DU,
    colour: str = "#2b3f9e",
    languages: Sequence[str] = (Language.DE, Language.EN),
    timezone: str = "Europe/Berlin",
    now: datetime,
) -> Company:
    """What the law asks for begins as drafts in the first language, with brackets to fill in.

    Raises Refused for a slug that is taken, reserved or no address, and for an unknown colour or language.
    """
    if reason := why_not_slug(slug):
        raise Refused(reason, field="slug", slug=slug)
    if not COLOUR.fullmatch(colour) or not languages or not set(languages) <= set(Language):
        raise Refused("form.does-not-fit", field="colour" if languages else "languages")
    words = words_for(languages[0], address, timezone)
    async with transaction():
        made = await execute(
            """insert into company
                 (id, slug, name, colour, address, languages, timezone, imprint, privacy, accessibility,
                  created_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (slug) do nothing""",
            new_id(),
            slug,
            name,
            colour,
            address,
            list(languages),
            timezone,
            words.say("draft.imprint", name=name),
            words.say("draft.privacy", name=name),
            words.say("draft.accessibility"),
            now,
        )
        if not made:
            raise Refused("company.slug-taken", field="slug", slug=slug)
        company = await queries.company_by_slug(slug)
        await note_down(company.id, "company.created", by=None, now=now, subject=company.id)
    return company


async def create_member(
    company_id: UUID,
    *,
    email: str,
    password: str,
    name: str,
    role_title: str = "",
    role: Role = Role.ADMIN,
    leads: bool = False,
    language: Language = Language.DE,
    picture: bytes | None = None,
    now: datetime,
) -> Member:
    """Somebody who can sign in at once. An account that is there already keeps its own password.

    picture: JPEG, PNG or WEBP. Raises Refused for a poor password, a picture that is none, and somebody who
    is a member already.
    """
    email = mail_address(email)
    check_password(password, email)
    password_hash = await hash_password(password)
    face = await small_square(picture) if picture is not None else None
    async with transaction():
        account = await fetch_value("select id from account where email = $1", email)
        account = account or await add_account(email, password_hash, now=now)
        member_id = await add_member(
            company_id, account, name, role, role_title=role_title, leads=leads, language=language, now=now
        )
        if face is not None:
            await keep_picture(company_id, member_id, face)
        await note_down(company_id, "member.added", by=None, now=now, subject=member_id, after={"role": role})
        await tell(company_id, "public")
    return await queries.member(company_id, member_id)


async def add_account(email: str, password_hash: str, *, now: datetime) -> UUID:
    """Raises Refused when somebody else just made one for this address."""
    made: UUID | None = await fetch_value(
        """insert into account (id, email, password_hash, created_at) values ($1, $2, $3, $4)
           on conflict (email) do nothing returning id""",
        new_id(),
        email,
        password_hash,
        now,
    )
    if made is None:
        raise Refused("people.try-again")
    return made


async def add_member(
    company_id: UUID,
    account: UUID,
    name: str,
    role: str,
    *,
    role_title: str = "",
    leads: bool = False,
    language: str = Language.DE,
    now: datetime,
) -> UUID:
    """Raises Refused for somebody who is a member already, active or not."""
    made: UUID | None = await fetch_value(
        """insert into member
             (id, company, account, name, name_key, role_title, role, leads, language, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (company, account) do nothing returning id""",
        new_id(),
        company_id,
        account,
        name,
        name_key(name),
        role_title,
        role,
        leads,
        language,
        now,
    )
    if made is None:
        raise Refused("people.already-member", field="email")
    return made
