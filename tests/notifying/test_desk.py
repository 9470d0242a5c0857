"""Mail set-up: only admins, every secret hidden, no private networks, and working without mail."""

import pytest

from hearback.database.engine import fetch_column, fetch_value
from hearback.notifying.commands import outbox
from hearback.notifying.domain import Found, look_up
from hearback.notifying.tables import Follower
from hearback.settings import settings
from hearback.trust.sealing import unseal
from tests import made
from tests.conftest import browser_of
from tests.notifying.mailbox import a_certificate, a_mailbox, only

FORM = {
    "active": "true",
    "host": "smtp.example.org",
    "port": "587",
    "tls": "starttls",
    "login": "kranich",
    "password": "sehr geheim",
    "sender": "hallo@kranich.example",
    "check_back_weeks": "4",
    "reopen_percent": "30",
}


async def test_without_a_word_from_the_admin_a_company_works_without_mail(desk):
    page = await desk.get("/settings/mail")
    assert 'value="false" checked' in page.text
    assert "Ohne Mail geht alles" in page.text


async def test_the_password_is_kept_sealed_and_shown_nowhere(desk):
    assert (await desk.post("/settings/mail", FORM)).status_code == 303
    sealed = await fetch_value("select password from mail_setup")
    assert b"geheim" not in sealed
    assert unseal(settings().secret_key, "password", sealed) == "sehr geheim"
    page = await desk.get("/settings/mail")
    assert "geheim" not in page.text
    assert "smtp.example.org" in page.text
    assert "mail.set-up" in await fetch_column("select did from audit")
    assert "geheim" not in str(await fetch_column("select row_to_json(a)::text from audit a"))


async def test_an_old_password_goes_to_no_other_server(desk):
    await desk.post("/settings/mail", FORM)
    assert (await desk.post("/settings/mail", FORM | {"password": ""})).status_code == 303
    assert await fetch_value("select password is not null from mail_setup")
    page = await desk.post("/settings/mail", FORM | {"password": "", "host": "smtp.evil.example"})
    assert page.status_code == 422
    assert await fetch_value("select host from mail_setup") == "smtp.example.org"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sender": "kein Absender"}, "sender"),
        ({"sender": "a@example.org\r\nBcc: b@example.org"}, "sender"),
        ({"host": "smtp.example.org evil"}, "host"),
        ({"host": ""}, "host"),
        ({"port": "0"}, "port"),
        ({"tls": "none"}, "tls"),
        ({"check_back_weeks": "99"}, "check_back_weeks"),
        ({"reopen_percent": "0"}, "reopen_percent"),
    ],
)
async def test_what_cannot_work_is_refused_at_its_field(desk, wrong, words):
    page = await desk.post("/settings/mail", FORM | wrong)
    assert page.status_code == 422
    assert f'href="#{words}"' in page.text
    assert await fetch_value("select count(*) from mail_setup") == 0


async def test_a_test_mail_goes_to_the_admin_and_the_conversation_is_shown_without_secrets(
    desk, tmp_path, monkeypatch, set_env
):
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    certificate, context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with a_mailbox(tls_context=context, require_starttls=True, **only("kranich", "sehr geheim")) as box:
        await desk.post("/settings/mail", FORM | {"host": "localhost", "port": str(box.port)})
        page = await desk.post("/settings/mail/test")
    assert "Der Server hat die Testmail angenommen" in page.text
    assert "AUTH kranich ••••••" in page.text
    assert "geheim" not in page.text
    own = await fetch_value(
        "select email from account a join member m on m.account = a.id where m.id = $1", desk.member.id
    )
    assert box.to == [[own]]


async def test_a_test_mail_reaches_no_private_network(desk):
    with a_mailbox() as box:
        await desk.post("/settings/mail", FORM | {"host": "localhost", "port": str(box.port)})
        page = await desk.post("/settings/mail/test")
    assert "in einem privaten Netz" in page.text
    assert box.mails == []


async def test_dns_that_nobody_answers_is_said_and_stops_nothing(monkeypatch):
    monkeypatch.setattr("hearback.notifying.domain.PATIENCE_S", 0.01)
    domain = await look_up("hallo@kranich.invalid", "")
    assert domain.dkim is Found.UNASKED
    assert domain.spf in (Found.UNREACHABLE, Found.MISSING)


async def test_a_bounced_address_is_deleted_and_gets_nothing_any_more(desk, company):
    await made.a_follower(company, "mia@example.org")
    await made.a_follower(company, "leo@example.org")
    page = await desk.post("/settings/mail/silence", {"address": "Mia@example.org", "why": "complained"})
    assert page.status_code == 303
    assert await Follower.count() == 1
    assert await fetch_column("select why from mail_silence") == ["complained"]
    assert "mia" not in str(await fetch_column("select row_to_json(a)::text from audit a"))


async def test_the_uncertain_mail_stands_on_the_page(desk, company):
    follower = await made.a_follower(company)
    await outbox.put_in(company.id, follower.id, outbox.MailKind.MOVED, "x", now=made.NOW)
    for state in ("sending", "handing", "unsure"):
        await outbox.execute("update mail set state = $1, trouble = 'dropped'", state)
    page = await desk.get("/settings/mail")
    assert "ungewiss, ob sie ankam" in page.text
    assert "Der Server legte auf" in page.text


async def test_another_companys_outbox_is_not_shown(app, desk, company):
    other = await made.a_company("reiher")
    await made.a_follower(other)
    async with browser_of(app) as browser:
        theirs = await made.signed_in(browser, other)
        assert "<dd>1</dd>" in (await theirs.get("/settings/mail")).text
    assert "<dd>1</dd>" not in (await desk.get("/settings/mail")).text
