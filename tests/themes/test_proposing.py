"""What people say to proposals: a yes is the act, a no is remembered, nothing is half done, all has a way back."""

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.refusals import Refused
from hearback.themes import commands
from hearback.themes.commands.learning import put_places
from hearback.themes.commands.proposing import Decision, NotDecided, decide
from hearback.themes.forms import DecisionForm, MoveForm, NameForm
from hearback.themes.planning import Place
from hearback.themes.queries import life, proposing, sorting, triage
from hearback.themes.tables import Placement, Proposal
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
async def question(kranich, jule):
    return await made.a_question(kranich, by=jule)


@pytest.fixture
async def stones(kranich):
    return await made.a_theme(kranich, "Steine")


@pytest.fixture
async def waits(kranich):
    return await made.a_theme(kranich, "Wartezeit")


@pytest.fixture
async def guess(kranich):
    return await made.a_theme(kranich, "", state="suggested", terms=["Paket", "Post"])


async def said(kranich, question, theme, n):
    return [
        await made.placed(kranich, await made.an_answer(kranich, question, f"Nummer {k} fehlt."), theme)
        for k in range(n)
    ]


async def proposed(kranich, kind, theme, excerpts, other=None):
    row = Proposal(
        company=kranich.id,
        kind=kind,
        theme=theme.id,
        other=other.id if other else None,
        excerpts=[one.id for one in excerpts],
        worth=1.0,
    )
    await row.save()
    return (await proposing.one(kranich.id, row.id)).id


async def say(kranich, member, *proposals, yes, **form):
    """As the page that is open now would send it."""
    decisions = []
    for proposal in proposals:
        seen = (await proposing.one(kranich.id, proposal)).seen
        decisions.append(Decision(proposal, yes, DecisionForm(seen=seen, **form)))
    await decide(kranich.id, decisions, by=member.id, now=NOW, today=TODAY)


async def lie():
    rows = await Placement.select(Placement.excerpt, Placement.theme)
    return {row["excerpt"]: row["theme"] for row in rows}


async def by_people():
    return set(await fetch_column("select excerpt from placement where by = 'person'"))


async def states():
    return await fetch_column("select state from proposal order by id")


async def undo_last(kranich, member):
    event = await life.undoable(kranich.id, member.id, since=NOW)
    return await commands.undo(kranich.id, event.id, by=member.id, now=NOW)


def dotted(excerpts):
    return ".".join(str(one.id) for one in excerpts)


async def test_yes_to_a_new_theme_names_it(kranich, jule, question, guess):
    excerpts = await said(kranich, question, guess, 3)
    proposal = await proposed(kranich, "new", guess, excerpts)

    await say(kranich, jule, proposal, yes=True, name="Lieferung", definition="Wie lange es dauert.")

    named = await life.theme(kranich.id, guess.id)
    assert (named.name, named.definition, named.named) == ("Lieferung", "Wie lange es dauert.", True)
    assert await states() == ["accepted"] and await proposing.waiting(kranich.id) == {}
    await undo_last(kranich, jule)
    assert not (await life.theme(kranich.id, guess.id)).named
    assert await proposing.waiting(kranich.id) == {"new": 1}


async def test_no_to_a_new_theme_takes_it_off_the_list_for_good_and_back(kranich, jule, question, guess):
    excerpts = await said(kranich, question, guess, 3)
    proposal = await proposed(kranich, "new", guess, excerpts)

    await say(kranich, jule, proposal, yes=False)

    assert await lie() == {} and await triage.rows(kranich.id) == []
    places = [Place(one.id, guess.id, 0.9) for one in excerpts]
    await put_places(kranich.id, places, on=TODAY, anew=True)
    assert await lie() == {}, "a reading that began before places nothing there"
    assert await sorting.ties(kranich.id) == []
    [no] = await proposing.refused(kranich.id)
    assert no.excerpts == {one.id for one in excerpts}
    assert await fetch_value("select did from audit where subject = $1", str(guess.id)) == "theme.no-theme"

    await undo_last(kranich, jule)

    assert await lie() == {one.id: guess.id for one in excerpts} and await by_people() == set()
    assert await states() == ["open"] and await proposing.refused(kranich.id) == []


