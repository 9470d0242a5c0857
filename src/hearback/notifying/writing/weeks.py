"""The week's mail, for whoever chose it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hearback.notifying import queries
from hearback.notifying.writing.notes import note_in_short
from hearback.notifying.writing.orders import Body, Desk, NothingToSay, Order
from hearback.notifying.writing.replies import reply_in_short

WEEK = timedelta(days=7)


async def week_letter(order: Order, desk: Desk) -> Body:
    """cause: the Monday after the week that it tells of. Newest first; nothing is sent when there is nothing."""
    week = week_before(date.fromisoformat(order.cause), desk.company.timezone)
    notes = await queries.notes_between(desk.company.id, desk.follower.id, *week)
    replies = await queries.replies_between(desk.company.id, desk.follower.id, *week)
    if not notes and not replies:
        raise NothingToSay
    blocks = [block for note_id in notes for block in await note_in_short(note_id, desk)]
    blocks += [block for reply_id in replies for block in await reply_in_short(reply_id, desk)]
    name = desk.company.name
    subject = (
        desk.words.say("mail.subject.digest-replies", n=len(replies), name=name)
        if not notes
        else desk.words.say("mail.subject.digest", n=len(notes), name=name)
    )
    return subject, desk.words.lang, blocks


def week_before(monday: date, timezone: str) -> tuple[datetime, datetime]:
    """The seven days before that Monday, as the company's clocks count them."""
    zone = ZoneInfo(timezone)
    start = monday - WEEK
    return (
        datetime(start.year, start.month, start.day, tzinfo=zone),
        datetime(monday.year, monday.month, monday.day, tzinfo=zone),
    )
