"""There is no way to hide an answer without a public count and an entry in the ledger. The routes come from the app
itself, and what they take from their forms, so a new way is tried too."""

import ast
import inspect
import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, get_args, get_origin

import pytest
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from hearback.app import build_app
from hearback.database.engine import ENGINE, execute, fetch_value, transaction
from hearback.moderation import figures as public
from hearback.people.rules import Role
from hearback.settings import PACKAGE
from hearback.web.forms import fields_of
from hearback.web.live import tell
from tests.people.test_matrix import DESK, Route, a_house

WORDS = "Die Steine sehen gleich aus."
KNOWN = {
    "reason": ["Das beschimpft Menschen."],
    "rule": ["1"],
    "heard_as": ["insult"],
    "part": ["Steine"],
    "answer": ["Wir haben noch einmal genau gelesen."],
    "back": ["search"],
    "words": ["Ein paar Worte dazu."],
}
HIDING = {
    "POST /inbox/{response_id:uuid}/covering",
    "POST /inbox/{response_id:uuid}/setting-aside",
    "POST /moderation/deeds",
    "POST /questions/{question_id:uuid}/entry/{response_id:uuid}/mistake",
    "POST /themes/setting-aside",
}


class Way(Struct, frozen=True):
    """One route, and what its forms would take."""

    route: Route
    forms: list[type[Struct]]


def ways() -> Iterator[Way]:
    for route in build_app().routes:
        if not route.path.startswith(DESK):
            continue
        for handler in {id(h): h for h in route.route_handlers if isinstance(h, HTTPRouteHandler)}.values():
            if "POST" in handler.http_methods:
                fn = handler.fn
                named = re.findall(r"read_form\(\s*(\w+)", inspect.getsource(fn))
                forms = [fn.__globals__[name] for name in named if name in fn.__globals__]
                yield Way(Route("POST", route.path, handler.opt.get("may"), streams=False), forms)


