"""What members change about themselves: name, face, language, password."""

from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.commands.signing_in import end_sessions, start_session
from hearback.people.faces import Picture, small_square
from hearback.people.forms import OwnPage
from hearback.people.passwords import hash_password, is_right
from hearback.people.queries import Member
from hearback.people.rules import check_password, name_key
from hearback.people.tries import count_sign_in, forget_sign_ins
from hearback.refusals import Refused
from hearback.web.live import tell


async def change_own_page(company_id: UUID, page: OwnPage, *, by: Member, now: datetime) -> None:
    changed = [
        field for field in ("name", "role_title", "language") if getattr(page, field) != getattr(by, field)
    ]
    if not changed:
        return
    async with transaction():
        await execute(
            """update member set name = $3, name_key = $4, role_title = $5, language = $6
               where company = $1 and id = $2""",
            company_id,
            by.id,
            page.name,
            name_key(page.name),
            page.role_title,
            page.language,
        )
        await note_down(
            company_id, "member.own-page", by=by.id, now=now, subject=by.id, after={"fields": changed}
        )
        await _tell_all(company_id)


async def change_picture(company_id: UUID, raw: bytes, *, by: Member, now: datetime) -> None:
    """raw: the uploaded file. Raises Refused."""
    picture = await small_square(raw)
    async with transaction():
        await keep_picture(company_id, by.id, picture)
        await note_down(company_id, "member.picture", by=by.id, now=now, subject=by.id)
        await _tell_all(company_id)


async def keep_picture(company_id: UUID, member_id: UUID, picture: Picture) -> None:
    """In the caller's transaction. The picture before is gone: nobody has to stay on show."""
    await execute(
        """insert into portrait (id, company, member, digest, picture) values ($1, $2, $3, $4, $5)
           on conflict (company, member) do update
             set digest = excluded.digest, picture = excluded.picture""",
        new_id(),
        company_id,
        member_id,
        picture.digest,
        picture.webp,
    )
    await execute(
        "update member set face_digest = $3 where company = $1 and id = $2",
        company_id,
        member_id,
        picture.digest,
    )


async def change_password(
    company_id: UUID, password: str, new_password: str, *, by: Member, network: str, now: datetime
) -> str:
    """Every session of this account ends; returns the token of a new one.

    password: the one until now; wrong ones count like tries to sign in. Raises Refused, TooMany.
    """
    account = await queries.account(by.account)
    await count_sign_in(account.email, network, now=now)
    if not await is_right(password, account.password_hash):
        raise Refused("people.password-wrong", field="password")
    check_password(new_password, account.email, field="new_password")
    password_hash = await hash_password(new_password)
    async with transaction():
        # Only the hash that was just checked is replaced: a reset meanwhile wins.
        replaced = await fetch_value(
            "update account set password_hash = $2 where id = $1 and password_hash = $3 returning id",
            account.id,
            password_hash,
            account.password_hash,
        )
        if replaced is None:
            raise Refused("people.password-wrong", field="password")
        await end_sessions(account.id)
        await note_down(company_id, "member.password", by=by.id, now=now, subject=by.id)
        token = await start_session(account.id, now=now)
    await forget_sign_ins(account.email, now=now)
    return token


async def _tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
