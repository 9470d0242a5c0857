"""Every form that is there, given everything a form should not be given: a clear no, nothing saved, never a 500.

The routes come from the app itself, so a new form is tried too.
"""

import re

import pytest
from litestar.handlers import HTTPRouteHandler

from hearback.app import build_app
from hearback.database.engine import fetch_value
from tests import made
from tests.people.test_matrix import a_house, everything

PARAMETER = re.compile(r"{(\w+):(\w+)}")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIELDS = [
    "title",
    "words",
    "name",
    "email",
    "code",
    "kind",
    "reason",
    "theme",
    "due_on",
    "verdict",
    "quoting",
    "state",
]


def posts():
    for route in build_app().routes:
        for handler in getattr(route, "route_handlers", []):
            if isinstance(handler, HTTPRouteHandler) and "POST" in handler.http_methods:
                yield route.path


POSTS = sorted(set(posts()))


def bodies(csrf):
    """What is sent, by what is wrong with it. The token is right: the content is what is tried here."""
    token = f"_csrf={csrf}&".encode()
    everything_at_once = "&".join(f"{name}=x" for name in FIELDS).encode()
    return {
        "nothing": (token, FORM),
        "an unknown field": (token + b"who=me&role=admin", FORM),
        "a NUL": (token + b"words=a%00b&code=a%00b&email=a%00b", FORM),
        "broken UTF-8": (token + b"words=%FF%FE&code=%C3%28", FORM),
        "several values of one field": (token + everything_at_once + b"&" + everything_at_once, FORM),
        "too long": (token + b"&".join(f"{name}={'x' * 9000}".encode() for name in FIELDS), FORM),
        "wrong types": (token + b"&".join(f"{name}=%F0%9F%92%A9".encode() for name in FIELDS), FORM),
        "10 MB": (token + b"words=" + b"x" * 10_000_000, FORM),
        "JSON": (b'{"words": "x"}', {"Content-Type": "application/json", "X-CSRF-Token": csrf}),
        "broken parts": (
            b"--x\r\n\r\n",
            {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": csrf},
        ),
        "500 fields": (token + b"&".join(f"f{n}=1".encode() for n in range(500)), FORM),
    }


@pytest.fixture
async def house(app):
    async for house in a_house(app, "kranich"):
        yield house


@pytest.mark.parametrize("path", POSTS)
async def test_no_bad_input_breaks_a_form_or_leaves_a_trace(house, path):
    admin = house.browsers["admin"]
    slug = await fetch_value("select slug from question where company = $1 limit 1", house.company.id)
    known = {"company_slug": "kranich", "question_slug": slug, "token": "x" * 43}

    def filled(found):
        name, kind = found[1], found[2]
        if kind == "uuid":
            return str(house.ids.get(name.removesuffix("_id"), made.some_id()))
        return known.get(name, "1")

    address = PARAMETER.sub(filled, path)
    for wrong, (body, headers) in bodies(admin.csrf).items():
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
