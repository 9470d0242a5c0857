"""Making and keeping promises, inside the transaction of what causes them."""

from datetime import date, datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.promises import queries
from hearback.promises.forms import NewDateForm
from hearback.promises.rules import PromiseKind
from hearback.refusals import Refused
from hearback.web.live import tell


async def make_promise(
    company_id: UUID,
    kind: PromiseKind,
    words: str,
    due_on: date,
    *,
    language: str,
    by: UUID,
    now: datetime,
    question: UUID | None = None,
    note: UUID | None = None,
    instead_of: UUID | None = None,
    why: str = "",
) -> UUID:
    """words: the public sentence, at most 200 characters. instead_of: the promise that gets a new date; why: for
    which reason, in public."""
    promise_id = new_id()
    await execute(
        """insert into promise (id, company, kind, words, question, note, instead_of, made_by, made_at, due_on,
                                language, why)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        promise_id,
        company_id,
        kind.value,
        words[:200],
        question,
        note,
        instead_of,
        by,
        now,
        due_on,
        language,
        why,
    )
    return promise_id


async def keep_promise(company_id: UUID, promise_id: UUID, *, by: UUID, today: date) -> int:
    """Kept today, and with it all dates that were ever named for it; those that had passed are kept late.

    Gives how many were kept just now: what is kept already stays kept on its day.
    """
    return await execute(
        """with recursive chain (id, instead_of) as (
               select id, instead_of from promise where company = $1 and id = $2
               union select p.id, p.instead_of from promise p
                     join chain c on p.company = $1 and (p.id = c.instead_of or p.instead_of = c.id))
           update promise set kept_on = $3, kept_by = $4
           where company = $1 and id in (select id from chain) and kept_on is null""",
        company_id,
        promise_id,
        today,
        by,
    )


async def keep_replies(company_id: UUID, question_ids: list[UUID], *, by: UUID, today: date) -> None:
    """These questions are answered: what was promised for them is kept, on time or late."""
    await execute(
        """update promise set kept_on = $3, kept_by = $4
           where company = $1 and kind = 'reply' and question = any($2) and kept_on is null""",
        company_id,
        question_ids,
        today,
        by,
    )


async def mark_kept(company_id: UUID, promise_id: UUID, *, by: Member, now: datetime, today: date) -> None:
    """A member says it is done. Raises NotFound; Refused for a reply, which only a note can give."""
    async with transaction():
        promise = await queries.promise(company_id, promise_id)
        if promise.kind == PromiseKind.REPLY:
            raise Refused("promise.reply-needs-a-note")
        if await keep_promise(company_id, promise_id, by=by.id, today=today):
            await note_down(company_id, "promise.kept", by=by.id, now=now, subject=promise_id)
            await _tell_all(company_id)


async def set_new_date(
    company_id: UUID, promise_id: UUID, form: NewDateForm, *, by: Member, now: datetime, today: date
) -> UUID:
    """A new promise that names the old one; the old date stays in public and stays late, and the reason beside it.

    Raises NotFound, and Refused for a day that is not later than the old one or has passed.
    """
    async with transaction():
        await lock(company_id, f"promise/{promise_id}")
        old = await queries.promise(company_id, promise_id)
        if old.kept_on is not None or old.replaced:
            raise Refused("promise.nothing-to-move", field="due_on")
        if form.due_on <= max(old.due_on, today):
            raise Refused("promise.later-please", field="due_on", day=max(old.due_on, today))
        new = await make_promise(
            company_id,
            PromiseKind(old.kind),
            old.words,
            form.due_on,
            language=old.language,
            by=by.id,
            now=now,
            question=old.question,
            note=old.note,
            instead_of=old.id,
            why=form.why,
        )
        await note_down(
            company_id,
            "promise.new-date",
            by=by.id,
            now=now,
            subject=promise_id,
            before={"due_on": old.due_on},
            after={"due_on": form.due_on, "reason": form.why},
        )
        await do_later("notifying.date_moved", company_id=company_id, promise_id=new, by=by.id)
        await _tell_all(company_id)
    return new


async def _tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
