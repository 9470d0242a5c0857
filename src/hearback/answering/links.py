"""Links that are good for one answer, for a closed group. They are made and used up in a table of their own, which
knows nothing of answers: who got a link can be known, what they said with it cannot."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering.code import ALPHABET, LOOKS_LIKE
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, execute_many, fetch_one, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member

LENGTH = 16  # 80 bits


class Made(Struct, frozen=True):
    """How many links a question has, and how many of them were used."""

    made: int
    used: int


class _Found(Struct, frozen=True):
    used: bool


def shown_link(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def read_link(typed: str) -> str | None:
    """What somebody clicked, typed or pasted: small letters, spaces, dashes and look-alikes are forgiven."""
    code = typed.strip().upper().translate(LOOKS_LIKE)
    return code if len(code) == LENGTH and all(sign in ALPHABET for sign in code) else None


def link_hash(typed: str) -> bytes:
    """The hash of what is no code at all is that of nothing, which no link has."""
    return hashlib.sha256((read_link(typed) or "").encode()).digest()


async def link_state(company_id: UUID, question_id: UUID, typed: str) -> str:
    """`missing`, `unknown`, `used` or `good`."""
    if not typed:
        return "missing"
    found = await fetch_one(
        _Found,
        "select used from one_use_link where company = $1 and question = $2 and link_hash = $3",
        company_id,
        question_id,
        link_hash(typed),
    )
    if found is None:
        return "unknown"
    return "used" if found.used else "good"


async def links_of(company_id: UUID, question_id: UUID) -> Made:
    found = await fetch_one(
        Made,
        """select count(*) as made, count(*) filter (where used) as used from one_use_link
           where company = $1 and question = $2""",
        company_id,
        question_id,
    )
    return found or Made(0, 0)


async def make_links(
    company_id: UUID, question_id: UUID, count: int, *, by: Member, now: datetime
) -> list[str]:
    """Their codes, this once: the database keeps hashes only."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(count)]
    async with transaction():
        await execute_many(
            "insert into one_use_link (id, company, question, link_hash) values ($1, $2, $3, $4)",
            [(hidden_id(), company_id, question_id, link_hash(code)) for code in codes],
        )
        await note_down(
            company_id, "question.links-made", by=by.id, now=now, subject=question_id, after={"count": count}
        )
    return codes


async def shuffle() -> None:
    """Used links are written anew in any order: else the database's own marks would tell which answer used which.

    Until a day after a question has closed; doing it twice changes nothing.
    """
    await execute(
        """with gone as (
               delete from one_use_link l using question q
               where q.company = l.company and q.id = l.question and q.closes_at > now() - interval '1 day' and l.used
               returning l.company, l.question, l.link_hash)
           insert into one_use_link (id, company, question, link_hash, used)
           select gen_random_uuid(), company, question, link_hash, true from gone order by random()"""
    )
