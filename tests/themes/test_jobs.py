"""Real sentences, the real model, the real jobs: topics become themes, and people's decisions stay."""

from collections import Counter

import pytest

from hearback.answering.tables import Answer, Response
from hearback.database.engine import execute, fetch_column, fetch_value, transaction
from hearback.jobs import CLOCKED, do_all_now, do_later
from hearback.themes import jobs
from hearback.themes.commands import sorting
from hearback.themes.tables import Excerpt, GroupingRun, Placement, Theme
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def question(kranich):
    return await made.a_question(kranich)


async def sort(company):
    await jobs.sort(str(company.id))


async def answered(company, question, sentences):
    return [await made.an_answer(company, question, words) for words in sentences]


@pytest.fixture
async def sorted_answers(kranich, question):
    """Three topics, grouped once."""
    responses = {
        name: await answered(kranich, question, sentences)
        for name, sentences in {"colours": COLOURS, "delivery": DELIVERY, "manual": MANUAL}.items()
    }
    await sort(kranich)
    return responses


async def themes_of(responses):
    """How many excerpts of these responses lie in which theme (through its heir)."""
    found = await fetch_column(
        """select t.heir from excerpt e join placement p on p.excerpt = e.id left join theme t on t.id = p.theme
           where e.response = any($1)""",
        [response.id for response in responses],
    )
    return Counter(found)


async def main_theme(responses):
    """Where most of them lie; of two equals the one that comes first."""
    found = await themes_of(responses)
    return max(sorted(theme for theme in found if theme), key=found.__getitem__)


async def test_topics_become_themes_of_their_own_with_telling_terms(kranich, sorted_answers):
    where = {name: await themes_of(responses) for name, responses in sorted_answers.items()}

    assert all(sum(found.values()) >= 10 for found in where.values()), where
    assert all(len(found) <= 3 for found in where.values()), where
    assert len(set().union(*where.values())) == sum(map(len, where.values())), "a theme mixes two topics"
    telling = {
        "colours": {"Farbenblindheit", "Steine", "Farben", "Rot", "Kinder- & Jugendschutz"},
        "delivery": {"Lieferzeit & Zustellung", "Paket", "Lieferung", "Versand", "Delivery", "Bestellung"},
        "manual": {"Spielregeln & Regelheft", "Anleitung & Hilfe", "Regeln", "Anleitung", "Spielregeln"},
    }
    for name, found in where.items():
        for theme in found:
            assert telling[name] & set(await fetch_value("select terms from theme where id = $1", theme)), (
                name
            )
    [run] = await GroupingRun.objects()
    assert (run.excerpts, run.placed) == (await Excerpt.count(), await Placement.count())
    assert (
        await fetch_value("select count(*) from theme_event where deed = 'suggested'") == await Theme.count()
    )


async def test_fewer_than_thirty_excerpts_stay_unsorted(kranich, question):
    await answered(kranich, question, COLOURS)

    await sort(kranich)

    assert await Excerpt.count() >= 13
    assert (await Theme.count(), await Placement.count(), await GroupingRun.count()) == (0, 0, 0)


async def test_a_new_answer_joins_its_theme_and_doing_it_twice_changes_nothing(
    kranich, question, sorted_answers
):
    late = await made.an_answer(kranich, question, "Mein Paket kam viel zu spät an.")
    async with transaction():
        await do_later("themes.read", company_id=str(kranich.id), response_id=str(late.id))

    await do_all_now()
    before = await Excerpt.count(), await Placement.count()
    await jobs.read(str(kranich.id), str(late.id))

    [theme] = await themes_of([late])
    assert theme in await themes_of(sorted_answers["delivery"])
    assert (await Excerpt.count(), await Placement.count()) == before


async def test_what_fits_nowhere_stays_unsorted(kranich, question, sorted_answers):
    odd = await made.an_answer(kranich, question, "Meine Großmutter züchtet Kaninchen im Allgäu.")

    await jobs.read(str(kranich.id), str(odd.id))

    assert await fetch_value("select count(*) from excerpt where response = $1", odd.id) == 1
    assert await themes_of([odd]) == {}


@pytest.mark.parametrize(
    "more", [{"test": True}, {"state": "set_aside", "reason": "Werbung"}, {"state": "withdrawn"}]
)
async def test_what_does_not_count_is_not_even_read(kranich, question, more):
    response = await made.an_answer(kranich, question, COLOURS[0], **more)

    await jobs.read(str(kranich.id), str(response.id))
    await sort(kranich)

    assert await Excerpt.count() == 0


async def test_reading_answers_of_another_company_does_nothing(kranich, question):
    response = await made.an_answer(kranich, question, COLOURS[0])
    reiher = await made.a_company("reiher")

    await jobs.read(str(reiher.id), str(response.id))
    await jobs.read(str(made.some_id()), str(response.id))

    assert await Excerpt.count() == 0


async def test_themes_keep_their_ids_and_people_s_decisions_when_much_more_comes_in(
    kranich, question, sorted_answers
):
    mains = {name: await main_theme(responses) for name, responses in sorted_answers.items()}
    member = await made.a_member(kranich)
    moved = sorted_answers["colours"][0]
    await execute(
        """update placement set theme = $2, by = 'person', member = $3, confidence = 1
           where excerpt in (select id from excerpt where response = $1)""",
        moved.id,
        mains["delivery"],
        member.id,
    )
    nowhere = sorted_answers["manual"][0]
    await execute(
        """insert into placement (id, company, excerpt, theme, by, member)
           select gen_random_uuid(), company, id, null, 'person', $2 from excerpt where response = $1
           on conflict (company, excerpt) do update set theme = null, by = 'person', member = $2""",
        nowhere.id,
        member.id,
    )
    for n in range(2):
        for sentences in (COLOURS, DELIVERY, MANUAL):
            await answered(kranich, question, [f"{words[:-1]}, Runde {n}." for words in sentences])

    await sort(kranich)

    assert await GroupingRun.count() == 2
    for name, responses in sorted_answers.items():
        assert (await themes_of(responses))[mains[name]] >= 3, name
    assert await themes_of([moved]) == {mains["delivery"]: 1}
    assert await themes_of([nowhere]) == {None: 1}


