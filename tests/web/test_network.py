"""Which network a request counts for, and that nobody chooses it themselves."""

import pytest
from litestar.testing import RequestFactory

from hearback.web.network import UNKNOWN, client_network, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        (" 203.0.113.7:4711 ", "203.0.113.0/24"),
        ("2001:db8:1:2ff:3::1", "2001:db8:1:200::/56"),
        ("[2001:db8:1:2ff::1]:443", "2001:db8:1:200::/56"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", UNKNOWN),
        ("somewhere", UNKNOWN),
    ],
)
def test_an_address_is_only_known_by_its_network(address, network):
    assert network_of(address) == network


def asked(*forwarded: str):
    request = RequestFactory().get(
        "/", headers={"x-forwarded-for": ", ".join(forwarded)} if forwarded else {}
    )
    request.scope["client"] = ("198.51.100.9", 1234)
    return request


def test_without_a_proxy_nobody_is_believed_about_where_they_come_from():
    assert client_network(asked("203.0.113.7")) == "198.51.100.0/24"


def test_behind_one_proxy_only_its_own_entry_counts(setting):
    setting("HEARBACK_TRUSTED_PROXIES", "1")

    assert client_network(asked("1.1.1.1", "2.2.2.2", "203.0.113.7")) == "203.0.113.0/24"


def test_behind_two_proxies_the_outer_ones_entry_counts(setting):
    setting("HEARBACK_TRUSTED_PROXIES", "2")

    assert client_network(asked("1.1.1.1", "203.0.113.7", "10.0.0.1")) == "203.0.113.0/24"
    assert client_network(asked("203.0.113.7")) == "198.51.100.0/24"
