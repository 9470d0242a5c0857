"""A person cuts one point in two or joins two: only where they are divided changes, never a word, and it holds."""

import re
from uuid import UUID

import pytest
from msgspec import Struct

from hearback.database.engine import execute, fetch, fetch_value
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.commands import sorting
from hearback.themes.cutting import parts, uncovers
from hearback.themes.forms import MoveForm
from hearback.themes.queries import acts, triage
from hearback.themes.queries import sorting as read
from hearback.themes.splitting import split
from hearback.trust.personal_data import personal_data
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

SAID = "Die Züge kommen zu spät und die Sitze sind hart."
CUT_AT = SAID.index("und")


class Lies(Struct, frozen=True):
    id: UUID
    starts: int
    ends: int
    theme: UUID | None
    by: str | None


async def points(response) -> list[Lies]:
    return await fetch(
        Lies,
        """select e.id, e.starts, e.ends, p.theme, p.by from excerpt e
           left join placement p on p.company = e.company and p.excerpt = e.id
           where e.response = $1 order by e.starts""",
        response.id,
    )


def words(found: list[Lies], said: str = SAID) -> list[str]:
    return [said[one.starts : one.ends] for one in found]


@pytest.fixture
async def member(company):
    return await made.a_member(company, "product")


@pytest.fixture
async def theme(company):
    return await made.a_theme(company, "Pünktlichkeit")


@pytest.fixture
async def response(company):
    return await made.an_answer(company, await made.a_question(company), SAID)


@pytest.fixture
async def point(company, response, theme, member):
    return await made.placed(company, response, theme, by=member)


async def test_both_halves_stand_where_a_person_put_the_whole(company, response, point, theme, member):
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)

    found = await points(response)
    assert words(found) == ["Die Züge kommen zu spät", "und die Sitze sind hart."]
    assert found[0].id == point.id
    assert [(one.theme, one.by) for one in found] == [(theme.id, "person")] * 2
    assert (await triage.rows(company.id))[0].voices == 1


async def test_the_worker_reads_both_halves_anew(company, response, point, member):
    await commands.learn(company.id, cause="grown", now=NOW)
    whole = await fetch_value("select vector from excerpt where id = $1", point.id)
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    assert await fetch_value("select count(*) from excerpt where vector is null") == 2

    await commands.learn(company.id, cause="taught", now=NOW)

    first, second = [
        await fetch_value("select vector from excerpt where id = $1", one.id)
        for one in await points(response)
    ]
    assert first and second and len({whole, first, second}) == 3
    assert await fetch_value("select count(distinct wording) from excerpt where language = 'de'") == 2


async def test_joined_they_are_one_with_what_stands_between(company, response, point, theme, member):
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    first, second = await points(response)

    joined = await commands.join(company.id, second.id, first.id, by=member.id, now=NOW)

    (found,) = await points(response)
    assert (found.id, joined) == (point.id, point.id)
    assert words([found]) == [SAID]
    assert found.theme == theme.id


@pytest.mark.parametrize("machine", ["first", "second"])
async def test_joined_it_lies_where_a_person_put_one_of_them(
    company, response, point, theme, member, machine
):
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    first, second = await points(response)
    by_machine = first if machine == "first" else second
    other = await made.a_theme(company, "Sitze")
    await execute(
        "update placement set by = 'machine', member = null, theme = $2 where excerpt = $1",
        by_machine.id,
        other.id,
    )

    await commands.join(company.id, first.id, second.id, by=member.id, now=NOW)

    (found,) = await points(response)
    assert (found.theme, found.by) == (theme.id, "person")
    history = await acts.history(company.id, other.id)
    assert [(one.deed, one.of) for one in history] == [("joined", True)]


async def test_where_it_cannot_be_cut_it_stays_whole(company, response, point, member):
    at_the_edges = [0, len(SAID), CUT_AT + 1, CUT_AT - 1, 10_000]
    for at in at_the_edges:
        with pytest.raises(Refused, match="at-the-edge"):
            await commands.cut(company.id, point.id, at, by=member.id, now=NOW)

    assert words(await points(response)) == [SAID]


async def test_points_of_two_answers_are_not_joined(company, point, theme, member):
    other = await made.placed(
        company, await made.an_answer(company, await made.a_question(company), "Und laut."), theme
    )

    for stranger in (other.id, point.id, made.some_id()):
        with pytest.raises(Refused, match="not-beside"):
            await commands.join(company.id, point.id, stranger, by=member.id, now=NOW)


