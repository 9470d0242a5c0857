"""Every desk route as every role, as nobody, and as another company's admin. The routes come from the app itself,
so a new one is tried too; what a role may is read from the one table of rights."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from hearback.actions.tables import Action
from hearback.app import build_app
from hearback.database.engine import ENGINE, fetch_column, fetch_value
from hearback.notifying.tables import Post
from hearback.people.queries import Company
from hearback.people.rules import RIGHTS, Right, Role
from hearback.people.tables import Invitation, Team
from hearback.piccolo_app import APP_CONFIG
from hearback.plainspeech.tables import OwnWord
from hearback.promises.tables import Promise
from hearback.replying.tables import Reply, WordBack
from hearback.themes.tables import Mention, PassedOn, SavedView, ThemeRemark
from hearback.webhooks.tables import Webhook
from tests import made
from tests.conftest import browser_of
from tests.made import DeskBrowser

SAFE = {"GET", "HEAD"}
DESK = "/desk/{company_slug:str}"
PARAMETER = re.compile(r"{(\w+):(\w+)}")
# What the house itself writes while somebody only looks: when a session was seen, and that an answer was read.
MAY_CHANGE = {"session", "bucket", "worker_beat", "migration"}


class Route(Struct, frozen=True):
    method: str
    path: str
    right: Right | None
    streams: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix(DESK) or '/'}"

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return PARAMETER.findall(self.path.removeprefix(DESK))

    @property
    def takes_ids(self) -> bool:
        return any(kind == "uuid" for _, kind in self.parameters)

    def below(self, ids: dict[str, UUID]) -> str:
        """The path below a desk, with its parameters filled in."""
        return PARAMETER.sub(lambda found: _value(found[1], found[2], ids), self.path.removeprefix(DESK))


def _value(name: str, kind: str, ids: dict[str, UUID]) -> str:
    if kind == "uuid":
        return str(ids.get(name.removesuffix("_id")) or made.some_id())
    return {"int": "1", "date": "2026-12-20"}.get(kind, "gibt-es-nicht")


def routes_of(app: Litestar) -> Iterator[Route]:
    for route in app.routes:
        if not route.path.startswith(DESK):
            continue
        for handler in {id(h): h for h in route.route_handlers if isinstance(h, HTTPRouteHandler)}.values():
            for method in sorted(handler.http_methods - {"OPTIONS"}):
                returns = str(handler.fn.__annotations__.get("return"))
                yield Route(method, route.path, handler.opt.get("may"), "ServerSentEvent" in returns)


ROUTES = sorted(routes_of(build_app()), key=str)
UNSAFE = [route for route in ROUTES if route.method not in SAFE]


class House(Struct):
    """A company with one of everything, and a browser of somebody for every role."""

    company: Company
    ids: dict[str, UUID]
    browsers: dict[Role, DeskBrowser]


async def a_house(app: object, slug: str) -> AsyncIterator[House]:
    company = await made.a_company(slug, name=slug.title())
    spare = await made.a_member(company, "reader")
    question = await made.a_question(company, by=spare)
    theme = await made.a_theme(company)
    response = await made.an_answer(company, question)
    excerpt = await made.placed(company, response, theme)
    remark = ThemeRemark(company=company.id, theme=theme.id, member=spare.id, words="Schau mal", at=made.NOW)
    await remark.save()
    await Mention.insert(Mention(company=company.id, remark=remark.id, member=spare.id))
    praise = {"excerpt": excerpt.id, "member": spare.id, "by": spare.id, "at": made.NOW}
    await PassedOn.insert(PassedOn(company=company.id, **praise))
    await made.a_public_note(company, theme, by=spare)
    await Invitation.insert(
        Invitation(
            company=company.id,
            email="x@example.com",
            role="reader",
            token_hash=slug.encode(),
            expires_at=made.NOW,
        )
    )
    await Action.insert(Action(company=company.id, title="Kerben", owner=spare.id, created_by=spare.id))
    promised = {"kind": "reply", "words": "Antwort", "question": question.id, "made_by": spare.id}
    promised["owner"] = spare.id
    await Promise.insert(Promise(company=company.id, **promised))
    await Post.insert(Post(company=company.id, key=b"letter", kind="letter", words="Und sonntags?"))
    reply = Reply(company=company.id, response=response.id, writer=spare.id, saved_at=made.NOW)
    await reply.save()
    said = {"reply": reply.id, "response": response.id, "nth": 1, "words": "Und sonntags?"}
    await WordBack.insert(WordBack(company=company.id, **said))
    kept = {"member": spare.id, "name": "Unsere", "query": "q=rot", "created_at": made.NOW}
    await SavedView.insert(SavedView(company=company.id, **kept))
    await Team.insert(Team(company=company.id, name="Karten", created_at=made.NOW))
    called = {
        "address": "https://hooks.example",
        "secret": b"x",
        "created_by": spare.id,
        "created_at": made.NOW,
    }
    await Webhook.insert(Webhook(company=company.id, **called))
    unwanted = {"words": "Kunde", "read": "kunde", "better": "Fan", "by": spare.id, "at": made.NOW}
    await OwnWord.insert(OwnWord(company=company.id, **unwanted))
    browsers = {role: await made.signed_in(browser_of(app), company, role) for role in Role}
    ids = await _one_of_each(company)
    yield House(company, ids | {"member": spare.id}, browsers)
    for browser in browsers.values():
        await browser.browser.aclose()


async def _one_of_each(company: Company) -> dict[str, UUID]:
    """A row of every table that knows its company, by the table's name."""
    found = {}
    for table in APP_CONFIG.table_classes:
        if "company" in {column._meta.name for column in table._meta.columns}:
            name = table._meta.tablename
            found[name] = await fetch_value(f'select id from "{name}" where company = $1 limit 1', company.id)
    return {name: row_id for name, row_id in found.items() if row_id is not None}