def filled(forms: list[type[Struct]], ids: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Every mix of what can be chosen in the forms of a route, with something fitting in each other field."""
    fields = {field.name: field for form in forms for field in fields_of(form)}
    given = {name: texts for name, field in fields.items() if (texts := _fitting(field, ids))}
    for mix in itertools.islice(itertools.product(*given.values()), 12):
        yield dict(zip(given, mix, strict=True))


def _fitting(field: Any, ids: dict[str, Any]) -> list[str]:
    if field.name in KNOWN:
        return KNOWN[field.name]
    if field.name.removesuffix("s") in ids:
        return [str(ids[field.name.removesuffix("s")])]
    if get_origin(field.kind) is Literal:
        return [str(one) for one in get_args(field.kind)]
    return []


async def stands(company: Any, response: Any) -> tuple[Any, Any]:
    """What everybody finds of the answer: whether it counts, and its words."""
    return (
        await fetch_value("select state from response where id = $1", response),
        await fetch_value("select string_agg(words, '|') from answer where response = $1", response),
    )


async def figures(company: Any) -> tuple[Any, Any]:
    months = await public.months(company.id)
    return months, await public.by_rule(company.id, since=date(2020, 1, 1))


async def as_before(company: Any, response: Any) -> None:
    async with transaction():
        await execute("delete from cover where response = $1", response)
        await execute(
            """update response set state = 'counted', reason = '', rule = null, set_aside_by = null, flag = '',
                      ended_on = null
               where id = $1""",
            response,
        )
        await execute("update answer set words = $2, own_words = null where response = $1", response, WORDS)
        await tell(company.id, "public")


@pytest.fixture
async def house(app):
    """Its answer came on paper, and its admin typed it in, so that they may also take out a slip of theirs."""
    async for house in a_house(app, "kranich"):
        await execute(
            "update response set channel = 'paper', entered_by = $2 where id = $1",
            house.ids["response"],
            house.browsers[Role.ADMIN].member.id,
        )
        yield house


async def test_every_desk_route_that_hides_an_answer_changes_public_sums_and_leaves_an_entry(house):
    company, response = house.company, house.ids["response"]
    admin, hiding, holes = house.browsers[Role.ADMIN], set(), []
    leaves = "select count(*) from ledger_leaf where subject = $1"
    for way in ways():
        for given in filled(way.forms, house.ids):
            await as_before(company, response)
            before, entries = await stands(company, response), await fetch_value(leaves, response)
            sums = await figures(company)
            await admin.post(way.route.below(house.ids), given)
            if await stands(company, response) == before:
                continue
            hiding.add(str(way.route))
            if await fetch_value(leaves, response) == entries:
                holes.append(f"{way.route} with {given}: no entry")
            if await figures(company) == sums:
                holes.append(f"{way.route} with {given}: no public figure")
    assert holes == []
    assert hiding == HIDING


def changing() -> Iterator[str]:
    """Where in the source an answer may stop being seen, or its words change."""
    hides = re.compile(
        r"update response(?: r)? set state|update answer set (?:words|own_words)|delete from (?:answer|response) "
    )
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / "bench"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and hides.search(node.value):
                yield path.relative_to(PACKAGE).as_posix()


def test_no_other_place_of_the_source_hides_anything():
    """Whoever adds one says here which rule of the ledger it follows."""
    members = {"answering/commands.py", "moderation/commands/covering.py"}
    fans = {"receipts/commands.py", "answering/erasing.py", "answering/confirming.py"}
    typed_in = {"answering/entering.py"}
    program = {"answering/judging.py", "answering/trusting.py"}
    drafts = {
        "asking/commands/opening.py",
        "asking/commands/writing.py",
    }  # tests of a draft, thrown away at opening; never shown

    assert set(changing()) - members - typed_in - fans - program - drafts == set()


async def test_what_everybody_sees_adds_up_and_names_no_member(house, fan):
    company, response, admin = house.company, house.ids["response"], house.browsers[Role.ADMIN]
    why = {"reason": "Das beschimpft Menschen.", "rule": "1", "heard_as": "insult"}
    await admin.post(f"/inbox/{response}/covering", why | {"part": "Steine"})
    covered = (await fan.get("/kranich/moderation")).text
    await admin.post(f"/inbox/{response}/setting-aside", why)
    page = (await fan.get("/kranich/moderation")).text

    assert "Teile verdeckt" in covered and "Regel 1" in covered
    (month,) = await public.months(company.id)
    assert (month.received, month.set_aside, month.covered) == (1, 1, 1)
    assert 'href="/kranich/rules#rule-1"' in page
    assert await ENGINE.pool.fetchval("select bool_and(strpos($1, name) = 0) from member", page)
    assert "What we show" in (await fan.get("/kranich/moderation?lang=en")).text
    assert "/kranich/moderation" in (await fan.get("/kranich/rules")).text


def test_nowhere_in_the_room_is_anything_counted_by_person():
    counted = re.compile(r"count\(|sum\(|rank\(|avg\(")
    person = re.compile(r"\bset_aside_by\b|\bhanded_over_by\b|\bm\.name\b|[a-z]\.by\b|group by by\b")
    found = []
    for path in sorted((PACKAGE / "moderation").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                if counted.search(text) and person.search(text):
                    found.append((path.name, text[:80]))
    assert found == []


async def test_no_table_keeps_a_figure_of_a_member(pool):
    figures_of_members = await ENGINE.pool.fetch(
        """select c.table_name, c.column_name from information_schema.columns c
           where c.table_schema = 'public' and c.column_name ~ '(score|rank|points|hostile|handled|errors|mistakes)'
             and exists (select from pg_constraint k where k.conrelid = c.table_name::regclass
                         and k.confrelid = 'member'::regclass)"""
    )
    assert [tuple(row) for row in figures_of_members] == []
