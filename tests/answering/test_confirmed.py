"""A question whose answers are confirmed by mail: one voice for each mailbox, and nothing that leads from it to one."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hearback.answering import closing, confirming, judging, queries
from hearback.answering.keeping import ImportedRow, keep_imported
from hearback.answering.rules import ResponseState
from hearback.answering.tables import ConfirmedVoice, Response, Unconfirmed
from hearback.clock import now
from hearback.database.engine import ENGINE, execute, fetch_column, fetch_value, transaction
from hearback.jobs import do_all_now
from hearback.settings import settings
from hearback.trust.sealing import token
from tests import made
from tests.asking.test_desk import draft
from tests.conftest import browser_of
from tests.notifying.mailbox import Mailbox, a_mailbox

WORDS = "Rot und Grün sehen für meine Tochter gleich aus."
PATH = "/kranich/ask/bestaetigt"
MIA = "mia.kanarienvogel@example.org"


@pytest.fixture
def mailbox(set_env) -> Iterator[Mailbox]:
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_mailbox() as box:
        yield box


@pytest.fixture
async def question(company, mailbox):
    await made.mail_set_up(company, mailbox.port)
    return await made.a_question(company, slug="bestaetigt", level="confirmed")


async def send(fan, address: str = MIA, words: str = WORDS, *, page: str = "", **more: str):
    page = page or (await fan.get(PATH)).text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    prompt = re.search(r'<textarea[^>]* name="(p[0-9a-f]{32})"', page)[1]
    data = {"key": key, prompt: words, "quoting": "no", "address": address} | more
    return await fan.post(f"{PATH}/answers", data=data)


async def the_link(mailbox: Mailbox) -> str:
    """From the newest mail, without the host; the worker's jobs are done first."""
    await do_all_now()
    text = mailbox.mails[-1].get_body(("plain",)).get_content()
    return re.search(r"https?://[^/]+(/\S+/confirm/\S+)", text)[1]


async def states() -> list[tuple[str, str]]:
    return [(one["state"], one["flag"]) for one in await Response.select(Response.state, Response.flag)]


async def everything() -> str:
    """The whole database as text, jobs and outbox too; bytes as letters where they are some."""
    found = []
    for (table,) in await ENGINE.pool.fetch("select tablename from pg_tables where schemaname = 'public'"):
        rows = await ENGINE.pool.fetch(f'select * from "{table}"')
        found += [repr(tuple(row)) for row in rows]
    return "\n".join(found)


async def test_it_asks_for_an_address_and_says_why_where_others_ask_for_none(fan, company, question):
    await made.a_question(company, slug="offen")

    page = (await fan.get(PATH)).text
    assert 'name="address" type="email"' in page
    assert "Die Adresse steht nicht bei deiner Antwort" in page
    assert "Bestätigt" in page
    assert 'name="address"' not in (await fan.get("/kranich/ask/offen")).text


@pytest.mark.parametrize(
    "address", ["", "mia", "mia@example.org, tom@example.org", "mia@example.org\r\nBcc: x@y.de"]
)
async def test_without_an_address_nothing_is_kept_and_the_words_stand_there_still(fan, question, address):
    page = await send(fan, address)

    assert page.status_code == 422
    assert WORDS in page.text
    assert 'aria-invalid="true"' in page.text
    assert await Response.count() == await Unconfirmed.count() == 0


async def test_an_answer_waits_for_its_mailbox_and_counts_once_it_says_yes(fan, company, question, mailbox):
    page = await send(fan)
    code = re.search(r'id="code">([0-9A-Z-]+)<', page.text)[1]
    assert "Schau in dein Postfach" in page.text
    assert await states() == [("held", "unconfirmed")]
    assert "zählt, sobald du sie" in (await fan.post("/kranich/r", data={"code": code})).text

    link = await the_link(mailbox)
    assert mailbox.to == [[MIA]]
    for _ in range(10):  # a mail scanner opens links
        assert "Ist das deine Antwort?" in (await fan.get(link)).text
    assert await states() == [("held", "unconfirmed")]

    said = await fan.post(link)
    assert "Danke, deine Antwort ist bestätigt." in said.text
    assert await states() == [("counted", "")]
    assert (await queries.sums(company.id, question.id)).counted == 1
    assert "Ein Mensch hat sie angesehen" not in (await fan.post("/kranich/r", data={"code": code})).text


