"""The company's mailbox, and what came in."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value


class MailboxSetup(Struct, frozen=True):
    """password: sealed; None where there is none. trouble: why it was not read the last time."""

    active: bool = False
    host: str = ""
    port: int = 993
    tls: str = "implicit"
    login: str = ""
    password: bytes | None = None
    folder: str = "INBOX"
    read_at: datetime | None = None
    trouble: str = ""


class Letter(Struct, frozen=True):
    """What somebody wrote back. address: sealed; member: for whom, None for everybody; about: what our mail was."""

    id: UUID
    member: UUID | None
    member_name: str | None
    address: bytes | None
    name: str
    subject: str
    words: str
    quoted: str
    dropped: int
    cut: bool
    on: date
    done_on: date | None
    done_by: str | None
    about: str | None


class Came(Struct, frozen=True):
    """Mails of the last sixty days that were no letters."""

    bounce: int
    delay: int
    complaint: int
    auto: int


async def mailbox(company_id: UUID) -> MailboxSetup:
    """Without a mailbox where nobody set it up."""
    found = await fetch_one(
        MailboxSetup,
        """select active, host, port, tls, login, password, folder, read_at, trouble
           from mailbox where company = $1""",
        company_id,
    )
    return found or MailboxSetup()


async def letters_waiting(company_id: UUID, member_id: UUID, *, limit: int) -> list[Letter]:
    """Those for this member first, then those for everybody, then for others; the oldest on top."""
    return await _letters(
        company_id,
        await fetch_column(
            """select id from post where company = $1 and kind = 'letter' and done_on is null
               order by member is distinct from $2, member is not null, "on", id limit $3""",
            company_id,
            member_id,
            limit,
        ),
    )


async def letters_done(company_id: UUID, *, before: UUID | None = None, limit: int) -> list[Letter]:
    """The newest first. before: the last one already seen; where that is none of them, none."""
    return await _letters(
        company_id,
        await fetch_column(
            """select id from post where company = $1 and kind = 'letter' and done_on is not null
                 and ($2::uuid is null or (done_on, id) < (
                     select done_on, id from post where company = $1 and kind = 'letter' and id = $2))
               order by done_on desc, id desc limit $3""",
            company_id,
            before,
            limit,
        ),
    )


async def _letters(company_id: UUID, ids: list[UUID]) -> list[Letter]:
    """In this order."""
    return await fetch(
        Letter,
        """select p.id, p.member, m.name as member_name, p.address, p.name, p.subject, p.words, p.quoted, p.dropped,
                  p.cut, p."on", p.done_on, d.name as done_by, o.kind as about
           from unnest($2::uuid[]) with ordinality as wanted (id, nth)
           join post p on p.company = $1 and p.id = wanted.id
           left join member m on m.company = p.company and m.id = p.member
           left join member d on d.company = p.company and d.id = p.done_by
           left join mail o on o.company = p.company and o.id = p.mail
           order by wanted.nth""",
        company_id,
        ids,
    )


async def letters_for(company_id: UUID, member_id: UUID) -> int:
    """How many wait for this member, or for everybody."""
    waiting: int = await fetch_value(
        """select count(*) from post where company = $1 and kind = 'letter' and done_on is null
             and (member = $2 or member is null)""",
        company_id,
        member_id,
    )
    return waiting


async def came(company_id: UUID) -> Came:
    found = await fetch_one(
        Came,
        """select count(*) filter (where kind = 'bounce') as bounce, count(*) filter (where kind = 'delay') as delay,
                  count(*) filter (where kind = 'complaint') as complaint,
                  count(*) filter (where kind = 'auto') as auto
           from post where company = $1""",
        company_id,
    )
    return found or Came(0, 0, 0, 0)
