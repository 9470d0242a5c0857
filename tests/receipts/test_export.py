"""Everything that is kept of an answer, in the fan's own hand; and nobody else's."""

import base64
import hashlib
import json
import re

import msgspec
import pytest

from hearback.answering.code import shown
from hearback.answering.commands import set_aside
from hearback.answering.forms import SettingAsideForm
from hearback.answering.rules import Filled
from hearback.answering.tables import Response
from hearback.asking.tables import Question
from hearback.database.engine import ENGINE, fetch_column
from hearback.ledger.checkpoints import opened
from hearback.ledger.rules import included
from hearback.ledger.signing import sign
from hearback.receipts.commands import correct
from hearback.receipts.tables import Hearback
from hearback.trust.export import TABLES
from tests import made

CODE = "7K4QM0000000000000000000AB"
# Tables that lead to an answer through links, however long the way.
LINKED = """
with recursive linked (name) as (
    select 'response'::regclass
    union
    select c.conrelid from pg_constraint c join linked l on c.confrelid = l.name where c.contype = 'f')
select name::text from linked"""


@pytest.fixture
async def response(company):
    question = await made.a_question(company, slug="moorlichter")
    return await made.an_answer(
        company, question, "Rot und Grün <b>gleich</b>.", code=CODE, quoting="named", first_name="Ayşe"
    )


async def export(fan, **data):
    return await fan.post("/kranich/r/export", data={"code": CODE} | data)


async def test_every_table_that_leads_to_an_answer_is_in_the_export(app):
    linked = {row["name"] for row in await ENGINE.pool.fetch(LINKED)}
    # A mail is what we sent: it goes with the follower, and holds nothing that the follower does not.
    assert linked - {"mail"} - TABLES.keys() == set()


async def test_the_json_is_complete_and_holds_nobody_elses(fan, company, response):
    theme, by = await made.a_theme(company), await made.a_member(company)
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=by)
    said = {"verdict": "not_quite", "words": "Fast.", "on": made.today()}
    await Hearback.insert(Hearback(company=company.id, response=response.id, note=note.id, **said))
    other = await made.an_answer(company, await made.a_question(company), "Fremdes.", first_name="Erika")
    await made.placed(company, other, theme)

    reply = await export(fan, **{"as": "json"})

    assert reply.headers["content-disposition"] == 'attachment; filename="export-moorlichter.json"'
    assert reply.headers["cache-control"] == "no-store"
    kept = msgspec.json.decode(reply.content)["kept"]
    assert set(kept) == set(TABLES)
    assert kept["answer"][0]["words"] == "Rot und Grün <b>gleich</b>."
    assert kept["response"][0]["first_name"] == "Ayşe"
    assert kept["placement"][0]["theme"] == theme.name
    assert kept["hearback"][0]["words"] == "Fast."
    assert "Fremdes" not in reply.text and "Erika" not in reply.text


async def test_the_page_to_read_is_a_file_of_its_own(fan, response):
    reply = await export(fan)

    assert reply.headers["content-disposition"] == 'attachment; filename="export-moorlichter.html"'
    assert "Rot und Grün &lt;b&gt;gleich&lt;/b&gt;." in reply.text
    assert "Wir dürfen dich wörtlich zitieren, als Ayşe." in reply.text
    assert not re.search(r"<script|<link|<img| style=", reply.text)
    assert "What you said" in (await fan.post("/kranich/r/export?lang=en", data={"code": CODE})).text


@pytest.mark.parametrize("path", ["export", "file"])
async def test_without_the_code_there_is_no_file(fan, response, path):
    reply = await fan.post(f"/kranich/r/{path}", data={"code": "0" * 26})

    assert reply.status_code == 422
    assert "content-disposition" not in reply.headers


async def test_the_receipt_is_saved_as_a_small_file_that_needs_nothing(fan, response):
    reply = await fan.post("/kranich/r/file", data={"code": CODE})

    assert reply.headers["content-disposition"] == 'attachment; filename="quittung-moorlichter.html"'
    assert shown(CODE) in reply.text and f"http://test/kranich/r#{shown(CODE)}" in reply.text
    assert 'src="data:image/png' in reply.text and len(reply.content) < 20_000
    assert not re.search(r"<script|<link|<img(?![^>]* src=\"data:)| style=", reply.text)


