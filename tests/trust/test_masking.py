"""Personal data in an answer stands masked on every page, at the desk and in public, until one member opens it there.

The pages come from the app itself, so a new one is tried too.
"""

import re

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from hearback.app import build_app
from hearback.asking.tables import Question
from hearback.database.engine import ENGINE
from hearback.people.rules import RIGHTS, Right, Role
from hearback.receipts.tables import Hearback
from hearback.themes.tables import Placement, Theme
from tests import made
from tests.conftest import browser_of
from tests.people.test_matrix import DESK, ROUTES, a_house

SECRETS = ["erika.traxler@example.org", "0171 39200 14", "Bogomil Traxler", "@erika_t", "M-XY 4217"]
WORDS = (
    "Mein Name ist Bogomil Traxler, erika.traxler@example.org, Tel. 0171 39200 14. "
    "Insta: @erika_t, Auto M-XY 4217, und die Steine sehen gleich aus."
)
PUBLIC = re.compile(r"{(\w+):(\w+)}")


def public_pages(app: Litestar) -> list[str]:
    return sorted(
        {
            route.path
            for route in app.routes
            for handler in getattr(route, "route_handlers", [])
            if isinstance(handler, HTTPRouteHandler)
            and "GET" in handler.http_methods
            and not route.path.startswith((DESK, "/static"))
        }
    )


PAGES = [route for route in ROUTES if route.method == "GET" and not route.streams]


@pytest.fixture
async def house(app):
    """Words with secrets wherever words can stand: in a theme, a suggestion, unsorted, nowhere, beside a public
    note, in a draft's choices, and in what a fan said back."""
    async for house in a_house(app, "kranich"):
        company, ids = house.company, house.ids
        asked, theme = (
            await Question.objects().get(Question.id == ids["question"]),
            await _theme(ids["theme"]),
        )
        by = await made.a_member(company)
        consent = {"quoting": "named", "first_name": "Erika", "place": "Halle"}
        for place in (await made.a_theme(company, name="", terms=["steine"], state="suggested"), theme):
            response = await made.an_answer(company, asked, WORDS, **consent)
            excerpt = await made.placed(company, response, place)
        for nowhere in (True, False):
            left = await made.placed(
                company, await made.an_answer(company, asked, WORDS, **consent), theme, by=by
            )
            if nowhere:
                await Placement.update({Placement.theme: None}).where(Placement.excerpt == left.id)
            else:
                await Placement.delete().where(Placement.excerpt == left.id)
        draft = await made.a_public_note(company, theme, by=by, state="draft")
        note = await made.a_public_note(company, theme, by=by, quotes=[excerpt.id])
        said = {"verdict": "not_quite", "words": WORDS}
        await Hearback.insert(Hearback(company=company.id, response=response.id, note=note.id, **said))
        house.ids |= {"response": response.id, "excerpt": excerpt.id, "note": note.id, "draft": draft.id}
        yield house


async def _theme(theme_id):
    return await Theme.objects().get(Theme.id == theme_id)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def test_no_page_of_the_desk_shows_it(house):
    holes, masked = [], 0
    for role in (Role.ADMIN, Role.READER):
        browser = house.browsers[role]
        for route in PAGES:
            for note in {house.ids["note"], house.ids["draft"]}:
                for headers in ({}, {"HX-Request": "true"}):
                    reply = await browser.get(route.below(house.ids | {"note": note}), headers=headers)
                    holes += [f"{route} as {role}: {secret}" for secret in leaks(reply.text)]
                    masked += 'class="masked"' in reply.text
    assert holes == []
    assert masked >= 20


@pytest.mark.parametrize("show", ["all", "unread", "unsorted", "read"])
async def test_no_view_of_the_inbox_shows_it(house, show):
    page = await house.browsers[Role.ADMIN].get(f"/inbox?show={show}")

    assert leaks(page.text) == []


@pytest.mark.parametrize("words", ["Steine", "Insta", "Auto", "Tel"])
async def test_no_search_shows_it(house, words):
    page = await house.browsers[Role.READER].get(f"/search?q={words}")

    assert leaks(page.text) == []
    assert 'class="masked"' in page.text


async def test_no_public_page_shows_it(app, house):
    slug = await ENGINE.pool.fetchval("select slug from question where id = $1", house.ids["question"])
    entry = await ENGINE.pool.fetchval("select slug from note where id = $1", house.ids["note"])
    holes, gaps = [], 0
    async with browser_of(app) as fan:
        for path in public_pages(build_app()):
            values = {"company_slug": "kranich", "note_slug": entry}
            address = PUBLIC.sub(lambda found, values=values: values.get(found[1], slug), path)
            reply = await fan.get(address)
            holes += [f"{path}: {secret}" for secret in leaks(reply.text)]
            gaps += 'class="gap"' in reply.text
    assert holes == []
    assert gaps >= 1, "the note quotes the answer, so a gap must stand there"


async def test_who_may_opens_one_answer_for_one_page_and_it_is_written_down(house):
    admin, where = house.browsers[Role.ADMIN], f"/inbox/{house.ids['response']}"

    opened = await admin.post(f"{where}/personal-data")

    assert opened.status_code == 200
    assert leaks(opened.text) == SECRETS
    assert opened.headers["cache-control"] == "no-store"
    row = await ENGINE.pool.fetchrow("select * from audit where did = 'answer.personal-data-opened'")
    assert (row["member"], row["subject"]) == (admin.member.id, house.ids["response"])
    assert (
        "hat die persönlichen Angaben in einer Antwort angesehen" in (await admin.get("/people/audit")).text
    )
    again = await admin.get(where)
    assert leaks(again.text) == []
    assert "Persönliche Angaben zeigen" in again.text


@pytest.mark.parametrize("role", [role for role in Role if Right.MODERATE not in RIGHTS[role]])
async def test_who_may_not_moderate_may_not_open_it_and_sees_no_button(house, role):
    browser, where = house.browsers[role], f"/inbox/{house.ids['response']}"

    page, reply = await browser.get(where), await browser.post(f"{where}/personal-data")

    assert "Persönliche Angaben sind verdeckt." in page.text
    assert "Persönliche Angaben zeigen" not in page.text
    assert reply.status_code == 403
    assert leaks(page.text + reply.text) == []
    assert await ENGINE.pool.fetchval("select count(*) from audit where did like 'answer.personal%'") == 0


async def test_an_answer_without_any_offers_nothing_to_open(house):
    asked = await Question.objects().get(Question.id == house.ids["question"])
    plain = await made.an_answer(house.company, asked, "Die Steine sehen gleich aus.")

    page = await house.browsers[Role.ADMIN].get(f"/inbox/{plain.id}")

    assert "Die Steine sehen gleich aus." in page.text
    assert f"/inbox/{plain.id}/personal-data" not in page.text
