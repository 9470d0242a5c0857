"""A file may bring rankings, something else, and why."""

from pathlib import Path
from typing import Any

import pytest

from hearback.answering import queries
from hearback.database.engine import ENGINE
from hearback.listening.commands import import_sheet
from hearback.listening.reading import read_sheet
from hearback.listening.rules import Format, match_columns, read_with_other
from hearback.refusals import Faulty
from tests import made

PROMPTS = [
    {"kind": "choice", "words": "Wann?", "options": ["Früh", "Spät"], "other": True, "why": True},
    {"kind": "choices", "words": "Womit?", "options": ["Bus", "Bahn"], "other": True},
    {"kind": "ranking", "words": "Was zuerst?", "options": ["Preis", "Weg", "Leute"]},
    {"kind": "yes_no", "words": "Wieder?", "options": ["Ja", "Nein"]},
]


async def bring_in(text: str) -> Any:
    company = await made.a_company()
    await made.a_question(company, slug="alles", prompts=PROMPTS)
    sheet = read_sheet(text.encode(), Format.CSV)
    found = await import_sheet(
        company.id, "alles", sheet, named={}, file_name=Path("a.csv").name, by=None, now=made.NOW
    )
    return company, found


async def test_every_kind_arrives_as_it_was_meant(pool):
    company, found = await bring_in(
        "Wann?;1 warum;Womit?;Was zuerst?;Wieder?\n"
        "Nachts;Weil es kühl ist;Bahn | Rad | Fähre;Weg|Preis;nein\n"
        "früh;;2;3;1\n"
    )

    assert (found.rows, found.new, list(found.unused)) == (2, 2, [])
    first, second = sorted(await queries.inbox(company.id), key=lambda one: not one.words)
    assert first.words == ["Nachts", "Weil es kühl ist", "Rad; Fähre"]
    assert first.picks == ["Womit? Bahn", "Was zuerst? 1. Weg, 2. Preis", "Wieder? Nein"]
    assert first.others == ["Wann?", "Womit?"]
    assert second.picks == ["Wann? Früh", "Womit? Bahn", "Was zuerst? 1. Leute", "Wieder? Ja"]


@pytest.mark.parametrize("cell", ["Preis|Kino", "Kino", "9"])
async def test_what_is_no_option_of_a_ranking_is_named(pool, cell):
    with pytest.raises(Faulty) as caught:
        await bring_in(f"Was zuerst?\n{cell}\n")

    assert [reason.reason for reason in caught.value.reasons] == ["import.not-an-option"]
    assert await ENGINE.pool.fetchval("select count(*) from response") == 0


@pytest.mark.parametrize("name", ["Wann? warum", "wann? – Warum?", "1 why", "1: Why?"])
def test_the_column_of_a_reason_is_known_by_its_prompt(name):
    assert match_columns(["Wann?", name], ["Wann?", "Womit?"], {}).whys == {0: 1}


def test_a_prompt_that_asks_why_itself_is_no_reason_of_another():
    found = match_columns(["Und warum?"], ["Und", "Und warum?"], {})

    assert (found.prompts, found.whys) == ({1: 0}, {})
    assert match_columns(["Sonst warum?"], ["Und"], {}).unused == ["Sonst warum?"]


def test_what_is_no_option_is_something_else_in_the_persons_words():
    assert read_with_other("Bahn; mit dem Rad", ["Bus", "Bahn"], several=True) == ([1], "mit dem Rad")
    assert read_with_other("zu Fuß; langsam", ["Bus", "Bahn"], several=False) == ([], "zu Fuß; langsam")
    assert read_with_other("2", ["Bus", "Bahn"], several=False) == ([1], "")
