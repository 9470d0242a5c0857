"""A file comes in through the same door as an answer from the web: whole or not at all, and only once."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt, Question
from hearback.database.engine import fetch_column, fetch_value
from hearback.listening.commands import Imported, import_sheet
from hearback.listening.reading import read_sheet
from hearback.listening.rules import MOST_REASONS, Format
from hearback.people.queries import Company
from hearback.refusals import NotFound, Refused
from tests import made

PROMPTS: list[dict[str, Any]] = [
    {"kind": "open", "words": "Erzähl, wie es war", "required": True},
    {"kind": "choice", "words": "Wann?", "options": ["Am Anfang", "Am Ende"]},
    {"kind": "choices", "words": "Mit wem?", "options": ["Allein", "Zu zweit", "Zu viert"]},
    {"kind": "scale", "words": "Wie gern?", "low": 1, "high": 5},
]


@pytest.fixture
async def company(pool: None) -> Company:
    return await made.a_company()


@pytest.fixture
async def question(company: Company) -> Question:
    return await made.a_question(company, slug="moorlichter", prompts=PROMPTS)


async def bring_in(
    company: Company, text: str, kind: Format = Format.CSV, slug: str = "moorlichter", **more: Any
) -> Imported:
    return await import_sheet(
        company.id,
        slug,
        read_sheet(text.encode(), kind),
        **{"named": {}, "file_name": "fans.csv", "by": None, "now": made.NOW} | more,
    )


async def why_not(company: Company, text: str, **more: Any) -> list[tuple[Any, ...]]:
    """Reason, row and column of everything that does not fit; and nothing was kept."""
    with pytest.raises(Refused) as refusal:
        await bring_in(company, text, **more)
    assert await Response.count() == 0
    assert await fetch_value("select count(*) from import_run") == 0
    return [(r.reason, r.values.get("row"), r.values.get("column")) for r in refusal.value.reasons]


async def test_every_column_arrives_where_it_belongs(company: Company, question: Question):
    imported = await bring_in(
        company,
        "id;Antwort;Wann?;3;Wie gern?;Datum;lang;quoting;Vorname;Ort;Farbe\n"
        "a1;Der Nebel;am ende;Allein|Zu viert;4;20.11.2025;de-AT;named;Ayşe;Dortmund;rot\n",
    )

    assert imported == Imported(rows=1, new=1, empty=0, unused=["Farbe"])
    (response,) = await Response.objects()
    assert (response.company, response.question) == (company.id, question.id)
    assert (response.external_id, response.channel, response.state) == ("a1", "file", "counted")
    assert (response.day, response.language) == (date(2025, 11, 20), "de")
    assert (response.quoting, response.first_name, response.place) == ("named", "Ayşe", "Dortmund")
    assert (response.test, response.receipt_hash) == (False, None)
    given = {
        position: (answer["words"], answer["chosen"], answer["number"])
        for position, answer in [
            (await fetch_value("select position from prompt where id = $1", row["prompt"]), row)
            for row in await Answer.select()
        ]
    }
    assert given == {0: ("Der Nebel", [], None), 1: ("", [1], None), 2: ("", [0, 2], None), 3: ("", [], 4)}


async def test_what_is_not_said_is_the_careful_choice(company: Company, question: Question):
    await bring_in(company, "text\nThe fog is not clear to us\n")
    (response,) = await Response.objects()
    assert (response.quoting, response.first_name, response.place) == ("no", "", "")
    assert response.language == "en"
    assert response.day == made.NOW.date() or response.day == (made.NOW + timedelta(hours=2)).date()


async def test_a_name_that_may_not_be_said_is_not_kept(company: Company, question: Question):
    await bring_in(company, "text;first_name;place;quoting\nDer Nebel;Ayşe;Dortmund;unnamed\n")
    (response,) = await Response.objects()
    assert (response.quoting, response.first_name, response.place) == ("unnamed", "", "")


async def test_answers_queue_the_reading_of_themes(company: Company, question: Question):
    await bring_in(company, "text\nDer Nebel\nDie Wertung\n")
    assert await fetch_value("select count(*) from pgqueuer") > 0


async def test_the_run_and_who_did_it_are_written_down(company: Company, question: Question):
    member = await made.a_member(company)
    await bring_in(company, "text\nDer Nebel\n", by=member.id)
    assert await fetch_column("select new from import_run where company = $1", company.id) == [1]
    (did,) = await fetch_column(
        "select did from audit where company = $1 and member = $2 and did like '%import%'",
        company.id,
        member.id,
    )
    assert did == "answers.imported"


# -- once ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["text\nDer Nebel\nDie Wertung\n", "id,text\na,Der Nebel\nb,Die Wertung\n"])
async def test_the_same_file_twice_changes_nothing(company: Company, question: Question, text: str):
    await bring_in(company, text)
    before = await Response.select().order_by(Response.id)

    again = await bring_in(company, text, now=made.NOW + timedelta(days=3))

    assert (again.rows, again.new) == (2, 0)
    assert await Response.select().order_by(Response.id) == before
    assert await Answer.count() == 2


async def test_a_longer_file_adds_only_what_is_new(company: Company, question: Question):
    await bring_in(company, "text\nDer Nebel\nDie Wertung\n")
    again = await bring_in(company, "text\nDie Wertung\nDas Heft\nDer Nebel\n")
    assert (again.rows, again.new) == (3, 1)


async def test_two_people_who_say_the_same_word_are_two(company: Company, question: Question):
    first = await bring_in(company, "text\nNebel\nNebel\n")
    again = await bring_in(company, "text\nNebel\nNebel\nNebel\n")
    assert (first.new, again.new) == (2, 1)
    assert await Response.count() == 3


async def test_the_same_id_with_other_words_is_the_same_answer(company: Company, question: Question):
    await bring_in(company, "id,text\na,Der Nebel\n")
    again = await bring_in(company, "id,text\na,Ganz anders\n")
    assert again.new == 0
    assert await fetch_column("select words from answer") == ["Der Nebel"]


async def test_the_same_file_for_another_question_is_kept_there_too(company: Company, question: Question):
    other = await made.a_question(company, slug="andere")
    await bring_in(company, "id,text\na,Der Nebel\n")
    assert (await bring_in(company, "id,text\na,Der Nebel\n", slug="andere")).new == 1
    assert await Response.count().where(Response.question == other.id) == 1


# -- who may not -----------------------------------------------------------------------------------
async def test_another_company_s_question_is_not_there(company: Company, question: Question):
    neighbour = await made.a_company("nachbar", name="Nachbar")
    with pytest.raises(NotFound):
        await bring_in(neighbour, "text\nDer Nebel\n")
    assert await Response.count() == 0


async def test_a_draft_takes_no_answers(company: Company):
    await made.a_question(company, slug="entwurf", state="draft")
    assert await why_not(company, "text\nDer Nebel\n", slug="entwurf") == [
        ("import.still-a-draft", None, None)
    ]


# -- what does not fit -----------------------------------------------------------------------------
async def test_every_place_that_does_not_fit_is_named_and_nothing_is_kept(
    company: Company, question: Question
):
    assert await why_not(
        company,
        "id;text;Wann?;Mit wem?;Wie gern?;day;lang;quoting\n"
        "1;gut;;;;;;\n"
        "2;gut;Gestern;;;;;\n"
        "3;gut;;Allein|Der Hund;6;;;\n"
        "4;gut;;;;2999-01-01;;\n"
        "5;gut;;;;32.1.2025;deutsch;vielleicht\n"
        "6;gut;;;;;;named\n"
        "1;noch einmal;;;;;;\n",
    ) == [
        ("import.not-an-option", 3, "Wann?"),
        ("import.not-an-option", 4, "Mit wem?"),
        ("import.not-on-scale", 4, "Wie gern?"),
        ("import.not-yet-or-long-ago", 5, "day"),
        ("import.not-a-consent", 6, "quoting"),
        ("import.not-a-language", 6, "lang"),
        ("import.not-a-day", 6, "day"),
        ("import.named-without-name", 7, "quoting"),
        ("import.id-twice", 8, "id"),
    ]


async def test_a_thousand_faults_are_told_by_the_first_twenty(company: Company, question: Question):
    reasons = await why_not(company, "text;day\n" + "gut;gestern\n" * 1000)
    assert len(reasons) == MOST_REASONS
    assert reasons[0] == ("import.not-a-day", 2, "day")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("a" * 20_001, "import.too-long"), ("a\0b", "import.broken-cell")],
)
async def test_a_cell_that_is_no_answer_is_named(
    company: Company, question: Question, cell: str, reason: str
):
    assert await why_not(company, f"id,text\n1,gut\n2,{cell}\n") == [(reason, 3, "text")]


async def test_an_object_where_words_belong_is_named(company: Company, question: Question):
    lines = '{"text": "gut"}\n{"text": {"a": 1}}\n'
    assert await why_not(company, lines, kind=Format.JSONL) == [("import.not-text", 2, "text")]


async def test_an_id_that_is_too_long_is_named(company: Company, question: Question):
    assert await why_not(company, f"id,text\n{'x' * 121},gut\n") == [("import.too-long", 2, "id")]


@pytest.mark.parametrize(
    ("text", "named", "reason"),
    [
        ("Farbe\nrot\n", {}, "import.no-answers-column"),
        ("text\ngut\n", {"text": "Kommentar"}, "import.no-such-column"),
        ("text,answer\na,b\n", {}, "import.column-twice"),
        ("id,text\n1,\n2, \n", {}, "import.no-answers"),
    ],
)
async def test_a_file_without_answers_is_refused(
    company: Company, question: Question, text: str, named: dict[str, str], reason: str
):
    assert [found for found, _, _ in await why_not(company, text, named=named)] == [reason]


async def test_rows_without_an_answer_are_passed_over_and_counted(company: Company, question: Question):
    imported = await bring_in(company, "id,text\n1,gut\n2,\n3, \n")
    assert (imported.rows, imported.new, imported.empty) == (1, 1, 2)


async def test_formulas_stay_words_and_their_guard_goes(company: Company, question: Question, shared: Path):
    rows = [json.loads(line) for line in (shared / "corpora/csv-formulas.jsonl").read_text().splitlines()]
    lines = "".join(json.dumps({"id": row["id"], "text": f"'{row['cell']}"}) + "\n" for row in rows)
    await bring_in(company, lines, kind=Format.JSONL)

    kept = dict(
        zip(
            await fetch_column("select external_id from response order by external_id"),
            await fetch_column(
                "select a.words from answer a join response r on r.id = a.response order by r.external_id"
            ),
            strict=True,
        )
    )
    assert kept["csv-00"] == "=1+1"
    assert len(kept) == len(rows)


async def test_hostile_words_come_in_as_they_are(company: Company, question: Question, shared: Path):
    rows = [json.loads(line) for line in (shared / "corpora/hostile-answers.jsonl").read_text().splitlines()]
    whole = [
        row for row in rows if "\0" not in row["text"] and row["text"].strip() and len(row["text"]) <= 20_000
    ]
    lines = "".join(json.dumps({"id": row["id"], "text": row["text"]}) + "\n" for row in whole)
    imported = await bring_in(company, lines, kind=Format.JSONL)
    assert imported.new == imported.rows > 10


async def test_a_mapping_names_the_column(company: Company, question: Question):
    await bring_in(
        company,
        "Kommentar;Wann war das\nDer Nebel;Am Ende\n",
        named={"text": "Kommentar", "2": "Wann war das"},
    )
    assert await Answer.count() == 2


async def test_ten_thousand_rows_take_seconds(company: Company, question: Question):
    began = datetime.now()
    await bring_in(
        company, "id,text\n" + "".join(f"{n},Der Nebel zieht zum {n}. Mal\n" for n in range(10_000))
    )
    assert (datetime.now() - began).total_seconds() < 30
    assert await Response.count() == 10_000
    assert await Prompt.count() == len(PROMPTS)
