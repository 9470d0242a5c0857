"""Guessing opens nothing, makes only the guesser wait, and time tells nobody what is real."""

from hearback.bench.guessing import _area, _elsewhere, a_code, guess, told_by_time
from tests import made


async def test_guesses_open_nothing_and_only_their_network_waits(app):
    company = await made.a_company()
    code = a_code()
    await made.an_answer(company, await made.a_question(company), code=code)

    found = await guess(app, "kranich", code, tries=100)

    assert (found.hits, found.waits, found.opened) == (
        0,
        40,
        True,
    )  # fifty from one network, ten of them free


async def test_time_does_not_tell_a_real_code_of_elsewhere(app):
    await made.a_company()

    assert 0.38 < await told_by_time(app, "kranich", await _elsewhere(150)) < 0.62


def test_the_measure_finds_what_can_be_told():
    assert _area([(1.0, False), (2.0, False), (3.0, True)]) == 1.0
    assert _area([(1.0, True), (2.0, False)]) == 0.0
