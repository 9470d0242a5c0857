"""A question from the first draft to its closing, as the desk writes it."""

import re
from datetime import timedelta

import pytest

from hearback.answering.tables import Response
from hearback.asking.tables import Prompt, Question
from hearback.clock import day_in
from hearback.database.engine import fetch_column, fetch_value
from hearback.promises.tables import Promise
from hearback.words.speaking import words_for
from tests import made
from tests.conftest import browser_of

TODAY = day_in("Europe/Berlin", made.NOW)
OPEN = {"kind.0": "open", "words.0": "Erzähl, wie es war", "required.0": "yes"}
CHOICE = {"kind.1": "choice", "words.1": "Wann?", "options.1": "Beim Aufbau\r\nIn Runde 1\r\n"}
SCALE = {"kind.2": "scale", "words.2": "Wie gern?", "low.2": "1", "high.2": "7", "high_label.2": "sehr"}


def draft(desk, **more):
    return (
        {
            "title": "Was stört euch am Größenraster?",
            "why": "Im Oktober haben uns viele geschrieben.",
            "can_change": "Sätze und Bilder.",
            "cannot_change": "Die Spielregeln.",
            "what_happens": "Jule liest alles selbst.",
            "asked_by": str(desk.member.id),
            "opens_on": TODAY.isoformat(),
            "closes_on": (TODAY + timedelta(days=10)).isoformat(),
            "reply_by": (TODAY + timedelta(days=20)).isoformat(),
            "language": "de",
            "slug": "",
            "do": "save",
        }
        | OPEN
        | more
    )


async def write(desk, **more):
    reply = await desk.post("/questions", draft(desk, **more))
    assert reply.status_code == 303, reply.text
    return reply.headers["location"].rpartition("/desk/kranich")[2]


async def test_what_is_written_is_kept_with_every_kind_of_prompt(desk):
    path = await write(desk, **CHOICE, **SCALE)

    question = (await Question.select())[0]
    assert (question["slug"], question["state"]) == ("was-stoert-euch-am-groessenraster", "draft")
    kept = await Prompt.select(
        Prompt.kind, Prompt.required, Prompt.options, Prompt.low, Prompt.high
    ).order_by(Prompt.position)
    assert [tuple(prompt.values()) for prompt in kept] == [
        ("open", True, [], None, None),
        ("choice", False, ["Beim Aufbau", "In Runde 1"], None, None),
        ("scale", False, [], 1, 7),
    ]
    page = await desk.get(path)
    assert "Beim Aufbau\nIn Runde 1" in page.text


async def test_rankings_yes_or_no_something_else_and_why_are_kept_and_shown_again(desk):
    path = await write(
        desk,
        **{
            "kind.1": "choice",
            "words.1": "Wann?",
            "options.1": "Früh\nSpät",
            "other.1": "yes",
            "why.1": "yes",
        },
        **{"kind.2": "ranking", "words.2": "Was zuerst?", "options.2": "Preis\nWeg", "other.2": "yes"},
        **{"kind.3": "yes_no", "words.3": "Wieder?", "options.3": "von vorhin"},
    )

    kept = await Prompt.select(Prompt.kind, Prompt.options, Prompt.other, Prompt.why).order_by(
        Prompt.position
    )
    assert [tuple(prompt.values()) for prompt in kept[1:]] == [
        ("choice", ["Früh", "Spät"], True, True),
        ("ranking", ["Preis", "Weg"], False, False),
        ("yes_no", ["Ja", "Nein"], False, False),
    ]
    page = (await desk.get(path)).text
    assert len(re.findall(r'name="(?:other|why)\.1" value="yes" checked', page)) == 2
    assert (await desk.post(path, draft(desk, **{"kind.0": "yes_no"}, do="save"))).status_code == 303


WHEN = {"kind.1": "choice", "words.1": "Wann?", "options.1": "Früh\nSpät"}
AGAIN = {"kind.2": "yes_no", "words.2": "Wieder?", "only_if.2": ["1:Spät"]}
STARS = {"kind.3": "scale", "words.3": "Wie gern?", "low.3": "0", "high.3": "10", "only_if.3": ["2:no"]}
LAST = {"kind.4": "open", "words.4": "Was noch?", "only_if.4": ["3:0", "3:10"]}


