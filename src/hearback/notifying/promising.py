"""Mails to members: a promise of theirs is near; or one is late, and leadership is to know."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_column, fetch_one, transaction
from hearback.jobs import do_later
from hearback.notifying import queries
from hearback.notifying.letters import Block, Letter
from hearback.notifying.rules import MailKind
from hearback.notifying.voicing import Written
from hearback.notifying.writing import NothingToSay
from hearback.people.queries import company_by_slug
from hearback.words.retelling import retold
from hearback.words.speaking import words_for


class _Order(Struct, frozen=True):
    """What is to be said to whom."""

    kind: str
    address: str
    language: str
    words: str
    tongue: str
    due_on: date
    owner: str
    company_slug: str


async def tell_colleagues(company_id: UUID, promise_id: UUID, kind: MailKind, *, now: datetime) -> None:
    """Near: its owner. Late, or where the owner has left: who leads, and where nobody does, the admins."""
    if not await queries.mail_is_on(company_id):
        return
    told = await fetch_column(
        """select m.id from promise p
           join member m on m.company = p.company and m.active
           join member o on o.company = p.company and o.id = p.owner
           where p.company = $1 and p.id = $2 and case
               when $3 = 'promise_near' and o.active then m.id = o.id
               when exists (select from member l where l.company = $1 and l.active and l.leads) then m.leads
               else m.role = 'admin' end
           order by m.id""",
        company_id,
        promise_id,
        kind.value,
    )
    async with transaction():
        for member in told:
            await execute(
                """insert into mail (id, company, member, kind, cause, promise, due_at, "on")
                   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing""",
                hidden_id(),
                company_id,
                member,
                kind.value,
                str(promise_id),
                promise_id,
                now,
                now.date(),
            )
        await do_later("notifying.send")


async def promise_letter(company_id: UUID, mail_id: UUID, *, base_url: str, secret: str) -> Written:
    """Raises NothingToSay once it is kept, broken or moved, and for a member who has left."""
    del secret  # nothing in it is a key
    order = await _order(company_id, mail_id)
    if order is None:
        raise NothingToSay
    company = await company_by_slug(order.company_slug)
    words = words_for(order.language, company.address, company.timezone)
    say, lang = words.say, words.lang
    promised = retold(order.words, order.tongue, words)
    about = say(f"mail.{order.kind}.text", day=order.due_on, name=order.owner)
    link = f"{base_url}/desk/{order.company_slug}/promises"
    letter = Letter(
        subject=say(f"mail.subject.{order.kind}", day=order.due_on),
        tongue=lang,
        house=company.name,
        colour=company.colour,
        blocks=[
            Block("words", about, lang),
            Block("quote", promised, order.tongue if promised == order.words else lang),
            Block("words", say("mail.promise.ways"), lang),
            Block("button", say("mail.promise.button"), lang, link),
        ],
        signer=None,
        foot=[say(f"mail.{order.kind}.why")],
        stop="",
        stop_url="",
        face_id=f"{mail_id.hex}@face",
    )
    return Written(letter, company, words, order.address)


async def _order(company_id: UUID, mail_id: UUID) -> _Order | None:
    return await fetch_one(
        _Order,
        """select y.kind, a.email as address, m.language, p.words, p.language as tongue, p.due_on, o.name as owner,
                  c.slug as company_slug
           from mail y
           join promise p on p.company = y.company and p.id = y.promise
           join member o on o.company = p.company and o.id = p.owner
           join member m on m.company = y.company and m.id = y.member and m.active
           join account a on a.id = m.account
           join company c on c.id = y.company
           where y.company = $1 and y.id = $2 and p.kept_on is null and p.broken_on is null
             and not exists (select from promise n where n.company = p.company and n.instead_of = p.id)""",
        company_id,
        mail_id,
    )
