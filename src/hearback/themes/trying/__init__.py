"""`hearback themes try`: theme a file of answers without a database, to look at what the method does, and to be
measured by others.

rows: what the file and the codebook say · theming: which theme each excerpt has · writing: OUT and what is printed.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from threadpoolctl import threadpool_limits

from hearback.themes.trying.rows import Given, read_answers
from hearback.themes.trying.theming import UNSORTED, Themed, Wait, excerpts_of, theme
from hearback.themes.trying.writing import placed_rows, write


class Tried(Struct, frozen=True):
    """silent: answers that make no point. unsorted: excerpts that fit nowhere."""

    answers: int
    silent: int
    unsorted: int
    themed: Themed


def try_file(
    source: Path,
    out: Path | None = None,
    *,
    whole: bool = False,
    codebook: Sequence[Given] | None = None,
    encoding: str = "",
    reader: str = "de",
    fast: bool = False,
    wait: Wait = lambda _: None,
) -> Tried:
    """Read answers, theme them, and write one line an answer, in order, to out.

    whole: each answer is one excerpt. codebook: place by these themes instead of finding some. reader: language of our
    own names for themes. fast: by the first model alone; wait: told of how many texts the second
    reads. Raises Refused before anything is written.
    """
    rows = read_answers(source, encoding)
    with threadpool_limits(1, "blas"):  # the number of threads changes the last bits, and so the themes
        themed = theme(
            excerpts_of(rows, whole=whole), codebook, whole=whole, reader=reader, fast=fast, wait=wait
        )
    if out:
        write(out, placed_rows(rows, themed))
    silent = len(rows) - len({excerpt.row for excerpt in themed.excerpts})
    return Tried(len(rows), silent, themed.of.count(UNSORTED), themed)
