"""Some excerpts leave for a theme of their own: with a past, and undone while nobody has built on it."""

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.forms import MoveForm, NameForm, SplitForm
from hearback.themes.queries import acts, life, triage
from hearback.themes.tables import Placement, Theme
from tests import made
from tests.made import NOW

TODAY = made.today()


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def jule(kranich):
    return await made.a_member(kranich, "product", name="Jule Brandt")


@pytest.fixture
async def stones(kranich):
    return await made.a_theme(kranich, "Steine")


@pytest.fixture
async def excerpts(kranich, stones):
    """Three that the machine placed."""
    question = await made.a_question(kranich)
    return [
        await made.placed(kranich, await made.an_answer(kranich, question, words), stones)
        for words in ("Rot ist wie Grün.", "Grün ist wie Rot.", "Die Steine sind zu klein.")
    ]


async def split(company, theme, excerpts, member, name="Gleiche Farben", definition="Nur die Farbe."):
    form = SplitForm(name, definition, [excerpt.id for excerpt in excerpts])
    return await commands.split_off(company.id, theme.id, form, by=member.id, now=NOW, today=TODAY)


async def undo_last(company, member):
    event = await life.undoable(company.id, member.id, since=NOW)
    assert event is not None
    return await commands.undo(company.id, event.id, by=member.id, now=NOW)


async def lies():
    return {
        row["excerpt"]: (row["theme"], row["by"], row["confidence"])
        for row in await Placement.select(
            Placement.excerpt, Placement.theme, Placement.by, Placement.confidence
        )
    }


async def test_what_was_chosen_gets_a_theme_of_its_own_and_both_remember(kranich, jule, stones, excerpts):
    new = await split(kranich, stones, excerpts[:2], jule)

    theme = await life.theme(kranich.id, new)
    assert (theme.name, theme.definition, theme.named_by) == (
        "Gleiche Farben",
        "Nur die Farbe.",
        "Jule Brandt",
    )
    found = await lies()
    assert [found[excerpt.id][:2] for excerpt in excerpts] == [
        (new, "person"),
        (new, "person"),
        (stones.id, "machine"),
    ]
    (here,) = await acts.history(kranich.id, new)
    (there,) = await acts.history(kranich.id, stones.id)
    assert (here.deed, here.whence, here.name) == ("split", "Steine", "Gleiche Farben")
    assert (there.deed, there.where, there.n, there.of) == ("split", "Gleiche Farben", 2, True)
    assert await fetch_column("select did from audit") == ["theme.split"]


async def test_undone_everything_lies_as_it_lay_and_the_old_theme_speaks_for_the_new(
    kranich, jule, stones, excerpts
):
    before = await lies()
    new = await split(kranich, stones, excerpts[:2], jule)

    assert await undo_last(kranich, jule) == stones.id

    assert await lies() == before
    assert (await life.theme(kranich.id, new)).heir == stones.id
    assert [row.id for row in await triage.rows(kranich.id)] == [stones.id]
    assert await triage.merged(kranich.id, stones.id) == []
    assert await life.undoable(kranich.id, jule.id, since=NOW) is None
    assert await split(kranich, stones, excerpts[:1], jule) != new


async def test_a_name_is_asked_for_and_something_to_stay(kranich, jule, stones, excerpts):
    await made.a_theme(kranich, "Bilder")
    for chosen, name, reason in (
        ([], "Gleiche Farben", "themes.split-nothing"),
        (excerpts, "Gleiche Farben", "themes.split-everything"),
        (excerpts[:1], "bilder", "themes.name-taken"),
    ):
        with pytest.raises(Refused) as refused:
            await split(kranich, stones, chosen, jule, name)
        assert refused.value.reason == reason
    assert await Theme.count() == 2
    assert await fetch_value("select count(*) from theme_event") == 0


async def test_what_lies_elsewhere_by_now_stops_the_split(kranich, jule, stones, excerpts):
    tarek = await made.a_member(kranich)
    await commands.move(kranich.id, excerpts[0].id, MoveForm("nowhere"), by=tarek.id, now=NOW, today=TODAY)

    with pytest.raises(Refused) as refused:
        await split(kranich, stones, excerpts[:2], jule)

    assert refused.value.reason == "themes.split-gone"
    assert (await lies())[excerpts[1].id][:2] == (stones.id, "machine")


async def test_no_company_splits_anothers_theme_or_takes_its_excerpts(kranich, jule, stones, excerpts):
    reiher = await made.a_company("reiher")
    rosa = await made.a_member(reiher)
    theirs = await made.a_theme(reiher, "Reiher")
    question = await made.a_question(reiher)
    await made.placed(reiher, await made.an_answer(reiher, question), theirs)

    with pytest.raises(NotFound):
        await split(reiher, stones, excerpts[:1], rosa)
    with pytest.raises(Refused) as refused:
        await split(reiher, theirs, excerpts[:1], rosa)

    assert refused.value.reason == "themes.split-gone"
    assert {theme for theme, *_ in (await lies()).values()} == {stones.id, theirs.id}


async def test_it_is_too_late_to_undo_once_somebody_else_has_built_on_it(kranich, jule, stones, excerpts):
    tarek = await made.a_member(kranich)
    new = await split(kranich, stones, excerpts[:2], jule)
    await commands.name_theme(kranich.id, new, NameForm("Rot und Grün"), by=tarek.id, now=NOW)

    with pytest.raises(Refused) as refused:
        await undo_last(kranich, jule)

    assert refused.value.reason == "themes.undo-stood-upon"
    assert (refused.value.later.deed, refused.value.later.theme, refused.value.later.who) == (
        "renamed",
        new,
        tarek.name,
    )
    assert (await life.theme(kranich.id, new)).name == "Rot und Grün"


async def test_whoever_may_sort_takes_back_the_split_of_another_and_signs_for_it(
    kranich, jule, stones, excerpts
):
    tarek, stranger = await made.a_member(kranich), await made.a_member(await made.a_company("reiher"))
    new = await split(kranich, stones, excerpts[:1], jule)
    event = await fetch_value("select id from theme_event where not details ? 'of'")

    with pytest.raises(NotFound):
        await commands.undo((await made.a_company("star")).id, event, by=stranger.id, now=NOW)
    assert await commands.undo(kranich.id, event, by=tarek.id, now=NOW) == stones.id

    told = next(one for one in await acts.history(kranich.id, new) if not one.undoes)
    assert (told.who, told.undone_by, told.act) == (jule.name, tarek.name, None)


async def test_an_answer_that_was_withdrawn_meanwhile_does_not_stop_the_undoing(
    kranich, jule, stones, excerpts
):
    new = await split(kranich, stones, excerpts[:2], jule)
    await execute("delete from excerpt where id = $1", excerpts[0].id)

    await undo_last(kranich, jule)

    assert (await lies())[excerpts[1].id][0] == stones.id
    assert (await life.theme(kranich.id, new)).heir == stones.id