async def test_what_a_note_quotes_does_not_change(company, response, point, theme, member):
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    first, second = await points(response)
    for state, reason in [
        ("draft", "cut.quoted-draft"),
        ("published", "cut.quoted"),
        ("withdrawn", "cut.quoted"),
    ]:
        note = await made.a_public_note(company, theme, by=member, state=state, quotes=[second.id])

        with pytest.raises(Refused, match=reason):
            await commands.cut(company.id, second.id, SAID.index("Sitze"), by=member.id, now=NOW)
        with pytest.raises(Refused, match=reason):
            await commands.join(company.id, first.id, second.id, by=member.id, now=NOW)
        with pytest.raises(Refused, match=reason):
            await commands.undo(company.id, await newest_act(), by=member.id, now=NOW)
        await execute("update note_quote set excerpt = null, gone = 'erased' where note = $1", note.id)

    assert len(await points(response)) == 2


async def newest_act() -> UUID:
    found: UUID = await fetch_value(
        "select id from theme_event where deed in ('cut', 'joined') and not details ? 'of' order by id desc limit 1"
    )
    return found


async def test_a_cut_and_a_join_are_taken_back(company, response, point, theme, member):
    before = await points(response)
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    cut, halves = await newest_act(), await points(response)
    await commands.join(company.id, halves[0].id, halves[1].id, by=member.id, now=NOW)

    with pytest.raises(Refused, match="stood-upon"):
        await commands.undo(company.id, cut, by=member.id, now=NOW)
    await commands.undo(company.id, await newest_act(), by=member.id, now=NOW)
    assert await points(response) == halves
    await commands.undo(company.id, cut, by=member.id, now=NOW)

    assert await points(response) == before
    history = await acts.history(company.id, theme.id)
    assert [(one.deed, one.undoes) for one in history] == [
        ("cut", True),
        ("joined", True),
        ("joined", False),
        ("cut", False),
    ]
    told = await fetch_value(
        "select array_agg(did order by at, id) from audit where company = $1", company.id
    )
    assert told == ["excerpt.cut", "excerpt.joined", "excerpt.joined-undone", "excerpt.cut-undone"]


async def test_what_was_done_with_a_half_stands_on_the_cut(company, response, point, member):
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    _, second = await points(response)
    cut = await newest_act()
    other = await made.a_theme(company, "Sitze")
    form = MoveForm(str(other.id))
    await commands.move(company.id, second.id, form, by=member.id, now=NOW, today=NOW.date())

    with pytest.raises(Refused, match="stood-upon"):
        await commands.undo(company.id, cut, by=member.id, now=NOW)


async def test_no_later_reading_undoes_it(company, response, point, member):
    """Neither one that begins afterwards, nor one that had split the answer before and writes only now."""
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    halves = await points(response)
    await commands.join(company.id, halves[0].id, halves[1].id, by=member.id, now=NOW)
    joined = await points(response)
    answer: UUID = await fetch_value("select id from answer where response = $1", response.id)

    for _ in range(2):
        await commands.read_response(company.id, response.id, now=NOW)
    await sorting._write_excerpts(
        company.id, sorting._excerpts([read.Unread(answer, response.question, response.id, SAID)])
    )

    assert await points(response) == joined


async def test_what_the_fan_took_back_is_not_brought_back(company, response, point, member):
    await commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW)
    await execute("update response set state = 'withdrawn' where id = $1", response.id)

    for act in (
        commands.cut(company.id, point.id, CUT_AT, by=member.id, now=NOW),
        commands.undo(company.id, await newest_act(), by=member.id, now=NOW),
    ):
        with pytest.raises(NotFound):
            await act


NUMBER = "Ruft mich an: 0171 2345678, dann erzähle ich mehr."


def test_a_telephone_number_is_one_word():
    said = [one.said for one in parts(NUMBER, 5)]

    assert [("0171 2345678", "phone"), (",", None)] in said
    assert [at.at for at in parts(NUMBER, 5)][:2] == [5, 10]


def test_a_cut_that_would_uncover_a_name_is_none():
    named = "Mein Name ist Dorvik und der Zug kam nicht."

    assert uncovers(named, named.index("Dorvik"))
    assert not uncovers(named, named.index("und"))


