"""Whether what we repaired has held, by mail: as it stands beside the note."""

from uuid import UUID

from hearback.database.engine import fetch_value
from hearback.notifying.letters import Block
from hearback.notifying.writing.notes import note_in_short
from hearback.notifying.writing.orders import Body, Desk, NothingToSay, Order, own_words
from hearback.promises.queries import promise


async def held_letter(order: Order, desk: Desk) -> Body:
    """Nothing to say of a note that was taken back meanwhile."""
    company_id, note_id = desk.company.id, order.note
    public = await fetch_value(
        "select state = 'published' from note where company = $1 and id = $2", company_id, note_id
    )
    if note_id is None or order.promise is None or not public:
        raise NothingToSay
    blocks = await own_words(note_id, desk) + await outcome_in_short(order.promise, desk)
    return desk.words.say("mail.subject.held"), desk.words.lang, blocks


async def outcome_in_short(promise_id: UUID, desk: Desk) -> list[Block]:
    """What was promised for which mistake, and what has become of it."""
    outcome, say, lang = await promise(desk.company.id, promise_id), desk.words.say, desk.words.lang
    if outcome.note is None:
        return []
    return [
        Block("words", say("mail.held.promised", day=outcome.due_on), lang),
        *await note_in_short(outcome.note, desk),
        Block("words", say(f"promise.held.{outcome.held}"), lang),
        Block("quote", outcome.outcome, outcome.language),
    ]
