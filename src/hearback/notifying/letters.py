"""A mail as people read it, and as it travels: HTML with its styles inlined, text, and headers nobody can break."""

import io
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from textwrap import wrap
from typing import Literal

import css_inline
from msgspec import Struct
from PIL import Image

from hearback.notifying.headers import WIDE_MAIL
from hearback.people.accent import accent
from hearback.settings import folder
from hearback.web.pages import render
from hearback.words.speaking import Words

FACE_SIDE = 112  # shown at 56
TEXT_WIDTH = 70
ODD = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]+")


class Block(Struct, frozen=True):
    """tongue: the language of the words; url: of a button, a link, or a heading that leads somewhere.

    lines: as they were typed, with their paragraphs.
    """

    kind: Literal["words", "quote", "lines", "markdown", "heading", "button", "link"]
    words: str
    tongue: str
    url: str = ""


class Signer(Struct, frozen=True):
    """face: JPEG, or empty."""

    name: str
    role: str
    face: bytes = b""


class Letter(Struct, frozen=True):
    """What one mail says. tongue: the language of the subject; foot: how many more come; stop: the way out, empty where
    no more can come."""

    subject: str
    tongue: str
    house: str
    colour: str
    blocks: list[Block]
    signer: Signer | None
    foot: list[str]
    stop: str
    stop_url: str
    face_id: str = "face"


class Envelope(Struct, frozen=True):
    """message_id, thread: without <>; thread: the mail that this one belongs under, empty for the first.

    one_click: where a mail program posts to when its reader wants no more (RFC 8058); empty for a mail of no list.
    """

    to: str
    sender: str
    sender_name: str
    reply_to: str
    message_id: str
    thread: str
    list_id: str
    one_click: str
    at: datetime


def as_message(letter: Letter, envelope: Envelope, words: Words) -> EmailMessage:
    """Headers are written by the standard library, from text without any line end."""
    message = EmailMessage(policy=WIDE_MAIL)
    name, _, domain = envelope.sender.rpartition("@")
    message["From"] = Address(one_line(envelope.sender_name), username=name, domain=domain)
    message["To"] = _address(envelope.to)
    if envelope.reply_to and envelope.reply_to != envelope.sender:
        message["Reply-To"] = _address(envelope.reply_to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(envelope.at)
    message["Message-ID"] = f"<{envelope.message_id}>"
    if envelope.thread:
        message["In-Reply-To"] = f"<{envelope.thread}>"
        message["References"] = f"<{envelope.thread}>"
    if envelope.one_click:
        message["List-ID"] = f"<{envelope.list_id}>"
        message["List-Unsubscribe"] = f"<{envelope.one_click}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = words.lang
    message.set_content(as_text(letter, words), cte="quoted-printable")
    message.add_alternative(as_html(letter, words), subtype="html", cte="quoted-printable")
    if letter.signer and letter.signer.face:
        html = message.get_payload()[1]  # type: ignore[index]
        html.add_related(  # type: ignore[union-attr]
            letter.signer.face, "image", "jpeg", cid=f"<{letter.face_id}>", disposition="inline"
        )
    return message


def as_html(letter: Letter, words: Words) -> str:
    return _inliner(letter.colour).inline(render("mail/letter.html", words, letter=letter))


def as_text(letter: Letter, words: Words) -> str:
    parts = [_block(block) for block in letter.blocks]
    if letter.signer:
        role = f"{letter.signer.role}, {letter.house}" if letter.signer.role else letter.house
        parts.append(f"{letter.signer.name}\n{role}\n{words.say('mail.just-reply')}")
    stop = [f"{letter.stop}:\n{letter.stop_url}"] if letter.stop else []
    parts.append("\n".join(["-- ", *(_wrapped(line) for line in letter.foot), *stop]))
    return "\n\n".join(parts) + "\n"


def one_line(words: str) -> str:
    """What may stand in a header."""
    return ODD.sub(" ", words).strip()


def small_face(webp: bytes) -> bytes:
    """JPEG, which every mail program shows."""
    written = io.BytesIO()
    with Image.open(io.BytesIO(webp), formats=["WEBP"]) as picture:
        small = picture.convert("RGB").resize((FACE_SIDE, FACE_SIDE), Image.Resampling.LANCZOS)
    small.save(written, "JPEG", quality=82)
    return written.getvalue()


def _address(address: str) -> Address:
    name, _, domain = address.rpartition("@")
    return Address("", username=name, domain=domain)


def _block(block: Block) -> str:
    if block.kind == "quote":
        return "\n".join(f"> {line}".rstrip() for line in _wrapped(block.words, TEXT_WIDTH - 2).split("\n"))
    words = _wrapped(block.words)
    return f"{words}\n{block.url}" if block.url else words


def _wrapped(words: str, width: int = TEXT_WIDTH) -> str:
    """Paragraphs stay; a long address is never broken. A non-breaking space would look broken in many programs."""
    lines = words.replace("\N{NO-BREAK SPACE}", " ").strip().split("\n")
    return "\n".join(
        "\n".join(wrap(line, width, break_long_words=False, break_on_hyphens=False)) for line in lines
    )


@lru_cache(maxsize=64)
def _inliner(colour: str) -> css_inline.CSSInliner:
    made = accent(colour)
    css = (folder("templates") / "mail" / "mail.css").read_text(encoding="utf-8")
    for name, value in (
        ("@accent_dark", made.dark),
        ("@on_accent", made.on_light),
        ("@on_dark", made.on_dark),
        ("@accent", made.light),
    ):
        css = css.replace(name, value)
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, extra_css=css)
