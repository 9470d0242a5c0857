"""Where excerpts belong: what people decide."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from hearback.database.engine import execute, execute_many, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import create_theme, speaking_for_itself, tell_all, write_event
from hearback.themes.forms import NEW, NOWHERE, MoveForm, NameForm
from hearback.themes.queries import life
from hearback.themes.rules import ThemeDeed
from hearback.web.forms import read_form
from hearback.web.live import tell


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
        await put(company_id, [excerpt_id], target, by=by, on=today)
        await _tell_of_move(
            company_id,
            excerpt_id,
            before.heir if before else None,
            target,
            by=by,
            now=now,
            before=before,
            made=form.to == NEW,
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


async def add(
    company_id: UUID, theme_id: UUID, excerpt_id: UUID, *, by: UUID, now: datetime, today: date
) -> None:
    """Take up what was unsorted. Raises NotFound; Refused where it has found a place meanwhile."""
    async with transaction():
        await _must_be_unsorted(company_id, excerpt_id)
        await move(company_id, excerpt_id, MoveForm(to=str(theme_id)), by=by, now=now, today=today)


async def refuse(company_id: UUID, theme_id: UUID, excerpt_id: UUID, *, by: UUID, now: datetime) -> None:
    """It does not belong here, wherever else: neither suggested nor placed here again. Doing it twice is once.

    Raises NotFound; Refused where it has found a place meanwhile.
    """
    async with transaction():
        await _must_be_unsorted(company_id, excerpt_id)
        await speaking_for_itself(company_id, theme_id)
        if await life.refused(company_id, theme_id, excerpt_id):
            return
        await write_event(company_id, theme_id, ThemeDeed.NOT_HERE, by=by, now=now, excerpt=excerpt_id)
        await note_down(
            company_id, "theme.not-here", by=by, now=now, subject=excerpt_id, after={"theme": theme_id}
        )
        await tell(company_id, "desk")


async def _must_be_unsorted(company_id: UUID, excerpt_id: UUID) -> None:
    await lock(company_id, LOCK)
    if await life.placement(company_id, excerpt_id):
        raise Refused("themes.sorted-meanwhile")


async def _target(company_id: UUID, form: MoveForm, *, by: UUID, now: datetime) -> UUID | None:
    if form.to == NOWHERE:
        return None
    if form.to == NEW:
        fitting = read_form(NameForm, {"name": [form.name]})
        return (await create_theme(company_id, fitting, by=by, now=now))[0]
    return (await life.theme(company_id, UUID(form.to))).heir


async def put(company_id: UUID, excerpt_ids: list[UUID], theme: UUID | None, *, by: UUID, on: date) -> None:
    """A person says that these lie there, which no grouping changes."""
    await execute(
        """insert into placement (id, company, excerpt, theme, by, member, confidence, "on")
           select gen_random_uuid(), $1, excerpt, $3, 'person', $4, 1, $5 from unnest($2::uuid[]) as excerpt
           on conflict (company, excerpt) do update
           set theme = excluded.theme, by = 'person', member = excluded.member, confidence = 1,
               "on" = excluded."on" """,
        company_id,
        excerpt_ids,
        theme,
        by,
        on,
    )


async def lay_back(company_id: UUID, as_before: Sequence[tuple[UUID, life.Placement | None]]) -> None:
    """Each excerpt as it lay, None for unsorted; what a person had put somewhere is theirs again."""
    await execute(
        "delete from placement where company = $1 and excerpt = any($2)",
        company_id,
        [excerpt for excerpt, _ in as_before],
    )
    await execute_many(
        """insert into placement (id, company, excerpt, theme, by, member, confidence, "on")
           select gen_random_uuid(), e.company, e.id, $3, $4, $5, $6, $7 from excerpt e
           where e.company = $1 and e.id = $2""",
        [
            (company_id, excerpt, lay.theme, lay.by, lay.member, lay.confidence, lay.on)
            for excerpt, lay in as_before
            if lay is not None
        ],
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
    made: bool,
) -> None:
    """Both themes remember it; what was before is kept with the one event that can be undone. made: its theme too."""
    event = await write_event(
        company_id,
        target,
        ThemeDeed.MOVED,
        by=by,
        now=now,
        excerpt=excerpt_id,
        source=source,
        before=before,
        made=made,
    )
    if source and source != target:
        await write_event(
            company_id, source, ThemeDeed.MOVED, by=by, now=now, of=event, excerpt=excerpt_id, target=target
        )
