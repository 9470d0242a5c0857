"""Answers as the desk reads them: who read what and when, what was set aside and why, and sums that add up."""

import re
from datetime import timedelta

import pytest

from hearback.answering import queries
from hearback.answering.tables import Response
from hearback.database.engine import execute, fetch_column, fetch_value
from tests import made
from tests.conftest import browser_of
from tests.counting import queries_asked

CODE = "7K4QM0000000000000000000AB"


@pytest.fixture
async def question(company):
    return await made.a_question(company, title="Wo hakt es?")


async def test_opening_an_answer_reads_nothing_until_the_button_is_pressed(desk, company, question):
    response = await made.an_answer(company, question, "Rot und Grün.", code=CODE)

    page = await desk.get(f"/inbox/{response.id}")
    assert "Rot und Grün." in page.text
    assert await fetch_value("select read_on from response") is None

    assert (await desk.post(f"/inbox/{response.id}/reading")).status_code == 303
    assert (await Response.select(Response.read_by, Response.read_on)) == [
        {"read_by": desk.member.id, "read_on": made.today()}
    ]


async def test_who_read_it_first_stays_the_reader(app, desk, company, question):
    response = await made.an_answer(company, question)
    await desk.post(f"/inbox/{response.id}/reading")
    async with browser_of(app) as browser:
        second = await made.signed_in(browser, company, "reader")
        await second.post(f"/inbox/{response.id}/reading")

    assert await fetch_value("select read_by from response") == desk.member.id


async def test_a_page_of_answers_is_read_at_once_but_never_another_companys(desk, company, question):
    mine = [await made.an_answer(company, question) for _ in range(3)]
    reiher = await made.a_company("reiher")
    theirs = await made.an_answer(reiher, await made.a_question(reiher))

    ids = [str(response.id) for response in [*mine, theirs]]
    reply = await desk.post("/inbox/reading", {"response": [*ids, "no-id"], "show": "unread"})

    assert reply.headers["location"] == "/desk/kranich/inbox?show=unread"
    assert await fetch_value("select count(*) from response where read_on is not null") == 3
    assert await fetch_value("select read_on from response where id = $1", theirs.id) is None


async def test_the_list_keeps_to_the_question_and_to_what_was_asked_for(desk, company, question):
    other = await made.a_question(company, title="Was fehlt?")
    await made.an_answer(company, question, "ungelesen hier")
    await made.an_answer(company, question, "gelesen hier", read_on=made.today(), read_by=desk.member.id)
    await made.an_answer(company, other, "ungelesen dort")
    await made.an_answer(company, question, "ein Versuch", test=True)

    async def found(query: str) -> set[str]:
        page = await desk.get(f"/inbox?{query}")
        return set(re.findall(r"((?:un)?gelesen (?:hier|dort)|ein Versuch)</p>", page.text))

    assert await found("show=all") == {"ungelesen hier", "gelesen hier", "ungelesen dort"}
    assert await found("show=read") == {"gelesen hier"}
    assert await found("show=unread") == {"ungelesen hier", "ungelesen dort"}
    assert await found(f"show=unread&question={question.id}") == {"ungelesen hier"}
    assert await found(f"question={question.id}&show=nonsense") == {"ungelesen hier", "gelesen hier"}


async def test_an_answer_shows_the_themes_it_was_sorted_into(desk, company, question):
    colours = await made.a_theme(company, "Gleiche Farben")
    pictures = await made.a_theme(company, "", state="suggested", terms=["Bilder", "Seite"])
    heir = await made.a_theme(company, "Alles mit Augen")
    await execute("update theme set heir = $1, merged_into = $1 where id = $2", heir.id, colours.id)
    for theme, words in ((colours, "Rot ist wie Grün."), (pictures, "Das Bild ist winzig.")):
        await made.placed(company, await made.an_answer(company, question, words), theme)

    page = (await desk.get("/inbox")).text
    assert f'href="/desk/kranich/themes/{heir.id}">Alles mit Augen</a>' in page
    assert "Gleiche Farben" not in page
    assert f'class="tag theme guess" href="/desk/kranich/themes/{pictures.id}">Bilder, Seite</a>' in page
    assert "noch nicht einsortiert" not in page
    one = await fetch_value("select response from excerpt order by id limit 1")
    assert "<h2>Themen</h2>" in (await desk.get(f"/inbox/{one}")).text


async def test_no_theme_of_another_company_shows_beside_an_answer(desk, company, question):
    reiher = await made.a_company("reiher")
    theirs = await made.an_answer(reiher, await made.a_question(reiher), "Unser Geheimnis.")
    await made.placed(reiher, theirs, await made.a_theme(reiher, "Nur für Reiher"))
    await made.an_answer(company, question)

    page = (await desk.get("/inbox")).text

    assert "Nur für Reiher" not in page and "Unser Geheimnis" not in page
    assert await queries.sorted_into(company.id, [theirs.id]) == {}


