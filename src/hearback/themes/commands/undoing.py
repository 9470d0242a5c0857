"""What people decided about themes, taken back by whoever did it, as long as nobody has built on it."""

from datetime import datetime
from uuid import UUID

from hearback.database.engine import execute, execute_many, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.themes.commands.living import tell_all, write_event
from hearback.themes.commands.sorting import LOCK
from hearback.themes.commands.uniting import unmerge
from hearback.themes.queries import life
from hearback.themes.rules import ThemeDeed
from hearback.web.live import tell


async def undo(company_id: UUID, event_id: UUID, *, by: UUID, now: datetime) -> UUID | None:
    """Take back one's own move, merge, split or refusal; gives the theme to look at then.

    Raises NotFound; Refused where somebody has decided otherwise meanwhile.
    """
    async with transaction():
        await lock(company_id, LOCK)
        event = await life.event(company_id, event_id, by=by)
        if await life.undone(company_id, event):
            raise Refused("themes.undone-already")
        return await UNDO[ThemeDeed(event.deed)](company_id, event, by, now)


async def _undo_merge(company_id: UUID, event: life.Event, by: UUID, now: datetime) -> UUID | None:
    gone = event.theme
    if gone is None or await life.merge_of(company_id, gone) != event.id:
        raise Refused("themes.undo-too-late")
    await unmerge(company_id, gone, by=by, now=now)
    return gone


async def _undo_move(company_id: UUID, event: life.Event, by: UUID, now: datetime) -> UUID | None:
    excerpt_id = UUID(event.told["excerpt"])
    lies = await life.placement(company_id, excerpt_id)
    if lies is None or lies.by != "person" or lies.member != by or lies.theme != event.theme:
        raise Refused("themes.undo-too-late")
    before = event.before
    if before is None:
        await execute("delete from placement where company = $1 and excerpt = $2", company_id, excerpt_id)
    else:
        await _put_back(company_id, [life.Left(excerpt_id, before)])
    back = before.heir if before else None
    undone = await write_event(
        company_id, event.theme, ThemeDeed.MOVED, by=by, now=now, undoes=event.id, excerpt=excerpt_id
    )
    if back:
        await write_event(
            company_id, back, ThemeDeed.MOVED, by=by, now=now, of=undone, undoes=event.id, excerpt=excerpt_id
        )
    await note_down(
        company_id,
        "theme.move-undone",
        by=by,
        now=now,
        subject=excerpt_id,
        before={"theme": event.theme},
        after={"theme": back},
    )
    await tell_all(company_id)
    return back


async def _undo_split(company_id: UUID, event: life.Event, by: UUID, now: datetime) -> UUID | None:
    """What left goes back to how it lay, and the theme from which it came speaks for the new one: ids are for good."""
    split = event.split
    new, source = event.theme, (await life.theme(company_id, split.source)).heir
    theirs = new is None or source == new or (await life.theme(company_id, new)).merged
    if new is None or theirs or await life.others_decided(company_id, new, split.excerpts, by=by):
        raise Refused("themes.undo-too-late")
    await _put_back(company_id, split.left)
    await execute(
        "update theme set heir = $3, merged_into = $3 where company = $1 and heir = $2",
        company_id,
        new,
        source,
    )
    undone = await write_event(company_id, new, ThemeDeed.SPLIT, by=by, now=now, undoes=event.id)
    await write_event(
        company_id, source, ThemeDeed.SPLIT, by=by, now=now, of=undone, undoes=event.id, target=new
    )
    await note_down(company_id, "theme.split-undone", by=by, now=now, subject=new, before={"source": source})
    await tell_all(company_id)
    return source


async def _undo_refusal(company_id: UUID, event: life.Event, by: UUID, now: datetime) -> UUID | None:
    excerpt = event.told["excerpt"]
    await write_event(
        company_id, event.theme, ThemeDeed.NOT_HERE, by=by, now=now, undoes=event.id, excerpt=excerpt
    )
    await note_down(company_id, "theme.not-here-undone", by=by, now=now, subject=UUID(excerpt))
    await tell(company_id, "desk")
    return event.theme


async def _put_back(company_id: UUID, left: list[life.Left]) -> None:
    await execute_many(
        """update placement set theme = $3, by = $4, member = $5, confidence = $6, "on" = $7
           where company = $1 and excerpt = $2""",
        [
            (company_id, one.excerpt, lay.theme, lay.by, lay.member, lay.confidence, lay.on)
            for one in left
            for lay in [one.before]
        ],
    )


UNDO = {
    ThemeDeed.MERGED: _undo_merge,
    ThemeDeed.MOVED: _undo_move,
    ThemeDeed.SPLIT: _undo_split,
    ThemeDeed.NOT_HERE: _undo_refusal,
}