async def test_a_prompt_may_be_asked_only_after_certain_answers(desk):
    path = await write(desk, **WHEN, **AGAIN, **STARS, **LAST)

    kept = await Prompt.select(Prompt.if_prompt, Prompt.if_picks).order_by(Prompt.position)
    assert [tuple(prompt.values()) for prompt in kept] == [
        (None, []),
        (None, []),
        (1, [1]),
        (2, [1]),
        (3, [0, 10]),
    ]
    page = (await desk.get(path)).text
    assert set(re.findall(r'name="only_if[^>]*value="([^"]*)" checked', page)) == {
        "1:Spät",
        "2:no",
        "3:0",
        "3:10",
    }
    preview = (await desk.get(path + "/preview")).text
    assert "Nur wenn du bei „Wann?“ „Spät“ gesagt hast." in preview
    assert "Nur wenn du bei „Wie gern?“ „0“ oder „10“ gesagt hast." in preview


async def test_a_condition_goes_along_when_fields_are_moved_or_goes_with_what_it_looked_at(desk):
    async def conditions_after(do: str) -> list[str]:
        page = await desk.post("/questions", draft(desk, **WHEN, **AGAIN, **STARS, do=do))
        return re.findall(r'name="only_if\.(\d+)" value="([^"]*)" checked', page.text)

    assert await conditions_after("up.1") == [("2", "0:Spät"), ("3", "2:no")]
    assert await conditions_after("remove.0") == [("1", "0:Spät"), ("2", "1:no")]
    assert await conditions_after("remove.1") == [("2", "1:no")]
    assert await conditions_after("up.2") == [("3", "1:no")]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (["1:Mittags"], "Die Antwort „Mittags“ gibt es dort nicht mehr."),
        (["0:egal"], "bei dem man etwas auswählt"),
        (["2:yes"], "bei dem man etwas auswählt"),
        (["9:x"], "bei dem man etwas auswählt"),
        (["x"], "bei dem man etwas auswählt"),
        (["1:Früh", "0:x"], "Wähl nur Antworten von einem einzigen Feld."),
    ],
)
async def test_a_condition_that_cannot_be_is_refused_in_words(desk, condition, said):
    page = await desk.post("/questions", draft(desk, **WHEN, **AGAIN | {"only_if.2": condition}))

    assert page.status_code == 422
    assert said in page.text
    assert 'href="#only_if.2"' in page.text
    assert await Question.count() == 0


async def test_two_questions_with_one_title_get_addresses_of_their_own(desk):
    await write(desk)
    await write(desk)

    assert sorted(await fetch_column("select slug from question")) == [
        "was-stoert-euch-am-groessenraster",
        "was-stoert-euch-am-groessenraster-2",
    ]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "Hier fehlt noch etwas."),
        ("title", "x" * 201, "201 Zeichen"),
        ("closes_on", "bald", "Das ist kein Datum"),
        ("reply_by", TODAY.isoformat(), "Wähl einen späteren Tag."),
        ("opens_on", (TODAY + timedelta(days=11)).isoformat(), "Die Frage schließt, bevor sie öffnet."),
        ("slug", "Kein Pfad!", "Das passt hier nicht."),
        ("kind.0", "lied", "Wähl bitte eine der Möglichkeiten"),
        ("words.0", "", "Hier fehlt noch etwas."),
        ("options.1", "nur eine", "Gib mindestens zwei Möglichkeiten an"),
        ("options.1", "a\nb\na", "steht zweimal da"),
        ("high.2", "99", "Hier gehört eine Zahl hin."),
        ("asked_by", "00000000-0000-4000-8000-000000000000", "Wähl bitte eine der Möglichkeiten"),
    ],
)
async def test_what_does_not_fit_is_said_and_everything_typed_is_kept(desk, field, value, said):
    page = await desk.post("/questions", draft(desk, **CHOICE, **SCALE) | {field: value})

    assert page.status_code == 422
    assert said in page.text
    assert "Jule liest alles selbst." in page.text
    assert await Question.count() == 0