async def test_who_clicks_twice_is_thanked_twice_and_counted_once(fan, question, mailbox):
    await send(fan)
    link = await the_link(mailbox)

    replies = await asyncio.gather(*(fan.post(link) for _ in range(4)))
    later = await fan.get(link)

    assert {reply.status_code for reply in (*replies, later)} == {200}
    assert all("Danke, deine Antwort ist bestätigt." in reply.text for reply in (*replies, later))
    assert await ConfirmedVoice.count() == 1


async def test_a_form_sent_twice_asks_once(fan, question, mailbox):
    page = (await fan.get(PATH)).text

    replies = await asyncio.gather(*(send(fan, page=page) for _ in range(3)))
    await do_all_now()

    assert {reply.status_code for reply in replies} == {201}
    assert await Response.count() == len(mailbox.mails) == 1


async def test_a_second_answer_from_the_same_mailbox_looks_the_same_and_only_the_mail_tells(
    fan, question, mailbox
):
    first = await send(fan)
    await fan.post(await the_link(mailbox))

    second = await send(fan, words="Die Anleitung war sonst gut.")
    await do_all_now()

    def shape(page):
        own = re.compile(
            r'[0-9A-Z]{5}(-[0-9A-Z]+)+|<img class="qr"[^>]*>|<figure.*?</figure>|<p class="meta">\d+ Antwort.*?</p>',
            re.S,
        )
        return own.sub("", page.text)

    assert shape(first) == shape(second)
    text = mailbox.mails[-1].get_body(("plain",)).get_content()
    assert mailbox.mails[-1]["Subject"] == "Von dieser Adresse zählt schon eine Antwort"
    assert "/confirm/" not in text
    assert "mit ihrer Quittung" in " ".join(text.split())
    assert sorted(await states()) == [("counted", ""), ("held", "unconfirmed")]


async def test_two_that_wait_for_one_mailbox_are_one_voice(fan, question, mailbox):
    await send(fan)
    first = await the_link(mailbox)
    await send(fan, words="Die Anleitung war sonst gut.")
    second = await the_link(mailbox)

    await fan.post(first)
    again = await fan.post(second)

    assert "Von dieser Adresse zählt schon eine Antwort." in again.text
    assert sorted(await states()) == [("counted", ""), ("held", "unconfirmed")]


async def test_a_yes_counts_after_closing_too_for_the_answer_came_before(fan, question, mailbox):
    await send(fan)
    link = await the_link(mailbox)
    await execute("update question set state = 'closed', closes_at = now() where id = $1", question.id)
    await closing.count_closed(now())

    for _ in range(2):
        assert "bestätigt" in (await fan.post(link)).text
    assert await states() == [("counted", "")]
    told = await fetch_column("select kind from ledger_leaf order by step nulls first")
    assert told == ["answer.received", "question.counted", "answer.restored"], (
        "the sums that stand there moved"
    )


@pytest.mark.parametrize("how", ["forged", "other purpose", "made up"])
async def test_a_link_that_we_did_not_write_confirms_nothing(fan, company, question, mailbox, how):
    await send(fan)
    link = await the_link(mailbox)
    good = link.rpartition("/")[2]
    waits = await fetch_value("select id from unconfirmed")
    bad = {
        "forged": good[:-1] + ("A" if good[-1] != "A" else "E"),
        "other purpose": token(settings().secret_key, "stop", waits),
        "made up": "x",
    }[how]

    for reply in (await fan.get(f"/kranich/confirm/{bad}"), await fan.post(f"/kranich/confirm/{bad}")):
        assert reply.status_code == 404
        assert "Dieser Link gilt nicht mehr." in reply.text
    assert await states() == [("held", "unconfirmed")]


async def test_a_link_opens_nothing_at_another_company(fan, question, mailbox):
    await made.a_company("rheintal")
    await send(fan)
    link = (await the_link(mailbox)).replace("/kranich/", "/rheintal/")

    assert (await fan.get(link)).status_code == (await fan.post(link)).status_code == 404
    assert await states() == [("held", "unconfirmed")]


