"""Promises made, moved, kept and broken stand in the ledger, and what they say is opened as what notes say is."""

import json
from datetime import timedelta

import pytest

from hearback.database.engine import ENGINE, transaction
from hearback.ledger.signing import sign
from hearback.ledger.verify import verify
from hearback.promises.commands import break_promise, make_promise, mark_kept, set_new_date
from hearback.promises.forms import BreakForm, NewDateForm
from hearback.promises.rules import PromiseKind
from hearback.receipts.commands import erase
from tests import made
from tests.ledger.test_public import key_of, saved

TODAY = made.today()
SOON = TODAY + timedelta(days=9)
MOVED = "Die Druckerei hat uns erst für Januar einen Platz gegeben."
BROKEN = "Die Form ist gebrochen, und niemand baut uns eine neue."


@pytest.fixture
async def company(app):
    return await made.a_company()


async def told(company) -> list[dict]:
    rows = await ENGINE.pool.fetch(
        "select entry from ledger_leaf where company = $1 order by step", company.id
    )
    return [json.loads(row["entry"]) for row in rows]


async def promised(company, member, words: str = "Wir schicken Steine mit Kerben."):
    async with transaction():
        return await make_promise(
            company.id, PromiseKind.REPAIR, words, SOON, language="de", by=member.id, now=made.NOW
        )


async def test_made_moved_and_broken_each_leave_an_entry_whose_words_open(fan, company, tmp_path):
    by = await made.a_member(company)
    first = await promised(company, by)
    by_whom = {"by": by, "now": made.NOW, "today": TODAY}
    second = await set_new_date(company.id, first, NewDateForm(SOON + timedelta(days=9), MOVED), **by_whom)
    await break_promise(company.id, second, BreakForm(BROKEN), **by_whom)

    made_, moved, *broken = await told(company)
    assert (made_["kind"], made_["subject"]) == ("promise.made", str(first))
    assert (moved["kind"], moved["subject"], moved["of"]) == ("promise.moved", str(second), str(first))
    assert {(one["kind"], one["subject"]) for one in broken} == {
        ("promise.broken", str(first)),
        ("promise.broken", str(second)),
    }
    await sign(company.id)
    folder = await saved(fan, company, tmp_path)
    said = b"".join(one.read_bytes() for one in sorted((folder / "content").iterdir())).decode()
    assert all(words in said for words in (MOVED, BROKEN, SOON.isoformat()))
    assert verify(str(folder), await key_of(fan)).startswith("OK: 4 entries; 7 texts")


async def test_kept_leaves_one_entry_however_often_it_is_said(company):
    by = await made.a_member(company)
    promise = await promised(company, by)
    for _ in range(2):
        await mark_kept(company.id, promise, by=by, now=made.NOW, today=TODAY)
    assert [one["kind"] for one in await told(company)] == ["promise.made", "promise.kept"]


async def test_a_fans_words_in_a_promise_go_and_the_ledger_still_fits(fan, company, tmp_path):
    words = "Bei uns lag der grüne Mond unter dem Sofa."
    response = await made.an_answer(company, await made.a_question(company), words)
    await promised(company, await made.a_member(company), f"Wir gehen dem nach: „{words}“")
    await erase(company.id, response.id, now=made.NOW, today=TODAY)
    await sign(company.id)
    folder = await saved(fan, company, tmp_path)
    assert verify(str(folder), await key_of(fan)).endswith("1 erased")
    assert not any(words.encode() in one.read_bytes() for one in folder.rglob("*") if one.is_file())


QUOTED = "Bei uns lag der grüne Mond unter dem Sofa."


async def opened(fan, company, tmp_path) -> str:
    """What the verifier says of all that is signed, in its last words."""
    await sign(company.id)
    folder = await saved(fan, company, tmp_path)
    return verify(str(folder), await key_of(fan)).partition("; ")[2]


async def moved_and_broken(company, *, moved: str = MOVED, broken: str = BROKEN):
    """Its new day, which is broken too."""
    by = await made.a_member(company)
    by_whom = {"by": by, "now": made.NOW, "today": TODAY}
    first = await promised(company, by)
    second = await set_new_date(company.id, first, NewDateForm(SOON + timedelta(days=9), moved), **by_whom)
    await break_promise(company.id, second, BreakForm(broken), **by_whom)
    return second


async def test_a_reason_that_is_erased_takes_no_other_with_it(fan, company, tmp_path):
    response = await made.an_answer(company, await made.a_question(company), QUOTED)
    await moved_and_broken(company, broken=f"Wir finden ihn nicht: „{QUOTED}“")

    await erase(company.id, response.id, now=made.NOW, today=TODAY)

    assert await opened(fan, company, tmp_path) == "7 texts here are as logged, 2 erased"


async def test_two_reasons_that_are_erased_at_once_can_both_be_read_with_their_gaps(fan, company, tmp_path):
    response = await made.an_answer(company, await made.a_question(company), QUOTED)
    await moved_and_broken(
        company, moved=f"Wir suchen noch: „{QUOTED}“", broken=f"Wir finden ihn nicht: „{QUOTED}“"
    )

    await erase(company.id, response.id, now=made.NOW, today=TODAY)

    assert await opened(fan, company, tmp_path) == "7 texts here are as logged, 3 erased"


@pytest.mark.parametrize(("reason", "erased"), [("moved", 2), ("broken", 4)])
async def test_a_reason_from_which_two_fans_are_erased_fits_after_each(
    fan, company, tmp_path, reason, erased
):
    question = await made.a_question(company)
    other = "Der rote Kasten klemmt seit dem ersten Abend."
    first, second = [await made.an_answer(company, question, words) for words in (QUOTED, other)]
    await moved_and_broken(company, **{reason: f"Das war es: „{QUOTED}“ Und das: „{other}“"})

    for response in (first, second):
        await erase(company.id, response.id, now=made.NOW, today=TODAY)

    assert await opened(fan, company, tmp_path) == f"7 texts here are as logged, {erased} erased"
