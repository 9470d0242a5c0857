"""Making, moving, keeping and breaking promises; each is a fact of the ledger, in the transaction of what causes it."""

from datetime import date, datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_column, fetch_value, lock, transaction
from hearback.jobs import do_later
from hearback.ledger.commands import record, record_each
from hearback.ledger.rules import Kind
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.promises import queries
from hearback.promises.forms import BreakForm, HeldForm, NewDateForm, OwnerForm
from hearback.promises.rules import KEPT_ELSEWHERE, OWNED_ELSEWHERE, PromiseKind
from hearback.promises.watching import watch_these
from hearback.refusals import NotFound, Refused
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
    owner: UUID | None = None,
    question: UUID | None = None,
    note: UUID | None = None,
    action: UUID | None = None,
    instead_of: UUID | None = None,
    why: str = "",
) -> UUID:
    """words: the public sentence, at most 200 characters. owner: who sees to it, where that is not who makes it.

    instead_of: the promise that gets a new date; why: for which reason, in public, at most 600 characters.
    """
    promise_id = new_id()
    async with transaction():
        await execute(
            """insert into promise (id, company, kind, words, question, note, action, instead_of, owner, made_by,
                                    made_at, due_on, language, why)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""",
            promise_id,
            company_id,
            kind.value,
            words[:200],
            question,
            note,
            action,
            instead_of,
            owner or by,
            by,
            now,
            due_on,
            language,
            why,
        )
        said = {"words": words[:200], "due_on": due_on.isoformat()} | ({"why": why} if why else {})
        moved = instead_of is not None
        await record(
            company_id,
            Kind.PROMISE_MOVED if moved else Kind.PROMISE_MADE,
            promise_id,
            said,
            now=now,
            of=instead_of if moved else note or question or action,
        )
    return promise_id


async def keep_promise(
    company_id: UUID, promise_id: UUID, *, by: UUID, today: date, held: str = "", outcome: str = ""
) -> int:
    """Kept today, and with it all dates that were ever named for it; those that had passed are kept late.

    held: of a follow-up, whether the repair has held; outcome: in public, what was done or how we know. Gives how many
    were kept just now: what is kept already stays kept on its day.
    """
    async with transaction():
        await _be_the_only_one(company_id, promise_id)
        kept = await fetch_column(
            """with recursive chain (id, instead_of) as (
                   select id, instead_of from promise where company = $1 and id = $2
                   union select p.id, p.instead_of from promise p
                         join chain c on p.company = $1 and (p.id = c.instead_of or p.instead_of = c.id))
               update promise set kept_on = $3, kept_by = $4, held = $5, outcome = $6
               where company = $1 and id in (select id from chain) and kept_on is null and broken_on is null
               returning id""",
            company_id,
            promise_id,
            today,
            by,
            held,
            outcome,
        )
        said = {name: words for name, words in (("held", held), ("outcome", outcome)) if words}
        await record_each(company_id, Kind.PROMISE_KEPT, dict.fromkeys(kept, said), now=today)
    return len(kept)


async def keep_replies(company_id: UUID, question_ids: list[UUID], *, by: UUID, today: date) -> None:
    """These questions are answered: what was promised for them is kept, on time or late."""
    await _keep_open_ones(
        company_id,
        await fetch_column(
            "select id from promise where company = $1 and kind = 'reply' and question = any($2) order by id",
            company_id,
            question_ids,
        ),
        by=by,
        today=today,
    )


async def keep_action(company_id: UUID, action_id: UUID, *, by: UUID, today: date) -> None:
    """It is done: so is what we said of it in public, if we said anything."""
    await _keep_open_ones(
        company_id,
        await fetch_column(
            "select id from promise where company = $1 and action = $2 order by id", company_id, action_id
        ),
        by=by,
        today=today,
    )


async def break_action(
    company_id: UUID, action_id: UUID, why: str, *, by: UUID, now: datetime, today: date
) -> None:
    """We decided not to do it: what we said of it in public is broken, and everybody reads why."""
    for promise_id in await queries.open_of_action(company_id, action_id):
        await _break(company_id, promise_id, why, by=by, now=now, today=today)


