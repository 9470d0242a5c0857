"""The queue, and what one decides about an answer: with a reason and a rule, never quietly, never by oneself twice."""

import re
from datetime import timedelta
from functools import partial

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.moderation import commands, queries
from hearback.moderation.rules import HOT
from tests import made
from tests.conftest import browser_of
from tests.waiting import until

CODE = "7K4QM0000000000000000000AB"
INSULT = "Ihr Vollidioten habt meine Bestellung verloren."
ANGRY = "Drei Wochen keine Heizung, mein Kind ist krank!!!"
WHY = {"reason": "Das beschimpft Menschen.", "rule": "1", "heard_as": "insult"}


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="bestellung")


@pytest.fixture
async def insult(company, question):
    return await felt(await made.an_answer(company, question, INSULT))


async def felt(response):
    """The worker has read it."""
    await commands.feel_heat()
    return response


async def says(browser, words):
    return words in (await browser.get("/kranich/rules")).text


async def state(response):
    return await fetch_value("select state from response where id = $1", response.id)


async def test_the_queue_holds_what_waits_and_what_runs_hot_but_not_mere_anger(
    desk, company, question, insult
):
    await made.an_answer(company, question, ANGRY)
    await felt(await made.an_answer(company, question, "Zu schnell getippt.", state="held", flag="too_fast"))
    page = (await desk.get("/moderation")).text

    assert "Vollidioten" in page and "Hitze 5: Beschimpfung" in page
    assert "Zu schnell getippt." in page and "Wartet auf einen Blick" in page
    assert "Heizung" not in page


async def test_hotter_and_older_stands_first(desk, company, question, insult):
    long_ago = made.today() - timedelta(days=20)
    await made.an_answer(company, question, "Seit langem hier.", state="held", flag="too_fast", day=long_ago)
    await felt(await made.an_answer(company, question, "Ich mach dich fertig."))
    page = (await desk.get("/moderation")).text

    order = [page.index(words) for words in ("Seit langem hier.", "Ich mach dich fertig.", "Vollidioten")]
    assert order == sorted(order)


async def test_heat_is_felt_once_and_anew_when_the_words_are_others(desk, company, insult):
    calm = await felt(await made.an_answer(company, await made.a_question(company), "Alles gut."))
    heats = "select heat from response where id = $1"
    assert (await fetch_value(heats, insult.id), await fetch_value(heats, calm.id)) == (5, 0)

    await desk.post(f"/inbox/{insult.id}/covering", WHY | {"part": ["Vollidioten"]})
    assert await fetch_value(heats, insult.id) is None
    await felt(insult)
    assert await fetch_value(heats, insult.id) == 0

    await desk.post(f"/inbox/{insult.id}/uncovering")
    await felt(insult)
    assert await fetch_value(heats, insult.id) == 5


async def test_a_fan_who_says_it_otherwise_runs_hot_no_more(fan, company, question):
    rude = await felt(await made.an_answer(company, question, INSULT, code=CODE))
    field = await fetch_value("select 'p' || replace(prompt::text, '-', '') from answer")
    words = "Meine Bestellung ist verloren gegangen."

    await fan.post("/kranich/r/correction", data={"code": CODE, "sure": "yes", field: words})
    await felt(rude)

    assert await fetch_value("select heat from response where id = $1", rude.id) == 0


async def test_the_index_of_hot_answers_begins_where_heat_does(pool):
    index = await fetch_value("select indexdef from pg_indexes where indexname = 'response_hot'")

    assert f"heat >= {HOT}" in index


async def test_what_i_handed_over_stands_last(app, company, desk, question, insult):
    calm = await felt(await made.an_answer(company, question, "Kurz.", state="held", flag="too_fast"))
    await desk.post(f"/inbox/{insult.id}/handing-over")
    mine = (await desk.get("/moderation")).text
    async with browser_of(app) as browser:
        theirs = (await (await made.signed_in(browser, company, "moderator")).get("/moderation")).text

    places = [(page.index(str(insult.id)), page.index(str(calm.id))) for page in (mine, theirs)]
    assert places[0][0] > places[0][1] and places[1][0] < places[1][1]


async def test_several_are_set_aside_or_let_stand_at_once(desk, company, question, insult):
    other = await made.an_answer(company, question, "Leckt mich doch.")
    held = await made.an_answer(company, question, "Zu schnell.", state="held", flag="too_fast")

    nothing = await desk.post("/moderation/deeds", {"deed": "set_aside", **WHY})
    no_rule = await desk.post(
        "/moderation/deeds", {"deed": "set_aside", "response": [str(insult.id)], "reason": "Beschimpft."}
    )
    aside = await desk.post(
        "/moderation/deeds", {"deed": "set_aside", "response": [str(insult.id), str(other.id)], **WHY}
    )
    stands = await desk.post("/moderation/deeds", {"deed": "let_stand", "response": [str(held.id)]})

    assert (nothing.status_code, no_rule.status_code) == (422, 422)
    assert f'value="{insult.id}" form="deeds" data-key="x" checked' in no_rule.text
    assert aside.headers["location"] == "/desk/kranich/moderation?done=set-aside&n=2"
    assert stands.headers["location"] == "/desk/kranich/moderation?done=let-stand&n=1"
    assert [await state(one) for one in (insult, other, held)] == ["set_aside", "set_aside", "counted"]
    assert await fetch_column("select rule from response where state = 'set_aside'") == [1, 1]
    assert "2 Antworten liegen jetzt beiseite." in (await desk.browser.get(aside.headers["location"])).text


