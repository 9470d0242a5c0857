"""Whoever sees it otherwise is counted where the note is read: on its own page and in every list of the log."""

import pytest

from hearback.changenotes import queries
from hearback.database.engine import execute, fetch_column
from hearback.notifying.tables import CheckBack
from tests import made

SAME = "Eine Person sagt Wochen später: Für mich hat sich nichts geändert."


async def said_later(house, slug, *verdicts) -> list:
    """By as many people; gives their answers."""
    note_id = await house.note(slug)
    people = await fetch_column("select id from response order by id limit $1", len(verdicts))
    for response, verdict in zip(people, verdicts, strict=True):
        said = {"note": note_id, "response": response, "verdict": verdict, "on": made.today()}
        await CheckBack.insert(CheckBack(company=house.company.id, **said))
    return people


async def listed(house) -> queries.LogEntry:
    page = await queries.log_page(house.company, now=made.NOW)
    return queries.ENTRY.decode(page.entries[0])


async def test_for_whom_nothing_changed_is_counted_on_the_note_and_in_the_lists(fan, open_house):
    slug = await open_house.published()
    await said_later(open_house, slug, "same", "better")

    for path in (f"/log/{slug}", "/log", "", "/search?kind=changed"):
        assert SAME in (await fan.get(f"/kranich{path}")).text, path
    assert "nothing has changed for me" in (await fan.get("/kranich/log?lang=en")).text


async def test_a_list_counts_who_contests_of_all_who_said_how_it_is(house):
    slug = await house.published()
    same, *_ = await said_later(house, slug, "same", "worse", "better", "not_mine")
    assert [(await listed(house)).contested, (await listed(house)).said_later] == [2, 4]

    await execute("update response set state = 'withdrawn' where id = $1", same)
    assert [(await listed(house)).contested, (await listed(house)).said_later] == [1, 3]


async def test_a_note_that_nobody_contests_says_nothing_of_it(fan, open_house):
    await said_later(open_house, await open_house.published(), "better")

    assert "Wochen später" not in (await fan.get("/kranich/log")).text


@pytest.mark.parametrize(
    ("answers", "shown"),
    [(0, None), (1, "Einige haben darauf geantwortet."), (5, "5 Menschen haben darauf geantwortet.")],
)
async def test_a_note_says_how_many_answered_it_as_far_as_the_public_may_count(
    fan, open_house, answers, shown
):
    slug = await open_house.published()
    note_id = await open_house.note(slug)
    assert open_house.company.fewest_voices == 5
    responses = await fetch_column("select id from response order by id limit $1", answers)
    await execute("update response set note = $1 where id = any($2)", note_id, responses)

    page = (await fan.get(f"/kranich/log/{slug}")).text
    assert ("darauf geantwortet" in page) == (shown is not None)
    assert shown is None or shown in page


async def test_what_does_not_count_did_not_answer_a_note(house):
    slug = await house.published()
    note_id = await house.note(slug)
    await execute("update response set note = $1, state = 'withdrawn'", note_id)

    entry = await queries.entry(house.company.id, slug, fewest_voices=1)
    assert (entry.answered, entry.answered_by_few) == (0, False)
