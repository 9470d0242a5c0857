"""What everybody may see of moderation: sums by month and rule, and nothing by person."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class Month(Struct, frozen=True):
    """What came in during a month, by what became of it until now. covered: answers of which a part stands behind a
    bar; asked, restored, kept: other looks at answers of this month."""

    month: date
    counted: int
    held: int
    set_aside: int
    withdrawn: int
    erased: int
    covered: int
    asked: int
    restored: int
    kept: int

    @property
    def received(self) -> int:
        return self.counted + self.held + self.set_aside + self.withdrawn + self.erased


async def months(company_id: UUID, *, most: int = 24) -> list[Month]:
    """Newest first; only months in which something came in."""
    return await fetch(
        Month,
        """select date_trunc('month', r.day)::date as month,
                  count(*) filter (where r.state = 'counted') as counted,
                  count(*) filter (where r.state = 'held') as held,
                  count(*) filter (where r.state = 'set_aside') as set_aside,
                  count(*) filter (where r.state = 'withdrawn') as withdrawn,
                  count(*) filter (where r.state = 'erased') as erased,
                  count(*) filter (where exists (
                      select from cover v where v.company = r.company and v.response = r.id)) as covered,
                  coalesce(sum(l.asked), 0)::int as asked, coalesce(sum(l.restored), 0)::int as restored,
                  coalesce(sum(l.kept), 0)::int as kept
           from response r
           left join lateral (
               select count(*) as asked, count(*) filter (where outcome = 'restored') as restored,
                      count(*) filter (where outcome = 'kept') as kept
               from second_look where company = r.company and response = r.id) l on true
           where r.company = $1 and not r.test
           group by 1 order by 1 desc limit $2""",
        company_id,
        most,
    )


class ByRule(Struct, frozen=True):
    """Answers of a month that lie aside (`aside`), or of which a part is covered, by one rule or one reason of the
    program. rule: none where the program set them aside, or before there were rules."""

    month: date
    aside: bool
    rule: int | None
    flag: str
    n: int


async def by_rule(company_id: UUID, *, since: date) -> list[ByRule]:
    return await fetch(
        ByRule,
        """select date_trunc('month', r.day)::date as month, true as aside, r.rule,
                  case when r.reason = '' then r.flag else '' end as flag, count(*) as n
           from response r where r.company = $1 and r.day >= $2 and not r.test and r.state = 'set_aside'
           group by 1, 3, 4
           union all
           select date_trunc('month', r.day)::date, false, v.rule, '', count(distinct r.id)
           from response r join cover v on v.company = r.company and v.response = r.id
           where r.company = $1 and r.day >= $2 and not r.test
           group by 1, 3
           order by 1 desc, 2 desc, 5 desc, 3""",
        company_id,
        since,
    )
