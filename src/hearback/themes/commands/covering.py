"""Words that are covered in an answer are no name of a theme: refused, and where they stand already, left as a gap."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import Faulty, Refused
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.turns import learn_later
from hearback.themes.queries import covers, life
from hearback.web.live import tell


async def must_not_be_covered(company_id: UUID, themes: Sequence[UUID], fields: Mapping[str, str]) -> None:
    """Raises Faulty."""
    repeats = await covers.repeated_covers(company_id, themes, fields)
    if repeats:
        raise Faulty([Refused("themes.says-covered", field=one.field) for one in repeats])


async def leave_gaps_in_theme(company_id: UUID, theme_id: UUID, *, by: Member, now: datetime) -> None:
    """In what it says now, and in its history; doing it twice changes nothing. Raises NotFound."""
    async with transaction():
        await lock(company_id, LOCK)
        await life.theme(company_id, theme_id)
        covered = await covers.covered_parts(company_id)
        texts = await covers.theme_texts(company_id, covered, theme=theme_id)
        for text, parts in await asyncio.to_thread(covers.saying, texts, covered):
            if text.place == "theme":
                await execute(
                    """update theme set name = without_parts(name, $3), definition = without_parts(definition, $3),
                              excludes = without_parts(excludes, $3),
                              weight_reason = without_parts(weight_reason, $3)
                       where company = $1 and id = $2""",
                    company_id,
                    text.row,
                    parts,
                )
            else:
                await execute(
                    "select erase_from_history($1, $2, $3, $4)", text.place, company_id, text.row, parts
                )
        await note_down(company_id, "theme.gaps-left", by=by.id, now=now, subject=theme_id)
        await learn_later(company_id)
        await tell(company_id, "public")
        await tell(company_id, "desk")
