"""An older backup brings back what was in it, and nothing that fans have taken back since."""

import asyncio
from pathlib import Path

import pytest

from hearback import cli
from hearback.answering.rules import Quoting
from hearback.answering.tables import Answer, Response
from hearback.clock import now
from hearback.database.engine import APP_ROLE, connected
from hearback.receipts import commands
from hearback.receipts.forms import QuotingForm
from tests import made

TODAY = made.today()


@pytest.fixture
def hearback(database, monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", database.replace(APP_ROLE, "hearback_owner"))
    return lambda *arguments: asyncio.to_thread(cli.main, [str(one) for one in arguments])


async def four_answers():
    company = await made.a_company()
    question = await made.a_question(company)
    return company, [
        await made.an_answer(company, question, words, quoting="unnamed")
        for words in ("Eins.", "Zwei.", "Drei.", "Vier.")
    ]


async def take_back_three(company, responses):
    erased, withdrawn, unquoted, _ = [response.id for response in responses]
    await commands.erase(company.id, erased, now=now(), today=TODAY)
    await commands.withdraw(company.id, withdrawn, today=TODAY)
    await commands.change_quoting(
        company.id, unquoted, QuotingForm(quoting=Quoting.NO), language="de", today=TODAY
    )


async def what_stands():
    async with connected():
        rows = await Response.select(Response.state, Response.quoting)
        return sorted((row["state"], row["quoting"]) for row in rows), await Answer.count()


AS_THEY_WISHED = [("counted", "no"), ("counted", "unnamed"), ("erased", "no"), ("withdrawn", "no")]


async def test_what_was_taken_back_since_the_backup_is_taken_back_again(hearback, tmp_path: Path, capsys):
    async with connected():
        company, responses = await four_answers()
    await hearback("backup", tmp_path / "before")
    async with connected():
        await take_back_three(company, responses)

    await hearback("restore", tmp_path / "before", "--replace")

    assert await what_stands() == (AS_THEY_WISHED, 3)
    assert "3 answers that their fans had erased" in capsys.readouterr().out


async def test_a_list_that_was_kept_apart_does_it_where_the_database_is_lost(hearback, tmp_path: Path):
    async with connected():
        company, responses = await four_answers()
    await hearback("backup", tmp_path / "before")
    async with connected():
        await take_back_three(company, responses)
    await hearback("taken-back", tmp_path / "list")
    async with connected():  # as if it were another database
        await Response.update({Response.state: "counted", Response.quoting: "unnamed"}, force=True)
        await Response.update({Response.consent_on: None, Response.ended_on: None}, force=True)

    await hearback("restore", tmp_path / "before", "--replace", "--taken-back", tmp_path / "list")

    assert await what_stands() == (AS_THEY_WISHED, 3)
    assert "Eins" not in (tmp_path / "list").read_text()
