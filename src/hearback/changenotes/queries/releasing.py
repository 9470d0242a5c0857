"""Who must look at a note before it goes out, what leadership has signed for, and what goes out by the clock."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.changenotes.rules import LEADERSHIP_SIGNS
from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value


class Mandate(Struct, frozen=True):
    """The version that holds: what may go out at once and is co-signed afterwards."""

    id: UUID
    topics: list[str]


class Due(Struct, frozen=True):
    company: UUID
    note: UUID
    by: UUID


async def kinds_with_four_eyes(company_id: UUID) -> set[str]:
    return set(await fetch_column("select kind from four_eyes where company = $1", company_id))


class ToReadOver(Struct, frozen=True):
    """What somebody else than its writer looks at. deed: `asked` to let it out; `corrected` or `withdrawn` by one
    person alone, though the house wants two for such notes."""

    note: UUID
    title: str
    deed: str
    who: str
    at: datetime


async def to_read_over(
    company_id: UUID, member_id: UUID, *, leads: bool, since: datetime
) -> list[ToReadOver]:
    """What waits for this member, the newest first; corrections and withdrawals since then. leads: may let out what
    leadership signs."""
    return await fetch(
        ToReadOver,
        """with pairs as (select kind from four_eyes where company = $1)
           select n.id as note, n.draft ->> 'title' as title, 'asked' as deed, m.name as who, n.asked_at as at
           from note n join member m on m.company = $1 and m.id = coalesce(n.saved_by, n.created_by) and m.id <> $2
           where n.company = $1 and n.state = 'draft' and n.asked_at is not null and n.goes_out_at is null
             and ($3 or n.kind <> 'mistake' or n.draft ->> 'cause_kind' <> all($4))
             and not (n.kind in (select kind from pairs) and exists (
                 select from translation_draft t where t.company = $1 and t.note = n.id and t.by = $2))
           union all
           select n.id, coalesce((
                      select f.words from revision w
                      join note_field f on f.company = $1 and f.revision = w.id and f.name = 'title'
                      where w.company = $1 and w.note = n.id and w.kind <> 'withdrawn'
                      order by w.number desc limit 1), ''), v.kind, m.name, v.at
           from revision v
           join note n on n.company = $1 and n.id = v.note and n.kind in (select kind from pairs)
           join member m on m.company = $1 and m.id = v.by and m.id <> $2
           where v.company = $1 and v.kind in ('corrected', 'withdrawn') and v.at >= $5
           order by at desc, note limit 10""",
        company_id,
        member_id,
        leads,
        sorted(LEADERSHIP_SIGNS),
        since,
    )


async def mandate(company_id: UUID) -> Mandate | None:
    """The replies' room keeps it; it is read here as it stands."""
    return await fetch_one(
        Mandate,
        """select id, topics from mandate d where company = $1 and state = 'signed'
             and number = (select max(number) from mandate where company = d.company)""",
        company_id,
    )


async def due(now: datetime) -> list[Due]:
    """Drafts of all companies whose hour has come, the oldest first."""
    return await fetch(
        Due,
        """select company, id as note, goes_out_by as by from note
           where state = 'draft' and goes_out_at <= $1 order by goes_out_at, id""",
        now,
    )


async def sent_out_by(company_id: UUID, note_id: UUID) -> UUID | None:
    """Who made it public; None for a draft."""
    by: UUID | None = await fetch_value(
        "select by from revision where company = $1 and note = $2 and number = 1", company_id, note_id
    )
    return by


class Covered(Struct, frozen=True):
    """topic: of the mandate under which a note went out. cosigned_by: who of the leadership signed it since."""

    topic: str
    cosigned_by: list[UUID]


async def covered(company_id: UUID, note_id: UUID) -> Covered | None:
    """None for a note that went out in no mandate's name."""
    return await fetch_one(
        Covered,
        """select coalesce(d.topics[n.topic + 1], '') as topic,
                  array(select member from note_cosign c where c.company = n.company and c.note = n.id) as cosigned_by
           from note n join mandate d on d.company = n.company and d.id = n.mandate
           where n.company = $1 and n.id = $2 and n.state <> 'draft'""",
        company_id,
        note_id,
    )
