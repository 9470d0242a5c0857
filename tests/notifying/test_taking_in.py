"""Mails that come in: a reply reaches whoever signed, bounces and complaints end what is sent, each once."""

import asyncio
import io
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest

from hearback import cli
from hearback.clock import now
from hearback.database.engine import ENGINE, connected, execute, fetch_column, fetch_value
from hearback.jobs import do_all_now
from hearback.notifying import commands, post_desk
from hearback.notifying.incoming import PostKind
from hearback.notifying.rules import MailKind
from hearback.notifying.tables import Mail, Mailbox, Post
from hearback.settings import settings
from hearback.trust.sealing import seal
from tests import made
from tests.conftest import browser_of
from tests.notifying.fake_imap import FakeImap, a_fake_imap
from tests.notifying.test_incoming import a_bounce, a_complaint, a_reply
from tests.paging import all_pages

SECRET = "the key of these tests, long enough"


@pytest.fixture
def imap(set_env) -> Iterator[FakeImap]:
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_fake_imap() as box:
        yield box


async def a_sent_mail(company, follower, *, by=None, kind: MailKind = MailKind.PUBLISHED) -> UUID:
    row = Mail(
        company=company.id,
        follower=follower.id if follower else None,
        kind=kind.value,
        cause="x",
        signed_by=by.id if by else None,
        on=made.today(),
    )
    await Mail.insert(row)
    for state in ("sending", "handing", "sent"):
        await execute("update mail set state = $2 where id = $1", row.id, state)
    return row.id


def about(mail_id: UUID, text: str = "Das stimmt so nicht.", **headers: str) -> bytes:
    return a_reply(text, In_Reply_To=f"<{mail_id}@hearback.example>", **headers).as_bytes()


async def taken(company, raw: bytes) -> PostKind | None:
    return await commands.take_in(company.id, raw, secret=settings().secret_key, now=now())


async def set_up(company, imap: FakeImap, **more) -> None:
    sealed = seal(settings().secret_key, "password", more.pop("password", imap.password))
    await Mailbox.insert(
        Mailbox(
            company=company.id,
            **{
                "active": True,
                "host": "127.0.0.1",
                "port": imap.port,
                "tls": "none",
                "login": imap.login,
                "password": sealed,
            }
            | more,
        )
    )


async def read() -> None:
    await commands.read_mailboxes(now, settings())


async def test_many_letters_say_that_more_wait_and_those_dealt_with_stand_on_further_pages(
    desk, company, monkeypatch
):
    monkeypatch.setattr(post_desk, "A_PAGE", 2)
    for nth in range(5):
        mail_id = await a_sent_mail(company, await made.a_follower(company, f"fan{nth}@example.org"))
        await taken(company, about(mail_id, f"Danke {nth}.", Message_ID=f"<{nth}@example.org>"))
    page = (await desk.get("/post")).text
    assert len(re.findall(r"Danke \d", page)) == 2 and "Hier stehen höchstens 2." in page

    for post_id in await fetch_column("select id from post order by id"):
        await desk.post(f"/post/{post_id}/done")
    told = [re.findall(r"Danke \d", page) for page in await all_pages(desk, "/post?done=1")]
    assert [len(one) for one in told] == [2, 2, 1] and len({*told[0], *told[1], *told[2]}) == 5
    for nowhere in ("nothing", "0" * 32):
        assert (await desk.get(f"/post?done=1&before={nowhere}")).status_code == 404


async def test_a_reply_waits_for_whoever_signed_and_others_may_help(app, desk, company):
    jule = await made.a_member(company, "comms", name="Jule Brandt")
    mail_id = await a_sent_mail(company, await made.a_follower(company), by=jule)
    await taken(company, about(mail_id, "Danke.\n\n> Eure Mail"))

    async with browser_of(app) as browser:
        hers = await made.signed_in(browser, company, member=jule)
        page = (await hers.get("/post")).text
        assert "Danke." in page
        assert "Für dich." in page
        assert "mia@example.org" in page
        assert 'href="mailto:mia@example.org?subject=Re%3A%20Wir%20haben%20gekerbt"' in page
        assert re.search(r"<details>.*?Eure Mail.*?</details>", page, re.S)
        assert "1 Antwort auf unsere Mails wartet." in (await hers.get("/today")).text
    assert "Für Jule Brandt." in (await desk.get("/post")).text
    post_id = await fetch_value("select id from post")
    for _ in range(2):
        assert (await desk.post(f"/post/{post_id}/done")).status_code == 303
    assert "Hier wartet nichts." in (await desk.get("/post")).text
    assert "Danke." in (await desk.get("/post?done=1")).text
    assert await fetch_value("select count(*) from audit where did = 'post.done'") == 1