async def test_what_people_put_into_a_suggestion_is_not_swept_away(kranich, jule, question, guess):
    excerpts = await said(kranich, question, guess, 2)
    proposal = await proposed(kranich, "new", guess, excerpts)
    await commands.move(kranich.id, excerpts[0].id, MoveForm(str(guess.id)), by=jule.id, now=NOW, today=TODAY)
    before = await lie()

    with pytest.raises(NotDecided) as no:
        await say(kranich, jule, proposal, yes=False)

    assert no.value.reason == "proposals.in-use"
    assert await lie() == before and await states() == ["open"]


async def test_yes_to_a_join_fixes_what_is_ticked_and_remembers_the_rest(
    kranich, jule, question, waits, stones
):
    here, there = await said(kranich, question, waits, 2), await said(kranich, question, stones, 1)
    proposal = await proposed(kranich, "join", waits, [*here, *there])
    ticked = [here[0].id, there[0].id]

    await say(kranich, jule, proposal, yes=True, shown=dotted([*here, *there]), excerpt=ticked)

    assert await lie() == dict.fromkeys(ticked, waits.id) and await by_people() == set(ticked)
    assert sorted(await states()) == ["accepted", "refused"]
    await put_places(kranich.id, [Place(here[1].id, waits.id, 0.9)], on=TODAY, anew=True)
    assert set(await lie()) == set(ticked), "what does not belong there is not put there again"

    await undo_last(kranich, jule)
    assert (await lie())[here[1].id] == waits.id
    await undo_last(kranich, jule)
    assert await by_people() == set() and (await lie())[there[0].id] == stones.id
    assert set(await states()) == {"open"}


async def test_no_to_a_join_is_remembered_for_each_excerpt(kranich, jule, question, waits):
    excerpts = await said(kranich, question, waits, 3)
    proposal = await proposed(kranich, "join", waits, excerpts)

    await say(kranich, jule, proposal, yes=False, shown=dotted(excerpts))

    assert await lie() == {}
    assert {(one.excerpt, one.theme) for one in await sorting.refused(kranich.id)} == {
        (one.id, waits.id) for one in excerpts
    }
    await undo_last(kranich, jule)
    assert await sorting.refused(kranich.id) == [] and len(await lie()) == 3


async def test_a_join_without_ticks_or_with_what_somebody_placed_is_not_made(
    kranich, jule, question, waits, stones
):
    excerpts = await said(kranich, question, waits, 2)
    proposal = await proposed(kranich, "join", waits, excerpts)
    with pytest.raises(NotDecided) as nothing:
        await say(kranich, jule, proposal, yes=True, shown=dotted(excerpts))
    assert nothing.value.reason == "proposals.nothing-ticked"
    await commands.move(
        kranich.id, excerpts[0].id, MoveForm(str(stones.id)), by=jule.id, now=NOW, today=TODAY
    )
    before = await lie()

    ticked = [one.id for one in excerpts]
    with pytest.raises(NotDecided) as moved:
        await say(kranich, jule, proposal, yes=True, shown=dotted(excerpts), excerpt=ticked)

    assert moved.value.reason == "proposals.moved" and await lie() == before


async def test_yes_to_a_split_parts_the_theme_and_no_is_remembered(kranich, jule, question, waits):
    excerpts = await said(kranich, question, waits, 5)
    proposal = await proposed(kranich, "split", waits, excerpts[:2])

    await say(kranich, jule, proposal, yes=True, name="Abholung", shown=dotted(excerpts[:2]))

    new = await fetch_value("select id from theme where name = 'Abholung'")
    assert await lie() == {one.id: new if one in excerpts[:2] else waits.id for one in excerpts}
    await undo_last(kranich, jule)
    assert set((await lie()).values()) == {waits.id} and await states() == ["open"]

    await say(kranich, jule, proposal, yes=False)
    assert set((await lie()).values()) == {waits.id} and await states() == ["refused"]
    await undo_last(kranich, jule)
    assert await states() == ["open"]


