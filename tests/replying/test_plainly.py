"""Remarks under the fields of a reply that is being written, and what is asked where words stay."""

from html import unescape

from hearback.database.engine import execute, fetch_value
from hearback.replying import queries
from hearback.replying.rules import ReplyState, To
from tests import made
from tests.conftest import browser_of
from tests.replying.conftest import CODE
from tests.replying.test_talks import form_of, signed_mandate

STOCK = {"feeling": "Wir nehmen Ihr Anliegen sehr ernst.", "fact": "", "next_step": "Lena ruft am 3. Mai an."}


async def test_while_somebody_writes_remarks_come_under_the_field_and_no_field_changes(desk):
    reply = await desk.post("/replies/remarks", STOCK | {"language": "de"}, headers={"HX-Request": "true"})

    feeling = reply.text[
        reply.text.index('<div id="remarks-feeling"') : reply.text.index('<div id="remarks-fact"')
    ]
    assert reply.status_code == 200
    assert 'hx-swap-oob="true"' in feeling
    assert "<b>Floskel.</b> <q>nehmen Ihr Anliegen sehr ernst</q>" in feeling.replace("\xa0", " ")
    assert reply.text.count("<b>") == 1
    assert "<textarea" not in reply.text


async def test_what_goes_out_says_its_language_and_what_stays_in_the_house_does_not(desk, response):
    page = (await desk.get(f"/replies/to/answer/{response.id}")).text

    def says_german(field):
        return ' lang="de"' in page.partition(f'<textarea class="input" id="{field}"')[2].partition(">")[0]

    assert [says_german(field) for field in ("feeling", "fact", "next_step", "stays")] == [True] * 3 + [False]


async def test_a_language_that_nobody_knows_is_not_read(desk):
    reply = await desk.post("/replies/remarks", STOCK | {"language": "xx"}, headers={"HX-Request": "true"})

    assert reply.status_code == 200
    assert "<b>" not in reply.text


GRAVE = "Falls sich jemand gestört gefühlt hat, tut es uns leid."
OFFER = 'class="cluster fact"'
BECAUSE = "Der Verband hat genau diesen Satz so verlangt."


async def test_who_sends_grave_words_says_why_they_stay(desk, company, response, leader):
    await signed_mandate(company, leader)
    path = f"/replies/to/answer/{response.id}"
    sent = form_of(desk, language="de", fact=GRAVE, topic="0")

    asked = await desk.post(path, sent | {"do": "ask"})
    under_mandate = await desk.post(path, sent | {"do": "send", "version": "1", "stays": "  "})
    kept = await desk.post(path, sent | {"version": "2"})

    assert (asked.status_code, under_mandate.status_code, kept.status_code) == (422, 422, 303)
    assert "warum sie so bleibt" in asked.text.replace("\xa0", " ")
    assert GRAVE in asked.text and 'name="stays"' in asked.text and "data-grave" in asked.text
    assert (await queries.open_reply(company.id, To(response=response.id))).state == ReplyState.DRAFT


async def test_whoever_releases_it_reads_why_and_the_fan_does_not(app, fan, desk, company, response, leader):
    path = f"/replies/to/answer/{response.id}"
    asked = await desk.post(path, form_of(desk, fact=GRAVE, stays=BECAUSE, do="ask"))
    assert asked.status_code == 303
    waiting = await queries.open_reply(company.id, To(response=response.id))
    async with browser_of(app) as browser:
        leading = await made.signed_in(browser, company, member=leader)
        page = (await leading.get(path)).text
        assert f"<p>Bleibt so: {BECAUSE}</p>" in page.replace("\xa0", " ")
        assert f'<mark class="tone">{GRAVE[:24]}' in page
        assert "<b>Keine echte Entschuldigung.</b>" in page
        done = await leading.post(f"/replies/{waiting.id}/sign-off", {"version": str(waiting.version)})
        assert done.status_code == 303
        assert f"Warum Bemerktes so bleibt: {BECAUSE}" in (await leading.get(path)).text

    receipt = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert GRAVE in receipt and BECAUSE not in receipt


async def test_the_public_reason_for_a_correction_is_read_too(desk):
    typed = STOCK | {"language": "de", "why": STOCK["feeling"], "feeling": ""}
    page = (await desk.post("/replies/remarks", typed, headers={"HX-Request": "true"})).text
    without = (await desk.post("/replies/remarks", STOCK, headers={"HX-Request": "true"})).text

    assert "<b>Floskel.</b>" in page[page.index('id="remarks-why"') : page.index('id="remarks-feeling"')]
    assert 'id="remarks-why"' not in without


async def test_what_goes_out_under_the_mandate_leaves_its_reason_in_the_talk_and_the_audit(
    desk, company, response, leader
):
    await signed_mandate(company, leader)
    path = f"/replies/to/answer/{response.id}"

    reply = await desk.post(path, form_of(desk, fact=GRAVE, stays=BECAUSE, topic="0", do="send"))

    assert reply.status_code == 303
    assert f"Warum Bemerktes so bleibt: {BECAUSE}" in (await desk.get(path)).text
    told = "select after->>'stays' from audit where did = 'reply.sent-covered' and company = $1"
    assert await fetch_value(told, company.id) == BECAUSE


async def test_a_reason_goes_with_the_words_that_it_was_for(desk, company, response):
    path, to = f"/replies/to/answer/{response.id}", To(response=response.id)
    await desk.post(path, form_of(desk, fact=GRAVE, stays=BECAUSE))
    assert (await queries.open_reply(company.id, to)).stays == BECAUSE

    asked = await desk.post(path, form_of(desk, stays=BECAUSE, version="1", do="ask"))

    assert asked.status_code == 303  # what is not grave asks for no reason
    assert (await queries.open_reply(company.id, to)).stays == ""


