"""A reply goes out covered or signed off, its fan reads it and talks on, and nothing of it changes in silence."""

import datetime as dt
import re

import pytest

from hearback.answering import queries as answering
from hearback.answering.expiring import let_go_of_old
from hearback.clock import day_in, now
from hearback.database.engine import execute, fetch_value
from hearback.promises.commands import break_promise, set_new_date
from hearback.promises.forms import BreakForm, NewDateForm
from hearback.promises.tables import Promise
from hearback.receipts.commands import erase
from hearback.refusals import Refused
from hearback.replying import commands, public, queries, queue
from hearback.replying.forms import BackForm, Do, MandateForm, ReplyForm
from hearback.replying.queries import Reply
from hearback.replying.rules import How, ReplyState, StepKind, To
from hearback.replying.tables import Reply as ReplyRow
from hearback.replying.tables import ReplyVoice, WordBack
from hearback.themes.commands import merge, unmerge
from tests import made
from tests.conftest import browser_of
from tests.paging import all_pages
from tests.replying.conftest import CODE
from tests.waiting import until

TODAY = made.today()
TOMORROW = TODAY + dt.timedelta(days=1)
WRITTEN = {
    "feeling": "Dreimal vor der Tür: Das hätte mich auch geärgert.",
    "fact": "Ich habe die Zeiten nur innen ausgehängt.",
    "next_step": "Ich hänge die Zeiten heute außen auf.",
    "next_by": TOMORROW,
}
SAVED = {"version": 0, "seen": 0, "do": Do.SAVE}


async def signed_mandate(company, leader, topics="Öffnungszeiten\nTermine"):
    newest = (await queries.mandates(company.id))[:1]
    form = MandateForm(
        words="Ihr dürft das sofort beantworten, ich stehe dafür ein.",
        topics=topics,
        number=newest[0].number if newest else 0,
    )
    await commands.sign_mandate(company.id, form, by=leader, now=made.NOW)


async def sent(company, to, by, leader, **more) -> Reply:
    """Under the mandate."""
    if await queries.mandate_that_holds(company.id) is None:
        await signed_mandate(company, leader)
    form = ReplyForm(**SAVED | WRITTEN | {"next_owner": by.id, "topic": 0} | more)
    reply_id = await commands.save_reply(company.id, to, form, by=by, now=made.NOW)
    seen = await queries.entries(company.id, to)
    await commands.send_under_mandate(company, reply_id, seen=seen, twin_seen=None, by=by, now=made.NOW)
    return await queries.reply(company.id, reply_id)


def form_of(desk, **more):
    return (
        {name: str(value) for name, value in (SAVED | WRITTEN).items()}
        | {"next_owner": str(desk.member.id)}
        | more
    )


async def test_a_reply_under_the_mandate_goes_out_at_once_and_is_logged_as_covered(
    company, response, writer, leader
):
    reply = await sent(company, To(response=response.id), writer, leader)

    assert reply.sent and reply.topic == "Öffnungszeiten" and not reply.signer
    assert (
        await fetch_value("select after->>'topic' from audit where did = 'reply.sent-covered'")
        == "Öffnungszeiten"
    )
    promise = await Promise.objects().get(Promise.id == reply.promise)
    assert (promise.kind, promise.due_on) == ("step", TOMORROW)
    assert "Zeiten" not in promise.words  # everybody reads promises; the reply is for one person
    told = await fetch_value(
        "select convert_from(payload, 'utf8') from pgqueuer where entrypoint = 'notifying.replied'"
    )
    assert str(reply.id) in told
    assert "Zeiten" not in told and "Tür" not in told  # a job holds nobody's words


async def test_without_mandate_somebody_else_reads_it_first(app, company, response, writer, leader):
    async with browser_of(app) as one, browser_of(app) as other:
        desk = await made.signed_in(one, company, member=writer)
        path = f"/replies/to/answer/{response.id}"
        assert (await desk.post(path, form_of(desk, do="send"))).status_code == 422
        draft = await queries.open_reply(company.id, To(response=response.id))
        asked = await desk.post(path, form_of(desk, do="ask", version=str(draft.version)))
        assert asked.status_code == 303
        waiting = await queries.reply(company.id, draft.id)
        assert waiting.state == ReplyState.WAITING

        its_own = await desk.post(f"/replies/{draft.id}/sign-off", {"version": str(waiting.version)})
        assert its_own.status_code == 422
        assert not (await queries.reply(company.id, draft.id)).sent
        leading = await made.signed_in(other, company, member=leader)
        assert "Gelesen, abschicken" in (await leading.get(path)).text
        done = await leading.post(f"/replies/{draft.id}/sign-off", {"version": str(waiting.version)})

    assert done.status_code == 303
    assert (await queries.reply(company.id, draft.id)).signer == "Mara Lindt"


