"""RFC 9421, with the standard's own example, and with peers that say less, or something else, than they signed."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hearback.clock import now
from hearback.database.engine import fetch_value
from hearback.fediverse import message_signing
from hearback.fediverse.message_signing import read_message_claim
from hearback.fediverse.signing import Doubtful, check, signed_headers
from hearback.jobs import do_all_now
from tests.fediverse.conftest import AS, KEYS, OTHER_KEYS, Peer

# RFC 9421, 4.3 (the proxy's signature) and B.1.1
STANDARDS_KEY = """-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----
"""
STANDARDS_AT = datetime.fromtimestamp(1618884480, UTC)
STANDARDS_BODY = b'{"hello": "world"}'
STANDARDS_HEADERS = {
    "date": "Tue, 20 Apr 2021 02:07:56 GMT",
    "content-type": "application/json",
    "content-length": "18",
    "forwarded": "for=192.0.2.123;host=example.com;proto=https",
    "content-digest": "sha-512=:"
    "WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "signature-input": 'proxy_sig=("@method" "@authority" "@path" "content-digest" "content-type" "content-length" '
    '"forwarded");created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540',
    "signature": "proxy_sig=:S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOa"
    "YmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RA"
    "GhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+Yu"
    "I87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==:",
}
MIA = "https://social.example/users/mia"
AT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
TARGET = "/kranich/actor/inbox"
HOUSE = "https://log.example"
BODY = b'{"type":"Follow"}'
NAMES = ("@method", "@target-uri", "content-digest")


def digest_of(body: bytes, name: str = "sha-256") -> str:
    made = hashlib.new(name.replace("-", ""), body).digest()
    return f"{name}=:{base64.b64encode(made).decode()}:"


def message(
    body: bytes = BODY, *, names=NAMES, house: str = HOUSE, at: datetime = AT, key: str = KEYS[0],
    parameters: str = "", keyid: str = f"{MIA}#main-key", digest: str = "", target: str = TARGET,
) -> dict[str, str]:  # fmt: skip
    """Signed by hand as Mastodon's documents show it."""
    headers = {"content-digest": digest or digest_of(body), "content-type": "application/activity+json"}
    known = {"@method": "POST", "@target-uri": house + target, "@path": target, "@query": "?",
             "@authority": house.partition("//")[2]} | headers  # fmt: skip
    listed = " ".join(f'"{name}"' for name in names)
    told = f'({listed});created={int(at.timestamp())};keyid="{keyid}"{parameters}'
    text = "\n".join([*(f'"{name}": {known[name]}' for name in names), f'"@signature-params": {told}'])
    private = load_pem_private_key(key.encode(), password=None)
    signature = base64.b64encode(private.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()
    return headers | {"signature-input": f"sig1={told}", "signature": f"sig1=:{signature}:"}


def read(headers, body=BODY, *, method="POST", target=TARGET, house=HOUSE, at=AT):
    return read_message_claim(method, target, headers, body, house=house, now=at)


def test_the_example_of_the_standard_is_read_and_its_signature_checked(monkeypatch):
    def claim():
        return read(STANDARDS_HEADERS, STANDARDS_BODY, target="/foo", house="https://origin.host.internal.example",
                    at=STANDARDS_AT)  # fmt: skip

    with pytest.raises(Doubtful, match="components"):
        claim()  # its address is not signed whole
    monkeypatch.setattr(message_signing, "NEEDED", frozenset({"@method", "@path", "content-digest"}))
    check(claim(), STANDARDS_KEY)
    with pytest.raises(Doubtful, match="signature"):
        check(claim(), KEYS[1])


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"parameters": ';alg="rsa-v1_5-sha256";expires=1795374060;nonce="a b";tag="activitypub"'},
        {"names": ("content-type", *NAMES, "@authority", "@path", "@query")},
        {"digest": digest_of(BODY, "sha-512")},
        {"digest": f"{digest_of(BODY, 'sha-512')}, {digest_of(BODY)}"},
        {"digest": f"crc32c=:q1WCbw==:, {digest_of(BODY)}"},
    ],
)
def test_what_mastodons_documents_ask_for_is_taken(how):
    claim = read(message(**how))
    check(claim, KEYS[1])
    assert claim.key_id == f"{MIA}#main-key"


def test_spaces_that_the_grammar_allows_change_nothing():
    headers = message()
    loose = headers["signature-input"].replace('" "', '"   "').replace(";", ";  ").replace("(", "( ")
    check(read(headers | {"signature-input": loose}), KEYS[1])


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b'{"type":"Delete"}'},
        {"target": "/moor/actor/inbox"},
        {"target": f"{TARGET}?a=b"},
        {"method": "GET"},
        {"house": "https://other.example"},
        {"house": "http://log.example"},
        {"at": AT + timedelta(hours=12, minutes=1)},
        {"at": AT - timedelta(minutes=61)},
    ],
)
def test_nothing_that_was_changed_on_the_way_passes(changed):
    with pytest.raises(Doubtful):
        check(read(message(), **changed), KEYS[1])


@pytest.mark.parametrize("missing", NAMES)
def test_what_leaves_out_method_address_or_digest_is_refused(missing):
    with pytest.raises(Doubtful, match="components"):
        read(message(names=tuple(name for name in NAMES if name != missing)))


