"""Moderation forgets: what a fan wrote to ask for another look, what was covered, and reasons that repeat it."""

from hearback.database.engine import execute
from hearback.trust.erasure import Going, Why, forgets, stands_in_public, take_out

REPEATING = [
    (
        "select id, reason as words from cover where company = $1 and reason <> ''",
        "update cover set reason = without_parts(reason, $3) where company = $1 and id = $2",
    ),
    (
        "select id, answer as words from second_look where company = $1 and answer <> ''",
        "update second_look set answer = without_parts(answer, $3) where company = $1 and id = $2",
    ),
    (
        "select id, words from second_look where company = $1 and words <> ''",
        "update second_look set words = without_parts(words, $3) where company = $1 and id = $2",
    ),
    (
        "select id, words from moderated where company = $1 and words <> ''",
        "update moderated set words = without_parts(words, $3) where company = $1 and id = $2",
    ),
    (
        "select id, de as words from house_rule where company = $1",
        "update house_rule set de = without_parts(de, $3) where company = $1 and id = $2",
    ),
    (
        "select id, en as words from house_rule where company = $1",
        "update house_rule set en = without_parts(en, $3) where company = $1 and id = $2",
    ),
]


stands_in_public(
    "moderation",
    """select w.words, w.at from (
           select unnest(array[r.de, r.en]) as words, coalesce((
                      select max(a.at) from audit a where a.company = r.company and a.did = 'company.rules-written'),
                      timestamptz 'epoch') as at
           from house_rule r where r.company = $1) w
       where w.at >= $2 and w.at < $3 and w.words <> ''""",
)


@forgets("moderation")
async def _forget(going: Going) -> None:
    """That somebody asked for another look, and how it ended, goes on being counted in public; the words do not."""
    for select, update in REPEATING:
        await take_out(going, select, update)
    if going.why is Why.CORRECTED:
        return
    await execute(
        "update second_look set words = '' where company = $1 and response = any($2)",
        going.company,
        going.responses,
    )
    for table in (
        "delete from cover where company = $1 and response = any($2)",
        "delete from moderated where company = $1 and response = any($2)",
        "delete from trusted where company = $1 and response = any($2)",
    ):
        await execute(table, going.company, going.responses)