@pytest.mark.parametrize(
    ("role", "status"), [("comms", 303), ("product", 422), ("moderator", 422), ("reader", 422)]
)
async def test_only_who_may_publish_or_leads_signs_off(app, company, response, writer, role, status):
    form = ReplyForm(**SAVED, **WRITTEN, next_owner=writer.id)
    reply_id = await commands.save_reply(company.id, To(response=response.id), form, by=writer, now=made.NOW)
    await commands.ask_for_sign_off(company, reply_id, seen=0, twin_seen=None, by=writer, now=made.NOW)
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, role)
        reply = await desk.post(f"/replies/{reply_id}/sign-off", {"version": "1"})

    assert reply.status_code == status
    assert (await queries.reply(company.id, reply_id)).sent is (status == 303)


async def test_what_is_given_back_is_a_draft_with_a_request(company, response, writer, leader):
    to = To(response=response.id)
    form = ReplyForm(**SAVED, **WRITTEN, next_owner=writer.id)
    reply_id = await commands.save_reply(company.id, to, form, by=writer, now=made.NOW)
    await commands.ask_for_sign_off(company, reply_id, seen=0, twin_seen=None, by=writer, now=made.NOW)

    await commands.give_back(company.id, reply_id, "Bitte wärmer.", by=leader, now=made.NOW)

    (draft,) = await queue.not_out_yet(company.id, ReplyState.DRAFT)
    assert draft.returned_why == "Bitte wärmer."
    with pytest.raises(Refused, match="does-not-wait"):
        await commands.sign_off(company, reply_id, version=1, by=leader, now=made.NOW)


async def test_readers_reply_to_nobody_and_moderators_may(app, company, response):
    for role, status in [("reader", 403), ("moderator", 303)]:
        async with browser_of(app) as browser:
            desk = await made.signed_in(browser, company, role)
            saved = await desk.post(f"/replies/to/answer/{response.id}", form_of(desk))
        assert saved.status_code == status
    assert await ReplyRow.count() == 1


async def test_no_reply_ends_without_owner_and_next_step_not_even_in_the_database(
    app, company, response, writer
):
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, member=writer)
        page = await desk.post(
            f"/replies/to/answer/{response.id}",
            {"fact": "So ist es.", "do": "ask", "version": "0", "seen": "0"},
        )

    assert page.status_code == 422
    assert "Keine Antwort ohne nächsten Schritt." in page.text and "So ist es." in page.text
    (draft,) = await ReplyRow.objects()
    assert (draft.state, draft.fact) == ("draft", "So ist es.")  # what was typed is kept
    with pytest.raises(Exception, match="none_ends_without_next_step"):
        await execute("update reply set state = 'waiting'")


async def test_two_writers_are_warned_and_both_texts_stay(app, company, response, writer):
    path = f"/replies/to/answer/{response.id}"
    async with browser_of(app) as one, browser_of(app) as other:
        mine, theirs = (
            await made.signed_in(one, company, member=writer),
            await made.signed_in(other, company, "comms"),
        )
        await theirs.post(path, form_of(theirs, fact="Die Tür klemmte."))
        page = await mine.post(path, form_of(mine, fact="Ich war krank."))

    assert page.status_code == 409
    assert "Die Tür klemmte." in page.text and "Ich war krank." in page.text
    assert (await queries.open_reply(company.id, To(response=response.id))).fact == "Die Tür klemmte."


