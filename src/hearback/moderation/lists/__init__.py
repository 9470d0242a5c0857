"""Words that a person should look at, one entry a line; # begins a comment."""

from importlib.resources import files


def phrases_of(name: str) -> tuple[str, ...]:
    """The lines of `name.txt`."""
    lines = (files(__name__) / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))
