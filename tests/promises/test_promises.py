"""What was promised stays in public: kept, late, or moved to a day that stands beside the old one."""

import re
from datetime import date, timedelta

import pytest

from hearback.asking.commands import open_question
from hearback.clock import day_in
from hearback.database.engine import execute, fetch_value
from hearback.promises import commands, queries
from hearback.promises.forms import NewDateForm
from hearback.promises.rules import PromiseKind, PromiseState
from hearback.refusals import NotFound, Refused
from tests import made
from tests.conftest import browser_of
from tests.paging import all_pages
from tests.waiting import until

TODAY = day_in("Europe/Berlin", made.NOW)
DONE = {"outcome": "Es ist getan, seit Montag."}
WHY = "Die neuen Kartons kommen später."


async def promised(
    company, words="Steine mit Kerben verschicken", *, kind=PromiseKind.REPAIR, days=10, language="de", **more
):
    member = await made.a_member(company)
    due_on = TODAY + timedelta(days=days)
    more |= {"language": language, "by": member.id, "now": made.NOW}
    return await commands.make_promise(company.id, kind, words, due_on, **more)


async def test_the_public_page_shows_every_promise_with_what_became_of_it(fan, company):
    late = await promised(company, "Karton statt Plastik", days=-5)
    await promised(company, "Antwort zum Spielplan", days=30)
    kept = await promised(company, "Karten nachschicken", days=1)
    member = await made.a_member(company)
    await commands.keep_promise(company.id, kept, by=member.id, today=TODAY)

    page = await fan.get("/kranich/promises")

    assert page.status_code == 200
    assert page.text.index("Karton statt Plastik") < page.text.index("Antwort zum Spielplan")
    assert "5 Tage überfällig" in page.text.replace("\xa0", " ")
    assert "1 gehalten, 1 überfällig, 1 läuft" in page.text
    assert await fetch_value("select kept_on from promise where id = $1", late) is None