async def test_a_near_identical_reply_is_shown_and_passes_with_a_second_press(
    app, company, response, writer, leader
):
    text = "Vielen Dank für deine Nachricht, wir nehmen das sehr ernst und geben es an unser Team weiter."
    other = await made.an_answer(company, await made.a_question(company), "Und wir erst.")
    twin = await sent(company, To(response=other.id), writer, leader, feeling="", fact=text)
    path = f"/replies/to/answer/{response.id}"
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, member=writer)
        warned = await desk.post(path, form_of(desk, feeling="", fact=text, topic="0", do="send"))
        assert warned.status_code == 422
        assert "fast wie eine Antwort von Ole Jensen" in warned.text
        again = form_of(desk, feeling="", fact=text, topic="0", do="send", version="1", twin=str(twin.id))
        assert (await desk.post(path, again)).status_code == 303


async def test_a_word_that_came_meanwhile_is_read_before_the_reply_goes(company, response, writer, leader):
    to = To(response=response.id)
    first = await sent(company, to, writer, leader)
    form = ReplyForm(
        **SAVED | WRITTEN | {"feeling": "", "fact": "Ja, auch sonntags."}, next_owner=writer.id, topic=0
    )
    reply_id = await commands.save_reply(company.id, to, form, by=writer, now=made.NOW)
    back = BackForm(reply=first.id, words="Und sonntags?")
    await commands.say_back(company.id, response.id, [first], back, today=TODAY)

    with pytest.raises(Refused, match="word-came"):
        await commands.send_under_mandate(company, reply_id, seen=1, twin_seen=None, by=writer, now=made.NOW)
    assert (await queue.waiting_talks(company.id))[0].words == "Und sonntags?"
    await commands.send_under_mandate(company, reply_id, seen=2, twin_seen=None, by=writer, now=made.NOW)

    assert await queue.waiting_talks(company.id) == []


async def test_why_a_next_step_was_moved_or_will_not_be_done_stands_beside_it(
    fan, company, response, writer, leader
):
    first = await sent(company, To(response=response.id), writer, leader)
    told = {"by": writer, "now": made.NOW, "today": TODAY}
    moved = NewDateForm(TOMORROW + dt.timedelta(days=3), "Die Tafel kommt später.")
    second = await set_new_date(company.id, first.promise, moved, **told)
    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert "Jetzt versprochen" in page and "Die Tafel kommt später." in page

    await break_promise(company.id, second, BreakForm("Die Wand gehört uns nicht."), **told)
    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert 'gebrochen</strong>. Der Grund: <bdi class="serif">Die Wand gehört uns nicht.</bdi>' in page


async def test_a_correction_names_its_day_instead_of_the_one_that_holds_now(
    company, response, writer, leader
):
    to = To(response=response.id)
    first = await sent(company, to, writer, leader)
    told = {"by": writer, "now": made.NOW, "today": TODAY}
    moved = NewDateForm(TOMORROW + dt.timedelta(days=3), "Die Tafel kommt später.")
    second = await set_new_date(company.id, first.promise, moved, **told)
    draft = await commands.start_correction(company.id, first.id, by=writer, now=made.NOW)
    words = SAVED | WRITTEN | {"next_by": TOMORROW + dt.timedelta(days=9)}
    form = ReplyForm(**words, next_owner=writer.id, topic=0, why="Die Tafel ist bestellt.")
    await commands.save_reply(company.id, to, form, by=writer, now=made.NOW)

    await commands.send_under_mandate(company, draft.id, seen=1, twin_seen=None, by=writer, now=made.NOW)

    days = await Promise.select(Promise.due_on, Promise.instead_of).order_by(Promise.due_on)
    assert [one["instead_of"] for one in days] == [None, first.promise, second]


async def test_a_correction_stands_beside_the_old_one_with_its_reason(fan, company, response, writer, leader):
    to = To(response=response.id)
    first = await sent(company, to, writer, leader)
    draft = await commands.start_correction(company.id, first.id, by=writer, now=made.NOW)
    form = ReplyForm(**SAVED | WRITTEN | {"fact": "Sie hingen am Ausgang."}, next_owner=writer.id, topic=0)
    await commands.save_reply(company.id, to, form, by=writer, now=made.NOW)
    with pytest.raises(Refused, match="missing"):
        await commands.send_under_mandate(company, draft.id, seen=1, twin_seen=None, by=writer, now=made.NOW)
    form = ReplyForm(
        **SAVED | WRITTEN | {"version": 1, "fact": "Sie hingen am Ausgang."},
        next_owner=writer.id,
        topic=0,
        why="Ort",
    )
    await commands.save_reply(company.id, to, form, by=writer, now=made.NOW)
    await commands.send_under_mandate(company, draft.id, seen=1, twin_seen=None, by=writer, now=made.NOW)

    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert "Sie hingen am Ausgang." in page and WRITTEN["fact"] in page
    assert "Das ist eine Berichtigung." in page
    assert await Promise.count() == 1  # the same day is the same promise
    with pytest.raises(Refused, match="is-out"):
        await commands.discard_reply(company.id, first.id, by=writer, now=made.NOW)