async def test_a_named_theme_is_never_emptied_by_a_grouping(kranich, question, sorted_answers):
    """Its few excerpts lie in another's crowd: no group takes after it, so it keeps what it had."""
    small = await made.a_theme(kranich, "Tochter und Sohn")
    responses = [sorted_answers["colours"][2], sorted_answers["colours"][9]]
    await execute(
        """update placement set theme = $2
           where excerpt in (select id from excerpt where response = any($1))""",
        [response.id for response in responses],
        small.id,
    )
    had = await themes_of(responses)
    for n in range(2):
        await answered(kranich, question, [f"{words[:-1]}, Runde {n}." for words in COLOURS])

    await sort(kranich)

    assert await GroupingRun.count() == 2
    assert had[small.id] > 0
    assert (await themes_of(responses))[small.id] > 0


async def test_who_was_answered_in_public_keeps_the_theme_of_the_note(kranich, question, sorted_answers):
    theme = await Theme.objects().get(Theme.id == await main_theme(sorted_answers["colours"]))
    stranger = sorted_answers["delivery"][0]
    await execute(
        "update placement set theme = $2 where excerpt in (select id from excerpt where response = $1)",
        stranger.id,
        theme.id,
    )
    await made.a_public_note(kranich, theme, by=await made.a_member(kranich))
    for sentences in (DELIVERY, MANUAL):
        await answered(kranich, question, [f"{words[:-1]}, nochmal." for words in sentences])

    await sort(kranich)

    assert await GroupingRun.count() == 2
    assert await themes_of([stranger]) == {theme.id: 1}


async def test_the_same_answers_make_the_same_themes(pool):
    found = []
    for slug in ("kranich", "reiher"):
        company = await made.a_company(slug)
        question = await made.a_question(company)
        sentences = [*COLOURS, *DELIVERY, *MANUAL]
        responses = await answered(company, question, sentences if slug == "kranich" else sentences[::-1])
        await sort(company)
        groups: dict[object, set[str]] = {}
        words = sentences if slug == "kranich" else sentences[::-1]
        for response, said in zip(responses, words, strict=True):
            for theme in await themes_of([response]):
                groups.setdefault(theme, set()).add(said)
        found.append(sorted(map(sorted, groups.values())))

    assert found[0] == found[1]


async def test_equal_words_are_read_in_an_order_that_their_answers_decide_and_no_id(pool):
    """Who speaks for them, and beside whom they stand, would else be chance."""
    said = [f"Die Regeln sind zu lang. {more}" for more in (*COLOURS, *DELIVERY)]
    read = []
    for slug, answers in (("kranich", said), ("reiher", said[::-1])):
        company = await made.a_company(slug)
        question = await made.a_question(company)
        responses = await answered(company, question, answers)
        await sort(company)
        words_of = {
            answer.id: answer.words
            for answer in await Answer.objects().where(Answer.response.is_in([one.id for one in responses]))
        }
        read.append([(one.words, words_of[one.answer]) for one in await sorting.queries.known(company.id)])

    assert read[0] == read[1]
    assert len(read[0]) > len(said)


async def test_the_sweep_finds_what_was_missed_and_leaves_empty_talk_alone(kranich, question):
    await made.an_answer(kranich, question, "Danke!")
    await jobs.sweep()
    assert await do_all_now() == 0

    missed = await made.an_answer(kranich, question, COLOURS[0])
    await jobs.sweep()
    await jobs.sweep()

    assert await do_all_now() == 1
    assert await fetch_value("select count(*) from excerpt where response = $1", missed.id) == 1
    assert CLOCKED["themes.sweep"][0] == "* * * * *"


async def test_an_answer_withdrawn_before_it_was_read_leaves_nothing(kranich, question):
    response = await made.an_answer(kranich, question, COLOURS[0])
    await Response.update({"state": "withdrawn"}).where(Response.id == response.id)

    await jobs.read(str(kranich.id), str(response.id))

    assert await Excerpt.count() == 0


async def test_what_a_person_decides_while_the_machine_is_thinking_stands(
    kranich, question, sorted_answers, monkeypatch
):
    member, moved = await made.a_member(kranich), sorted_answers["colours"][0]
    theme = await made.a_theme(kranich, "Kerzenlicht")
    ties = sorting.queries.ties

    async def meanwhile(company_id):
        await execute(
            """insert into placement (id, company, excerpt, theme, by, member)
               select gen_random_uuid(), company, id, $2, 'person', $3 from excerpt where response = $1
               on conflict (company, excerpt) do update set theme = $2, by = 'person', member = $3""",
            moved.id,
            theme.id,
            member.id,
        )
        return await ties(company_id)

    monkeypatch.setattr(sorting.queries, "ties", meanwhile)
    await answered(kranich, question, [f"{words[:-1]}, nochmal." for words in [*COLOURS, *MANUAL]])

    await sort(kranich)

    assert await GroupingRun.count() == 2
    assert await themes_of([moved]) == {theme.id: 1}