@pytest.mark.parametrize("role", ["reader"])
async def test_who_may_not_reply_reads_no_letters(app, company, role):
    await taken(company, a_reply("Nur für Menschen, die antworten.").as_bytes())
    post_id = await fetch_value("select id from post")
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, role=role)
        assert (await reader.get("/post")).status_code == 403
        assert (await reader.post(f"/post/{post_id}/done")).status_code == 403
        assert "Antwort auf unsere Mails" not in (await reader.get("/today")).text
    assert await fetch_value("select done_on from post") is None


async def test_only_admins_set_the_mailbox_up(app, company):
    async with browser_of(app) as browser:
        comms = await made.signed_in(browser, company, role="comms")
        assert (await comms.get("/settings/mailbox")).status_code == 403
        assert (await comms.post("/settings/mailbox", {"active": "false"})).status_code == 403
        assert (await comms.post("/settings/mailbox/test")).status_code == 403
    assert await Mailbox.count() == 0


async def test_letters_of_another_company_are_not_there(app, desk, company):
    other = await made.a_company("anders")
    await taken(other, a_reply("Geheimes von nebenan").as_bytes())
    post_id = await fetch_value("select id from post")

    assert "Geheimes" not in (await desk.get("/post")).text
    assert (await desk.post(f"/post/{post_id}/done")).status_code == 404


async def test_the_words_of_a_mail_are_plain_text(desk, company):
    await taken(company, a_reply("<script>alert(1)</script>", Subject="<img src=x>").as_bytes())

    page = (await desk.get("/post")).text

    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize(
    "sender", ["Mia <mia@b>", "<>", '"x@y" <a b@c.example>', "mia@example.org%0aBcc:v@x.example"]
)
async def test_who_cannot_be_written_to_has_no_way_back(desk, company, sender):
    await taken(company, a_reply(From=sender).as_bytes())

    assert "mailto:" not in (await desk.get("/post")).text


async def test_where_nobody_is_there_we_never_write_again(company):
    follower = await made.a_follower(company, "hanna@example.org")
    kept = await made.a_follower(company, "mia@example.org")
    mail_id = await a_sent_mail(company, follower)

    assert await taken(company, a_bounce("5.1.1", about=mail_id)) is PostKind.BOUNCE

    assert await fetch_column("select id from follower") == [kept.id]
    assert await fetch_column("select why from mail_silence") == ["bounced"]


async def test_a_full_mailbox_ends_what_was_followed_and_no_more(company):
    mail_id = await a_sent_mail(company, await made.a_follower(company))

    await taken(company, a_bounce("5.2.2", about=mail_id))

    assert await fetch_value("select count(*) from follower") == 0
    assert await fetch_value("select count(*) from mail_silence") == 0


async def test_a_complaint_is_final(company):
    mail_id = await a_sent_mail(company, await made.a_follower(company))

    await taken(company, a_complaint(mail_id))

    assert await fetch_column("select why from mail_silence") == ["complained"]
    assert await fetch_value("select count(*) from follower") == 0


@pytest.mark.parametrize("how", ["made up", "other company", "delay"])
async def test_a_report_that_names_no_mail_of_ours_ends_nothing(company, how):
    other = await made.a_company("anders")
    mail_id = await a_sent_mail(company, await made.a_follower(company, "hanna@example.org"))
    where, named = {
        "made up": (company, made.some_id()),
        "other company": (other, mail_id),
        "delay": (company, mail_id),
    }[how]

    await taken(where, a_bounce("4.4.1" if how == "delay" else "5.1.1", about=named))

    assert await fetch_value("select count(*) from follower") == 1
    assert await fetch_value("select count(*) from mail_silence") == 0


