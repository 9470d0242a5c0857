"""Every form that is there, given everything a form should not be given: a clear no, nothing saved, never a 500.

The routes come from the app itself, so a new form is tried too; its fields are those that it looks for when it is
sent empty.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import EnumMeta
from typing import ClassVar
from urllib.parse import quote
from uuid import UUID

import pytest
from litestar.connection import base
from litestar.datastructures import MultiDict
from litestar.handlers import HTTPRouteHandler

from hearback.app import build_app
from hearback.database.engine import fetch_value
from hearback.web import forms, typed
from tests import made
from tests.people.test_matrix import a_house, everything

PARAMETER = re.compile(r"{(\w+):(\w+)}")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Where a form is not read as one Struct, or is never reached.
FIELDS = "title words name email code kind reason theme due_on verdict quoting state".split()  # noqa: SIM905


def paths(method):
    """Of all that is there, but for news that never end."""
    found = set()
    for route in build_app().routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler) and method in handler.http_methods:
                found |= {route.path} if "ServerSentEvent" not in str(handler.fn.__annotations__) else set()
    return sorted(found)


POSTS = paths("POST")


def bodies(csrf, fields, ids):
    """What is sent, by what is wrong with it. The token is right: the content is what is tried here."""
    token = f"_csrf={csrf}&".encode()
    names = list(fields) or FIELDS

    def each(value):
        return "&".join(f"{name}={value}" for name in names).encode()

    def at_the_edge(far):
        return "&".join(f"{name}={quote(edge(name, fields.get(name), far, ids))}" for name in names).encode()

    return {
        "an unknown field": (token + b"who=me&role=admin", FORM),
        "a NUL": (token + each("a%00b"), FORM),
        "broken UTF-8": (token + each("%FF%FE"), FORM),
        "several values of one field": (token + each("x") + b"&" + each("x"), FORM),
        "too long": (token + each("x" * 9000), FORM),
        "wrong types": (token + each("%F0%9F%92%A9"), FORM),
        "numbers past all bounds": (token + each("99999999999999999999"), FORM),
        "the end of the calendar": (token + each("9999-12-31"), FORM),
        "as far as the types go": (token + at_the_edge(True), FORM),
        "as little as the types take": (token + at_the_edge(False), FORM),
        "10 MB": (token + b"words=" + b"x" * 10_000_000, FORM),
        "JSON": (b'{"words": "x"}', {"Content-Type": "application/json", "X-CSRF-Token": csrf}),
        "broken parts": (
            b"--x\r\n\r\n",
            {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": csrf},
        ),
        "500 fields": (token + b"&".join(f"f{n}=1".encode() for n in range(500)), FORM),
    }


def edge(name, field, far, ids):
    """The last or the first value that the type of a field lets through."""
    if field is None:
        return "x" * (200 if far else 1)
    kinds = forms.plain_kinds(field.kind)
    if choice := next((kind for kind in kinds if isinstance(kind, EnumMeta)), None):
        return str(list(choice)[-1 if far else 0].value)
    if UUID in kinds:
        return str(ids.get(name.removesuffix("_id"), made.some_id()))
    if bool in kinds:
        return str(far).lower()
    if int in kinds or float in kinds:
        return str(2**63 - 1 if far else -(2**63))
    if datetime in kinds:
        return "2999-12-31T23:59" if far else "1900-01-01T00:00"
    if date in kinds:
        return "2999-12-31" if far else "1900-01-01"
    return "x" * (field.most or 200) if far else "x" * max(field.least, 1)


class Noticed(dict[str, list[str]]):
    """What was typed, which notes down for which fields somebody looks."""

    def __init__(self, given, looked_for):
        super().__init__(given)
        self.looked_for = looked_for

    def get(self, name, default=None):
        self.looked_for.setdefault(name, None)
        return super().get(name, default)

    def __contains__(self, name):
        self.looked_for.setdefault(name, None)
        return super().__contains__(name)


@pytest.fixture
def looked_for(monkeypatch) -> dict[str, forms.Field | None]:
    """Every field that was looked for, by name; with its type and limits where it belongs to a form."""
    found: dict[str, forms.Field | None] = {}
    fields_of, parse = forms.fields_of, typed.parse_urlencoded

    def noted(form) -> Iterable[forms.Field]:
        fields = fields_of(form)
        found.update({field.name: field for field in fields})
        return fields

    monkeypatch.setattr(forms, "fields_of", noted)
    monkeypatch.setattr(typed, "parse_urlencoded", lambda body, **how: Noticed(parse(body, **how), found))
    return found


@pytest.fixture
async def house(app):
    async for house in a_house(app, "kranich"):
        yield house


@pytest.mark.parametrize("path", POSTS)
async def test_no_bad_input_breaks_a_form_or_leaves_a_trace(house, looked_for, path):
    admin = house.browsers["admin"]
    slug = await fetch_value("select slug from question where company = $1 limit 1", house.company.id)
    known = {"company_slug": "kranich", "question_slug": slug, "token": "x" * 43}

    def filled(found):
        name, kind = found[1], found[2]
        if kind == "uuid":
            return str(house.ids.get(name.removesuffix("_id"), made.some_id()))
        return known.get(name, "1")

    address = PARAMETER.sub(filled, path)
    empty = await admin.browser.post(address, content=f"_csrf={admin.csrf}".encode(), headers=FORM)
    assert empty.status_code < 500
    fields = {name: field for name, field in looked_for.items() if name != "_csrf"}
    for wrong, (body, headers) in bodies(admin.csrf, fields, house.ids).items():
        before = await everything()
        reply = await admin.browser.post(address, content=body, headers=headers)
        assert reply.status_code < 500, f"{wrong}: {reply.status_code}"
        if reply.status_code >= 400:
            assert await everything() == before, f"{wrong}: refused, but something was saved"
            assert "text/html" in reply.headers["content-type"], wrong
        if wrong in NEVER_RIGHT and path not in ONE_BUTTON:
            assert reply.status_code in (404, 413, 422), f"{wrong}: {reply.status_code}"


NEVER_RIGHT = {"a NUL", "broken UTF-8", "10 MB", "500 fields"}
ONE_BUTTON = {"/out"}  # whatever else is sent along, the button was pressed


# -- addresses -----------------------------------------------------------------------------------
ODD = [
    "x" * 3000,
    "a%00b",
    "%FF%FE",
    "99999999999999999999",
    "-1",
    "9999-12-31",
    str(made.some_id()),
    "9999-12",
]


class Asked(MultiDict[str]):
    """What stands behind the question mark, which notes down for what somebody looks."""

    looked_for: ClassVar[set[str]] = set()

    def getall(self, key, *default):
        self.looked_for.add(key)
        return super().getall(key, *default)

    def get(self, key, default=None):
        self.looked_for.add(key)
        return super().get(key, default)

    def __contains__(self, key):
        self.looked_for.add(key)
        return super().__contains__(key)


async def test_no_address_breaks_a_page(house, monkeypatch):
    browser = house.browsers["admin"].browser
    monkeypatch.setattr(base, "MultiDict", Asked)
    slugs = "select slug from {} where company = $1 limit 1"
    known = {"company_slug": "kranich"}
    for table in ("note", "question"):
        known[f"{table}_slug"] = await fetch_value(slugs.format(table), house.company.id)
    broken, tried = [], set()

    async def get(path, texts, query=""):
        def filled(found):
            if found[2] == "uuid":
                return str(house.ids.get(found[1].removesuffix("_id"), made.some_id()))
            return texts.get(found[1], "1")

        address = PARAMETER.sub(filled, path) + query
        if (await browser.get(address)).status_code >= 500:
            broken.append(address[:120])

    for path in set(paths("GET")) - {"/health/ready"}:  # not ready: no worker runs here
        Asked.looked_for.clear()
        await get(path, known)
        looked_for = sorted(Asked.looked_for - {"lang"})
        tried.update(looked_for)
        for odd in ODD:
            for name in looked_for:
                await get(path, known, f"?{name}={odd}")
            for name in (
                name for name, kind in PARAMETER.findall(path) if kind == "str" and name != "company_slug"
            ):
                await get(path, known | {name: odd})

    assert broken == []
    assert tried >= {"words", "kind", "year", "theme", "before", "q"}
