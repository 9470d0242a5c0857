"""Searching all answers: by words in whatever spelling, by filters, and never beyond one's own company."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from hearback.database import engine
from hearback.database.engine import execute
from hearback.themes.finding import Span, pieces
from tests import made
from tests.conftest import browser_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def found(desk, **query):
    """How many answers a search shows."""
    page = await desk.get("/search", params=query)
    assert page.status_code == 200, page.text
    return page.text.count('class="plainlink" href="/desk/kranich/inbox/')


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Strasse", "Auf der Straße liegt alles."),
        ("Straße", "Auf der Strasse liegt alles."),
        ("Muell", "Überall Müll."),
        ("MÜLL", "Ueberall muell hier."),
        ("groesste", "Das war der größte Frust."),
        ("Anleitungen", "Die Anleitung ist zu kurz."),
        ("Anleit", "Die Anleitung ist zu kurz."),
        ("suchen", "Ich habe lange gesucht und suche noch."),
        ("instructions", "The instruction was unclear."),
        ("unclear colours", "The colours of the stones are unclear."),
        ("„rote Steine“", "Wir haben rote Steine gesehen."),
        ("Zug & !Verspätung | <->", "Der Zug hatte Verspätung."),
    ],
)
async def test_words_are_found_whatever_their_ending_or_umlaut(desk, company, question, typed, said):
    await made.an_answer(company, question, said)
    await made.an_answer(company, question, "Etwas ganz anderes.")

    assert await found(desk, q=typed) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Anlietung", "Die Anleitung ist zu kurz."),
        ("Anleitung", "Die Anlietung ist zu kurz."),
        ("Verspaetnug", "Der Zug hatte Verspätung."),
        ("instrutions", "The instructions were unclear."),
        ("Kerzenlcht", "Bei Kerzenlicht sieht man nichts."),
    ],
)
async def test_a_slip_is_forgiven_and_said_where_nothing_stands_exactly_so(
    desk, company, question, typed, said
):
    await made.an_answer(company, question, said)

    page = (await desk.get("/search", params={"q": typed})).text

    assert "Genau so steht es nirgends. Eine Antwort, in der es ähnlich geschrieben ist." in page
    assert "<mark>" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("説明書", "カードは良いが、説明書がとても分かりにくい。"),
        ("カード 説明書", "カードは良いが、説明書がとても分かりにくい。"),
        ("规则", "我觉得规则太复杂了。"),
        ("คู่มือ", "ผมคิดว่าคู่มืออ่านยาก"),
        ("Karten 説明書", "Die Karten sind gut, 新しい説明書は長い。"),
    ],
)
async def test_a_word_of_a_script_without_spaces_is_found_inside_a_sentence(
    desk, company, question, typed, said
):
    await made.an_answer(company, question, said)
    await made.an_answer(company, question, "カードは良いが、時間が長い。")
    reiher = await made.a_company("reiher")
    await made.an_answer(reiher, await made.a_question(reiher), said)

    page = (await desk.get("/search", params={"q": typed})).text

    assert await found(desk, q=typed) == 1
    assert "<mark>" in page and "Eine Antwort gefunden." in page


async def test_what_no_answer_says_in_a_script_without_spaces_is_not_found(desk, company, question):
    await made.an_answer(company, question, "カードは良いが、時間が長い。")

    assert await found(desk, q="説明書") == 0
    assert await found(desk, q="カード 説明書") == 0


async def test_where_words_stand_exactly_slips_are_only_shown_when_asked_for(desk, company, question):
    await made.an_answer(company, question, "Die Anleitung ist zu kurz.")
    await made.an_answer(company, question, "Die Anlietung fehlt.")

    assert await found(desk, q="Anleitung") == 1
    assert await found(desk, q="Anleitung", near="1") == 2
    assert "Auch ähnlich Geschriebenes" in (await desk.get("/search?q=Anleitung")).text


async def test_words_in_quotes_must_follow_each_other(desk, company, question):
    await made.an_answer(company, question, "Die Steine sind rot, die Karten nicht.")

    assert await found(desk, q='"Steine sind rot"') == 1
    assert await found(desk, q='"rot sind Steine"') == 0
    assert await found(desk, q="rot Steine") == 1


async def test_hits_are_marked_and_what_is_masked_stays_masked(desk, company, question):
    await made.an_answer(company, question, "Die <b>Steine</b> & der Stein: jule@example.com <steine>")

    page = (await desk.get("/search?q=stein")).text

    assert "&lt;b&gt;<mark>Steine</mark>&lt;/b&gt; &amp; der <mark>Stein</mark>" in page
    assert "jule@" not in page


async def test_filters_narrow_the_search_and_each_can_be_taken_away(desk, company, question):
    other = await made.a_question(company, title="Und die Karten?")
    theme = await made.a_theme(company, "Gleiche Farben")
    in_theme = await made.an_answer(company, question, "Rote Steine.", language="de", day=date(2026, 11, 3))
    await made.placed(company, in_theme, theme)
    await made.an_answer(company, other, "Rote Karten.", channel="file", language="en")
    await made.an_answer(company, question, "Rote Werbung.", state="set_aside", reason="Werbung")

    assert await found(desk, q="rote") == 2
    assert await found(desk) == 2
    assert await found(desk, q="rote", state="all") == 3
    assert await found(desk, state="set_aside") == 1
    for narrow in (
        {"question": str(question.id)},
        {"lies": str(theme.id)},
        {"channel": "web"},
        {"language": "de"},
        {"first": "2026-11-03", "last": "2026-11-03"},
    ):
        assert await found(desk, q="rote", **narrow) == 1, narrow
        assert await found(desk, **narrow) == 1, narrow
    page = (await desk.get(f"/search?q=rote&question={question.id}&lies={theme.id}&last=2026-11-03")).text
    assert "liegt in: Gleiche Farben" in page and "bis 3.\xa0November" in page
    assert f'href="/desk/kranich/search?q=rote&amp;question={question.id}&amp;last=2026-11-03"' in page


async def test_what_is_unsorted_or_nowhere_can_be_asked_for(desk, company, question):
    theme = await made.a_theme(company)
    await made.placed(company, await made.an_answer(company, question, "Rote Steine."), theme)
    loose = await made.placed(company, await made.an_answer(company, question, "Rote Karten."), theme)
    nowhere = await made.placed(company, await made.an_answer(company, question, "Rote Grütze."), theme)
    await execute("delete from placement where excerpt = $1", loose.id)
    await execute(
        "update placement set theme = null, by = 'person', member = $2 where excerpt = $1",
        nowhere.id,
        desk.member.id,
    )

    assert "Karten." in (await desk.get("/search?lies=unsorted")).text
    assert await found(desk, lies="unsorted") == await found(desk, lies="nowhere") == 1
    assert "Grütze." in (await desk.get("/search?lies=nowhere&q=rote")).text


async def test_older_pages_follow_by_what_was_shown_last(desk, company, question):
    for number in range(25):
        await made.an_answer(
            company, question, f"Stein {number}.", day=date(2026, 11, 1) + timedelta(days=number % 4)
        )

    first = (await desk.get("/search?q=stein")).text
    older = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', first)[1].replace("&amp;", "&")
    second = (await desk.get(f"/search{older}")).text

    ids = [
        re.findall(r'class="plainlink" href="/desk/kranich/inbox/([^"]+)"', page) for page in (first, second)
    ]
    assert [len(of) for of in ids] == [20, 5]
    assert len({*ids[0], *ids[1]}) == 25
    assert "25 Antworten gefunden." in first


async def test_another_companys_words_are_never_found(app, desk, company, question):
    others = await made.a_company("reiher")
    theirs = await made.an_answer(others, await made.a_question(others), "Geheime Steine.")
    theme = await made.a_theme(others)

    assert await found(desk, q="Geheime") == 0
    assert await found(desk, q=f"={others.id}") == 0
    assert (await desk.get(f"/search?question={theirs.question}")).status_code == 404
    assert (await desk.get(f"/search?lies={theme.id}")).status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        "'", "''", '"', "\\", "a\\'b", "&", "|", "!", "<->", "foo:*", ":*", "(", "a & | b", "'a' <-> 'b'", "$1", "%",
        "😀", "_", "²", "ﬁ", "İ", "ẞ", "e\u0301", "\u202e", "-", "--", ";drop table answer", "ａ", "的", "ß" * 60,
        "=x", "~stra", "x" * 200, '"a" "b" "c d"', "“", "a" * 60 + " " + "b" * 60, "1.5e3", "http://a.b/c?d", "a@b.c",
    ],
)  # fmt: skip
async def test_hostile_words_find_something_or_nothing_but_never_break(desk, company, question, hostile):
    await made.an_answer(company, question, f"Stein {hostile} und mehr.")

    for near in ({}, {"near": "1"}):
        page = await desk.get("/search", params={"q": hostile, **near})
        assert page.status_code == 200, hostile


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 10_000,
        "q=a%00b",
        "q=%ff%fe",
        "q=a&q=b",
        "question=gibt-es-nicht",
        "lies=quatsch",
        "state=quatsch",
        "first=gestern",
        "last=2026-02-31",
        "channel=x",
        "language=deutsch",
        "near=2",
        "who=me",
    ],
)
async def test_a_search_that_does_not_fit_is_refused_in_words(desk, query):
    page = await desk.get(f"/search?{query}")

    assert page.status_code == 422
    assert "text/html" in page.headers["content-type"]


async def test_a_page_that_nobody_linked_to_is_the_first_one(desk, company, question):
    await made.an_answer(company, question, "Rote Steine.")

    for after in ("quatsch", "2026-11-01", "2026-11-01.quatsch", "."):
        assert await found(desk, after=after) == 1


async def test_only_the_results_come_into_an_open_page_and_their_number_is_said(desk, company, question):
    await made.an_answer(company, question, "Rote Steine.")

    part = (await desk.get("/search?q=steine", headers=HTMX)).text

    assert "<html" not in part and 'name="q"' not in part
    assert '<strong id="count" data-say>Eine Antwort gefunden.</strong>' in part


async def test_filler_words_alone_are_told_from_nothing_found(desk, company, question):
    await made.an_answer(company, question, "Was in so an am will.")

    assert "nur Füllwörter" in (await desk.get("/search?q=in+so")).text
    for signs in ("👍", "!!!", '""'):
        assert "nur Füllwörter" in (await desk.get(f"/search?q={signs}")).text


async def test_the_inbox_and_the_themes_have_a_field_that_leads_here(desk):
    for page in ("/inbox", "/themes", "/search"):
        text = (await desk.get(page)).text
        assert 'role="search" method="get" action="/desk/kranich/search"' in text, page


async def test_readers_may_search(app, company, question):
    await made.an_answer(company, question, "Rote Steine.")
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        assert await found(reader, q="Steine") == 1


@pytest.mark.parametrize(
    "path", ["/search", "/search?q=stein", "/search?q=stien", "/themes", "/themes/unsorted"]
)
async def test_no_page_asks_the_database_once_a_row(desk, company, question, monkeypatch, path):
    asked = []
    where = engine._where
    monkeypatch.setattr(engine, "_where", lambda: asked.append(1) or where())

    async def with_more(answers):
        for number in range(answers):
            theme = await made.a_theme(company, f"Thema {uuid4().hex}")
            answer = await made.an_answer(company, question, f"Stein {number} liegt da.")
            excerpt = await made.placed(company, answer, theme)
            if number % 2:
                await execute("delete from placement where excerpt = $1", excerpt.id)
        await desk.get(path)  # what is only asked once a process
        asked.clear()
        assert (await desk.get(path)).status_code == 200
        return len(asked)

    few = await with_more(4)
    many = await with_more(14)

    assert 0 < many <= few


async def test_a_number_stays_hidden_where_a_point_ends_within_it(desk, company, question):
    """Points from before the machine took care of that, or whose context is another point."""
    said = "Ruft an unter 0171. 2345678 geht auch. Mein Name ist Dorvik."
    response = await made.an_answer(company, question, said)
    await points(company, response, said, [said.index("2345678"), said.index("Dorvik")])

    page = (await desk.get("/search", params={"q": "geht"})).text

    assert "0171" not in page and "2345678" not in page and "Dorvik" not in page
    assert page.count("[Telefon") >= 2 and "<mark>geht</mark>" in page


def test_an_and_between_two_points_is_not_shown_as_words_of_its_own():
    said = "Rot ist schön und Grün ist matt, sagt mein Vater immer."
    points = [Span(uuid4(), 0, 13), Span(uuid4(), 18, 31)]

    shown = [said[one.starts : one.ends] for one in pieces(said, points)]

    assert shown == ["Rot ist schön", "Grün ist matt", ", sagt mein Vater immer."]


async def points(company, response, said, cuts):
    """The answer in points that begin at these characters."""
    ends = [*cuts, len(said)]
    for start, end in zip([0, *cuts], ends, strict=True):
        await execute(
            """insert into excerpt (id, company, question, response, answer, starts, ends)
               select gen_random_uuid(), a.company, $2, a.response, a.id, $3, $4 from answer a where a.response = $1""",
            response.id,
            response.question,
            start,
            end - (end < len(said)),
        )