@pytest.fixture
async def house(app):
    async for house in a_house(app, "kranich"):
        yield house


@pytest.fixture
async def neighbours(app):
    async for house in a_house(app, "reiher"):
        yield house


async def everything() -> list[Any]:
    """A digest of every table, but for what looking may change."""
    tables = await fetch_column(
        "select tablename from pg_tables where schemaname = 'public' and not tablename = any($1) order by 1",
        sorted(MAY_CHANGE),
    )
    parts = [
        f"""select '{name}', md5(string_agg({_row(name)}, '|' order by {_row(name)})) from "{name}" t"""
        for name in tables
    ]
    return [tuple(row) for row in await ENGINE.pool.fetch(" union all ".join(parts) + " order by 1")]


def _row(table: str) -> str:
    return "(to_jsonb(t) - 'read_by' - 'read_on')::text" if table == "response" else "t::text"


async def call(browser: DeskBrowser, route: Route, ids: dict[str, UUID], **more: Any) -> httpx.Response:
    if route.method in SAFE:
        return await browser.browser.request(route.method, browser.address(route.below(ids)), **more)
    data = {"_csrf": browser.csrf} | more.pop("data", {})
    return await browser.browser.request(route.method, browser.address(route.below(ids)), data=data, **more)


def same_for_all(reply: httpx.Response) -> tuple[int, str]:
    """What a reply says, without the address that was asked for."""
    return reply.status_code, re.sub(r"/desk/[^\"'? ]*", "/desk/…", reply.text)


def test_the_desk_has_routes():
    assert len(ROUTES) >= 15


def test_every_desk_route_names_the_right_it_needs():
    assert [str(route) for route in ROUTES if not isinstance(route.right, Right)] == []


def test_no_desk_route_stands_outside_the_guard():
    outside = [
        route.path
        for route in build_app().routes
        if route.path.startswith("/desk/") and not route.path.startswith(DESK)
    ]
    assert outside == []


async def test_a_role_may_what_the_table_of_rights_says_and_nothing_else(house):
    holes = []
    for route in ROUTES:
        for role, browser in house.browsers.items():
            allowed = route.right in RIGHTS[role]
            if allowed and route.streams:
                continue
            before = None if allowed else await everything()
            reply = await call(browser, route, house.ids)
            to_the_door = reply.headers.get("location", "").startswith("/in")
            if allowed and (reply.status_code in (401, 403) or reply.status_code >= 500 or to_the_door):
                holes.append(f"{route} as {role}: {reply.status_code}, though they may")
            if not allowed and (reply.status_code != 403 or await everything() != before):
                holes.append(f"{route} as {role}: {reply.status_code}, though they may not")
    assert holes == []


