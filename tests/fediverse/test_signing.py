"""Signatures as the draft has them; nothing that was changed on the way passes."""

from datetime import UTC, datetime, timedelta

import pytest

from hearback.fediverse import signing
from hearback.fediverse.signing import Claim, Doubtful, check, digest_of, new_keys, read_claim, signed_headers

# draft-cavage-http-signatures-12, appendix C
DRAFTS_KEY = """-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----
"""
DRAFTS_AT = datetime(2014, 1, 5, 21, 31, 40, tzinfo=UTC)
DRAFTS_BODY = b'{"hello": "world"}'
DRAFTS_HEADERS = {
    "host": "example.com",
    "date": "Sun, 05 Jan 2014 21:31:40 GMT",
    "content-type": "application/json",
    "digest": "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
    "content-length": "18",
    "signature": 'keyId="Test",algorithm="rsa-sha256",'
    'headers="(request-target) host date content-type digest content-length",'
    'signature="vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V0'
    '1IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE="',
}
PRIVATE, PUBLIC = new_keys()
AT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
ADDRESS = "https://log.example/kranich/actor/inbox?a=b"
BODY = b'{"type":"Follow"}'


def test_the_example_of_the_draft_is_read_and_its_signature_checked(monkeypatch):
    claim = read_claim(
        "POST", "/foo?param=value&pet=dog", DRAFTS_HEADERS, DRAFTS_BODY, host="example.com", now=DRAFTS_AT
    )
    with pytest.raises(Doubtful, match="key"):
        check(claim, DRAFTS_KEY)  # of 1,024 bits, as in 2014
    monkeypatch.setattr(signing, "BITS", 1024)
    check(claim, DRAFTS_KEY)


def signed() -> dict[str, str]:
    return signed_headers("POST", ADDRESS, "https://a.example/actor#main-key", PRIVATE, body=BODY, now=AT)


def read(
    headers, body=BODY, *, method="POST", target="/kranich/actor/inbox?a=b", host="log.example", now=AT
) -> Claim:
    return read_claim(method, target, headers, body, host=host, now=now)


def test_what_we_sign_is_what_we_take():
    claim = read(signed())
    check(claim, PUBLIC)
    assert claim.key_id == "https://a.example/actor#main-key"
    assert signed()["date"] == "Sun, 22 Nov 2026 19:00:00 GMT"


@pytest.mark.parametrize(
    "changed",
    [
        {"body": b'{"type":"Delete"}'},
        {"target": "/moor/actor/inbox?a=b"},
        {"method": "GET"},
        {"host": "other.example"},
        {"now": AT + timedelta(hours=12, minutes=1)},
        {"now": AT - timedelta(minutes=61)},
    ],
)
def test_nothing_that_was_changed_on_the_way_passes(changed):
    with pytest.raises(Doubtful):
        check(read(signed(), **changed), PUBLIC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": ""},
        {"signature": "x" * 5000},
        {"signature": signed()["signature"].replace("digest", "")},
        {"signature": signed()["signature"].replace("(request-target)", "(created)")},
        {"signature": signed()["signature"].replace("host", "host host")},
        {"signature": signed()["signature"].replace("rsa-sha256", "hmac-sha256")},
        {"signature": signed()["signature"].replace('headers="', 'headers="x-missing ')},
        {"signature": signed()["signature"].replace('signature="', 'signature="!!')},
        {"digest": digest_of(b"")},
        {"digest": "MD5=abc"},
        {"date": "yesterday"},
        {"date": "Sun, 22 Nov 2026 19:00:00"},
    ],
)
def test_a_signature_that_does_not_say_enough_is_none(wrong):
    with pytest.raises(Doubtful):
        check(read(signed() | wrong), PUBLIC)


def test_another_key_does_not_fit():
    with pytest.raises(Doubtful):
        check(read(signed()), new_keys()[1])
    with pytest.raises(Doubtful):
        check(read(signed()), "no key")
