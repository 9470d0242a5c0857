"""What people decided about themes, taken back, as long as nothing later stands on it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from hearback.database.engine import execute, lock, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.refusals import NotFound, Refused
from hearback.themes.commands import bulk, cutting, proposing
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import must_be_free, set_weight, tell_all, write_event
from hearback.themes.commands.moving import lay_back
from hearback.themes.commands.tending import link_question, set_assigned, set_rest, unlink_question
from hearback.themes.commands.uniting import merge, part
from hearback.themes.queries import acts, life, tending
from hearback.themes.rules import ThemeDeed
from hearback.themes.taking_back import Act, can_be_taken_back, in_the_way, writes

Undo = Callable[[UUID, Act, UUID, datetime], Awaitable[UUID | None]]


class StoodUpon(Refused):
    """Something later stands on it: `later` is the newest such act, to be taken back first."""

    def __init__(self, later: Act) -> None:
        super().__init__("themes.undo-stood-upon", who=later.who)
        self.later = later


async def undo(company_id: UUID, event_id: UUID, *, by: UUID, now: datetime) -> UUID | None:
    """Take back what somebody did; gives the theme to look at then.

    Raises NotFound; StoodUpon where something later stands on it; Refused where it is taken back already, where
    what was before it was not written down, or where its name has another theme by now.
    """
    async with transaction():
        await lock(company_id, LOCK)
        act = await acts.act(company_id, event_id)
        if not can_be_taken_back(act):
            raise NotFound
        later = await acts.later(company_id, act)
        if any(one.undoes == act.id for one in later):
            raise Refused("themes.undone-already")
        stands_on_it = in_the_way(act, later)
        if stands_on_it:
            raise StoodUpon(stands_on_it)
        opened = await UNDO[act.deed](company_id, act, by, now)
        await proposing.open_again(company_id, act.id)
        if act.deed in UNDONE:  # to part and to merge again are written down as what they are
            subject = UUID(act.told["excerpt"]) if "excerpt" in act.told else act.theme
            before = {"act": act.id, "theme": act.theme}
            await note_down(company_id, UNDONE[act.deed], by=by, now=now, subject=subject, before=before)
        await tell_all(company_id)
        return opened


def _was(act: Act) -> object:
    """How it was before. Raises Refused for acts from before that was written down."""
    if act.told.get("was") is None:
        raise Refused("themes.undo-not-kept")
    return act.told["was"]


async def _undo_name(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """Its former name; a theme that people made becomes an empty suggestion, for ids are for good."""
    theme = await _there(company_id, act)
    unmade = life.Called("suggested", "", "", None, None)
    was = unmade if act.told.get("made") else msgspec.convert(_was(act), life.Called)
    if was.state == "suggested" and await acts.in_use(company_id, theme.id):
        raise Refused("themes.undo-in-use")
    if was.state == "named" and not theme.merged:
        await must_be_free(company_id, was.name, but=theme.id, field="")
    definition, excludes = _described_before(act, theme, was)
    await execute(
        """update theme set state = $3::varchar, name = $4, definition = $5, named_by = $6, named_at = $7,
                  excludes = $8,
                  terms = case when $3 = 'suggested' and terms = '{}' then array[left(name, 60)] else terms end
           where company = $1 and id = $2""",
        company_id,
        theme.id,
        was.state,
        was.name,
        definition,
        was.named_by,
        was.named_at,
        excludes,
    )
    await write_event(company_id, theme.id, act.deed, by=by, now=now, undoes=act.id, name=was.name)
    return theme.heir


async def _undo_definition(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """Only what was described: the name may be another by now."""
    theme, was = await _there(company_id, act), msgspec.convert(_was(act), life.Called)
    await execute(
        "update theme set definition = $3, excludes = $4 where company = $1 and id = $2",
        company_id,
        theme.id,
        *_described_before(act, theme, was),
    )
    await write_event(company_id, theme.id, act.deed, by=by, now=now, undoes=act.id)
    return theme.heir


def _described_before(act: Act, theme: life.Theme, was: life.Called) -> tuple[str, str]:
    """What belongs and what does not: as it was where the act changed it, else as it stands."""
    wrote, key = writes(act), str(theme.id)
    return (
        was.definition if ("definition", key) in wrote else theme.definition,
        was.excludes if ("excludes", key) in wrote else theme.excludes,
    )


async def _undo_weight(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    theme, was = await _there(company_id, act), msgspec.convert(_was(act), life.Weight)
    await set_weight(company_id, theme.id, was)
    await write_event(company_id, theme.id, act.deed, by=by, now=now, undoes=act.id)
    return theme.heir


async def _undo_lightness(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    theme = await _there(company_id, act)
    await write_event(company_id, theme.id, act.deed, by=by, now=now, undoes=act.id)
    return theme.heir


async def _undo_merge(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    theme = await _there(company_id, act)
    await part(company_id, theme, undoes=act.id, by=by, now=now)
    return theme.id


async def _undo_parting(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    if not act.told.get("into"):
        raise Refused("themes.undo-not-kept")
    theme, into = await _there(company_id, act), UUID(act.told["into"])
    await merge(company_id, theme.id, into, by=by, now=now, undoes=act.id)
    return (await life.theme(company_id, into)).heir


async def _undo_move(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    excerpt_id = UUID(act.told["excerpt"])
    before = msgspec.convert(act.told.get("before"), life.Placement | None)
    await lay_back(company_id, [(excerpt_id, before)])
    back = (await life.theme(company_id, before.theme)).heir if before and before.theme else None
    told = {"undoes": act.id, "excerpt": excerpt_id}
    undone = await write_event(company_id, act.theme, act.deed, by=by, now=now, **told)
    if back:
        await write_event(company_id, back, act.deed, by=by, now=now, of=undone, **told)
    if act.told.get("made") and act.theme:
        await _unmake(company_id, act.theme, by=by, now=now)
    return back


async def _undo_moving_many(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    back = await bulk.put_back_many(company_id, act, by, now)
    if act.told.get("made") and act.theme:
        await _unmake(company_id, act.theme, by=by, now=now)
    return back


async def _unmake(company_id: UUID, theme_id: UUID, *, by: UUID, now: datetime) -> None:
    """The move made this theme: it goes with it, unless somebody has done more with it since."""
    made = await acts.made_by(company_id, theme_id)
    if made is None or await acts.in_use(company_id, theme_id):
        return
    if in_the_way(made, await acts.later(company_id, made)) is None:
        await _undo_name(company_id, made, by, now)


async def _undo_split(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """What left goes back to how it lay, and the theme from which it came speaks for the new one: ids are for good."""
    new = await _there(company_id, act)
    source = (await life.theme(company_id, UUID(act.told["source"]))).heir
    if source == new.id:
        raise Refused("themes.undo-too-late")
    left = msgspec.convert(act.told["left"], list[life.Left])
    await lay_back(company_id, [(one.excerpt, one.before) for one in left])
    await execute(
        "update theme set heir = $3, merged_into = $3 where company = $1 and heir = $2",
        company_id,
        new.id,
        source,
    )
    undone = await write_event(company_id, new.id, act.deed, by=by, now=now, undoes=act.id)
    told = {"of": undone, "undoes": act.id, "target": new.id}
    await write_event(company_id, source, act.deed, by=by, now=now, **told)
    return source


async def _undo_refusal(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    theme = await _there(company_id, act)
    told = {"undoes": act.id, "excerpt": act.told["excerpt"]}
    await write_event(company_id, theme.id, act.deed, by=by, now=now, **told)
    return theme.heir


async def _undo_rest(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    theme, was = await _there(company_id, act), msgspec.convert(_was(act), tending.Rest)
    await set_rest(company_id, theme.id, was)
    await write_event(company_id, theme.id, act.deed, by=by, now=now, undoes=act.id)
    return theme.heir


async def _undo_assigning(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """Raises Refused where it was in the hands of a team that is put away by now."""
    theme, was = await _there(company_id, act), msgspec.convert(_was(act), tending.Carer)
    if was.team and await people.team_name(company_id, was.team) is None:
        raise Refused("themes.undo-team-away")
    await set_assigned(company_id, theme.id, was)
    await write_event(company_id, theme.id, act.deed, by=by, now=now, undoes=act.id)
    return theme.heir


async def _undo_asking(company_id: UUID, act: Act, by: UUID, now: datetime) -> UUID | None:
    """Raises NotFound where the question is gone."""
    theme, question = await _there(company_id, act), UUID(act.told["question"])
    if act.deed == ThemeDeed.ASKED:
        await unlink_question(company_id, theme.id, question)
    else:
        await tending.question_title(company_id, question)
        await link_question(company_id, theme.id, question, by=by, now=now)
    told = {"undoes": act.id, "question": question}
    await write_event(company_id, theme.id, act.deed, by=by, now=now, **told)
    return theme.heir


async def _there(company_id: UUID, act: Act) -> life.Theme:
    if act.theme is None:
        raise NotFound
    return await life.theme(company_id, act.theme)


UNDO: dict[ThemeDeed, Undo] = {
    ThemeDeed.NAMED: _undo_name,
    ThemeDeed.RENAMED: _undo_name,
    ThemeDeed.DEFINED: _undo_definition,
    ThemeDeed.WEIGHTED: _undo_weight,
    ThemeDeed.UNWEIGHTED: _undo_weight,
    ThemeDeed.NOT_WEIGHTY: _undo_lightness,
    ThemeDeed.MERGED: _undo_merge,
    ThemeDeed.UNMERGED: _undo_parting,
    ThemeDeed.MOVED: _undo_move,
    ThemeDeed.SPLIT: _undo_split,
    ThemeDeed.NOT_HERE: _undo_refusal,
    ThemeDeed.DISMISSED: proposing.take_back_no,
    ThemeDeed.MOVED_MANY: _undo_moving_many,
    ThemeDeed.SET_ASIDE: bulk.count_again_many,
    ThemeDeed.CUT: cutting.divide_as_before,
    ThemeDeed.JOINED: cutting.divide_as_before,
    ThemeDeed.RESTING: _undo_rest,
    ThemeDeed.WOKEN: _undo_rest,
    ThemeDeed.ASSIGNED: _undo_assigning,
    ThemeDeed.ASKED: _undo_asking,
    ThemeDeed.UNASKED: _undo_asking,
}
# What the audit trail calls it.
UNDONE = {
    ThemeDeed.NAMED: "theme.name-undone",
    ThemeDeed.RENAMED: "theme.name-undone",
    ThemeDeed.DEFINED: "theme.definition-undone",
    ThemeDeed.WEIGHTED: "theme.weight-undone",
    ThemeDeed.UNWEIGHTED: "theme.weight-undone",
    ThemeDeed.NOT_WEIGHTY: "theme.not-weighty-undone",
    ThemeDeed.MOVED: "theme.move-undone",
    ThemeDeed.MOVED_MANY: "theme.move-undone",
    ThemeDeed.SPLIT: "theme.split-undone",
    ThemeDeed.NOT_HERE: "theme.not-here-undone",
    ThemeDeed.DISMISSED: "theme.refusal-undone",
    ThemeDeed.CUT: "excerpt.cut-undone",
    ThemeDeed.JOINED: "excerpt.joined-undone",
    ThemeDeed.RESTING: "theme.rest-undone",
    ThemeDeed.WOKEN: "theme.rest-undone",
    ThemeDeed.ASSIGNED: "theme.assigned-undone",
    ThemeDeed.ASKED: "theme.asked-undone",
    ThemeDeed.UNASKED: "theme.asked-undone",
}
