"""What causes a mail, to whom, and what never does."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from hearback.changenotes import commands as changenotes
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.reaching import ways
from hearback.changenotes.rules import NoteKind
from hearback.changenotes.tables import NoteTranslation
from hearback.clock import now
from hearback.database.engine import execute, fetch_value, transaction
from hearback.jobs import do_all_now, do_later
from hearback.notifying import commands
from hearback.notifying.rules import MOST, MailKind, What
from hearback.promises.commands import break_promise, make_promise, say_whether_it_held, set_new_date
from hearback.promises.forms import BreakForm, HeldForm, NewDateForm
from hearback.promises.rules import Held, PromiseKind
from hearback.themes import commands as themes
from tests import made

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
async def kranich(pool, mailbox):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    return company


@pytest.fixture
async def tarek(kranich):
    return await made.a_member(kranich, name="Tarek Osman", face_digest="x")


async def a_voice(company, theme, tarek, address: str, **more):
    """Somebody answered, the answer is in the theme, and they follow it."""
    question = more.pop("question", None) or await made.a_question(company, by=tarek)
    answer = await made.an_answer(company, question)
    await made.placed(company, answer, theme, by=tarek)
    await made.a_follower(company, address, response=answer.id, **more)
    return answer


async def told(note_id, company, kind=MailKind.PUBLISHED) -> None:
    await commands.tell_of_note(company.id, note_id, kind, now=now())
    await commands.send_due(now)


def everybody(mailbox) -> list[str]:
    return sorted(to for mail in mailbox.to for to in mail)


async def test_a_note_is_told_to_those_behind_it_and_to_nobody_elses_followers(kranich, tarek, mailbox):
    theme, other = await made.a_theme(kranich), await made.a_theme(kranich, "Versand")
    answer = await a_voice(kranich, theme, tarek, "mia@example.org")
    await a_voice(kranich, theme, tarek, "at-once-all-the-same@example.org", digest=True)
    await a_voice(kranich, other, tarek, "leo@example.org")
    await made.a_follower(kranich, "theme@example.org", theme=theme.id)
    await made.a_follower(kranich, "other-theme@example.org", theme=other.id)
    await made.a_follower(kranich, "question@example.org", question=answer.question)
    await made.a_follower(kranich, "log@example.org")
    await made.a_follower(kranich, "not-yet@example.org", confirmed_on=None)
    reiher = await made.a_company("reiher")
    await made.a_follower(reiher, "reiher@example.org")
    note = await made.a_public_note(kranich, theme, by=tarek)

    await told(note.id, kranich)

    assert everybody(mailbox) == [
        "at-once-all-the-same@example.org",
        "log@example.org",
        "mia@example.org",
        "question@example.org",
        "theme@example.org",
    ]


async def test_an_address_that_follows_several_things_gets_one_mail_about_the_nearest(
    kranich, tarek, mailbox
):
    theme = await made.a_theme(kranich)
    await a_voice(kranich, theme, tarek, "mia@example.org")
    await made.a_follower(kranich, "mia@example.org", theme=theme.id)
    await made.a_follower(kranich, "mia@example.org")
    await told((await made.a_public_note(kranich, theme, by=tarek)).id, kranich)

    assert everybody(mailbox) == ["mia@example.org"]
    assert "hast du geschrieben" in mailbox.mails[0].get_body(("plain",)).get_content()


async def test_whose_answer_does_not_count_is_not_written_to(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    answer = await a_voice(kranich, theme, tarek, "mia@example.org")
    await execute("update response set state = 'withdrawn' where id = $1", answer.id)
    await told((await made.a_public_note(kranich, theme, by=tarek)).id, kranich)
    assert mailbox.mails == []


async def test_who_follows_a_theme_is_told_also_after_it_was_merged(kranich, tarek, mailbox):
    theme, heir = await made.a_theme(kranich), await made.a_theme(kranich, "Steine, die man fühlt")
    await made.a_follower(kranich, "mia@example.org", theme=theme.id)
    await themes.merge(kranich.id, theme.id, heir.id, by=tarek.id, now=now())
    await told((await made.a_public_note(kranich, heir, by=tarek)).id, kranich)
    assert everybody(mailbox) == ["mia@example.org"]


async def test_who_follows_a_question_is_told_of_a_note_that_names_it(kranich, tarek, mailbox):
    question, other = await made.a_question(kranich, by=tarek), await made.a_question(kranich, by=tarek)
    await made.a_follower(kranich, "mia@example.org", question=question.id)
    await made.a_follower(kranich, "leo@example.org", question=other.id)
    theme = await made.a_theme(kranich)
    await told((await made.a_public_note(kranich, theme, by=tarek, questions=[question.id])).id, kranich)
    assert everybody(mailbox) == ["mia@example.org"]


@pytest.mark.parametrize("kind", ["changed", "holding"])
async def test_who_writes_a_note_sees_beforehand_how_many_are_written_to_and_how_many_in_the_weekly_mail(
    kranich, tarek, mailbox, kind
):
    theme, other = await made.a_theme(kranich), await made.a_theme(kranich, "Versand")
    answer = await a_voice(kranich, theme, tarek, "mia@example.org")
    withdrawn = await a_voice(kranich, theme, tarek, "gone@example.org")
    await execute("update response set state = 'withdrawn' where id = $1", withdrawn.id)
    tried_out = await a_voice(kranich, theme, tarek, "test@example.org")
    await execute("update response set test = true where id = $1", tried_out.id)
    await a_voice(kranich, other, tarek, "other@example.org")
    await a_voice(kranich, theme, tarek, "last@example.org", sent=1)
    await made.a_follower(kranich, "mia@example.org", theme=theme.id)
    await made.a_follower(kranich, "not-yet@example.org", question=answer.question, confirmed_on=None)
    await made.a_follower(kranich, "weekly@example.org", theme=theme.id, digest=True, language="en")
    await made.a_follower(kranich, "log@example.org", language="en")
    note = await made.a_public_note(kranich, theme, by=tarek, kind=kind)

    seen = {way.words: way for way in await ways(kranich, note.id, NoteKind(kind), [theme.id])}
    await told(note.id, kranich)

    # The last promised mail is kept for what becomes of the answer.
    written = ["last@example.org"] if kind == "changed" else []
    written += ["log@example.org", "mia@example.org"]
    assert everybody(mailbox) == written
    assert seen["note.mails-go-out"].people == len(written)
    assert seen["note.mails-go-out"].languages == {"de": len(written) - 1, "en": 1}
    assert seen["note.mails-of-the-week"].people == 1


async def test_nobody_is_counted_who_cannot_be_written_to(kranich, tarek):
    note = await made.a_public_note(kranich, await made.a_theme(kranich), by=tarek)
    await made.a_follower(kranich)
    await execute("update mail_setup set active = false")
    seen = {way.words: way.people for way in await ways(kranich, note.id, NoteKind.CHANGED, [])}
    assert seen["note.mails-go-out"] == 0


async def test_a_correction_is_told_only_to_those_who_ticked_it_with_its_reason(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    await made.a_follower(kranich, "mia@example.org")
    await made.a_follower(kranich, "leo@example.org", corrections=True)
    fields = {"asked": "a", "did": "Alle Steine.", "said": "b", "since_when": "c", "closing_question": "d"}
    note = await made.a_public_note(kranich, theme, by=tarek, **fields)
    form = CorrectionForm(
        number=1, why="Es waren nur die roten.", **{"title": "Steine"} | fields | {"did": "Die roten."}
    )
    await changenotes.correct_note(kranich, note.id, form, by=tarek, now=now())
    await do_all_now()

    assert everybody(mailbox) == ["leo@example.org"]
    assert "Warum: Es waren nur die roten." in mailbox.mails[0].get_body(("plain",)).get_content()

    await changenotes.withdraw_note(
        kranich.id, note.id, WithdrawalForm(why="Wir lagen falsch."), by=tarek, now=now()
    )
    await do_all_now()
    assert everybody(mailbox) == ["leo@example.org", "leo@example.org"]
    assert mailbox.mails[1]["Subject"].startswith("Wir nehmen zurück")


async def test_each_correction_is_told_and_each_once(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    await made.a_follower(kranich, "leo@example.org", corrections=True, sent=MOST[What.LOG] - 2)
    fields = {"asked": "a", "did": "Alle Steine.", "said": "b", "since_when": "c", "closing_question": "d?"}
    note = await made.a_public_note(kranich, theme, by=tarek, **fields)
    for number in (1, 2):
        words = {"title": "Steine"} | fields | {"did": f"Fassung {number + 1}."}
        form = CorrectionForm(number=number, why="Genauer.", **words)
        await changenotes.correct_note(kranich, note.id, form, by=tarek, now=now())
        for _ in range(2):
            await commands.tell_of_note(kranich.id, note.id, MailKind.CORRECTED, now=now())
        await do_all_now()

    texts = [text_of(mail) for mail in mailbox.mails]
    assert ["Fassung 2." in texts[0], "Fassung 3." in texts[1]] == [True, True]
    assert len(texts) == 2, "who follows the log hears of it with the last mail too"


async def test_who_confirms_on_monday_gets_nothing_of_the_week_before(kranich, tarek, mailbox):
    berlin = ZoneInfo("Europe/Berlin")
    for address, day in (("before@example.org", 15), ("monday@example.org", 16)):
        confirmed = date(2026, 11, day)
        await made.a_follower(kranich, address, digest=True, asked_on=confirmed, confirmed_on=confirmed)
    at = datetime(2026, 11, 12, 12, tzinfo=berlin)
    await made.a_public_note(kranich, await made.a_theme(kranich), by=tarek, at=at)
    await commands.put_in_digests(now=datetime(2026, 11, 16, 9, tzinfo=berlin))
    await commands.send_due(now)
    assert everybody(mailbox) == ["before@example.org"]


async def test_a_broken_promise_is_told_once_to_whoever_waits(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    question = await made.a_question(kranich, by=tarek)
    await a_voice(kranich, theme, tarek, "mia@example.org", question=question)
    await made.a_follower(kranich, "mia@example.org", question=question.id)
    gone = await a_voice(kranich, theme, tarek, "gone@example.org", question=question)
    await execute("update response set state = 'withdrawn' where id = $1", gone.id)
    await made.a_follower(kranich, "not-yet@example.org", question=question.id, confirmed_on=None)
    await made.a_follower(kranich, "log@example.org")
    await made.a_follower(kranich, "zoe@example.org", question=question.id, sent=MOST[What.QUESTION] - 1)
    about = {"language": "de", "by": tarek.id, "now": now(), "question": question.id}
    promise = await make_promise(kranich.id, PromiseKind.REPLY, "Antwort", made.today(), **about)
    await break_promise(
        kranich.id,
        promise,
        BreakForm(why="Wir haben uns übernommen."),
        by=tarek,
        now=now(),
        today=made.today(),
    )
    await do_all_now()
    await commands.tell_of_promise(kranich.id, promise, MailKind.BROKEN, by=tarek.id, now=now())
    await do_all_now()

    assert everybody(mailbox) == ["mia@example.org", "zoe@example.org"], (
        "also with the last mail: no other comes"
    )
    mail = mailbox.mails[0]
    said = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Wir halten ein Versprechen nicht"
    assert "Wir hatten versprochen: „Antwort“" in said
    assert "Warum: Wir haben uns übernommen." in said


async def test_what_a_note_promised_is_told_to_those_behind_it_and_not_to_whoever_reads_the_log(
    kranich, tarek, mailbox
):
    theme, other = await made.a_theme(kranich), await made.a_theme(kranich, "Versand")
    answer = await a_voice(kranich, theme, tarek, "mia@example.org")
    await a_voice(kranich, other, tarek, "other@example.org")
    await made.a_follower(kranich, "question@example.org", question=answer.question)
    await made.a_follower(kranich, "theme@example.org", theme=theme.id)
    await made.a_follower(kranich, "log@example.org")
    note = await made.a_public_note(kranich, theme, by=tarek, kind="mistake")
    about = {"language": "de", "by": tarek.id, "now": now(), "note": note.id}
    promise = await make_promise(kranich.id, PromiseKind.REPAIR, "Kerben", made.today(), **about)
    form = BreakForm(why="Wir haben uns übernommen.")
    await break_promise(kranich.id, promise, form, by=tarek, now=now(), today=made.today())
    await do_all_now()

    assert everybody(mailbox) == ["mia@example.org", "question@example.org"]


async def test_a_moved_day_is_told_to_whoever_waits_but_never_with_the_last_mail(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    question = await made.a_question(kranich, by=tarek)
    await a_voice(kranich, theme, tarek, "mia@example.org", question=question)
    await made.a_follower(kranich, "log@example.org")
    due = made.today() + timedelta(days=3)
    promise = await make_promise(
        kranich.id,
        PromiseKind.REPLY,
        "Antwort",
        due,
        language="de",
        by=tarek.id,
        now=now(),
        question=question.id,
    )
    for days in (10, 20):
        form = NewDateForm(due_on=due + timedelta(days=days), why="Die Stanze ist kaputt.")
        promise = await set_new_date(kranich.id, promise, form, by=tarek, now=now(), today=made.today())
        await do_all_now()

    assert everybody(mailbox) == ["mia@example.org"]
    text = " ".join(text_of(mailbox.mails[0]).split())
    assert "Warum: Die Stanze ist kaputt." in text
    first, then = due.day, (due + timedelta(days=10)).day
    assert re.search(rf"„Antwort“, bis zum {first}\. .* Der neue Tag ist der {then}\. ", text), text
    await told((await made.a_public_note(kranich, theme, by=tarek)).id, kranich)
    assert len(mailbox.mails) == 3  # hers, and the log's


async def test_the_weeks_mail_comes_once_newest_first_and_not_when_there_is_nothing(kranich, tarek, mailbox):
    berlin = ZoneInfo("Europe/Berlin")
    monday = datetime(2026, 11, 16, 9, tzinfo=berlin)
    long_ago = {"asked_on": date(2026, 11, 1), "confirmed_on": date(2026, 11, 1)}
    theme = await made.a_theme(kranich)
    await made.a_follower(kranich, "mia@example.org", digest=True, **long_ago)
    await made.a_follower(
        kranich, "leo@example.org", digest=True, theme=(await made.a_theme(kranich, "Versand")).id, **long_ago
    )
    for day, title in ((10, "Die erste"), (12, "Die zweite"), (17, "Nächste Woche")):
        at = datetime(2026, 11, day, 12, tzinfo=berlin)
        note = await made.a_public_note(kranich, theme, by=tarek, at=at, title=title)
        await told(note.id, kranich)
    at = datetime(2026, 11, 11, 12, tzinfo=berlin)
    gone = await made.a_public_note(kranich, theme, by=tarek, at=at, title="Zurückgezogen")
    why = WithdrawalForm(why="Stimmt nicht.")
    await changenotes.withdraw_note(kranich.id, gone.id, why, by=tarek, now=at)
    assert mailbox.mails == []

    for hour in (0, 3, 24):
        await commands.put_in_digests(now=monday + timedelta(hours=hour))
    await commands.send_due(now)

    assert everybody(mailbox) == ["mia@example.org"]
    assert mailbox.mails[0]["Subject"] == "Diese Woche: 2 Notizen von Kranich Spiele"
    text = mailbox.mails[0].get_body(("plain",)).get_content()
    assert text.index("Die zweite") < text.index("Die erste")
    assert "Nächste Woche" not in text and "Zurückgezogen" not in text


async def a_reply(company, by, **more) -> UUID:
    """Sent, to `response` or to `theme`."""
    return await fetch_value(
        """insert into reply (id, company, response, theme, state, writer, feeling, fact, step, next_step, next_owner,
                              next_by, signed_by, corrects, why, saved_at, sent_at)
           values (gen_random_uuid(), $1, $2, $3, 'sent', $4, '', $5, 'does', 'Ich stelle sie online.', $4, $6,
                   $7, $8, $9, $10, $10) returning id""",
        company.id,
        more.get("response"),
        more.get("theme"),
        by.id,
        more.get("fact", "Die *Zeiten* hingen nur innen."),
        made.today() + timedelta(days=2),
        (await made.a_member(company, "comms")).id,
        more.get("corrects"),
        "Sie hingen außen." if "corrects" in more else "",
        more.get("at", now()),
    )


async def tell(company, reply_id) -> None:
    await commands.tell_of_reply(company.id, reply_id, now=now())
    await commands.send_due(now)


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


async def test_a_reply_is_mailed_with_its_next_step_and_as_it_was_typed(kranich, tarek, mailbox):
    answer = await a_voice(kranich, await made.a_theme(kranich), tarek, "mia@example.org")
    await made.a_follower(kranich, "not-yet@example.org", response=answer.id, confirmed_on=None)
    reply_id = await a_reply(kranich, tarek, response=answer.id)
    await commands.tell_of_reply(kranich.id, reply_id, now=now())
    assert await fetch_value("select count(*) from mail") == 1, "who did not confirm is told nothing"
    await commands.send_due(now)

    assert mailbox.mails[0]["Subject"] == "Tarek Osman antwortet dir"
    text = text_of(mailbox.mails[0])
    assert "Die *Zeiten* hingen nur innen." in text
    assert "Ich stelle sie online. Tarek Osman kümmert sich, bis zum" in text


async def test_words_erased_while_their_mail_waited_are_sent_to_nobody(kranich, tarek, mailbox):
    answer = await a_voice(kranich, await made.a_theme(kranich), tarek, "mia@example.org")
    reply_id = await a_reply(kranich, tarek, response=answer.id)
    await commands.tell_of_reply(kranich.id, reply_id, now=now())
    await execute("delete from reply where id = $1", reply_id)
    await commands.send_due(now)
    await commands.tell_of_reply(kranich.id, reply_id, now=now())

    assert mailbox.mails == []
    assert await fetch_value("select sent from follower") == 0


async def test_a_reply_to_a_theme_is_told_to_those_behind_it_and_those_who_follow_it(kranich, tarek, mailbox):
    theme, other = await made.a_theme(kranich), await made.a_theme(kranich, "Versand")
    await a_voice(kranich, theme, tarek, "mia@example.org")
    await made.a_follower(kranich, "mia@example.org", theme=theme.id)  # one mail all the same
    await made.a_follower(kranich, "theme@example.org", theme=theme.id)
    await made.a_follower(kranich, "later@example.org", theme=theme.id, digest=True)
    await made.a_follower(kranich, "log@example.org")
    await a_voice(kranich, other, tarek, "leo@example.org")
    gone = await a_voice(kranich, theme, tarek, "gone@example.org")
    await execute("update response set state = 'withdrawn' where id = $1", gone.id)
    reply_id = await a_reply(kranich, tarek, theme=theme.id)
    for _ in range(2):
        await tell(kranich, reply_id)

    assert everybody(mailbox) == ["mia@example.org", "theme@example.org"]
    assert mailbox.mails[0]["Subject"] == "Tarek Osman antwortet zu „Rote und grüne Steine“"
    told = {to[0]: text_of(mail) for to, mail in zip(mailbox.to, mailbox.mails, strict=True)}
    assert f"/kranich/replies#reply-{reply_id}" in told["theme@example.org"]
    assert "hast du geschrieben" in told["mia@example.org"]
    assert "hast du geschrieben" not in told["theme@example.org"]


async def test_the_last_promised_mail_is_kept_for_what_comes_of_the_answer(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    await a_voice(kranich, theme, tarek, "mia@example.org")
    for fact in ("Die Zeiten hingen nur innen.", "Der Steg ist gesperrt."):
        await tell(kranich, await a_reply(kranich, tarek, theme=theme.id, fact=fact))
    assert everybody(mailbox) == ["mia@example.org"]

    await told((await made.a_public_note(kranich, theme, by=tarek)).id, kranich)

    assert len(mailbox.mails) == 2
    assert await fetch_value("select count(*) from follower") == 0


async def test_a_corrected_reply_to_a_theme_is_told_only_to_those_who_ticked_it(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    await made.a_follower(kranich, "mia@example.org", theme=theme.id)
    await made.a_follower(kranich, "leo@example.org", theme=theme.id, corrections=True)
    first = await a_reply(kranich, tarek, theme=theme.id)
    await tell(kranich, await a_reply(kranich, tarek, theme=theme.id, corrects=first))

    assert everybody(mailbox) == ["leo@example.org"]
    assert "Eine Berichtigung: Sie hingen außen." in text_of(mailbox.mails[0])


async def test_who_waits_for_a_next_step_hears_that_its_day_was_moved(kranich, tarek, mailbox):
    answer = await a_voice(kranich, await made.a_theme(kranich), tarek, "mia@example.org")
    await a_voice(kranich, await made.a_theme(kranich, "Versand"), tarek, "leo@example.org")
    reply_id = await a_reply(kranich, tarek, response=answer.id)
    due = made.today() + timedelta(days=2)
    said = "Tarek hat einem Menschen etwas versprochen."
    step = await make_promise(kranich.id, PromiseKind.STEP, said, due, language="de", by=tarek.id, now=now())
    await execute("update reply set promise = $1 where id = $2", step, reply_id)
    form = NewDateForm(due_on=due + timedelta(days=5), why="Der Server steht noch nicht.")
    await set_new_date(kranich.id, step, form, by=tarek, now=now(), today=made.today())
    await do_all_now()

    assert everybody(mailbox) == ["mia@example.org"]
    text = text_of(mailbox.mails[0])
    assert "„Ich stelle sie online.“" in text and "Warum: Der Server steht noch nicht." in text
    assert said not in text


async def test_the_weeks_mail_of_a_theme_tells_of_replies_too(kranich, tarek, mailbox):
    berlin = ZoneInfo("Europe/Berlin")
    theme = await made.a_theme(kranich)
    long_ago = {"asked_on": date(2026, 11, 1), "confirmed_on": date(2026, 11, 1)}
    await made.a_follower(kranich, "mia@example.org", theme=theme.id, digest=True, **long_ago)
    await made.a_follower(kranich, "log@example.org", digest=True, **long_ago)
    first = await a_reply(
        kranich,
        tarek,
        theme=theme.id,
        fact="Wir wussten nichts.",
        at=datetime(2026, 11, 11, 12, tzinfo=berlin),
    )
    at = datetime(2026, 11, 12, 12, tzinfo=berlin)
    await a_reply(kranich, tarek, theme=theme.id, corrects=first, at=at)

    for hour in (0, 3):
        await commands.put_in_digests(now=datetime(2026, 11, 16, 9 + hour, tzinfo=berlin))
    await commands.send_due(now)

    assert everybody(mailbox) == ["mia@example.org"]
    assert mailbox.mails[0]["Subject"] == "Diese Woche: eine Antwort von Kranich Spiele"
    assert "hingen nur innen" in text_of(mailbox.mails[0])
    assert "Wir wussten nichts." not in text_of(mailbox.mails[0]), "it was corrected in the same week"


async def test_the_mail_is_put_in_with_its_cause_or_not_at_all(kranich, tarek):
    """The note is withdrawn in a transaction that fails: nobody is told."""
    theme = await made.a_theme(kranich)
    await made.a_follower(kranich, corrections=True)
    note = await made.a_public_note(kranich, theme, by=tarek)
    with pytest.raises(Exception, match="reason"):
        await changenotes.withdraw_note(kranich.id, note.id, WithdrawalForm(why=""), by=tarek, now=now())
    assert await fetch_value("select count(*) from pgqueuer where entrypoint like 'notifying%'") == 0


async def test_a_reply_that_an_older_version_queued_is_told_after_an_upgrade(kranich, tarek, mailbox):
    answer = await a_voice(kranich, await made.a_theme(kranich), tarek, "mia@example.org")
    reply_id = await a_reply(kranich, tarek, response=answer.id)
    told_then = {"response_id": str(answer.id), "words": "Die Zeiten hingen nur innen.", "by": str(tarek.id)}
    async with transaction():
        await do_later("notifying.replied", company_id=kranich.id, reply_id=reply_id, **told_then)

    await do_all_now()

    assert everybody(mailbox) == ["mia@example.org"]
    assert mailbox.mails[0]["Subject"] == "Tarek Osman antwortet dir"


HOW = "Seit Mai hat niemand mehr die Steine verwechselt."


async def a_repair(company, theme, by, **more) -> tuple[UUID, UUID]:
    """A mistake note, and the promise to say whether its repair has held."""
    fields = {"title": "Rote und grüne Steine", "wrong": "Wir wussten es seit März."}
    note = await made.a_public_note(company, theme, by=by, kind="mistake", **fields, **more)
    words, due = "Hat es gehalten?", made.today() + timedelta(days=3)
    more = {"language": "de", "by": by.id, "now": now(), "note": note.id}
    return note.id, await make_promise(company.id, PromiseKind.FOLLOW_UP, words, due, **more)


async def says_that_it_held(company, promise_id, by, **more) -> None:
    more = {"by": by, "now": now(), "today": made.today()} | more
    await say_whether_it_held(company.id, promise_id, HeldForm(Held.PARTLY, HOW), **more)


async def test_whether_a_repair_held_is_told_to_those_whom_the_note_concerns(kranich, tarek, mailbox):
    theme, other = await made.a_theme(kranich), await made.a_theme(kranich, "Versand")
    await a_voice(kranich, theme, tarek, "mia@example.org")
    await made.a_follower(kranich, "theme@example.org", theme=theme.id)
    await made.a_follower(kranich, "log@example.org")
    await made.a_follower(kranich, "later@example.org", theme=theme.id, digest=True)
    await a_voice(kranich, other, tarek, "leo@example.org")
    await made.a_follower(kranich, "other-theme@example.org", theme=other.id)
    await made.a_follower(kranich, "log-last@example.org", most=1)
    await a_voice(kranich, theme, tarek, "last@example.org", most=1)
    _, promise_id = await a_repair(kranich, theme, tarek)

    await says_that_it_held(kranich, promise_id, tarek)
    await do_all_now()
    await commands.tell_whether_it_held(kranich.id, promise_id, now=now())
    await commands.send_due(now)

    assert everybody(mailbox) == ["log@example.org", "mia@example.org", "theme@example.org"]
    told = {to[0]: mail for to, mail in zip(mailbox.to, mailbox.mails, strict=True)}
    assert told["mia@example.org"]["Subject"] == "Hat es gehalten?"
    text = text_of(told["mia@example.org"])
    parts = ("hast du geschrieben", "Rote und grüne Steine", "Zum Teil hat es gehalten.", HOW)
    assert sorted(parts, key=text.index) == list(parts)
    assert "hast du geschrieben" not in text_of(told["log@example.org"])


async def test_the_weeks_mail_tells_whether_a_repair_held(kranich, tarek, mailbox):
    theme, other = await made.a_theme(kranich), await made.a_theme(kranich, "Versand")
    question = await made.a_question(kranich, by=tarek)
    await made.placed(kranich, await made.an_answer(kranich, question), theme, by=tarek)
    weekly = {"digest": True, "asked_on": date(2020, 1, 1), "confirmed_on": date(2020, 1, 1)}
    await made.a_follower(kranich, "theme@example.org", theme=theme.id, **weekly)
    await made.a_follower(kranich, "log@example.org", **weekly)
    await made.a_follower(kranich, "question@example.org", question=question.id, **weekly)
    await made.a_follower(kranich, "other-theme@example.org", theme=other.id, **weekly)
    _, promise_id = await a_repair(kranich, theme, tarek, at=now() - timedelta(days=60))
    later = NewDateForm(made.today() + timedelta(days=9), "Wir spielen noch 20 Runden.")
    by = {"by": tarek, "now": now(), "today": made.today()}
    newest = await set_new_date(kranich.id, promise_id, later, **by)
    await says_that_it_held(kranich, newest, tarek, today=made.today() - timedelta(days=7))

    for _ in range(2):
        await commands.put_in_digests(now=now())
    await commands.send_due(now)

    assert everybody(mailbox) == ["log@example.org", "question@example.org", "theme@example.org"]
    assert {mail["Subject"] for mail in mailbox.mails} == {"Hat es gehalten?"}
    text = text_of(mailbox.mails[0])
    parts = ("Rote und grüne Steine", "Zum Teil hat es gehalten.", HOW)
    assert sorted(parts, key=text.index) == list(parts)
    assert text.count(HOW) == 1


async def test_of_a_note_that_was_taken_back_meanwhile_nothing_is_told(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    await made.a_follower(kranich, "mia@example.org")
    note_id, promise_id = await a_repair(kranich, theme, tarek)

    await says_that_it_held(kranich, promise_id, tarek)
    await execute("update note set state = 'withdrawn' where id = $1", note_id)
    await do_all_now()

    assert mailbox.mails == []
    assert await fetch_value("select sent from follower") == 0


async def test_a_note_is_told_in_the_readers_language_where_it_was_said_in_it(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    await a_voice(kranich, theme, tarek, "mia@example.org", language="en")
    await a_voice(kranich, theme, tarek, "leo@example.org")
    note = await made.a_public_note(kranich, theme, by=tarek, title="Neue Feder", did="Sie hält jetzt.")
    english = '{"title": "A new spring", "did": "It holds now."}'
    out = {"company": kranich.id, "note": note.id, "language": "en", "of_number": 1, "fields": english}
    await NoteTranslation.insert(NoteTranslation(**out, by=tarek.id, at=made.NOW))

    await told(note.id, kranich)

    said = {
        to: mail.get_body(("plain",)).get_content()
        for mail, (to,) in zip(mailbox.mails, mailbox.to, strict=True)
    }
    assert "It holds now." in said["mia@example.org"]
    assert "Sie hält jetzt." not in said["mia@example.org"]
    assert "Sie hält jetzt." in said["leo@example.org"]
    subjects = {to: mail["Subject"] for mail, (to,) in zip(mailbox.mails, mailbox.to, strict=True)}
    assert "A new spring" in subjects["mia@example.org"]


async def test_a_translation_that_lags_behind_is_not_mailed(kranich, tarek, mailbox):
    theme = await made.a_theme(kranich)
    await a_voice(kranich, theme, tarek, "mia@example.org", language="en")
    note = await made.a_public_note(kranich, theme, by=tarek, did="Sie hält jetzt.")
    out = {
        "company": kranich.id,
        "note": note.id,
        "language": "en",
        "of_number": 0,
        "fields": '{"did": "Old."}',
    }
    await NoteTranslation.insert(NoteTranslation(**out, by=tarek.id, at=made.NOW))

    await told(note.id, kranich)

    assert "Sie hält jetzt." in mailbox.mails[0].get_body(("plain",)).get_content()
