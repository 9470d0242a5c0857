"""A small server of the fediverse, on no network: what our house calls is answered from here or by our own app."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from msgspec import Struct

from hearback.clock import now
from hearback.fediverse.signing import check, new_keys, read_claim, signed_headers
from hearback.people.queries import Company
from hearback.webhooks import reaching
from hearback.webhooks.reaching import NotReached, Reply
from tests.changenotes.ready import Ready, ready
from tests.made import DeskBrowser

KEYS = new_keys()
OTHER_KEYS = new_keys()
AS = "https://www.w3.org/ns/activitystreams"


class Peer(Struct):
    """mia@social.example. `house` is what her server says at each address; `got` what it was sent, once the signature
    was checked with our actor's key as our house tells it; `status` what it says to that."""

    fan: httpx.AsyncClient
    house: dict[str, tuple[int, Any]]
    got: list[dict[str, Any]]
    name: str = "https://social.example/users/mia"
    status: int = 202

    def live_here(self, **more: Any) -> None:
        self.house[self.name] = (200, self.told() | more)

    def told(self) -> dict[str, Any]:
        return {
            "@context": [AS],
            "id": self.name,
            "type": "Person",
            "inbox": f"{self.name}/inbox",
            "publicKey": {"id": f"{self.name}#main-key", "owner": self.name, "publicKeyPem": KEYS[1]},
        }

    async def call(
        self, method: str, address: str, headers: dict[str, str], body: bytes | None = None, **_more: Any
    ) -> Reply:
        parts = urlsplit(address)
        if parts.netloc == "test":
            page = await self.fan.request(method, parts.path, headers=headers, content=body)
            return Reply(page.status_code, {}, page.content)
        if method == "POST":
            await self._take(parts.path, parts.netloc, headers, body or b"")
            return Reply(self.status if parts.hostname == "social.example" else 202, {}, b"")
        if address not in self.house:
            raise NotReached("not-there")
        status, told = self.house[address]
        return Reply(status, {}, json.dumps(told).encode())

    async def _take(self, path: str, host: str, headers: dict[str, str], body: bytes) -> None:
        claim = read_claim("POST", path, headers, body, host=host, now=now())
        actor = (await self.fan.get(urlsplit(claim.key_id).path)).json()
        assert actor["publicKey"]["id"] == claim.key_id
        check(claim, actor["publicKey"]["publicKeyPem"])
        self.got.append(json.loads(body))

    async def send(
        self, thing: dict[str, Any], *, to: str = "kranich", private: str = KEYS[0], key_id: str = "",
        at: datetime | None = None, **changed: str,
    ) -> int:  # fmt: skip
        body = json.dumps({"@context": AS, "actor": self.name} | thing).encode()
        address = f"http://test/{to}/actor/inbox"
        headers = signed_headers(
            "POST", address, key_id or f"{self.name}#main-key", private, body=body, now=at or now()
        )
        page = await self.fan.post(f"/{to}/actor/inbox", content=body, headers=headers | changed)
        return page.status_code

    def follow(self) -> dict[str, Any]:
        return {"id": "https://social.example/f/1", "type": "Follow", "object": "http://test/kranich/actor"}

    def reply(
        self,
        to: str | None,
        words: str = "<p>@kranich Blau und Lila auch.</p>",
        number: int = 1,
        **more: Any,
    ) -> dict[str, Any]:
        note = {
            "id": f"{self.name}/{number}",
            "type": "Note",
            "attributedTo": self.name,
            "inReplyTo": to,
            "content": words,
            "contentMap": {"de": words},
        } | more
        return {"id": f"{self.name}/{number}/activity", "type": "Create", "object": note}


@pytest.fixture
def peer(fan: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Peer:
    peer = Peer(fan, {}, [])
    peer.live_here()
    monkeypatch.setattr(reaching, "call", peer.call)
    return peer


@pytest.fixture
async def open_house(company: Company, desk: DeskBrowser) -> Ready:
    """Notes can go out, and there is an account; replies come to its question."""
    house = await ready(company)
    typed = {"active": "true", "question": str(house.question.id)}
    assert (await desk.post("/settings/fediverse", data=typed)).status_code == 303
    return house