async def test_what_is_not_sorted_yet_is_said_and_found(desk, company, question):
    theme = await made.a_theme(company)
    for words in ("Ohne Platz.", "Mit Platz.", "Nirgendwo."):
        await made.placed(company, await made.an_answer(company, question, words), theme, by=desk.member)
    excerpt = "select e.id from excerpt e join answer a on a.id = e.answer where a.words = $1"
    await execute(f"delete from placement where excerpt = ({excerpt})", "Ohne Platz.")
    await execute(f"update placement set theme = null where excerpt = ({excerpt})", "Nirgendwo.")

    everything = (await desk.get("/inbox")).text
    unsorted = (await desk.get("/inbox?show=unsorted")).text

    assert everything.count(">noch nicht einsortiert</a>") == 1
    assert everything.count("gehört nirgendwohin") == 1
    assert "Ohne Platz." in unsorted
    assert "Mit Platz." not in unsorted and "Nirgendwo." not in unsorted
    assert 'Noch nicht einsortiert <span class="num muted">1</span>' in everything


async def test_whoever_has_waited_longest_stands_first_with_their_age(desk, company, question):
    today = made.today()
    for days in (0, 1, 4):
        await made.an_answer(company, question, f"Vor {days}.", day=today - timedelta(days=days))
    await made.an_answer(
        company, question, "Gelesen.", day=today - timedelta(days=9), read_on=today, read_by=desk.member.id
    )

    waiting = (await desk.get("/inbox?show=unread")).text
    everything = (await desk.get("/inbox")).text

    assert re.findall(r"Vor (\d)\.</p>", waiting) == ["4", "1", "0"]
    assert re.findall(r"Vor (\d)\.</p>", everything) == ["0", "1", "4"]
    assert "wartet seit 4 Tagen" in waiting and "wartet seit gestern" in waiting and "von heute" in waiting
    assert "wartet seit 9 Tagen" not in everything


async def test_the_inbox_says_its_order_and_takes_another(desk, company, question):
    today = made.today()
    for days in (1, 4):
        await made.an_answer(company, question, f"Vor {days}.", day=today - timedelta(days=days))
    await made.an_answer(company, question, "Vor 7.", day=today - timedelta(days=7), state="held")

    for show, said, days, other in (
        ("unread", "Wer am längsten wartet, steht oben.", ["4", "1"], "Neueste zuerst"),
        ("all", "Das Neueste steht oben.", ["1", "4", "7"], "Älteste zuerst"),
        ("held", "Wer am längsten wartet, steht oben.", ["7"], "Neueste zuerst"),
    ):
        page = (await desk.get(f"/inbox?show={show}")).text
        assert said in page and re.findall(r"Vor (\d)\.</p>", page) == days
        link = re.search(rf'href="/desk/kranich(/inbox\?[^"]+)">{other}</a>', page)[1].replace("&amp;", "&")
        turned = (await desk.get(link)).text
        assert re.findall(r"Vor (\d)\.</p>", turned) == days[::-1] and said not in turned
    assert "<strong>Wartet auf einen Blick</strong>, wartet seit 7 Tagen" in page

    ids = [str(one) for one in await fetch_column("select id from response where state = 'counted'")]
    read = await desk.post("/inbox/reading", {"response": ids, "show": "unread", "order": "newest"})
    assert read.headers["location"] == "/desk/kranich/inbox?show=unread&order=newest"


@pytest.mark.parametrize("order", ["", "&order=oldest", "&order=newest", "&order=quer"])
@pytest.mark.parametrize("show", ["all", "unread"])
async def test_one_pages_through_every_answer_exactly_once(desk, company, question, show, order):
    for number in range(65):
        await made.an_answer(
            company, question, f"Nummer {number:03}.", day=made.today() - timedelta(days=number % 4)
        )

    oldest_first = order == "&order=oldest" or (show == "unread" and order != "&order=newest")
    seen, path = [], f"/inbox?show={show}{order}"
    while path:
        page = (await desk.get(path)).text
        seen += re.findall(r"<p>Nummer (\d+)\.</p>", page)
        older = re.search(rf'href="(\?[^"]+)" rel="{"prev" if oldest_first else "next"}"', page)
        path = f"/inbox{older[1].replace('&amp;', '&')}" if older else ""

    assert len(seen) == 65
    assert len(set(seen)) == 65


@pytest.mark.parametrize("after", ["x", "2026-11-22", "2026-11-22_x", "_", "9999-99-99_" + "0" * 32])
async def test_a_place_that_is_none_starts_from_the_newest(desk, company, question, after):
    await made.an_answer(company, question, "Rot und Grün.")

    assert "Rot und Grün." in (await desk.get(f"/inbox?after={after}")).text