async def test_a_fan_reads_it_says_how_it_was_and_talks_on_without_javascript(
    fan, company, response, writer, leader
):
    reply = await sent(company, To(response=response.id), writer, leader)
    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    for words in ("Ole Jensen", WRITTEN["feeling"], "Fühlst du dich gehört?", "Ist deine Frage beantwortet?"):
        assert words in page
    said = {
        "code": CODE,
        "reply": str(reply.id),
        "heard": "partly",
        "answered": "no",
        "words": "Und sonntags?",
    }

    page = await fan.post("/kranich/r/reply", data=said)

    assert (
        page.status_code == 200 and "Dein Wort ist angekommen." in page.text and "Und sonntags?" in page.text
    )
    await fan.post("/kranich/r/reply", data=said)  # the same press twice
    assert await WordBack.count() == 1
    figures = await queue.figures(company.id)
    assert (figures.heard, figures.answered, figures.replied) == ([0, 1, 0], [0, 0, 1], 1)


async def test_a_word_back_has_an_end_and_needs_the_receipt(fan, company, response, writer, leader):
    reply = await sent(company, To(response=response.id), writer, leader)
    said = {"code": CODE, "reply": str(reply.id)}
    assert (await fan.post("/kranich/r/reply", data=said)).status_code == 422
    assert (await fan.post("/kranich/r/reply", data=said | {"words": "x" * 2001})).status_code == 422
    assert (
        await fan.post("/kranich/r/reply", data=said | {"code": "0" * 26, "words": "Hallo"})
    ).status_code == 422
    foreign = said | {"reply": str(made.some_id()), "words": "Hallo"}
    assert (await fan.post("/kranich/r/reply", data=foreign)).status_code == 404
    assert await WordBack.count() == 0
    replies = [
        (await fan.post("/kranich/r/reply", data=said | {"words": f"Wort {n}"})).status_code for n in range(8)
    ]
    assert replies[-1] == 429
    assert await WordBack.count() <= 5


async def test_a_reply_to_a_theme_is_public_only_with_enough_voices_and_a_face(
    fan, company, response, writer, leader
):
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    await execute("update member set face_digest = 'abc' where id = $1", writer.id)
    form = ReplyForm(**SAVED, **WRITTEN, next_owner=writer.id, topic=0)
    await signed_mandate(company, leader)
    to = To(theme=theme.id)
    reply_id = await commands.save_reply(company.id, to, form, by=writer, now=made.NOW)
    excerpts = await commands_heard(company, writer, theme)
    assert excerpts == 1
    with pytest.raises(Refused, match="too-few-voices"):
        await commands.send_under_mandate(company, reply_id, seen=0, twin_seen=None, by=writer, now=made.NOW)
    await execute("update company set fewest_voices = 1 where id = $1", company.id)
    company = await made.people.company_by_slug(company.slug)
    await commands.send_under_mandate(company, reply_id, seen=0, twin_seen=None, by=writer, now=made.NOW)
    await commands.cosign(company.id, reply_id, by=leader, now=made.NOW)

    page = (await fan.get("/kranich/replies")).text
    for words in (
        theme.name,
        WRITTEN["fact"],
        "Ole Jensen",
        "gedeckt vom Mandat",
        "Mitgezeichnet von Mara Lindt.",
    ):
        assert words in page
    assert "Dreimal stand ich" not in page
    assert WRITTEN["fact"] in (await fan.post("/kranich/r", data={"code": CODE})).text


