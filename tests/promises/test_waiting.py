"""Which questions and themes wait for a word of ours: what counts as one, and on which day it was promised."""

from datetime import timedelta

import pytest

from hearback.database.engine import execute
from hearback.promises import commands
from hearback.promises.counting import count_spoken
from hearback.promises.forms import BreakForm, NewDateForm
from hearback.promises.rules import PromiseKind
from hearback.promises.waiting import questions_waiting, theme_waiting, themes_waiting
from tests import made
from tests.promises.test_broken import NO_MORE
from tests.promises.test_moved import a_step
from tests.promises.test_promises import TODAY, WHY, promised
from tests.promises.test_silence import a_question_promised

NEVER = "update note set state = 'withdrawn' where id = $1"


def ago(days):
    return made.NOW - timedelta(days=days)


@pytest.fixture
async def house(pool):
    return await made.a_company(fewest_voices=2)


@pytest.fixture
async def by(house):
    return await made.a_member(house)


async def spoken_of(house, theme, *, days=(40, 30, 0), question=None):
    """So many days ago somebody spoke of it each."""
    question = question or await made.a_question(house)
    for back in days:
        answer = await made.an_answer(house, question, day=TODAY - timedelta(days=back))
        await made.placed(house, answer, theme)
    await count_spoken(house.id)
    return question


async def test_a_question_that_has_not_opened_yet_is_met_with_no_silence(house):
    question = await a_question_promised(house)
    await execute("update question set opens_at = $2 where id = $1", question.id, ago(-2))

    assert await questions_waiting(house.id, made.NOW) == []


@pytest.mark.parametrize("ending", ["kept", "broken"])
async def test_a_question_whose_reply_came_or_was_taken_back_waits_no_longer(house, by, ending):
    question = await a_question_promised(house)
    if ending == "kept":
        await commands.keep_replies(house.id, [question.id], by=by.id, today=TODAY)
    else:
        (reply,) = await made.promises_of(house.id, question=question.id)
        await commands.break_promise(house.id, reply.id, BreakForm(NO_MORE), by=by, now=made.NOW, today=TODAY)

    assert await questions_waiting(house.id, made.NOW) == []


async def test_a_word_that_we_took_back_is_no_word(house, by):
    question = await a_question_promised(house)
    theme = await made.a_theme(house)
    await spoken_of(house, theme)
    note = await made.a_public_note(
        house, theme, by=by, kind="holding", at=ago(5), questions=[question.id], actions=[]
    )
    await promised(house, "Wort", kind=PromiseKind.NEXT_WORD, days=2, note=note.id)
    assert [one.spoken for one in await questions_waiting(house.id, made.NOW)] == [True]
    assert [one.spoken for one in await themes_waiting(house.id, limit=9)] == [True]

    await execute(NEVER, note.id)

    (asked,) = await questions_waiting(house.id, made.NOW)
    (about,) = await themes_waiting(house.id, limit=9)
    assert (asked.spoken, asked.silence(TODAY).days, asked.due_on) == (False, 40, TODAY - timedelta(days=3))
    assert (about.spoken, about.due_on) == (False, None)


async def test_the_nearest_day_of_a_theme_is_that_of_its_note_its_reply_or_its_question(house, by):
    theme = await made.a_theme(house)
    question = await a_question_promised(house, due=30)
    await spoken_of(house, theme, question=question)
    note = await made.a_public_note(house, theme, by=by, kind="holding", at=ago(5))

    async def due():
        (waits,) = await themes_waiting(house.id, limit=9)
        return (waits.due_on - TODAY).days

    assert await due() == 30
    word = await promised(house, "Wort", kind=PromiseKind.NEXT_WORD, days=10, note=note.id)
    assert await due() == 10
    told = {"by": by, "now": made.NOW, "today": TODAY}
    await commands.set_new_date(house.id, word, NewDateForm(TODAY + timedelta(days=20), WHY), **told)
    assert await due() == 20, "the day that was moved does not hold any more"
    step = await a_step(house, theme, by, days=7)
    assert await due() == 7
    await commands.mark_kept(house.id, step, **told)
    assert await due() == 20
    early = await promised(house, "Antwort", kind=PromiseKind.REPLY, days=3, question=question.id)
    assert await due() == 3
    await commands.set_new_date(house.id, early, NewDateForm(TODAY + timedelta(days=15), WHY), **told)
    assert await due() == 15


