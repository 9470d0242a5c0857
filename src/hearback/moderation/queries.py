"""What waits for a person, what was decided about an answer, and the company's rules."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.moderation.rules import ASKED, DEGREES, Why
from hearback.people.rules import RIGHTS, Right


class Rule(Struct, frozen=True):
    """number: what a reason names. gone_on: since when it holds no more."""

    number: int
    de: str
    en: str
    gone_on: date | None = None

    def text(self, language: str) -> str:
        return (self.de if language == "de" else self.en) or self.de or self.en


class Held(Struct, frozen=True):
    """Something that waits. words: as everybody reads them; asked: another look is wished for, with the fan's words.

    mine: somebody else has to decide, for whoever looks did the first time, or handed it over.
    """

    id: UUID
    question: UUID
    title: str
    state: str
    flag: str
    reason: str
    rule: int | None
    language: str
    day: date
    words: list[str]
    heard_as: str
    waits: bool
    handed_over_by: UUID | None
    handed_over: str
    why_handed_over: str
    asked: bool
    asked_about: str
    asked_words: str
    mine: bool


class Cover(Struct, frozen=True):
    """What stands behind a bar. part: what the fan wrote there."""

    id: UUID
    part: str
    heard_as: str
    rule: int
    reason: str
    by: UUID | None
    who: str
    at: datetime


class Look(Struct, frozen=True):
    """Another look that a fan asked for. by, who, at: of whoever decided, if somebody has."""

    id: UUID
    about: str
    words: str
    asked_on: date
    by: UUID | None
    who: str
    at: datetime | None
    outcome: str
    answer: str


class Decided(Struct, frozen=True):
    """All that was decided about one answer. state, rule, reason and aside_by: of the answer itself."""

    state: str
    rule: int | None
    reason: str
    aside_by: UUID | None
    heard_as: str
    waits: bool
    handed_over_by: UUID | None
    handed_over: str
    why_handed_over: str
    trusted_by: str
    covers: list[Cover]
    looks: list[Look]

    @property
    def asked(self) -> Look | None:
        """The look that nobody has taken yet."""
        return next((look for look in self.looks if not look.outcome), None)

    @property
    def deciders(self) -> list[UUID]:
        return [by for by in (self.aside_by, *(cover.by for cover in self.covers)) if by]


async def rules(company_id: UUID) -> list[Rule]:
    """Those the company wrote, also those that hold no more; none where the drafts hold."""
    return await fetch(
        Rule,
        "select number, de, en, gone_on from house_rule where company = $1 order by number",
        company_id,
    )


async def looks_and_covers(company_id: UUID, response_id: UUID) -> tuple[list[Look], list[Cover]]:
    """Newest look first; covers in the order of the words."""
    looks = await fetch(
        Look,
        """select l.id, l.about, l.words, l.asked_on, l.by, coalesce(m.name, '') as who, l.at, l.outcome, l.answer
           from second_look l left join member m on m.company = l.company and m.id = l.by
           where l.company = $1 and l.response = $2 order by l.at desc nulls first, l.id""",
        company_id,
        response_id,
    )
    covers = await fetch(
        Cover,
        """select v.id, substr(coalesce(a.own_words, a.words), v.starts + 1, v.ends - v.starts) as part, v.heard_as,
                  v.rule, v.reason, v.by, coalesce(m.name, '') as who, v.at
           from cover v
           join answer a on a.company = v.company and a.id = v.answer
           join prompt p on p.company = a.company and p.id = a.prompt
           left join member m on m.company = v.company and m.id = v.by
           where v.company = $1 and v.response = $2 order by p.position, a.part, v.starts""",
        company_id,
        response_id,
    )
    return looks, covers


class _Plain(Struct, frozen=True):
    state: str
    rule: int | None
    reason: str
    aside_by: UUID | None
    heard_as: str
    waits: bool
    handed_over_by: UUID | None
    handed_over: str
    why_handed_over: str
    trusted_by: str


async def decided(company_id: UUID, response_id: UUID) -> Decided | None:
    """None where no such answer is."""
    found = await fetch_one(
        _Plain,
        """select r.state, r.rule, r.reason, r.set_aside_by as aside_by, coalesce(o.heard_as, '') as heard_as,
                  coalesce(o.waits, false) as waits, o.handed_over_by, coalesce(h.name, '') as handed_over,
                  coalesce(o.words, '') as why_handed_over,
                  case when t.id is null then '' else coalesce(b.name, '…') end as trusted_by
           from response r
           left join moderated o on o.company = r.company and o.response = r.id
           left join member h on h.company = o.company and h.id = o.handed_over_by
           left join trusted t on t.company = r.company and t.response = r.id
           left join member b on b.company = t.company and b.id = t.by
           where r.company = $1 and r.id = $2 and not r.test""",
        company_id,
        response_id,
    )
    if found is None:
        return None
    looks, covers = await looks_and_covers(company_id, response_id)
    return Decided(
        state=found.state,
        rule=found.rule,
        reason=found.reason,
        aside_by=found.aside_by,
        heard_as=found.heard_as,
        waits=found.waits,
        handed_over_by=found.handed_over_by,
        handed_over=found.handed_over,
        why_handed_over=found.why_handed_over,
        trusted_by=found.trusted_by,
        covers=covers,
        looks=looks,
    )


async def own_words(company_id: UUID, response_id: UUID) -> list[str]:
    """As the fan wrote them, with nothing covered; in the order of the inbox."""
    return await fetch_column(
        """select coalesce(a.own_words, a.words) from answer a
           join prompt p on p.company = a.company and p.id = a.prompt
           where a.company = $1 and a.response = $2 and a.words <> '' order by p.position, a.part""",
        company_id,
        response_id,
    )


async def moderators(company_id: UUID) -> int:
    """How many could take another look, whoever decided."""
    roles = [role.value for role, rights in RIGHTS.items() if Right.MODERATE in rights]
    return int(
        await fetch_value(
            "select count(*) from member where company = $1 and active and role = any($2)", company_id, roles
        )
    )


async def waiting(company_id: UUID, *, me: UUID, today: date, most: int) -> list[Held]:
    """What waits for a look, what somebody asks about, what was handed over or classed, and what runs hot.

    The most urgent first: a day of waiting weighs as much as a degree of heat, so nothing waits for ever. What `me`
    handed over, or has to leave to somebody else, stands last.
    """
    return await fetch(
        Held,
        """select r.id, r.question, q.title, r.state, r.flag, r.reason, r.rule, r.language, r.day,
                  coalesce(o.heard_as, '') as heard_as, coalesce(o.waits, false) as waits, o.handed_over_by,
                  coalesce(h.name, '') as handed_over, coalesce(o.words, '') as why_handed_over,
                  l.id is not null as asked, coalesce(l.about, '') as asked_about,
                  coalesce(l.words, '') as asked_words,
                  array(select a.words from answer a
                        join prompt p on p.company = a.company and p.id = a.prompt
                        where a.company = r.company and a.response = r.id and a.words <> ''
                        order by p.position, a.part) as words,
                  coalesce(o.handed_over_by = $2, false)
                      or l.id is not null and (coalesce(r.set_aside_by = $2, false) or exists (
                          select from cover v where v.company = r.company and v.response = r.id and v.by = $2)) as mine
           from waits_for_a_look w
           cross join lateral (
               select * from response where company = w.company and id = w.response and not test
                 and state in ('counted', 'held', 'set_aside') offset 0) r
           join question q on q.company = r.company and q.id = r.question
           left join moderated o on o.company = r.company and o.response = r.id
           left join member h on h.company = o.company and h.id = o.handed_over_by
           left join second_look l on l.company = r.company and l.response = r.id and l.outcome = ''
           where w.company = $1
           order by mine,
                    coalesce(r.heat, 0) + ($3::date - r.day)
                        + case when r.state = 'held' and r.flag <> '' then $4::integer else 0 end
                        + case when l.id is not null then $5::integer else 0 end desc,
                    r.day, r.id
           limit $6""",
        company_id,
        me,
        today,
        DEGREES[Why.FLAG],
        ASKED,
        most,
    )


async def how_much_waits(company_id: UUID) -> int:
    """Both queries look up each answer that waits by its id (`offset 0`): right after an import PostgreSQL knows no
    numbers yet, and would walk all answers for each of them."""
    return int(
        await fetch_value(
            """select count(*) from waits_for_a_look w
               cross join lateral (
                   select from response where company = w.company and id = w.response and not test
                     and state in ('counted', 'held', 'set_aside') offset 0) r
               where w.company = $1""",
            company_id,
        )
    )