async def test_public_replies_beyond_the_newest_stand_on_further_pages(
    fan, company, response, writer, leader, monkeypatch
):
    monkeypatch.setattr(public, "A_PAGE", 2)
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    await execute("update company set fewest_voices = 1")
    house = await made.people.company_by_slug(company.slug)
    await execute("update member set face_digest = 'abc' where id = $1", writer.id)
    await commands_heard(house, writer, theme)
    await sent(house, To(theme=theme.id), writer, leader, fact="Auf Seite 0 steht jetzt ein Bild.")
    for nth in range(1, 5):
        await execute(
            """insert into reply select (jsonb_populate_record(r, jsonb_build_object(
                   'id', gen_random_uuid(), 'sent_at', r.sent_at + make_interval(hours => $1),
                   'fact', format('Auf Seite %s steht jetzt ein Bild.', $1::int)))).*
               from reply r where fact = 'Auf Seite 0 steht jetzt ein Bild.'""",
            nth,
        )

    told = [re.findall(r"Auf Seite \d", page) for page in await all_pages(fan, "/kranich/replies?lang=de")]
    assert told == [["Auf Seite 4", "Auf Seite 3"], ["Auf Seite 2", "Auf Seite 1"], ["Auf Seite 0"]]
    older = (await fan.get("/kranich/replies?lang=en")).text
    mark = re.search(r"before=([0-9a-f-]+)", older)[1]
    older = (await fan.get(f"/kranich/replies?before={mark}&lang=en")).text
    assert f'canonical" href="http://test/kranich/replies?before={mark}&amp;lang=en"' in older
    for nowhere in ("nothing", "0" * 32):
        assert (await fan.get(f"/kranich/replies?before={nowhere}")).status_code == 404


async def test_a_correction_with_another_day_may_say_why_at_its_full_length(
    company, response, writer, leader
):
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    await execute("update member set face_digest = 'abc' where id = $1", writer.id)
    await execute("update company set fewest_voices = 1 where id = $1", company.id)
    company = await made.people.company_by_slug(company.slug)
    await commands_heard(company, writer, theme)
    to, why = To(theme=theme.id), "Die Tafel kommt später, weil die Werkstatt erst im Mai Zeit hat. " * 9
    first = await sent(company, to, writer, leader)
    await commands.start_correction(company.id, first.id, by=writer, now=made.NOW)

    await sent(company, to, writer, leader, next_by=TOMORROW + dt.timedelta(days=9), why=why.strip())

    assert await Promise.select(Promise.why).order_by(Promise.due_on) == [{"why": ""}, {"why": why.strip()}]


@pytest.mark.parametrize(
    "timezone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"]
)  # one has another day than Greenwich
async def test_a_replys_words_go_on_the_companys_day(app, timezone):
    company = await made.a_company(timezone=timezone)
    question = await made.a_question(company, keep_months=1)
    response = await made.an_answer(company, question, day=TODAY - dt.timedelta(days=90))
    writer, leader = await made.a_member(company, "product"), await made.a_member(company, leads=True)
    reply = await sent(
        company, To(response=response.id), writer, leader, next_by=TODAY + dt.timedelta(days=3)
    )

    today = day_in(timezone, now())
    await let_go_of_old(now())

    gone = (await queries.reply(company.id, reply.id)).words_gone_on
    assert gone == (await answering.response(company.id, response.id)).words_gone_on
    assert gone in (today, day_in(timezone, now()))


async def test_a_public_reply_says_when_its_theme_came_to_another_and_away_again(
    fan, company, response, writer, leader
):
    theme, other = await made.a_theme(company), await made.a_theme(company, "Wegweiser")
    await made.placed(company, response, theme)
    await execute("update member set face_digest = 'abc' where id = $1", writer.id)
    await execute("update company set fewest_voices = 1 where id = $1", company.id)
    company = await made.people.company_by_slug(company.slug)
    await commands_heard(company, writer, theme)
    await sent(company, To(theme=theme.id), writer, leader)
    by = {"by": writer.id, "now": made.NOW}

    async def told(name: str, line: str) -> bool:
        page = (await fan.get("/kranich/replies")).text
        return name in page and line in page

    await merge(company.id, theme.id, other.id, **by)
    await until(lambda: told("Wegweiser", "gehört es zu diesem"))
    await unmerge(company.id, theme.id, **by)
    await until(lambda: told(theme.name, "steht dieses Thema wieder für sich"))


