"""The talks that replies belong to: with one fan, and in public about a theme."""

from uuid import UUID

from msgspec import structs

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.refusals import NotFound
from hearback.replying.queries.replies import Reply, WordBack, replies
from hearback.replying.rules import To

MOST_OF_THEME = 200


async def talk(company_id: UUID, response_id: UUID) -> list[Reply]:
    """What was replied to an answer, the oldest first: to it alone, and in public to its themes as far as its fan said
    something to it; with what they said."""
    ids = await fetch_value(
        """select array_agg(y.id) from reply y
           where y.company = $1 and y.state = 'sent' and (y.response = $2 or exists (
               select from word_back b where b.company = $1 and b.reply = y.id and b.response = $2))""",
        company_id,
        response_id,
    )
    return await _with_words(
        company_id, await replies(company_id, ids=ids or [], of=response_id), response_id
    )


async def told_on_receipt(company_id: UUID, response_id: UUID) -> list[Reply]:
    """As talk(), and all that was said in public to its themes."""
    ids = await fetch_value(
        """select array_agg(y.id) from reply y
           where y.company = $1 and y.state = 'sent' and (y.response = $2 or y.theme in (
               select s.id from excerpt e
               join placement p on p.company = e.company and p.excerpt = e.id
               join theme t on t.company = p.company and t.id = p.theme
               join theme s on s.company = t.company and s.heir = t.heir
               where e.company = $1 and e.response = $2) or exists (
               select from word_back b where b.company = $1 and b.reply = y.id and b.response = $2))""",
        company_id,
        response_id,
    )
    return await _with_words(
        company_id, await replies(company_id, ids=ids or [], of=response_id), response_id
    )


async def public_replies(
    company_id: UUID, *, theme: UUID | None = None, before: UUID | None = None, limit: int = MOST_OF_THEME
) -> list[Reply]:
    """To themes, the newest first; of one theme, whichever was merged into it, or of all. before: the last one already
    seen; where that is none of them, none."""
    ids = await fetch_value(
        """select array_agg(y.id) from (
               select y.id from reply y
               join theme t on t.company = y.company and t.id = y.theme
               where y.company = $1 and y.state = 'sent'
                 and ($2::uuid is null or t.heir = (select heir from theme where company = $1 and id = $2))
                 and ($4::uuid is null or (y.sent_at, y.id) < (
                     select sent_at, id from reply
                     where company = $1 and id = $4 and theme is not null and state = 'sent'))
               order by y.sent_at desc, y.id desc limit $3) y""",
        company_id,
        theme,
        limit,
        before,
    )
    return (await replies(company_id, ids=ids or []))[::-1]


async def _with_words(company_id: UUID, told: list[Reply], response_id: UUID) -> list[Reply]:
    """What the fan of this answer said to each."""
    words = await fetch(
        WordBack,
        """select id, reply, response, nth, words, "on", settled_on is not null as settled from word_back
           where company = $1 and response = $2 order by nth""",
        company_id,
        response_id,
    )
    return [structs.replace(one, back=tuple(word for word in words if word.reply == one.id)) for one in told]


async def word_back(company_id: UUID, word_back_id: UUID) -> WordBack:
    """Raises NotFound."""
    found = await fetch_one(
        WordBack,
        """select id, reply, response, nth, words, "on", settled_on is not null as settled from word_back
           where company = $1 and id = $2""",
        company_id,
        word_back_id,
    )
    if found is None:
        raise NotFound
    return found


async def entries(company_id: UUID, to: To) -> int:
    """How much a talk holds: replies that went out, and words of its fan."""
    count: int = await fetch_value(
        """select (select count(*) from reply where company = $1 and state = 'sent'
                   and (response = $2 or theme = $3))
                + (select count(*) from word_back where company = $1 and response = $2)""",
        company_id,
        to.response,
        to.theme,
    )
    return count


async def themes_of(company_id: UUID, response_id: UUID) -> list[UUID]:
    """The named themes that an answer speaks of."""
    return await fetch_column(
        """select distinct h.id from excerpt e
           join placement l on l.company = e.company and l.excerpt = e.id
           join theme t on t.company = l.company and t.id = l.theme
           join theme h on h.company = t.company and h.id = t.heir
           where e.company = $1 and e.response = $2 and h.state = 'named'""",
        company_id,
        response_id,
    )


async def heard_as(company_id: UUID, response_id: UUID) -> str:
    """As what a moderator heard this answer; empty where nobody said."""
    found: str | None = await fetch_value(
        "select heard_as from moderated where company = $1 and response = $2", company_id, response_id
    )
    return found or ""
