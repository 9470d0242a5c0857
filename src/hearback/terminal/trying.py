"""`bench`, `words`: for those who work on Hearback itself."""

import argparse
import sys

from hearback.app import build_app
from hearback.bench.closeness import print_closeness
from hearback.bench.command import REQUESTS, ROUNDS
from hearback.bench.command import bench as measure
from hearback.bench.desk import REQUESTS as DESK_REQUESTS
from hearback.bench.desk import ROUNDS as DESK_ROUNDS
from hearback.bench.desk import bench_desk
from hearback.bench.excerpts import print_excerpts
from hearback.bench.ledger import bench_ledger
from hearback.bench.naming import print_names
from hearback.bench.plainly import bench_plain_speech
from hearback.bench.themes.speed import print_million
from hearback.bench.themes.table import bench_themes
from hearback.words.catalogue import compile_all
from hearback.words.checking import problems


def bench(given: argparse.Namespace) -> None:
    if given.what == "themes" and given.million:
        print_million()
        return
    if given.what == "themes":
        bench_themes(given.data, fast=given.fast)
        return
    if given.what == "names":
        print_names(given.data)
        return
    if given.what == "close":
        print_closeness(given.data)
        return
    if given.what == "desk":
        bench_desk(requests=given.requests or DESK_REQUESTS, rounds=given.rounds or DESK_ROUNDS)
        return
    if given.what == "integrity":
        from hearback.bench.integrity import bench_integrity

        bench_integrity(build_app)
        return
    if given.what == "plain-speech":
        bench_plain_speech()
        return
    if given.what == "ledger":
        bench_ledger()
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
