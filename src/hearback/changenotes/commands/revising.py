"""What everybody reads: a revision is only ever added, and in the company's own words."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from hearback.changenotes import queries
from hearback.changenotes.rules import RevisionKind
from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many
from hearback.jobs import do_later
from hearback.ledger.commands import record
from hearback.ledger.rules import Kind
from hearback.people.queries import Company, Member
from hearback.themes.queries.covers import repeated_covers
from hearback.trust.quoted import Repeat, repeats
from hearback.web.live import tell

IN_THE_LEDGER = {
    RevisionKind.PUBLISHED: Kind.PUBLISHED,
    RevisionKind.CORRECTED: Kind.REVISED,
    RevisionKind.WITHDRAWN: Kind.NOTE_WITHDRAWN,
}


async def write_revision(
    company_id: UUID,
    note_id: UUID,
    number: int,
    kind: RevisionKind,
    fields: list[tuple[str, str, date | None]],
    *,
    by: Member,
    now: datetime,
    reason: str = "",
    frame: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """frame: what is entered beside the words (queries/logged.py)."""
    revision_id = new_id()
    await execute(
        # A clock that was set back makes no version older than the one before.
        """insert into revision (id, company, note, number, kind, reason, by, at)
           select $1, $2, $3, $4, $5, $6, $7, greatest($8, max(at)) from revision where company = $2 and note = $3""",
        revision_id,
        company_id,
        note_id,
        number,
        kind.value,
        reason,
        by.id,
        now,
    )
    await execute_many(
        "insert into note_field (id, company, revision, name, words, until) values ($1, $2, $3, $4, $5, $6)",
        [(new_id(), company_id, revision_id, name, words, until) for name, words, until in fields],
    )
    said = {name: until.isoformat() if until else words for name, words, until in fields}
    await record(
        company_id,
        IN_THE_LEDGER[kind],
        revision_id,
        said | ({"reason": reason} if reason else {}) | dict(frame),
        now=now,
        of=note_id,
        figures={"number": number},
    )
    await do_later("webhooks.note_said", company_id=company_id, note_id=note_id, number=number)


async def repeating(company: Company, themes: list[UUID], fields: Mapping[str, str]) -> list[Repeat]:
    """Where the fields are the words of a fan behind these themes who lets nobody quote them, or say what is covered
    in an answer."""
    voices = await queries.voices_behind(company.id, themes)
    theirs = await asyncio.to_thread(repeats, fields, voices, fewest=company.fewest_voices)
    return theirs + await repeated_covers(company.id, themes, fields)


async def tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
