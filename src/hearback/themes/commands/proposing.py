"""What people say to proposals. A yes is the act that it proposes; a no is remembered by its excerpts."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import name_theme, tell_all, write_event
from hearback.themes.commands.moving import Gone, lay_back, lying_beside, put, tell_of_many, to_move
from hearback.themes.commands.uniting import merge, split_off
from hearback.themes.forms import MOST_SPLIT, DecisionForm, NameForm, SplitForm
from hearback.themes.queries import acts, bulk, life
from hearback.themes.queries import proposing as queries
from hearback.themes.rules import ProposalKind, ProposalState, ThemeDeed
from hearback.themes.taking_back import Act
from hearback.web.forms import read_form

NOTED_DOWN = {
    ProposalKind.NEW: "theme.no-theme",
    ProposalKind.JOIN: "theme.join-refused",
    ProposalKind.SPLIT: "theme.split-refused",
    ProposalKind.MERGE: "theme.merge-refused",
}


class Decision(Struct, frozen=True):
    proposal: UUID
    yes: bool
    form: DecisionForm


class By(Struct, frozen=True):
    """Who decides, and when."""

    member: UUID
    now: datetime
    today: date


class NotDecided(Refused):
    """Why nothing was decided, and on which proposal it failed."""

    def __init__(self, why: Refused, proposal: UUID) -> None:
        super().__init__(why.reason, field=why.field, **why.values)
        self.why, self.proposal = why, proposal

    @property
    def reasons(self) -> list[Refused]:
        return self.why.reasons


async def decide(
    company_id: UUID, decisions: Sequence[Decision], *, by: UUID, now: datetime, today: date
) -> None:
    """All of them or none. Raises NotDecided where one does not stand any more, or cannot be done."""
    who = By(by, now, today)
    async with transaction():
        await lock(company_id, LOCK)
        for one in decisions:
            try:
                proposed = await _standing(company_id, one)
                act = ACCEPT[proposed.kind] if one.yes else _refuse
                await act(company_id, proposed, one.form, who)
            except Refused as why:
                raise NotDecided(why, one.proposal) from why


async def _standing(company_id: UUID, decision: Decision) -> queries.Proposed:
    """Raises Refused where it does not stand any more, or its themes are called something else by now."""
    found = await queries.one(company_id, decision.proposal)
    if found is None:
        raise Refused("proposals.gone")
    if found.state != ProposalState.OPEN:
        raise Refused("proposals.decided", who=found.who)
    sides = [side for side in (found.theme, found.other) if side]
    if any(side.heir != side.id for side in sides):
        raise Refused("proposals.merged")
    called = not found.theme.named if found.kind == ProposalKind.NEW else sides[-1].named
    if not called or found.seen != decision.form.seen:
        raise Refused("proposals.renamed")
    return found


async def _accept_new(company_id: UUID, one: queries.Proposed, form: DecisionForm, who: By) -> None:
    if 2 * len(one.lying_there) <= len(one.pieces):
        raise Refused("proposals.moved")
    named = read_form(NameForm, {"name": [form.name], "definition": [form.definition]})
    await name_theme(company_id, one.theme.id, named, by=who.member, now=who.now)
    await _accepted(company_id, one, who)


async def _accept_join(company_id: UUID, one: queries.Proposed, form: DecisionForm, who: By) -> None:
    """What was shown and not ticked does not belong there."""
    ticked = set(form.excerpt)
    if not ticked:
        raise Refused("proposals.nothing-ticked", field="excerpt")
    lay = await bulk.lying(company_id, form.excerpt)
    if lay.keys() != ticked or any(_is_elsewhere(lies, one.theme.id) for lies in lay.values()):
        raise Refused("proposals.moved")
    others = [excerpt for excerpt in shown(form) if excerpt not in ticked]
    rest = await _with_copies(company_id, others, but=ticked)
    beside = await lying_beside(company_id, ticked)
    lay |= {copy: lies for copy, lies in beside.items() if copy not in rest}
    gone = to_move(lay, one.theme.id)
    await put(company_id, [each.excerpt for each in gone], one.theme.id, by=who.member, on=who.today)
    await tell_of_many(company_id, gone, one.theme.id, by=who.member, now=who.now, made=False)
    await _accepted(company_id, one, who)
    if rest:
        await _refuse_rest(company_id, one, rest, who)
    await tell_all(company_id)


async def _accept_split(company_id: UUID, one: queries.Proposed, form: DecisionForm, who: By) -> None:
    """Those leave that were shown; the machine takes along what is like them, as with every theme."""
    leave = SplitForm(form.name, form.definition, shown(form)[:MOST_SPLIT])
    read_form(NameForm, {"name": [form.name]})
    await split_off(company_id, one.theme.id, leave, by=who.member, now=who.now, today=who.today)
    await _accepted(company_id, one, who)


async def _accept_merge(company_id: UUID, one: queries.Proposed, _form: DecisionForm, who: By) -> None:
    into = one.other.id if one.other else one.theme.id
    await merge(company_id, one.theme.id, into, by=who.member, now=who.now)
    await _accepted(company_id, one, who)


ACCEPT: dict[ProposalKind, Callable[[UUID, queries.Proposed, DecisionForm, By], Awaitable[None]]] = {
    ProposalKind.NEW: _accept_new,
    ProposalKind.JOIN: _accept_join,
    ProposalKind.SPLIT: _accept_split,
    ProposalKind.MERGE: _accept_merge,
}


async def _refuse(company_id: UUID, one: queries.Proposed, form: DecisionForm, who: By) -> None:
    """What the machine had put there for it goes back to the unsorted."""
    about = one.excerpts
    if one.kind == ProposalKind.JOIN:
        here = [excerpt for excerpt in shown(form) if excerpt in set(one.open_pieces)] or one.open_pieces
        about = await _with_copies(company_id, here)
    if one.kind == ProposalKind.NEW and (
        await queries.held_by_people(company_id, one.theme.id) or await acts.in_use(company_id, one.theme.id)
    ):
        raise Refused("proposals.in-use")
    event = await _tell_of_no(company_id, one, one.id, about, who)
    await _decided(company_id, one.id, ProposalState.REFUSED, event, who)
    await execute(
        "update proposal set excerpts = $3 where company = $1 and id = $2", company_id, one.id, about
    )
    await tell_all(company_id)


async def _refuse_rest(company_id: UUID, one: queries.Proposed, excerpts: list[UUID], who: By) -> None:
    """A proposal of its own, for it has a way back of its own."""
    rest = new_id()
    event = await _tell_of_no(company_id, one, rest, excerpts, who)
    await execute(
        """insert into proposal (id, company, kind, theme, excerpts, worth, evidence, state, member, at, event)
           values ($1, $2, 'join', $3, $4, 0, $5, 'refused', $6, $7, $8)""",
        rest,
        company_id,
        one.theme.id,
        excerpts,
        msgspec.json.encode(one.evidence).decode(),
        who.member,
        who.now,
        event,
    )


async def _with_copies(company_id: UUID, excerpts: list[UUID], *, but: Collection[UUID] = ()) -> list[UUID]:
    """And their copies beside them, without what a person put there."""
    beside = await lying_beside(company_id, excerpts)
    copies = [copy for copy, lies in beside.items() if lies is None or lies.by != "person"]
    return [*excerpts, *(copy for copy in copies if copy not in but)]


async def _tell_of_no(
    company_id: UUID, one: queries.Proposed, proposal: UUID, excerpts: list[UUID], who: By
) -> UUID:
    back = await _back_to_unsorted(company_id, one, excerpts)
    into = {"into": one.other.id} if one.other else {}
    told = {"kind": one.kind, "proposal": proposal, "n": len(back) or len(excerpts), "left": back} | into
    event = await write_event(
        company_id, one.theme.id, ThemeDeed.DISMISSED, by=who.member, now=who.now, **told
    )
    if one.other:
        aside = {"of": event, "kind": one.kind, "into": one.theme.id}
        await write_event(company_id, one.other.id, ThemeDeed.DISMISSED, by=who.member, now=who.now, **aside)
    await note_down(
        company_id, NOTED_DOWN[one.kind], by=who.member, now=who.now, subject=one.theme.id, after=into
    )
    return event


async def _back_to_unsorted(company_id: UUID, one: queries.Proposed, excerpts: list[UUID]) -> list[Gone]:
    """What the machine had put there: of a refused theme all, of those that do not belong these."""
    if one.kind not in (ProposalKind.NEW, ProposalKind.JOIN):
        return []
    only = excerpts if one.kind == ProposalKind.JOIN else None
    there = await queries.put_there_by_machine(company_id, one.theme.id, only=only)
    lay = await bulk.lying(company_id, there)
    back = [Gone(excerpt, lay[excerpt]) for excerpt in there if excerpt in lay]
    await lay_back(company_id, [(each.excerpt, None) for each in back])
    return back


async def take_back_no(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """What went back to the unsorted lies again as it lay."""
    back = msgspec.convert(act.told["left"], list[Gone])
    await lay_back(company_id, [(one.excerpt, one.before) for one in back])
    undone = await write_event(company_id, act.theme, act.deed, by=by, now=now, undoes=act.id)
    if "into" in act.told:
        other = UUID(act.told["into"])
        await write_event(company_id, other, act.deed, by=by, now=now, of=undone, undoes=act.id)
    return (await life.theme(company_id, act.theme)).heir if act.theme else None


async def open_again(company_id: UUID, event_id: UUID) -> None:
    """What was decided by an act that is taken back can be decided again; it takes the place of a newer one."""
    await execute(
        """delete from proposal n using proposal o
           where o.company = $1 and o.event = $2 and n.company = o.company and n.state = 'open'
             and n.kind = o.kind and n.theme = o.theme and n.other is not distinct from o.other""",
        company_id,
        event_id,
    )
    await execute(
        """update proposal set state = 'open', member = null, at = null, event = null
           where company = $1 and event = $2""",
        company_id,
        event_id,
    )


async def _accepted(company_id: UUID, one: queries.Proposed, who: By) -> None:
    """By the act that has just been written down."""
    act = await life.undoable(company_id, who.member, since=who.now)
    await _decided(company_id, one.id, ProposalState.ACCEPTED, act.id if act else None, who)


async def _decided(
    company_id: UUID, proposal_id: UUID, state: ProposalState, event: UUID | None, who: By
) -> None:
    await execute(
        "update proposal set state = $3, event = $4, member = $5, at = $6 where company = $1 and id = $2",
        company_id,
        proposal_id,
        state.value,
        event,
        who.member,
        who.now,
    )


def shown(form: DecisionForm) -> list[UUID]:
    """The excerpts that stood below the proposal when it was decided on."""
    return [UUID(excerpt) for excerpt in form.shown.split(".") if excerpt]


def _is_elsewhere(lies: life.Placement | None, theme: UUID) -> bool:
    return lies is not None and lies.by == "person" and lies.heir != theme