async def test_while_somebody_writes_the_field_for_the_reason_comes_and_goes(desk):
    async def asks(fact: str) -> bool:
        typed = {"fact": fact, "language": "de"}
        page = (await desk.post("/replies/remarks", typed, headers={"HX-Request": "true"})).text
        assert '<div id="grave" role="status" hx-swap-oob="true">' in page
        return "data-grave" in page

    assert await asks(GRAVE)
    assert not await asks(STOCK["feeling"])


VAGUE = "Wir kümmern uns zeitnah darum."
SMALL = "Das war ein Einzelfall."
DAY = "Jule Brandt macht das bis 3. Dezember 2126."


async def offered(desk, **typed) -> str:
    said = {"language": "de", "step": "does", "next_by": "2126-12-03"} | typed
    page = await desk.post("/replies/remarks", said, headers={"HX-Request": "true"})
    return page.text.replace("\xa0", " ")


async def test_who_sees_to_the_step_and_by_when_is_offered_where_it_mends(desk, company):
    jule = await made.a_member(company, "product", name="Jule Brandt")
    left = await made.a_member(company, "product", name="Ole Jensen", active=False)
    stranger = await made.a_member(await made.a_company("waage"), "product", name="Fremde Frau")

    page = await offered(desk, next_step=VAGUE, next_owner=str(jule.id))
    assert OFFER in page and f'data-puts="next_step" data-words="{DAY}"' in page
    assert DAY in await offered(desk, next_step=f"{VAGUE} {SMALL}", next_owner=str(jule.id))
    for typed in (
        {"next_owner": str(jule.id), "next_step": "Ich hänge die Zeiten heute außen auf."},
        {"next_owner": str(jule.id), "next_by": "2026-01-01"},
        {"next_owner": str(jule.id), "next_by": "bald"},
        {"next_owner": str(jule.id), "step": "asks"},
        {"next_owner": str(jule.id), "language": "xx"},
        {"next_owner": str(left.id)},
        {"next_owner": str(stranger.id)},
        {"next_owner": "x"},
        {},
    ):
        assert OFFER not in await offered(desk, **{"next_step": VAGUE} | typed), typed


async def test_how_many_wrote_is_offered_where_enough_did_and_to_no_other_house(app, desk, company, response):
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    many = 'data-puts="fact" data-words="Ein Mensch hat uns davon geschrieben."'

    assert OFFER not in await offered(desk, fact=SMALL, themes=str(theme.id))
    await execute("update company set fewest_voices = 1")
    assert many in await offered(desk, fact=SMALL, themes=str(theme.id))
    assert OFFER not in await offered(desk, fact=SMALL, themes="x")
    async with browser_of(app) as browser:
        other = await made.signed_in(browser, await made.a_company("waage"))
        await execute("update company set fewest_voices = 1")
        assert many not in await offered(other, fact=SMALL, themes=str(theme.id))

    # Without a script it stands on the page of what was saved.
    path = f"/replies/to/theme/{theme.id}"
    assert (await desk.post(path, form_of(desk, language="de", fact=SMALL))).status_code == 303
    page = (await desk.get(path)).text
    assert many in page
    assert f'<input type="hidden" name="themes" value="{theme.id}">' in page


async def test_a_reply_to_an_answer_is_offered_how_many_wrote_where_it_is_about_one_thing(
    desk, company, response
):
    theme = await made.a_theme(company)
    excerpt = await made.placed(company, response, theme)
    await execute("update company set fewest_voices = 1")
    path = f"/replies/to/answer/{response.id}"
    many = 'data-puts="fact" data-words="Ein Mensch hat uns davon geschrieben."'

    assert (await desk.post(path, form_of(desk, language="de", fact=SMALL))).status_code == 303
    page = (await desk.get(path)).text
    assert many in page and f'<input type="hidden" name="themes" value="{theme.id}">' in page

    other = await made.a_theme(company, "Anderes")
    # The answer speaks of two things.
    await execute("update excerpt set starts = 8 where id = $1", excerpt.id)
    await made.placed(company, response, other)
    assert many not in (await desk.get(path)).text


async def test_a_plain_field_that_carries_what_it_should_is_called_clear(desk, response):
    did, does = "Sagt, wer es getan hat.", "Sagt, wer es tut."
    plain = {
        "fact": "Ich habe die Zeiten nur innen ausgehängt.",
        "next_step": "Ich hänge sie heute außen auf.",
    }

    page = await offered(desk, **plain)
    assert did in page and does in page
    assert did not in await offered(desk, fact="Es wurden Fehler gemacht.")
    assert did not in await offered(desk, fact="Die Zeiten hängen innen.")
    assert does not in await offered(desk, next_step=VAGUE)
    asks = await offered(desk, next_step="Wann dürfen wir dich anrufen?", step="asks")
    assert does not in asks

    # Without a script it stands on the page of what was saved.
    path = f"/replies/to/answer/{response.id}"
    await desk.post(path, form_of(desk, language="de", **plain))
    page = (await desk.get(path)).text
    assert did in page and does in page


async def test_a_reason_for_words_that_were_changed_by_hand_says_so_in_a_reply_too(desk, response):
    gone = f"„Es wurden Fehler gemacht“: {BECAUSE}"
    live = await desk.post("/replies/remarks", form_of(desk, fact=GRAVE, stays=gone))
    assert "„Es wurden Fehler gemacht“ steht nicht mehr im Text." in unescape(live.text)

    path = f"/replies/to/answer/{response.id}"
    await desk.post(path, form_of(desk, fact=GRAVE, stays=f"{BECAUSE}\n{gone}", do="ask"))
    page = unescape((await desk.get(path)).text)
    assert page.count("steht nicht mehr im Text.") == 2, "for its writer, and for whoever releases it"
