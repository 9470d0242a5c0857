"""Where excerpts belong and which themes are one: what people decide, and how it is taken back."""

from datetime import date, datetime
from uuid import UUID

from hearback.database.columns import hidden_id, new_id
from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.themes.commands.living import must_be_free, speaking_for_itself, tell_all, write_event
from hearback.themes.commands.sorting import LOCK
from hearback.themes.forms import NEW, NOWHERE, MoveForm, NameForm
from hearback.themes.queries import life
from hearback.themes.rules import ThemeDeed
from hearback.web.forms import read_form


async def move(
    company_id: UUID, excerpt_id: UUID, form: MoveForm, *, by: UUID, now: datetime, today: date
) -> UUID | None:
    """Put an excerpt where a person says it belongs, for good; gives the theme that it lies in now.

    Raises NotFound for an excerpt or theme that is not there, Refused for a new theme without a fitting name.
    """
    async with transaction():
        await lock(company_id, LOCK)
        before = await life.placement(company_id, excerpt_id)
        target = await _target(company_id, form, by=by, now=now)
        if before and before.by == "person" and before.heir == target:
            return target
        await _put(company_id, excerpt_id, target, by=by, on=today)
        await _tell_of_move(
            company_id, excerpt_id, before.heir if before else None, target, by=by, now=now, before=before
        )
        await note_down(
            company_id,
            "theme.moved",
            by=by,
            now=now,
            subject=excerpt_id,
            before={"theme": before.heir if before else None},
            after={"theme": target},
        )
        await tell_all(company_id)
    return target


async def merge(company_id: UUID, theme_id: UUID, into: UUID, *, by: UUID, now: datetime) -> None:
    """From now on `into` speaks for both. Nothing is deleted, every excerpt stays where it lies.

    Raises NotFound; Refused for a theme that was merged already, and for merging one with itself.
    """
    async with transaction():
        await lock(company_id, LOCK)
        gone = await speaking_for_itself(company_id, theme_id)
        heir = (await life.theme(company_id, into)).heir
        if heir == theme_id:
            raise Refused("themes.merge-with-itself", field="into")
        if gone.named and not (await life.theme(company_id, heir)).named:
            raise Refused("themes.merge-into-suggestion", field="into")
        await execute(
            "update theme set heir = $3 where company = $1 and heir = $2", company_id, theme_id, heir
        )
        await execute(
            "update theme set merged_into = $3 where company = $1 and id = $2", company_id, theme_id, heir
        )
        event = await write_event(company_id, theme_id, ThemeDeed.MERGED, by=by, now=now, into=heir)
        await write_event(
            company_id, heir, ThemeDeed.MERGED, by=by, now=now, of=event, gone=theme_id, called=gone.called
        )
        await note_down(company_id, "theme.merged", by=by, now=now, subject=theme_id, after={"into": heir})
        await tell_all(company_id)


async def unmerge(company_id: UUID, theme_id: UUID, *, by: UUID, now: datetime) -> None:
    """The theme speaks for itself again, and for those that had come into it before. Doing it twice is once.

    Raises NotFound.
    """
    async with transaction():
        await lock(company_id, LOCK)
        theme = await life.theme(company_id, theme_id)
        if not theme.merged:
            return
        undoes = await life.merge_of(company_id, theme_id)
        came = await life.merged_into_it(company_id, theme_id)
        await execute(
            "update theme set heir = $3 where company = $1 and id = any($2)", company_id, came, theme_id
        )
        await execute(
            "update theme set merged_into = null where company = $1 and id = $2", company_id, theme_id
        )
        event = await write_event(company_id, theme_id, ThemeDeed.UNMERGED, by=by, now=now, undoes=undoes)
        await write_event(
            company_id, theme.heir, ThemeDeed.UNMERGED, by=by, now=now, of=event, called=theme.called
        )
        await note_down(
            company_id, "theme.unmerged", by=by, now=now, subject=theme_id, before={"into": theme.heir}
        )
        await tell_all(company_id)


