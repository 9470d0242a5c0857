"""`hearback bench excerpts`: what is found in excerpts (personal data, languages, copies), and a campaign of 10,000."""

import asyncio
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

import asyncpg
from msgspec import Struct

from hearback.bench.filling import fill
from hearback.bench.memory import peak_mb
from hearback.bench.personal_data import ANSWERS, print_personal_data
from hearback.clock import now
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import connected, fetch_one, use_database
from hearback.database.migrating import migrate
from hearback.themes import commands
from hearback.themes.splitting import split
from hearback.themes.tongues import OTHER, OURS, languages_of
from hearback.trust.wording import marked, sketch

COPIES = 10_000
# Small edits as people make them; the number makes each text another one.
CAMPAIGN = (
    "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei, Nr. {n}",
    "bitte legt der zweiten auflage ne kurzübersicht für jeden spieler bei!! ({n})",
    "Bitte legen Sie der zweiten Auflage eine Kurzübersicht für jeden Spieler bei. {n}",
)
PAIRS = ("sib200_de_en_a.jsonl", "xsid_de_en_a.jsonl")


class Answer(Struct, frozen=True):
    """language: as labelled, such as `de-AT` or `mixed`."""

    text: str
    language: str
    campaign: bool


def print_excerpts(data: Path) -> None:
    """data: the folder of the labelled answers."""
    print_personal_data(data.parent)
    if data.exists():
        answers = _answers(data)
        _print_languages(data, answers)
        _print_wordings(answers)
    else:
        print(f"skipped: languages and copies, for {data} is not there")
    _print_campaign()


def _answers(data: Path) -> list[Answer]:
    lines = (data.parent / ANSWERS[0]).read_text("utf-8").splitlines()
    return [Answer(row["text"], row["lang"], "campaign" in row["flags"]) for row in map(json.loads, lines)]


def _print_languages(data: Path, answers: list[Answer]) -> None:
    """Once without knowing the form's language, as in an import; mixed answers have no one language to compare."""
    hits: Counter[tuple[str, bool]] = Counter()
    for one in answers:
        if one.language != "mixed":
            language = _labelled(one.language)
            found = languages_of(one.text, _excerpts(one.text))
            hits.update((language, given == language) for given in found)
    _print_hits("languages of the fans' excerpts", hits)
    for name in PAIRS:
        rows = [json.loads(line) for line in (data / name).read_text("utf-8").splitlines()]
        hits = Counter(
            (row["lang"], languages_of(row["text"], [row["text"]])[0] == row["lang"]) for row in rows
        )
        _print_hits(f"languages of {name}", hits)


def _print_hits(what: str, hits: Counter[tuple[str, bool]]) -> None:
    sums = [
        f"{language} {hits[language, True] / (hits[language, True] + hits[language, False]):.3f}"
        for language in sorted({language for language, _ in hits})
    ]
    print(f"{what}, share that is right: {', '.join(sums)}")


def _print_wordings(answers: list[Answer]) -> None:
    for what, campaign in (("of campaigns", True), ("of other answers", False)):
        excerpts = [excerpt for one in answers if one.campaign == campaign for excerpt in _excerpts(one.text)]
        wordings = {one.wording for one in marked([sketch(excerpt) for excerpt in excerpts], [])}
        print(f"excerpts {what}: {len(excerpts)}, {len(wordings)} wordings")


def _print_campaign() -> None:
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "data")
        database.start()
        try:
            print(asyncio.run(_campaign(database)))
        finally:
            database.stop()


async def _campaign(database: EmbeddedPostgres) -> str:
    await migrate(database.owner_url)
    company = await _fill_copies(database.owner_url, await fill(database.owner_url))
    use_database(database.app_url)
    async with connected():
        began = time.process_time()
        await commands.sort(company, now=now())
        took = time.process_time() - began
        sums = await fetch_one(
            _Sums,
            """select count(*) as excerpts, count(distinct e.wording) as wordings, count(distinct p.theme) as themes,
                      count(*) filter (where p.id is null) as unsorted
               from excerpt e left join placement p on p.company = e.company and p.excerpt = e.id
               where e.company = $1""",
            company,
        )
    return f"a campaign of {COPIES}: {sums}, {took:.0f} s CPU to read and sort, peak {peak_mb()} MB"


class _Sums(Struct, frozen=True):
    excerpts: int
    wordings: int
    themes: int
    unsorted: int

    def __str__(self) -> str:
        return f"{self.excerpts} excerpts, {self.wordings} wordings, {self.themes} themes, {self.unsorted} unsorted"


async def _fill_copies(url: str, prompt: UUID) -> UUID:
    connection = await asyncpg.connect(url)
    company: UUID = await connection.fetchval("select company from prompt where id = $1", prompt)
    texts = [CAMPAIGN[number % len(CAMPAIGN)].format(n=number) for number in range(COPIES)]
    await connection.execute(
        """with texts as (select gen_random_uuid() as id, words from unnest($2::text[]) as t (words)),
           given as (insert into response (id, company, question, receipt_hash, language, day)
                     select t.id, p.company, p.question, sha256(t.id::text::bytea), 'de', current_date
                     from texts t, prompt p where p.id = $1)
           insert into answer (id, company, response, prompt, words)
           select gen_random_uuid(), p.company, t.id, p.id, t.words from texts t, prompt p where p.id = $1""",
        prompt,
        texts,
    )
    await connection.close()
    return company


def _labelled(language: str) -> str:
    return language[:2] if language[:2] in OURS else OTHER


def _excerpts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]