async def commands_heard(company, member, theme):
    """The member opens the theme's talk: its voices stand before them."""
    return await execute(
        """insert into voice_shown (id, company, excerpt, member, "on")
           select gen_random_uuid(), $1, p.excerpt, $2, current_date from placement p where p.theme = $3""",
        company.id,
        member.id,
        theme.id,
    )


async def test_erasing_takes_the_whole_talk_and_only_that(company, response, writer, leader):
    reply = await sent(company, To(response=response.id), writer, leader)
    other = await made.an_answer(company, await made.a_question(company), "Bei uns war es gut.")
    kept = await sent(
        company, To(response=other.id), writer, leader, feeling="", fact="Schön, dass es gut war."
    )
    back = BackForm(reply=reply.id, heard=How.YES, words="Danke, Ole.")
    await commands.say_back(company.id, response.id, [reply], back, today=TODAY)

    await erase(company.id, response.id, now=made.NOW, today=TODAY)

    assert [row.id for row in await ReplyRow.objects()] == [kept.id]
    assert await WordBack.count() == 0 and await ReplyVoice.count() == 0


async def test_personal_data_in_a_word_back_is_masked_until_somebody_opens_it(
    app, company, response, writer, leader
):
    reply = await sent(company, To(response=response.id), writer, leader)
    back = BackForm(reply=reply.id, words="Ruf mich an: 0461 123456, oder mia@example.org.")
    await commands.say_back(company.id, response.id, [reply], back, today=TODAY)
    (word,) = await WordBack.objects()
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, "moderator")
        shut = (await desk.get(f"/replies/to/answer/{response.id}")).text
        opened = (await desk.post(f"/replies/words/{word.id}/personal-data")).text
        assert "mia@example.org" not in (await desk.get("/replies")).text

    assert "mia@example.org" not in shut and "mia@example.org" in opened
    assert await fetch_value("select count(*) from audit where did = 'reply.personal-data-opened'") == 1


async def test_an_answer_taken_back_ends_the_talk_on_both_sides(app, fan, company, response, writer, leader):
    reply = await sent(company, To(response=response.id), writer, leader)
    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})

    said = await fan.post(
        "/kranich/r/reply", data={"code": CODE, "reply": str(reply.id), "words": "Doch noch."}
    )
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, member=writer)
        written = await desk.post(f"/replies/to/answer/{response.id}", form_of(desk))

    assert (said.status_code, written.status_code) == (422, 422)
    assert await WordBack.count() == 0
    assert await ReplyRow.count() == 1


async def test_the_fan_takes_the_whole_talk_along(fan, company, response, writer, leader):
    reply = await sent(company, To(response=response.id), writer, leader)
    back = BackForm(reply=reply.id, heard=How.PARTLY, words="Und sonntags?")
    await commands.say_back(company.id, response.id, [reply], back, today=TODAY)

    kept = (await fan.post("/kranich/r/export", data={"code": CODE, "as": "json"})).json()["kept"]

    assert kept["reply"][0]["from"] == "Ole Jensen"
    assert kept["word_back"][0]["words"] == "Und sonntags?"
    assert kept["reply_voice"][0]["heard"] == "partly"


async def test_a_thank_you_can_be_settled_without_a_reply(app, company, response, writer, leader):
    reply = await sent(company, To(response=response.id), writer, leader)
    back = BackForm(reply=reply.id, words="Danke dir.")
    await commands.say_back(company.id, response.id, [reply], back, today=TODAY)
    (word,) = await WordBack.objects()
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, "moderator")
        assert "Danke dir." in (await desk.get("/replies")).text
        await desk.post(f"/replies/words/{word.id}/settling")
        assert "Danke dir." not in (await desk.get("/replies")).text


async def test_a_long_queue_says_that_more_waits(app, company, response, writer, leader, monkeypatch):
    monkeypatch.setattr(queue, "MOST", 1)
    reply = await sent(company, To(response=response.id), writer, leader)
    more = "Hier stehen höchstens 1."
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, "moderator")
        steps_alone = (await desk.get("/replies")).text.count(more)
        back = BackForm(reply=reply.id, words="Und wann?")
        await commands.say_back(company.id, response.id, [reply], back, today=TODAY)
        assert (steps_alone, (await desk.get("/replies")).text.count(more)) == (1, 2)


