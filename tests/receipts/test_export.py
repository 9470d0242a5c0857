"""Everything that is kept of an answer, in the fan's own hand; and nobody else's."""

import datetime as dt
import re

import msgspec
import pytest

from hearback.answering.code import shown
from hearback.asking.tables import Question
from hearback.database.engine import ENGINE
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
    said = {"verdict": "not_quite", "words": "Fast.", "on": dt.date.today()}
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
    assert "<svg" in reply.text and len(reply.content) < 20_000
    assert not re.search(r"<script|<link|<img| style=", reply.text)


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