@pytest.mark.parametrize(
    "said",
    [
        "Ruft an unter 0171. 2345678 geht auch, danke für alles.",
        "Kundennummer:\n4711-8899 und die Ware fehlt",
        "Die Karten sind toll. Kundennummer:\n4711-8899 und die Ware fehlt. Bitte schickt sie mir bald.",
    ],
)
async def test_the_machine_cuts_no_number_in_two(company, said):
    response = await made.an_answer(company, await made.a_question(company), said)

    await commands.read_response(company.id, response.id, now=NOW)

    found = words(await points(response), said)
    hidden = [said[span.start : span.end] for span in personal_data(said)]
    assert hidden == [part[span.start : span.end] for part in found for span in personal_data(part)]
    assert len(found) == len(split(said)) - 1


async def test_personal_data_stays_hidden(company, theme, member):
    response = await made.an_answer(
        company, await made.a_question(company), "Mein Name ist Dorvik und der Zug kam nicht."
    )
    point = await made.placed(company, response, theme)

    with pytest.raises(Refused, match="uncovers"):
        await commands.cut(company.id, point.id, len("Mein Name ist "), by=member.id, now=NOW)


async def test_the_desk_cuts_without_a_script(desk, company, response, point, theme):
    page = (await desk.get(f"/themes/{theme.id}")).text
    assert f"/desk/kranich/themes/excerpts/{point.id}/cut" in page
    form = (await desk.get(f"/themes/excerpts/{point.id}/cut")).text
    assert f'<input type="radio" name="at" value="{CUT_AT}" required><span>und</span>' in form
    assert form.count('type="radio"') == len(SAID.split()) - 1

    reply = await desk.post(f"/themes/excerpts/{point.id}/cut", {"at": str(CUT_AT)})

    assert reply.headers["location"] == f"/desk/kranich/themes/{theme.id}?done=cut#th"
    page = (await desk.get(f"/themes/{theme.id}?done=cut")).text
    assert "Eine Aussage geteilt." in page and page.count("data-row") == 2
    assert f"{desk.member.name} hat eine Aussage geteilt" in page
    event = re.search(r'name="event" value="([^"]+)"', page)[1]
    await desk.post("/themes/undo", {"event": event})
    assert words(await points(response)) == [SAID]


async def test_the_desk_joins_and_says_why_not(desk, company, response, point, theme):
    await desk.post(f"/themes/excerpts/{point.id}/cut", {"at": str(CUT_AT)})
    first, second = await points(response)
    page = (await desk.get(f"/themes/excerpts/{second.id}/cut")).text
    assert "Mit dieser davor verbinden" in page and "Mit dieser danach" not in page

    none = await desk.post(f"/themes/excerpts/{second.id}/cut", {})
    edge = await desk.post(f"/themes/excerpts/{second.id}/cut", {"at": str(second.starts)})
    strange = await desk.post(f"/themes/excerpts/{second.id}/joining", {"other": str(made.some_id())})
    reply = await desk.post(f"/themes/excerpts/{second.id}/joining", {"other": str(first.id)})

    assert (none.status_code, edge.status_code, strange.status_code) == (422, 422, 422)
    assert "Dort lässt sich nicht teilen." in edge.text
    assert "direkt nebeneinander" in strange.text
    assert reply.headers["location"].endswith(f"/themes/{theme.id}?done=joined#th")
    assert words(await points(response)) == [SAID]


async def test_masked_words_stay_masked_where_one_cuts(desk, company, theme):
    response = await made.an_answer(company, await made.a_question(company), NUMBER)
    point = await made.placed(company, response, theme)

    page = (await desk.get(f"/themes/excerpts/{point.id}/cut")).text

    assert "2345678" not in page and "[Telefon" in page


async def test_who_only_reads_or_is_elsewhere_cuts_nothing(app, company, response, point):
    elsewhere = await made.a_company("reiher")
    reader = await made.signed_in(browser_of(app), company, "reader")
    stranger = await made.signed_in(browser_of(app), elsewhere, "admin")

    for path, data in [("cut", {"at": str(CUT_AT)}), ("joining", {"other": str(point.id)})]:
        assert (await reader.post(f"/themes/excerpts/{point.id}/{path}", data)).status_code == 403
        assert (await stranger.post(f"/themes/excerpts/{point.id}/{path}", data)).status_code == 404
    assert words(await points(response)) == [SAID]
