"""`themes try`: a file of answers, without a database."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hearback.refusals import Refused
from hearback.terminal.saying import terminal_words, told
from hearback.themes.trying import try_file
from hearback.themes.trying.rows import read_codebook
from hearback.themes.trying.theming import TWICE_UP_TO
from hearback.themes.trying.writing import shown

SECOND_READING_S = 0.03  # a short text


def themes(given: argparse.Namespace) -> None:
    words = terminal_words()
    with _at(given.codebook):
        codebook = read_codebook(given.codebook) if given.codebook else None
    with _at(given.file):
        found = try_file(
            given.file,
            given.out,
            whole=given.whole,
            codebook=codebook,
            encoding=given.encoding,
            reader=words.lang,
            fast=given.fast,
            wait=lambda n: print(
                words.say("try.wait", n=n, seconds=round(n * SECOND_READING_S)), file=sys.stderr
            ),
        )
    for line in shown(found.themed, words.lang):
        print(line)
    if not found.answers:
        print(words.say("try.nothing"))
        return
    excerpts, themes = len(found.themed.excerpts), len(found.themed.themes)
    print(
        words.say(
            "try.done", answers=found.answers, excerpts=excerpts, themes=themes, unsorted=found.unsorted
        )
    )
    if found.silent:
        print(words.say("try.silent", n=found.silent))
    if found.themed.too_many:
        print(words.say("try.read-once", most=TWICE_UP_TO))


@contextmanager
def _at(file: Path) -> Iterator[None]:
    """Two files are read, so a refusal says which one it is about. Nothing is imported here, so nothing is kept."""
    try:
        yield
    except Refused as refusal:
        sys.exit("\n".join(f"hearback: {file}: {line}" for line in told(refusal, importing=False)))
