"""Whoever says a sentence many times in one answer is one voice: one line wherever it stands, and counted once."""

import re

import pytest

from hearback.themes.commands.marking import mark
from hearback.themes.tables import Excerpt, Placement
from tests import made

SAME = "Der Turm ist viel zu teuer."
OTHER = "Die Karten sind schön."


async def repeated(company, question, theme=None, *, times=5, words=SAME):
    """One answer that says the same sentence many times, and another one at the end."""
    response = await made.an_answer(company, question, " ".join([words] * times + [OTHER]))
    whole = await made.placed(company, response, await made.a_theme(company))
    await Placement.delete().where(Placement.excerpt == whole.id)
    await Excerpt.delete().where(Excerpt.id == whole.id)
    spans = [(at * (len(words) + 1), len(words)) for at in range(times)]
    for start, long in [*spans, (times * (len(words) + 1), len(OTHER))]:
        row = Excerpt(
            company=company.id,
            question=question.id,
            response=response.id,
            answer=whole.answer,
            starts=start,
            ends=start + long,
        )
        await Excerpt.insert(row)
        if theme:
            lies = Placement(company=company.id, excerpt=row.id, theme=theme.id, by="machine", confidence=0.5)
            await Placement.insert(lies)
    await mark(company.id)
    return response


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def test_the_pile_counts_what_it_shows_and_says_so(company, desk, question):
    await repeated(company, question)

    page = (await desk.get("/themes/unsorted")).text

    assert page.count("data-row") == 2
    assert '<span class="t">2 Aussagen</span>' in page
    assert "Was öfter im gleichen Wortlaut dasteht, zählt hier einmal." in page
    assert "2 Aussagen sind noch nicht einsortiert" in (await desk.get("/today")).text
    assert "2 Aussagen noch nicht einsortiert" in (await desk.get("/inbox")).text


async def test_what_was_put_nowhere_is_counted_as_it_is_shown(company, desk, question):
    response = await repeated(company, question)
    for excerpt in await Excerpt.objects().where(Excerpt.response == response.id):
        await Placement.insert(
            Placement(
                company=company.id,
                excerpt=excerpt.id,
                by="person",
                member=desk.member.id,
                confidence=1.0,
            )
        )

    page = (await desk.get("/themes/nowhere")).text

    assert page.count("data-row") == 2
    assert '<span class="n">2 Aussagen</span>' in page


async def test_one_answer_never_stands_among_its_own_copies(company, desk, question):
    theme = await made.a_theme(company, "Preise")
    own = await repeated(company, question, theme)
    alone = (await desk.get(f"/themes/{theme.id}")).text
    assert alone.count("data-row") == 2 and "Gleicher Wortlaut" not in alone

    other = await repeated(company, question, theme, times=3)
    page = (await desk.get(f"/themes/{theme.id}")).text

    assert "Gleicher Wortlaut ×2" in page and "Gleicher Wortlaut ×5" not in page
    copies = re.search(r'<details class="copies">.*?</details>', page, re.S)[0]
    assert copies.count("/inbox/") == 1
    assert (str(own.id) in copies) != (str(other.id) in copies)


async def test_search_folds_what_one_answer_repeats(company, desk, question):
    await repeated(company, question)

    page = (await desk.get("/search?q=Turm")).text

    assert page.count('class="piece"') == 2
    assert page.count("Gleicher Wortlaut ×5") == 1
    alike = re.search(r"/search\?like=[0-9a-f-]{36}", page)[0]
    assert (await desk.get(alike)).text.count('class="piece"') <= 2


async def test_search_keeps_copies_apart_that_lie_apart(company, desk, question):
    response = await repeated(company, question, times=3)
    first = await Excerpt.objects().where(Excerpt.response == response.id).order_by(Excerpt.starts).first()
    theme = await made.a_theme(company, "Preise")
    await Placement.insert(
        Placement(company=company.id, excerpt=first.id, theme=theme.id, by="machine", confidence=0.5)
    )

    page = (await desk.get("/search?q=Turm")).text

    assert page.count('class="piece"') == 3
    assert page.count("Gleicher Wortlaut ×2") == 1
