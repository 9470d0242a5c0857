"""The simulated team again, now at the desk's own commands and a real database, from nothing.

What is an act: one form sent. A suggestion is named and defined with one (name_theme); where the machine suggests
nothing of a theme's kind, its first excerpt goes to a new theme (move_many) and that is defined: two. Then the team
takes up what the desk offers, as in team.py, with the command behind that form (move_many), and moves a single excerpt
where nothing offered mends anything. After every few acts the worker's job runs (learn). Right is a point that lies in
its true theme; a point of no theme where no theme of people holds it.
"""

import asyncio
import json
import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from uuid import UUID

import asyncpg
import structlog
from msgspec import Struct

from hearback.bench.themes.nothing import NONE, Answer
from hearback.bench.themes.team import GOAL, LEARNS_EVERY, Effort
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import connected, fetch, use_database
from hearback.database.migrating import migrate
from hearback.themes.commands import learn, name_theme
from hearback.themes.commands.bulk import move_many
from hearback.themes.embedding import embed
from hearback.themes.forms import NameForm, PlacingForm
from hearback.themes.second_reading import to_store
from hearback.themes.tongues import languages_of

SLUG = "bench"
AT_HELP = "themes/help"
WHY = "Weil wir es wissen wollen."


class Entry(Struct, frozen=True):
    """A true theme as the team names it."""

    de: str
    definition: str


class Offer(Struct, frozen=True):
    """What the desk offers to settle with one act."""

    excerpts: list[UUID]


class _Lies(Struct, frozen=True):
    """theme: None where no theme of people holds it; name: of that."""

    excerpt: UUID
    theme: UUID | None
    name: str
    named: bool


class Team:
    """truth: excerpt → its theme's name, empty for none. One act after the other; learns by itself."""

    def __init__(self, company: UUID, member: UUID, truth: Mapping[UUID, str]) -> None:
        self.company, self.member, self.truth = company, member, truth
        self.acts = 0
        self.sizes: list[int] = []

    async def work(self, entries: Sequence[Entry], goal: float) -> Effort:
        await self._learn("grown")
        naming, before = await self._name_all(entries), await self._right()
        while await self._right() < goal:
            rows = await self._best_of_offers()
            await self._put(rows)
            self.sizes.append(len(rows))
        return Effort(self.acts, naming, len(self.truth), before, tuple(self.sizes))

    async def _name_all(self, entries: Sequence[Entry]) -> int:
        for entry in entries:
            theme = await self._suggested(entry.de) or await self._begun(entry.de)
            form = NameForm(entry.de, entry.definition)
            await name_theme(self.company, theme, form, by=self.member, now=datetime.now(UTC))
            await self._counted()
        await self._learn("taught")
        return self.acts

    async def _suggested(self, name: str) -> UUID | None:
        """The largest suggestion of which this theme is at least half."""
        held: dict[UUID, list[str]] = {}
        for one in await self._where():
            if one.theme and not one.named:
                held.setdefault(one.theme, []).append(self.truth[one.excerpt])
        fitting = [theme for theme, of in held.items() if of.count(name) * 2 >= len(of)]
        return max(fitting, key=lambda theme: held[theme].count(name), default=None)

    async def _begun(self, name: str) -> UUID:
        first = next(excerpt for excerpt, of in self.truth.items() if of == name)
        await self._move([first], to=name, make="1")
        return next(one.theme for one in await self._where() if one.excerpt == first and one.theme)

    async def _best_of_offers(self) -> list[UUID]:
        """The ticks that mend most; else one excerpt that stands wrong."""
        wrong = set(await self.wrong())
        offers = await fetch(
            Offer,
            """select excerpts from proposal where company = $1 and state = 'open' and kind in ('near', 'alike')
               order by worth desc, excerpts""",
            self.company,
        )
        choices = [choice for offer in offers for choice in self._choices(offer)]
        best = max(choices, key=lambda rows: len(wrong.intersection(rows)), default=[])
        return best if wrong.intersection(best) else [min(wrong)]

    def _choices(self, offer: Offer) -> Iterator[list[UUID]]:
        known = [one for one in offer.excerpts if one in self.truth]
        for name in sorted({self.truth[one] for one in known}):
            yield [one for one in known if self.truth[one] == name]

    async def _put(self, excerpts: Sequence[UUID]) -> None:
        name = self.truth[excerpts[0]]
        await self._move(excerpts, to=name, nowhere=None if name else "1")

    async def _move(
        self, excerpts: Sequence[UUID], *, to: str, make: str | None = None, nowhere: str | None = None
    ) -> None:
        form = PlacingForm(
            back=AT_HELP, excerpt=[str(one) for one in excerpts], to=to, make=make, nowhere=nowhere
        )
        await move_many(self.company, form, by=self.member, now=datetime.now(UTC), today=_today())
        await self._counted()

    async def _counted(self) -> None:
        self.acts += 1
        if self.acts % LEARNS_EVERY == 0:
            await self._learn("taught")

    async def _learn(self, cause: str) -> None:
        await learn(self.company, cause=cause, now=datetime.now(UTC), by=self.member)

    async def _right(self) -> float:
        return 1 - len(await self.wrong()) / len(self.truth)

    async def wrong(self) -> list[UUID]:
        return [
            one.excerpt
            for one in await self._where()
            if (one.name if one.named else "") != self.truth[one.excerpt]
        ]

    async def _where(self) -> list[_Lies]:
        return await fetch(
            _Lies,
            """select e.id as excerpt, t.id as theme, coalesce(t.name, '') as name,
                      coalesce(t.state <> 'suggested', false) as named
               from excerpt e
               left join placement p on p.company = e.company and p.excerpt = e.id
               left join theme l on l.company = p.company and l.id = p.theme
               left join theme t on t.company = l.company and t.id = l.heir
               where e.company = $1 order by e.id""",
            self.company,
        )


