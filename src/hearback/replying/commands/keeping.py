"""The next step of a reply is done: whoever sees to it says so, on the day it was."""

from datetime import date, datetime
from uuid import UUID

from hearback.people.queries import Member
from hearback.people.rules import Right
from hearback.promises.commands import mark_kept
from hearback.refusals import Refused
from hearback.replying import queries
from hearback.replying.rules import why_not_keep


async def keep_step(company_id: UUID, reply_id: UUID, *, by: Member, now: datetime, today: date) -> None:
    """Twice is once. Raises NotFound; Refused for who may not, and where nothing was promised."""
    reply = await queries.reply(company_id, reply_id)
    owns, wrote = by.id == reply.owner_id, by.id == reply.writer_id
    if why := why_not_keep(owns=owns, wrote=wrote, may_write=by.may(Right.WRITE)):
        raise Refused(why)
    if reply.promise is None:
        raise Refused("reply.nothing-promised")
    await mark_kept(company_id, reply.promise, by=by, now=now, today=today)
