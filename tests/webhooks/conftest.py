"""A house whose calls go to nobody but a list."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import Struct

from hearback.clock import now
from hearback.people.queries import Company, Member
from hearback.settings import settings
from hearback.webhooks import commands, reaching
from hearback.webhooks.commands import WebhookForm
from hearback.webhooks.reaching import NotReached, Reply
from hearback.webhooks.rules import News
from tests import made
from tests.changenotes.ready import Ready, ready

ADDRESS = "https://hooks.example/in"


class Call(Struct):
    address: str
    headers: dict[str, str]
    body: bytes


class Wire(Struct):
    """What was called; `replies` says what comes back: a status, or why nobody was reached."""

    calls: list[Call]
    replies: list[int | str]

    async def call(
        self, _method: str, address: str, headers: dict[str, str], body: bytes | None = None, **_more: Any
    ) -> Reply:
        self.calls.append(Call(address, headers, body or b""))
        said = self.replies.pop(0) if self.replies else 200
        if isinstance(said, str):
            raise NotReached(said)
        return Reply(said, {}, b"")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire([], [])
    monkeypatch.setattr(reaching, "call", wire.call)
    return wire


@pytest.fixture
async def house(pool: None) -> Ready:
    return await ready(await made.a_company())


@pytest.fixture
def hooked() -> Callable[..., Any]:
    async def add(
        company: Company, by: Member, *, address: str = ADDRESS, kinds: list[News] | None = None
    ) -> str:
        form = WebhookForm(address, list(News) if kinds is None else kinds)
        return await commands.add(company.id, form, given=settings(), by=by, now=now())

    return add
