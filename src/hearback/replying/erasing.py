"""What this room forgets when a fan's words go: the whole talk, and where members quoted them to others."""

from hearback.database.engine import execute
from hearback.trust.erasure import Going, Why, forgets, stands_in_public, take_out

WRITTEN = [
    (
        "select id, feeling as words from reply where company = $1 and feeling <> ''",
        "update reply set feeling = without_parts(feeling, $3) where company = $1 and id = $2",
    ),
    (
        "select id, fact as words from reply where company = $1 and fact <> ''",
        "update reply set fact = without_parts(fact, $3) where company = $1 and id = $2",
    ),
    (
        "select id, next_step as words from reply where company = $1 and next_step <> ''",
        "update reply set next_step = without_parts(next_step, $3) where company = $1 and id = $2",
    ),
    (
        "select id, why as words from reply where company = $1 and why <> ''",
        "update reply set why = without_parts(why, $3) where company = $1 and id = $2",
    ),
    (
        "select id, returned_why as words from reply where company = $1 and returned_why <> ''",
        "update reply set returned_why = without_parts(returned_why, $3) where company = $1 and id = $2",
    ),
    (
        "select id, stays as words from reply where company = $1 and stays <> ''",
        "update reply set stays = without_parts(stays, $3) where company = $1 and id = $2",
    ),
]


stands_in_public(
    "replying",
    """select w.words, y.sent_at as at from reply y
       cross join lateral (values (y.feeling), (y.fact), (y.next_step), (y.why)) w (words)
       where y.company = $1 and y.theme is not null and y.state = 'sent' and y.sent_at >= $2 and y.sent_at < $3
         and w.words <> ''""",
)


@forgets("replying")
async def forget(going: Going) -> None:
    """Other words take no talk with them. Erased takes it whole; of what was kept long enough the figures stay."""
    if going.why is Why.ERASED:
        for sql in (
            "delete from word_back where company = $1 and response = any($2)",
            "delete from reply_voice where company = $1 and response = any($2)",
            "delete from reply where company = $1 and response = any($2)",
        ):
            await execute(sql, going.company, going.responses)
    elif going.why is Why.EXPIRED:
        await execute(
            "delete from word_back where company = $1 and response = any($2)", going.company, going.responses
        )
        await execute(
            "delete from reply where company = $1 and response = any($2) and state <> 'sent'",
            going.company,
            going.responses,
        )
        await execute(
            """update reply y set feeling = '', fact = '', next_step = '', returned_why = '', stays = '',
                      words_gone_on = (current_timestamp at time zone c.timezone)::date,
                      why = case when y.why = '' then '' else '…' end
               from company c
               where c.id = $1 and y.company = $1 and y.response = any($2)""",
            going.company,
            going.responses,
        )
    for select, update in WRITTEN:
        await take_out(going, select, update)
