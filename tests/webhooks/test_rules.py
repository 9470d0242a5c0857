"""How a call is signed, and which addresses can be none."""

from datetime import timedelta

import pytest

from hearback.refusals import Refused
from hearback.webhooks.rules import (
    LONGEST_WAIT,
    check_address,
    leads_inside,
    new_secret,
    signature,
    wait_after,
)


def test_the_signature_is_that_of_the_standard():
    """The example that the makers of Standard Webhooks test their own libraries with.

    Their Python library (1.1.0) also took a real delivery of ours over HTTP on 2026-11-23, and refused it with
    another body, id, signature, or a time ten minutes back.
    """
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'

    said = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_secret_is_another():
    assert new_secret() != new_secret()
    assert new_secret().startswith("whsec_")


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("10.0.0.1", True),
        ("169.254.169.254", True),
        ("[::1]", True),
        ("[::ffff:127.0.0.1]", True),
        ("0x7f000001", True),
        ("2130706433", True),
        ("127.1", True),
        ("localhost", True),
        ("intranet", True),
        ("db.internal", True),
        ("machine.example.org", False),
        ("193.99.144.80", False),
        ("[2606:4700::1111]", False),
    ],
)
def test_an_address_inside_is_told_from_one_outside_before_anything_is_called(host, inside):
    assert leads_inside(f"https://{host}/x") is inside


def test_we_wait_longer_and_longer_but_not_for_ever():
    assert [wait_after(n) for n in (1, 2, 3)] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert wait_after(500) == LONGEST_WAIT


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/x",
        "ftp://example.com",
        "javascript:alert(1)",
        "//example.com",
        "https://",
        "https://user:word@example.com/",
        "https://example.com/#x",
        "https://example.com/a b",
        "https://exa mple.com/",
        "https://ex\tample.com/",
        "https://bücher.example/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://[::1/",
        "https://example.com/\r\nX: y",
    ],
)
def test_what_is_no_address_on_the_web_is_refused(address):
    with pytest.raises(Refused, match=r"webhook\.address-"):
        check_address(address, plain_http=False)


def test_an_address_is_kept_as_it_is():
    assert (
        check_address(" https://example.com:8443/a?b=c ", plain_http=False)
        == "https://example.com:8443/a?b=c"
    )
    assert check_address("http://127.0.0.1:9/", plain_http=True)
