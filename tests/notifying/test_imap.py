"""A mailbox is opened through every kind of TLS, or not at all; and no password leaves without what was asked for."""

import pytest

from hearback.notifying.imap import NotReached, opened, read_all
from hearback.notifying.postman import Conversation, Server
from tests.notifying.fake_imap import FakeImap, a_fake_imap
from tests.notifying.mailbox import a_certificate


def to(box: FakeImap, tls: str, **more) -> Server:
    given = {"login": box.login, "password": box.password, "private": True} | more
    return Server("localhost", box.port, tls, **given)


async def looked(server: Server) -> tuple[int, str]:
    said = Conversation(server)
    async with opened(server, "INBOX", said) as box:
        unread = await box.unread(most=10)
    return len(unread), "\n".join(line.words for line in said.lines)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_a_mailbox_opens_through_tls_and_the_password_is_shown_nowhere(tls, tmp_path, monkeypatch):
    certificate, context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with a_fake_imap(context if tls == "implicit" else None) as box:
        box.starttls = context
        box.mails = [b"eins"]

        unread, words = await looked(to(box, tls))

    assert unread == 1
    assert "LOGIN post@kranich.example ••••••" in words
    assert "geheim" not in words


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
async def test_a_server_whose_certificate_nobody_vouches_for_gets_no_password(tls, tmp_path):
    _, context = a_certificate(tmp_path)
    with a_fake_imap(context if tls == "implicit" else None) as box:
        box.starttls = context
        with pytest.raises(NotReached) as why:
            await looked(to(box, tls))

    assert "certificate" in why.value.words.lower()
    assert box.logins == 0


async def test_a_server_without_tls_gets_no_password_where_tls_is_asked_for():
    with a_fake_imap() as box, pytest.raises(NotReached):
        await looked(to(box, "starttls"))

    assert box.logins == 0


async def test_no_more_is_read_at_once_than_was_asked_for():
    taken = []

    async def take(raw: bytes) -> None:
        taken.append(len(raw))

    with a_fake_imap() as box:
        box.mails = [b"x" * 400_000, b"y", b"z"]
        assert await read_all(to(box, "none"), "INBOX", Conversation(to(box, "none")), take, most=2) == 2

    assert taken == [300_000, 1]
    assert box.seen == {1, 2}


@pytest.mark.parametrize("folder", ['"', "a b", "\\", 'INBOX" (x'])
async def test_a_folders_odd_name_is_one_name(folder):
    with a_fake_imap() as box, pytest.raises(NotReached):
        async with opened(to(box, "none"), folder, Conversation(to(box, "none"))):
            pass
