"""`themes try`, `bench`, `words`: for those who work on Hearback itself."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hearback.bench.command import REQUESTS, ROUNDS
from hearback.bench.command import bench as measure
from hearback.bench.excerpts import print_excerpts
from hearback.bench.naming import print_names
from hearback.refusals import Refused
from hearback.terminal.saying import terminal_words, told
from hearback.themes.trying import try_file
from hearback.themes.trying.rows import read_codebook
from hearback.themes.trying.writing import shown
from hearback.words.catalogue import compile_all
from hearback.words.checking import problems


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


@contextmanager
def _at(file: Path) -> Iterator[None]:
    """Two files are read, so a refusal says which one it is about. Nothing is imported here, so nothing is kept."""
    try:
        yield
    except Refused as refusal:
        sys.exit("\n".join(f"hearback: {file}: {line}" for line in told(refusal, importing=False)))


def bench(given: argparse.Namespace) -> None:
    if given.what == "names":
        print_names(given.data)
        return
    if given.what == "excerpts":
        print_excerpts(given.data)
        return
    measure(given.requests or REQUESTS, given.rounds or ROUNDS)


def compile_words(_given: argparse.Namespace) -> None:
    for written in compile_all():
        print(f"written: {written}")


def check_words(_given: argparse.Namespace) -> None:
    found = problems()
    for problem in found:
        print(problem)
    sys.exit(1 if found else 0)
