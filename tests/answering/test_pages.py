"""A form in pages, without a script: each POST carries what was typed, and only the last one is kept."""

import re

import pytest

from hearback.asking.tables import Question
from hearback.database.engine import ENGINE, fetch_column
from tests import made

PROMPTS = [
    {"kind": "choice", "words": "Wann?", "options": ["Früh", "Spät"], "required": True, "other": True},
    {"kind": "open", "words": "Warum so spät?", "new_page": True, "if_prompt": 0, "if_picks": [1]},
    {"kind": "choices", "words": "Womit?", "options": ["Bus", "Bahn"], "new_page": True, "required": True},
    {"kind": "open", "words": "Was noch?"},
]
PATH = "/kranich/ask/seiten/answers"


@pytest.fixture
async def question(company) -> Question:
    return await made.a_question(company, slug="seiten", prompts=PROMPTS)


@pytest.fixture
async def names(question) -> list[str]:
    return [f"p{one.hex}" for one in await fetch_column("select id from prompt order by position")]


def sent_by(page: str) -> dict[str, list[str]]:
    """What a browser would send: hidden fields, what is typed, ticked and chosen."""
    form = page[page.index('<form class="sheet cont"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind = (re.search(r'type="(\w+)"', tag) or ["", "text"])[1]
        if kind in ("radio", "checkbox") and " checked" not in tag:
            continue
        value = re.search(r'value="([^"]*)"', tag)
        sent.setdefault(re.search(r'name="([^"]+)"', tag)[1], []).append(value[1] if value else "")
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form):
        sent.setdefault(name, []).append(text)
    return sent


async def test_one_walks_forth_and_back_and_sends_everything_at_the_end(fan, names):
    when, late, by, more = names
    page = (await fan.get("/kranich/ask/seiten")).text
    assert "Seite 1 von 3" in page and "Womit?" not in page and "Dürfen wir dich" not in page

    page = await fan.post(PATH, data=sent_by(page.replace("1 von 3", "")) | {when: "1", "do": "next"})
    assert page.status_code == 200 and "Seite 2 von 3" in page.text
    assert "Nur wenn du bei „Wann?“ „Spät“ gesagt hast." in page.text
    assert sent_by(page.text)[when] == ["1"]
    page = await fan.post(PATH, data=sent_by(page.text) | {late: "Der Bus.", "do": "next"})
    assert "Seite 3 von 3" in page.text and "Dürfen wir dich" in page.text
    typed = {more: "Danke „euch“ & <b>allen</b>", "quoting": "named", "first_name": "Ada"}
    page = await fan.post(PATH, data=sent_by(page.text) | typed | {"do": "back"})
    assert "Seite 2 von 3" in page.text and ">\nDer Bus.</textarea>" in page.text
    assert "<b>allen</b>" not in page.text and "Danke „euch“" in page.text
    assert await ENGINE.pool.fetchval("select count(*) from response") == 0

    carried = await fan.post(
        PATH, data={n: _plain(v) for n, v in sent_by(page.text).items()} | {"do": "next"}
    )
    last = {n: _plain(v) for n, v in sent_by(carried.text).items()}
    assert last["first_name"] == ["Ada"] and last["quoting"] == ["named"]
    thanks = await fan.post(PATH, data=last | {by: ["0", "1"]})

    assert thanks.status_code == 201
    kept = await ENGINE.pool.fetch(
        "select a.words, a.chosen from answer a join prompt p on p.id = a.prompt order by p.position"
    )
    assert [tuple(row) for row in kept] == [
        ("", [1]),
        ("Der Bus.", []),
        ("", [0, 1]),
        ("Danke „euch“ & <b>allen</b>", []),
    ]


def _plain(values: list[str]) -> list[str]:
    """As a browser reads an attribute."""
    for sign, entity in [("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("&", "&amp;")]:
        values = [value.replace(entity, sign) for value in values]
    return values


async def test_a_page_on_which_nothing_is_asked_is_passed_over_both_ways(fan, names):
    when, _, by, _ = names
    page = (await fan.get("/kranich/ask/seiten")).text

    page = await fan.post(PATH, data=sent_by(page) | {when: "0", "do": "next"})
    assert "Seite 3 von 3" in page.text
    page = await fan.post(PATH, data=sent_by(page.text) | {"do": "back"})
    assert "Seite 1 von 3" in page.text
    thanks = await fan.post(PATH, data=sent_by(page.text) | {when: "0", by: "1"})
    assert thanks.status_code == 201


async def test_words_on_a_page_that_is_no_longer_asked_stand_there_and_can_be_taken_out(fan, names):
    when, late, _, _ = names
    page = (await fan.get("/kranich/ask/seiten")).text

    page = await fan.post(PATH, data=sent_by(page) | {when: "0", late: "Der Bus.", "do": "next"})

    assert "Seite 2 von 3" in page.text and ">\nDer Bus.</textarea>" in page.text


async def test_what_does_not_fit_is_said_on_its_page_and_one_stays_there(fan, names):
    when, _, _, more = names
    page = (await fan.get("/kranich/ask/seiten")).text

    stays = await fan.post(PATH, data=sent_by(page) | {f"{when}_other": "x" * 4001, "do": "next"})
    assert stays.status_code == 422 and "Seite 1 von 3" in stays.text and "4.001 Zeichen" in stays.text
    assert "Womit?" not in stays.text

    nothing = await fan.post(PATH, data=sent_by(page) | {more: "Danke.", "page": "3"})
    assert nothing.status_code == 422 and "Seite 1 von 3" in nothing.text
    assert sent_by(nothing.text)[more] == ["Danke."]


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "²", ""])
async def test_a_page_that_is_none_is_the_first(fan, names, number):
    page = (await fan.get("/kranich/ask/seiten")).text

    page = await fan.post(PATH, data=sent_by(page) | {"page": number, "do": "back"})

    assert page.status_code == 200 and "Seite 1 von 3" in page.text


async def test_a_question_that_closes_between_pages_gives_the_words_back(fan, names):
    when, late, _, _ = names
    page = (await fan.get("/kranich/ask/seiten")).text
    await ENGINE.pool.execute("update question set state = 'closed'")
    await ENGINE.pool.execute("select pg_notify('hearback', 'public')")

    page = await fan.post(PATH, data=sent_by(page) | {when: "1", late: "Der Bus.", "page": "3"})

    assert page.status_code == 422 and "Der Bus." in page.text


async def test_the_preview_turns_its_pages_too(desk, company):
    question = await made.a_question(company, slug="seiten", prompts=PROMPTS, state="draft")
    names = [f"p{one.hex}" for one in await fetch_column("select id from prompt order by position")]
    path = f"/questions/{question.id}/preview"

    first = (await desk.get(path)).text
    second = await desk.post(path, sent_by(first) | {names[0]: "1", "do": "next"})
    assert second.status_code == 200 and "Seite 2 von 3" in second.text
    stays = await desk.post(path, sent_by(first) | {"do": "next"})
    assert stays.status_code == 422 and "Seite 1 von 3" in stays.text


async def test_one_page_has_no_steps(fan, company):
    await made.a_question(company, slug="eine")

    page = (await fan.get("/kranich/ask/eine")).text

    assert 'name="page"' not in page and "Seite 1" not in page and "#form" not in page