async def test_after_a_week_it_lies_aside_with_the_reason_and_the_link_is_dead(
    fan, company, question, mailbox
):
    page = await send(fan)
    code = re.search(r'id="code">([0-9A-Z-]+)<', page.text)[1]
    link = await the_link(mailbox)

    await confirming.let_go_of_unconfirmed(now() + timedelta(days=7))
    assert await states() == [("held", "unconfirmed")]
    for _ in range(2):
        await confirming.let_go_of_unconfirmed(now() + timedelta(days=8))

    assert await states() == [("set_aside", "unconfirmed")]
    assert await Unconfirmed.count() == 0
    assert (await fan.post(link)).status_code == 404
    assert (await queries.sums(company.id, question.id)).received == 1
    assert "keine Bestätigung" in (await fan.post("/kranich/r", data={"code": code})).text


async def test_what_was_erased_or_withdrawn_waits_for_nobody(fan, question, mailbox):
    links, codes = [], []
    for number, address in enumerate(("mia@example.org", "tom@example.org")):
        page = await send(fan, address, f"{WORDS} {number}")
        codes.append(re.search(r'id="code">([0-9A-Z-]+)<', page.text)[1])
        links.append(await the_link(mailbox))
    await fan.post("/kranich/r/erasure", data={"code": codes[0], "sure": "yes"})
    await fan.post("/kranich/r/withdrawal", data={"code": codes[1], "sure": "yes"})

    assert sorted(state for state, _ in await states()) == ["erased", "withdrawn"]
    assert [(await fan.post(link)).status_code for link in links] == [404, 404]
    await confirming.let_go_of_unconfirmed(now())
    assert await Unconfirmed.count() == await ConfirmedVoice.count() == 0


async def test_erased_before_the_mail_left_nothing_is_sent(fan, question, mailbox):
    page = await send(fan)
    code = re.search(r'id="code">([0-9A-Z-]+)<', page.text)[1]
    await fan.post("/kranich/r/erasure", data={"code": code, "sure": "yes"})

    await do_all_now()

    assert mailbox.mails == []


async def test_an_address_is_nowhere_once_its_mail_is_on_the_way(fan, question, mailbox):
    await send(fan)
    sealed = await fetch_value("select address from unconfirmed")
    assert "kanarienvogel" not in (await everything()).lower()

    link = await the_link(mailbox)
    assert await fetch_value("select address from unconfirmed") is None
    assert repr(sealed) not in await everything()
    key = await fetch_value("select address_key from unconfirmed")
    waited = str(await fetch_value("select id from unconfirmed"))
    await fan.post(link)

    text = await everything()
    assert repr(key) not in text
    response = str(await fetch_value("select id from response"))
    assert [line for line in text.splitlines() if waited in line and response in line] == []
    columns = await ENGINE.pool.fetch(
        "select column_name from information_schema.columns where table_name = 'confirmed_voice'"
    )
    assert {row["column_name"] for row in columns} == {"id", "company", "question", "voice"}


async def test_nobody_is_flooded_and_nobody_can_tell(fan, question, mailbox):
    pages = [await send(fan, words=f"{WORDS} {number}") for number in range(5)]
    await do_all_now()

    assert {page.status_code for page in pages} == {201}
    assert all("Schau in dein Postfach" in page.text for page in pages)
    assert len(mailbox.mails) == 3


async def test_a_programs_form_bothers_no_mailbox(fan, question, mailbox):
    await send(fan, website="http://spam.example")
    await do_all_now()

    assert await states() == [("held", "trap")]
    assert mailbox.mails == []


async def test_an_address_that_wants_no_mail_gets_none(fan, company, desk, question, mailbox):
    await desk.post("/settings/mail/silence", {"address": MIA, "why": "complained"})

    page = await send(fan)
    await do_all_now()

    assert "Schau in dein Postfach" in page.text
    assert mailbox.mails == []
    assert await fetch_value("select count(*) from unconfirmed where address is not null") == 0


