"""Where a question repeats what a fan wrote before."""

from hearback.trust.erasure import Going, forgets, stands_in_public, take_out

WRITTEN = [
    (
        "select id, title as words from question where company = $1",
        "update question set title = without_parts(title, $3) where company = $1 and id = $2",
    ),
    (
        "select id, why as words from question where company = $1",
        "update question set why = without_parts(why, $3) where company = $1 and id = $2",
    ),
    (
        "select id, can_change as words from question where company = $1",
        "update question set can_change = without_parts(can_change, $3) where company = $1 and id = $2",
    ),
    (
        "select id, cannot_change as words from question where company = $1",
        "update question set cannot_change = without_parts(cannot_change, $3) where company = $1 and id = $2",
    ),
    (
        "select id, what_happens as words from question where company = $1",
        "update question set what_happens = without_parts(what_happens, $3) where company = $1 and id = $2",
    ),
    (
        "select id, translations::text as words from question where company = $1 and translations <> '{}'",
        "update question set translations = without_parts_in(translations, $3) where company = $1 and id = $2",
    ),
    (
        "select id, translations::text as words from prompt where company = $1 and translations <> '{}'",
        "update prompt set translations = without_parts_in(translations, $3) where company = $1 and id = $2",
    ),
    (
        "select id, words from prompt where company = $1",
        "update prompt set words = without_parts(words, $3) where company = $1 and id = $2",
    ),
    (
        "select id, help as words from prompt where company = $1 and help <> ''",
        "update prompt set help = without_parts(help, $3) where company = $1 and id = $2",
    ),
]


# Since it opened, or was worded anew before anybody had answered it.
stands_in_public(
    "asking",
    """select w.words, w.at from (
           select t.words #>> '{}' as words, greatest(q.opens_at, (
                      select max(a.at) from audit a
                      where a.company = q.company and a.subject = q.id and a.did = 'question.changed')) as at
           from question q
           cross join lateral jsonb_path_query(
               jsonb_build_array(q.title, q.why, q.can_change, q.cannot_change, q.what_happens, q.translations, (
                   select jsonb_agg(jsonb_build_array(p.words, p.help, p.options, p.translations)) from prompt p
                   where p.company = q.company and p.question = q.id)),
               '$.** ? (@.type() == "string")') as t (words)
           where q.company = $1 and q.state <> 'draft') w
       where w.at >= $2 and w.at < $3 and w.words <> ''""",
)


@forgets("asking")
async def forget(going: Going) -> None:
    for select, update in WRITTEN:
        await take_out(going, select, update)
