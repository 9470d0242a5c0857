"""What is put into the outbox is sent once: with servers that refuse, hang up and come back, and workers that die."""

import asyncio
import os
import sys
from datetime import timedelta

import asyncpg
import pytest

from hearback.clock import now
from hearback.database.engine import execute, fetch_column, fetch_value, transaction
from hearback.notifying import commands
from hearback.notifying.commands import outbox, sending
from hearback.notifying.rules import MOST_TRIES, MailKind
from hearback.notifying.tables import Follower
from hearback.settings import settings
from tests import made

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


async def one_waits(company, **more) -> Follower:
    """Somebody follows the log, a note is out, and the mail about it waits in the outbox."""
    by = await made.a_member(company, name="Tarek Osman", role_title="Produktion")
    note = await made.a_public_note(
        company, await made.a_theme(company), by=by, did="Alle Steine haben **Kerben**."
    )
    follower = await made.a_follower(company, **more)
    await commands.tell_of_note(company.id, note.id, MailKind.PUBLISHED, now=now())
    return follower


async def states() -> list[str]:
    return await fetch_column("select state from mail order by state")


async def test_a_mail_is_sent_once_and_says_what_the_note_says(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port, reply_to="fragen@kranich.example")
    await one_waits(kranich)

    assert await commands.send_due(now) == 1
    assert await commands.send_due(now) == 0

    assert mailbox.to == [["mia@example.org"]]
    mail = mailbox.mails[0]
    assert mail["From"] == '"Tarek Osman, Kranich Spiele" <hallo@kranich.example>'
    assert mail["Reply-To"] == "fragen@kranich.example"
    assert mail["Subject"] == "Das haben wir getan: Steine mit Kerben"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Alle Steine haben **Kerben**." in text
    assert "<strong>Kerben</strong>" in html
    assert "Das ist Mail 1 von höchstens 12." in text
    assert 'style="' in html
    assert "<script" not in html
    assert 'src="http' not in html