async def test_whoever_looked_at_a_hot_one_and_lets_it_stand_has_it_out_of_the_queue(desk, insult):
    await desk.post(f"/inbox/{insult.id}/standing")

    assert await state(insult) == "counted"
    assert "Vollidioten" not in (await desk.get("/moderation")).text


@pytest.mark.parametrize(
    "why", [{"reason": "Beschimpft uns."}, {"rule": "1"}, {"reason": "Beschimpft uns.", "rule": "99"}]
)
async def test_without_a_reason_and_a_rule_of_the_company_nothing_is_set_aside(desk, insult, why):
    reply = await desk.post(f"/inbox/{insult.id}/setting-aside", why)

    assert reply.status_code == 422
    assert await state(insult) == "counted"


async def test_a_class_alone_changes_nothing_in_public_but_asks_for_a_decision(desk, company, question):
    calm = await made.an_answer(company, question, "Kauft lieber bei example.com.")
    await desk.post(f"/inbox/{calm.id}/reading")
    await desk.post(f"/inbox/{calm.id}/hearing", {"heard_as": "spam"})

    assert await state(calm) == "counted"
    assert "Werbung oder Spam" in (await desk.get("/moderation")).text
    await desk.post(f"/inbox/{calm.id}/standing")
    assert "example.com" not in (await desk.get("/moderation")).text


async def test_handing_over_is_told_to_the_next_written_down_and_counted_nowhere(app, company, desk, insult):
    await desk.post(f"/inbox/{insult.id}/handing-over", {"words": "Ich brauche eine Pause."})

    async with browser_of(app) as browser:
        other = await made.signed_in(browser, company, "moderator")
        page = (await other.get("/moderation")).text
        assert f"{desk.member.name} gibt ab. Wer übernimmt? „Ich brauche eine Pause.“" in page
        await other.post(f"/inbox/{insult.id}/setting-aside", WHY)
    handed = (
        "select coalesce(before, after)::text from audit where did = 'answer.handed-over' and member = $1"
    )
    assert await fetch_column(handed, desk.member.id) == [None]  # that it was, and no reason
    assert "Pause" not in (await desk.get("/people/audit")).text
    assert await fetch_column("select handed_over_by from moderated") == [None]


async def test_readers_see_reason_and_rule_but_decide_nothing(app, company, desk, insult):
    await desk.post(f"/inbox/{insult.id}/setting-aside", WHY)
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        page = (await reader.get(f"/inbox/{insult.id}")).text

        assert "Das beschimpft Menschen." in page and "Regel 1: Beschimpfe niemanden." in page
        assert "handing-over" not in page and "second-look" not in page
        assert (await reader.get("/moderation")).status_code == 403


async def test_a_trusted_source_counts_at_once_and_no_other_question_is_touched(desk, company, question):
    elsewhere = await made.a_question(company, slug="anderswo")
    alike = "Bitte macht die Steine wieder aus Holz, so wie es früher war."
    held = [
        await made.an_answer(company, asked, alike, state="held", flag="same_wording")
        for asked in (question, question, elsewhere)
    ]
    for one, wording in zip(held, (7, 7, 7), strict=True):
        await execute(
            """insert into answer_wording (id, company, question, response, wording)
               values (gen_random_uuid(), $1, $2, $3, $4)""",
            company.id,
            one.question,
            one.id,
            wording,
        )

    page = (await desk.get(f"/inbox/{held[0].id}")).text
    assert "nur bis zum Ende des Tages" in page
    await desk.post(f"/inbox/{held[0].id}/trusting", {"trust": "yes"})

    assert [await state(one) for one in held] == ["counted", "counted", "held"]
    assert f"{desk.member.name} vertraut dieser Quelle." in (await desk.get(f"/inbox/{held[0].id}")).text
    await desk.post(f"/inbox/{held[0].id}/trusting", {"trust": "no"})
    assert await fetch_value("select count(*) from trusted") == 0


async def test_rules_are_written_numbered_and_never_lost(app, desk, company, fan):
    drafts = (await fan.get("/kranich/rules")).text
    assert 'id="rule-7"' in drafts and "Beschimpfe niemanden." in drafts
    page = (await desk.get("/moderation/rules")).text
    assert "Das ist ein Vorschlag." in page and "Do not call anybody names." in page

    await desk.post(
        "/moderation/rules", {"de8": "Kein Spott.", "new": "8", "de7": "Zur Frage.", "gone7": "1"}
    )
    skipped = await desk.post("/moderation/rules", {"de44": "Zu weit.", "en44": "", "new": "44"})
    empty = await desk.post("/moderation/rules", {"de1": " ", "en1": ""})

    await until(partial(says, fan, "Kein Spott."))
    assert await says(fan, "Beschimpfe niemanden.")
    assert await says(fan, "Gilt seit")
    assert (skipped.status_code, empty.status_code) == (422, 422)
    assert len(await queries.rules(company.id)) == 8
    async with browser_of(app) as browser:
        moderator = await made.signed_in(browser, company, "moderator")
        assert (await moderator.get("/moderation/rules")).status_code == 200
        assert (await moderator.post("/moderation/rules", {"de1": "x"})).status_code == 403


async def test_the_guide_has_a_word_for_every_class_and_no_template(desk, insult):
    page = (await desk.get(f"/inbox/{insult.id}")).text
    guide = page[page.index("Wie antworten?") :]

    assert len(re.findall(r"<dt>", guide)) == 10
    assert "Du darfst abgeben." in guide
