"""What real readings propose of real sentences: a theme of two topics is parted, two of one topic are brought together,
a refusal holds while most of it is the same, and what a page shows keeps its id."""

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.themes import commands, jobs
from hearback.themes.commands.proposing import Decision, decide
from hearback.themes.forms import DecisionForm
from hearback.themes.queries import proposing
from hearback.themes.rules import ProposalKind
from tests import made
from tests.made import NOW
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

TODAY = made.today()


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def jule(kranich):
    return await made.a_member(kranich, "product")


@pytest.fixture
async def question(kranich, jule):
    return await made.a_question(kranich, by=jule)


@pytest.fixture
async def topics(kranich, question):
    """The excerpts of three topics, read once, in the order of their sentences, so that each run halves them alike."""
    responses = {
        topic: [await made.an_answer(kranich, question, words) for words in sentences]
        for topic, sentences in (("colours", COLOURS), ("delivery", DELIVERY), ("manual", MANUAL))
    }
    await jobs.sort(str(kranich.id))
    return {
        topic: await fetch_column(
            "select id from excerpt where response = any($1) order by array_position($1, response), starts",
            [one.id for one in of],
        )
        for topic, of in responses.items()
    }


async def put(member, excerpts, theme):
    """A person put them there."""
    await execute(
        """insert into placement (id, company, excerpt, theme, by, member)
           select gen_random_uuid(), company, id, $2, 'person', $3 from excerpt where id = any($1)
           on conflict (company, excerpt) do update set theme = $2, by = 'person', member = $3""",
        excerpts,
        theme.id,
        member.id,
    )


async def learn(company):
    await commands.learn(company.id, cause="taught", now=NOW)


async def standing(company, kind):
    return [one for one in await proposing.standing(company.id, most=50) if one.kind == kind]


async def refuse(company, member, one):
    decision = Decision(one.id, False, DecisionForm(seen=one.seen))
    await decide(company.id, [decision], by=member.id, now=NOW, today=TODAY)


async def test_every_suggestion_is_proposed_with_its_most_telling_quotes(kranich, topics):
    new = await standing(kranich, ProposalKind.NEW)

    suggested = await fetch_column("select distinct theme from placement")
    assert {one.theme.id for one in new} == set(suggested)
    for one in new:
        lie = await fetch_column("select excerpt from placement where theme = $1", one.theme.id)
        assert set(one.excerpts) == set(lie) and set(one.evidence.quotes) <= set(lie)
        assert 1 <= len(one.evidence.quotes) <= 3
    assert set(await proposing.waiting(kranich.id)) == {ProposalKind.NEW}, "nobody has named anything yet"


async def test_what_is_no_theme_is_not_suggested_again_though_more_comes_in(kranich, question, jule, topics):
    [one, *_] = await standing(kranich, ProposalKind.NEW)
    refused = set(one.excerpts)

    await refuse(kranich, jule, one)
    await made.an_answer(kranich, question, "Das Paket kam auch zu spät.")
    await jobs.sort(str(kranich.id))
    await learn(kranich)

    for other in await standing(kranich, ProposalKind.NEW):
        again = set(other.excerpts)
        assert 2 * len(refused & again) <= len(refused | again)
    assert await fetch_value("select count(*) from placement where theme = $1", one.theme.id) == 0
    assert await fetch_value("select count(*) from placement where excerpt = any($1)", list(refused)) == 0


async def test_a_theme_of_two_topics_is_parted_and_a_no_is_remembered(kranich, jule, topics):
    mixed = await made.a_theme(kranich, "Allerlei", named_by=jule.id)
    await put(jule, topics["colours"] + topics["delivery"], mixed)
    await learn(kranich)

    [split] = await standing(kranich, ProposalKind.SPLIT)

    sides = [set(topics["colours"]), set(topics["delivery"])]
    right = max(len(side & set(split.excerpts)) for side in sides)
    assert split.theme.id == mixed.id and right >= 0.9 * len(split.excerpts) and right >= 9
    assert split.evidence.likeness < 0.15
    both = (split.evidence.says, split.evidence.others_say)
    assert all(of.keys() == {"de", "en"} and all(of.values()) for of in both)
    assert not set(split.evidence.quotes) & set(split.evidence.others)

    await refuse(kranich, jule, split)
    await learn(kranich)
    assert await standing(kranich, ProposalKind.SPLIT) == []


async def test_a_theme_of_one_topic_is_left_whole(kranich, jule, topics):
    for topic, excerpts in topics.items():
        await put(jule, excerpts, await made.a_theme(kranich, topic.title(), named_by=jule.id))

    await learn(kranich)

    assert await standing(kranich, ProposalKind.SPLIT) == []
    assert await standing(kranich, ProposalKind.MERGE) == []


async def test_two_themes_of_one_topic_are_brought_together_the_smaller_into_the_larger(
    kranich, jule, topics
):
    one = await made.a_theme(kranich, "Lieferzeit", named_by=jule.id)
    other = await made.a_theme(kranich, "Wartezeit", named_by=jule.id)
    await put(jule, topics["delivery"][:5], one)
    await put(jule, topics["delivery"][5:], other)
    await learn(kranich)

    [merge] = await standing(kranich, ProposalKind.MERGE)

    assert (merge.theme.id, merge.other.id) == (one.id, other.id)
    assert merge.evidence.likeness >= 0.8 and merge.evidence.quotes and merge.evidence.others
    await refuse(kranich, jule, merge)
    await learn(kranich)
    assert await standing(kranich, ProposalKind.MERGE) == []


async def test_what_a_reading_repeats_keeps_its_id(kranich, jule, topics):
    before = {(one.kind, one.theme.id): one.id for one in await proposing.standing(kranich.id, most=50)}

    await learn(kranich)

    after = {(one.kind, one.theme.id): one.id for one in await proposing.standing(kranich.id, most=50)}
    assert before and before == after


async def test_unsure_ones_are_asked_about_but_never_what_people_put_there(kranich, jule, topics):
    """Three names for nearly the same: no reading can be sure."""
    for name in ("Versand", "Lieferung", "Paket"):
        await made.a_theme(kranich, name, named_by=jule.id)
    await learn(kranich)

    joins = await standing(kranich, ProposalKind.JOIN)

    assert joins
    for join in joins:
        sure = await fetch_column(
            "select confidence from placement where excerpt = any($1) and theme = $2 and by = 'machine'",
            join.excerpts,
            join.theme.id,
        )
        assert all(0.5 <= one < 0.8 for one in sure) and len(sure) == len(join.excerpts) <= 8
        assert join.evidence.right == pytest.approx(sum(sure), abs=0.01)
    [join, *_] = joins
    await put(jule, join.excerpts, join.theme)
    await learn(kranich)
    asked = [one for other in await standing(kranich, ProposalKind.JOIN) for one in other.excerpts]
    assert not set(join.excerpts) & set(asked)
