"""`hearback bench integrity`: how many scripted repeats are caught, by which layer, and how many honest people wait;
guessed receipts; and mails that arrive twice or get lost.

Real requests through the whole app, each from an address of its own, against a real PostgreSQL; only the clock is
ours, so that two days pass in a minute. Caught is what does not count without a person's look.
"""

import asyncio
import base64
import itertools
import json
import logging
import os
import re
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import altcha
import asyncpg
import httpx
from msgspec import Struct

from hearback.answering import judging, public
from hearback.answering.asked import ASKED
from hearback.answering.code import code_hash, read_code
from hearback.bench.filling import QUESTION, SLUG, fill
from hearback.bench.guessing import print_guesses
from hearback.bench.mailing import print_mails
from hearback.bench.stuffing import Sent, everywhere, honest, stuffed
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import execute, fetch, fetch_value, use_database
from hearback.database.migrating import migrate
from hearback.settings import settings
from hearback.trust.integrity.proofs import LASTS, challenge
from hearback.trust.integrity.traces import forget_salts

JUDGED_EVERY = 20  # answers; the worker does it every minute
LEAST_CAUGHT, MOST_ASIDE = 0.95, 0.01
PROOFS = 10
PATH = f"/{SLUG}/ask/{QUESTION}"
HIDDEN = re.compile(r'<input type="hidden" name="(key|link)" value="([^"]*)"')
OPEN_FIELD = re.compile(r'<textarea[^>]* name="([^"]+)"')
CODE = re.compile(r'id="code">([0-9A-Z-]+)<')


class Became(Struct, frozen=True):
    receipt_hash: bytes
    state: str
    flag: str


def bench_integrity(build_app: Callable[[], Any]) -> None:
    """build_app: the whole app, which lies above this room."""
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "data")
        database.start()
        try:
            asyncio.run(_bench(database, build_app))
        finally:
            database.stop()


async def _bench(database: EmbeddedPostgres, build_app: Callable[[], Any]) -> None:
    await migrate(database.owner_url)
    await fill(database.owner_url)
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("update question set closes_at = closes_at + interval '1 year'")
    await owner.close()
    os.environ |= {
        "DATABASE_URL": database.app_url,
        "HEARBACK_SECRET_KEY": secrets.token_hex(32),
        "HEARBACK_LOG_LEVEL": "error",
    }
    settings.cache_clear()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each of thousands of requests
    use_database(database.app_url)
    app = build_app()
    async with app.lifespan():
        start = datetime.now(UTC).replace(hour=8, minute=0, second=0) + timedelta(days=1)
        await _print_styles(app, [*stuffed(start), *honest(start, hours=8)])
        await _print_beside(app, "", everywhere(start))
        await _print_beside(app, "500 honest people within ten minutes", honest(start, hours=1 / 6))
        await _print_proofs(app, start)
        await print_guesses(app, SLUG)
        await print_mails(SLUG)


async def _print_styles(app: Any, sent: Sequence[Sent]) -> None:
    became = await _send_all(app, sent)
    for style in dict.fromkeys(one.style for one in sent):
        of_style = [became[number] for number, one in enumerate(sent) if one.style == style]
        caught = sum(state != "counted" for state, _ in of_style) / len(of_style)
        if style == "honest":
            aside = sum(state == "set_aside" for state, _ in of_style) / len(of_style)
            _print(
                f"{len(of_style)} honest, one network, 8 hours: set aside",
                aside,
                aside <= MOST_ASIDE,
                "≤ 1 %",
            )
            _print(
                "  and waiting for a look",
                caught - aside,
                caught - aside <= MOST_ASIDE,
                "≤ 1 %",
                _layers(of_style),
            )
        else:
            _print(
                f"{len(of_style)} × {style}: caught",
                caught,
                caught >= LEAST_CAUGHT,
                "≥ 95 %",
                _layers(of_style),
            )


async def _print_beside(app: Any, name: str, sent: Sequence[Sent]) -> None:
    """What shows where the layers end; nothing to reach."""
    became = await _send_all(app, sent)
    share = sum(state != "counted" for state, _ in became) / len(became)
    print(
        f"{name or f'{len(sent)} × {sent[0].style}: caught':55s} {share:6.1%}  {_layers(became)}", flush=True
    )


