"""A half-filled form, laid by for its fan to go on later, on any device and without a cookie.

Sealed with a key made from a code that only the fan has: the company cannot read it, and it counts for nothing. It
goes when it is sent, when the question closes, or after LASTS.
"""

import base64
import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from hearback.answering.code import code_hash, read_code, receipt_code
from hearback.answering.forms import PROMPT_FIELD
from hearback.answering.paging import WITH_THE_LAST, Turn
from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_one, fetch_value
from hearback.limits import bucket_key, count_try
from hearback.people.queries import Company
from hearback.refusals import Refused
from hearback.settings import settings

LASTS = timedelta(days=14)
MOST_AN_HOUR = 10
"""From one network."""
LARGEST = 100_000  # bytes, sealed
BESIDE = frozenset({*WITH_THE_LAST, "link"}) - {"address"}
"""What is laid by beside what was said; a mail address is not."""


class HalfFilled(Struct, frozen=True):
    """typed: every field with its values; page: where the fan stopped."""

    typed: dict[str, list[str]]
    page: int


class Saved(Struct, frozen=True):
    """slug: of the question; code: as we write it."""

    code: str
    slug: str
    form: HalfFilled


class _Row(Struct, frozen=True):
    slug: str
    sealed: bytes


async def save(
    company: Company, question_id: UUID, turn: Turn, *, network: str, now: datetime
) -> tuple[str, date]:
    """Lay the form by; gives its code and its last day. One that was laid by before keeps its code.

    Raises Refused where there is nothing to lay by, or too much, or nobody can answer; TooMany for one network.
    """
    typed = {
        name: [text for text in texts if text.strip()]
        for name, texts in turn.typed.items()
        if name in BESIDE or PROMPT_FIELD.fullmatch(name)
    }
    if not any(texts for name, texts in typed.items() if PROMPT_FIELD.fullmatch(name)):
        raise Refused("later.nothing")
    secret = settings().secret_key
    await count_try(
        bucket_key(secret, "later", network, now), most=MOST_AN_HOUR, window=timedelta(hours=1), now=now
    )
    before = read_code(turn.saved) or ""
    keeps = await _is_of(company.id, question_id, before)
    code = before if keeps else receipt_code(secret, secrets.token_hex(16), b"half-filled")
    sealed = _box(code).encrypt(msgspec.json.encode(HalfFilled(typed, turn.at)))
    if len(sealed) > LARGEST:
        raise Refused("later.too-much")
    ends_on = day_in(company.timezone, now + LASTS)
    kept = await execute(
        """insert into saved_form (id, company, question, code_hash, sealed, ends_on)
           select $1, company, id, $4, $5, $6 from question
           where company = $2 and id = $3 and state = 'open' and opens_at <= $7 and closes_at > $7
           on conflict (company, code_hash) do update set sealed = excluded.sealed, ends_on = excluded.ends_on""",
        hidden_id(),
        company.id,
        question_id,
        code_hash(code),
        sealed,
        ends_on,
        now,
    )
    if not kept:
        raise Refused("answer.question-closed")
    return code, ends_on


async def _is_of(company_id: UUID, question_id: UUID, code: str) -> bool:
    return bool(
        await fetch_value(
            "select exists (select from saved_form where company = $1 and question = $2 and code_hash = $3)",
            company_id,
            question_id,
            code_hash(code),
        )
    )


async def saved(company: Company, code: str, *, now: datetime) -> Saved | None:
    """None for a code that opens no form, and once nobody can answer any more."""
    row = await fetch_one(
        _Row,
        """select q.slug, s.sealed from saved_form s
           join question q on q.company = s.company and q.id = s.question
           where s.company = $1 and s.code_hash = $2 and s.ends_on >= $3
             and q.state = 'open' and q.opens_at <= $4 and q.closes_at > $4""",
        company.id,
        code_hash(code),
        day_in(company.timezone, now),
        now,
    )
    if row is None:
        return None
    try:
        return Saved(code, row.slug, msgspec.json.decode(_box(code).decrypt(row.sealed), type=HalfFilled))
    except InvalidToken:  # sealed with another secret key of this house; nobody can open it any more
        return None


async def forget(company_id: UUID, code: str) -> None:
    await execute(
        "delete from saved_form where company = $1 and code_hash = $2",
        company_id,
        code_hash(read_code(code) or ""),
    )


async def let_go_of_saved(now: datetime) -> int:
    """Of all companies: what waited long enough, and what nobody can send any more."""
    return await execute(
        """delete from saved_form s using question q, company c
           where q.company = s.company and q.id = s.question and c.id = s.company
             and (s.ends_on < ($1 at time zone c.timezone)::date or q.state <> 'open' or q.closes_at <= $1)""",
        now,
    )


def _box(code: str) -> Fernet:
    """Not remembered: the key is gone with the request."""
    derived = HKDF(hashes.SHA256(), 32, None, b"hearback half-filled form").derive(
        f"{settings().secret_key}{code}".encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