@pytest.mark.parametrize(
    "how",
    [
        {"parameters": ';alg="hmac-sha256"'},
        {"parameters": ';alg="rsa-pss-sha512"'},
        {"parameters": ";alg=1"},
        {"parameters": f";expires={int(AT.timestamp()) - 1}"},
        {"parameters": ';expires="never"'},
        {"parameters": ";created=1"},
        {"parameters": ';trust="me"'},
        {"parameters": ";sf"},
        {"keyid": ""},
        {"keyid": 'a\\"b'},
        {"at": datetime.fromtimestamp(999_999_999_999_999 // 10**5, UTC)},
        {"digest": digest_of(b"")},
        {"digest": f"{digest_of(BODY, 'sha-512')}, {digest_of(b'')}"},
        {"digest": f"{digest_of(BODY)}, {digest_of(BODY)}"},
        {"digest": "md5=:q1WCbw==:"},
        {"digest": "SHA-256=AAAA"},
        {"names": (*NAMES, "@method")},
    ],
)
def test_a_signature_that_says_too_little_or_something_odd_is_none(how):
    with pytest.raises(Doubtful):
        read(message(**how))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("signature-input", lambda said: said.replace('"content-digest"', '"content-digest";req')),
        ("signature-input", lambda said: said.replace('"@method"', '"@status"')),
        ("signature-input", lambda said: said.replace('"@method"', '"x-not-there" "@method"')),
        ("signature-input", lambda said: said.replace('"@method"', '"@Method"')),
        ("signature-input", lambda said: said.replace('" "', '""')),
        ("signature-input", lambda said: said.replace("sig1", "sig2")),
        ("signature-input", lambda said: f"{said}, sig2=()"),
        ("signature-input", lambda said: said.replace(";created=", ";was=")),
        ("signature-input", lambda said: said.replace(";created=", ";created=-")),
        ("signature-input", lambda said: f"{said} "[:-1] + "x" * 5000),
        ("signature-input", lambda _: ""),
        ("signature-input", lambda _: "sig1=" + "(" * 3000),
        ("signature", lambda said: said.replace("sig1", "sig2")),
        ("signature", lambda said: f"{said}, {said.replace('sig1', 'sig2')}"),
        ("signature", lambda said: f"{said}, {said}"),
        ("signature", lambda said: said.replace(":", "")),
        ("signature", lambda _: "sig1=:A:"),
        ("signature", lambda _: ""),
        ("content-digest", lambda _: ""),
    ],
)
def test_what_does_not_follow_the_standard_is_refused_before_any_key_is_asked_for(name, change):
    headers = message()
    with pytest.raises(Doubtful):
        read(headers | {name: change(headers[name])})
    with pytest.raises(Doubtful):
        read({key: value for key, value in headers.items() if key != "signature"})


async def post(peer: Peer, thing: dict, *, changed: dict[str, str] | None = None, **how) -> int:
    body = json.dumps({"@context": AS, "actor": MIA} | thing).encode()
    headers = message(body, **{"house": "http://test", "at": now()} | how) | (changed or {})
    return (await peer.fan.post(TARGET, content=body, headers=headers)).status_code


async def followers() -> int:
    return await fetch_value("select count(*) from fedi_follower")


async def test_whoever_signs_by_the_standard_follows_and_hears_back(open_house, peer):
    assert await post(peer, peer.follow()) == 202
    await do_all_now()
    assert await followers() == 1
    assert [one["type"] for one in peer.got] == ["Accept"]


async def test_of_several_keys_the_one_that_is_named_counts(open_house, peer):
    keys = [
        {"id": f"{MIA}#old", "owner": MIA, "publicKeyPem": OTHER_KEYS[1]},
        {"id": f"{MIA}#main-key", "owner": MIA, "publicKeyPem": KEYS[1]},
    ]
    peer.live_here(publicKey=keys)
    assert await post(peer, peer.follow(), keyid=f"{MIA}#old") == 202
    await do_all_now()
    assert await followers() == 0, "signed with another key than it names"
    assert await post(peer, peer.follow()) == 202
    await do_all_now()
    assert await followers() == 1


async def test_a_peer_that_lies_gets_nowhere(open_house, peer):
    old = signed_headers("POST", f"http://test{TARGET}", f"{MIA}#main-key", KEYS[0], body=BODY, now=now())
    assert await post(peer, peer.follow(), house="http://evil.example") == 202, "the key will show it"
    assert await post(peer, peer.follow(), key=OTHER_KEYS[0]) == 202
    assert await post(peer, peer.follow(), keyid="https://evil.example/users/mallory#main-key") == 202
    assert await post(peer, peer.follow(), names=("@method",)) == 401
    assert await post(peer, peer.follow(), at=now() - timedelta(hours=13)) == 401
    assert await post(peer, peer.follow(), digest=digest_of(b"{}")) == 401
    assert await post(peer, peer.follow(), parameters=';alg="ed25519"') == 401
    assert await post(peer, peer.follow(), changed={"signature": old["signature"]}) == 401, "not both ways"
    await do_all_now()
    assert (await followers(), peer.got) == (0, [])
