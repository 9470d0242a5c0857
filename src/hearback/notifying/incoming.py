"""What a mail that came in is, and what of it is kept. No database, no web.

A mail belongs to one of ours by the Message-ID that it answers or reports: that is random, and only who got our mail
knows it. An address that merely stands in a text is believed by nobody.
"""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from email.utils import parseaddr
from enum import StrEnum
from html.parser import HTMLParser
from uuid import UUID

from msgspec import Struct

LARGEST = 300_000  # bytes that are read of one mail
LONGEST_WORDS = 10_000
LONGEST_SUBJECT = 200
MOST_PARTS = 60
OURS = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
WROTE = re.compile(
    r"(?im)^(am|on|le|il|el)\b[^\n]{5,200}?\n?\b(schrieb|wrote|écrit|scritto|escribió)\b"
    r"[^\n]{0,160}(\n[^\n]{0,160})?:[ ]*$"
)
BREAKS = re.compile(
    r"^(-{2,} ?(original message|ursprüngliche nachricht|urspr. nachricht).*|_{10,}|(von|from): .+@.+)$", re.I
)
UNSEEN_SIGNS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
AUTOMATIC = ("x-autoreply", "x-autorespond", "x-auto-response-suppress")


class PostKind(StrEnum):
    """BOUNCE came back for good; DELAY may still arrive; AUTO was written by a program (RFC 3834)."""

    LETTER = "letter"
    BOUNCE = "bounce"
    DELAY = "delay"
    COMPLAINT = "complaint"
    AUTO = "auto"


class Incoming(Struct, frozen=True):
    """key: the same for the same mail, however often it is fetched. answers: our mails that it names, the nearest
    first. status: of a bounce, such as 5.1.1. quoted: what stands below or between as a quote. dropped: attachments;
    cut: it was longer than what is kept."""

    key: bytes
    kind: PostKind
    answers: list[UUID]
    status: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    words: str = ""
    quoted: str = ""
    dropped: int = 0
    cut: bool = False


def read_mail(raw: bytes) -> Incoming:
    """Never raises: whoever writes the strangest mail is still read as far as it goes."""
    mail = message_from_bytes(raw[:LARGEST], policy=default)
    parts = _parts(mail)
    kind, status = _kind(mail, parts)
    named = _named(mail) if kind in (PostKind.LETTER, PostKind.AUTO) else _reported(parts)
    found = Incoming(_key(mail, raw), kind, _ours(named), status)
    return _with_words(found, mail, parts, cut=len(raw) > LARGEST) if kind is PostKind.LETTER else found


def _kind(mail: Message, parts: list[Message]) -> tuple[PostKind, str]:
    types = {part.get_content_type() for part in parts}
    if "message/feedback-report" in types:
        return PostKind.COMPLAINT, ""
    if "message/delivery-status" in types:
        return _bounce(parts)
    automatic = _header(mail, "auto-submitted").lower() not in ("", "no")
    precedence = _header(mail, "precedence").lower() in ("bulk", "junk", "list", "auto_reply")
    nobody = _header(mail, "return-path") == "<>"
    if automatic or precedence or nobody or any(_header(mail, name) for name in AUTOMATIC):
        return PostKind.AUTO, ""
    return PostKind.LETTER, ""


def _bounce(parts: list[Message]) -> tuple[PostKind, str]:
    """RFC 3464: failed for good only where it says both `failed` and a status of 5."""
    text = "\n".join(_raw(part) for part in parts if part.get_content_type() == "message/delivery-status")
    failed = re.search(r"(?im)^action:\s*failed\b", text)
    status = re.search(r"(?im)^status:.*", text)
    code = STATUS.search(status.group()) if status else None
    if failed and code and code[1].startswith("5"):
        return PostKind.BOUNCE, code[1]
    return PostKind.DELAY, code[1] if code else ""


def _named(mail: Message) -> str:
    """What it answers comes first, then what was before it, the newest first."""
    references = _header(mail, "references").split()
    return " ".join([_header(mail, "in-reply-to"), *reversed(references)])[:20_000]


