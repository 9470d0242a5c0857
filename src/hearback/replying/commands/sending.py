"""A reply goes out: covered by the mandate at once, or after somebody else has read it. Then it never changes."""

from datetime import datetime
from uuid import UUID

from hearback.answering.commands import mark_read
from hearback.changenotes.owning import hidden_signs
from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.jobs import do_later
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.people.rules import Right
from hearback.promises.commands import make_promise
from hearback.promises.queries import newest_of
from hearback.promises.rules import PromiseKind
from hearback.refusals import Faulty, Refused
from hearback.replying import queries
from hearback.replying.alike import Twin, twin_of
from hearback.replying.commands.writing import SavedMeanwhile, reply_to_change
from hearback.replying.covering import says_covered
from hearback.replying.queries import Reply
from hearback.replying.rules import (
    ReplyState,
    Standing,
    StepKind,
    To,
    covered_by,
    why_not_cosign,
    why_not_reply,
    why_not_sign_off,
)
from hearback.themes.queries import theme_labels, unheard, voices
from hearback.web.live import tell
from hearback.words.speaking import words_for


async def why_not(company: Company, reply: Reply, *, seen: int, now: datetime) -> list[Refused]:
    """Every reason why the draft as it was saved cannot go out. seen: entries of the talk that its writer had read."""
    writer = await people.member(company.id, reply.writer_id)
    owner = await people.member(company.id, reply.owner_id) if reply.owner_id else None
    to = To(reply.response, reply.theme)
    themes = [reply.theme] if reply.theme else []
    labels = await theme_labels(company.id, themes)
    reasons = why_not_reply(
        Standing(
            feeling=reply.feeling,
            fact=reply.fact,
            step=StepKind(reply.step),
            next_step=reply.next_step,
            owner_active=owner is not None and owner.active,
            next_by=reply.first_due_on,
            today=day_in(company.timezone, now),
            corrects=reply.corrects is not None,
            why=reply.why,
            writer_titled=bool(writer.role_title),
            writer_has_face=writer.face_digest is not None,
            in_public=reply.theme is not None,
            voices=await voices(company.id, themes),
            fewest_voices=company.fewest_voices,
            named=all(label.named for label in labels),
            unread=max(0, await queries.entries(company.id, to) - seen),
        )
    )
    said = {"feeling": reply.feeling, "fact": reply.fact, "next_step": reply.next_step, "why": reply.why}
    reasons += hidden_signs(said) + await says_covered(company.id, reply.theme, said)
    return reasons + [
        Refused("note.hear-first", field="voices", theme=one.name)
        for one in await unheard(company.id, writer.id, themes, reader=writer.language)
    ]


async def twin(company_id: UUID, reply: Reply) -> Twin | None:
    """An earlier reply of the company that says almost the same."""
    earlier = await queries.last_replies(company_id, but=reply.corrects)
    return twin_of(f"{reply.feeling} {reply.fact}", earlier)


async def send_under_mandate(
    company: Company, reply_id: UUID, *, seen: int, twin_seen: UUID | None, by: Member, now: datetime
) -> None:
    """At once, and logged as covered. twin_seen: the near-identical reply that the writer was shown, and goes on.

    Raises NotFound; Faulty with every reason against it, and nothing happens then.
    """
    async with transaction():
        reply = await _complete(company, reply_id, seen=seen, twin_seen=twin_seen, now=now)
        mandate = await queries.mandate_that_holds(company.id)
        if mandate is None or not covered_by(mandate.topics, reply.topic_chosen):
            raise Refused("reply.no-topic", field="topic")
        if mandate.id != reply.mandate:
            raise Refused("reply.mandate-changed", field="topic")
        await note_down(
            company.id,
            "reply.sent-covered",
            by=by.id,
            now=now,
            subject=reply_id,
            after={"topic": reply.topic} | ({"stays": reply.stays} if reply.stays else {}),
        )
        await _go_out(company, reply, signed_by=None, now=now)


async def ask_for_sign_off(
    company: Company, reply_id: UUID, *, seen: int, twin_seen: UUID | None, by: Member, now: datetime
) -> None:
    """As above, but somebody else reads it first."""
    async with transaction():
        await _complete(company, reply_id, seen=seen, twin_seen=twin_seen, now=now)
        await execute(
            """update reply set state = 'waiting', mandate = null, topic = null, returned_why = '', saved_at = $3
               where company = $1 and id = $2""",
            company.id,
            reply_id,
            now,
        )
        await note_down(company.id, "reply.asked", by=by.id, now=now, subject=reply_id)
        await tell(company.id, "desk")


