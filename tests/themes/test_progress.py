"""How far the worker is stands on the desk while it reads many answers; it is said at the start and at the end."""

import re
import time

import pytest

from hearback.jobs import do_all_now
from hearback.themes import jobs, progress
from hearback.themes.commands import sorting, turns
from hearback.themes.progress import HEARD, MANY, OVER, READING, SORTING, Progress, tell_over, tell_progress
from hearback.web.live import LIVE
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL
from tests.waiting import until

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
async def listening(app):
    await LIVE.connected.wait()


@pytest.fixture
def heard(monkeypatch):
    """All that was told of progress, in its order."""
    said: list[str] = []
    hear = LIVE._hear

    def also_here(payload):
        what = payload.partition(" ")[2]
        if what.split(" ")[0] in (READING, SORTING, OVER):
            said.append(what)
        hear(payload)

    monkeypatch.setattr(LIVE, "_hear", also_here)
    return said


async def known(company, expected):
    async def so():
        return HEARD.of(company.id) == expected

    await until(so)


def refresh(page):
    """The address by which the list asks for itself again."""
    return re.search(r'id="theme-list"[^>]* hx-get="/desk/kranich([^"]*)"', page.text)[1].replace(
        "&amp;", "&"
    )


async def test_a_bar_with_counts_is_said_when_it_begins_and_when_it_is_over_and_not_in_between(desk, company):
    quiet = await desk.get("/themes")
    assert "<progress" not in quiet.text

    await tell_progress(company.id, READING, 250, 3000)
    await known(company, Progress(READING, 250, 3000))
    begun = await desk.get(refresh(quiet), headers=HTMX)
    assert '<progress aria-labelledby="progress-said" value="250" max="3000">' in begun.text
    assert re.search(r"data-say>250 von 3\.000 Antworten gelesen<", begun.text)

    await tell_progress(company.id, READING, 500, 3000)
    await known(company, Progress(READING, 500, 3000))
    further = await desk.get(refresh(begun), headers=HTMX)
    assert "500 von 3.000 Antworten gelesen" in further.text
    assert "data-say" not in further.text

    await tell_over(company.id, 3000)
    await known(company, None)
    over = await desk.get(refresh(further), headers=HTMX)
    assert "<progress" not in over.text
    assert "data-say>Die neuen Antworten sind gelesen.<" in over.text
    assert "data-say" not in (await desk.get(refresh(over), headers=HTMX)).text


async def test_who_opens_the_page_meanwhile_sees_it_and_is_not_interrupted(desk, company):
    await tell_progress(company.id, SORTING, 0, 12000)
    await known(company, Progress(SORTING, 0, 12000))

    page = await desk.get("/themes")

    assert "12.000 Aussagen werden neu eingeordnet." in page.text
    assert '<progress aria-labelledby="progress-said">' in page.text
    assert "data-say>12.000" not in page.text


async def test_another_company_sees_nothing_of_it(desk, company):
    other = await made.a_company("reiher")
    await tell_progress(other.id, READING, 250, 3000)
    await known(other, Progress(READING, 250, 3000))

    assert HEARD.of(company.id) is None
    assert "<progress" not in (await desk.get("/themes")).text


async def test_what_a_dead_worker_said_last_does_not_stand_for_ever(company, monkeypatch):
    await tell_progress(company.id, READING, 250, 3000)
    await known(company, Progress(READING, 250, 3000))

    later = time.monotonic() + 61
    monkeypatch.setattr(progress.time, "monotonic", lambda: later)

    assert HEARD.of(company.id) is None


async def test_the_worker_tells_every_batch_and_the_end(company, heard, monkeypatch):
    question = await made.a_question(company)
    for words in [*COLOURS, *DELIVERY, *MANUAL]:
        await made.an_answer(company, question, words)
    n = len([*COLOURS, *DELIVERY, *MANUAL])
    monkeypatch.setattr(progress, "MANY", 10)
    monkeypatch.setattr(sorting, "ANSWERS_AT_ONCE", 20)
    monkeypatch.setattr(turns, "LARGE", 10)
    monkeypatch.setattr("hearback.themes.commands.learning.LARGE", 10)

    await jobs.sort(str(company.id))
    await do_all_now()

    async def ended():
        return heard.count(OVER) == 2

    await until(ended)
    reading = [f"{READING} {start} {n}" for start in range(0, n, 20)]
    assert heard[: len(reading) + 1] == [*reading, OVER]
    assert re.fullmatch(rf"{SORTING} 0 \d+", heard[len(reading) + 1])
    assert HEARD.of(company.id) is None


async def test_a_few_answers_are_read_without_a_word(company, heard):
    question = await made.a_question(company)
    for words in COLOURS[:5]:
        await made.an_answer(company, question, words)

    await jobs.sort(str(company.id))
    await tell_progress(company.id, READING, 0, MANY)
    await known(company, Progress(READING, 0, MANY))

    assert heard == [f"{READING} 0 {MANY}"]
