"""What the worst texts and files cost us: printed here, because a test that looks at the clock fails by chance."""

import contextlib
import statistics
import time
from collections.abc import Callable
from functools import partial

from hearback.listening.reading import read_sheet
from hearback.listening.rules import LONGEST_CELL, MOST_BYTES, Format
from hearback.refusals import Refused
from hearback.themes.embedding import embed
from hearback.themes.splitting import split

# What makes careless rules of splitting quadratic, repeated without end.
UNITS = (
    "und ",
    "a, ",
    "ich war da und der Zug ist voll, ",
    "? ",
    "👍 ? ",
    "danke. ",
    "ja\n",
    "Wann? ",
    "( ",
    "gut.Aber",
    "- ",
    ". ",
    "wenn ",
)
# What a file may hold instead of rows.
FILLERS = ("a", '"', "ä", "ÿ", ";", "\n", "{", '"\n')
ENDLESS = ("a" * LONGEST_CELL, "wort und so " * LONGEST_CELL, "👍" * LONGEST_CELL)


def print_hostile() -> None:
    """The worst of each kind, in CPU time of this process."""
    embed(["the model is loaded"])
    once = [_seconds(partial(split, _repeated(unit, LONGEST_CELL))) for unit in UNITS]
    twice = [_seconds(partial(split, _repeated(unit, 2 * LONGEST_CELL))) for unit in UNITS]
    growth = [b / a for a, b in zip(once, twice, strict=True)]
    _print("longest hostile answer split", 1000 * max(once), "ms", 200)
    _print("  twice as long ÷ once", max(growth), "", 2.5)
    _print(
        "longest hostile answer embedded",
        1000 * max(_seconds(partial(embed, [t])) for t in ENDLESS),
        "ms",
        200,
    )
    _print(
        "biggest file of nonsense refused",
        max(_seconds(partial(_refuse, filler), 1) for filler in FILLERS),
        "s",
        10,
    )


def _repeated(unit: str, length: int) -> str:
    return (unit * length)[:length]


def _refuse(filler: str) -> None:
    content = ("text\n" + _repeated(filler, MOST_BYTES - 100)).encode("cp1252")
    for kind in Format:
        with contextlib.suppress(Refused):
            read_sheet(content, kind)


def _seconds(call: Callable[[], object], rounds: int = 5) -> float:
    """Median; the first call may find caches empty."""
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        call()
        taken.append(time.process_time() - started)
    return statistics.median(taken)


def _print(what: str, value: float, unit: str, reach: float) -> None:
    verdict = "ok" if value <= reach else "MISSED"
    print(f"{what:45s} {value:5.2f} {unit:2s}  reach ≤ {reach:g}  {verdict}", flush=True)
