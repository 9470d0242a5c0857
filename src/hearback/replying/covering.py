"""Public replies do not say what is covered in an answer: refused, and where it stands already, left as a gap."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.changenotes.queries.still_told import OTHERS, StillTold
from hearback.database.engine import execute, fetch, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.promises.erasing import leave_gaps
from hearback.refusals import Refused
from hearback.replying import queries
from hearback.themes.queries.covers import (
    Covered,
    OurText,
    covered_parts,
    repeated_covers,
    saying,
    telling,
    with_gaps,
)
from hearback.web.live import tell


class _Reply(Struct, frozen=True):
    id: UUID
    theme: UUID
    name: str
    language: str
    sent: bool
    heir: UUID
    words: str


async def says_covered(company_id: UUID, theme: UUID | None, fields: Mapping[str, str]) -> list[Refused]:
    """Why a reply to a theme cannot go out as it is; None: it is to one answer, and its fan knows what is covered."""
    if theme is None:
        return []
    found = await repeated_covers(company_id, [theme], fields)
    return [Refused("note.repeats-covered", field=one.field) for one in found]


async def still_said(company_id: UUID) -> list[StillTold]:
    """Replies to themes, drafts too, that say what is covered."""
    found: dict[UUID, StillTold] = {}
    for one, parts in await _saying(company_id, await covered_parts(company_id)):
        places = found[one.id].places + 1 if one.id in found else 1
        page, gaps = f"/replies/to/theme/{one.theme}", f"/replies/{one.id}/gaps"
        title = with_gaps(one.name, parts)
        found[one.id] = StillTold("reply", one.id, title, one.language, one.sent, places, page, gaps)
    return list(found.values())


async def leave_gaps_in_reply(company_id: UUID, reply_id: UUID, *, by: Member, now: datetime) -> None:
    """In its words, and in the promise that its next step became, with an entry in the ledger. Raises NotFound."""
    async with transaction():
        reply = await queries.reply(company_id, reply_id)
        for one, parts in await _saying(company_id, await covered_parts(company_id)):
            if one.id != reply_id:
                continue
            await execute(
                """update reply set feeling = without_parts(feeling, $3), fact = without_parts(fact, $3),
                          next_step = without_parts(next_step, $3), why = without_parts(why, $3)
                   where company = $1 and id = $2""",
                company_id,
                reply_id,
                parts,
            )
            if reply.promise:
                await leave_gaps(company_id, reply.promise, parts)
        await note_down(company_id, "reply.gaps-left", by=by.id, now=now, subject=reply_id)
        await tell(company_id, "public")
        await tell(company_id, "desk")


async def _saying(company_id: UUID, covers: list[Covered]) -> list[tuple[_Reply, list[str]]]:
    if not covers:
        return []
    rows = await fetch(
        _Reply,
        """select y.id, y.theme, h.name, y.language, y.state = 'sent' as sent, h.id as heir, d.words
           from reply y
           join theme t on t.company = y.company and t.id = y.theme
           join theme h on h.company = t.company and h.id = t.heir
           cross join lateral unnest(array[y.feeling, y.fact, y.next_step, y.why]) as d (words)
           where y.company = $1 and d.words ilike any($2::text[])
           order by y.id""",
        company_id,
        telling(covers),
    )
    by_text = {(row.id, row.words): row for row in rows}
    texts = [OurText("reply", row.id, row.words, [row.heir]) for row in rows]
    found = await asyncio.to_thread(saying, texts, covers)
    return [(by_text[text.row, text.words], parts) for text, parts in found]


OTHERS.append(still_said)