def _reported(parts: list[Message]) -> str:
    """The Message-ID of the mail that is reported about, from its headers as they came back."""
    found = []
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            found += [_header(one, "message-id") for one in inner if isinstance(one, Message)][:1]
        elif part.get_content_type() == "text/rfc822-headers":
            found += re.findall(r"(?im)^message-id:\s*(\S{1,400})", _raw(part))[:1]
    return " ".join(found)


def _ours(named: str) -> list[UUID]:
    found = [UUID(id_) for id_ in OURS.findall(named)]
    return list(dict.fromkeys(found))[:20]


def _with_words(found: Incoming, mail: Message, parts: list[Message], *, cut: bool) -> Incoming:
    text = _text(parts)
    words, quoted = unfolded(text[: LONGEST_WORDS * 4])
    name, address = parseaddr(_header(mail, "from"))
    return Incoming(
        found.key,
        found.kind,
        found.answers,
        sender=address[:254] if address.isprintable() else "",
        sender_name=_clean(name)[:100],
        subject=_clean(_header(mail, "subject")).replace("\n", " ")[:LONGEST_SUBJECT],
        words=words[:LONGEST_WORDS],
        quoted=quoted[:LONGEST_WORDS],
        dropped=sum(1 for part in parts if _is_attached(part)),
        cut=cut or len(text) > LONGEST_WORDS * 4 or len(words) > LONGEST_WORDS,
    )


def unfolded(text: str) -> tuple[str, str]:
    """What somebody wrote, and what they quote: what is behind a `>`, and all below a signature or a mail's head."""
    marked = WROTE.sub(lambda found: "> " + found.group().replace("\n", "\n> "), _clean(text))
    own: list[str] = []
    quoted: list[str] = []
    lines = marked.split("\n")
    for at, line in enumerate(lines):
        if line == "-- " or BREAKS.match(line.strip()[:400]):
            quoted += lines[at:]
            break
        if line.lstrip().startswith(">"):
            quoted.append(line.lstrip("> \t"))
        else:
            own.append(line)
    return _tidy(own), _tidy(quoted)


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _text(parts: list[Message]) -> str:
    """Plain text where there is some, else what the HTML says without its marks."""
    shown = [part for part in parts if not _is_attached(part)]
    for part in shown:
        if part.get_content_type() == "text/plain":
            return _raw(part)
    for part in shown:
        if part.get_content_type() == "text/html":
            reader = _TextOnly()
            reader.feed(_raw(part))
            return "".join(reader.text)
    return ""


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._hidden += tag in ("script", "style", "head")
        if tag in ("br", "p", "div", "tr", "li", "blockquote"):
            self.text.append("\n> " if tag == "blockquote" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "head") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(re.sub(r"\s+", " ", data))


def _parts(mail: Message) -> list[Message]:
    return [part for part, _ in zip(_walk(mail, 0), range(MOST_PARTS), strict=False)]


def _walk(mail: Message, depth: int) -> Iterator[Message]:
    """Not into mails that are attached: their words are not this sender's."""
    yield mail
    if mail.get_content_maintype() == "multipart" and depth < 8:
        for part in mail.get_payload():
            if isinstance(part, Message):
                yield from _walk(part, depth + 1)


def _is_attached(part: Message) -> bool:
    if part.get_content_maintype() == "multipart":
        return False
    return part.get_content_disposition() == "attachment" or part.get_content_maintype() not in ("text",)


def _raw(part: Message) -> str:
    """Its text, whatever its encoding claims to be."""
    if part.get_content_maintype() == "message":
        return "\n".join(one.as_string() for one in part.get_payload() if isinstance(one, Message))
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, UnicodeError):
        return data.decode("utf-8", "replace")


def _header(mail: Message, name: str) -> str:
    """Headers that the library cannot read are empty: it raises what it likes there."""
    try:
        return str(mail.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""


def _clean(text: str) -> str:
    return UNSEEN_SIGNS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _key(mail: Message, raw: bytes) -> bytes:
    name = _header(mail, "message-id")
    return hashlib.sha256(name.encode("utf-8", "replace") if name else raw).digest()