async def test_copies_that_are_confirmed_one_after_the_other_are_still_looked_at(fan, question, mailbox):
    links = []
    for number in range(6):
        fan.headers["user-agent"] = f"Browser {number}"
        await send(fan, f"fan{number}@example.org")
        links.append(await the_link(mailbox))
    await judging.judge_new()
    assert {state for state, _ in await states()} == {"held"}

    for link in links:
        await fan.post(link)
    await judging.judge_new()

    assert sorted(await states()) == [("counted", "")] + [("held", "same_wording")] * 5


async def test_what_waits_for_its_fan_is_not_counted_in_one_go_but_one_by_one(
    app, desk, company, question, fan
):
    await send(fan)
    id_ = await fetch_value("select id from response")

    inbox = (await desk.get("/inbox?show=held")).text
    assert "wartet auf eine Bestätigung per Mail" in inbox
    many = await desk.post("/inbox/counting", {"question": question.id, "flag": "unconfirmed"})
    assert many.status_code == 422
    assert await states() == [("held", "unconfirmed")]
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, role="reader")
        assert (await reader.post(f"/inbox/{id_}/counting")).status_code == 403
    await desk.post(f"/inbox/{id_}/counting")
    assert await states() == [(ResponseState.COUNTED.value, "unconfirmed")]


async def test_the_public_page_says_what_they_wait_for(fan, question):
    await send(fan)

    page = (await fan.get(f"{PATH}/counting")).text

    assert "Warten auf Bestätigung oder einen Blick" in page
    assert "kam noch keine Bestätigung" in page


async def test_without_mail_the_level_cannot_be_chosen_and_with_it_not_lost(desk, company, mailbox):
    page = (await desk.get("/questions/new")).text
    assert 'value="confirmed"' not in page
    assert "Bestätigt per Mail geht hier noch nicht" in page
    refused = await desk.post("/questions", draft(desk, slug="entwurf", level="confirmed"))
    assert refused.status_code == 422
    assert "Wähl eine andere Stufe" in refused.text

    await made.mail_set_up(company, mailbox.port)
    assert 'value="confirmed"' in (await desk.get("/questions/new")).text
    await desk.post("/questions", draft(desk, slug="entwurf", level="confirmed"))
    await execute("update question set state = 'open'")
    off = await desk.post("/settings/mail", {"active": "false"})
    assert off.status_code == 422
    assert "Gerade läuft eine Frage" in off.text


async def test_the_fan_finds_the_address_in_what_we_hold_until_the_mail_is_sent(fan, question, mailbox):
    page = await send(fan)
    code = re.search(r'id="code">([0-9A-Z-]+)<', page.text)[1]

    def addresses(export):
        return [row["address"] for row in json.loads(export.text)["kept"]["unconfirmed"]]

    assert addresses(await fan.post("/kranich/r/export", data={"code": code, "as": "json"})) == [MIA]
    await the_link(mailbox)
    assert addresses(await fan.post("/kranich/r/export", data={"code": code, "as": "json"})) == [""]


async def test_what_comes_from_a_file_is_not_asked(company, question, mailbox):
    row = ImportedRow(None, b"x" * 32, "de", made.today(), "no", "", "", [])
    async with transaction():
        await keep_imported(company.id, question.id, [row], now=now())
    await do_all_now()

    assert await states() == [("counted", "")]
    assert mailbox.mails == []


async def test_not_even_the_databases_own_marks_lead_from_a_voice_to_an_answer(fan, question, mailbox):
    for number in range(3):
        await send(fan, f"fan{number}@example.org", f"{WORDS} {number}")
        await fan.post(await the_link(mailbox))
    same = "select count(*) from confirmed_voice v join response r on v.xmin::text = r.xmin::text"
    assert await fetch_value(same) == 3
    before = await fetch_column("select voice from confirmed_voice order by voice")

    await confirming.let_go_of_unconfirmed(now())

    assert await fetch_value(same) == 0
    assert await fetch_value(same.replace("response r", "ledger_leaf r")) == 0
    assert await fetch_column("select voice from confirmed_voice order by voice") == before
    await send(fan, "fan0@example.org", "Und noch etwas anderes dazu.")
    await do_all_now()
    assert mailbox.mails[-1]["Subject"] == "Von dieser Adresse zählt schon eine Antwort"