async def test_what_left_the_theme_meanwhile_is_not_split_off(kranich, jule, question, waits, stones):
    excerpts = await said(kranich, question, waits, 5)
    proposal = await proposed(kranich, "split", waits, excerpts[:2])
    await execute("update placement set theme = $2 where excerpt = $1", excerpts[0].id, stones.id)

    with pytest.raises(NotDecided) as gone:
        await say(kranich, jule, proposal, yes=True, name="Abholung", shown=dotted(excerpts[:2]))

    assert gone.value.reason == "themes.split-gone"
    assert await fetch_value("select count(*) from theme where name = 'Abholung'") == 0
    assert await states() == ["open"]


async def test_yes_to_a_merge_merges_and_no_is_told_to_both(kranich, jule, question, waits, guess):
    excerpts = await said(kranich, question, guess, 2)
    proposal = await proposed(kranich, "merge", guess, excerpts, other=waits)

    await say(kranich, jule, proposal, yes=False)
    told = "select theme from theme_event where deed = 'dismissed' and not details ? 'undoes'"
    assert set(await fetch_column(told)) == {guess.id, waits.id}
    await undo_last(kranich, jule)
    assert await states() == ["open"]

    await say(kranich, jule, proposal, yes=True)
    assert (await life.theme(kranich.id, guess.id)).heir == waits.id
    await undo_last(kranich, jule)
    assert (await life.theme(kranich.id, guess.id)).heir == guess.id and await states() == ["open"]


async def test_several_go_together_or_none(kranich, jule, question, waits, guess):
    fine = await proposed(kranich, "new", guess, await said(kranich, question, guess, 2))
    stale = await proposed(kranich, "split", waits, await said(kranich, question, waits, 2))
    seen = (await proposing.one(kranich.id, stale)).seen
    await commands.name_theme(kranich.id, waits.id, NameForm("Geduld"), by=jule.id, now=NOW)
    called = DecisionForm(seen=(await proposing.one(kranich.id, fine)).seen, name="Lieferung")

    decisions = [Decision(fine, True, called), Decision(stale, True, DecisionForm(seen=seen))]
    with pytest.raises(NotDecided) as no:
        await decide(kranich.id, decisions, by=jule.id, now=NOW, today=TODAY)

    assert (no.value.reason, no.value.proposal) == ("proposals.renamed", stale)
    assert not (await life.theme(kranich.id, guess.id)).named and set(await states()) == {"open"}


async def test_what_was_merged_decided_or_is_gone_is_told(kranich, jule, question, waits, stones, guess):
    excerpts = await said(kranich, question, waits, 6)
    split = await proposed(kranich, "split", waits, excerpts[:2])
    await say(kranich, jule, split, yes=False)
    with pytest.raises(NotDecided) as decided:
        await say(kranich, jule, split, yes=True, name="Abholung")
    assert (decided.value.reason, decided.value.values) == ("proposals.decided", {"who": "Jule Brandt"})

    join = await proposed(kranich, "join", waits, excerpts[:2])
    await commands.merge(kranich.id, waits.id, stones.id, by=jule.id, now=NOW)
    with pytest.raises(NotDecided) as merged:
        await say(kranich, jule, join, yes=True, excerpt=[excerpts[0].id])
    assert merged.value.reason == "proposals.merged"
    assert await proposing.waiting(kranich.id) == {}

    unknown = [Decision(made.some_id(), True, DecisionForm())]
    with pytest.raises(NotDecided) as gone:
        await decide(kranich.id, unknown, by=jule.id, now=NOW, today=TODAY)
    assert gone.value.reason == "proposals.gone"


async def test_another_companys_proposal_is_none(kranich, jule, question, guess):
    proposal = await proposed(kranich, "new", guess, await said(kranich, question, guess, 2))
    reiher = await made.a_company("reiher")
    rosa = await made.a_member(reiher, "product")

    for yes in (True, False):
        decision = [Decision(proposal, yes, DecisionForm(seen="none", name="Lieferung"))]
        with pytest.raises(Refused):
            await decide(reiher.id, decision, by=rosa.id, now=NOW, today=TODAY)

    assert await states() == ["open"] and await proposing.waiting(reiher.id) == {}
