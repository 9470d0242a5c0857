"""What others said, too: after answering and never before, names and counts only, and the fan's own word holds."""

import re

import pytest

from hearback.actions.tables import Action, ActionTheme
from hearback.answering.tables import Response
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.themes.commands.learning import put_places
from hearback.themes.commands.moving import move
from hearback.themes.forms import MoveForm
from hearback.themes.planning import Place
from hearback.themes.queries import life
from hearback.themes.queries.sorting import known
from hearback.themes.tables import CloseTheme, Excerpt
from tests import made
from tests.counting import queries_asked
from tests.made import NOW

CODE = "7K4QM0000000000000000000AB"
WORDS = "Meine Tochter sieht Rot und Grün schlecht."
OF_ANOTHER = "Mir wird schwindlig von den Karten."
HTMX = {"HX-Request": "true"}


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="moorlichter")


@pytest.fixture
async def response(company, question):
    return await made.an_answer(company, question, WORDS, code=CODE)


@pytest.fixture
async def excerpt(company, response):
    return await an_excerpt(company, response)


@pytest.fixture
async def stones(company, question):
    return await a_public_theme(company, question)


async def an_excerpt(company, response):
    """Read by the worker, and not sorted yet."""
    placed = await made.placed(company, response, await made.a_theme(company, state="suggested", name=""))
    await execute("delete from placement where excerpt = $1", placed.id)
    return placed


async def a_public_theme(company, question, name="Rote und grüne Steine", voices=5):
    theme = await made.a_theme(company, name)
    for _ in range(voices):
        await made.placed(company, await made.an_answer(company, question, OF_ANOTHER), theme)
    return theme


async def is_close(company, excerpt: Excerpt, theme, nearness=0.6):
    await CloseTheme.insert(
        CloseTheme(company=company.id, excerpt=excerpt.id, theme=theme.id, nearness=nearness)
    )


async def post(fan, path="/others", **data):
    return await fan.post(f"/kranich/r{path}", data={"code": CODE} | data)


def offered(page: str) -> list[str]:
    part = page[page.index('aria-labelledby="others"') :]
    return re.findall(r'<h3 class="said">([^<]+)<', part)


async def test_close_public_themes_are_told_by_name_and_count_without_any_words(
    fan, company, response, excerpt, stones
):
    await is_close(company, excerpt, stones)

    page = (await post(fan, "")).text

    assert offered(page) == ["Rote und grüne Steine"]
    assert "5 andere sagen das auch." in page and "Noch ist nichts entschieden." in page
    assert OF_ANOTHER not in page


async def test_the_nearest_three_are_told_with_what_became_of_them(
    fan, company, question, response, excerpt, stones
):
    by = await made.a_member(company)
    maps = await a_public_theme(company, question, "Karten")
    dice = await a_public_theme(company, question, "Würfel")
    far = await a_public_theme(company, question, "Versand")
    for theme, nearness in ((stones, 0.5), (maps, 0.9), (dice, 0.7), (far, 0.3)):
        await is_close(company, excerpt, theme, nearness)
    note = await made.a_public_note(company, maps, by=by, title="Karten ohne Wirbel")
    work = Action(company=company.id, title="Neue Würfel", owner=by.id, created_by=by.id, state="in_progress")
    await work.save()
    await ActionTheme.insert(ActionTheme(company=company.id, action=work.id, theme=dice.id))

    page = (await post(fan, "")).text

    assert offered(page) == ["Karten", "Würfel", "Rote und grüne Steine"]
    assert f'href="/kranich/log/{note.slug}">Karten ohne Wirbel</a>' in page
    assert "Daran wird gerade gearbeitet." in page and "Neue Würfel" not in page