async def test_a_question_back_goes_without_a_day_and_makes_no_promise(company, response, writer, leader):
    asks = {"step": StepKind.ASKS, "next_step": "Welcher Eingang war es?", "next_by": None}
    reply = await sent(company, To(response=response.id), writer, leader, **asks)

    assert reply.sent and reply.promise is None
    assert await Promise.count() == 0


async def test_only_leaders_cosign_and_never_their_own(company, response, writer, leader):
    reply = await sent(company, To(response=response.id), writer, leader)
    other = await made.a_member(company, "admin")
    with pytest.raises(Refused, match="leaders-cosign"):
        await commands.cosign(company.id, reply.id, by=other, now=made.NOW)
    with pytest.raises(Refused, match="not-your-own"):
        await commands.cosign(company.id, reply.id, by=writer, now=made.NOW)
    for _ in range(2):
        await commands.cosign(company.id, reply.id, by=leader, now=made.NOW)

    assert (await queries.reply(company.id, reply.id)).cosigners == ["Mara Lindt"]


async def test_a_leader_may_cosign_although_a_namesake_has(app, company, response, writer, leader):
    reply = await sent(company, To(response=response.id), writer, leader)
    await commands.cosign(company.id, reply.id, by=leader, now=made.NOW)
    namesake = await made.a_member(company, name=leader.name, leads=True)

    for member, may in ((leader, False), (namesake, True)):
        async with browser_of(app) as browser:
            desk = await made.signed_in(browser, company, member=member)
            page = await desk.get(f"/replies/to/answer/{response.id}")
            assert (f"{reply.id}/cosigning" in page.text) is may


async def test_who_sees_to_a_next_step_says_that_it_is_done_whatever_their_role(
    app, company, response, writer, leader
):
    helper = await made.a_member(company, "moderator", name="Kim Arslan")
    reply = await sent(company, To(response=response.id), writer, leader, next_owner=helper.id)
    async with browser_of(app) as one, browser_of(app) as other:
        stranger = await made.signed_in(one, company, "moderator")
        assert "Das ist getan" not in (await stranger.get("/replies")).text
        way = 'href="/desk/kranich/replies">Gespräche<span class="vh"'
        assert way not in (await stranger.get("/promises")).text
        refused = await stranger.post(f"/replies/{reply.id}/keeping")
        desk = await made.signed_in(other, company, member=helper)
        assert "Das ist getan" in (await desk.get(f"/replies/to/answer/{response.id}")).text
        assert "Das ist getan" in (await desk.get("/replies")).text
        assert way in (await desk.get("/promises")).text, "where a mail about it leads"
        done = [(await desk.post(f"/replies/{reply.id}/keeping")).status_code for _ in range(2)]
        assert "Alle versprochenen Schritte sind getan." in (await desk.get("/replies")).text

    assert refused.status_code == 422 and "wer sich darum kümmert" in refused.text
    assert done == [303, 303]
    kept = await Promise.objects().get(Promise.id == reply.promise)
    assert (kept.kept_on is not None, kept.kept_by) == (True, helper.id)
    assert await fetch_value("select count(*) from audit where did = 'promise.kept'") == 1


async def test_where_nothing_is_promised_nothing_can_be_kept(company, response, writer, leader):
    asks = {"step": StepKind.ASKS, "next_step": "Welcher Eingang war es?", "next_by": None}
    reply = await sent(company, To(response=response.id), writer, leader, **asks)

    with pytest.raises(Refused, match="nothing-promised"):
        await commands.keep_step(company.id, reply.id, by=writer, now=made.NOW, today=TODAY)


async def test_a_reply_keeps_the_role_in_which_it_was_written(fan, company, response, writer, leader):
    await execute("update member set role_title = 'Fahrplan' where id = $1", writer.id)
    await sent(company, To(response=response.id), writer, leader)
    await execute("update member set role_title = 'Vorstand' where id = $1", writer.id)
    await execute("update reply set written_as = 'Vorstand'")

    assert await fetch_value("select written_as from reply") == "Fahrplan"
    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert "Fahrplan" in page
