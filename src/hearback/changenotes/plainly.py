"""Remarks on what somebody is writing, one reader a process: the first text costs the loading of its model."""

import asyncio
from collections.abc import Mapping
from functools import cache
from threading import Lock

from hearback.plainspeech.checking import Reader
from hearback.plainspeech.marking import marked
from hearback.plainspeech.rules import Remark, Severity
from hearback.themes.embedding import embed

_reading = Lock()


async def remarks_on(texts: Mapping[str, str], lang: str) -> dict[str, list[Remark]]:
    """For each text by its name, those without a remark left out. Never refuses: remarks explain, and block nothing."""
    return await asyncio.to_thread(_read, dict(texts), lang)


def underlined(texts: Mapping[str, str], remarks: Mapping[str, list[Remark]]) -> dict[str, str]:
    """The texts with signs around what is remarked on; the filter `toned` makes wavy lines of them."""
    return {name: marked(words, remarks[name]) if name in remarks else words for name, words in texts.items()}


def count_grave(remarks: Mapping[str, list[Remark]]) -> int:
    return sum(remark.severity == Severity.HIGH for found in remarks.values() for remark in found)


def _read(texts: Mapping[str, str], lang: str) -> dict[str, list[Remark]]:
    with _reading:  # what was read is remembered in one place
        found = {name: _reader().remarks(words, lang) for name, words in texts.items()}
    return {name: remarks for name, remarks in found.items() if remarks}


@cache
def _reader() -> Reader:
    return Reader(embed)
