"""Understood, answered, kept: that is all we measure. No likes, no fan counts, no clicks, no sales, anywhere."""

import re

import msgspec
import pytest

from hearback.database.engine import ENGINE
from hearback.reporting.rules import Figures
from hearback.settings import PACKAGE, folder
from hearback.words.catalogue import CATALOGUES
from tests import made

# What such figures are called, in German and in English.
VANITY = re.compile(
    r"\b(likes|dislikes|upvotes?|downvotes?|gefällt[- ]mir(-angaben)?|followers?|fan[- ]?(zahl|counts?)|"
    r"follower[- ]?(zahl|counts?)|abonnentenzahl|clicks|klicks|klick(rate|zahl)e?n?|click[- ]?(rate|through)s?|ctr|"
    r"page[- ]?views?|seitenaufrufe?|impressions?|impressionen|reichweiten?|engagement|virality|viral|"
    r"conversions?|sales|umsatz|umsätze|verkaufszahlen?|absatz|revenue|roi|nps)\b",
    re.IGNORECASE,
)
# A follower wants to be told by mail (DESIGN.md, 2); nobody counts them, and no page calls them so. On the fediverse
# that is what the standard calls who is told.
TABLES_OF_PEOPLE = {"follower", "fedi_follower", "actor_follower", "fediverse_follower"}

NOT_READ = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)  # names in expressions reach nobody


def parts(name):
    """What a name of the database is made of, and the name itself."""
    return {name, name.replace("_", " "), *name.split("_")}


async def test_the_database_has_no_room_for_them(pool):
    rows = await ENGINE.pool.fetch(
        "select table_name, column_name from information_schema.columns where table_schema = 'public'"
    )
    assert len(rows) > 300
    found = {
        (row["table_name"], row["column_name"])
        for row in rows
        for name in (row["table_name"], row["column_name"])
        if any(VANITY.fullmatch(part) for part in parts(name))
    }
    # A link to somebody who is told is no count of them.
    assert {
        (table, column)
        for table, column in found
        if table not in TABLES_OF_PEOPLE and column not in ("follower", "followers_url")
    } == set()


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_no_sentence_speaks_of_them(language):
    found = []
    for path in sorted((PACKAGE / "words" / language).glob("*.po")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith(("msgstr", '"')) and (hit := VANITY.search(line)):
                found.append((path.name, number, hit[0], line[:90]))
    assert found == []


def test_no_template_shows_them():
    found = []
    paths = sorted(folder("templates").rglob("*.*"))
    assert len(paths) > 150
    for path in paths:
        text = NOT_READ.sub("", path.read_text(encoding="utf-8"))
        found += [(path.name, hit[0]) for hit in VANITY.finditer(text)]
    assert found == []


def test_the_test_would_find_them():
    for words in (
        "128 Likes",
        "412 Follower",
        "Klickrate",
        "Umsatz im Mai",
        "page views",
        "Reichweite",
        "12 clicks",
    ):
        assert VANITY.search(words), words
    for words in (
        "gleich",
        "klicken",
        "Verkäuferin",
        "sie folgen",
        "likely",
        "I would like",
        "ein Klick genügt",
    ):
        assert not VANITY.search(words), words


async def test_no_feed_and_no_report_carries_them(fan, company, desk):
    """Names of what machines read, too: they reach people by other programs."""
    theme = await made.a_theme(company)
    await made.a_public_note(company, theme, by=desk.member)
    names = set()

    def read(value):
        if isinstance(value, dict):
            for name, inner in value.items():
                names.add(name)
                read(inner)
        elif isinstance(value, list):
            for inner in value:
                read(inner)

    feed = (await fan.get("/kranich/log.json")).json()
    read(feed)
    read(msgspec.json.schema(Figures))
    atom = (await fan.get("/kranich/log.atom")).text
    names |= set(re.findall(r"<([a-zA-Z:]+)", atom))

    assert feed["items"], "there is something to read"
    assert {"date_published", "entry", "received"} <= names
    assert {name for name in names if any(VANITY.fullmatch(part) for part in parts(name))} == set()
    assert VANITY.findall(re.sub(r"<[^>]*>", " ", atom)) == []