async def test_what_the_public_may_not_see_is_never_offered(fan, company, question, response, excerpt):
    hidden = await a_public_theme(company, question, "Nur vier", voices=4)
    suggested = await made.a_theme(company, "", state="suggested", terms=["stein"])
    for _ in range(6):
        await made.placed(company, await made.an_answer(company, question, OF_ANOTHER), suggested)
    other = await made.a_company("reiher")
    theirs = await a_public_theme(other, await made.a_question(other), "Federn")
    for theme in (hidden, suggested):
        await is_close(company, excerpt, theme)

    assert 'aria-labelledby="others"' not in (await post(fan, "")).text
    for theme in (hidden, suggested, theirs, await a_public_theme(company, question, "Nicht nah")):
        refused = await post(fan, do="join", theme=str(theme.id))
        assert refused.status_code == 422
    assert await fetch_column("select by from placement where excerpt = $1", excerpt.id) == []


async def test_a_small_theme_that_was_lifted_is_told_without_its_number(
    fan, company, question, response, excerpt
):
    small = await a_public_theme(company, question, "Für Blinde", voices=2)
    await execute("update theme set weight_reason = 'Es geht um Zugang.' where id = $1", small.id)
    await is_close(company, excerpt, small)

    page = (await post(fan, "")).text

    assert offered(page) == ["Für Blinde"]
    assert "Noch wenige sagen das, und es wiegt." in page and "2 andere" not in page


@pytest.mark.parametrize("state", ["held", "set_aside", "withdrawn"])
async def test_an_answer_that_does_not_count_is_not_asked(fan, company, response, excerpt, stones, state):
    await is_close(company, excerpt, stones)
    await Response.update({Response.state: state, Response.reason: "Werbung"}).where(
        Response.id == response.id
    )

    assert 'aria-labelledby="others"' not in (await post(fan, "")).text
    assert (await post(fan, do="join", theme=str(stones.id))).status_code == 422
    assert await fetch_value("select count(*) from placement where by = 'fan'") == 0


async def test_the_fans_word_holds_whatever_the_program_reads_and_can_be_taken_back(
    fan, company, response, excerpt, stones
):
    maps = await made.a_theme(company, "Karten")
    await is_close(company, excerpt, stones)

    joined = await post(fan, do="join", theme=str(stones.id))

    assert joined.status_code == 200 and "Deine Stimme zählt jetzt dort mit." in joined.text
    assert "Einsortiert von dir" in joined.text and "Zurücknehmen" in joined.text
    await put_places(company.id, [Place(excerpt.id, maps.id, 0.99)], on=response.day, anew=True)
    lies = await life.placement(company.id, excerpt.id)
    assert (lies.theme, lies.by, lies.member) == (stones.id, "fan", None)
    await execute("update excerpt set vector = $2 where id = $1", excerpt.id, bytes(2048))
    [one] = await known(company.id)
    assert one.held and not one.by_person, "a reading keeps it and does not learn from it"

    assert (await post(fan, do="leave", theme=str(stones.id))).status_code == 200
    assert await life.placement(company.id, excerpt.id) is None


async def test_a_member_sees_it_is_the_fans_and_may_put_it_elsewhere_for_good(
    fan, company, desk, response, excerpt, stones
):
    maps = await made.a_theme(company, "Karten")
    await is_close(company, excerpt, stones)
    await post(fan, do="join", theme=str(stones.id))
    assert "vom Fan selbst zugeordnet" in (await desk.get(f"/themes/{stones.id}")).text

    await move(
        company.id, excerpt.id, MoveForm(to=str(maps.id)), by=desk.member.id, now=NOW, today=response.day
    )

    assert 'aria-labelledby="others"' not in (await post(fan, "")).text
    await post(fan, do="leave", theme=str(maps.id))
    await post(fan, do="apart")
    lies = await life.placement(company.id, excerpt.id)
    assert (lies.theme, lies.by) == (maps.id, "person")


