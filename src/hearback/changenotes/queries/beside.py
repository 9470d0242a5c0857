"""One voice: who else is writing, or has spoken, on the same themes."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.changenotes.rules import NoteKind, NoteState
from hearback.database.engine import fetch, fetch_column


class Beside(Struct, frozen=True):
    """Another note on one of the same themes. at: when it went out, or was last written at. writers: the others who
    have it open now. told: in a draft its title, in a public note the newest."""

    id: UUID
    slug: str
    kind: str
    state: str
    language: str
    title: str
    who: str
    at: datetime
    goes_out_at: datetime | None
    writers: list[str]

    def says_otherwise(self, kind: str) -> bool:
        """Whether one says it changed and the other that it stays."""
        return {self.kind, kind} == {NoteKind.CHANGED, NoteKind.NOT_CHANGED} and (
            self.state != NoteState.WITHDRAWN
        )


class ReplyBeside(Struct, frozen=True):
    """A reply to one of the same themes, in public. at: None while it is a draft."""

    theme: str
    who: str
    at: datetime | None


async def notes_beside(
    company_id: UUID,
    note_id: UUID,
    theme_ids: list[UUID],
    *,
    reader: UUID,
    writing_since: datetime,
    out_since: datetime,
) -> list[Beside]:
    """Drafts first, then what went out since, the newest first."""
    return await fetch(
        Beside,
        """with near as (
               select b.id from theme a join theme b on b.company = a.company and b.heir = a.heir
               where a.company = $1 and a.id = any($3))
           select n.id, n.slug, n.kind, n.state, n.language, m.name as who, n.goes_out_at,
                  coalesce(n.published_at, n.saved_at, n.created_at) as at,
                  case when n.state = 'draft' then coalesce(n.draft ->> 'title', '') else coalesce((
                      select f.words from revision v
                      join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
                      where v.company = n.company and v.note = n.id and v.kind in ('published', 'corrected')
                      order by v.number desc limit 1), '') end as title,
                  array(select w.name from note_writer o join member w on w.company = o.company and w.id = o.member
                        where o.company = n.company and o.note = n.id and o.seen_at >= $4
                          and o.member <> $6
                        order by w.name_key) as writers
           from note n join member m on m.company = n.company and m.id = n.signed_by
           where n.company = $1 and n.id <> $2 and (n.state = 'draft' or n.published_at >= $5)
             and exists (select from note_theme l where l.company = n.company and l.note = n.id
                         and l.theme in (select id from near))
           order by n.state <> 'draft', at desc, n.id limit 20""",
        company_id,
        note_id,
        theme_ids,
        writing_since,
        out_since,
        reader,
    )


async def replies_beside(
    company_id: UUID, theme_ids: list[UUID], *, out_since: datetime
) -> list[ReplyBeside]:
    """Public replies of another room to the same themes: those being written first."""
    return await fetch(
        ReplyBeside,
        """select h.name as theme, m.name as who, r.sent_at as at
           from theme a join theme b on b.company = a.company and b.heir = a.heir
           join reply r on r.company = b.company and r.theme = b.id
           join theme h on h.company = b.company and h.id = b.heir
           join member m on m.company = r.company and m.id = r.writer
           where a.company = $1 and a.id = any($2) and (r.sent_at is null or r.sent_at >= $3)
           group by r.company, r.id, h.name, m.name order by r.sent_at desc nulls first, r.id limit 20""",
        company_id,
        theme_ids,
        out_since,
    )


async def also_writing(company_id: UUID, note_id: UUID, *, but: UUID, since: datetime) -> list[str]:
    """Names of the others who have this draft open."""
    return await fetch_column(
        """select w.name from note_writer o
           join member w on w.company = o.company and w.id = o.member and w.active
           where o.company = $1 and o.note = $2 and o.member <> $3 and o.seen_at >= $4 order by w.name_key""",
        company_id,
        note_id,
        but,
        since,
    )