async def test_a_mail_program_can_unsubscribe_by_one_post(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    await commands.send_due(now)

    mail = mailbox.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http://test/kranich/mail/")


async def test_a_server_that_hangs_up_after_the_text_gets_it_once_and_the_mail_is_marked(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    mailbox.drops = "after"

    await commands.send_due(now)
    mailbox.drops = ""
    await commands.send_due(lambda: now() + timedelta(days=1))

    assert len(mailbox.mails) == 1
    assert await states() == ["unsure"]


async def test_what_a_server_refuses_for_now_is_tried_again_later_under_the_same_message_id(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    follower = await one_waits(kranich)
    mailbox.refuses["mia@example.org"] = "451 later"

    await commands.send_due(now)
    assert await states() == ["waiting"]
    assert await fetch_value("select sent from follower where id = $1", follower.id) == 0
    assert await commands.send_due(now) == 0
    mailbox.refuses.clear()
    assert await commands.send_due(lambda: now() + timedelta(minutes=2)) == 1

    assert len(mailbox.mails) == 1
    assert mailbox.mails[0]["Message-ID"] == f"<{await fetch_value('select id from mail')}@test>"
    assert mailbox.mails[0]["In-Reply-To"] == f"<{follower.id}@test>"
    assert await fetch_value("select sent from follower where id = $1", follower.id) == 1


@pytest.mark.parametrize(("state", "then"), [("waiting", "sent"), ("sending", "sent"), ("handing", "unsure")])
async def test_what_a_clock_that_ran_ahead_put_off_is_taken_up_when_it_is_set_right(
    kranich, mailbox, state, then
):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    ahead = now() + timedelta(days=40)
    await execute("update mail set due_at = $1", ahead)
    if state != "waiting":
        taken = await outbox.take_one(ahead)
        assert taken is not None
        assert state == "sending" or await outbox.begin_handing(taken, ahead)

    await commands.send_due(now)

    assert await states() == [then]


async def test_after_the_last_try_a_mail_has_failed(kranich, set_env):
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    await made.mail_set_up(kranich, 1)
    await one_waits(kranich)
    for _ in range(MOST_TRIES + 2):
        await execute("update mail set due_at = now() where state = 'waiting'")
        await commands.send_due(now)

    assert await states() == ["failed"]
    assert await fetch_value("select tries from mail") == MOST_TRIES


async def test_an_address_that_could_not_be_asked_is_kept_by_nobody_and_may_ask_again(kranich, mailbox):
    """Its server refuses the mail that asks whether it was they, though it knows the mailbox."""
    await made.mail_set_up(kranich, mailbox.port)
    mailbox.refuses["mia@example.org"] = "550 5.7.1 we do not like you"
    wish = {"secret": settings().secret_key, "network": "x", "language": "de", "now": now()}
    await commands.ask_to_follow(kranich.id, "mia@example.org", **wish)

    await commands.send_due(now)
    assert await Follower.count() == 0

    del mailbox.refuses["mia@example.org"]
    await commands.ask_to_follow(kranich.id, "mia@example.org", **wish)
    await commands.send_due(now)
    assert mailbox.to == [["mia@example.org"]]


async def test_the_text_leaves_in_one_hand_only(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    taken = await outbox.take_one(now())
    assert taken is not None
    assert [await outbox.begin_handing(taken, now()) for _ in range(2)] == [True, False]


async def test_news_of_two_weeks_ago_is_no_news(kranich, mailbox):
    """The server was down, or mails were switched off: the mail is marked, not sent so late."""
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    await execute('update mail set "on" = "on" - 15')

    await commands.send_due(now)

    assert (await states(), mailbox.mails) == (["failed"], [])


async def test_a_mail_that_cannot_be_written_holds_up_no_other_and_is_given_up(kranich, mailbox, monkeypatch):
    await made.mail_set_up(kranich, mailbox.port)
    broken = await one_waits(kranich, address="first@example.org")
    await one_waits(kranich, address="second@example.org")
    written = sending.letter_for

    async def breaks(mail, desk):
        if mail.follower == broken.id:
            raise ValueError("nobody foresaw this")
        return await written(mail, desk)

    monkeypatch.setattr(sending, "letter_for", breaks)
    for _ in range(MOST_TRIES + 2):
        await commands.send_due(now)
        await execute("update mail set due_at = now() where state = 'waiting'")

    assert {to for mail in mailbox.to for to in mail} == {"second@example.org"}
    tried = "select tries from mail where state = 'failed' and trouble = 'not-written' and follower = $1"
    assert await fetch_column(tried, broken.id) == [MOST_TRIES] * 2


async def test_who_has_had_all_promised_mails_holds_up_nobody(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    full = await one_waits(kranich, address="full@example.org")
    await one_waits(kranich, address="second@example.org")
    await execute("update follower set sent = most where id = $1", full.id)

    await commands.send_due(now)

    assert {to for mail in mailbox.to for to in mail} == {"second@example.org"}


async def test_who_did_not_confirm_is_only_asked_whether_it_was_they(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    follower = await one_waits(kranich)
    await execute("update follower set confirmed_on = null where id = $1", follower.id)

    await commands.send_due(now)

    assert (mailbox.mails, await states()) == ([], [])


async def test_an_address_that_nobody_has_is_deleted_and_never_written_to_again(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    mailbox.refuses["mia@example.org"] = "550 5.1.1 nobody here"
    await commands.send_due(now)

    assert await Follower.count() == 0
    assert await fetch_column("select why from mail_silence") == ["bounced"]
    mailbox.refuses.clear()
    await commands.ask_to_follow(
        kranich.id, "mia@example.org", secret="s" * 40, network="n", language="de", now=now()
    )
    asked = {"secret": os.environ["HEARBACK_SECRET_KEY"], "network": "n", "language": "de", "now": now()}
    await commands.ask_to_follow(kranich.id, "mia@example.org", **asked)
    assert await Follower.count() == 1  # that of the other key only: the silenced one is not asked


async def test_no_more_mails_than_promised_whatever_the_program_does(kranich):
    follower = await made.a_follower(kranich, most=2)
    for cause in "abc":
        await outbox.put_in(kranich.id, follower.id, MailKind.MOVED, cause, now=now())
    ids = await fetch_column("select id from mail order by cause")

    for mail_id in ids[:2]:
        await execute("update mail set state = 'sending' where id = $1", mail_id)
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("update mail set state = 'sending' where id = $1", ids[2])


@pytest.mark.parametrize("state", ["sent", "unsure", "failed"])
async def test_what_is_over_cannot_be_sent_again(kranich, state):
    follower = await made.a_follower(kranich)
    await outbox.put_in(kranich.id, follower.id, MailKind.MOVED, "a", now=now())
    await execute("update mail set state = 'sending'")
    await execute("update mail set state = 'handing'")
    await execute("update mail set state = $1", state)
    for again in ("waiting", "sending", "handing"):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute("update mail set state = $1", again)


async def test_the_address_is_deleted_after_the_last_promised_mail(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich, most=1)
    await commands.send_due(now)

    assert await Follower.count() == 0
    assert await states() == ["sent"]
    assert "letzte von höchstens 1 Mails" in mailbox.mails[0].get_body(("plain",)).get_content()


async def test_the_database_shows_no_address(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    rows = await fetch_column("select row_to_json(f)::text from follower f")
    assert "mia" not in rows[0]
    assert b"mia".hex() not in rows[0]


async def test_a_note_that_was_taken_back_meanwhile_is_not_told_of_and_costs_no_mail(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    follower = await one_waits(kranich)
    note = await fetch_value("select note from mail")
    by = await made.a_member(kranich)
    async with transaction():
        await execute("update note set state = 'withdrawn' where id = $1", note)
        await execute(
            """insert into revision (id, company, note, number, kind, reason, by, at)
               values (gen_random_uuid(), $1, $2, 2, 'withdrawn', 'Falsch gezählt', $3, now())""",
            kranich.id,
            note,
            by.id,
        )
    await commands.send_due(now)

    assert (mailbox.mails, await states()) == ([], [])
    assert await fetch_value("select sent from follower where id = $1", follower.id) == 0


async def test_telling_twice_of_one_note_makes_one_mail(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    await commands.tell_of_note(
        kranich.id, await fetch_value("select note from mail"), MailKind.PUBLISHED, now=now()
    )

    assert await states() == ["waiting"]


async def test_without_mail_nothing_is_put_in(kranich):
    await one_waits(kranich)
    assert await states() == []


async def test_two_workers_never_take_the_same_mail(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    by = await made.a_member(kranich)
    note = await made.a_public_note(kranich, await made.a_theme(kranich), by=by)
    for n in range(6):
        await made.a_follower(kranich, f"fan{n}@example.org")
    await commands.tell_of_note(kranich.id, note.id, MailKind.PUBLISHED, now=now())

    await asyncio.gather(*(commands.send_due(now) for _ in range(3)))

    assert sorted(to[0] for to in mailbox.to) == [f"fan{n}@example.org" for n in range(6)]


WORKER = """
import asyncio
from hearback.clock import now
from hearback.database.engine import connected
from hearback.notifying import commands

async def run():
    async with connected(2):
        await commands.send_due(now)

asyncio.run(run())
"""


async def killed_while(mailbox, where: str) -> None:
    """A worker in a process of its own is killed while the server lets it wait there."""
    mailbox.stalls = where
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, env=dict(os.environ))
    assert await asyncio.to_thread(mailbox.reached.wait, 90)
    worker.kill()
    await worker.wait()
    mailbox.stalls = ""
    mailbox.go_on.set()


async def test_a_worker_killed_before_the_text_left_loses_nothing_and_sends_nothing_twice(kranich, mailbox):
    await made.mail_set_up(kranich, mailbox.port)
    follower = await one_waits(kranich)
    await killed_while(mailbox, "rcpt")
    assert await states() == ["sending"]
    assert await commands.send_due(now) == 0

    await commands.send_due(lambda: now() + outbox.LEASE)

    assert (await states(), len(mailbox.mails)) == (["sent"], 1)
    assert await fetch_value("select sent from follower where id = $1", follower.id) == 1


async def test_a_worker_killed_after_the_text_left_leaves_a_marked_mail_that_is_never_sent_again(
    kranich, mailbox
):
    await made.mail_set_up(kranich, mailbox.port)
    await one_waits(kranich)
    await killed_while(mailbox, "data")
    assert await states() == ["handing"]

    await commands.send_due(lambda: now() + outbox.LEASE)
    await commands.send_due(lambda: now() + timedelta(days=2))

    assert await states() == ["unsure"]
    assert len(mailbox.mails) <= 1


async def test_a_hundred_mails_through_a_server_that_hangs_up_and_refuses_arrive_at_most_once(
    kranich, mailbox
):
    """K = 100: none twice, none lost but those that are marked, and nobody gets another one's."""
    await made.mail_set_up(kranich, mailbox.port)
    by = await made.a_member(kranich)
    note = await made.a_public_note(kranich, await made.a_theme(kranich), by=by)
    for n in range(100):
        await made.a_follower(kranich, f"fan{n}@example.org", sent=0)
    await commands.tell_of_note(kranich.id, note.id, MailKind.PUBLISHED, now=now())
    mailbox.moods = ["", "before", "after", "451", ""] * 20

    await commands.send_due(now)
    mailbox.moods = []
    for hours in range(1, 4):
        await commands.send_due(lambda hours=hours: now() + timedelta(hours=hours))

    arrived = [to[0] for to in mailbox.to]
    assert len(arrived) == len(set(arrived)) == 80
    assert await fetch_value("select count(*) from mail where state = 'unsure'") == 40
    assert await fetch_value("select count(*) from mail where state = 'sent'") == 60
    unsure = await fetch_column("select count(*) from follower where sent = 1")
    assert unsure == [100]
