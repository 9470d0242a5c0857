"""A note as those who write it see it, and what they may choose for it."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.changenotes.forms import Said
from hearback.changenotes.rules import NoteState
from hearback.database.engine import fetch, fetch_column, fetch_one
from hearback.people.queries import Face
from hearback.refusals import NotFound
from hearback.trust.quoted import Voice


class _Note(Struct, frozen=True):
    id: UUID
    slug: str
    kind: str
    language: str
    state: str
    version: int
    published_at: datetime | None
    revision: int
    themes: list[UUID]
    actions: list[UUID]
    quotes: list[UUID]
    questions: list[UUID]
    repeats: UUID | None
    created_by: UUID
    saved_by: UUID | None
    saved_name: str
    saved_at: datetime | None
    asked_at: datetime | None
    goes_out_at: datetime | None
    held_back_at: datetime | None
    mandate: UUID | None
    topic: int | None


class Draft(_Note, frozen=True):
    """A note with what is chosen for it. said: what stands in the draft; once public, in the newest revision.

    revision: the number of that; 0 while nothing is public. stays: why words stay in the draft that were remarked on.
    """

    signer: Face
    said: Said
    stays: str

    @property
    def is_draft(self) -> bool:
        return self.state == NoteState.DRAFT

    @property
    def writer(self) -> UUID:
        """Whose words they are now: who changed it last."""
        return self.saved_by or self.created_by


class _Row(_Note, frozen=True):
    signed_by: UUID
    signer: str
    signer_title: str
    signer_face: str | None
    company_slug: str
    draft: str
    fields: str


async def draft(company_id: UUID, note_id: UUID) -> Draft:
    """Raises NotFound, for another company's note too."""
    row = await fetch_one(
        _Row,
        """select n.id, n.slug, n.kind, n.language, n.state, n.version, n.published_at, n.signed_by, m.name as signer,
                  n.repeats, n.created_by, n.saved_by, coalesce(w.name, '') as saved_name, n.saved_at, n.asked_at,
                  n.goes_out_at, n.held_back_at, n.mandate, n.topic,
                  coalesce(n.signed_as, m.role_title) as signer_title, m.face_digest as signer_face,
                  c.slug as company_slug,
                  n.draft::text as draft, coalesce(v.number, 0) as revision,
                  coalesce((select json_object_agg(f.name, coalesce(f.until::text, f.words)) from note_field f
                            where f.company = n.company and f.revision = v.id), '{}')::text as fields,
                  array(select theme from note_theme l where l.company = n.company and l.note = n.id) as themes,
                  array(select action from note_action l where l.company = n.company and l.note = n.id) as actions,
                  array(select excerpt from note_quote l where l.company = n.company and l.note = n.id
                          and excerpt is not null order by position) as quotes,
                  array(select question from note_question l where l.company = n.company and l.note = n.id) as questions
           from note n
           join company c on c.id = n.company
           join member m on m.company = n.company and m.id = n.signed_by
           left join member w on w.company = n.company and w.id = n.saved_by
           left join lateral (select id, number from revision where company = n.company and note = n.id
                              and kind <> 'withdrawn' order by number desc limit 1) v on true
           where n.company = $1 and n.id = $2""",
        company_id,
        note_id,
    )
    if row is None:
        raise NotFound
    return Draft(
        **{name: getattr(row, name) for name in _Note.__struct_fields__},
        signer=Face(row.signed_by, row.signer, row.signer_title, row.signer_face, row.company_slug),
        said=_said(row.draft if row.state == NoteState.DRAFT else row.fields),
        stays=msgspec.json.decode(row.draft).get("stays", ""),
    )


def _said(fields: str) -> Said:
    """An erased field is an empty one here; limits were checked when it was written."""
    kept = {name: value for name, value in msgspec.json.decode(fields).items() if value}
    return msgspec.convert(kept, Said)


class QuestionToAnswer(Struct, frozen=True):
    """due_on: the day of the open promise to reply that holds; None once it was answered."""

    id: UUID
    title: str
    due_on: date | None


async def questions_to_answer(
    company_id: UUID, theme_ids: list[UUID], chosen: list[UUID]
) -> list[QuestionToAnswer]:
    """What a note could answer: questions behind its themes, those that wait, and those chosen already."""
    return await fetch(
        QuestionToAnswer,
        """select q.id, q.title, max(p.due_on) as due_on
           from question q
           left join promise p on p.company = q.company and p.question = q.id and p.kind = 'reply'
                and p.kept_on is null and p.broken_on is null
           where q.company = $1 and q.state <> 'draft' and (p.id is not null or q.id = any($3) or exists (
               select from theme w
               join theme t on t.company = w.company and t.heir = w.heir
               join placement l on l.company = t.company and l.theme = t.id
               join excerpt e on e.company = l.company and e.id = l.excerpt
               where w.company = q.company and w.id = any($2) and e.question = q.id))
           group by q.company, q.id order by due_on nulls last, q.id desc""",
        company_id,
        theme_ids,
        chosen,
    )


