"""A draft: one a talk, begun, saved and thrown away; a correction begins as one."""

from datetime import datetime
from uuid import UUID

from hearback.answering import queries as answering
from hearback.answering.rules import ResponseState
from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, lock, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import NotFound, Refused
from hearback.replying import queries
from hearback.replying.forms import ReplyForm
from hearback.replying.queries import Reply
from hearback.replying.rules import To
from hearback.themes.queries import theme_labels
from hearback.web.live import tell

ENDED = (ResponseState.WITHDRAWN, ResponseState.ERASED)


class SavedMeanwhile(Refused):
    """Somebody else saved the draft since the writer opened it."""


async def save_reply(company_id: UUID, to: To, form: ReplyForm, *, by: Member, now: datetime) -> UUID:
    """Whoever saves it signs it; what waited for sign-off is a draft again.

    Raises NotFound; Refused for an answer that its fan took back; SavedMeanwhile when somebody else was quicker.
    """
    async with transaction():
        await talk_to_change(company_id, to)
        standing = await queries.open_reply(company_id, to)
        if (standing.version if standing else 0) != form.version:
            raise SavedMeanwhile("reply.saved-meanwhile")
        if form.next_owner is not None:
            await people.member(company_id, form.next_owner)
        reply_id = standing.id if standing else await _begin(company_id, to, by=by, now=now)
        mandate = await queries.mandate_that_holds(company_id) if form.topic is not None else None
        await execute(
            """update reply set state = 'draft', writer = $3, language = $4, feeling = $5, fact = $6, step = $7,
                      next_step = $8, next_owner = $9, next_by = $10, mandate = $11, topic = $12, why = $13,
                      saved_at = $14, stays = $15, version = version + 1
               where company = $1 and id = $2""",
            company_id,
            reply_id,
            by.id,
            form.language.value,
            form.feeling,
            form.fact,
            form.step.value,
            form.next_step,
            form.next_owner,
            form.next_by,
            mandate.id if mandate else None,
            form.topic if mandate else None,
            form.why,
            now,
            form.stays,
        )
        await note_down(company_id, "reply.saved", by=by.id, now=now, subject=reply_id)
        await tell(company_id, "desk")
    return reply_id


async def start_correction(company_id: UUID, reply_id: UUID, *, by: Member, now: datetime) -> Reply:
    """What went out stays as it is; the draft begins with its words. Raises NotFound; Refused for what is not out, what
    has been corrected already, and while another draft is there."""
    async with transaction():
        sent = await queries.reply(company_id, reply_id)
        to = To(sent.response, sent.theme)
        await talk_to_change(company_id, to)
        if not sent.sent or sent.corrected or sent.words_gone_on:
            raise Refused("reply.not-correctable")
        if await queries.open_reply(company_id, to) is not None:
            raise Refused("reply.draft-first")
        draft = await _begin(company_id, to, by=by, now=now)
        await execute(
            """update reply d set corrects = s.id, language = s.language, feeling = s.feeling, fact = s.fact,
                      step = s.step, next_step = s.next_step, next_owner = s.next_owner, next_by = s.next_by
               from reply s where d.company = $1 and s.company = $1 and d.id = $2 and s.id = $3""",
            company_id,
            draft,
            reply_id,
        )
        await note_down(company_id, "reply.correction-started", by=by.id, now=now, subject=reply_id)
        await tell(company_id, "desk")
        return await queries.reply(company_id, draft)


async def discard_reply(company_id: UUID, reply_id: UUID, *, by: Member, now: datetime) -> Reply:
    """Throw a draft away. Raises NotFound; Refused for what is out: that stays."""
    async with transaction():
        draft = await reply_to_change(company_id, reply_id)
        await execute(
            "delete from reply where company = $1 and id = $2 and state <> 'sent'", company_id, reply_id
        )
        await note_down(company_id, "reply.discarded", by=by.id, now=now, subject=reply_id)
        await tell(company_id, "desk")
    return draft


async def talk_to_change(company_id: UUID, to: To) -> None:
    """One writer at a time, until the end of the transaction. Raises NotFound; Refused for an answer taken back."""
    await lock(company_id, f"talk/{to.response or to.theme}")
    if to.response is not None:
        if (await answering.response(company_id, to.response)).state in ENDED:
            raise Refused("reply.answer-gone")
    elif not await theme_labels(company_id, [to.theme] if to.theme else []):
        raise NotFound


async def reply_to_change(company_id: UUID, reply_id: UUID) -> Reply:
    """Held as above. Raises NotFound; Refused for what is out."""
    found = await queries.reply(company_id, reply_id)
    await talk_to_change(company_id, To(found.response, found.theme))
    held = await queries.reply(company_id, reply_id)
    if held.sent:
        raise Refused("reply.is-out")
    return held


async def _begin(company_id: UUID, to: To, *, by: Member, now: datetime) -> UUID:
    reply_id: UUID = await fetch_value(
        """insert into reply (id, company, response, theme, writer, version, saved_at)
           values ($1, $2, $3, $4, $5, 0, $6) returning id""",
        new_id(),
        company_id,
        to.response,
        to.theme,
        by.id,
        now,
    )
    return reply_id
