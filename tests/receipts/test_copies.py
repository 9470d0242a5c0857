"""Whoever writes what everybody could read into an answer, and takes it back, blots out nothing but their own words."""

from datetime import timedelta

import pytest

from hearback.answering.copying import note_copies_of_read
from hearback.database.engine import execute, fetch_column, fetch_value, transaction
from hearback.jobs import do_all_now, do_later
from hearback.promises.commands import make_promise
from hearback.promises.rules import PromiseKind
from hearback.receipts import commands
from hearback.themes.commands.living import write_event
from hearback.themes.rules import ThemeDeed
from tests import made

TODAY = made.today()
DAY = timedelta(days=1)
WRONG = "Wir haben Plättchen gedruckt, die sich nur in der Farbe unterscheiden."
OWN = "Mein Sohn wirft seit Ostern immer die falschen Steine in die Schachtel."
SHORT = "Karton statt Plastik"


@pytest.fixture
async def house(pool):
    return await made.a_company()


@pytest.fixture
async def question(house):
    return await made.a_question(house, opens_at=made.NOW - 9 * DAY)


@pytest.fixture
async def note(house):
    """Public since three days."""
    by, theme = await made.a_member(house), await made.a_theme(house)
    return await made.a_public_note(house, theme, by=by, at=made.NOW - 3 * DAY, wrong=WRONG, title=SHORT)


async def words_of(note) -> set[str]:
    return {
        *await fetch_column(
            """select f.words from note_field f join revision r on r.id = f.revision where r.note = $1""",
            note.id,
        )
    }


async def take_back(house, response) -> None:
    await commands.erase(house.id, response.id, now=made.NOW, today=TODAY)


@pytest.mark.parametrize("words", [WRONG, SHORT, f"{OWN} {WRONG}", WRONG.upper()])
async def test_a_note_older_than_the_answer_stays_as_it_is(house, question, note, words):
    before = await words_of(note)

    await take_back(house, await made.an_answer(house, question, words))

    assert await words_of(note) == before
    assert await fetch_value("select count(*) from ledger_leaf where kind = 'note.field-erased'") == 0


async def test_so_do_questions_rules_themes_and_promises(house, question):
    by, old = await made.a_member(house), made.NOW - 3 * DAY
    theme = await made.a_theme(house, SHORT)
    async with transaction():
        await write_event(house.id, theme.id, ThemeDeed.NAMED, by=by.id, now=old, name=SHORT)
        given = {"language": "de", "by": by.id, "now": old}
        await make_promise(house.id, PromiseKind.REPAIR, WRONG, TODAY, **given)
    await execute(
        "insert into house_rule (id, company, number, de, en) values ($1, $2, 1, $3, 'x')",
        made.some_id(),
        house.id,
        WRONG,
    )
    for words in (question.title, question.why, question.what_happens, "Erzähl, wie es war", WRONG, SHORT):
        await take_back(house, await made.an_answer(house, question, words))

    for text in (
        "select title || why || what_happens from question",
        "select words from prompt",
        "select name from theme",
        "select words from promise",
        "select de from house_rule",
    ):
        assert "[…]" not in await fetch_value(text), text


@pytest.mark.parametrize("read", [True, False])
async def test_a_note_of_the_same_day_stays_where_it_was_there_first(house, question, read):
    by, theme = await made.a_member(house), await made.a_theme(house)
    note = await made.a_public_note(house, theme, by=by, wrong=WRONG)
    before = await words_of(note)
    copied = await made.an_answer(house, question, f"{WRONG} {OWN}")
    async with transaction():
        await do_later("themes.read", company_id=house.id, response_id=copied.id)
    if read:
        await do_all_now()

    later = await made.a_public_note(house, theme, by=by, at=made.NOW + timedelta(hours=1), wrong=OWN)
    await take_back(house, copied)

    assert await words_of(note) == before
    assert OWN not in await words_of(later), "what they said themselves goes"
    assert await fetch_value("select count(*) from answer_copy") == 0


async def test_a_note_of_the_same_day_goes_where_the_answer_was_there_first(house, question):
    by, theme = await made.a_member(house), await made.a_theme(house)
    mine = await made.an_answer(house, question, OWN)
    await note_copies_of_read(house.id, mine.id, now=made.NOW)
    note = await made.a_public_note(house, theme, by=by, at=made.NOW + timedelta(minutes=1), said=OWN)
    await note_copies_of_read(house.id, mine.id, now=made.NOW + timedelta(minutes=2))
    assert await fetch_value("select count(*) from answer_copy") == 1, "only where it was never cut before"
    await execute("delete from answer_copy")
    await made.placed(house, mine, theme)
    await note_copies_of_read(house.id, mine.id, now=made.NOW + timedelta(minutes=2))
    assert await fetch_value("select count(*) from answer_copy") == 0, "read again, it has not come again"

    await take_back(house, mine)

    assert OWN not in await words_of(note)


async def test_what_was_taken_out_of_a_note_by_its_own_fan_goes_although_others_repeat_it(house, question):
    by, theme = await made.a_member(house), await made.a_theme(house)
    mine = await made.an_answer(house, question, OWN, day=TODAY - 8 * DAY)
    note = await made.a_public_note(house, theme, by=by, at=made.NOW - 3 * DAY, said=OWN)
    await take_back(house, await made.an_answer(house, question, OWN))
    assert OWN in await words_of(note)

    await take_back(house, mine)

    assert OWN not in await words_of(note)


async def test_an_answer_that_is_corrected_into_a_public_text_is_no_older_for_that(house, question, note):
    before = await words_of(note)
    response = await made.an_answer(house, question, OWN, day=TODAY - 8 * DAY)
    await execute("update answer set words = $1", WRONG)
    await execute(
        """insert into words_before (id, company, response, prompt, salt, hash, "on")
           select $1, $2, response, prompt, 's', 'h', $3 from answer""",
        made.some_id(),
        house.id,
        TODAY,
    )

    await take_back(house, response)

    assert await words_of(note) == before


async def test_another_companys_public_words_protect_nothing_here(house, question):
    other = await made.a_company("elbe")
    by, theirs = await made.a_member(other), await made.a_theme(other)
    await made.a_public_note(other, theirs, by=by, at=made.NOW - 9 * DAY, wrong=OWN)
    mine = await made.an_answer(house, question, OWN, day=TODAY - 2 * DAY)
    theme = await made.a_theme(house)
    note = await made.a_public_note(house, theme, by=await made.a_member(house), said=OWN)

    await take_back(house, mine)

    assert OWN not in await words_of(note)
