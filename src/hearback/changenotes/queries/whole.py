"""The whole public log with every version, for whoever takes it along."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from hearback.changenotes.rules import FIELDS, NoteKind, changed_last
from hearback.database.engine import fetch_value


class WholeField(Struct, frozen=True):
    """words: None where they were erased, or where the field is a day."""

    name: str
    words: str | None
    until: date | None

    @property
    def said(self) -> str:
        return self.until.isoformat() if self.until else self.words or ""


class WholeRevision(Struct, frozen=True):
    """ledger_entry: its number there, from 1; None before it is signed. language: of a translation, which has the
    number of what it says; empty for the note's own words."""

    number: int
    kind: str
    reason: str
    by: str
    at: datetime
    ledger_entry: int | None
    fields: list[WholeField]
    language: str = ""


class WholeNote(Struct, frozen=True):
    """revisions, translations: oldest first, all of them; a withdrawal holds no fields. erased_at, erasures: when words
    were last taken out of any of them, and how many times, as the ledger tells it. nth: the how many-th time we admit
    this mistake; before: the slug of the note that did so last."""

    id: UUID
    slug: str
    kind: str
    language: str
    state: str
    published_at: datetime
    signer: str
    signer_title: str
    nth: int
    before: str | None
    revisions: list[WholeRevision]
    translations: list[WholeRevision] = []
    erased_at: datetime | None = None
    erasures: int = 0

    @property
    def changed_at(self) -> datetime:
        return changed_last(self.revisions[-1].at, self.erased_at, erasures=self.erasures)


WHOLE = msgspec.json.Decoder(list[WholeNote])


async def whole_log(company_id: UUID, *, slug: str | None = None) -> list[WholeNote]:
    """Newest first. slug: this one alone; of a draft, and of none of ours, nothing comes."""
    text: str = await fetch_value(SQL, company_id, slug)
    return [_in_order(note) for note in WHOLE.decode(text)]


def _in_order(note: WholeNote) -> WholeNote:
    """As it is read: a mistake's cause after responsibility, sorry and repair. A translation is kept in no order."""
    names = FIELDS[NoteKind(note.kind)]

    def sorted_(version: WholeRevision) -> WholeRevision:
        return structs.replace(version, fields=sorted(version.fields, key=lambda one: names.index(one.name)))

    return structs.replace(
        note,
        revisions=[sorted_(one) for one in note.revisions],
        translations=[sorted_(one) for one in note.translations],
    )


SQL = """
select coalesce(json_agg(json_build_object(
    'id', n.id, 'slug', n.slug, 'kind', n.kind, 'language', n.language, 'state', n.state,
    'published_at', n.published_at, 'signer', m.name, 'signer_title', coalesce(n.signed_as, m.role_title), 'nth', n.nth,
    'before', (select b.slug from note b where b.company = $1 and b.id = n.repeats and b.state <> 'draft'),
    'erased_at', e.at, 'erasures', e.n,
    'revisions', (
        select json_agg(json_build_object(
            'number', v.number, 'kind', v.kind, 'reason', v.reason, 'by', b.name, 'at', v.at,
            'ledger_entry', (select l.number + 1 from ledger_leaf l
                             where l.company = $1 and l.subject = v.id
                               and l.kind in ('note.published', 'note.revised', 'note.withdrawn') limit 1),
            'fields', (select coalesce(json_agg(json_build_object(
                           'name', f.name, 'words', f.words, 'until', f.until) order by f.id), '[]')
                       from note_field f where f.company = $1 and f.revision = v.id)) order by v.number)
        from revision v join member b on b.company = $1 and b.id = v.by
        where v.company = $1 and v.note = n.id),
    'translations', (
        select coalesce(json_agg(json_build_object(
            'language', t.language, 'number', t.of_number, 'kind', 'translated', 'reason', '', 'by', b.name,
            'at', t.at,
            'ledger_entry', (select l.number + 1 from ledger_leaf l
                             where l.company = $1 and l.subject = t.id and l.number is not null
                             order by l.number limit 1),
            'fields', (select coalesce(json_agg(json_build_object(
                           'name', f.key, 'words', f.value, 'until', null)), '[]')
                       from jsonb_each_text(t.fields) f)) order by t.at, t.id), '[]')
        from note_translation t join member b on b.company = $1 and b.id = t.by
        where t.company = $1 and t.note = n.id)
) order by n.published_at desc, n.id desc), '[]')
from note n join member m on m.company = $1 and m.id = n.signed_by
cross join lateral (
    select max(at) as at, count(*) as n from note_erasure where company = $1 and note = n.id) e
where n.company = $1 and n.published_at is not null and ($2::varchar is null or n.slug = $2)"""