async def test_an_automatic_reply_is_counted_and_its_words_are_not_kept(desk, company):
    mail_id = await a_sent_mail(company, await made.a_follower(company))
    await taken(company, about(mail_id, "Ich bin im Urlaub in Zandvoort.", Auto_Submitted="auto-replied"))

    assert "Zandvoort" not in repr(await ENGINE.pool.fetch("select * from post"))
    assert "Hier wartet nichts." in (await desk.get("/post")).text
    page = (await desk.get("/settings/mailbox")).text
    assert re.search(r"Automatische Antworten, übergangen</dt><dd>1<", page)


async def test_the_same_mail_is_taken_in_once_whoever_brings_it(company):
    raw = a_reply().as_bytes()

    assert await taken(company, raw) is PostKind.LETTER
    assert await taken(company, b"Received: again\r\n" + raw) is None
    assert await Post.count() == 1


async def test_nothing_leads_from_a_letter_to_an_answer_that_waits_for_its_yes(company):
    jule = await made.a_member(company)
    mail_id = await a_sent_mail(company, None, by=jule, kind=MailKind.VOICE)

    await taken(company, about(mail_id))

    row = (await Post.select(Post.mail, Post.member))[0]
    assert row == {"mail": None, "member": jule.id}


async def test_an_address_stands_there_only_sealed(company):
    await taken(company, a_reply().as_bytes())

    assert "mia@example.org" not in repr(await ENGINE.pool.fetch("select * from post"))


async def test_letters_go_after_a_year_and_the_rest_after_sixty_days(company):
    await taken(company, a_reply().as_bytes())
    await taken(company, a_bounce(about=made.some_id()))

    await commands.let_go_of_post(now() + timedelta(days=61))
    assert await fetch_column("select kind from post") == ["letter"]
    await commands.let_go_of_post(now() + timedelta(days=365))
    assert await Post.count() == 1
    await commands.let_go_of_post(now() + timedelta(days=366))
    assert await Post.count() == 0


async def test_the_mailbox_is_read_marked_and_read_no_second_time(company, imap):
    jule = await made.a_member(company)
    mail_id = await a_sent_mail(company, await made.a_follower(company), by=jule)
    imap.mails = [about(mail_id), a_bounce(about=made.some_id())]
    await set_up(company, imap)

    await read()
    await read()

    assert sorted(await fetch_column("select kind from post")) == ["bounce", "letter"]
    assert imap.seen == {1, 2}
    assert imap.logins == 2
    assert await fetch_value(
        "select trouble = '' and busy_until is null and read_at is not null from mailbox"
    )


async def test_who_dies_between_keeping_and_marking_keeps_it_once(company, imap, monkeypatch):
    imap.mails = [
        a_reply("eins", Message_ID="<1@x>").as_bytes(),
        a_reply("zwei", Message_ID="<2@x>").as_bytes(),
    ]
    await set_up(company, imap)
    imap.drops_after = 1  # the second is never fetched
    await read()
    imap.seen.clear()  # and the first was kept, but the mark did not arrive
    assert await fetch_column("select words from post") == ["eins"]
    assert "abort" in await fetch_value("select trouble from mailbox")

    imap.drops_after = None
    await read()

    assert sorted(await fetch_column("select words from post")) == ["eins", "zwei"]
    assert imap.seen == {1, 2}


async def test_two_workers_never_read_one_mailbox_and_a_dead_ones_is_read_later(company, imap):
    imap.mails = [a_reply().as_bytes()]
    await set_up(company, imap, busy_until=now() + timedelta(minutes=5))

    await read()
    assert imap.logins == 0
    await execute("update mailbox set busy_until = $1", now() - timedelta(seconds=1))
    await read()

    assert imap.seen == {1}


@pytest.mark.parametrize("why", ["password", "folder", "port"])
async def test_what_does_not_work_is_said_and_nothing_is_lost(desk, company, imap, why):
    imap.mails = [a_reply().as_bytes()]
    await set_up(
        company,
        imap,
        **{"password": {"password": "falsch"}, "folder": {"folder": "Archiv"}, "port": {"port": 1}}[why],
    )

    await read()

    assert await Post.count() == 0
    assert imap.seen == set()
    assert "Das letzte Lesen ging nicht:" in (await desk.get("/settings/mailbox")).text