def effort_at_desk(
    answers: Sequence[Answer], entries: Mapping[str, Entry], *, twice: bool, goal: float = GOAL
) -> Effort:
    """answers: of one company; entries: slug → its theme. twice: read by both models. Raises NoDatabase."""
    # What the product tells while it works is not what is measured.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with _a_database() as database:
        return asyncio.run(_effort(database, answers, entries, twice, goal))


def read_entries(folder: Path) -> dict[str, dict[str, Entry]]:
    """Company → slug → theme. folder: holds themes.json as data/fans does."""
    named = json.loads((folder / "themes.json").read_text("utf-8"))
    return {
        company: {slug: Entry(of["de"], of["definition"]) for slug, of in themes.items() if slug != NONE}
        for company, themes in named.items()
    }


@contextmanager
def _a_database() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "data")
        database.start()
        try:
            yield database
        finally:
            database.stop()


async def _effort(
    database: EmbeddedPostgres,
    answers: Sequence[Answer],
    entries: Mapping[str, Entry],
    twice: bool,
    goal: float,
) -> Effort:
    with redirect_stdout(StringIO()):
        await migrate(database.owner_url)
    company, member, truth = await fill_company(database.owner_url, answers, entries, twice)
    use_database(database.app_url)
    async with connected():
        return await Team(company, member, truth).work(list(entries.values()), goal)


async def fill_company(
    url: str, answers: Sequence[Answer], entries: Mapping[str, Entry], twice: bool
) -> tuple[UUID, UUID, dict[UUID, str]]:
    """Straight into the tables: the true points are the excerpts."""
    connection = await asyncpg.connect(url)
    ids = (UUID(int=number) for number in count(1))
    company, member, question, prompt = await _a_question(connection, ids)
    truth: dict[UUID, str] = {}
    for answer in answers:
        response, said, at = next(ids), next(ids), 0
        await connection.execute(
            "insert into response (id, company, question, day) values ($1, $2, $3, $4)",
            *(response, company, question, _today()),
        )
        await connection.execute(
            "insert into answer (id, company, response, prompt, words) values ($1, $2, $3, $4, $5)",
            *(said, company, response, prompt, answer.text),
        )
        texts = [point.text for point in answer.excerpts]
        vectors, languages = embed(texts), languages_of(answer.text, texts)
        for point, vector, language in zip(answer.excerpts, vectors, languages, strict=True):
            starts = max(answer.text.find(point.text, at), answer.text.find(point.text))
            at, excerpt = starts + len(point.text), next(ids)
            truth[excerpt] = entries[point.theme].de if point.theme in entries else ""
            await connection.execute(
                """insert into excerpt (id, company, question, response, answer, starts, ends, vector, second,
                                        language) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
                *(excerpt, company, question, response, said, starts, at),
                *(vector.astype("<f4").tobytes(), to_store(point.text) if twice else None, language),
            )
    await connection.close()
    return company, member, truth


async def _a_question(connection: asyncpg.Connection, ids: Iterator[UUID]) -> tuple[UUID, UUID, UUID, UUID]:
    company, account, member, question, prompt = (next(ids) for _ in range(5))
    now = datetime.now(UTC)
    await connection.execute("insert into company (id, slug, name) values ($1, $2, 'Bench')", company, SLUG)
    await connection.execute("insert into account (id, email) values ($1, 'bench@example.com')", account)
    await connection.execute(
        """insert into member (id, company, account, name, name_key, role_title, role)
           values ($1, $2, $3, 'Jule Brandt', 'jule brandt', 'Redaktion', 'admin')""",
        *(member, company, account),
    )
    await connection.execute(
        """insert into question (id, company, slug, title, why, can_change, cannot_change, what_happens, asked_by,
                                 created_by, reply_by, opens_at, closes_at, state)
           values ($1, $2, 'frage', 'Wie war es?', $3, $3, $3, $3, $4, $4, $5, $6, $7, 'open')""",
        *(question, company, WHY, member, (now + timedelta(days=30)).date()),
        *(now - timedelta(days=1), now + timedelta(days=20)),
    )
    await connection.execute(
        """insert into prompt (id, company, question, position, kind, words, required)
           values ($1, $2, $3, 0, 'open', 'Erzähl, wie es war', true)""",
        *(prompt, company, question),
    )
    return company, member, question, prompt


def _today() -> date:
    return datetime.now(UTC).date()
