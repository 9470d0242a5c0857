"""The company's mailbox, and what came in."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one, fetch_value


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


async def letters(company_id: UUID, member_id: UUID, *, done: bool, limit: int = 50) -> list[Letter]:
    """Those for this member first, then those for everybody, then for others; the oldest on top, done ones newest."""
    return await fetch(
        Letter,
        """select p.id, p.member, m.name as member_name, p.address, p.name, p.subject, p.words, p.quoted, p.dropped,
                  p.cut, p."on", p.done_on, d.name as done_by, o.kind as about
           from post p
           left join member m on m.company = p.company and m.id = p.member
           left join member d on d.company = p.company and d.id = p.done_by
           left join mail o on o.company = p.company and o.id = p.mail
           where p.company = $1 and p.kind = 'letter' and (p.done_on is not null) = $3
           order by p.done_on desc, p.member is distinct from $2, p.member is not null, p."on", p.id limit $4""",
        company_id,
        member_id,
        done,
        limit,
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