async def test_nobody_gets_no_further_than_the_door(app, house):
    holes, before = [], await everything()
    async with browser_of(app) as browser:
        nobody = DeskBrowser(browser, house.company, house.browsers[Role.ADMIN].member, "")
        for route in ROUTES:
            reply = await call(nobody, route, house.ids)
            shut = (
                reply.status_code == 303 and reply.headers["location"].startswith("/in?next=")
                if route.method in SAFE
                else reply.status_code == 401
            )
            if not shut:
                holes.append(f"{route}: {reply.status_code}")
    assert holes == []
    assert await everything() == before


async def test_another_companys_admin_sees_the_same_as_where_no_company_is(house, neighbours):
    holes, before = [], await everything()
    stranger = neighbours.browsers[Role.ADMIN]
    for route in ROUTES:
        replies = []
        for slug in (house.company.slug, "gibt-es-nicht"):
            address = f"/desk/{slug}{route.below(house.ids)}"
            data = None if route.method in SAFE else {"_csrf": stranger.csrf}
            replies.append(await stranger.browser.request(route.method, address, data=data))
        there, nowhere = map(same_for_all, replies)
        if there != nowhere or there[0] != 404:
            holes.append(f"{route}: {there[0]} there, {nowhere[0]} where no company is")
    assert holes == []
    assert await everything() == before


async def test_ids_of_another_company_look_like_missing_ones(house, neighbours):
    """Also mixed: one id of the own company, the other foreign."""
    holes, before = [], await everything()
    admin = house.browsers[Role.ADMIN]
    for route in (route for route in ROUTES if route.takes_ids):
        names = [name.removesuffix("_id") for name, kind in route.parameters if kind == "uuid"]
        missing = same_for_all(await call(admin, route, {}))
        for foreign in names:
            ids = house.ids | {foreign: neighbours.ids.get(foreign, made.some_id())}
            reply = same_for_all(await call(admin, route, ids))
            if reply != missing or reply[0] != 404:
                holes.append(f"{route} with a foreign {foreign}: {reply[0]}, missing: {missing[0]}")
    assert holes == []
    assert await everything() == before


async def test_every_id_in_an_address_is_named_after_a_table_of_which_the_house_has_a_row(house):
    """Else the test above would try ids that nobody has. A new kind of row is made in a_house()."""
    names = {name for route in ROUTES for name, kind in route.parameters if kind == "uuid"}

    assert {name for name in names if name.removesuffix("_id") not in house.ids} == set()


async def test_a_form_from_elsewhere_changes_nothing(house):
    holes, before = [], await everything()
    admin, other = house.browsers[Role.ADMIN], house.browsers[Role.COMMS]
    forged: list[dict[str, Any]] = [
        {"data": {"_csrf": ""}},
        {"data": {"_csrf": other.csrf}},
        {"headers": {"sec-fetch-site": "cross-site"}},
        {"headers": {"origin": "https://evil.example"}},
    ]
    for route in UNSAFE:
        for more in forged:
            reply = await call(admin, route, house.ids, **more)
            if reply.status_code != 403:
                holes.append(f"{route} with {more}: {reply.status_code}")
    assert holes == []
    assert await everything() == before


async def test_looking_changes_nothing(house):
    before = await everything()
    for route in (route for route in ROUTES if route.method in SAFE and not route.streams):
        reply = await call(house.browsers[Role.ADMIN], route, house.ids)
        assert reply.status_code < 500, route
    assert await everything() == before


async def test_a_role_lowered_meanwhile_counts_from_the_next_request_on(house):
    admin = house.browsers[Role.ADMIN]
    assert (await admin.get("/settings")).status_code == 200

    await ENGINE.pool.execute("update member set role = 'reader' where id = $1", admin.member.id)

    assert (await admin.get("/settings")).status_code == 403
    assert (await admin.post("/settings", {"name": "Reiher"})).status_code == 403
    assert (await admin.get("/people")).status_code == 200


async def test_who_was_deactivated_meanwhile_finds_nothing_from_the_next_request_on(house):
    reader = house.browsers[Role.READER]
    assert (await reader.get("/people")).status_code == 200

    await ENGINE.pool.execute("update member set active = false where id = $1", reader.member.id)

    assert (await reader.get("/people")).status_code == 404


async def test_an_address_that_is_no_id_is_a_missing_one(house):
    assert (await house.browsers[Role.ADMIN].get("/people/not-an-id")).status_code == 404