async def test_set_aside_takes_a_reason_that_the_fan_reads_and_can_be_taken_back(
    desk, fan, company, question
):
    response = await made.an_answer(company, question, "Kauft bei mir.", code=CODE)
    path = f"/inbox/{response.id}"

    assert (await desk.post(f"{path}/setting-aside", {"reason": "  "})).status_code == 422
    assert await fetch_value("select state from response") == "counted"

    assert (
        await desk.post(f"{path}/setting-aside", {"reason": "Das ist Werbung.", "rule": "5"})
    ).status_code == 303
    assert (await queries.sums(company.id, question.id)).set_aside == 1
    assert "Das ist Werbung." in (await fan.post("/kranich/r", data={"code": CODE})).text
    assert "Das ist Werbung." in (await desk.get(path)).text

    assert (await desk.post(f"{path}/counting")).status_code == 303
    assert await Response.select(Response.state, Response.reason, Response.set_aside_by) == [
        {"state": "counted", "reason": "", "set_aside_by": None}
    ]
    assert await fetch_column("select did from audit order by id") == [
        "answer.set-aside",
        "answer.counted-again",
    ]


async def test_what_the_fan_withdrew_nobody_counts_again(desk, company, question):
    response = await made.an_answer(company, question, state="withdrawn")

    for action in ("setting-aside", "counting"):
        reply = await desk.post(
            f"/inbox/{response.id}/{action}", {"reason": "Doch noch wichtig.", "rule": "5"}
        )
        assert reply.status_code == 422
    assert await fetch_value("select state from response") == "withdrawn"


async def test_the_states_always_add_up_to_all_that_was_received(desk, company, question):
    for state in ["counted", "counted", "held", "set_aside", "withdrawn", "erased"]:
        await made.an_answer(company, question, state=state, reason="Werbung" if state == "set_aside" else "")
    await made.an_answer(company, question, test=True)
    await made.an_answer(company, await made.a_question(company))

    sums = await queries.sums(company.id, question.id)

    assert (sums.counted, sums.held, sums.set_aside, sums.withdrawn, sums.erased) == (2, 1, 1, 1, 1)
    assert sums.received == await fetch_value(
        "select count(*) from response where question = $1 and not test", question.id
    )
    assert (await queries.sums(company.id)).received == 7


async def test_choices_are_counted_by_counted_answers_only(company, desk):
    question = await made.a_question(
        company,
        prompts=[
            {"kind": "open", "words": "Und?"},
            {"kind": "choices", "words": "Mit wem?", "options": ["Allein", "Zu zweit"]},
            {"kind": "scale", "words": "Wie gern?", "low": 1, "high": 5},
        ],
    )
    _, choices, scale = await fetch_column("select id from prompt order by position")
    for state in ["counted", "counted", "withdrawn"]:
        response = await made.an_answer(company, question, state=state)
        await execute(
            """insert into answer (id, company, response, prompt, chosen, number)
               values (gen_random_uuid(), $1, $2, $3, '{0,1}', null), (gen_random_uuid(), $1, $2, $4, '{}', 4)""",
            company.id,
            response.id,
            choices,
            scale,
        )

    found = {(pick.prompt, pick.position): pick.n for pick in await queries.picks(company.id, question.id)}

    assert found == {(choices, 0): 2, (choices, 1): 2, (scale, 4): 2}
    page = (await desk.get("/inbox")).text
    assert "Mit wem? Allein, Zu zweit" in page


async def test_a_moderator_may_set_aside_and_a_reader_may_not(app, company, question):
    response = await made.an_answer(company, question)
    async with browser_of(app) as one, browser_of(app) as two:
        reader = await made.signed_in(one, company, "reader")
        moderator = await made.signed_in(two, company, "moderator")
        path, reason = f"/inbox/{response.id}/setting-aside", {"reason": "Das ist Werbung.", "rule": "5"}

        assert "setting-aside" not in (await reader.get(f"/inbox/{response.id}")).text
        assert (await reader.post(path, reason)).status_code == 403
        assert (await moderator.post(path, reason)).status_code == 303


async def test_a_script_in_an_answer_is_shown_as_text(desk, company, question):
    response = await made.an_answer(company, question, "<script>alert(1)</script>")

    for path in ("/inbox", f"/inbox/{response.id}"):
        page = (await desk.get(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


async def test_the_list_costs_no_more_for_more_answers(desk, company, question):
    async def queries_for(answers: int) -> int:
        for _ in range(answers):
            await made.an_answer(company, question)
        await desk.get("/inbox")
        with queries_asked() as asked:
            await desk.get("/inbox")
        return len(asked)

    assert await queries_for(1) == await queries_for(20)
