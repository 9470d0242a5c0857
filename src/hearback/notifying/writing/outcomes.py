"""Whether what we repaired has held, by mail: as it stands beside the note."""

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
    outcome = await promise(company_id, order.promise)
    say = desk.words.say
    blocks = await own_words(note_id, desk)
    blocks.append(Block("words", say("mail.held.promised", day=outcome.due_on), desk.words.lang))
    blocks += await note_in_short(note_id, desk)
    blocks.append(Block("words", say(f"promise.held.{outcome.held}"), desk.words.lang))
    blocks.append(Block("quote", outcome.outcome, outcome.language))
    return say("mail.subject.held"), desk.words.lang, blocks