async def undo(company_id: UUID, event_id: UUID, *, by: UUID, now: datetime) -> UUID | None:
    """Take back one's own move or merge; gives the theme to look at then.

    Raises NotFound; Refused where somebody has decided otherwise meanwhile.
    """
    async with transaction():
        await lock(company_id, LOCK)
        event = await life.event(company_id, event_id, by=by)
        if await life.undone(company_id, event):
            raise Refused("themes.undone-already")
        if event.deed == ThemeDeed.MERGED:
            return await _undo_merge(company_id, event, by=by, now=now)
        return await _undo_move(company_id, event, by=by, now=now)


async def _undo_merge(company_id: UUID, event: life.Event, *, by: UUID, now: datetime) -> UUID | None:
    gone = event.theme
    if gone is None or await life.merge_of(company_id, gone) != event.id:
        raise Refused("themes.undo-too-late")
    await unmerge(company_id, gone, by=by, now=now)
    return gone


async def _undo_move(company_id: UUID, event: life.Event, *, by: UUID, now: datetime) -> UUID | None:
    excerpt_id = UUID(event.told["excerpt"])
    lies = await life.placement(company_id, excerpt_id)
    if lies is None or lies.by != "person" or lies.member != by or lies.theme != event.theme:
        raise Refused("themes.undo-too-late")
    before = event.before
    if before is None:
        await execute("delete from placement where company = $1 and excerpt = $2", company_id, excerpt_id)
    else:
        await execute(
            """update placement set theme = $3, by = $4, member = $5, confidence = $6, "on" = $7
               where company = $1 and excerpt = $2""",
            company_id,
            excerpt_id,
            before.theme,
            before.by,
            before.member,
            before.confidence,
            before.on,
        )
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


async def _target(company_id: UUID, form: MoveForm, *, by: UUID, now: datetime) -> UUID | None:
    if form.to == NOWHERE:
        return None
    if form.to == NEW:
        return await _new_theme(company_id, form.name, by=by, now=now)
    return (await life.theme(company_id, UUID(form.to))).heir


async def _new_theme(company_id: UUID, name: str, *, by: UUID, now: datetime) -> UUID:
    fitting = read_form(NameForm, {"name": [name]})
    await must_be_free(company_id, fitting.name)
    theme_id = new_id()
    await execute(
        """insert into theme (id, company, name, state, named_by, named_at, heir, created_at)
           values ($1, $2, $3, 'named', $4, $5, $1, $5)""",
        theme_id,
        company_id,
        fitting.name,
        by,
        now,
    )
    await write_event(company_id, theme_id, ThemeDeed.NAMED, by=by, now=now, name=fitting.name)
    await note_down(company_id, "theme.named", by=by, now=now, subject=theme_id, after={"name": fitting.name})
    return theme_id


async def _put(company_id: UUID, excerpt_id: UUID, theme: UUID | None, *, by: UUID, on: date) -> None:
    await execute(
        """insert into placement (id, company, excerpt, theme, by, member, confidence, "on")
           values ($1, $2, $3, $4, 'person', $5, 1, $6)
           on conflict (company, excerpt) do update
           set theme = excluded.theme, by = 'person', member = excluded.member, confidence = 1,
               "on" = excluded."on" """,
        hidden_id(),
        company_id,
        excerpt_id,
        theme,
        by,
        on,
    )


async def _tell_of_move(
    company_id: UUID,
    excerpt_id: UUID,
    source: UUID | None,
    target: UUID | None,
    *,
    by: UUID,
    now: datetime,
    before: life.Placement | None,
) -> None:
    """Both themes remember it; what was before is kept with the one event that can be undone."""
    event = await write_event(
        company_id,
        target,
        ThemeDeed.MOVED,
        by=by,
        now=now,
        excerpt=excerpt_id,
        source=source,
        before=before,
    )
    if source and source != target:
        await write_event(
            company_id, source, ThemeDeed.MOVED, by=by, now=now, of=event, excerpt=excerpt_id, target=target
        )
