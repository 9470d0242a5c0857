"""A small IMAP server for tests: one login, one folder, and the few commands that a mailbox is read with."""

import asyncio
import contextlib
import re
import ssl
import threading
from collections.abc import Iterator


class FakeImap:
    """mails: raw; seen: numbers that are marked as read. drops_after: hangs up after so many FETCH answers.
    starttls: what it speaks with from then on."""

    def __init__(self, login: str = "post@kranich.example", password: str = "geheim-7") -> None:
        self.login, self.password = login, password
        self.mails: list[bytes] = []
        self.seen: set[int] = set()
        self.drops_after: int | None = None
        self.logins = 0
        self.starttls: ssl.SSLContext | None = None
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(words: str | bytes) -> None:
            writer.write((words.encode() if isinstance(words, str) else words) + b"\r\n")

        say("* OK ready")
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := (await reader.readline()).decode().strip():
                tag, _, rest = line.partition(" ")
                if rest.upper().startswith("LOGOUT"):
                    say("* BYE")
                    say(f"{tag} OK LOGOUT")
                    break
                if rest.upper() == "STARTTLS" and self.starttls:
                    say(f"{tag} OK begin")
                    await writer.start_tls(self.starttls)
                    continue
                if not self._answered(tag, rest, say):
                    writer.transport.abort()
                    return
                await writer.drain()
        writer.close()

    def _answered(self, tag: str, rest: str, say) -> bool:
        """False: it hangs up instead."""
        upper = rest.upper()
        if upper.startswith("LOGIN"):
            good = rest.split(" ", 1)[1].replace('"', "") == f"{self.login} {self.password}"
            self.logins += good
            say(f"{tag} OK LOGIN" if good else f"{tag} NO [AUTHENTICATIONFAILED] wrong")
        elif upper.startswith("CAPABILITY"):
            say("* CAPABILITY IMAP4rev1" + (" STARTTLS" if self.starttls else ""))
            say(f"{tag} OK CAPABILITY")
        elif upper.startswith("SELECT"):
            good = upper == 'SELECT "INBOX"'
            say(f"* {len(self.mails)} EXISTS")
            say(f"{tag} OK [READ-WRITE] SELECT" if good else f"{tag} NO no such folder")
        elif upper == "UID SEARCH UNSEEN":
            unread = [str(n) for n in range(1, len(self.mails) + 1) if n not in self.seen]
            say(f"* SEARCH {' '.join(unread)}".rstrip())
            say(f"{tag} OK SEARCH")
        elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", upper):
            if self.drops_after is not None:
                if self.drops_after == 0:
                    return False
                self.drops_after -= 1
            number, raw = int(found[1]), self.mails[int(found[1]) - 1][: int(found[2])]
            say(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}".encode() + b"\r\n" + raw + b")")
            say(f"{tag} OK FETCH")
        elif found := re.match(r"UID STORE (\d+) \+FLAGS\.SILENT \(\\SEEN\)", upper):
            self.seen.add(int(found[1]))
            say(f"{tag} OK STORE")
        else:
            say(f"{tag} BAD {rest[:20]}")
        return True


@contextlib.contextmanager
def a_fake_imap(tls: ssl.SSLContext | None = None) -> Iterator[FakeImap]:
    """tls: spoken from the first byte."""
    box, loop, up = FakeImap(), asyncio.new_event_loop(), threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(asyncio.start_server(box.serve, "127.0.0.1", 0, ssl=tls))
        box.port = server.sockets[0].getsockname()[1]
        up.set()
        loop.run_forever()
        server.close()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    up.wait()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
