"""What does not belong to a theme stands beside what does, and lives as that does."""

import re
from html import unescape

import pytest

from hearback.database.engine import fetch_value
from hearback.refusals import Refused
from hearback.themes import commands
from hearback.themes.forms import NameForm
from hearback.themes.queries import acts, life
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

DEFINED = {"name": "Farben", "definition": "Rot wie Grün.", "excludes": "Verblasste Farben."}


@pytest.fixture
async def colours(company):
    theme = await made.a_theme(company, "Farben")
    for words in ("Rot sieht aus wie Grün.", "Ich sehe keinen Unterschied."):
        response = await made.an_answer(company, await made.a_question(company), words)
        await made.placed(company, response, theme)
    return theme


def plain(page) -> str:
    return unescape(re.sub(r"\s+", " ", page.text))


async def excludes_of(theme) -> str:
    return await fetch_value("select excludes from theme where id = $1", theme.id)


async def test_what_does_not_belong_is_asked_beside_what_does_and_shown_there(desk, company, colours):
    page = plain(await desk.get(f"/themes/{colours.id}"))
    assert page.index("Was gehört dazu?") < page.index("Was gehört nicht dazu?")

    assert (await desk.post(f"/themes/{colours.id}/name", DEFINED)).status_code == 303

    assert '<p class="mt-2">Nicht dazu gehört: Verblasste Farben.</p>' in plain(
        await desk.get(f"/themes/{colours.id}")
    )
    other = await made.a_theme(company, "Spielplan")
    compared = plain(await desk.get(f"/themes/{other.id}/comparison?with={colours.id}"))
    assert "Nicht dazu gehört: Verblasste Farben." in compared


async def test_a_theme_that_is_split_off_says_what_stays_out(desk, colours):
    excerpt = await fetch_value("select excerpt from placement where theme = $1 limit 1", colours.id)
    form = {"new_name": "Verblasst", "excluded": "Falsch gedruckt.", "excerpt": str(excerpt)}

    assert (await desk.post(f"/themes/{colours.id}/split", form)).status_code == 303

    assert await fetch_value("select excludes from theme where name = 'Verblasst'") == "Falsch gedruckt."


async def test_who_changes_it_second_sees_what_the_first_wrote(app, desk, company, colours):
    page = (await desk.get(f"/themes/{colours.id}")).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    async with browser_of(app) as browser:
        tarek = await made.signed_in(browser, company, "product", name="Tarek Osman")
        await tarek.post(f"/themes/{colours.id}/name", DEFINED | {"seen": seen})

    late = await desk.post(f"/themes/{colours.id}/name", DEFINED | {"excludes": "Anderes.", "seen": seen})

    assert late.status_code == 409
    assert "Verblasste Farben." in plain(late) and "Anderes.</textarea>" in plain(late)
    assert await excludes_of(colours) == "Verblasste Farben."


async def test_it_is_taken_back_alone_where_only_it_was_changed(company, desk, colours):
    by = {"by": desk.member.id, "now": NOW}
    for definition, excludes in (("A", ""), ("A", "C"), ("B", "C")):
        form = NameForm("Farben", definition, excludes=excludes)
        await commands.name_theme(company.id, colours.id, form, **by)
    _, out, _ = reversed(await acts.history(company.id, colours.id, limit=9))
    assert out.deed == "defined"

    await commands.undo(company.id, out.id, **by)

    theme = await life.theme(company.id, colours.id)
    assert (theme.definition, theme.excludes) == ("B", "")


async def test_what_was_changed_again_since_is_not_taken_back(company, desk, colours):
    by = {"by": desk.member.id, "now": NOW}
    for excludes in ("C", "D"):
        await commands.name_theme(company.id, colours.id, NameForm("Farben", excludes=excludes), **by)
    *_, first = await acts.history(company.id, colours.id, limit=9)

    with pytest.raises(Refused):
        await commands.undo(company.id, first.id, **by)

    assert await excludes_of(colours) == "D"


async def test_a_reader_changes_nothing_and_too_much_is_refused(app, desk, company, colours):
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        assert (await reader.post(f"/themes/{colours.id}/name", DEFINED)).status_code == 403
    long = await desk.post(f"/themes/{colours.id}/name", DEFINED | {"excludes": "x" * 1001})

    assert long.status_code == 422 and "1.001" in long.text
    assert await excludes_of(colours) == ""


async def test_the_audit_tells_before_and_after(desk, colours):
    await desk.post(f"/themes/{colours.id}/name", DEFINED)

    page = plain(await desk.get("/people/audit"))

    assert "Was nicht dazugehört" in page and "Verblasste Farben." in page
