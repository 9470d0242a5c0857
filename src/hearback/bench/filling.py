"""A company to measure on: one open question, twenty notes in the log."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

NOTES = 20
SLUG = "bench"
QUESTION = "frage"
WORDS = "In Runde 1 mussten wir lange suchen, wann ein Irrlicht wieder ausgeht. Die Regel stand im Anhang."
KINDS = ["changed", "not_changed", "mistake", "holding"]


async def fill(url: str) -> UUID:
    """Straight into the tables: what is measured is reading and answering. Gives the id of the open prompt."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        company, account, member, question, prompt, theme = (uuid4() for _ in range(6))
        now = datetime.now(UTC)
        await connection.execute(
            "insert into company (id, slug, name) values ($1, $2, 'Bench')", company, SLUG
        )
        await connection.execute("insert into account (id, email) values ($1, 'bench@example.com')", account)
        await connection.execute(
            """insert into member (id, company, account, name, name_key, role_title, role)
               values ($1, $2, $3, 'Jule Brandt', 'jule brandt', 'Redaktion', 'admin')""",
            member,
            company,
            account,
        )
        await connection.execute(
            """insert into question (id, company, slug, title, why, can_change, cannot_change, what_happens, asked_by,
                                     created_by, reply_by, opens_at, closes_at, state)
               values ($1, $2, $3, 'Wo hat euch die Anleitung allein gelassen?', $4, $4, $4, $4, $5, $5, $6, $7, $8,
                       'open')""",
            question,
            company,
            QUESTION,
            WORDS,
            member,
            (now + timedelta(days=30)).date(),
            now - timedelta(days=1),
            now + timedelta(days=20),
        )
        await connection.execute(
            """insert into prompt (id, company, question, position, kind, words, required)
               values ($1, $2, $3, 0, 'open', 'Erzähl, wie es war', true)""",
            prompt,
            company,
            question,
        )
        await connection.execute(
            "insert into theme (id, company, heir, name, state) values ($1, $2, $1, 'Irrlichter', 'named')",
            theme,
            company,
        )
        for number in range(NOTES):
            await _note(connection, company, member, theme, number, now - timedelta(days=number + 1))
    await connection.close()
    return prompt


async def _note(
    connection: asyncpg.Connection, company: UUID, member: UUID, theme: UUID, number: int, at: datetime
) -> None:
    note, revision = uuid4(), uuid4()
    await connection.execute(
        """insert into note (id, company, slug, kind, state, signed_by, created_by, published_at)
           values ($1, $2, $3, $4, 'draft', $5, $5, $6)""",
        note,
        company,
        f"notiz-{number}",
        KINDS[number % len(KINDS)],
        member,
        at,
    )
    await connection.execute(
        "insert into revision (id, company, note, number, kind, by, at) values ($1, $2, $3, 1, 'published', $4, $5)",
        revision,
        company,
        note,
        member,
        at,
    )
    for name in ("title", "asked", "said", "did"):
        await connection.execute(
            "insert into note_field (id, company, revision, name, words) values ($1, $2, $3, $4, $5)",
            uuid4(),
            company,
            revision,
            name,
            WORDS,
        )
    await connection.execute(
        "insert into note_theme (id, company, note, theme) values ($1, $2, $3, $4)",
        uuid4(),
        company,
        note,
        theme,
    )
    await connection.execute(
        "update note set state = 'published' where company = $1 and id = $2", company, note
    )
