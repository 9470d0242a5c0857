"""Short lists that finding personal data needs, one entry a word; whoever misses one adds it here."""

from importlib.resources import files


def words_of(name: str) -> frozenset[str]:
    """The words of `name.txt`."""
    return frozenset((files(__name__) / f"{name}.txt").read_text(encoding="utf-8").split())
