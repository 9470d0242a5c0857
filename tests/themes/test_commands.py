"""What people decide about themes: it stands, it is written down, it can be taken back, and never across companies."""

import pytest

from hearback.database.engine import fetch_column, fetch_value
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.forms import MoveForm, NameForm, WeightForm
from hearback.themes.queries import life
from hearback.themes.tables import Placement, Theme
from tests import made
from tests.made import NOW

TODAY = made.today()


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def jule(kranich):
    return await made.a_member(kranich, "product")


@pytest.fixture
async def stones(kranich):
    return await made.a_theme(kranich, "", state="suggested", terms=["Steine", "Farben"])


@pytest.fixture
async def pictures(kranich):
    return await made.a_theme(kranich, "Bilder auf Seite 9")


@pytest.fixture
async def excerpt(kranich, stones):
    response = await made.an_answer(kranich, await made.a_question(kranich))
    return await made.placed(kranich, response, stones)


async def where(excerpt):
    """The theme it lies in and who put it there; None when unsorted."""
    placement = await Placement.objects().where(Placement.excerpt == excerpt.id).first()
    return placement and (placement.theme, placement.by)


async def move(company, excerpt, to, member, name=""):
    return await commands.move(
        company.id, excerpt.id, MoveForm(str(to), name), by=member.id, now=NOW, today=TODAY
    )


async def undo_last(company, member):
    event = await life.undoable(company.id, member.id, since=NOW)
    assert event is not None
    return await commands.undo(company.id, event.id, by=member.id, now=NOW)


async def heirs():
    return {row["name"]: row["heir"] for row in await Theme.select(Theme.name, Theme.heir)}


async def test_a_suggestion_becomes_a_theme_when_a_person_names_it(kranich, jule, stones):
    await commands.name_theme(kranich.id, stones.id, NameForm("Gleiche Farben"), by=jule.id, now=NOW)

    named = await life.theme(kranich.id, stones.id)
    assert (named.called, named.named, named.named_by) == ("Gleiche Farben", True, jule.name)
    assert await fetch_column("select deed from theme_event") == ["named"]
    assert await fetch_column("select did from audit") == ["theme.named"]


async def test_a_new_definition_does_not_change_who_named_it(kranich, jule, stones):
    tarek = await made.a_member(kranich)
    await commands.name_theme(kranich.id, stones.id, NameForm("Gleiche Farben"), by=jule.id, now=NOW)
    defined = NameForm("Gleiche Farben", "Steine, die man nicht unterscheiden kann")
    await commands.name_theme(kranich.id, stones.id, defined, by=tarek.id, now=NOW)
    await commands.name_theme(kranich.id, stones.id, defined, by=tarek.id, now=NOW)

    assert (await life.theme(kranich.id, stones.id)).named_by == jule.name
    assert await fetch_column("select deed from theme_event order by id") == ["named", "defined"]


async def test_two_themes_do_not_share_a_name(kranich, jule, stones, pictures):
    with pytest.raises(Refused) as refused:
        await commands.name_theme(kranich.id, stones.id, NameForm("bilder auf seite 9"), by=jule.id, now=NOW)

    assert refused.value.reason == "themes.name-taken"
    assert not (await life.theme(kranich.id, stones.id)).named


async def test_what_a_person_moves_lies_there_for_good_and_can_be_taken_back(
    kranich, jule, stones, pictures, excerpt
):
    await move(kranich, excerpt, pictures.id, jule)
    assert await where(excerpt) == (pictures.id, "person")

    assert await undo_last(kranich, jule) == stones.id

    assert await where(excerpt) == (stones.id, "machine")
    assert await life.undoable(kranich.id, jule.id, since=NOW) is None
    assert await fetch_column("select did from audit order by id") == ["theme.moved", "theme.move-undone"]


async def test_moves_are_taken_back_one_after_the_other(kranich, jule, stones, pictures, excerpt):
    await move(kranich, excerpt, pictures.id, jule)
    await move(kranich, excerpt, "nowhere", jule)
    assert await where(excerpt) == (None, "person")

    await undo_last(kranich, jule)
    assert await where(excerpt) == (pictures.id, "person")
    await undo_last(kranich, jule)
    assert await where(excerpt) == (stones.id, "machine")


async def test_an_unsorted_excerpt_may_belong_nowhere_and_be_unsorted_again(kranich, jule, excerpt):
    await Placement.delete(force=True)
    await move(kranich, excerpt, "nowhere", jule)
    assert await where(excerpt) == (None, "person")

    await undo_last(kranich, jule)

    assert await where(excerpt) is None


async def test_moving_to_a_new_theme_makes_it_with_its_name(kranich, jule, excerpt):
    theme = await move(kranich, excerpt, "new", jule, "Kerzenlicht")

    assert await where(excerpt) == (theme, "person")
    assert (await life.theme(kranich.id, theme)).named_by == jule.name


@pytest.mark.parametrize("name", ["", "ab", "Bilder auf Seite 9"])
async def test_a_new_theme_needs_a_name_of_its_own(kranich, jule, stones, pictures, excerpt, name):
    with pytest.raises(Refused) as refused:
        await move(kranich, excerpt, "new", jule, name)

    assert refused.value.field == "name"
    assert await where(excerpt) == (stones.id, "machine")
    assert await Theme.count() == 2


