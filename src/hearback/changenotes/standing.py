"""What a note's own page says of its place in the ledger: worked out anew whenever the page is."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.changenotes.queries import Entry, RevisionRead
from hearback.changenotes.queries.logged import Logged, Version, frame, traces, versions
from hearback.ledger.rules import commitment
from hearback.ledger.witnessing import how_many


class Standing(Struct, frozen=True):
    """revisions: how many there are; entered: how many of them have an entry. erased: fields of which nobody can tell
    any more what they said. fits: all others read as they were logged. gaps_at: when words were last taken
    out of it. place: none until its newest entry is signed."""

    revisions: int
    entered: int
    erased: int
    fits: bool
    gaps_at: datetime | None
    place: Logged | None
    witnesses: int


async def standing(company_id: UUID, note: Entry) -> Standing:
    found = await versions(company_id, note.id)
    besides = await frame(company_id, note.id)
    said = {revision.number: _words_of(revision) | besides for revision in note.revisions}
    checked = [_checked(one, said[one.revision]) for one in found if one.kind]
    trace = (await traces(company_id, [note.id]))[note.id]
    return Standing(
        revisions=len(said),
        entered=len({one.revision for one in found if one.kind}),
        erased=sum(erased for erased, _ in checked),
        fits=all(fits for _, fits in checked),
        gaps_at=trace.erased_at,
        place=trace.place,
        witnesses=await how_many(company_id),
    )


def _checked(entry: Version, words: Mapping[str, str]) -> tuple[int, bool]:
    """How many of its fields were erased, and whether the others are the words that stand there."""
    told: dict[str, str] = msgspec.json.decode(entry.entry)["fields"]
    salts: dict[str, str] = msgspec.json.decode(entry.salts)
    fits = all(
        name in words and commitment(name, words[name], bytes.fromhex(salt)).hex() == told[name]
        for name, salt in salts.items()
    )
    return len(told.keys() - salts.keys()), fits


def _words_of(revision: RevisionRead) -> dict[str, str]:
    said = {one.name: one.until.isoformat() if one.until else one.words or "" for one in revision.fields}
    return said | ({"reason": revision.reason} if revision.reason else {})
