"""The worst that can come in, through the real commands: no crash, sensible themes, an honest unsorted pile."""

import json

import pytest

from hearback.database.engine import ENGINE
from hearback.themes import commands
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

SPAM = [
    "BUY CHEAP WATCHES http://example.org/?id=1 BEST PRICE!!!",
    "Verdiene 5000 € am Tag von zu Hause, klick hier: www.example.net",
    "FOLLOW @example_coin 🚀🚀🚀 to the moon",
    "casino bonus casino bonus casino bonus casino bonus",
    "asdfghjkl asdfghjkl",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
]


class Sums:
    """Of a company's excerpts: how many lie in a theme, how many in none, and how many themes hold any."""

    def __init__(self, row):
        self.excerpts, self.placed, self.themes, self.wordings, self.languages = row


async def read(company, texts: list[str], **more) -> Sums:
    """One by one, as answers come, then all together, twice: the second time changes nothing."""
    question = await made.a_question(company)
    for number, text in enumerate(texts):
        response = await made.an_answer(company, question, text, **more)
        if number < 2:
            await commands.read_response(company.id, response.id, now=made.NOW)
    await commands.sort(company.id, now=made.NOW)
    before = await sums(company)
    await commands.sort(company.id, now=made.NOW)
    after = await sums(company)
    assert vars(before) == vars(after)
    assert not await ENGINE.pool.fetchval("select exists (select from excerpt where wording is null)")
    return after


async def sums(company) -> Sums:
    return Sums(
        await ENGINE.pool.fetchrow(
            """select count(*), count(p.theme), count(distinct p.theme), count(distinct e.wording),
                      coalesce(array_agg(distinct e.language), '{}')
               from excerpt e left join placement p on p.company = e.company and p.excerpt = e.id
               where e.company = $1""",
            company.id,
        )
    )


@pytest.fixture
async def company(pool):
    return await made.a_company()


async def test_no_answer_at_all(company):
    found = await read(company, [])

    assert (found.excerpts, found.themes) == (0, 0)


async def test_one_answer_is_no_theme_yet(company):
    found = await read(company, ["Die Anleitung ist schwer zu verstehen."])

    assert (found.excerpts, found.placed, found.themes) == (1, 0, 0)


async def test_single_words(company):
    words = [
        "Preise",
        "Klos",
        "Lärm",
        "WLAN",
        "teuer",
        "Anleitung",
        "Bier",
        "Stau",
        "loos",
        "nix",
        "geil",
        "Regen",
    ]
    found = await read(company, words)

    assert found.excerpts >= 8
    assert found.placed <= found.excerpts
    assert found.themes <= 4


async def test_a_rant_of_5000_characters(company):
    sentences = COLOURS + DELIVERY + MANUAL
    rant = " ".join(sentences * 3)[:5000]
    one_line = ("und dann noch das und jenes und überhaupt alles " * 120)[:5000]
    found = await read(company, [rant, one_line, "a" * 5000, "!" * 5000, "wort " * 1000])

    assert found.excerpts >= len(sentences)
    assert found.placed <= found.excerpts


async def test_a_single_emoji_each(company):
    found = await read(company, ["👍", "😡", "🤮", "👍", "❤️", "👩‍👩‍👧‍👦", "🇩🇪", "👍🏿"])

    assert found.placed == 0
    assert set(found.languages) <= {""}


async def test_languages_that_the_model_does_not_know(company):
    texts = [
        "Приехали поздно, и никто ничего не объяснил.",
        "おもちゃの説明書がとても分かりにくいです。",
        "التعليمات صعبة الفهم جدا",
        "Οι οδηγίες είναι πολύ δύσκολες.",
        "הוראות ההפעלה קשות מאוד להבנה",
        "설명서가 이해하기 어렵습니다.",
        "Taşlar birbirine çok benziyor, ayırt edemedik.",
        "Mwongozo ni mgumu kuelewa kabisa.",
    ]
    found = await read(company, texts)

    assert found.excerpts >= 6
    assert "de" not in found.languages


async def test_the_same_answer_from_everybody_lies_in_one_place(company):
    found = await read(company, ["Die Anleitung ist schwer zu verstehen."] * 40)

    assert (found.excerpts, found.wordings) == (40, 1)
    assert found.themes <= 1
    assert found.placed in (0, 40)


async def test_a_campaign_beside_real_answers_does_not_swallow_them(company):
    campaign = [f"Der Halt Oberwiesen muss bleiben! (Nr. {number})" for number in range(300)]
    found = await read(company, [*campaign, *COLOURS, *DELIVERY])
    copies = await ENGINE.pool.fetch(
        """select count(*) as n, count(distinct coalesce(p.theme, e.company)) as places
           from excerpt e left join placement p on p.excerpt = e.id group by e.wording having count(*) > 100"""
    )

    assert [row["places"] for row in copies] == [1]
    assert found.themes >= 2


async def test_nothing_but_spam(company):
    found = await read(company, SPAM * 3)

    assert found.wordings <= len(SPAM) + 4
    assert found.themes <= 3


async def test_the_hostile_answers(company, shared):
    """What PostgreSQL cannot hold (NUL) never gets as far as here: the form refuses it."""
    lines = (shared / "corpora/hostile-answers.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"][:5000] for line in lines]
    found = await read(company, [text for text in texts if text.strip() and "\0" not in text])

    assert found.excerpts >= 10
