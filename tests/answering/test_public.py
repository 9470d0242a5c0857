"""What a fan meets at a question's address, and what becomes of what they send."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import msgspec
import pytest

from hearback.answering.code import code_hash, read_code
from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt, Question
from hearback.database.engine import ENGINE, execute, fetch_column
from hearback.jobs import KNOWN, do_all_now
from hearback.themes import jobs  # noqa: F401  (what reads answers)
from hearback.web.live import LIVE, tell
from tests import made
from tests.counting import queries_asked
from tests.waiting import until

WORDS = "Rot und Grün sehen für meine Tochter gleich aus."
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war", "required": True},
    {"kind": "choice", "words": "Wann?", "options": ["Beim Aufbau", "In Runde 1"]},
    {"kind": "choices", "words": "Mit wem?", "options": ["Allein", "Zu zweit", "Zu viert"]},
    {"kind": "scale", "words": "Wie gern?", "low": 1, "high": 5},
]


@pytest.fixture
async def question(company) -> Question:
    return await made.a_question(company, slug="moorlichter", prompts=PROMPTS)


class Form:
    """The form as it was served: its fields in the order of the page."""

    def __init__(self, page: str) -> None:
        form = page[page.index("<form") :]
        self.key = re.search(r'name="key" value="([0-9a-f]{32})"', form)[1]
        names = dict.fromkeys(re.findall(r'name="(p[^"]*)"', form))
        self.open, self.choice, self.choices, self.scale = [*names, *["-"] * 4][:4]


async def served(fan: httpx.AsyncClient, path: str = "/kranich/ask/moorlichter") -> Form:
    return Form((await fan.get(path)).text)


async def send(fan: httpx.AsyncClient, form: Form, words: str = WORDS, **more: object) -> httpx.Response:
    data = {"key": form.key, form.open: words, "quoting": "no"} | more
    return await fan.post("/kranich/ask/moorlichter/answers", data=data)


def code_on(page: httpx.Response) -> str:
    return re.search(r'id="code">([0-9A-Z-]+)<', page.text)[1]


async def test_every_kind_of_prompt_is_kept_as_it_was_filled_in(fan, question):
    form = await served(fan)

    page = await send(
        fan, form, **{form.choice: "1", form.choices: ["2", "0"], form.scale: "4", "quoting": "unnamed"}
    )

    assert page.status_code == 201
    kept = await ENGINE.pool.fetch(
        """select a.words, a.chosen, a.number from answer a join prompt p on p.id = a.prompt order by p.position"""
    )
    assert [tuple(row) for row in kept] == [
        (WORDS, [], None),
        ("", [1], None),
        ("", [0, 2], None),
        ("", [], 4),
    ]
    row = (await Response.select())[0]
    assert (row["quoting"], row["state"], row["channel"], row["test"]) == ("unnamed", "counted", "web", False)


async def test_the_reply_is_the_receipt_and_its_code_opens_the_answer(fan, question):
    page = await send(fan, await served(fan))

    code = code_on(page)
    assert WORDS in page.text
    assert f"http://test/kranich/r#{code}" in page.text
    assert '<img class="qr" src="data:image/png;base64,' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert (await Response.select(Response.receipt_hash))[0]["receipt_hash"] == code_hash(read_code(code))
    assert WORDS in (await fan.post("/kranich/r", data={"code": code})).text


async def test_a_second_click_and_a_retry_are_one_answer_with_the_same_code(fan, question):
    form = await served(fan)

    first, again = await send(fan, form), await send(fan, form)

    assert (first.status_code, again.status_code) == (201, 201)
    assert code_on(first) == code_on(again)
    assert await Response.count() == 1
    assert await fetch_column("select count(*) from pgqueuer") == [1]


async def test_every_visitor_gets_a_key_of_their_own_on_a_page_rendered_once(fan, question, monkeypatch):
    await LIVE.connected.wait()
    first = await served(fan)
    monkeypatch.setattr("hearback.answering.public.render", None)

    assert (await served(fan)).key != first.key


async def test_an_answer_that_was_read_is_news_of_numbers_and_the_question_page_stays(
    fan, question, company, monkeypatch
):
    await LIVE.connected.wait()
    heard = []
    monkeypatch.setattr(LIVE, "_callbacks", [*LIVE._callbacks, lambda *news: heard.append(news)])
    assert (await send(fan, await served(fan))).status_code == 201
    await do_all_now()

    async def told() -> bool:
        return bool(ours())

    def ours() -> list[tuple[str, str]]:
        return [news for news in heard if news[0] == str(company.id)]

    await until(told)
    assert ours() == [(str(company.id), "numbers")]
    monkeypatch.setattr("hearback.answering.public.render", None)
    await served(fan)


async def test_a_change_is_on_the_page_at_once(fan, question, company):
    await LIVE.connected.wait()
    await served(fan)
    await execute("update question set title = 'Was fehlt euch?' where id = $1", question.id)
    await tell(company.id, "public")

    async def changed() -> bool:
        return "Was fehlt euch?" in (await fan.get("/kranich/ask/moorlichter")).text

    await until(changed)


async def test_the_page_sets_no_cookie_and_may_not_be_shared(fan, question):
    page = await fan.get("/kranich/ask/moorlichter")
    sent = await send(fan, await served(fan))

    assert "set-cookie" not in page.headers
    assert "set-cookie" not in sent.headers
    assert page.headers["cache-control"] == "private, no-cache"


async def test_head_answers_like_get(fan, question):
    assert (await fan.head("/kranich/ask/moorlichter")).status_code == 200


async def test_an_answer_costs_one_query(fan, question):
    await LIVE.connected.wait()
    await send(fan, await served(fan))  # page and statement are known from here on
    form = await served(fan)

    with queries_asked() as asked:
        assert (await send(fan, form)).status_code == 201

    assert len(asked) == 1


async def test_the_worker_finds_the_answer_to_read(fan, question, monkeypatch):
    read = []

    async def themes_read(**details):
        read.append(details)

    monkeypatch.setitem(KNOWN, "themes.read", themes_read)
    await send(fan, await served(fan))

    assert await do_all_now() == 1
    response = (await Response.select(Response.id))[0]["id"]
    assert [details["response_id"] for details in read] == [str(response)]
    assert await fetch_column("select status::text from pgqueuer_log") == ["queued"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("open", "   ", "Schreib bitte etwas."),
        ("open", "x" * 4001, "4.001 Zeichen"),
        ("open", ["eins", "zwei"], "mehrere Werte"),
        ("choice", "2", "Wähl bitte eine der Möglichkeiten"),
        ("choice", "-1", "Wähl bitte eine der Möglichkeiten"),
        ("choice", ["0", "1"], "mehrere Werte"),
        ("choices", ["0", "9"], "Wähl bitte eine der Möglichkeiten"),
        ("scale", "6", "Wähl bitte eine der Möglichkeiten"),
        ("scale", "²", "Wähl bitte eine der Möglichkeiten"),
    ],
)
async def test_what_does_not_fit_is_said_and_nothing_is_kept(fan, question, field, value, said):
    form = await served(fan)

    page = await send(fan, form, **{form.choices: "1", getattr(form, field): value})

    assert page.status_code == 422
    assert said in page.text
    assert 'id="errors"' in page.text
    assert re.search(r'type="checkbox" name="[^"]+" value="1" checked', page.text) or field == "choices"
    assert await Response.count() == 0
    assert await fetch_column("select count(*) from pgqueuer") == [0]


async def test_every_fault_is_named_and_everything_typed_is_kept(fan, question):
    form = await served(fan)

    page = await send(
        fan, form, words="", **{form.scale: "9", "quoting": "named", "place": "Leipzig", "who": "x"}
    )

    assert page.status_code == 422
    assert "4 Stellen passen noch nicht." in page.text
    assert 'value="Leipzig"' in page.text
    assert re.search(r'value="named" checked', page.text)
    assert f'value="{form.key}"' in page.text
    assert await Response.count() == 0


async def test_to_be_named_takes_a_first_name_and_who_is_not_named_leaves_none(fan, question):
    form = await served(fan)

    assert (await send(fan, form, quoting="named")).status_code == 422
    assert (await send(fan, form, quoting="named", first_name="Mia", place="Leipzig")).status_code == 201
    assert (await send(fan, await served(fan), first_name="Mia", place="Leipzig")).status_code == 201
    rows = await Response.select(Response.quoting, Response.first_name, Response.place)
    assert sorted(tuple(row.values()) for row in rows) == [("named", "Mia", "Leipzig"), ("no", "", "")]


@pytest.mark.parametrize("key", ["", "0" * 31, "Z" * 32, "é" * 32, "0" * 33])
async def test_a_stale_form_is_refused_with_a_key_that_works(fan, question, key):
    form = await served(fan)

    page = await send(fan, form, key=key)

    assert page.status_code == 422
    assert WORDS in page.text
    assert (await send(fan, Form(page.text))).status_code == 201


async def test_who_says_nothing_at_all_is_asked_for_something(fan, company):
    await made.a_question(company, slug="moorlichter", prompts=[{"kind": "open", "words": "Und?"}])
    form = await served(fan)

    assert (await send(fan, form, words="")).status_code == 422
    assert await Response.count() == 0


@pytest.mark.parametrize("body", [b"%s=a%%00b", b"%s=%%FF%%FE"])
async def test_broken_letters_and_nul_are_refused(fan, question, body):
    form = await served(fan)
    content = body % form.open.encode() + f"&key={form.key}".encode()

    page = await fan.post("/kranich/ask/moorlichter/answers", content=content, headers=FORM)

    assert page.status_code == 422
    assert await Response.count() == 0


async def test_ten_megabytes_are_too_much(fan, question):
    body = urlencode({"key": "0" * 32, "p0": "x" * 10_000_000})

    page = await fan.post("/kranich/ask/moorlichter/answers", content=body, headers=FORM)

    assert page.status_code == 413
    assert await Response.count() == 0


@pytest.mark.parametrize(
    "path", ["/gibtsnicht/ask/moorlichter", "/kranich/ask/gibtsnicht", "/kranich/ask/%00"]
)
async def test_what_is_not_there_is_a_404_to_read_and_to_send(fan, question, path):
    assert (await fan.get(path)).status_code == 404
    assert (await fan.post(f"{path}/answers", data={"p0": WORDS})).status_code == 404


async def test_a_draft_is_as_good_as_not_there(fan, company):
    await made.a_question(company, slug="moorlichter", state="draft")

    assert (await fan.get("/kranich/ask/moorlichter")).status_code == 404
    reply = await fan.post("/kranich/ask/moorlichter/answers", data={"p0": WORDS, "key": "0" * 32})
    assert reply.status_code == 404
    assert await Response.count() == 0


async def test_another_company_does_not_lend_its_question(fan, question):
    await made.a_company("reiher", name="Reiher")

    assert (await fan.get("/reiher/ask/moorlichter")).status_code == 404


async def test_a_question_that_is_not_open_yet_says_when(fan, company):
    await made.a_question(company, slug="moorlichter", opens_at=made.NOW + timedelta(days=2))
    page = await fan.get("/kranich/ask/moorlichter")

    assert page.status_code == 200
    assert "<textarea" not in page.text


@pytest.mark.parametrize("closed", [{"state": "closed"}, {"closes_at": made.NOW - timedelta(hours=1)}])
async def test_a_closed_question_says_so_and_gives_the_words_back(fan, company, closed):
    question = await made.a_question(company, slug="moorlichter", **closed)
    prompt = (await Prompt.select(Prompt.id).where(Prompt.question == question.id))[0]
    shut = (await fan.get("/kranich/ask/moorlichter")).text
    assert "<textarea" not in shut
    assert "Jeder kann antworten" not in shut

    page = await fan.post(
        "/kranich/ask/moorlichter/answers",
        data={"key": "0" * 32, "quoting": "no", field_of(prompt["id"]): WORDS},
    )

    assert page.status_code == 422
    assert WORDS in page.text
    assert await Answer.count() == 0


async def test_closed_while_the_form_was_open_the_words_are_kept(fan, question):
    form = await served(fan)
    await execute("update question set state = 'closed' where id = $1", question.id)

    page = await send(fan, form)

    assert page.status_code == 422
    assert WORDS in page.text
    assert await Response.count() == 0


async def test_a_form_served_before_the_prompts_changed_never_answers_the_new_ones(fan, company, question):
    """Otherwise the tick at "Beim Aufbau" would count for whatever now stands in its place."""
    form = await served(fan)
    await execute("delete from prompt where question = $1", question.id)
    await Prompt.insert(
        Prompt(company=company.id, question=question.id, position=0, kind="open", words="Neu", required=False)
    )
    await Prompt.insert(
        Prompt(
            company=company.id,
            question=question.id,
            position=1,
            kind="choice",
            words="Ganz anders?",
            options=["Ja", "Nein"],
        )
    )

    for _ in range(2):  # the page in memory is still the old one, then it is not
        page = await send(fan, form, **{form.choice: "0"})
        assert page.status_code == 422
        assert WORDS in page.text
        assert await Response.count() == 0
        await tell(company.id, "public")


async def test_too_many_from_one_network_wait_and_keep_their_words(fan, question, setting):
    setting("HEARBACK_ANSWERS_PER_NETWORK_AND_HOUR", "2")
    forms = [await served(fan) for _ in range(3)]

    sent = [await send(fan, form, f"{WORDS} {n}") for n, form in enumerate(forms)]

    assert [page.status_code for page in sent] == [201, 201, 429]
    assert int(sent[2].headers["retry-after"]) <= 3600
    assert f"{WORDS} 2" in sent[2].text
    assert f'data-free-in="{sent[2].headers["retry-after"]}"' in sent[2].text
    assert f'value="{forms[2].key}"' in sent[2].text
    assert await Response.count() == 2
    assert (await send(fan, forms[0], f"{WORDS} 0")).status_code == 201, "a retry is not refused"


async def test_a_script_in_the_words_is_shown_as_text(fan, question):
    evil = "<script>alert(1)</script> \"' </textarea>"
    form = await served(fan)

    kept, refused = await send(fan, form, evil), await send(fan, form, evil, quoting="named")

    for page in (kept, refused):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text


async def test_in_english_everything_but_the_question_is_english(fan, question):
    page = await fan.get("/kranich/ask/moorlichter?lang=en")
    sent = await fan.post(
        "/kranich/ask/moorlichter/answers?lang=en",
        data={"key": Form(page.text).key, Form(page.text).open: "The stones look alike.", "quoting": "no"},
    )

    assert '<html lang="en">' in page.text
    assert "Send answer" in page.text
    assert re.search(r'<h1 class="said" lang="de">Wo hat euch', page.text)
    assert 'action="/kranich/ask/moorlichter/answers?lang=en"' in page.text
    assert "Thank you. Your answer has arrived." in sent.text
    assert (await Response.select(Response.language))[0]["language"] == "en"


async def test_a_form_from_another_site_is_refused(fan, question):
    form = await served(fan)
    page = await fan.post(
        "/kranich/ask/moorlichter/answers",
        data={"key": form.key, form.open: WORDS, "quoting": "no"},
        headers={"sec-fetch-site": "cross-site"},
    )

    assert page.status_code == 403
    assert await Response.count() == 0


async def test_only_the_day_of_an_answer_is_kept(fan, question):
    await send(fan, await served(fan))
    kept = await ENGINE.pool.fetchval(
        "select to_jsonb(r)::text || to_jsonb(a)::text from response r, answer a"
    )

    assert not re.search(r"\d\d:\d\d", kept)
    assert msgspec.json.decode(await ENGINE.pool.fetchval("select to_jsonb(r)::text from response r"))["day"]


def field_of(prompt_id) -> str:
    return f"p{prompt_id.hex}"
