"""Where the ledger shows itself: under a note, in feeds, in mails and on receipts; with a signature to keep."""

import json
import re
from html import unescape

import pytest

from hearback.changenotes.commands import correct_note
from hearback.ledger import jobs, queries
from hearback.ledger.proofs import proven
from hearback.ledger.signing import sign
from hearback.ledger.verify import verify
from hearback.notifying import commands as mails
from hearback.notifying.rules import MailKind
from hearback.receipts.commands import erase
from tests import made
from tests.answering.test_public import WORDS, code_on, send, served
from tests.changenotes.ready import Ready, ready
from tests.changenotes.test_commands import corrected
from tests.ledger.test_public import filled, key_of, saved
from tests.notifying.conftest import mailbox  # noqa: F401  (a fixture)
from tests.receipts.test_erasing import where_it_stands
from tests.waiting import until

LINE = re.compile(r"test/kranich \d+ [\w+/]{43}= [\w+/]+={0,2}")


@pytest.fixture
async def company(app):
    return await made.a_company()


@pytest.fixture
async def house(company) -> Ready:
    return await ready(company)


async def page_of(fan, slug: str) -> str:
    return (await fan.get(f"/kranich/log/{slug}")).text


async def test_under_a_note_stands_its_place_and_a_signature_to_keep(fan, house, tmp_path):
    slug = await house.published()
    assert "Die Unterschrift kommt gleich." in await page_of(fan, slug)
    await sign(house.company.id)

    async def is_there() -> object:
        return LINE.search(await page_of(fan, slug))

    await until(is_there)
    page = await page_of(fan, slug)
    assert "Die eine Fassung ist eingetragen." in page
    assert "Die Worte sind die, die eingetragen wurden." in page
    assert "0 Zeugen" in page
    address = re.search(r'href="(/kranich/ledger/proof/\d+)"', page)[1]
    proof, _ = proven((await fan.get(address)).text, await key_of(fan))
    assert json.loads(proof.leaf)["kind"] == "note.published"

    kept = LINE.search(page)[0].encode()
    await filled(house.company, 5)
    await sign(house.company.id)
    folder, key = await saved(fan, house.company, tmp_path), await key_of(fan)
    assert verify(str(folder), key, kept).startswith("OK")
    assert LINE.search(await page_of(fan, slug))[0].encode() == kept, (
        "it stays the same however the ledger grows"
    )


async def test_every_version_has_its_entry(fan, house):
    slug = await house.published()
    by = {"by": house.writer, "now": made.NOW}
    await correct_note(
        house.company, await house.note(slug), corrected(house, did="Es steht auf Seite 6."), **by
    )
    await sign(house.company.id)
    assert "Alle 2 Fassungen sind eingetragen, keine fehlt." in await page_of(fan, slug)


async def test_words_that_were_changed_past_every_guard_are_said_aloud_under_the_note(fan, house, owner):
    slug = await house.published()
    await owner(["update note_field set words = 'Wir haben immer alles richtig gemacht.' where name = 'did'"])
    page = await page_of(fan, slug)
    assert "Achtung: Hier steht etwas anderes, als eingetragen wurde." in page
    assert "Die Worte sind die" not in page


@pytest.mark.parametrize(
    "rewritten",
    [
        "kind = 'not_changed'",
        "published_at = published_at - interval '30 days'",
        "signed_as = 'Praktikant'",
        "signed_by = (select id from member where role = 'admin' limit 1)",
    ],
)
async def test_so_is_another_kind_another_signature_and_another_day(fan, house, owner, tmp_path, rewritten):
    await made.a_member(house.company, "admin")
    slug = await house.published()
    await sign(house.company.id)
    assert verify(str(await saved(fan, house.company, tmp_path / "a")), await key_of(fan)).startswith("OK")

    await owner([f"update note set {rewritten}"])

    assert "Achtung: Hier steht etwas anderes, als eingetragen wurde." in await page_of(fan, slug)
    with pytest.raises(Exception, match="text"):
        verify(str(await saved(fan, house.company, tmp_path / "b")), await key_of(fan))


async def test_a_note_from_before_the_ledger_says_so(fan, house, owner):
    slug = await house.published()
    await owner(["delete from ledger_salt", "delete from ledger_leaf"])
    assert "Diese Notiz ist älter als das Prüfbuch." in await page_of(fan, slug)