async def test_an_asker_of_another_company_is_none_of_ours(desk):
    other = await made.a_member(await made.a_company("reiher"))

    assert (await desk.post("/questions", draft(desk, asked_by=str(other.id)))).status_code == 422
    assert await Question.count() == 0


async def test_fields_are_added_moved_and_removed_without_scripts_and_nothing_is_saved(desk):
    async def words_after(do: str) -> list[str]:
        page = await desk.post("/questions", draft(desk, **CHOICE, **SCALE, do=do))
        assert page.status_code == 200
        return re.findall(r'name="words\.\d+" type="text" value="([^"]*)"', page.text)

    assert await words_after("add") == ["Erzähl, wie es war", "Wann?", "Wie gern?", ""]
    assert await words_after("up.2") == ["Erzähl, wie es war", "Wie gern?", "Wann?"]
    assert await words_after("remove.0") == ["Wann?", "Wie gern?"]
    for nonsense in ["remove.99", "up.x", "up.0", "sing"]:
        assert await words_after(nonsense) == ["Erzähl, wie es war", "Wann?", "Wie gern?"]
    assert await Question.count() == 0


async def test_the_return_key_saves_and_does_not_remove_a_field(desk):
    """Browsers press the first button of a form."""
    page = (await desk.get(await write(desk))).text
    form = page[page.index('name="title"') - 2000 : page.index("</main>")]

    assert re.search(r'<button[^>]*name="do" value="([^"]+)"', form[form.index("<form") :])[1] == "save"


async def test_opening_promises_the_reply_and_throws_test_answers_away(desk, fan, company):
    path = await write(desk)
    page = (await desk.get(f"{path}/preview")).text
    field = re.search(r'<textarea[^>]* name="([^"]+)"', page)[1]
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    tried = await desk.post(f"{path}/preview", {"key": key, field: "Ein Versuch.", "quoting": "no"})
    assert tried.status_code == 201
    assert await Response.select(Response.test) == [{"test": True}]
    assert (await fan.get("/kranich/ask/was-stoert-euch-am-groessenraster")).status_code == 404

    assert (await desk.post(f"{path}/opening")).status_code == 303

    assert await Response.count() == 0
    promise = (await Promise.select())[0]
    assert (promise["kind"], promise["due_on"], promise["made_by"]) == (
        "reply",
        TODAY + timedelta(days=20),
        desk.member.id,
    )
    assert promise["words"] == "Antwort zu „Was stört euch am Größenraster?“"
    page = await fan.get("/kranich/ask/was-stoert-euch-am-groessenraster")
    assert "Was stört euch am Größenraster?" in page.text
    assert "http://test/kranich/ask/was-stoert-euch-am-groessenraster" in (await desk.get(path)).text
    assert await fetch_column("select did from audit order by at, id") == [
        "question.written",
        "question.opened",
    ]


async def test_every_reason_against_opening_is_told_and_it_stays_a_draft(desk, company):
    question = await made.a_question(
        company, by=desk.member, state="draft", prompts=[], closes_at=made.NOW - timedelta(hours=30),
        opens_at=made.NOW - timedelta(days=9), reply_by=TODAY - timedelta(days=9),
    )  # fmt: skip

    page = await desk.post(f"/questions/{question.id}/opening")

    assert page.status_code == 422
    assert "Frag mindestens eine Sache." in page.text
    assert "Der letzte Tag liegt in der Vergangenheit." in page.text
    assert "Antworten könnt ihr erst, wenn die Frage zu ist." in page.text
    assert await fetch_value("select state from question") == "draft"
    assert await Promise.count() == 0


async def test_a_test_answer_cannot_be_left_at_a_question_that_is_open(desk, company):
    question = await made.a_question(company, by=desk.member)
    prompt = (await Prompt.select())[0]

    reply = await desk.post(
        f"/questions/{question.id}/preview", {"key": "0" * 32, f"p{prompt['id'].hex}": "x x x"}
    )

    assert reply.status_code == 404
    assert await Response.count() == 0


