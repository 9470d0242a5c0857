"""Several at once: excerpts to a theme or nowhere, answers set aside. One act, which is taken back as one."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.answering import commands as answering
from hearback.answering.forms import SettingAsideForm
from hearback.database.engine import lock, transaction
from hearback.people.queries import Member, member
from hearback.people.rules import Right, Role, may
from hearback.refusals import Refused
from hearback.themes.commands.covering import must_not_be_covered
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import create_theme, tell_all, write_event
from hearback.themes.commands.moving import (
    Gone,
    lay_back,
    lying_beside,
    put,
    sources,
    tell_of_many,
    theme_called,
    to_move,
)
from hearback.themes.forms import NOWHERE, NameForm, PlacingForm
from hearback.themes.queries import bulk as queries
from hearback.themes.queries import life
from hearback.themes.rules import ThemeDeed
from hearback.themes.taking_back import Act
from hearback.web.forms import read_form

UNSORTED = "unsorted"


class Moved(Struct, frozen=True):
    """left: those that lie elsewhere than the page showed, and stayed there."""

    n: int
    left: list[UUID]


class Going(Struct, frozen=True):
    """How many a move would take: n in all, of them copies that stand behind what is ticked."""

    n: int
    copies: int


async def going(company_id: UUID, form: PlacingForm) -> Going:
    """What `move_many` would take along, before it does."""
    there = await _as_seen(company_id, _seen(form))
    copies = await queries.copies_beside(company_id, list(there))
    return Going(len(there) + len(copies), len(copies))


async def move_many(company_id: UUID, form: PlacingForm, *, by: UUID, now: datetime, today: date) -> Moved:
    """Put those where a person says that still lie where the person saw them, with their copies beside them; the
    others are left alone.

    Raises Refused where nothing is ticked, or where no theme, or more than one, has this name.
    """
    seen = _seen(form)
    if not seen:
        raise Refused("bulk.nothing", field="excerpt")
    async with transaction():
        await lock(company_id, LOCK)
        there = await _as_seen(company_id, seen)
        left = [one for one in seen if one not in there]
        target = await _target(company_id, form, by=by, now=now, anything=bool(there))
        gone = to_move(there | await lying_beside(company_id, there), target)
        if gone:
            await put(company_id, [one.excerpt for one in gone], target, by=by, on=today)
            if target and form.make:
                await must_not_be_covered(company_id, [target], {"to": form.to})
            await tell_of_many(company_id, gone, target, by=by, now=now, made=form.make is not None)
            await tell_all(company_id)
    return Moved(len(gone), left)


async def set_aside_many(
    company_id: UUID, response_ids: list[UUID], form: SettingAsideForm, *, by: Member, now: datetime
) -> int:
    """With one reason and rule for all, which every receipt tells; gives how many were set aside.

    Raises Refused where nothing is ticked. What a fan has withdrawn meanwhile is left alone.
    """
    if not response_ids:
        raise Refused("bulk.nothing", field="excerpt")
    async with transaction():
        aside = await answering.set_aside_many(company_id, response_ids, form, by=by, now=now)
        if aside:
            answers = [{"response": one, "state": state} for one, state in aside.items()]
            await write_event(
                company_id, None, ThemeDeed.SET_ASIDE, by=by.id, now=now, answers=answers, by_member=by.id
            )
    return len(aside)


async def put_back_many(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """Takes `move_many` back. Gives the theme from which most of them came."""
    left = msgspec.convert(act.told["left"], list[Gone])
    await lay_back(company_id, [(one.excerpt, one.before) for one in left])
    undone = await write_event(company_id, act.theme, act.deed, by=by, now=now, undoes=act.id, n=len(left))
    whence = sources(left)
    for source, n in whence.items():
        told = {"of": undone, "undoes": act.id, "n": n, "target": act.theme}
        await write_event(company_id, source, ThemeDeed.LEFT_MANY, by=by, now=now, **told)
    most = whence.most_common(1)
    return (await life.theme(company_id, most[0][0])).heir if most else None


async def count_again_many(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """Takes `set_aside_many` back. Raises Refused for those who may not moderate.

    What was withdrawn, counted again or set aside anew since stays as it is.
    """
    someone = await member(company_id, by)
    if not may(Role(someone.role), Right.MODERATE):
        raise Refused("bulk.not-yours")
    states: Mapping[UUID, str] = {UUID(one["response"]): one["state"] for one in act.told["answers"]}
    await answering.count_again_many(
        company_id, states, set_aside_by=UUID(act.told["by_member"]), by=someone, now=now
    )
    await write_event(company_id, None, act.deed, by=by, now=now, undoes=act.id)
    return None


async def _target(
    company_id: UUID, form: PlacingForm, *, by: UUID, now: datetime, anything: bool
) -> UUID | None:
    """anything: whether there is anything to put there; a new theme is not made for nothing."""
    if form.nowhere:
        return None
    if not form.make or not form.to:
        return await theme_called(company_id, form.to)
    if not anything:
        return None
    fitting = read_form(NameForm, {"name": [form.to]})
    return (await create_theme(company_id, fitting, by=by, now=now))[0]


def _seen(form: PlacingForm) -> dict[UUID, str | None]:
    """Where each lay when it was shown; None where the page did not say."""
    return {
        UUID(excerpt): place or form.here
        for excerpt, _, place in (one.partition(".") for one in form.excerpt)
    }


async def _as_seen(company_id: UUID, seen: Mapping[UUID, str | None]) -> dict[UUID, life.Placement | None]:
    """Those that still lie where they were shown."""
    lies = await queries.lying(company_id, list(seen))
    return {one: before for one, before in lies.items() if seen[one] in (None, _place(before))}


def _place(lies: life.Placement | None) -> str:
    if lies is None:
        return UNSORTED
    return str(lies.heir) if lies.heir else NOWHERE
