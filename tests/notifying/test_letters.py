"""Headers that nobody can break, and a long address that stays whole."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from hearback.notifying.headers import MAIL
from hearback.notifying.letters import Block, Envelope, Letter, Signer, as_message
from hearback.words.speaking import words_for

NASTY = "Steine\r\nBcc: evil@example.net\r\n\r\n<p>\u2028x\x00"
LONG = "https://hearback.a-rather-long-host-name.example.co.uk/kranich-spiele-leipzig/mail/" + "a" * 43


def a_message(**more):
    letter = {
        "subject": "Steine",
        "tongue": "de",
        "house": "Kranich Spiele",
        "colour": "#2b3f9e",
        "blocks": [Block("words", "Guten Tag", "de")],
        "signer": Signer("Tarek Osman", "Produktion"),
        "foot": ["Mail 1"],
        "stop": "Schluss",
        "stop_url": LONG,
    }
    envelope = {
        "to": "mia@example.org",
        "sender": "hallo@kranich.example",
        "sender_name": "Tarek Osman",
        "reply_to": "",
        "message_id": "1@test",
        "thread": "2@test",
        "list_id": "kranich.test",
        "one_click": LONG,
        "at": datetime(2026, 11, 22, tzinfo=UTC),
    }
    parts = [
        {key: more.get(key, value) for key, value in standard.items()} for standard in (letter, envelope)
    ]
    raw = as_message(Letter(**parts[0]), Envelope(**parts[1]), words_for("de")).as_bytes(policy=MAIL)
    return raw, message_from_bytes(raw, policy=default)


@pytest.mark.parametrize("where", ["subject", "sender_name", "house"])
def test_no_text_of_anybody_becomes_a_header(where):
    _, message = a_message(**{where: NASTY})
    assert message["Bcc"] is None
    assert message["To"] == "mia@example.org"
    assert len(message.get_all("Subject")) == 1


def test_a_long_address_stays_whole_in_its_header():
    raw, _ = a_message()
    assert f"List-Unsubscribe: <{LONG}>\r\n".encode() in raw


def test_text_that_looks_like_html_is_text_in_html():
    _, message = a_message(blocks=[Block("words", "<script>alert(1)</script>", "de")], subject="<b>fett</b>")
    html = message.get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;b&gt;fett&lt;/b&gt;" in html


def test_every_line_of_a_mail_is_short_enough_to_travel():
    raw, _ = a_message(blocks=[Block("words", "Steine " * 400, "de")])
    assert max(map(len, raw.split(b"\r\n"))) < 998
