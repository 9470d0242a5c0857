"""What a note is about: its themes, actions, quotes and questions."""

from uuid import UUID

from hearback.database.engine import execute
from hearback.refusals import Refused

# For each: how all of them are unlinked, and how those that are the company's are linked.
LINKS = {
    "themes": (
        "delete from note_theme where company = $1 and note = $2",
        """insert into note_theme (id, company, note, theme)
           select gen_random_uuid(), $1, $2, id from theme where company = $1 and id = any($3)""",
    ),
    "actions": (
        "delete from note_action where company = $1 and note = $2",
        """insert into note_action (id, company, note, action)
           select gen_random_uuid(), $1, $2, id from action where company = $1 and id = any($3)""",
    ),
    "quotes": (
        "delete from note_quote where company = $1 and note = $2",
        """insert into note_quote (id, company, note, excerpt, position)
           select gen_random_uuid(), $1, $2, id, array_position($3, id) from excerpt
           where company = $1 and id = any($3)""",
    ),
    "questions": (
        "delete from note_question where company = $1 and note = $2",
        """insert into note_question (id, company, note, question)
           select gen_random_uuid(), $1, $2, id from question
           where company = $1 and id = any($3) and state <> 'draft'""",
    ),
}


async def link(company_id: UUID, note_id: UUID, field: str, ids: list[UUID]) -> None:
    """These and no others. Raises Refused when one is not this company's: nothing is chosen silently less."""
    unlink_all, link_those = LINKS[field]
    await execute(unlink_all, company_id, note_id)
    if await execute(link_those, company_id, note_id, ids) != len(set(ids)):
        raise Refused("form.not-a-choice", field=field)