async def test_erased_words_are_counted_under_the_note_and_stand_nowhere_any_more(
    fan, house, set_env, tmp_path
):
    """Not in the database, no file of the ledger, no feed, and no page that was remembered with them."""
    set_env("HEARBACK_LEDGER_FILES", str(tmp_path / "files"))
    canary = "Sofagrünmond"
    words = f"Bei uns lag der {canary} unter dem Regal."
    slug = await house.published(asked=f"Jemand schrieb: „{words}“")
    response = (await made.an_answer(house.company, house.question, words)).id
    await sign(house.company.id)
    public = [f"/kranich/log/{slug}", "/kranich/log", "/kranich/log.atom", "/kranich/log.json"]
    public += [f"/kranich/log/{slug}/history", f"/kranich/log/{slug}/print", "/kranich/search?q=Regal"]

    async def shown() -> list[str]:
        return [path for path in public if canary in (await fan.get(path)).text]

    async def nowhere() -> bool:
        return await shown() == []

    assert public[0] in await shown(), "and the page is remembered, with the words"

    await erase(house.company.id, response, now=made.NOW, today=made.today())
    await jobs.sign()
    await until(nowhere)
    assert await where_it_stands(canary) == []
    folder, key = await saved(fan, house.company, tmp_path / "copy"), await key_of(fan)
    assert verify(str(folder), key).endswith(" 1 erased")
    assert not [one for one in tmp_path.rglob("*") if one.is_file() and canary.encode() in one.read_bytes()]
    page = await page_of(fan, slug)
    assert "1 Feld gelöscht" in page
    assert "Die Worte sind die, die eingetragen wurden." in page, "what is left, that is"


async def test_feeds_carry_place_and_signature_in_each_entry_with_one_query_for_all(fan, house):
    for number in range(3):
        await house.published(title=f"Seite 6, Teil {number}")
    await sign(house.company.id)
    line = (await queries.newest_checkpoint(house.company.id)).line
    for path in ("log.atom", "log.json"):
        fed = await fan.get(f"/kranich/{path}")
        assert len(LINE.findall(unescape(fed.text))) >= 3
        assert line in unescape(fed.text)
    items = json.loads(fed.text)["items"]
    assert [item["_ledger"]["checkpoint"] for item in items] == [line] * 3


async def test_a_mail_carries_the_newest_signature_in_one_piece(house, mailbox):  # noqa: F811
    await made.mail_set_up(house.company, mailbox.port)
    note = await house.note(await house.published())
    await sign(house.company.id)
    await made.a_follower(house.company)
    await mails.tell_of_note(house.company.id, note, MailKind.PUBLISHED, now=made.NOW)
    await mails.send_due(lambda: made.NOW)

    line = (await queries.newest_checkpoint(house.company.id)).line
    for kind in ("plain", "html"):
        told = unescape(mailbox.mails[0].get_body((kind,)).get_content())
        assert LINE.findall(" ".join(told.split())) == [line]


async def receipt(fan, code: str) -> str:
    return (await fan.post("/kranich/r", data={"code": code})).text


async def test_a_receipt_says_where_its_answer_stands_and_works_out_that_its_words_are_those(
    fan, company, owner
):
    await made.a_question(company, slug="moorlichter")
    code = code_on(await send(fan, await served(fan)))
    assert "Deine Antwort kommt gleich ins Prüfbuch." in await receipt(fan, code)
    await sign(company.id)

    page = await receipt(fan, code)
    assert "Deine Antwort steht an Stelle 1 im Prüfbuch. Nachgerechnet: Deine Worte sind die" in page
    assert LINE.search(page)[0] == (await queries.newest_checkpoint(company.id)).line
    assert 'href="/kranich/ledger/proof/0"' in page
    told = json.loads(unescape(re.search(r'data-proof="([^"]+)"', page)[1]))
    assert WORDS in told["entries"][0]["values"]["answer"]

    await owner(["update answer set words = 'Alles ist wunderbar.'"])
    page = await receipt(fan, code)
    assert "Achtung: Was hier als deine Worte steht, ist nicht, was eingetragen wurde." in page


async def test_a_receipt_from_before_the_ledger_says_nothing_of_it(fan, company, owner):
    await made.a_question(company, slug="moorlichter")
    code = code_on(await send(fan, await served(fan)))
    await owner(["delete from ledger_salt", "delete from ledger_leaf"])
    assert "Deine Antwort steht an Stelle" not in await receipt(fan, code)
    assert "kommt gleich ins Prüfbuch" not in await receipt(fan, code)
