"""A company with many answers and many themes, to measure the desk on; made up the same way every time."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import numpy as np

from hearback.people.rules import token_hash

SLUG = "crowd"
ANSWERS, THEMES = 10_000, 300
UNSORTED = 0.2  # of all excerpts
SESSION = "of-the-bench"
COOKIE = f"hearback={SESSION}"  # of somebody who is signed in
DIMENSIONS = 512

# So that a search finds few, some and many; every second answer ends in a compound that hardly another one has.
WORDS = """Anleitung Steine Regel Karte Farbe Kerze Wartezeit Bahnhof Zug Verspätung Lieferung Paket Schalter Heft
    Bild Seite Beispiel Runde Spieler Straße Müll Rampe Treppe Aufzug Ticket Preis Hotline Antwort Konto Kennwort
    Kasse Termin Formular Amt Schlange Lärm Licht Wasser Essen Küche Garten Kinder Hund Fahrrad""".split()  # noqa: SIM905  (forty words read better without quotes)

Row = tuple[object, ...]


async def fill_crowd(url: str, answers: int = ANSWERS, themes: int = THEMES) -> tuple[UUID, UUID]:
    """Straight into the tables, one excerpt an answer. Gives the ids of a theme that holds some, and of an excerpt."""
    chance, vectors = random.Random(1), np.random.default_rng(1)  # noqa: S311  (made-up answers are no secret)
    company, account, member, *questions = (uuid4() for _ in range(8))
    now = datetime.now(UTC)
    theme_ids = [uuid4() for _ in range(themes)]
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await _copy(connection, "company", "id slug name", [(company, SLUG, "Crowd")])
        await _copy(connection, "account", "id email", [(account, "crowd@example.com")])
        someone = (member, company, account, "Jule Brandt", "jule brandt", "Redaktion", "admin")
        await _copy(connection, "member", "id company account name name_key role_title role", [someone])
        session = (uuid4(), account, token_hash(SESSION), now, now)
        await _copy(connection, "session", "id account token_hash created_at seen_at", [session])
        prompts = await _ask(connection, company, member, questions, now)
        await _copy(
            connection,
            "theme",
            "id company heir name state terms",
            [_theme(one, company, number) for number, one in enumerate(theme_ids)],
        )
        responses = [(uuid4(), chance.randrange(len(questions))) for _ in range(answers)]
        await _copy(
            connection,
            "response",
            "id company question day language channel",
            [
                (
                    one,
                    company,
                    questions[of],
                    now.date() - timedelta(days=chance.randrange(55)),
                    *_told(chance),
                )
                for one, of in responses
            ],
        )
        said = [(uuid4(), one, of, _words(chance, number)) for number, (one, of) in enumerate(responses)]
        await _copy(
            connection,
            "answer",
            "id company response prompt words",
            [(answer, company, one, prompts[of], words) for answer, one, of, words in said],
        )
        excerpts = [(uuid4(), *one) for one in said]
        await _copy(
            connection,
            "excerpt",
            "id company question response answer starts ends vector",
            [
                (excerpt, company, questions[of], one, answer, 0, len(words), _vector(vectors))
                for excerpt, answer, one, of, words in excerpts
            ],
        )
        await _copy(
            connection,
            "placement",
            "id company excerpt theme by confidence",
            [
                (
                    uuid4(),
                    company,
                    one[0],
                    theme_ids[int(themes * chance.random() ** 2)],
                    "machine",
                    chance.random(),
                )
                for one in excerpts
                if chance.random() >= UNSORTED
            ],
        )
    await connection.execute("analyze")
    await connection.close()
    return theme_ids[1], excerpts[0][0]


async def _ask(
    connection: asyncpg.Connection, company: UUID, member: UUID, questions: list[UUID], now: datetime
) -> list[UUID]:
    """Open questions, each with one open prompt; gives the prompts."""
    for number, question in enumerate(questions):
        await connection.execute(
            """insert into question (id, company, slug, title, why, can_change, cannot_change, what_happens, asked_by,
                                     created_by, reply_by, opens_at, closes_at, state)
               values ($1, $2, $3, $4, 'x', 'x', 'x', 'x', $5, $5, $6, $7, $8, 'open')""",
            question,
            company,
            f"frage-{number}",
            f"Wie war es beim {number + 1}. Mal?",
            member,
            (now + timedelta(days=30)).date(),
            now - timedelta(days=60),
            now + timedelta(days=20),
        )
    prompts = [uuid4() for _ in questions]
    await _copy(
        connection,
        "prompt",
        "id company question position kind words",
        [
            (one, company, question, 0, "open", "Erzähl")
            for one, question in zip(prompts, questions, strict=True)
        ],
    )
    return prompts


async def _copy(connection: asyncpg.Connection, table: str, columns: str, rows: Iterable[Row]) -> None:
    await connection.copy_records_to_table(table, columns=columns.split(), records=rows)


def _theme(theme: UUID, company: UUID, number: int) -> Row:
    """Two of three have been named by people."""
    name = f"{WORDS[number % len(WORDS)]} im {number}. Fall" if number % 3 else ""
    terms = [WORDS[number % len(WORDS)], WORDS[number * 7 % len(WORDS)]]
    return (theme, company, theme, name, "named" if name else "suggested", terms)


def _told(chance: random.Random) -> tuple[str, str]:
    return chance.choice(("de", "de", "de", "en")), chance.choice(("web", "web", "file"))


def _words(chance: random.Random, number: int) -> str:
    a, b, c, d, e = chance.sample(WORDS, 5)
    rare = f" Dazu kam {d}{e.lower()}." if number % 2 else ""
    return f"Bei {a} und {b} mussten wir lange suchen, {c} war in Partie {number} nicht zu finden.{rare}"


def _vector(vectors: np.random.Generator) -> bytes:
    return vectors.standard_normal(DIMENSIONS, dtype=np.float32).astype("<f4").tobytes()
