"""Themes that others speak of, too, and that the public may see: for a fan who has just said something close to them.

Names and counts only: no word of anybody else.
"""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one

MOST = 3


class Other(Struct, frozen=True):
    """voices: other people's; few: fewer than the public may see counted, lifted for its weight all the same.

    mine: the fan's own word put something there. note: the newest public note's address, or empty. doing: the furthest
    state of an action, `in_progress`, `planned` or `considering`, or empty; reply_by: the next day that was promised.
    """

    id: UUID
    name: str
    voices: int
    few: bool
    mine: bool
    note: str
    note_title: str
    note_language: str
    doing: str
    reply_by: date | None


class OwnWord(Struct, frozen=True):
    """read: the worker has cut the answer into its points; apart: the fan says that they stand for themselves."""

    read: bool
    in_words: bool
    apart: bool


async def own_word(company_id: UUID, response_id: UUID) -> OwnWord:
    found = await fetch_one(
        OwnWord,
        """select exists (select from excerpt where company = $1 and response = $2) as read,
                  exists (select from answer where company = $1 and response = $2 and words <> '') as in_words,
                  exists (select from excerpt e join kept_apart k on k.company = e.company and k.excerpt = e.id
                          where e.company = $1 and e.response = $2) as apart""",
        company_id,
        response_id,
    )
    return found or OwnWord(False, False, False)


async def others(company_id: UUID, response_id: UUID, *, fewest_voices: int) -> list[Other]:
    """Of a counted answer: those that its fan joined first, then the nearest.

    Without what the fan or a member refused, and without points that a member has put somewhere.
    """
    return await fetch(
        Other,
        """with own as materialized (
               select e.id, p.by, t.heir
               from response r
               join excerpt e on e.company = r.company and e.response = r.id and e.answer is not null
               left join placement p on p.company = e.company and p.excerpt = e.id
               left join theme t on t.company = p.company and t.id = p.theme
               where r.company = $1 and r.id = $2 and r.state = 'counted' and not r.test
                 and coalesce(p.by, '') <> 'person'),
           refused as materialized (
               select v.excerpt, t.heir from refusal v join theme t on t.company = v.company and t.id = v.theme
               where v.company = $1 and v.excerpt in (select id from own)),
           close as (
               select t.heir as id, max(c.nearness) as nearness, bool_or(own.by = 'fan' and own.heir = t.heir) as mine
               from own
               join close_theme c on c.company = $1 and c.excerpt = own.id
               join theme t on t.company = $1 and t.id = c.theme
               where not exists (select from refused v where v.excerpt = own.id and v.heir = t.heir)
               group by t.heir),
           counted as (
               select close.id, count(distinct r.id) as voices
               from close
               join theme t on t.company = $1 and t.heir = close.id
               join placement p on p.company = $1 and p.theme = t.id
               join excerpt e on e.company = $1 and e.id = p.excerpt and e.response <> $2
               join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
               group by close.id)
           select h.id, h.name, coalesce(counted.voices, 0) as voices, coalesce(counted.voices, 0) < $3 as few,
                  coalesce(close.mine, false) as mine,
                  coalesce(n.slug, '') as note, coalesce(n.title, '') as note_title,
                  coalesce(n.language, '') as note_language, coalesce(x.state, '') as doing, due.on as reply_by
           from close
           join theme h on h.company = $1 and h.id = close.id and h.state = 'named'
           left join counted on counted.id = h.id
           left join lateral (
               select n.slug, n.language,
                      (select f.words from revision v
                       join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
                       where v.company = n.company and v.note = n.id and v.kind <> 'withdrawn'
                       order by v.number desc limit 1) as title
               from theme t
               join note_theme l on l.company = t.company and l.theme = t.id
               join note n on n.company = l.company and n.id = l.note and n.state = 'published'
               where t.company = $1 and t.heir = h.id order by n.published_at desc, n.id limit 1) n on true
           left join lateral (
               select x.state from theme t
               join action_theme l on l.company = t.company and l.theme = t.id
               join action x on x.company = l.company and x.id = l.action
                    and x.state in ('in_progress', 'planned', 'considering')
               where t.company = $1 and t.heir = h.id
               order by array_position(array['in_progress', 'planned', 'considering'], x.state) limit 1) x on true
           left join lateral (
               select min(p.due_on) as on from theme t
               join theme_question a on a.company = t.company and a.theme = t.id
               join promise p on p.company = a.company and p.question = a.question and p.kind = 'reply'
                    and p.kept_on is null and p.broken_on is null
                    and not exists (select from promise s where s.company = p.company and s.instead_of = p.id)
               where t.company = $1 and t.heir = h.id) due on true
           where close.mine or h.weight_reason <> '' or counted.voices >= $3
           order by close.mine desc, close.nearness desc, h.id limit $4""",
        company_id,
        response_id,
        fewest_voices,
        MOST,
    )
