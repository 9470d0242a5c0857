"""No address that an admin names leads into our own network, whatever it is called."""

import asyncio
import socket

import pytest
from httpcore import ConnectError

from hearback.webhooks import reaching
from hearback.webhooks.reaching import NotReached

INNER = [
    "127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "0", "0.0.0.0",
    "localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "10.0.0.1",
    "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "169.254.0.1", "100.64.0.1",
    "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "192.88.99.1", "192.88.99.1.nip.invalid", "[::7f00:1]", "[::ffff:0:7f00:1]",
    "[64:ff9b:1::7f00:1]", "[fec0::1]", "[3fff::1]", "[5f00::1]", "[100::1]", "[2001:db8::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", INNER)
async def test_no_inner_address_is_called(host, monkeypatch):
    gone_to = []

    async def connect(_self, where, *_more, **_named):
        gone_to.append(where)
        raise OSError

    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect)
    with pytest.raises(NotReached, match=r"private-network|not-there"):
        await reaching.call("POST", f"http://{host}:9/", {}, b"{}", private=False)
    assert gone_to == []


@pytest.mark.parametrize(
    "address",
    ["https://social.example/users/mïa", "https://söcial.example/", "https://", "https:///x", "https://a b/",
     "https://x.invalid:99999/", "https://[::1", "ftp://a.example/", "", "https://a..b/",
     f"https://{'a' * 300}.example/"],
)  # fmt: skip
async def test_what_is_no_address_is_not_there(address):
    """A peer in the fediverse writes addresses as it likes."""
    with pytest.raises(NotReached, match="not-there"):
        await reaching.call("GET", address, {}, private=False)


async def test_where_one_address_of_a_name_is_dead_the_next_is_tried(monkeypatch):
    async def two(_host, port, **_more):
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:2800:220:1::1", port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port)),
        ]

    gone_to = []

    async def connect(_self, where, *_more, **_named):
        gone_to.append(where)
        raise ConnectError

    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", two)
    with pytest.raises(NotReached, match="not-there"):
        await reaching.call("POST", "http://two.example/", {}, b"", private=False)
    assert gone_to == ["2606:2800:220:1::1", "93.184.216.34"]


async def _canary():
    """A server that counts who comes, and sends everybody on to itself."""
    came = []

    async def answer(reader, writer):
        came.append(await reader.read(2000))
        where = f"http://127.0.0.1:{port}/again".encode()
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: " + where + b"\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    return server, port, came


async def test_a_name_that_leads_inside_is_not_followed_and_one_that_turns_neither(monkeypatch):
    """Rebinding: the name is resolved once, and the connection goes to the address that was looked at."""
    server, port, came = await _canary()
    loop, asked = asyncio.get_running_loop(), []

    async def turning(host, _port, **_more):
        asked.append(host)
        where = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    async def both(_host, _port, **_more):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in ("93.184.216.34", "127.0.0.1")
        ]

    gone_to = []

    async def connect(_self, host, *_more, **_named):
        gone_to.append(host)
        raise OSError

    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect)
    monkeypatch.setattr(loop, "getaddrinfo", turning)
    with pytest.raises(NotReached, match="not-there"):
        await reaching.call("POST", f"http://turning.example:{port}/", {}, b"{}", private=False)
    assert (asked, gone_to) == (["turning.example"], ["93.184.216.34"])

    monkeypatch.setattr(loop, "getaddrinfo", both)
    with pytest.raises(NotReached, match="private-network"):
        await reaching.call("POST", f"http://both.example:{port}/", {}, b"{}", private=False)

    assert came == []
    server.close()


async def test_a_redirect_is_a_reply_and_nobody_is_sent_on():
    server, port, came = await _canary()

    reply = await reaching.call("POST", f"http://127.0.0.1:{port}/", {"x-a": "b"}, b"{}", private=True)

    assert (reply.status, reply.taken, len(came)) == (302, False, 1)
    server.close()


async def test_what_is_too_long_is_left(monkeypatch):
    async def answer(reader, writer):
        await reader.read(2000)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 4000)
        await writer.drain()
        writer.close()

    monkeypatch.setattr(reaching, "MOST_BYTES", 1000)
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    with pytest.raises(NotReached, match="too-much"):
        await reaching.call("POST", f"http://127.0.0.1:{port}/", {}, b"", private=True)
    server.close()


async def test_who_says_nothing_is_left(monkeypatch):
    async def silent(reader, writer):
        await reader.read()
        writer.close()

    monkeypatch.setattr(reaching, "TIMEOUTS", dict.fromkeys(reaching.TIMEOUTS, 0.05))
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    with pytest.raises(NotReached, match="too-slow"):
        await reaching.call("POST", f"http://127.0.0.1:{port}/", {}, b"", private=True)
    server.close()


async def test_who_says_a_sign_now_and_then_is_left_too(monkeypatch):
    """Each step is quick enough; all of them together are not."""

    async def dripping(reader, writer):
        await reader.read(2000)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass

    monkeypatch.setattr(reaching, "ALL_IN_ALL_S", 0.3)
    server = await asyncio.start_server(dripping, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async with asyncio.timeout(3):
        with pytest.raises(NotReached, match="too-slow"):
            await reaching.call("POST", f"http://127.0.0.1:{port}/", {}, b"", private=True)
    server.close()