async def _send_all(app: Any, sent: Sequence[Sent]) -> list[tuple[str, str]]:
    """State and reason of each, in their order, once all were judged; what was turned away is `refused`."""
    await execute("delete from response")
    await execute("delete from bucket")
    hashes: dict[int, bytes] = {}
    day = min(one.at for one in sent).date()
    for count, number in enumerate(sorted(range(len(sent)), key=lambda number: sent[number].at), 1):
        one = sent[number]
        if one.at.date() != day:
            day = one.at.date()
            await judging.judge_new()
            await judging.forget_traces(one.at)
            await forget_salts(one.at)
        if (code := await _send(app, one)) is not None:
            hashes[number] = code_hash(code)
        if count % JUDGED_EVERY == 0:
            await judging.judge_new()
    await judging.judge_new()
    rows = await fetch(Became, "select receipt_hash, state, flag from response")
    states = {row.receipt_hash: (row.state, row.flag) for row in rows}
    return [
        states[hashes[number]] if number in hashes else ("refused", "flood") for number in range(len(sent))
    ]


async def _send(app: Any, one: Sent, proof: str = "") -> str | None:
    """As a browser does: the page, some seconds, the form. Gives the receipt's code; None where it was turned away."""
    transport = httpx.ASGITransport(app, client=(one.address, 1))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://bench", headers={"User-Agent": one.agent}
    ) as browser:
        with _clock_at(one.at - timedelta(seconds=one.seconds)):
            page = (await browser.get(PATH)).text
        fields = dict(HIDDEN.findall(page)) | {_found(OPEN_FIELD, page): one.words}
        with _clock_at(one.at):
            reply = await browser.post(f"{PATH}/answers", data=fields | {"quoting": "no", "proof": proof})
    if reply.status_code == 429:
        return None
    if reply.status_code != 201:
        raise RuntimeError(f"the server answered {reply.status_code}")
    return read_code(_found(CODE, reply.text))


async def _print_proofs(app: Any, start: datetime) -> None:
    """Proofs that must not count: used before, too old, put together from two, and made for another question."""
    await execute("update question set level = 'protected'")
    await execute("delete from response")
    ASKED.forget(None, "public")
    public.PAGES.forget(None, "public")
    question = await fetch_value("select id from question")
    good = [_solved(question, start) for _ in range(PROOFS)]
    signed = [json.loads(base64.b64decode(proof)) for proof in good]
    spliced = [_text(one | {"solution": other["solution"]}) for one, other in itertools.pairwise(signed)]
    tries = [("first use", proof, start) for proof in good]
    tries += [("replayed", proof, start + timedelta(seconds=number)) for number, proof in enumerate(good, 1)]
    tries += [
        ("expired", _solved(question, start), start + LASTS + timedelta(seconds=1)) for _ in range(PROOFS)
    ]
    tries += [("spliced", proof, start) for proof in spliced]
    tries += [("foreign", _solved(uuid4(), start), start) for _ in range(PROOFS)]
    accepted: Counter[str] = Counter()
    for number, (what, proof, at) in enumerate(tries):
        one = Sent(at, what, f"10.0.{number}.1", f"Browser {number}", f"{number} Worte zu dieser Frage", 30)
        code = await _send(app, one, proof)
        state = code and await fetch_value(
            "select state from response where receipt_hash = $1", code_hash(code)
        )
        accepted[what] += state == "counted"
    print(f"proofs of work, first use: {accepted.pop('first use')} of {PROOFS} count", flush=True)
    wrong = sum(accepted.values())
    name = f"replayed, expired, spliced, foreign: {wrong} of {len(tries) - PROOFS} count"
    print(f"{name:55s}         reach 0  {_verdict(not wrong)}")


def _solved(question: UUID, at: datetime) -> str:
    made = challenge(settings().secret_key, question, at)
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(made))
    if solution is None:
        raise RuntimeError("no solution in time")
    return _text(
        {"challenge": made, "solution": {"counter": solution.counter, "derivedKey": solution.derived_key}}
    )


def _text(proof: object) -> str:
    return base64.b64encode(json.dumps(proof).encode()).decode()


def _clock_at(at: datetime) -> Any:
    return mock.patch.object(public, "now", return_value=at)


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"the page lacks {pattern.pattern}")
    return found[1]


def _layers(became: Sequence[tuple[str, str]]) -> str:
    caught = Counter(flag for state, flag in became if state != "counted")
    return ", ".join(f"{flag} {n}" for flag, n in caught.most_common())


def _print(name: str, share: float, reached: bool, reach: str, layers: str = "") -> None:
    print(f"{name:55s} {share:6.1%}  reach {reach}  {_verdict(reached)}  {layers}", flush=True)


def _verdict(reached: bool) -> str:
    return "ok" if reached else "MISSED"
