"""Receipt codes that somebody guesses: whether any opens, who is told to wait, and whether time tells what is real.

A code opens nothing at another company, so real codes of elsewhere and codes that never were must be answered alike:
their times are compared by rank (the area under the ROC curve, 0.5 where nobody can tell them apart).
"""

import asyncio
import random
import secrets
from collections.abc import Sequence
from time import perf_counter
from typing import Any
from uuid import uuid4

import httpx
from msgspec import Struct

from hearback.answering.code import ALPHABET, LENGTH, code_hash
from hearback.database.engine import execute_many, fetch_value

TRIES = 10_000
SAMPLES = 2_000
AT_ONCE = 8
ALIKE = (0.45, 0.55)


class Guessed(Struct, frozen=True):
    """hits: guesses that opened a receipt; waits: replies that told to wait; opened: a real code from elsewhere did."""

    hits: int
    waits: int
    opened: bool


async def print_guesses(app: Any, slug: str) -> None:
    """slug: a company with a question; gets a receipt, and a neighbour whose receipts are guessed here."""
    company, question = await _where(slug)
    mine, theirs = await _receipts(company, question, 1), await _elsewhere(SAMPLES)
    found = await guess(app, slug, mine[0], tries=TRIES)
    verdict = "ok" if found.hits == 0 and found.opened and found.waits else "MISSED"
    print(
        f"{TRIES} receipt codes guessed: {found.hits} hits, {found.waits} replies told the one network to wait, "
        f"another network {'could' if found.opened else 'could NOT'} open its receipt meanwhile  {verdict}"
    )
    area = await told_by_time(app, slug, theirs)
    verdict = "ok" if ALIKE[0] <= area <= ALIKE[1] else "MISSED"
    print(
        f"reply time, {SAMPLES} real codes of another company against {SAMPLES} that never were: "
        f"AUC {area:.3f}  reach {ALIKE[0]}–{ALIKE[1]}  {verdict}"
    )


async def guess(app: Any, slug: str, real: str, *, tries: int) -> Guessed:
    """Half of the tries from one network, the others each from one of its own. real: opened from another at the end."""
    left = asyncio.Semaphore(AT_ONCE)

    async def once(number: int) -> int:
        async with left:
            network = "198.51.100.7" if number % 2 else _address(number)
            return (await _post(app, slug, a_code(), network)).status_code

    statuses = await asyncio.gather(*[once(number) for number in range(tries)])
    opened = (await _post(app, slug, real, "203.0.113.9")).status_code == 200
    return Guessed(statuses.count(200), statuses.count(429), opened)


async def told_by_time(app: Any, slug: str, real_elsewhere: Sequence[str]) -> float:
    """How often a reply to a real code takes longer than one to a code that never was; in turn, one after the other."""
    asked = [(True, code) for code in real_elsewhere] + [(False, a_code()) for _ in real_elsewhere]
    random.Random(7).shuffle(asked)  # noqa: S311  (an order, no secret)
    took: list[tuple[float, bool]] = []
    for number, (real, code) in enumerate(asked):
        began = perf_counter()
        reply = await _post(app, slug, code, _address(number))
        took.append((perf_counter() - began, real))
        if reply.status_code != 422:
            raise RuntimeError(f"a code that opens nothing here was answered with {reply.status_code}")
    return _area(took)


def a_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def _area(took: list[tuple[float, bool]]) -> float:
    """Mann and Whitney's U over its most."""
    ranks = [rank for rank, (_, real) in enumerate(sorted(took), 1) if real]
    n = len(ranks)
    return (sum(ranks) - n * (n + 1) / 2) / (n * (len(took) - n))


async def _post(app: Any, slug: str, code: str, address: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(address, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as browser:
        return await browser.post(f"/{slug}/r", data={"code": code})


def _address(number: int) -> str:
    """Each in a network of its own: the last of the four numbers does not tell networks apart."""
    return f"{10 + (number >> 16)}.{number >> 8 & 255}.{number & 255}.1"


async def _where(slug: str) -> tuple[object, object]:
    company = await fetch_value("select id from company where slug = $1", slug)
    return company, await fetch_value("select id from question where company = $1 limit 1", company)


async def _receipts(company: object, question: object, n: int) -> list[str]:
    codes = [a_code() for _ in range(n)]
    await execute_many(
        "insert into response (id, company, question, receipt_hash) values ($1, $2, $3, $4)",
        [(uuid4(), company, question, code_hash(code)) for code in codes],
    )
    return codes


async def _elsewhere(n: int) -> list[str]:
    """Real receipts of another company than the one that is asked."""
    company, question = uuid4(), uuid4()
    member, account = uuid4(), uuid4()
    await execute_many(
        "insert into company (id, slug, name) values ($1, $2, 'Nebenan')", [(company, f"n{company.hex[:8]}")]
    )
    await execute_many(
        "insert into account (id, email) values ($1, $2)", [(account, f"{account.hex}@example.com")]
    )
    await execute_many(
        """insert into member (id, company, account, name, name_key, role)
           values ($1, $2, $3, 'Ida', 'ida', 'admin')""",
        [(member, company, account)],
    )
    await execute_many(
        """insert into question (id, company, slug, title, why, can_change, cannot_change, what_happens, asked_by,
                                 created_by, closes_at)
           values ($1, $2, 'frage', 'Frage', '', '', '', '', $3, $3, current_timestamp + interval '1 day')""",
        [(question, company, member)],
    )
    return await _receipts(company, question, n)
