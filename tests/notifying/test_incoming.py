"""What a mail that came in is: a reply with words, a bounce, a complaint, or a program; whatever its shape."""

import time
from email.message import EmailMessage
from uuid import UUID

import pytest

from hearback.notifying.incoming import LARGEST, LONGEST_WORDS, PostKind, read_mail, unfolded

OURS = UUID("0d9b7a54-3c0f-4a40-9d35-6a1f0e8f7a11")
BEFORE = UUID("5f1d1c1e-7a33-4e52-8f7e-2d9a53a0c001")


def a_reply(text: str = "Das stimmt so nicht.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    given = {
        "From": "Mia Berg <mia@example.org>",
        "Subject": "Re: Wir haben gekerbt",
        "Message-ID": "<m1@mail.example.org>",
        "In-Reply-To": f"<{OURS}@hearback.example>",
    }
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        mail[name] = value
    mail.set_content(text)
    return mail


def a_bounce(status: str = "5.1.1", action: str = "failed", about: UUID = OURS) -> bytes:
    return f"""From: mailer-daemon@mx.example.org\r
Message-ID: <dsn-{status}-{about}@mx.example.org>\r
Auto-Submitted: auto-replied\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
The address hanna@example.org does not exist.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.org\r
\r
Final-Recipient: rfc822; hanna@example.org\r
Action: {action}\r
Status: {status}\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: <{about}@hearback.example>\r
To: hanna@example.org\r
--b--\r
""".encode()


def a_complaint(about: UUID = OURS) -> bytes:
    return f"""From: fbl@provider.example\r
Message-ID: <arf-{about}@provider.example>\r
Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
This is an abuse report.\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: abuse\r
User-Agent: Feedback/1\r
Version: 1\r
--b\r
Content-Type: message/rfc822\r
\r
Message-ID: <{about}@hearback.example>\r
To: redacted\r
Subject: Hallo\r
\r
Text\r
--b--\r
""".encode()


def test_a_reply_has_its_words_its_sender_and_the_mail_that_it_answers():
    found = read_mail(a_reply(References=f"<{BEFORE}@hearback.example> <x@y>").as_bytes())

    assert (found.kind, found.words) == (PostKind.LETTER, "Das stimmt so nicht.")
    assert (found.sender, found.sender_name) == ("mia@example.org", "Mia Berg")
    assert found.answers == [OURS, BEFORE]


@pytest.mark.parametrize(
    ("text", "words", "quoted"),
    [
        (
            "Nein.\n\nAm 22. Nov. 2026 um 15:02 schrieb Jule Brandt\n<hallo@kranich.example>:\n> Deine Worte\n>hier",
            "Nein.",
            "Am 22. Nov. 2026 um 15:02 schrieb Jule Brandt\n<hallo@kranich.example>:\nDeine Worte\nhier",
        ),
        (
            "Yes.\n\nOn Sun, Nov 22, 2026 Jule <a@b.example> wrote:\n\n> a",
            "Yes.",
            "On Sun, Nov 22, 2026 Jule <a@b.example> wrote:\na",
        ),
        ("> Frage?\nAntwort.\n> Noch eine?\nJa.", "Antwort.\nJa.", "Frage?\nNoch eine?"),
        ("Ja.\n-- \nMia\n0171 123", "Ja.", "--\nMia\n0171 123"),
        ("Ja.\n\nVon: Jule <h@k.example>\nalt", "Ja.", "Von: Jule <h@k.example>\nalt"),
        ("Am Anfang war es gut: das Spiel lief.", "Am Anfang war es gut: das Spiel lief.", ""),
    ],
)
def test_quotes_and_signatures_are_told_apart_from_what_somebody_wrote(text, words, quoted):
    assert unfolded(text) == (words, quoted)


def test_html_alone_is_read_as_text_and_attachments_are_dropped_and_counted():
    mail = a_reply()
    mail.set_content(
        "<style>p{color:red}</style><p>Hallo <b>Jule</b>,<br>danke.</p><script>x()</script>", subtype="html"
    )
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="brief.pdf")

    found = read_mail(mail.as_bytes())

    assert found.words == "Hallo Jule,\ndanke."
    assert found.dropped == 1


def test_a_bounce_says_for_which_of_our_mails_and_why():
    found = read_mail(a_bounce())

    assert (found.kind, found.status, found.answers, found.words) == (PostKind.BOUNCE, "5.1.1", [OURS], "")


@pytest.mark.parametrize(
    ("status", "action"),
    [("4.2.2", "delayed"), ("4.4.7", "failed"), ("5.1.1", "delayed"), ("2.0.0", "relayed")],
)
def test_what_may_still_arrive_is_no_bounce(status, action):
    assert read_mail(a_bounce(status, action)).kind is PostKind.DELAY


def test_a_complaint_is_one_whatever_provider_tells_of_it():
    found = read_mail(a_complaint())

    assert (found.kind, found.answers) == (PostKind.COMPLAINT, [OURS])


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
    ],
)
def test_what_a_program_wrote_is_passed_over(headers):
    found = read_mail(a_reply("Ich bin im Urlaub.", **headers).as_bytes())

    assert (found.kind, found.words, found.sender) == (PostKind.AUTO, "", "")


def test_a_person_who_says_so_is_no_program():
    assert read_mail(a_reply(Auto_Submitted="no").as_bytes()).kind is PostKind.LETTER


def test_our_name_in_the_text_or_the_subject_ties_it_to_nothing():
    mail = a_reply(
        f"Siehe <{OURS}@hearback.example>", In_Reply_To="<fremd@example.org>", Subject=f"<{OURS}@x>"
    )

    assert read_mail(mail.as_bytes()).answers == []


def test_the_same_mail_has_the_same_key_and_another_another():
    first, again = a_reply("eins"), a_reply("eins", X_Fetched="2")
    other = a_reply("eins", Message_ID="<m2@mail.example.org>")

    assert read_mail(first.as_bytes()).key == read_mail(again.as_bytes()).key
    assert read_mail(first.as_bytes()).key != read_mail(other.as_bytes()).key


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/mixed\r\n\r\nnothing",
        b"Content-Type: text/plain; charset=klingon\r\nFrom: \xff\r\n\r\n\xff\x00",
        b"From: a@b\r\nFrom: c@d\r\nIn-Reply-To: <<<>>>\r\n\r\nx",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n--b--",
        b"Subject: =?utf-8?q?=ff?=\r\nFrom: =?x?y?z?= <a@b.example>\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 40,
    ],
)
def test_the_strangest_mail_is_read_as_far_as_it_goes(raw):
    read_mail(raw)


def test_a_huge_mail_is_cut_and_says_so_and_costs_no_more():
    mail = a_reply("Wort " * 100_000).as_bytes()
    started = time.process_time()

    found = read_mail(mail)

    assert len(found.words) == LONGEST_WORDS
    assert found.cut
    assert len(mail) > LARGEST
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "line", ["am " * 15_000, "on " + "a" * 39_000, "am aaaaaaaa schrieb\n" * 2_000, "Von: " + "@" * 39_000]
)
def test_no_line_makes_reading_slow(line):
    started = time.process_time()

    unfolded(line)

    assert time.process_time() - started < 0.5


def test_signs_that_nobody_sees_or_that_turn_the_text_are_gone():
    found = read_mail(a_reply("Gut\u202e gemacht\u200b\x07").as_bytes())

    assert found.words == "Gut gemacht"