async def test_a_day_that_we_gave_up_is_waited_for_by_nobody(house, by):
    theme = await made.a_theme(house)
    question = await a_question_promised(house, due=30)
    await spoken_of(house, theme, question=question)
    note = await made.a_public_note(
        house, theme, by=by, kind="holding", at=ago(5), questions=[question.id], actions=[]
    )
    word = await promised(house, "Wort", kind=PromiseKind.NEXT_WORD, days=10, note=note.id)
    (reply,) = [one for one in await made.promises_of(house.id, question=question.id) if one.kind == "reply"]
    told = {"by": by, "now": made.NOW, "today": TODAY}

    await commands.break_promise(house.id, word, BreakForm(NO_MORE), **told)
    (asked,), (about,) = await questions_waiting(house.id, made.NOW), await themes_waiting(house.id, limit=9)
    assert asked.due_on == about.due_on == reply.due_on
    await commands.break_promise(house.id, reply.id, BreakForm(NO_MORE), **told)
    (about,) = await themes_waiting(house.id, limit=9)
    assert about.due_on is None


async def test_a_word_to_one_question_is_none_to_another(house, by):
    question, other = await a_question_promised(house), await a_question_promised(house)
    theme = await made.a_theme(house)
    await made.a_public_note(house, theme, by=by, kind="holding", at=ago(5), questions=[other.id], actions=[])

    waits = {one.link: one.spoken for one in await questions_waiting(house.id, made.NOW)}
    assert waits == {f"ask/{question.slug}": False, f"ask/{other.slug}": True}

    await made.a_public_note(
        house, theme, by=by, kind="holding", at=ago(2), questions=[question.id], actions=[]
    )
    silent = {one.link: one.silence(TODAY).days for one in await questions_waiting(house.id, made.NOW)}
    assert silent == {f"ask/{question.slug}": 2, f"ask/{other.slug}": 5}


async def test_a_public_reply_is_a_word_on_its_theme(house, by):
    theme = await made.a_theme(house)
    await spoken_of(house, theme)

    await a_step(house, theme, by, days=7)

    (waits,) = await themes_waiting(house.id, limit=9)
    assert (waits.spoken, waits.silence(TODAY).days) == (True, 9)


async def test_themes_that_came_together_wait_as_one_and_part_again_with_what_was_said_of_each(house, by):
    red, wide = await made.a_theme(house, "Rot und Grün"), await made.a_theme(house, "Farben")
    await spoken_of(house, red, days=(40, 30, 0))
    await spoken_of(house, wide, days=(20,))
    note = await made.a_public_note(house, red, by=by, kind="holding", at=ago(5))
    await promised(house, "Wort", kind=PromiseKind.NEXT_WORD, days=10, note=note.id)
    assert [one.title for one in await themes_waiting(house.id, limit=9)] == ["Rot und Grün"]

    await execute("update theme set heir = $2, merged_into = $2 where id = $1", red.id, wide.id)
    await count_spoken(house.id)
    (one,) = await themes_waiting(house.id, limit=9)
    assert (one.title, one.spoken, one.silence(TODAY).days, one.due_on) == (
        "Farben",
        True,
        5,
        TODAY + timedelta(days=10),
    )

    await execute("update theme set heir = id, merged_into = null where id = $1", red.id)
    await count_spoken(house.id)
    assert [one.title for one in await themes_waiting(house.id, limit=9)] == ["Rot und Grün"]
    wider = await theme_waiting(house.id, wide.id)
    assert wider is not None and (wider.spoken, wider.due_on) == (False, None)


async def test_which_themes_everybody_reads_of(house):
    few, weighty, unnamed = [
        await made.a_theme(house, name) for name in ("Eine Stimme", "Wiegt schwer", "Ohne")
    ]
    for theme in (few, weighty):
        await spoken_of(house, theme, days=(9,))
    await spoken_of(house, unnamed)
    await execute("update theme set weight_reason = 'Sicherheit' where id = $1", weighty.id)
    await execute("update theme set state = 'suggested' where id = $1", unnamed.id)

    assert [one.title for one in await themes_waiting(house.id, limit=9)] == ["Wiegt schwer"]


async def test_who_only_tried_a_question_has_not_spoken(house):
    theme = await made.a_theme(house)
    question = await made.a_question(house)
    for _ in range(2):
        await made.placed(house, await made.an_answer(house, question, test=True), theme)
    await count_spoken(house.id)

    assert await theme_waiting(house.id, theme.id) is None


async def test_what_was_said_on_the_day_of_our_word_was_before_it(house, by):
    """Answers carry days and no moments; whoever speaks on the next day waits again."""
    theme = await made.a_theme(house)
    await spoken_of(house, theme, days=(9, 5))
    await made.a_public_note(house, theme, by=by, at=ago(5))
    assert await themes_waiting(house.id, limit=9) == []

    await spoken_of(house, theme, days=(4,))
    assert [one.silence(TODAY).days for one in await themes_waiting(house.id, limit=9)] == [5]