async def test_a_move_is_not_taken_back_over_somebody_else_s_decision(
    kranich, jule, stones, pictures, excerpt
):
    tarek = await made.a_member(kranich)
    await move(kranich, excerpt, pictures.id, jule)
    event = await life.undoable(kranich.id, jule.id, since=NOW)
    await move(kranich, excerpt, "nowhere", tarek)

    with pytest.raises(Refused) as refused:
        await commands.undo(kranich.id, event.id, by=jule.id, now=NOW)

    assert (refused.value.reason, refused.value.later.who) == ("themes.undo-stood-upon", tarek.name)
    assert await where(excerpt) == (None, "person")


async def test_a_merge_links_and_deletes_nothing_and_comes_apart_again(
    kranich, jule, stones, pictures, excerpt
):
    await commands.merge(kranich.id, stones.id, pictures.id, by=jule.id, now=NOW)

    assert (await life.theme(kranich.id, stones.id)).heir == pictures.id
    assert await where(excerpt) == (stones.id, "machine")
    assert await undo_last(kranich, jule) == stones.id
    assert (await life.theme(kranich.id, stones.id)).heir == stones.id
    assert await life.undoable(kranich.id, jule.id, since=NOW) is None


async def test_merges_over_several_steps_come_apart_where_they_are_parted(kranich, jule, pictures):
    a, b = await made.a_theme(kranich, "A"), await made.a_theme(kranich, "B")
    await commands.merge(kranich.id, a.id, b.id, by=jule.id, now=NOW)
    await commands.merge(kranich.id, b.id, pictures.id, by=jule.id, now=NOW)
    assert set((await heirs()).values()) == {pictures.id}

    await commands.unmerge(kranich.id, b.id, by=jule.id, now=NOW)
    assert await heirs() == {"A": b.id, "B": b.id, pictures.name: pictures.id}

    await commands.unmerge(kranich.id, a.id, by=jule.id, now=NOW)
    await commands.unmerge(kranich.id, a.id, by=jule.id, now=NOW)
    assert await heirs() == {"A": a.id, "B": b.id, pictures.name: pictures.id}


async def test_a_theme_is_not_merged_with_itself_nor_twice_nor_into_a_suggestion(
    kranich, jule, stones, pictures
):
    for gone, into, reason in (
        (pictures, pictures, "themes.merge-with-itself"),
        (pictures, stones, "themes.merge-into-suggestion"),
    ):
        with pytest.raises(Refused) as refused:
            await commands.merge(kranich.id, gone.id, into.id, by=jule.id, now=NOW)
        assert refused.value.reason == reason
    await commands.merge(kranich.id, stones.id, pictures.id, by=jule.id, now=NOW)
    for act in (
        commands.merge(kranich.id, stones.id, pictures.id, by=jule.id, now=NOW),
        commands.name_theme(kranich.id, stones.id, NameForm("Neuer Name"), by=jule.id, now=NOW),
        commands.weigh(kranich.id, stones.id, WeightForm("schließt Menschen aus"), by=jule.id, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            await act
        assert refused.value.reason == "themes.is-merged"
    with pytest.raises(Refused):
        await commands.merge(kranich.id, pictures.id, stones.id, by=jule.id, now=NOW)


async def test_weight_has_a_public_reason_and_can_be_taken_away(kranich, jule, stones):
    reason = "Es schließt Menschen vom Mitspielen aus."
    await commands.weigh(kranich.id, stones.id, WeightForm(reason), by=jule.id, now=NOW)
    assert (await life.theme(kranich.id, stones.id)).weight_reason == reason

    await commands.unweigh(kranich.id, stones.id, by=jule.id, now=NOW)
    await commands.unweigh(kranich.id, stones.id, by=jule.id, now=NOW)

    assert (await life.theme(kranich.id, stones.id)).weighted_by is None
    assert await fetch_column("select did from audit order by id") == ["theme.weighted", "theme.unweighted"]


async def test_another_company_s_themes_and_excerpts_are_missing_ones(
    kranich, jule, stones, pictures, excerpt
):
    reiher = await made.a_company("reiher")
    stranger, theirs = await made.a_member(reiher), await made.a_theme(reiher, "Schnabel")
    they = {"by": stranger.id, "now": NOW}
    before = await fetch_value("select count(*) from theme_event")

    for act in (
        commands.name_theme(reiher.id, stones.id, NameForm("Unseres"), **they),
        commands.weigh(reiher.id, stones.id, WeightForm("weil wir es wollen"), **they),
        commands.unweigh(reiher.id, stones.id, **they),
        commands.merge(reiher.id, stones.id, theirs.id, **they),
        commands.merge(reiher.id, theirs.id, stones.id, **they),
        commands.unmerge(reiher.id, stones.id, **they),
        commands.move(reiher.id, excerpt.id, MoveForm(str(theirs.id)), today=TODAY, **they),
        commands.move(kranich.id, excerpt.id, MoveForm(str(theirs.id)), by=jule.id, now=NOW, today=TODAY),
    ):
        with pytest.raises(NotFound):
            await act
    assert await fetch_value("select count(*) from theme_event") == before
    assert await where(excerpt) == (stones.id, "machine")


async def test_what_does_not_count_cannot_be_moved(kranich, jule, pictures, stones):
    response = await made.an_answer(kranich, await made.a_question(kranich), state="withdrawn")
    excerpt = await made.placed(kranich, response, stones)

    with pytest.raises(NotFound):
        await move(kranich, excerpt, pictures.id, jule)
