"""`plain-speech`: what in a text sounds like a press office, and the model that helps to find it."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import msgspec

from hearback.database.engine import connected, use_database
from hearback.plainspeech.checking import Reader
from hearback.plainspeech.own import OwnWords, own_remarks
from hearback.plainspeech.queries import own_words
from hearback.plainspeech.rules import Remark
from hearback.plainspeech.training import train
from hearback.refusals import Stopped
from hearback.terminal.at_hand import database
from hearback.terminal.checking import company_called
from hearback.terminal.given import settings_of
from hearback.terminal.saying import terminal_words
from hearback.themes.embedding import embed
from hearback.words.speaking import LANGUAGES, Words, words_for

TEXT_LANGUAGES = ("de", "en")
Read: TypeAlias = Callable[[str, str], list[Remark]]


class Unread(Exception):
    """args: why this line was left."""


class Line(msgspec.Struct):
    """One text of a JSON Lines file; more fields may stand there."""

    text: str
    id: Any = None
    lang: str = ""


def check(given: argparse.Namespace) -> None:
    """A file of JSON Lines gives JSON Lines; a plain text gives sentences, or one JSON line with --json."""
    written = sys.stdin.buffer.read() if str(given.file) == "-" else given.file.read_bytes()
    try:
        text = written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Stopped(f"{given.file} is not UTF-8: byte {error.start}") from None
    read, words = _reader(given), terminal_words()
    if text.lstrip().startswith("{"):
        unread = 0
        for number, line in enumerate(text.split("\n"), 1):
            try:
                if line.strip():
                    print(_as_json(read, *_line(line, given.lang), words))
            except Unread as error:
                unread += 1
                print(f"line {number}: {error}", file=sys.stderr)
        if unread:
            raise Stopped(f"{unread} of the lines could not be read; all others were")
    elif given.json:
        print(_as_json(read, Line(text), given.lang, words))
    else:
        for remark in read(text, given.lang or TEXT_LANGUAGES[0]):
            print("\n".join(_told(text, remark, words, given.lang)))


def _reader(given: argparse.Namespace) -> Read:
    """With the company's own words, where one is named."""
    reader, own = Reader(), []
    if given.company:
        with database(settings_of(given)) as urls:
            use_database(urls.app)
            own = asyncio.run(_asked(given.company))
    return lambda text, lang: sorted(
        own_remarks(text, own) + reader.remarks(text, lang), key=lambda remark: remark.start
    )


async def _asked(slug: str) -> list[OwnWords]:
    async with connected():
        return await own_words_of(slug)


async def own_words_of(slug: str) -> list[OwnWords]:
    """Raises Stopped where there is no such company."""
    return await own_words((await company_called(slug)).id)


def learn(_given: argparse.Namespace) -> None:
    print(f"written: {train(embed)}")


def _line(written: str, lang: str) -> tuple[Line, str]:
    """And its language: what is given, else what the line says, else German. Raises Unread."""
    try:
        line = msgspec.json.decode(written, type=Line)
    except msgspec.MsgspecError as error:
        raise Unread(error) from None
    lang = lang or line.lang or TEXT_LANGUAGES[0]
    if lang not in TEXT_LANGUAGES:
        raise Unread(f"{lang} is no language that we read, only {' and '.join(TEXT_LANGUAGES)}")
    return line, lang


def _as_json(read: Read, line: Line, lang: str, words: Words) -> str:
    lang = lang or TEXT_LANGUAGES[0]
    remarks = [_for_json(line.text, one, words, lang) for one in read(line.text, lang)]
    return msgspec.json.encode({"id": line.id, "remarks": remarks}).decode()


def _for_json(text: str, remark: Remark, words: Words, lang: str) -> dict[str, Any]:
    return {
        "start": remark.start,
        "end": remark.end,
        "words": text[remark.start : remark.end],
        "category": remark.category,
        "severity": remark.severity,
        "reason": words.say(f"plain.why.{remark.about}"),
        "better": better(remark, lang),
        "rule": remark.rule,
        "like": remark.like,
    }


def _told(text: str, remark: Remark, words: Words, lang: str) -> Iterator[str]:
    name = words.say(f"plain.category.{remark.category}")
    yield f"{remark.start}–{remark.end}  {name}: {text[remark.start : remark.end]}"
    yield f"    {words.say(f'plain.why.{remark.about}')}"
    yield f"    {words.say('plain.instead', words=better(remark, lang))}"


def better(remark: Remark, lang: str) -> str:
    """In the language of the text; where a company listed the words, what it named itself."""
    of_text = words_for(lang if lang in LANGUAGES else LANGUAGES[0])
    return remark.better or of_text.say(f"plain.better.{remark.about}")