async def test_words_that_stand_for_themselves_leave_the_themes_and_stay_out_until_taken_back(
    fan, company, response, excerpt, stones
):
    maps = await made.a_theme(company, "Karten")
    await is_close(company, excerpt, stones)
    today = response.day
    await put_places(company.id, [Place(excerpt.id, stones.id, 0.6)], on=today, anew=False)

    apart = await post(fan, do="apart")

    assert "Gemerkt: Deine Worte stehen für sich." in apart.text and offered(apart.text) == []
    assert await life.placement(company.id, excerpt.id) is None
    await put_places(company.id, [Place(excerpt.id, stones.id, 0.99)], on=today, anew=True)
    assert await life.placement(company.id, excerpt.id) is None, "no reading puts it there again"
    await put_places(company.id, [Place(excerpt.id, maps.id, 0.99)], on=today, anew=True)
    assert (await life.placement(company.id, excerpt.id)).theme == maps.id, "another theme may take it"

    again = await post(fan, do="look")
    assert offered(again.text) == ["Rote und grüne Steine"]


async def test_a_second_theme_takes_another_point_of_the_same_answer(
    fan, company, question, response, excerpt, stones
):
    maps = await a_public_theme(company, question, "Karten")
    second = Excerpt(
        company=company.id,
        question=question.id,
        response=response.id,
        answer=excerpt.answer,
        starts=5,
        ends=len(WORDS),
    )
    await Excerpt.update({Excerpt.ends: 5}).where(Excerpt.id == excerpt.id)
    await Excerpt.insert(second)
    for one, theme, nearness in ((excerpt, stones, 0.9), (excerpt, maps, 0.8), (second, maps, 0.4)):
        await is_close(company, one, theme, nearness)

    await post(fan, do="join", theme=str(stones.id))
    await post(fan, do="join", theme=str(maps.id))

    assert (await life.placement(company.id, excerpt.id)).theme == stones.id
    assert (await life.placement(company.id, second.id)).theme == maps.id


async def test_nothing_of_it_stands_on_the_page_before_answering(fan, company, response, excerpt, stones):
    await is_close(company, excerpt, stones)
    assert "Rote und grüne Steine" not in (await fan.get("/kranich/ask/moorlichter")).text


async def test_without_the_code_there_is_nothing_to_see_or_to_say(fan, company, response, excerpt, stones):
    await is_close(company, excerpt, stones)
    wrong = await fan.post(
        "/kranich/r/others", data={"code": "0" * 26, "do": "join", "theme": str(stones.id)}
    )

    assert wrong.status_code == 422 and "Rote und grüne Steine" not in wrong.text
    await made.a_company("reiher")
    assert (await fan.post("/reiher/r/others", data={"code": CODE, "do": "apart"})).status_code == 422
    assert await fetch_value("select count(*) from placement where by = 'fan'") == 0
    assert await fetch_value("select count(*) from kept_apart") == 0


async def test_the_page_of_thanks_asks_for_it_only_where_it_counts_and_says_something(fan, company, question):
    page = (await fan.get("/kranich/ask/moorlichter")).text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    prompt = re.search(r'name="(p[0-9a-f]{32})"', page)[1]
    assert "data-others" not in page and "Das haben andere auch gesagt" not in page

    thanks = await fan.post(
        "/kranich/ask/moorlichter/answers", data={"key": key, prompt: WORDS, "quoting": "no"}
    )

    code = re.search(r'id="code">([0-9A-Z-]+)<', thanks.text)[1]
    assert 'action="/kranich/r/others#others"' in thanks.text and "others.js" in thanks.text
    part = (await fan.post("/kranich/r/others", data={"code": code}, headers=HTMX)).text
    assert "data-unread" in part and "<html" not in part
    trapped = await fan.post(
        "/kranich/ask/moorlichter/answers",
        data={"key": key, prompt: f"{WORDS} Kauft!", "quoting": "no", "website": "x"},
    )
    assert "data-others" not in trapped.text


async def test_it_asks_the_database_the_same_however_many_themes_there_are(
    fan, company, question, response, excerpt, stones
):
    await is_close(company, excerpt, stones)
    with queries_asked() as few:
        await post(fan, "")
    for name in ("Karten", "Würfel", "Versand"):
        await is_close(company, excerpt, await a_public_theme(company, question, name))
    with queries_asked() as many:
        await post(fan, "")
    assert len(many) == len(few)
