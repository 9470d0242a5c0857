"""What the last reading changed for a theme: written down with the run, and told on its page, only on the desk."""

import pytest

from hearback.database.engine import execute
from hearback.themes import commands
from hearback.themes.commands import learning
from hearback.themes.planning import Place, Plan, Suggestion
from hearback.themes.queries import life
from hearback.themes.tables import GroupingRun
from tests import made
from tests.made import NOW


@pytest.fixture
async def question(company):
    return await made.a_question(company)


@pytest.fixture
async def stones(company):
    return await made.a_theme(company, "Steine")


@pytest.fixture
async def pictures(company):
    return await made.a_theme(company, "Bilder")


@pytest.fixture
async def said(company, question, stones):
    """Four excerpts among the stones; the last one is unsorted."""
    excerpts = [
        await made.placed(company, await made.an_answer(company, question, f"Stein {n} ist grau."), stones)
        for n in range(4)
    ]
    await execute("delete from placement where excerpt = $1", excerpts[3].id)
    return excerpts


def reads(monkeypatch, places, leaves=(), suggested=()):
    """The next reading comes to this."""
    plan = Plan(places, list(leaves), dict(suggested), {}, [], len(places), 2)
    monkeypatch.setattr(learning, "_planned", lambda *_: plan)


async def test_each_theme_is_told_how_many_came_and_left(monkeypatch, desk, company, said, stones, pictures):
    places = [Place(said[0].id, pictures.id, 0.8), Place(said[3].id, stones.id, 0.7)]
    reads(monkeypatch, places, leaves=[said[1].id])

    await commands.learn(company.id, cause="taught", now=NOW)

    assert await life.changed_last(company.id, stones.id) == life.Changed(came=1, left=2)
    assert await life.changed_last(company.id, pictures.id) == life.Changed(came=1, left=0)
    page = (await desk.get(f"/themes/{stones.id}")).text
    assert "Mit der letzten Einordnung: 1 dazugekommen, 2 gegangen." in page
    assert "kam eine Aussage dazu" in (await desk.get(f"/themes/{pictures.id}")).text


async def test_what_a_person_placed_meanwhile_neither_comes_nor_leaves(
    monkeypatch, company, said, stones, pictures
):
    who = await made.a_member(company)
    await execute("update placement set by = 'person', member = $2 where excerpt = $1", said[0].id, who.id)
    reads(monkeypatch, [Place(said[0].id, pictures.id, 0.8)], leaves=[said[0].id])

    await commands.learn(company.id, cause="taught", now=NOW)

    assert await life.changed_last(company.id, stones.id) is None
    assert await life.changed_last(company.id, pictures.id) is None


async def test_a_theme_that_is_new_tells_nothing_of_what_came(monkeypatch, company, said, stones):
    new = made.new_id()
    suggested = {new: Suggestion(["grau"], "")}
    reads(monkeypatch, [Place(one.id, new, 0.8) for one in said], suggested=suggested)

    await commands.learn(company.id, cause="grown", now=NOW)

    assert await life.changed_last(company.id, new) is None
    assert await life.changed_last(company.id, stones.id) == life.Changed(came=0, left=3)


async def test_a_reading_from_before_this_was_written_down_tells_nothing(desk, company, said, stones):
    run = {"excerpts": 4, "placed": 3, "themes": 1, "method": "m", "took_ms": 1, "at": NOW}
    await GroupingRun.insert(GroupingRun(company=company.id, figures='{"came": 3, "left": 0}', **run))

    assert await life.changed_last(company.id, stones.id) is None
    assert "letzten Einordnung" not in (await desk.get(f"/themes/{stones.id}")).text


async def test_neither_the_public_nor_another_company_hears_of_it(
    monkeypatch, fan, company, said, stones, pictures
):
    reads(monkeypatch, [Place(said[0].id, pictures.id, 0.8)])
    await commands.learn(company.id, cause="taught", now=NOW)
    kranich = await made.a_company("anderswo")

    assert await life.changed_last(kranich.id, pictures.id) is None
    assert "Einordnung" not in (await fan.get(f"/{company.slug}")).text
