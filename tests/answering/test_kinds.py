"""Every kind of prompt from the page to the desk and the receipt, without a script."""

import re

import pytest

from hearback.answering import queries
from hearback.asking.tables import Question
from hearback.database.engine import ENGINE, fetch_column
from hearback.jobs import do_all_now
from hearback.themes import jobs  # noqa: F401  (what reads answers)
from tests import made

PROMPTS = [
    {"kind": "open", "words": "Erzähl", "why": True},
    {"kind": "choice", "words": "Wann?", "options": ["Früh", "Spät"], "other": True, "why": True},
    {"kind": "choices", "words": "Womit?", "options": ["Bus", "Bahn"], "other": True},
    {"kind": "scale", "words": "Wie gern?", "low": 0, "high": 10, "why": True},
    {"kind": "ranking", "words": "Was zuerst?", "options": ["Preis", "Weg", "Leute"]},
    {"kind": "yes_no", "words": "Wieder?", "options": ["Ja", "Nein"], "required": True},
]


@pytest.fixture
async def question(company) -> Question:
    return await made.a_question(company, slug="alles", prompts=PROMPTS)


async def names(fan) -> tuple[str, list[str]]:
    """The form's key, and each prompt's name."""
    page = (await fan.get("/kranich/ask/alles")).text
    fields = [f"p{one.hex}" for one in await fetch_column("select id from prompt order by position")]
    assert all(field in page for field in fields)
    return re.search(r'name="key" value="([0-9a-f]{32})"', page)[1], fields


async def everything(fan) -> dict[str, object]:
    key, (tell, choice, choices, scale, ranking, yes) = await names(fan)
    return {
        "key": key,
        tell: "Der Weg war sehr weit.",
        f"{tell}_why": "Weil der Bus nicht kam.",
        choice: "other",
        f"{choice}_other": "Mitten in der Nacht",
        f"{choice}_why": "Weil ich dann Zeit habe.",
        choices: ["0", "other"],
        f"{choices}_other": "Mit dem Rad",
        scale: "0",
        f"{scale}_why": "Weil es regnete.",
        f"{ranking}_place0": "2",
        f"{ranking}_place1": "1",
        f"{ranking}_place2": "",
        yes: "1",
    }


SAID = [
    "Der Weg war sehr weit.",
    "Weil der Bus nicht kam.",
    "Mitten in der Nacht",
    "Weil ich dann Zeit habe.",
    "Mit dem Rad",
    "Weil es regnete.",
]


async def test_what_was_filled_in_is_read_at_the_desk_and_on_the_receipt(fan, desk, company, question):
    thanks = await fan.post("/kranich/ask/alles/answers", data=await everything(fan))
    assert thanks.status_code == 201

    (answer,) = await queries.inbox(company.id)
    assert answer.words == SAID
    assert answer.picks == ["Womit? Bus", "Wie gern? 0", "Was zuerst? 1. Weg, 2. Preis", "Wieder? Nein"]
    assert answer.others == ["Wann?", "Womit?"]
    for path in ["/inbox", f"/inbox/{answer.id}"]:
        page = (await desk.get(path)).text
        assert all(words in page for words in SAID)
        assert "Wann?: etwas anderes, in eigenen Worten" in page
        assert "1. Weg, 2. Preis" in page
    code = re.search(r'id="code">([0-9A-Z-]+)<', thanks.text)[1]
    receipt = (await fan.post("/kranich/r", data={"code": code})).text
    assert all(words in receipt and words in thanks.text for words in SAID)
    assert re.search(r"1\. Weg.*2\. Preis", receipt)


async def test_words_beside_an_answer_are_read_into_excerpts_like_all_others(fan, company, question):
    await fan.post("/kranich/ask/alles/answers", data=await everything(fan))
    await do_all_now()

    excerpts = await fetch_column(
        """select substr(a.words, e.starts + 1, e.ends - e.starts) from excerpt e join answer a on a.id = e.answer"""
    )
    assert {"Weil der Bus nicht kam.", "Mit dem Rad", "Weil es regnete."} <= set(excerpts)


async def test_figures_count_options_something_else_and_places(fan, desk, company, question):
    for _ in range(2):
        assert (await fan.post("/kranich/ask/alles/answers", data=await everything(fan))).status_code == 201

    page = (await desk.get(f"/inbox?question={question.id}")).text

    rows = re.findall(
        r'<th scope="row">([^<]*)</th><td class="num">(\d+)</td>(?:<td class="num">([^<]*)<)?', page
    )
    assert rows == [
        ("Etwas anderes", "2", ""),
        ("Bus", "2", ""),
        ("Etwas anderes", "2", ""),
        ("0", "2", ""),
        ("Weg", "2", "1"),
        ("Preis", "2", "2"),
        ("Nein", "2", ""),
    ]


async def test_what_does_not_fit_keeps_everything_that_was_typed(fan, question):
    sent = await everything(fan)
    _, (_, choice, _, _, ranking, yes) = await names(fan)

    page = await fan.post(
        "/kranich/ask/alles/answers", data=sent | {f"{ranking}_place2": "1", f"{choice}_other": "", yes: ""}
    )

    assert page.status_code == 422
    assert "Platz 1 hast du zweimal vergeben" in page.text
    assert "Schreib bitte dazu, was du meinst." in page.text
    assert "Wähl bitte Ja oder Nein." in page.text
    assert f'href="#{choice}_other"' in page.text and f'id="{choice}_other"' in page.text
    assert page.text.count("<option selected>1</option>") == 2
    for words in ["Weil der Bus nicht kam.", "Mit dem Rad", "Weil es regnete."]:
        assert words in page.text
    assert await ENGINE.pool.fetchval("select count(*) from response") == 0


async def test_who_comes_too_late_reads_all_of_their_own_words_again(fan, question):
    sent = await everything(fan)
    await ENGINE.pool.execute("update question set state = 'closed'")

    page = await fan.post("/kranich/ask/alles/answers", data=sent)

    assert page.status_code == 422
    assert all(words in page.text for words in SAID)


async def test_a_retry_of_the_same_answer_stays_one(fan, question):
    sent = await everything(fan)
    first, second = [await fan.post("/kranich/ask/alles/answers", data=sent) for _ in range(2)]

    assert (first.status_code, second.status_code) == (201, 201)
    assert await ENGINE.pool.fetchval("select count(*) from response") == 1
    assert await ENGINE.pool.fetchval("select count(*) from answer") == 10


async def test_every_part_of_the_form_has_a_name_that_is_read_aloud(fan, question):
    page = (await fan.get("/kranich/ask/alles")).text

    form = page[page.index('<form class="sheet cont"') :]
    for field in re.findall(r'<(?:textarea|select|input class="input")[^>]*? id="([^"]+)"', form):
        assert f'<label for="{field}"' in form or f'for="{field}"' in form, field
    assert "hidden" in re.search(r'<span class="moves"[^>]*>', form)[0]
