"""What a company says in public stands in the ledger field by field, and so does every change of it."""

import json
from datetime import timedelta

from hearback.changenotes.commands import correct_note, withdraw_note
from hearback.changenotes.forms import WithdrawalForm
from hearback.changenotes.tables import NoteField, Revision
from hearback.database.engine import ENGINE, fetch_value
from hearback.ledger.rules import commitment
from hearback.ledger.signing import sign_all
from hearback.receipts.commands import erase
from tests import made
from tests.changenotes.ready import ready
from tests.changenotes.test_commands import corrected


async def entries() -> list[tuple[dict, dict[str, bytes]]]:
    """Each with the salts that are left."""
    rows = await ENGINE.pool.fetch("select id, entry from ledger_leaf where kind like 'note.%' order by step")
    return [
        (
            json.loads(row["entry"]),
            {
                one["name"]: one["salt"]
                for one in await ENGINE.pool.fetch(
                    "select name, salt from ledger_salt where leaf = $1", row["id"]
                )
            },
        )
        for row in rows
    ]


async def test_each_word_in_public_has_its_hash_and_each_change_its_entry(company):
    house = await ready(company)
    by = {"by": house.writer, "now": made.NOW}
    note_id = await house.note(await house.published())
    await correct_note(company, note_id, corrected(house, did="Es steht nun auf Seite 6."), **by)
    await withdraw_note(company.id, note_id, WithdrawalForm(why="Es war das falsche Spiel."), **by)

    told = await entries()
    assert [entry["kind"] for entry, _ in told] == ["note.published", "note.revised", "note.withdrawn"]
    assert {entry["of"] for entry, _ in told} == {str(note_id)}
    for (entry, salts), revision in zip(
        told, await Revision.objects().order_by(Revision.number), strict=True
    ):
        fields = await NoteField.objects().where(NoteField.revision == revision.id)
        said = {one.name: one.until.isoformat() if one.until else one.words for one in fields}
        said |= {"reason": revision.reason} if revision.reason else {}
        if revision.number == 1:
            said |= {
                "kind": "changed",
                "signed_by": str(house.writer.id),
                "signed_as": house.writer.role_title,
                "published_at": f"{made.NOW:%Y-%m-%dT%H:%M:%SZ}",
            }
        assert entry["subject"] == str(revision.id)
        assert entry["figures"] == {"number": revision.number}
        assert entry["fields"] == {
            name: commitment(name, words, salts[name]).hex() for name, words in said.items()
        }
        assert not any(one.words in str(entry) for one in fields if one.words)
    await sign_all()
    assert await fetch_value("select size from ledger_checkpoint order by size desc limit 1") == 4, (
        "its promise too"
    )


async def test_a_fans_words_that_go_leave_a_gap_and_an_entry_that_says_so(company):
    house = await ready(company)
    words = "Ich habe 3 Minuten gesucht, wann es ausgeht."
    response = await fetch_value("select response from answer where words = $1", words)
    note = await made.a_public_note(company, house.theme, by=house.writer, asked=f"Jemand schrieb: „{words}“")
    revision = await Revision.objects().where(Revision.note == note.id).first()
    before = len(await entries())

    await erase(company.id, response, now=made.NOW, today=made.today())

    ((entry, salts),) = (await entries())[before:]
    assert (entry["kind"], entry["subject"], entry["of"]) == (
        "note.field-erased",
        str(revision.id),
        str(note.id),
    )
    now_there = await fetch_value(
        "select words from note_field where revision = $1 and name = 'asked'", revision.id
    )
    assert words not in now_there
    assert entry["fields"] == {"asked": commitment("asked", now_there, salts["asked"]).hex()}


async def test_a_correction_made_while_the_clock_is_back_is_no_older_than_what_it_corrects(company):
    house = await ready(company)
    note_id = await house.note(await house.published())
    yesterday = made.NOW - timedelta(days=1)
    await correct_note(company, note_id, corrected(house, did="Seite 6."), by=house.writer, now=yesterday)
    first, second = await Revision.objects().order_by(Revision.number)
    assert second.at == first.at
