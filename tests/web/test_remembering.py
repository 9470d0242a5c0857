"""A public page is rendered once a change; the same page comes from memory and from the handler."""

import time

import pytest

from hearback.database.engine import transaction
from hearback.web.live import LIVE, tell
from hearback.web.remembering import MOST_THINGS, PAGES_KEPT, Memory
from tests.waiting import until


@pytest.fixture
async def remembering(app, company):
    await LIVE.connected.wait()
    return company


class ClockAhead:
    @staticmethod
    def time() -> float:
        return time.time() + 40 * 24 * 3600


async def test_the_second_reader_gets_the_same_page_from_memory(fan, remembering):
    first = await fan.get("/kranich/log")
    assert PAGES_KEPT.look_up("/kranich/log") is not None
    second = await fan.get("/kranich/log")

    assert second.text == first.text
    for name in (
        "etag",
        "content-type",
        "cache-control",
        "vary",
        "content-security-policy",
        "referrer-policy",
    ):
        assert second.headers[name] == first.headers[name], name


@pytest.mark.parametrize("readers", [1, 2])
async def test_who_has_the_page_already_is_told_so_without_the_page(fan, remembering, readers):
    for _ in range(readers):
        page = await fan.get("/kranich/log")
    again = await fan.get("/kranich/log", headers={"If-None-Match": page.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == page.headers["etag"]


async def test_the_head_of_a_kept_page_has_no_body(fan, remembering):
    page = await fan.get("/kranich/log")
    head = await fan.head("/kranich/log")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == page.headers["etag"]


async def test_languages_are_kept_apart_and_made_up_parameters_fill_no_memory(fan, remembering):
    german, english = await fan.get("/kranich/log"), await fan.get("/kranich/log?lang=en")
    before = len(PAGES_KEPT)
    made_up = await fan.get("/kranich/log?utm_source=x&n=1")

    assert german.text != english.text
    assert made_up.text == german.text
    assert len(PAGES_KEPT) == before


async def test_news_of_the_company_drops_its_pages_and_no_others(fan, remembering):
    await fan.get("/kranich/log")
    async with transaction():
        await tell(remembering.id, "public")

    async def gone() -> bool:
        return PAGES_KEPT.look_up("/kranich/log") is None

    await until(gone)


async def test_new_numbers_drop_a_page_that_has_stood_for_a_moment(fan, remembering, monkeypatch):
    monkeypatch.setattr("hearback.web.remembering.NUMBERS_STAND_S", 0)
    await fan.get("/kranich/log")
    async with transaction():
        await tell(remembering.id, "numbers")

    async def gone() -> bool:
        return PAGES_KEPT.look_up("/kranich/log") is None

    await until(gone)


async def test_a_page_that_was_made_by_a_clock_that_ran_ahead_is_made_anew(remembering, monkeypatch):
    memory: Memory[int] = Memory()

    async def make() -> tuple[int, str, None]:
        return 1, "a", None

    with monkeypatch.context() as ahead:
        ahead.setattr("hearback.web.remembering.time", ClockAhead)
        await memory.get_or_make("page", make)
        assert memory.look_up("page") is not None

    assert memory.look_up("page") is None


async def test_however_many_answers_come_in_a_page_is_made_once_a_moment(fan, remembering, monkeypatch):
    monkeypatch.setattr("hearback.web.remembering.NUMBERS_STAND_S", 3600)
    await fan.get("/kranich/log")
    for _ in range(3):
        PAGES_KEPT.forget(str(remembering.id), "numbers")

    assert PAGES_KEPT.look_up("/kranich/log") is not None


async def test_numbers_that_come_while_a_page_is_made_are_not_forgotten(remembering, monkeypatch):
    memory: Memory[int] = Memory(numbers=True)

    async def make() -> tuple[int, str, None]:
        memory.forget("a", "numbers")
        return 1, "a", None

    await memory.get_or_make("page", make)
    assert memory.look_up("page") is not None
    monkeypatch.setattr("hearback.web.remembering.NUMBERS_STAND_S", 0)
    assert memory.look_up("page") is None


async def test_new_numbers_leave_what_shows_none(remembering, monkeypatch):
    monkeypatch.setattr("hearback.web.remembering.NUMBERS_STAND_S", 0)
    memory: Memory[int] = Memory()

    async def make() -> tuple[int, str, None]:
        return 1, "a", None

    await memory.get_or_make("page", make)
    memory.forget("a", "numbers")
    assert memory.look_up("page") is not None


async def test_when_news_may_have_been_missed_everything_is_dropped(fan, remembering):
    await fan.get("/kranich/log")
    PAGES_KEPT.forget(None, "")
    assert PAGES_KEPT.look_up("/kranich/log") is None


async def test_what_was_kept_ends_with_the_app_and_the_next_begins_with_nothing(fan, remembering):
    await fan.get("/kranich/log")
    await LIVE.stop()
    assert PAGES_KEPT.look_up("/kranich/log") is None

    await fan.get("/kranich/log")
    assert PAGES_KEPT.look_up("/kranich/log") is None, "kept although nobody listens for news"


async def test_a_post_to_a_kept_address_never_gets_the_page(fan, remembering):
    await fan.get("/kranich/log")
    assert (await fan.post("/kranich/log")).status_code == 405


async def test_memory_holds_so_much_and_no_more(remembering):
    memory: Memory[int] = Memory()

    for number in range(MOST_THINGS + 50):

        async def make(number: int = number) -> tuple[int, str, None]:
            return number, "a", None

        await memory.get_or_make(str(number), make)

    assert len(memory) == MOST_THINGS
    assert memory.look_up("0") is None
    assert memory.look_up(str(MOST_THINGS + 49)) is not None
