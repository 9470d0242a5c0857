"""What the room knows as data: the rules, the labelled texts, and what was learnt from them.

`rules.jsonl` and `first.jsonl` were given to the project with its brief, `texts.jsonl` was written for it: no text of
anybody else is in them. `words.txt` are the words of the sentence encoder's own vocabulary that look German or English,
and those of our catalogues and demo. `model.npz` is made from all of them by `hearback plain-speech train`.
`aside.jsonl` and `blind.jsonl` are no part of that: other domains by another writer, and texts of one who had seen none
of all this, to measure what is made; whoever has tuned by one of them writes a new one.
"""

from collections.abc import Iterator
from importlib import resources
from typing import TypeVar

import msgspec

T = TypeVar("T")


def lines_of(name: str, kind: type[T]) -> Iterator[T]:
    """The lines of a JSON Lines file of this folder, each as a Struct of that kind."""
    decoder = msgspec.json.Decoder(kind)
    with resources.files(__name__).joinpath(name).open("rb") as file:
        yield from (decoder.decode(line) for line in file)
