"""`plain-speech`: what in a text sounds like a press office, and the model that helps to find it."""

import argparse
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from hearback.plainspeech.checking import Reader
from hearback.plainspeech.rules import Remark
from hearback.plainspeech.training import train
from hearback.refusals import Stopped
from hearback.terminal.saying import terminal_words
from hearback.themes.embedding import embed
from hearback.words.speaking import LANGUAGES, Words, words_for

TEXT_LANGUAGES = ("de", "en")


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
    reader, words = Reader(embed), terminal_words()
    if text.lstrip().startswith("{"):
        for line in _lines(text):
            print(_as_json(reader, line, given.lang or line.lang, words))
    elif given.json:
        print(_as_json(reader, Line(text), given.lang, words))
    else:
        for remark in reader.remarks(text, given.lang or TEXT_LANGUAGES[0]):
            print("\n".join(_told(text, remark, words, given.lang)))


def learn(_given: argparse.Namespace) -> None:
    print(f"written: {train(embed)}")


def _lines(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=Line)
            except msgspec.MsgspecError as error:
                raise Stopped(f"line {number}: {error}") from None


def _as_json(reader: Reader, line: Line, lang: str, words: Words) -> str:
    lang = lang or TEXT_LANGUAGES[0]
    remarks = [_for_json(line.text, one, words, lang) for one in reader.remarks(line.text, lang)]
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
    """In the language of the text."""
    of_text = words_for(lang if lang in LANGUAGES else LANGUAGES[0])
    return of_text.say(f"plain.better.{remark.about}")
