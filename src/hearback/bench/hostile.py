"""What the worst texts and files cost us: printed here, because a test that looks at the clock fails by chance."""

import contextlib
import time
from collections.abc import Callable
from functools import partial

from hearback.bench.measuring import in_turn, ratio
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
ROUNDS = 7
ENDLESS = ("a" * LONGEST_CELL, "wort und so " * LONGEST_CELL, "👍" * LONGEST_CELL)


def print_hostile() -> None:
    """The worst of each kind, in CPU time of this process."""
    embed(["the model is loaded"])
    found = [_split_in_turn(unit) for unit in UNITS]
    _print("longest hostile answer split", 1000 * max(min(one["once"]) for one in found), "ms", 200)
    _print("  twice as long ÷ once", max(ratio(one, "twice", "once") for one in found), "", 2.5)
    _print("longest hostile answer embedded", 1000 * max(map(_seconds_to_embed, ENDLESS)), "ms", 200)
    _print("biggest file of nonsense refused", max(map(_seconds_to_refuse, FILLERS)), "s", 10)


def _split_in_turn(unit: str) -> dict[str, list[float]]:
    answer, longer = _repeated(unit, LONGEST_CELL), _repeated(unit, 2 * LONGEST_CELL)
    return in_turn(
        {
            "once": partial(_seconds, partial(split, answer)),
            "twice": partial(_seconds, partial(split, longer)),
        },
        ROUNDS,
    )


def _seconds_to_embed(text: str) -> float:
    return min(_seconds(partial(embed, [text])) for _ in range(ROUNDS))


def _seconds_to_refuse(filler: str) -> float:
    content = ("text\n" + _repeated(filler, MOST_BYTES - 100)).encode("cp1252")
    return _seconds(partial(_refuse, content))


def _refuse(content: bytes) -> None:
    for kind in Format:
        with contextlib.suppress(Refused):
            read_sheet(content, kind)


def _repeated(unit: str, length: int) -> str:
    return (unit * length)[:length]


def _seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def _print(what: str, value: float, unit: str, reach: float) -> None:
    verdict = "ok" if value <= reach else "MISSED"
    print(f"{what:45s} {value:5.2f} {unit:2s}  reach ≤ {reach:g}  {verdict}", flush=True)