async def test_the_test_shows_the_conversation_without_secrets_and_takes_nothing(desk, company, imap):
    form = {"active": "true", "host": "127.0.0.1", "port": imap.port, "tls": "none", "folder": "INBOX"}
    saved = await desk.post("/settings/mailbox", form | {"login": imap.login, "password": imap.password})
    assert saved.status_code == 303
    imap.mails = [a_reply().as_bytes()]

    page = (await desk.post("/settings/mailbox/test")).text

    assert "Der Ordner ist offen. 1 Mail ist ungelesen." in page
    assert "LOGIN post@kranich.example ••••••" in page
    assert imap.password not in page
    assert imap.seen == set()
    assert await Post.count() == 0


async def test_a_server_in_a_private_network_is_not_reached(desk, company, set_env):
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "false")
    await Mailbox.insert(Mailbox(company=company.id, active=True, host="127.0.0.1", port=143, login="x"))

    assert "Dieser Name führt in ein privates Netz." in (await desk.post("/settings/mailbox/test")).text


async def test_a_mailbox_without_what_it_needs_is_refused_and_none_is_fine(desk, company):
    refused = await desk.post(
        "/settings/mailbox", {"active": "true", "host": "imap.example.org", "port": "993"}
    )
    assert refused.status_code == 422
    assert (await desk.post("/settings/mailbox", {"active": "false"})).status_code == 303
    assert "ohne Postfach arbeiten" in (await desk.get("/settings/mailbox")).text


async def test_a_mail_server_can_hand_mails_to_a_command(database, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("HEARBACK_SECRET_KEY", SECRET)
    monkeypatch.setenv("LC_ALL", "C")
    async with connected():
        await made.a_company()
    file = tmp_path / "mail.eml"
    file.write_bytes(a_reply("Vom Rohr.").as_bytes())

    def run(*arguments: str) -> str:
        cli.main(("mail", "take-in", "--company", "kranich", *arguments))
        return capsys.readouterr().out

    first = await asyncio.to_thread(run, str(file))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    again = await asyncio.to_thread(run, "-")

    assert "a reply" in first
    assert "already" in again
    async with connected():
        assert await fetch_column("select words from post") == ["Vom Rohr."]


async def test_what_an_erased_answers_fan_wrote_back_goes_with_it_and_quotes_of_it_everywhere(fan, company):
    code = "7K4QM0000000000000000000AB"
    said = "Die Steine sehen für meine Großmutter alle gleich aus."
    answer = await made.an_answer(company, await made.a_question(company), said, code=code)
    mail_id = await a_sent_mail(company, await made.a_follower(company, response=answer.id))
    await taken(company, about(mail_id, f"Das war ich.\n\n> {said}"))
    await taken(company, a_reply(f"Jemand zitiert: {said}\n> {said}", Message_ID="<fremd@x>").as_bytes())

    await fan.post("/kranich/r/erasure", data={"code": code, "sure": "yes"})

    text = repr(await ENGINE.pool.fetch("select * from post"))
    assert "Großmutter" not in text
    assert "Das war ich." not in text
    assert "Jemand zitiert" in text


async def test_replies_reach_the_desk_from_a_real_mail(company, mailbox):
    """The Message-ID that we send is the one that leads back."""
    await made.mail_set_up(company, mailbox.port)
    jule = await made.a_member(company)
    theme = await made.a_theme(company)
    await made.a_follower(company)
    note = await made.a_public_note(company, theme, by=jule, did="Kerben.")
    await commands.tell_of_note(company.id, note.id, MailKind.PUBLISHED, now=now())
    await do_all_now()
    sent: EmailMessage = mailbox.mails[0]

    await taken(company, a_reply(In_Reply_To=sent["Message-ID"]).as_bytes())

    assert await fetch_value("select member from post") == jule.id


async def test_what_a_fan_wrote_back_is_among_what_we_hold_of_the_answer(fan, company):
    code = "7K4QM0000000000000000000AB"
    answer = await made.an_answer(company, await made.a_question(company), code=code)
    mail_id = await a_sent_mail(company, await made.a_follower(company, response=answer.id))
    await taken(company, about(mail_id, "Das war ich."))
    await taken(company, a_reply("Von jemand anderem.", Message_ID="<fremd@x>").as_bytes())

    kept = (await fan.post("/kranich/r/export", data={"code": code, "as": "json"})).json()["kept"]

    assert [letter["words"] for letter in kept["post"]] == ["Das war ich."]