async def test_once_somebody_answered_nothing_people_read_can_change(desk, company):
    question = await made.a_question(company, by=desk.member, title="Wo hakt es bei euch?")
    await made.an_answer(company, question)

    page = await desk.post(f"/questions/{question.id}", draft(desk))

    assert page.status_code == 422
    assert "Auf diese Frage wurde schon geantwortet." in page.text
    assert await fetch_value("select title from question") == "Wo hakt es bei euch?"


async def test_the_promised_day_does_not_move_by_editing(desk, company):
    path = await write(desk)
    await desk.post(f"{path}/opening")

    page = await desk.post(path, draft(desk, reply_by=(TODAY + timedelta(days=40)).isoformat()))

    assert page.status_code == 422
    assert "Dieser Antworttermin ist öffentlich versprochen." in page.text
    assert await fetch_value("select reply_by from question") == TODAY + timedelta(days=20)


async def test_people_may_be_given_more_time_but_never_less(desk, company):
    path = await write(desk)
    await desk.post(f"{path}/opening")

    async def last_day(days: int) -> int:
        reply = await desk.post(f"{path}/last-day", {"closes_on": (TODAY + timedelta(days=days)).isoformat()})
        return reply.status_code

    assert await last_day(12) == 303
    assert await last_day(9) == 422
    assert await last_day(30) == 422, "later than the promised reply"


async def test_a_closed_question_takes_no_answers_and_is_not_closed_twice(desk, fan, company):
    path = await write(desk)
    await desk.post(f"{path}/opening")
    assert (await desk.post(f"{path}/closing")).status_code == 303

    assert (await desk.post(f"{path}/closing")).status_code == 422
    assert await fetch_value("select state from question") == "closed"
    page = await fan.get("/kranich/ask/was-stoert-euch-am-groessenraster")
    assert f"Diese Frage ist seit dem {words_for('de').day(TODAY)} zu." in page.text


async def test_who_may_only_read_sees_the_draft_and_cannot_write(app, company, desk):
    path = await write(desk)
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")

        assert "Was stört euch am Größenraster?" in (await reader.get(path)).text
        assert "<form" not in (await reader.get(path)).text.partition("<main")[2]
        for action in ("", "/opening", "/closing", "/last-day", "/preview"):
            assert (await reader.post(f"{path}{action}", draft(desk))).status_code == 403
        assert await fetch_value("select state from question") == "draft"


async def test_a_question_whose_last_day_has_passed_says_that_it_is_closed(desk, company):
    question = await made.a_question(
        company, opens_at=made.NOW - timedelta(days=7), closes_at=made.NOW - timedelta(days=1)
    )
    say = words_for("de", "du", company.timezone).say
    tag = f'<span class="tag">{say("questions.state.closed")}</span>'

    assert tag in (await desk.get("/questions")).text
    assert tag in (await desk.get(f"/questions/{question.id}")).text


async def test_the_desk_names_the_promised_day_that_holds_and_lets_people_answer_until_then(desk, company):
    path = await write(desk)
    await desk.post(f"{path}/opening")
    promise_id = await fetch_value("select id from promise")
    later = TODAY + timedelta(days=40)
    told = {"due_on": later.isoformat(), "why": "Die Druckerei hat zu."}

    assert (await desk.post(f"/promises/{promise_id}/date", told)).status_code == 303

    say = words_for("de", "du", company.timezone).say
    for page in ("/questions", path):
        text = (await desk.get(page)).text
        assert say("questions.reply-by", day=later) in text
        assert say("questions.reply-by", day=TODAY + timedelta(days=20)) not in text
    assert say("question.moved", day=TODAY + timedelta(days=20)) in (await desk.get(path)).text
    last = (TODAY + timedelta(days=30)).isoformat()
    assert (await desk.post(f"{path}/last-day", {"closes_on": last})).status_code == 303