async def test_who_has_just_answered_can_save_the_receipt_at_once(fan, company):
    question = await made.a_question(company, slug="moorlichter")
    page = (await fan.get("/kranich/ask/moorlichter")).text
    (field,) = re.findall(r'<textarea[^>]*name="(p[0-9a-f]{32})"', page)
    (key,) = re.findall(r'name="key" value="([0-9a-f]{32})"', page)
    sent = {"key": key, field: "Die Steine sehen gleich aus."}
    thanks = (await fan.post(f"/kranich/ask/{question.slug}/answers", data=sent)).text

    (code,) = re.findall(r'action="/kranich/r/file"><input type="hidden" name="code" value="([^"]+)"', thanks)

    assert (await fan.post("/kranich/r/file", data={"code": code})).status_code == 200


async def test_both_files_speak_the_readers_language_where_somebody_translated(fan, response):
    title = {"en": {"title": "Where did you get lost?"}}
    await Question.update({Question.translations: msgspec.json.encode(title).decode()}, force=True)

    for path in ("file", "export"):
        page = (await fan.post(f"/kranich/r/{path}?lang=en", data={"code": CODE})).text
        assert "<p>Where did you get lost?</p>" in page, path
        page = (await fan.post(f"/kranich/r/{path}", data={"code": CODE})).text
        assert "<p>Wo hat euch die Anleitung allein gelassen?</p>" in page, path


async def test_whoever_holds_the_export_can_prove_their_entries_with_nothing_of_ours(fan, company):
    question = await made.a_question(company, slug="moorlichter")
    page = (await fan.get("/kranich/ask/moorlichter")).text
    (field,) = re.findall(r'<textarea[^>]*name="(p[0-9a-f]{32})"', page)
    (key,) = re.findall(r'name="key" value="([0-9a-f]{32})"', page)
    thanks = await fan.post(
        f"/kranich/ask/{question.slug}/answers", data={"key": key, field: "Die „Steine“ sehen gleich aus."}
    )
    (code,) = re.findall(r'id="code">([0-9A-Z-]+)<', thanks.text)
    (response,) = await Response.objects()
    by, why = await made.a_member(company), SettingAsideForm(reason="Das ist Werbung.", rule=1)
    await set_aside(company.id, response.id, why, by=by, now=made.NOW)
    await sign(company.id)

    told = await exported(fan, code)

    size, root = told["checkpoint"].split("\n")[1:3]
    assert opened(told["checkpoint"], told["key"]).size == int(size) == 2
    assert told["key"].replace("+", "&#43;") in (await fan.get("/kranich/ledger")).text.replace("+", "&#43;")
    assert [entry["kind"] for entry in told["entries"]] == ["answer.received", "answer.set-aside"]
    for entry in told["entries"]:
        leaf = hashlib.sha256(b"\0" + entry["entry"].encode()).digest()
        path = [bytes.fromhex(one) for one in entry["path"]]
        assert included(leaf, entry["number"], int(size), path, base64.b64decode(root))
        for name, value in entry["values"].items():
            said = json.dumps([name, value], separators=(",", ":"), ensure_ascii=False).encode()
            field = hashlib.sha256(b"field/v1\0" + bytes.fromhex(entry["salts"][name]) + said)
            assert json.loads(entry["entry"])["fields"][name] == field.hexdigest()
    assert "„Steine“" in told["entries"][0]["values"]["answer"]
    assert told["entries"][1]["values"] == {"reason": "Das ist Werbung."}
    page = (await fan.post("/kranich/r/export", data={"code": code})).text
    assert "Angekommen: Stelle 1" in page
    assert told["entries"][0]["salts"]["answer"] in page.replace("<wbr>", ""), (
        "breaks, so that it fits a phone"
    )

    today = made.NOW.date()
    filled = [Filled(field_of, "Etwas anderes.") for field_of in await fetch_column("select id from prompt")]
    await correct(company.id, response.id, filled, closed=False, now=made.NOW, today=today)
    entries = (await exported(fan, code))["entries"]
    assert [entry["salts"].keys() for entry in entries] == [set(), set(), {"answer"}], (
        "old words prove nothing"
    )
    assert entries[2]["number"] is None and "Etwas anderes." in entries[2]["values"]["answer"]


async def exported(fan, code) -> dict:
    reply = await fan.post("/kranich/r/export", data={"code": code, "as": "json"})
    told = msgspec.json.decode(reply.content)
    assert "/kranich/ledger" in told["how_to_check_the_ledger"]
    return told["ledger"]