async def hand_over_action(company_id: UUID, action_id: UUID, owner: UUID, *, now: datetime) -> None:
    """Who sees to the action sees to what was said of it, and is told at once of what is near: before the clock comes
    by again, its day may be over."""
    async with transaction():
        handed = await fetch_column(
            """update promise set owner = $3, owner_told_on = null
               where company = $1 and action = $2 and owner <> $3 and kept_on is null and broken_on is null
               returning id""",
            company_id,
            action_id,
            owner,
        )
        await watch_these(company_id, handed, now=now)


async def hand_over(
    company_id: UUID, promise_id: UUID, form: OwnerForm, *, by: Member, now: datetime
) -> None:
    """Somebody else sees to it from now on, and is told at once where its day is near.

    Raises NotFound; Refused for what has ended or has a new day, for who does not work here, and for what names its
    owner elsewhere.
    """
    async with transaction():
        await _be_the_only_one(company_id, promise_id)
        promise = await queries.promise(company_id, promise_id)
        if promise.kind in OWNED_ELSEWHERE:
            raise Refused(OWNED_ELSEWHERE[PromiseKind(promise.kind)], field="owner")
        if promise.ended or promise.replaced:
            raise Refused("promise.nothing-to-hand-over", field="owner")
        owner = await _at_work(company_id, form.owner)
        if form.owner == promise.owner:
            return
        await execute(
            "update promise set owner = $3, owner_told_on = null where company = $1 and id = $2",
            company_id,
            promise_id,
            form.owner,
        )
        await note_down(
            company_id,
            "promise.handed-over",
            by=by.id,
            now=now,
            subject=promise_id,
            before={"owner": promise.owner_name},
            after={"owner": owner.name},
        )
        await watch_these(company_id, [promise_id], now=now)
        await _tell_all(company_id)


async def mark_kept(
    company_id: UUID, promise_id: UUID, *, by: Member, now: datetime, today: date, outcome: str = ""
) -> None:
    """A member says that it is done. outcome: in public, what was; once it has ended, no words are taken any more, and
    of a step none at all: it may be between us and one person.

    Raises NotFound; Refused for what is kept where it is done, and for a follow-up, which has more to say than that.
    """
    async with transaction():
        await _be_the_only_one(company_id, promise_id)
        promise = await queries.promise(company_id, promise_id)
        kind = PromiseKind(promise.kind)
        if kind in KEPT_ELSEWHERE or kind is PromiseKind.FOLLOW_UP:
            raise Refused(KEPT_ELSEWHERE.get(kind, "promise.say-whether-it-held"), field="outcome")
        if kind is PromiseKind.STEP and outcome:
            raise Refused("promise.step-is-done-there", field="outcome")
        if promise.ended and outcome:
            raise Refused("promise.nothing-to-keep", field="outcome")
        if await keep_promise(company_id, promise_id, by=by.id, today=today, outcome=outcome):
            await note_down(company_id, "promise.kept", by=by.id, now=now, subject=promise_id)
            await _tell_all(company_id)


async def say_whether_it_held(
    company_id: UUID, promise_id: UUID, form: HeldForm, *, by: Member, now: datetime, today: date
) -> None:
    """On the day that a mistake note named, or before it: everybody reads whether the repair has held.

    Raises NotFound; Refused for any other promise, and for one that says so already.
    """
    async with transaction():
        await _be_the_only_one(company_id, promise_id)
        promise = await queries.promise(company_id, promise_id)
        if promise.kind != PromiseKind.FOLLOW_UP or promise.ended or promise.replaced:
            raise Refused("promise.nothing-to-say")
        await keep_promise(
            company_id, promise_id, by=by.id, today=today, held=form.held.value, outcome=form.outcome
        )
        await note_down(
            company_id, "promise.held", by=by.id, now=now, subject=promise_id, after={"held": form.held}
        )
        await do_later("notifying.held", company_id=company_id, promise_id=promise_id)
        await _tell_all(company_id)


