"""The week's mail, for whoever chose it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hearback.notifying import queries
from hearback.notifying.writing.notes import note_in_short
from hearback.notifying.writing.orders import Body, Desk, NothingToSay, Order
from hearback.notifying.writing.outcomes import outcome_in_short
from hearback.notifying.writing.replies import reply_in_short

WEEK = timedelta(days=7)


async def week_letter(order: Order, desk: Desk) -> Body:
    """cause: the Monday after the week that it tells of. Newest first; nothing is sent when there is nothing."""
    monday = date.fromisoformat(order.cause)
    week = week_before(monday, desk.company.timezone)
    notes = await queries.notes_between(desk.company.id, desk.follower.id, *week)
    replies = await queries.replies_between(desk.company.id, desk.follower.id, *week)
    outcomes = await queries.outcomes_between(desk.company.id, desk.follower.id, week[0].date(), monday)
    if not notes and not replies and not outcomes:
        raise NothingToSay
    blocks = [block for note_id in notes for block in await note_in_short(note_id, desk)]
    blocks += [block for reply_id in replies for block in await reply_in_short(reply_id, desk)]
    blocks += [block for promise_id in outcomes for block in await outcome_in_short(promise_id, desk)]
    return _subject(desk, len(notes), len(replies)), desk.words.lang, blocks


def _subject(desk: Desk, notes: int, replies: int) -> str:
    say, name = desk.words.say, desk.company.name
    if notes:
        return say("mail.subject.digest", n=notes, name=name)
    return say("mail.subject.digest-replies", n=replies, name=name) if replies else say("mail.subject.held")


def week_before(monday: date, timezone: str) -> tuple[datetime, datetime]:
    """The seven days before that Monday, as the company's clocks count them."""
    zone = ZoneInfo(timezone)
    start = monday - WEEK
    return (
        datetime(start.year, start.month, start.day, tzinfo=zone),
        datetime(monday.year, monday.month, monday.day, tzinfo=zone),
    )
