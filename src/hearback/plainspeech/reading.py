"""Remarks on what somebody is writing, one reader a process: the first text costs loading what it knows, 0.2 s."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock, Thread
from uuid import UUID

from hearback.plainspeech.checking import Reader
from hearback.plainspeech.clear import Need, carries
from hearback.plainspeech.marking import marked
from hearback.plainspeech.own import OwnWords, own_remarks
from hearback.plainspeech.queries import own_words
from hearback.plainspeech.rules import Remark

_reading = Lock()
# What a field of a note or of a reply should carry.
NEEDED = {
    "wrong": Need.WHO,
    "did": Need.WHO,
    "fact": Need.WHO,
    "next_step": Need.DOER,
    "affected": Need.HOW_MANY,
    "since_when": Need.WHEN,
    "left": Need.WHEN,
}


async def remarks_on(company_id: UUID, texts: Mapping[str, str], lang: str) -> dict[str, list[Remark]]:
    """For each text by its name, those without a remark left out. Never refuses: remarks explain, and block nothing."""
    return await asyncio.to_thread(_read, dict(texts), lang, await own_words(company_id))


@cache
def get_ready() -> None:
    """Where somebody is about to write: what the reader knows is loaded meanwhile, once a process."""
    Thread(target=_read, args=({"": "Bereit."}, "de", ()), name="plain-speech", daemon=True).start()


def carried(texts: Mapping[str, str], remarks: Mapping[str, list[Remark]]) -> dict[str, Need]:
    """What is said in each field that is plain and carries what it should."""
    return {
        name: need
        for name, need in NEEDED.items()
        if name in texts and not remarks.get(name) and carries(texts[name], need)
    }


def underlined(texts: Mapping[str, str], remarks: Mapping[str, list[Remark]]) -> dict[str, str]:
    """The texts with signs around what is remarked on; the filter `toned` makes wavy lines of them."""
    return {name: marked(words, remarks[name]) if name in remarks else words for name, words in texts.items()}


def count_grave(remarks: Mapping[str, list[Remark]]) -> int:
    return sum(one.grave for found in remarks.values() for one in found)


def _read(texts: Mapping[str, str], lang: str, own: Sequence[OwnWords]) -> dict[str, list[Remark]]:
    with _reading:  # what was read is remembered in one place
        found = {name: _reader().remarks(words, lang) for name, words in texts.items()}
    found = {name: own_remarks(texts[name], own) + remarks for name, remarks in found.items()}
    return {name: sorted(remarks, key=lambda one: one.start) for name, remarks in found.items() if remarks}


@cache
def _reader() -> Reader:
    return Reader()
