"""One mail to a real server: in each way of TLS, and whatever the server does."""

from email.message import EmailMessage

import pytest

from hearback.notifying.postman import Conversation, NotTaken, Server, Unsure, deliver
from hearback.notifying.reaching import NotPublic, open_socket
from tests.notifying.mailbox import a_certificate, a_mailbox, only

HELD = "hearback.example"


def a_letter() -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "team@kranich.example", "mia@example.org", "Steine"
    letter.set_content(".\nDie Steine haben Kerben.\n..\n")
    return letter


async def sent(
    server: Server, letter: EmailMessage | None = None, to: str = "mia@example.org"
) -> Conversation:
    said, handed = Conversation(server), []

    async def handing() -> None:
        handed.append(True)

    await deliver(
        server, letter or a_letter(), said, sender="team@kranich.example", to=to, me=HELD, handing=handing
    )
    assert handed == [True]
    return said


def to(port: int, **more) -> Server:
    return Server(
        **{
            "host": "localhost",
            "port": port,
            "tls": "none",
            "login": "",
            "password": "",
            "private": True,
        }
        | more
    )


async def test_a_mail_arrives_letter_by_letter():
    with a_mailbox() as box:
        await sent(to(box.port))
    assert box.mails[0].get_content().replace("\r\n", "\n") == ".\nDie Steine haben Kerben.\n..\n"
    assert (box.to, box.senders) == ([["mia@example.org"]], ["team@kranich.example"])


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_mail_arrives_through_tls_and_the_password_is_shown_nowhere(tls, tmp_path, monkeypatch):
    certificate, context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    speaks = (
        {"tls_context": context, "require_starttls": True}
        if tls == "starttls"
        else {"ssl_context": context, "auth_require_tls": False}
    )
    with a_mailbox(**speaks, **only("kranich", "sehr geheim")) as box:
        said = await sent(to(box.port, tls=tls, login="kranich", password="sehr geheim"))
    assert len(box.mails) == 1
    words = "\n".join(line.words for line in said.lines)
    assert "EHLO hearback.example" in words
    assert "AUTH kranich ••••••" in words
    assert "geheim" not in words


async def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path):
    _, context = a_certificate(tmp_path)
    with a_mailbox(tls_context=context) as box:
        with pytest.raises(NotTaken) as why:
            await sent(to(box.port, tls="starttls"))
        assert "certificate" in why.value.words.lower()
    assert box.mails == []


async def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for():
    with a_mailbox() as box, pytest.raises(NotTaken):
        await sent(to(box.port, tls="starttls"))
    assert box.mails == []


async def test_a_wrong_password_says_nothing_about_the_address(tmp_path, monkeypatch):
    certificate, context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with a_mailbox(tls_context=context, **only("kranich", "richtig")) as box, pytest.raises(NotTaken) as why:
        await sent(to(box.port, tls="starttls", login="kranich", password="falsch"))
    assert (why.value.for_good, why.value.no_mailbox) == (False, False)


@pytest.mark.parametrize(
    ("says", "for_good", "no_mailbox"),
    [
        ("550 5.1.1 nobody here", True, True),
        ("550 nobody here", True, True),
        ("550 5.7.1 we do not like you", True, False),
        ("452 4.2.2 full", False, False),
    ],
)
async def test_we_know_from_the_servers_words_whether_the_address_is_gone(says, for_good, no_mailbox):
    with a_mailbox() as box:
        box.refuses["mia@example.org"] = says
        with pytest.raises(NotTaken) as why:
            await sent(to(box.port))
    assert (why.value.for_good, why.value.no_mailbox) == (for_good, no_mailbox)


@pytest.mark.parametrize(("says", "for_good"), [("451 later", False), ("554 5.6.0 not this", True)])
async def test_what_the_server_says_after_the_text_counts_too(says, for_good):
    with a_mailbox() as box:
        box.at_data = says
        with pytest.raises(NotTaken) as why:
            await sent(to(box.port))
    assert why.value.for_good is for_good


@pytest.mark.parametrize("drops", ["before", "after"])
async def test_a_server_that_hangs_up_after_the_text_leaves_us_unsure(drops):
    with a_mailbox() as box:
        box.drops = drops
        with pytest.raises(Unsure):
            await sent(to(box.port))


async def test_nobody_at_the_port_is_no_matter_of_the_mail():
    with a_mailbox() as box:
        port = box.port
    with pytest.raises(NotTaken) as why:
        await sent(to(port))
    assert not why.value.for_good


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f.1",
        "2130706433",
        "::1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "fe80::1",
        "fd00::1",
        "224.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::",
    ],
)
async def test_no_private_network_is_reached_unless_the_environment_allows_it(host):
    with pytest.raises((NotPublic, OSError)) as why:
        await open_socket(host, 25, private=False, timeout_s=1)
    assert why.type is NotPublic or "address" in str(why.value).lower() or "name" in str(why.value).lower()


async def test_a_private_server_hears_nothing_from_us():
    with a_mailbox() as box, pytest.raises(NotTaken) as why:
        await sent(to(box.port, private=False))
    assert why.value.words == "private-network"


async def test_an_address_with_letters_beyond_ascii_is_written_to():
    with a_mailbox() as box:
        letter = a_letter()
        del letter["To"]
        letter["To"] = "müller@example.org"
        await sent(to(box.port), letter, "müller@example.org")
    assert box.to == [["müller@example.org"]]