class ToQuote(Struct, frozen=True):
    """voices: different counted people behind the theme that the words are in."""

    words: str
    voices: int


async def quotable(company_id: UUID, theme_ids: list[UUID], excerpts: list[UUID]) -> list[ToQuote]:
    """Those of the excerpts that their fans let us quote, and that are in one of these themes."""
    return await fetch(
        ToQuote,
        """select substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  (select count(distinct v.response) from theme s
                   join placement l on l.company = s.company and l.theme = s.id
                   join excerpt v on v.company = l.company and v.id = l.excerpt
                   join response o on o.company = v.company and o.id = v.response
                   where s.company = t.company and s.heir = t.heir and o.state = 'counted' and not o.test) as voices
           from excerpt e
           join answer a on a.company = e.company and a.id = e.answer
           join response r on r.company = e.company and r.id = e.response
           join placement p on p.company = e.company and p.excerpt = e.id
           join theme t on t.company = p.company and t.id = p.theme
           where e.company = $1 and e.id = any($3) and r.state = 'counted' and not r.test and r.quoting <> 'no'
             and t.heir in (select heir from theme where company = $1 and id = any($2))""",
        company_id,
        theme_ids,
        excerpts,
    )


async def voices_behind(company_id: UUID, theme_ids: list[UUID]) -> list[Voice]:
    """All that people wrote whose words are in one of these themes, and what they had been asked, which is public."""
    return await fetch(
        Voice,
        """with behind as materialized (
               select distinct e.response, e.question from theme w
               join theme t on t.company = w.company and t.heir = w.heir
               join placement l on l.company = t.company and l.theme = t.id
               join excerpt e on e.company = l.company and e.id = l.excerpt
               where w.company = $1 and w.id = any($2)
           ), asked as (select distinct question from behind)
           select r.id as person,
                  case when r.quoting = 'no' then coalesce(a.own_words, a.words) else a.words end as words,
                  r.state = 'counted' and r.quoting <> 'no' as free
           from behind b
           join response r on r.company = $1 and r.id = b.response and not r.test
           join answer a on a.company = r.company and a.response = r.id and a.words <> ''
           union all
           select q.id, q.title, true from question q where q.company = $1 and q.id in (select question from asked)
           union all
           select p.id, told, true from prompt p, unnest(p.words || p.options) as told
           where p.company = $1 and p.question in (select question from asked)""",
        company_id,
        theme_ids,
    )


async def next_words_due(company_id: UUID, note_id: UUID) -> list[UUID]:
    """Open promises of a next word, made by other notes on the same themes or questions; in one order, so that two who
    keep them at once wait for each other."""
    return await fetch_column(
        """select p.id from promise p
           where p.company = $1 and p.kind = 'next_word' and p.kept_on is null and p.broken_on is null
             and p.note <> $2
             and not exists (select from promise n where n.company = p.company and n.instead_of = p.id)
             and (exists (
                 select from note_theme a join theme at on at.company = a.company and at.id = a.theme
                 join theme bt on bt.company = at.company and bt.heir = at.heir
                 join note_theme b on b.company = bt.company and b.theme = bt.id
                 where a.company = p.company and a.note = p.note and b.note = $2)
               or exists (
                 select from note_question a join note_question b on b.company = a.company and b.question = a.question
                 where a.company = p.company and a.note = p.note and b.note = $2))
           order by p.id""",
        company_id,
        note_id,
    )


async def slugs_like(company_id: UUID, base: str) -> set[str]:
    """Slugs in use that begin alike; a slug holds no sign that `like` would read."""
    return set(
        await fetch_column(
            "select slug from note where company = $1 and slug like $2 || '%'", company_id, base
        )
    )


async def colleagues(company_id: UUID, signer_id: UUID) -> list[str]:
    """Names of all who work or worked here, but of the one who answers for the note."""
    return await fetch_column(
        "select name from member where company = $1 and id <> $2 order by name, id", company_id, signer_id
    )


class Objection(Struct, frozen=True):
    who: str
    why: str
    at: datetime


async def objections(company_id: UUID, note_id: UUID) -> list[Objection]:
    """To the draft, in the order in which they were made."""
    return await fetch(
        Objection,
        """select m.name as who, d.why, d.at from dissent d
           join member m on m.company = d.company and m.id = d.member
           where d.company = $1 and d.note = $2 order by d.id""",
        company_id,
        note_id,
    )
