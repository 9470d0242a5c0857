"""What the team has around a theme: who looks after it, its rest, questions, remarks, drafts and objections."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one, fetch_value
from hearback.refusals import NotFound
from hearback.themes.rules import woken_by


class Rest(Struct, frozen=True):
    """Its rest as it stands, to be put back one day. Not resting: `since` is None."""

    since: datetime | None
    why: str
    by: UUID | None
    wakes_on: date | None
    wakes_at: int | None


class Carer(Struct, frozen=True):
    """Who looks after a theme: a member, a team, or nobody."""

    to: UUID | None = None
    team: UUID | None = None


class Tended(Struct, frozen=True):
    """Of the theme that speaks. assigned, rested_by: names. assigned_here: it is a member, or a team with somebody in
    it, that still works here.
    """

    assigned_to: UUID | None
    assigned_team: UUID | None
    assigned: str | None
    assigned_here: bool
    resting_since: datetime | None
    resting_why: str
    rested_by: str | None
    wakes_on: date | None
    wakes_at: int | None

    @property
    def carer(self) -> Carer:
        return Carer(self.assigned_to, self.assigned_team)

    @property
    def how_kept(self) -> str:
        """A key for the sentence that says who looks after it."""
        if self.assigned is None:
            return "nobody"
        return ("team" if self.assigned_team else "is") + ("" if self.assigned_here else "-gone")


class InHand(Struct, frozen=True):
    """A theme that a member looks after. team: with which team, empty for alone. people: those to whom no public note
    has spoken, since `oldest`, out of its voices. look_again: as in the list of themes.
    """

    id: UUID
    name: str
    named: bool
    team: str
    resting_since: datetime | None
    wakes_on: date | None
    wakes_at: int | None
    look_again: date | None
    voices: int
    people: int
    oldest: date | None

    def rests(self, today: date) -> bool:
        return self.resting_since is not None and not woken_by(
            today=today,
            voices=self.voices,
            wakes_on=self.wakes_on,
            wakes_at=self.wakes_at,
            look_again=self.look_again,
        )


class Asked(Struct, frozen=True):
    """A question about the theme. linked_to: the theme it was linked to, this one or one that came into it."""

    id: UUID
    title: str
    state: str
    closes_at: datetime
    linked_to: UUID


class Remark(Struct, frozen=True):
    id: UUID
    member: UUID
    who: str
    words: str
    at: datetime


class DraftedNote(Struct, frozen=True):
    """A note on the theme that is being written."""

    id: UUID
    kind: str
    title: str
    signer: str


class Objection(Struct, frozen=True):
    note: UUID
    who: str
    why: str
    at: datetime


async def tended(company_id: UUID, theme_id: UUID) -> Tended:
    """Raises NotFound."""
    found = await fetch_one(
        Tended,
        """select t.assigned_to, t.assigned_team, coalesce(a.name, w.name) as assigned, coalesce(a.active,
                      w.put_away_at is null and exists (
                          select from team_member i join member m on m.company = i.company and m.id = i.member
                          where i.company = t.company and i.team = t.assigned_team and m.active)) as assigned_here,
                  t.resting_since, t.resting_why, r.name as rested_by, t.wakes_on, t.wakes_at
           from theme t
           left join member a on a.company = t.company and a.id = t.assigned_to
           left join team w on w.company = t.company and w.id = t.assigned_team
           left join member r on r.company = t.company and r.id = t.rested_by
           where t.company = $1 and t.id = $2""",
        company_id,
        theme_id,
    )
    if found is None:
        raise NotFound
    return found


async def waiting_for(company_id: UUID, member_id: UUID, today: date, *, reader: str) -> list[InHand]:
    """What the member looks after, alone or in a team, and where people wait for a word; the oldest first.

    What rests does not wait, until something wakes it.
    """
    found = await fetch(
        InHand,
        """with mine as (
               select h.id, theme_called(h.name, h.terms, h.terms_in, $3) as name,
                      h.state = 'named' as named, coalesce(w.name, '') as team,
                      h.resting_since, h.wakes_on, h.wakes_at,
                      (select (max(n.published_at) at time zone c.timezone)::date from theme s
                       join note_theme l on l.company = s.company and l.theme = s.id
                       join note n on n.company = l.company and n.id = l.note and n.state = 'published'
                       where s.company = h.company and s.heir = h.id) as told,
                      looks_again_on(h.company, h.id, (h.resting_since at time zone c.timezone)::date) as look_again
               from theme h join company c on c.id = h.company
               left join team w on w.company = h.company and w.id = h.assigned_team and w.put_away_at is null
               where h.company = $1 and h.heir = h.id and (h.assigned_to = $2 or exists (
                   select from team_member i where i.company = w.company and i.team = w.id and i.member = $2)))
           select m.id, m.name, m.named, m.team, m.resting_since, m.wakes_on, m.wakes_at, m.look_again,
                  count(distinct r.id) as voices,
                  count(distinct r.id) filter (where m.told is null or r.day > m.told) as people,
                  min(r.day) filter (where m.told is null or r.day > m.told) as oldest
           from mine m
           join theme t on t.company = $1 and t.heir = m.id
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
           group by m.id, m.name, m.named, m.team, m.resting_since, m.wakes_on, m.wakes_at, m.look_again, m.told
           order by oldest, m.id""",
        company_id,
        member_id,
        reader,
    )
    return [one for one in found if one.people and not one.rests(today)]


async def rest(company_id: UUID, theme_id: UUID) -> Rest | None:
    return await fetch_one(
        Rest,
        """select resting_since as since, resting_why as why, rested_by as by, wakes_on, wakes_at
           from theme where company = $1 and id = $2""",
        company_id,
        theme_id,
    )


async def voices_of(company_id: UUID, theme_id: UUID) -> int:
    """People whose counted words lie in what this theme speaks for."""
    n: int = await fetch_value(
        """select count(distinct r.id) from theme t
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where t.company = $1 and t.heir = $2 and r.state = 'counted' and not r.test""",
        company_id,
        theme_id,
    )
    return n


async def look_again(company_id: UUID, theme_id: UUID, *, after: date) -> date | None:
    """The next day on which a public note on it promised to look again; of a day that was moved the one that holds."""
    found: date | None = await fetch_value("select looks_again_on($1, $2, $3)", company_id, theme_id, after)
    return found


async def asked(company_id: UUID, theme_id: UUID) -> list[Asked]:
    """Questions about it, the newest first."""
    return await fetch(
        Asked,
        """select distinct on (q.id) q.id, q.title, q.state, q.closes_at, l.theme as linked_to
           from theme t
           join theme_question l on l.company = t.company and l.theme = t.id
           join question q on q.company = l.company and q.id = l.question
           where t.company = $1 and t.heir = $2 order by q.id desc, l.id""",
        company_id,
        theme_id,
    )


class Askable(Struct, frozen=True):
    id: UUID
    title: str
    state: str


async def askable(company_id: UUID, theme_id: UUID) -> list[Askable]:
    """Questions that are not linked to it yet, the newest first."""
    return await fetch(
        Askable,
        """select q.id, q.title, q.state from question q
           where q.company = $1 and not exists (
               select from theme_question l join theme t on t.company = l.company and t.id = l.theme
               where l.company = q.company and l.question = q.id and t.heir = $2)
           order by q.id desc limit 50""",
        company_id,
        theme_id,
    )


async def question_title(company_id: UUID, question_id: UUID) -> str:
    """Raises NotFound."""
    title: str | None = await fetch_value(
        "select title from question where company = $1 and id = $2", company_id, question_id
    )
    if title is None:
        raise NotFound
    return title


async def linked(company_id: UUID, theme_id: UUID, question_id: UUID) -> bool:
    found: bool = await fetch_value(
        "select exists (select from theme_question where company = $1 and theme = $2 and question = $3)",
        company_id,
        theme_id,
        question_id,
    )
    return found


async def remarks(company_id: UUID, theme_id: UUID, *, limit: int = 40) -> list[Remark]:
    """Of the theme and of those that came into it; the newest ones, in the order in which they were said."""
    found = await fetch(
        Remark,
        """select k.id, k.member, m.name as who, k.words, k.at
           from theme t
           join theme_remark k on k.company = t.company and k.theme = t.id
           join member m on m.company = k.company and m.id = k.member
           where t.company = $1 and t.heir = $2 order by k.id desc limit $3""",
        company_id,
        theme_id,
        limit,
    )
    return found[::-1]


async def drafts(company_id: UUID, theme_id: UUID) -> list[DraftedNote]:
    return await fetch(
        DraftedNote,
        """select distinct n.id, n.kind, coalesce(n.draft->>'title', '') as title, m.name as signer
           from theme t
           join note_theme l on l.company = t.company and l.theme = t.id
           join note n on n.company = l.company and n.id = l.note and n.state = 'draft'
           join member m on m.company = n.company and m.id = n.signed_by
           where t.company = $1 and t.heir = $2 order by n.id""",
        company_id,
        theme_id,
    )


async def objections(company_id: UUID, theme_id: UUID) -> list[Objection]:
    """To drafts on the theme, in the order in which they were made."""
    return await fetch(
        Objection,
        """select d.note, m.name as who, d.why, d.at
           from dissent d
           join note n on n.company = d.company and n.id = d.note and n.state = 'draft'
           join member m on m.company = d.company and m.id = d.member
           where d.company = $1 and exists (
               select from note_theme l join theme t on t.company = l.company and t.id = l.theme
               where l.company = d.company and l.note = d.note and t.heir = $2)
           order by d.id""",
        company_id,
        theme_id,
    )


async def opened_again(company_id: UUID, theme_id: UUID, note_id: UUID) -> bool:
    """Whether those behind this note have opened the theme again already."""
    return bool(
        await fetch_value(
            """select exists (select from theme_event where company = $1 and theme = $2 and deed = 'reopened'
                              and details->>'note' = $3::text)""",
            company_id,
            theme_id,
            str(note_id),
        )
    )