async def sign_off(company: Company, reply_id: UUID, *, version: int, by: Member, now: datetime) -> None:
    """Let out what waits. Raises NotFound; Refused for who may not, for what does not wait, and what does not fit any
    more; SavedMeanwhile when it is not what they read."""
    async with transaction():
        reply = await _waiting(company.id, reply_id, by=by)
        if reply.version != version:
            raise SavedMeanwhile("reply.saved-meanwhile")
        seen = await queries.entries(company.id, To(reply.response, reply.theme))
        if reasons := await why_not(company, reply, seen=seen, now=now):
            raise Faulty(reasons)
        await note_down(company.id, "reply.signed-off", by=by.id, now=now, subject=reply_id)
        await _go_out(company, reply, signed_by=by, now=now)


async def give_back(company_id: UUID, reply_id: UUID, why: str, *, by: Member, now: datetime) -> None:
    """To its writer, with what should be otherwise; the house's own. Raises as sign_off."""
    async with transaction():
        await _waiting(company_id, reply_id, by=by)
        await execute(
            "update reply set state = 'draft', returned_why = $3 where company = $1 and id = $2",
            company_id,
            reply_id,
            why,
        )
        await note_down(company_id, "reply.given-back", by=by.id, now=now, subject=reply_id)
        await tell(company_id, "desk")


async def cosign(company_id: UUID, reply_id: UUID, *, by: Member, now: datetime) -> None:
    """Somebody of the leadership stands behind it, for whoever reads it. Raises NotFound; Refused for who may not and
    for what is not out. Twice is once."""
    async with transaction():
        reply = await queries.reply(company_id, reply_id)
        if why := why_not_cosign(is_writer=by.id == reply.writer_id, leads=by.leads):
            raise Refused(why)
        if not reply.sent:
            raise Refused("reply.not-out")
        if await execute(
            """insert into reply_cosign (id, company, reply, member, at) values ($1, $2, $3, $4, $5)
               on conflict (company, reply, member) do nothing""",
            new_id(),
            company_id,
            reply_id,
            by.id,
            now,
        ):
            await note_down(company_id, "reply.cosigned", by=by.id, now=now, subject=reply_id)
            await tell(company_id, "public")
            await tell(company_id, "desk")


async def _complete(
    company: Company, reply_id: UUID, *, seen: int, twin_seen: UUID | None, now: datetime
) -> Reply:
    reply = await reply_to_change(company.id, reply_id)
    if reasons := await why_not(company, reply, seen=seen, now=now):
        raise Faulty(reasons)
    found = await twin(company.id, reply)
    if found is not None and found.earlier.id != twin_seen:
        raise Refused("reply.sounds-like", field="twin", name=found.earlier.writer)
    return reply


async def _waiting(company_id: UUID, reply_id: UUID, *, by: Member) -> Reply:
    reply = await reply_to_change(company_id, reply_id)
    why = why_not_sign_off(
        is_writer=by.id == reply.writer_id, leads=by.leads, may_publish=by.may(Right.PUBLISH)
    )
    if why is not None:
        raise Refused(why)
    if reply.state != ReplyState.WAITING:
        raise Refused("reply.does-not-wait")
    return reply


async def _go_out(company: Company, reply: Reply, *, signed_by: Member | None, now: datetime) -> None:
    today = day_in(company.timezone, now)
    promise = await _promise(company, reply, now=now)
    await execute(
        """update reply set state = 'sent', sent_at = $3, signed_by = $4, promise = $5, returned_why = ''
           where company = $1 and id = $2""",
        company.id,
        reply.id,
        now,
        signed_by.id if signed_by else None,
        promise,
    )
    if reply.response is not None:
        await execute(
            """update word_back set settled_by = $3, settled_on = $4
               where company = $1 and response = $2 and settled_on is null""",
            company.id,
            reply.response,
            reply.writer_id,
            today,
        )
        writer = await people.member(company.id, reply.writer_id)
        await mark_read(company.id, [reply.response], by=writer, today=today)
    await do_later("notifying.replied", company_id=company.id, reply_id=reply.id)
    await tell(company.id, "public")
    await tell(company.id, "desk")


async def _promise(company: Company, reply: Reply, *, now: datetime) -> UUID | None:
    """Its next step, for all to see that its day was kept; of a talk with one person nobody reads more than that.

    A correction that names another day names it instead of the old one.
    """
    corrected = await queries.reply(company.id, reply.corrects) if reply.corrects else None
    before = corrected.promise if corrected and not (corrected.kept_on or corrected.broken_on) else None
    if reply.step == StepKind.ASKS or reply.first_due_on is None:
        return before
    if before and corrected and corrected.due_on == reply.first_due_on:
        return before
    speak = words_for(reply.language, company.address, company.timezone)
    words = (
        speak.say("reply.promise.public", theme=reply.theme_name, words=reply.next_step)
        if reply.theme
        else speak.say("reply.promise.private", name=reply.owner_name)
    )
    return await make_promise(
        company.id,
        PromiseKind.STEP,
        words,
        reply.first_due_on,
        language=reply.language,
        by=reply.writer_id,
        now=now,
        owner=reply.owner_id,
        instead_of=await newest_of(company.id, before) if before else None,
        why=(reply.why if reply.theme else speak.say("reply.promise.corrected")) if before else "",
    )
