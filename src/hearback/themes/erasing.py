"""Themes forget: the points of an answer go with it, and so do terms that nobody else's words hold."""

from uuid import UUID

from hearback.database.engine import execute, fetch_column, lock
from hearback.themes import second_reading
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.turns import learn_later
from hearback.trust.erasure import (
    MEMORIES,
    Going,
    Why,
    forgets,
    stands_in_public,
    take_out,
    take_out_of_history,
)

WRITTEN = [
    (
        "select id, name as words from theme where company = $1 and name <> ''",
        "update theme set name = without_parts(name, $3) where company = $1 and id = $2",
    ),
    (
        "select id, definition as words from theme where company = $1 and definition <> ''",
        "update theme set definition = without_parts(definition, $3) where company = $1 and id = $2",
    ),
    (
        "select id, excludes as words from theme where company = $1 and excludes <> ''",
        "update theme set excludes = without_parts(excludes, $3) where company = $1 and id = $2",
    ),
    (
        "select id, weight_reason as words from theme where company = $1 and weight_reason <> ''",
        "update theme set weight_reason = without_parts(weight_reason, $3) where company = $1 and id = $2",
    ),
    (
        "select id, resting_why as words from theme where company = $1 and resting_why <> ''",
        "update theme set resting_why = without_parts(resting_why, $3) where company = $1 and id = $2",
    ),
    (
        "select id, words from theme_remark where company = $1",
        "update theme_remark set words = without_parts(words, $3) where company = $1 and id = $2",
    ),
    (
        "select id, words from passed_on where company = $1 and words <> ''",
        "update passed_on set words = without_parts(words, $3) where company = $1 and id = $2",
    ),
    (
        """select id, jsonb_build_array(definition_de, definition_en, examples_de, examples_en)::text as words
           from codebook_entry where company = $1""",
        """update codebook_entry set definition_de = without_parts(definition_de, $3),
                  definition_en = without_parts(definition_en, $3),
                  examples_de = array(select without_parts(one, $3) from unnest(examples_de) as one),
                  examples_en = array(select without_parts(one, $3) from unnest(examples_en) as one)
           where company = $1 and id = $2""",
    ),
    (  # a search is kept as an address: its words stand there with + between them
        "select id, replace(query, '+', ' ') as words from saved_view where company = $1",
        "delete from saved_view where company = $1 and id = $2 and $3::text[] is not null",
    ),
]
EVENTS = (
    "select id, details::text as words from theme_event where company = $1 and length(details::text) > 20"
)
# Machine-made names may come from a single answer: words of it that no other answer of the company holds.
RARE = """
with term as (
    select unnest(terms) as term from theme where company = $1
    union
    select jsonb_array_elements_text(of.value) from theme t cross join lateral jsonb_each(t.terms_in) as of
    where t.company = $1
    union
    select jsonb_array_elements_text(details->'terms') from theme_event
    where company = $1 and deed = 'suggested' and jsonb_typeof(details->'terms') = 'array')
select term from term
where exists (select from unnest($2::text[]) as said where strpos(lower(said), lower(term)) > 0)
  and not exists (select from answer a where a.company = $1 and a.id <> all($3)
                  and strpos(lower(a.words), lower(term)) > 0)"""

MEMORIES.append(second_reading.forget_read)


stands_in_public(
    "themes",
    """select w.words, w.at from theme t cross join lateral (values
           (t.name, (select max(v.at) from theme_event v where v.company = t.company and v.theme = t.id
                     and v.deed in ('named', 'renamed'))),
           (t.weight_reason, (select max(v.at) from theme_event v where v.company = t.company and v.theme = t.id
                              and v.deed = 'weighted'))) w (words, at)
       where t.company = $1 and t.state = 'named' and w.words <> '' and w.at >= $2 and w.at < $3""",
)


@forgets("themes")
async def forget(going: Going) -> None:
    await lock(going.company, LOCK)  # nobody places meanwhile what is about to go
    await _forget_proposals(going)
    await _forget_terms(going)
    for select, update in WRITTEN:
        await take_out(going, select, update)
    await take_out_of_history(going, "theme_event", EVENTS)
    if going.why is Why.EXPIRED:
        await _keep_voices(going)
    await learn_later(going.company)


async def _forget_proposals(going: Going) -> None:
    """The next reading proposes anew; what people decided stands, without the words that spoke for it."""
    await execute(
        """delete from proposal p where p.company = $1 and p.state = 'open' and p.excerpts && array(
               select id from excerpt where company = $1 and answer = any($2))""",
        going.company,
        going.answers,
    )
    await execute(
        """update proposal p set evidence = evidence - 'says' - 'others_say'
           where p.company = $1 and p.excerpts && array(
               select id from excerpt where company = $1 and answer = any($2))""",
        going.company,
        going.answers,
    )


async def _forget_terms(going: Going) -> None:
    rare = await fetch_column(RARE, going.company, going.texts, going.answers)
    if not rare:
        return
    await execute(
        """update theme set
               terms = array(select term from unnest(terms) with ordinality as of (term, nth)
                             where term <> all($2) order by nth),
               terms_in = (select coalesce(jsonb_object_agg(of.key, (
                               select coalesce(jsonb_agg(term), '[]') from jsonb_array_elements_text(of.value) as term
                               where term <> all($2))), '{}') from jsonb_each(terms_in) as of)
           where company = $1""",
        going.company,
        rare,
    )
    events: list[UUID] = await fetch_column(
        """select id from theme_event v where company = $1
           and exists (select from unnest($2::text[]) as term where strpos(v.details::text, term) > 0)""",
        going.company,
        rare,
    )
    for event in events:
        await execute("select erase_from_history('theme_event', $1, $2, $3)", going.company, event, rare)


async def _keep_voices(going: Going) -> None:
    """A placed excerpt without an answer is a voice that is counted and says nothing any more."""
    await execute(
        """delete from excerpt e where e.company = $1 and e.answer = any($2) and not exists (
               select from placement p where p.company = e.company and p.excerpt = e.id and p.theme is not null)""",
        going.company,
        going.answers,
    )
    voices = await fetch_column(
        """update excerpt set answer = null, starts = 0, ends = 1, vector = null, second = null, marks = '{}',
                  wording = hashtextextended(id::text, 0)
           where company = $1 and answer = any($2) returning id""",
        going.company,
        going.answers,
    )
    await execute("delete from spot where company = $1 and excerpt = any($2)", going.company, voices)
    await execute("delete from close_theme where company = $1 and excerpt = any($2)", going.company, voices)
    await execute("delete from kept_apart where company = $1 and excerpt = any($2)", going.company, voices)
    await execute("delete from passed_on where company = $1 and excerpt = any($2)", going.company, voices)
    await execute("delete from voice_shown where company = $1 and excerpt = any($2)", going.company, voices)