async def test_what_ended_long_ago_stands_on_further_pages_and_none_is_lost_or_told_twice(
    app, fan, desk, company, monkeypatch
):
    monkeypatch.setattr(queries, "ENDED_A_PAGE", 3)
    member = await made.a_member(company)
    running = await promised(company, "Läuft noch", days=30)
    ended = [await promised(company, f"Versprechen {nth}", days=1) for nth in range(8)]
    for nth, one in enumerate(ended):
        when = TODAY - timedelta(days=nth // 5)  # several on a day
        await commands.keep_promise(company.id, one, by=member.id, today=when)

    for who, base in ((fan, "/kranich"), (desk, "")):
        pages = await all_pages(who, f"{base}/promises")
        told = [list(dict.fromkeys(re.findall(r"Versprechen \d", page))) for page in pages]
        assert [len(one) for one in told] == [3, 3, 2]
        shown = [one for page in told for one in page]
        assert {*shown[:5]} == {f"Versprechen {nth}" for nth in range(5)}, "the newest first"
        assert len({*shown}) == 8
        assert ["Läuft noch" in page for page in pages] == [True, False, False]
    older = await fan.get(f"/kranich/promises?before={ended[0]}&lang=en")
    assert f'canonical" href="http://test/kranich/promises?before={ended[0]}&amp;lang=en"' in older.text
    assert f"/kranich/promises?lang=de&amp;before={ended[0]}" in older.text

    theirs = await promised(await made.a_company("elbe"), "Von nebenan")
    for nowhere in (theirs, running, "nothing", "0" * 32):
        assert (await fan.get(f"/kranich/promises?before={nowhere}")).status_code == 404
        assert (await desk.get(f"/promises?before={nowhere}")).status_code == 404


async def test_an_unchanged_page_is_not_sent_twice(fan, company):
    await promised(company)
    page = await fan.get("/kranich/promises")

    again = await fan.get("/kranich/promises", headers={"If-None-Match": page.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""


async def test_a_member_says_that_it_is_kept_and_everybody_sees_it(fan, desk, company):
    promise_id = await promised(company)
    assert "läuft" in (await fan.get("/kranich/promises")).text

    form = f"/promises/{promise_id}/keeping"
    assert f'href="/desk/kranich{form}"' in (await desk.get("/promises")).text
    assert "zurücknehmen lässt es sich nicht" in (await desk.get(form)).text
    for typed in ({}, {"outcome": "Fertig"}, {"outcome": "\u200b" * 20}):
        refused = await desk.post(form, typed)
        assert refused.status_code == 422 and typed.get("outcome", "") in refused.text
    assert "läuft" in (await fan.get("/kranich/promises")).text, "no single click keeps it"

    reply = await desk.post(form, {"outcome": "Alle Steine sind am Montag in der Post gewesen."})

    assert reply.status_code == 303
    assert await _says(fan, "1 gehalten") and await _says(fan, "Alle Steine sind am Montag")
    assert await fetch_value("select count(*) from audit where did = 'promise.kept'") == 1
    again = await desk.post(form, {"outcome": "Und noch einmal in ganz anderen Worten."})
    assert again.status_code == 422 and "schon zu Ende" in again.text and "ganz anderen Worten" in again.text


async def _says(fan, words):
    return words in (await fan.get("/kranich/promises")).text


async def test_of_a_step_towards_one_person_nobody_says_in_public_what_was_done(desk, company):
    promise_id = await promised(company, "Jule Brandt hat jemandem etwas versprochen.", kind=PromiseKind.STEP)

    reply = await desk.post(f"/promises/{promise_id}/keeping", DONE)

    assert reply.status_code == 422 and "bei den Gesprächen" in reply.text
    page = (await desk.get("/promises")).text
    assert f"{promise_id}/keeping" not in page and 'href="/desk/kranich/replies#steps"' in page
    assert await fetch_value("select kept_on from promise where id = $1", promise_id) is None


async def test_a_reply_is_kept_by_a_note_only(desk, company):
    question = await made.a_question(company)
    promise_id = await promised(company, "Antwort", kind=PromiseKind.REPLY, question=question.id)

    reply = await desk.post(f"/promises/{promise_id}/keeping", DONE)

    assert reply.status_code == 422
    assert "indem du eine Notiz dazu veröffentlichst" in reply.text
    assert await fetch_value("select kept_on from promise where id = $1", promise_id) is None


async def test_a_next_word_is_kept_by_a_note_only(desk, company):
    theme = await made.a_theme(company)
    note = await made.a_public_note(company, theme, by=desk.member, kind="holding")
    promise_id = await promised(company, "Nächstes Wort", kind=PromiseKind.NEXT_WORD, note=note.id)

    page = await desk.get("/promises")
    reply = await desk.post(f"/promises/{promise_id}/keeping", DONE)

    assert f"/notes/new?theme={theme.id}" in page.text
    assert f"/promises/{promise_id}/keeping" not in page.text
    assert reply.status_code == 422
    assert "eine Notiz zum selben Thema" in reply.text
    assert await fetch_value("select kept_on from promise where id = $1", promise_id) is None


async def test_nothing_falls_off_the_list_however_long_it_gets(fan, company):
    oldest = await promised(company, "Das allererste Versprechen")
    member = await made.a_member(company)
    await commands.keep_promise(company.id, oldest, by=member.id, today=TODAY)
    await execute(
        """insert into promise (id, company, kind, words, owner, made_by, made_at, due_on)
           select gen_random_uuid(), company, kind, 'Noch eins', owner, made_by, made_at, due_on
           from promise, generate_series(1, 600)"""
    )

    assert "Das allererste Versprechen" in (await fan.get("/kranich/promises")).text


async def test_a_new_date_stands_beside_the_old_one_which_stays_late(fan, desk, company):
    old = await promised(company, "Variante nennen", days=-42)

    reply = await desk.post(
        f"/promises/{old}/date", {"due_on": (TODAY + timedelta(days=12)).isoformat(), "why": WHY}
    )

    assert reply.status_code == 303
    await until(lambda: _says(fan, "Das alte bleibt hier stehen."))
    page = (await fan.get("/kranich/promises")).text.replace("\xa0", " ")
    assert page.count("Variante nennen") == 2
    assert "42 Tage überfällig" in page


async def test_keeping_the_new_date_keeps_the_old_one_late(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    old = await promised(company, days=-3)
    new = await commands.set_new_date(
        company.id, old, NewDateForm(TODAY + timedelta(days=3), WHY), by=member, now=made.NOW, today=TODAY
    )

    await commands.keep_promise(company.id, new, by=member.id, today=TODAY)

    states = {promise.id: promise.state(TODAY) for promise in (await queries.promises(company.id)).promises}
    assert states == {old: PromiseState.KEPT_LATE, new: PromiseState.KEPT}


@pytest.mark.parametrize("days", [-60, -42, -1])
async def test_a_new_date_must_lie_ahead(desk, company, days):
    old = await promised(company, days=-42)

    reply = await desk.post(
        f"/promises/{old}/date", {"due_on": (TODAY + timedelta(days=days)).isoformat(), "why": WHY}
    )

    assert reply.status_code == 422
    assert "Das neue Datum muss nach dem" in reply.text
    assert await fetch_value("select count(*) from promise") == 1


async def test_a_date_that_was_moved_cannot_be_moved_again(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    old = await promised(company)
    told = {"by": member, "now": made.NOW, "today": TODAY}
    await commands.set_new_date(company.id, old, NewDateForm(date(2099, 1, 1), WHY), **told)

    with pytest.raises(Refused, match=r"promise\.nothing-to-move"):
        await commands.set_new_date(company.id, old, NewDateForm(date(2099, 2, 1), WHY), **told)


async def test_another_companys_promise_is_not_there(pool):
    company, other = await made.a_company(), await made.a_company("reiher")
    member = await made.a_member(other)
    promise_id = await promised(company)

    with pytest.raises(NotFound):
        await commands.mark_kept(other.id, promise_id, by=member, now=made.NOW, today=TODAY)
    assert (await queries.promises(other.id)).promises == []


@pytest.mark.parametrize("role", ["moderator", "reader"])
async def test_who_may_not_write_can_neither_keep_nor_move(app, company, role):
    promise_id = await promised(company)
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, role)

        assert (await desk.post(f"/promises/{promise_id}/keeping", DONE)).status_code == 403
        assert (await desk.post(f"/promises/{promise_id}/date")).status_code == 403
        assert "gehalten ist" not in (await desk.get("/promises")).text


async def test_what_was_kept_late_says_so_and_by_whom_it_was_promised(fan, company):
    member = await made.a_member(company, name="Mika Lindqvist")
    promise_id = await commands.make_promise(
        company.id,
        PromiseKind.REPAIR,
        "Steine verschicken",
        TODAY - timedelta(days=3),
        language="de",
        by=member.id,
        now=made.NOW,
    )
    await commands.keep_promise(company.id, promise_id, by=member.id, today=TODAY)

    page = (await fan.get("/kranich/promises")).text.replace("\xa0", " ")

    assert "gehalten, 3 Tage zu spät" in page
    assert "versprochen von Mika Lindqvist" in page
    assert "1 zu spät" in page.split("Bisher")[1]
    english = (await fan.get("/kranich/promises?lang=en")).text.replace("\xa0", " ")
    assert "kept, 3 days late" in english


async def test_who_keeps_the_old_date_from_a_stale_page_keeps_the_new_one_too(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    old = await promised(company, days=-3)
    await commands.set_new_date(
        company.id, old, NewDateForm(TODAY + timedelta(days=3), WHY), by=member, now=made.NOW, today=TODAY
    )

    await commands.mark_kept(company.id, old, by=member, now=made.NOW, today=TODAY)

    assert [one.kept_on for one in (await queries.promises(company.id)).promises] == [TODAY, TODAY]


async def test_keeping_twice_leaves_the_day_and_is_written_down_once(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    promise_id = await promised(company)

    for today in (TODAY, TODAY + timedelta(days=1)):
        await commands.mark_kept(company.id, promise_id, by=member, now=made.NOW, today=today)

    assert (await queries.promise(company.id, promise_id)).kept_on == TODAY
    assert await fetch_value("select count(*) from audit where did = 'promise.kept'") == 1


async def test_another_companys_promise_looks_like_a_missing_one_on_the_desk(desk):
    theirs = await promised(await made.a_company("reiher"), "Geheim bei Reiher")
    day = (TODAY + timedelta(days=40)).isoformat()

    for promise_id in (theirs, made.some_id()):
        assert (await desk.post(f"/promises/{promise_id}/keeping", DONE)).status_code == 404
        assert (
            await desk.post(f"/promises/{promise_id}/date", {"due_on": day, "why": WHY})
        ).status_code == 404
    assert "Geheim bei Reiher" not in (await desk.get("/promises")).text
    assert await fetch_value("select count(*) from promise where kept_on is null") == 1


async def test_a_company_without_promises_says_so(fan, desk, company):
    assert "Noch haben wir nichts versprochen." in (await fan.get("/kranich/promises")).text
    assert "Noch haben wir nichts versprochen." in (await desk.get("/promises")).text
    assert (await fan.get("/gibt-es-nicht/promises")).status_code == 404


async def test_a_day_is_moved_only_with_a_reason_and_what_was_typed_is_kept(desk, company):
    old = await promised(company)
    day = (TODAY + timedelta(days=30)).isoformat()

    reply = await desk.post(f"/promises/{old}/date", {"due_on": day, "why": "  "})

    assert reply.status_code == 422
    assert "Warum der Tag sich verschiebt: Hier fehlt noch etwas." in reply.text
    assert f'value="{day}"' in reply.text
    assert await fetch_value("select count(*) from promise") == 1

    reply = await desk.post(f"/promises/{old}/date", {"due_on": "gestern", "why": WHY})

    assert reply.status_code == 422
    assert WHY in reply.text


async def test_the_reason_stands_beside_the_old_date_in_public_and_in_the_audit(fan, desk, company):
    old = await promised(company)
    assert "Der Grund:" not in (await fan.get("/kranich/promises")).text

    await desk.post(f"/promises/{old}/date", {"due_on": (TODAY + timedelta(days=30)).isoformat(), "why": WHY})

    await until(lambda: _says(fan, WHY))
    page = (await fan.get("/kranich/promises")).text
    assert page.count(WHY) == 1
    assert page.index("Das alte bleibt hier stehen.") < page.index(WHY)
    assert await fetch_value("select after->>'reason' from audit where did = 'promise.new-date'") == WHY


async def test_signs_that_turn_words_round_turn_nothing_but_the_reason_they_stand_in(fan, company):
    member, turned = await made.a_member(company), f"\u202e{WHY}"
    old = await promised(company, "Karten nachschicken")
    form = NewDateForm(date(2099, 1, 1), turned)
    await commands.set_new_date(company.id, old, form, by=member, now=made.NOW, today=TODAY)

    assert f'<bdi class="serif">{turned}</bdi>' in (await fan.get("/kranich/promises")).text


async def test_a_day_that_was_moved_before_reasons_were_asked_for_has_none(fan, company):
    old = await promised(company, "Karten nachschicken")
    await promised(company, "Karten nachschicken", days=30, instead_of=old)

    page = (await fan.get("/kranich/promises")).text

    assert "Das alte bleibt hier stehen." in page
    assert "Der Grund:" not in page


async def test_words_in_another_language_than_the_page_say_so(fan, desk, company):
    german = await promised(company, "Steine mit Kerben verschicken", days=3)
    await promised(company, "Send the dice again", language="en")
    told = {"by": desk.member, "now": made.NOW, "today": TODAY}
    await commands.set_new_date(company.id, german, NewDateForm(TODAY + timedelta(days=9), WHY), **told)

    english = (await fan.get("/kranich/promises?lang=en")).text
    ours = (await fan.get("/kranich/promises")).text
    at_desk = (await desk.get("/promises")).text

    assert english.count('<span lang="de">Steine mit Kerben verschicken</span>') == 2
    assert f'<bdi class="serif" lang="de">{WHY}</bdi>' in english
    assert "<span>Send the dice again</span>" in english
    assert '<span lang="en">Send the dice again</span>' in ours
    assert '<p class="voice" lang="en">Send the dice again</p>' in at_desk
    assert '<p class="voice">Steine mit Kerben verschicken</p>' in at_desk


async def test_a_promise_speaks_the_language_of_what_it_is_about(pool):
    company = await made.a_company()
    question = await made.a_question(company, state="draft", language="en")
    by = await made.a_member(company, "admin")

    await open_question(company, question.id, by=by, now=made.NOW)

    (promise,) = await made.promises_of(company.id, question=question.id)
    assert (promise.language, promise.words.startswith("Reply")) == ("en", True)
