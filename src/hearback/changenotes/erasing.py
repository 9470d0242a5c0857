"""Notes forget: a quote becomes a gap that says why, and what members quoted in their own texts is taken out."""

from hearback.changenotes import lists
from hearback.database.engine import execute
from hearback.trust.erasure import MEMORIES, Going, forgets, take_out, take_out_of_history

HISTORY = [
    ("note_field", "select id, words from note_field where company = $1 and words <> ''"),
    ("revision", "select id, reason as words from revision where company = $1 and reason <> ''"),
    ("dissent", "select id, why as words from dissent where company = $1"),
]
DRAFTS = (
    "select id, draft::text as words from note where company = $1 and state = 'draft'",
    "update note set draft = without_parts_in(draft, $3) where company = $1 and id = $2",
)
MEMORIES.append(lists.forget_rendered)


@forgets("changenotes")
async def forget(going: Going) -> None:
    await execute(
        """update note_quote q set gone = $3, excerpt = null from excerpt e
           where q.company = $1 and e.company = $1 and e.id = q.excerpt and e.answer = any($2)""",
        going.company,
        going.answers,
        going.why.value,
    )
    await execute(
        """delete from note_quote q using note n
           where q.company = $1 and n.company = $1 and n.id = q.note and n.state = 'draft' and q.excerpt is null""",
        going.company,
    )
    await take_out(going, *DRAFTS)
    for place, select in HISTORY:
        await take_out_of_history(going, place, select)