async def break_promise(
    company_id: UUID, promise_id: UUID, form: BreakForm, *, by: Member, now: datetime, today: date
) -> None:
    """Say in public that we will not keep it, and why; it stays on the list, and so does each of its dates.

    Raises NotFound; Refused for what is kept or broken already, and for an action: that is declined where it stands.
    """
    async with transaction():
        await _be_the_only_one(company_id, promise_id)
        promise = await queries.promise(company_id, promise_id)
        if promise.kind == PromiseKind.ACTION:
            raise Refused("promise.action-is-done-there")
        if promise.ended or promise.replaced:
            raise Refused("promise.nothing-to-break", field="why")
        await _break(company_id, promise_id, form.why, by=by.id, now=now, today=today)
        await _tell_all(company_id)


async def set_new_date(
    company_id: UUID, promise_id: UUID, form: NewDateForm, *, by: Member, now: datetime, today: date
) -> UUID:
    """A new promise that names the old one; the old date stays in public and stays late, and the reason beside it.

    Raises NotFound, and Refused for a day that is not later than the old one or has passed.
    """
    async with transaction():
        await _be_the_only_one(company_id, promise_id)
        old = await queries.promise(company_id, promise_id)
        if old.ended or old.replaced:
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
            owner=old.owner,
            question=old.question,
            note=old.note,
            action=old.action,
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
        if old.action is not None:
            await do_later("actions.day_moved", company_id=company_id, promise_id=new)
        await _tell_all(company_id)
    return new


async def _keep_open_ones(company_id: UUID, promise_ids: list[UUID], *, by: UUID, today: date) -> None:
    """Of a promise with several days the first one keeps all of them, and the others find nothing to do."""
    for promise_id in promise_ids:
        await keep_promise(company_id, promise_id, by=by, today=today)


async def _at_work(company_id: UUID, member_id: UUID) -> Member:
    """Raises Refused for another company's member too: the list to choose from holds only these."""
    try:
        owner = await people.member(company_id, member_id)
    except NotFound:
        raise Refused("promise.owner-gone", field="owner") from None
    if not owner.active:
        raise Refused("promise.owner-gone", field="owner")
    return owner


async def _be_the_only_one(company_id: UUID, promise_id: UUID) -> None:
    """Who keeps, breaks or moves it, by whichever of its days: a day named meanwhile would outlive its end."""
    first = await fetch_value(
        """with recursive older (id, instead_of) as (
               select id, instead_of from promise where company = $1 and id = $2
               union select p.id, p.instead_of from promise p join older o on p.company = $1 and p.id = o.instead_of)
           select id from older where instead_of is null""",
        company_id,
        promise_id,
    )
    await lock(company_id, f"promise/{first}")


async def _break(
    company_id: UUID, promise_id: UUID, why: str, *, by: UUID, now: datetime, today: date
) -> None:
    """With all dates that were ever named for it."""
    await _be_the_only_one(company_id, promise_id)
    broken = await fetch_column(
        """with recursive chain (id, instead_of) as (
               select id, instead_of from promise where company = $1 and id = $2
               union select p.id, p.instead_of from promise p
                     join chain c on p.company = $1 and (p.id = c.instead_of or p.instead_of = c.id))
           update promise set broken_on = $3, broken_by = $4, broken_why = $5
           where company = $1 and id in (select id from chain) and kept_on is null and broken_on is null
           returning id""",
        company_id,
        promise_id,
        today,
        by,
        why[:600],
    )
    said = {"why": why[:600]}
    await record_each(company_id, Kind.PROMISE_BROKEN, dict.fromkeys(broken, said), now=today)
    await note_down(
        company_id, "promise.broken", by=by, now=now, subject=promise_id, after={"reason": why[:600]}
    )
    await do_later("notifying.promise_broken", company_id=company_id, promise_id=promise_id, by=by)


async def _tell_all(company_id: UUID) -> None:
    await tell(company_id, "public")
    await tell(company_id, "desk")
