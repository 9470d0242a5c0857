"""What means the same is found among vectors that a process holds, and forgets when anything is taken back."""

import numpy as np
import pytest

from hearback.database.engine import execute
from hearback.receipts import commands as receipts
from hearback.themes.embedding import DIMENSIONS
from hearback.themes.held_vectors import HELD, MOST_HELD
from hearback.themes.likeness import most_alike
from hearback.themes.queries import searching
from hearback.web.live import LIVE
from tests import made
from tests.waiting import until


def vector(*, near: int, by: float = 0.1) -> np.ndarray:
    found = np.zeros(DIMENSIONS, np.float32)
    found[near] = 1
    found[near + 1] = by
    return found


@pytest.fixture(autouse=True)
async def listening(app):
    """Only who hears news keeps anything."""
    await LIVE.connected.wait()


@pytest.fixture
async def question(company):
    return await made.a_question(company)


@pytest.fixture
def read(monkeypatch):
    """How many vectors each look fetched."""
    counts: list[int] = []
    fetched = searching.vectors

    async def counted(company_id, excerpt_ids):
        counts.append(len(excerpt_ids))
        return await fetched(company_id, excerpt_ids)

    monkeypatch.setattr(searching, "vectors", counted)
    return counts


async def said(company, question, words, of, **more):
    response = await made.an_answer(company, question, words, **more)
    excerpt = await made.placed(company, response, await made.a_theme(company))
    await execute("update excerpt set vector = $2 where id = $1", excerpt.id, of.tobytes())
    return excerpt


async def test_the_nearest_are_shown_and_neither_the_excerpt_itself_nor_what_means_something_else(
    desk, company, question
):
    one = await said(company, question, "Die Steine sehen gleich aus.", vector(near=3))
    await said(company, question, "Ich kann die Steine nicht unterscheiden.", vector(near=3, by=0.2))
    await said(company, question, "Das Paket kam zu spät.", vector(near=40))

    page = await desk.get(f"/search?like={one.id}")

    assert "Ich kann die Steine nicht unterscheiden." in page.text
    assert "Das Paket kam zu spät." not in page.text


async def test_a_second_look_reads_only_what_is_new_and_a_withdrawal_makes_it_forget(
    desk, company, question, read
):
    one = await said(company, question, "Die Steine sehen gleich aus.", vector(near=3))
    other = await said(company, question, "Alle Steine sind rot.", vector(near=3, by=0.3))
    for _ in range(2):
        await desk.get(f"/search?like={one.id}")
    assert read == [2]

    await said(company, question, "Rot oder grün?", vector(near=3, by=0.4))
    await desk.get(f"/search?like={one.id}")
    assert read == [2, 1]
    assert len(HELD) == 3

    await receipts.withdraw(company.id, other.response, today=made.NOW.date())

    async def forgotten() -> bool:
        return len(HELD) == 0

    await until(forgotten)


async def test_another_company_has_vectors_of_its_own(desk, company, question):
    one = await said(company, question, "Die Steine sehen gleich aus.", vector(near=3))
    other = await made.a_company("reiher")
    await said(other, await made.a_question(other), "Fremde Steine.", vector(near=3))

    page = await desk.get(f"/search?like={one.id}")

    assert "Fremde Steine." not in page.text


def test_what_all_have_in_common_does_not_make_them_alike():
    chance = np.random.default_rng(1)
    common = np.ones(DIMENSIONS, np.float32)
    others = common + chance.normal(0, 0.1, (60, DIMENSIONS)).astype(np.float32)
    others[7] = others[0] + chance.normal(0, 0.01, DIMENSIONS)

    assert most_alike(others[0].tobytes(), others, but=0) == [7]
    assert most_alike(others[0].tobytes(), np.zeros((0, DIMENSIONS), np.float32)) == []
    assert MOST_HELD * DIMENSIONS * 4 < 100_000_000  # bytes
