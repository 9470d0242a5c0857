"""Where excerpts belong: what people decide. The desk shows one for all in the same wording, so they go together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import execute, execute_many, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.themes.commands.covering import must_not_be_covered
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import create_theme, speaking_for_itself, tell_all, write_event
from hearback.themes.forms import NEW, NOWHERE, MoveForm, NameForm
from hearback.themes.queries import bulk as queries
from hearback.themes.queries import life
from hearback.themes.rules import ThemeDeed
from hearback.web.forms import read_form
from hearback.web.live import tell


class Gone(Struct, frozen=True):
    """An excerpt that was moved, and how it lay before; None for unsorted."""

    excerpt: UUID
    before: life.Placement | None


async def move(
    company_id: UUID, excerpt_id: UUID, form: MoveForm, *, by: UUID, now: datetime, today: date
) -> UUID | None:
    """Put an excerpt, and its copies beside it, where a person says it belongs, for good; gives the theme it lies in.

    Raises NotFound for an excerpt or theme that is not there, Refused for a new theme without a fitting name.
    """
    async with transaction():
        await lock(company_id, LOCK)
        lay = {excerpt_id: await life.placement(company_id, excerpt_id)}
        lay |= await lying_beside(company_id, lay)
        target, made = await _target(company_id, form, by=by, now=now), form.to == NEW
        gone = to_move(lay, target)
        if not gone:
            return target
        await put(company_id, [one.excerpt for one in gone], target, by=by, on=today)
        if target and made:
            await must_not_be_covered(company_id, [target], {"name": form.name})
        if len(gone) == 1:
            await _tell_of_move(company_id, gone[0], target, by=by, now=now, made=made)
        else:
            await tell_of_many(company_id, gone, target, by=by, now=now, made=made)
        await tell_all(company_id)
    return target


async def theme_called(company_id: UUID, name: str, *, of_several: UUID | None = None) -> UUID:
    """of_several: which one is meant where more than one has the name.

    Raises Refused where none has it, or several and none of them is meant.
    """
    if not name:
        raise Refused("bulk.no-name", field="to")
    found = await queries.themes_called(company_id, name)
    if not found:
        raise Refused("bulk.no-theme", field="to", name=name)
    if len(found) > 1 and of_several not in found:
        raise Refused("bulk.two-themes", field="to", name=name)
    return of_several if of_several in found else found[0]


async def add(
    company_id: UUID, theme_id: UUID, excerpt_id: UUID, *, by: UUID, now: datetime, today: date
) -> None:
    """Take up what was unsorted. Raises NotFound; Refused where it has found a place meanwhile."""
    async with transaction():
        await _must_be_unsorted(company_id, excerpt_id)
        await move(company_id, excerpt_id, MoveForm(to=str(theme_id)), by=by, now=now, today=today)


async def refuse(company_id: UUID, theme_id: UUID, excerpt_id: UUID, *, by: UUID, now: datetime) -> None:
    """It and its copies do not belong here, wherever else: neither suggested nor placed here again. Doing it twice is
    once.

    Raises NotFound; Refused where it has found a place meanwhile.
    """
    async with transaction():
        await _must_be_unsorted(company_id, excerpt_id)
        await speaking_for_itself(company_id, theme_id)
        if await life.refused(company_id, theme_id, excerpt_id):
            return
        copies = await queries.copies_beside(company_id, [excerpt_id])
        told = {"excerpt": excerpt_id} | ({"beside": copies} if copies else {})
        await write_event(company_id, theme_id, ThemeDeed.NOT_HERE, by=by, now=now, **told)
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


async def lying_beside(company_id: UUID, excerpts: Iterable[UUID]) -> dict[UUID, life.Placement | None]:
    """How their copies lie that are shown as one with them."""
    return await queries.lying(company_id, await queries.copies_beside(company_id, list(excerpts)))


def to_move(lay: Mapping[UUID, life.Placement | None], target: UUID | None) -> list[Gone]:
    """Those that no person has put there already."""
    return [
        Gone(one, before)
        for one, before in lay.items()
        if before is None or before.by != "person" or before.heir != target
    ]


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
    company_id: UUID, gone: Gone, target: UUID | None, *, by: UUID, now: datetime, made: bool
) -> None:
    """Both themes remember it; what was before is kept with the one event that can be undone. made: its theme too."""
    excerpt, before = gone.excerpt, gone.before
    source = before.heir if before else None
    told = {"excerpt": excerpt, "source": source, "before": before, "made": made}
    event = await write_event(company_id, target, ThemeDeed.MOVED, by=by, now=now, **told)
    if source and source != target:
        aside = {"of": event, "excerpt": excerpt, "target": target}
        await write_event(company_id, source, ThemeDeed.MOVED, by=by, now=now, **aside)
    was, after = {"theme": source}, {"theme": target}
    await note_down(company_id, "theme.moved", by=by, now=now, subject=excerpt, before=was, after=after)


async def tell_of_many(
    company_id: UUID, gone: Sequence[Gone], target: UUID | None, *, by: UUID, now: datetime, made: bool
) -> None:
    """One act that holds how all of them lay; every theme they came from remembers how many left."""
    told = {"left": gone, "n": len(gone)} | ({"made": True} if made else {})
    event = await write_event(company_id, target, ThemeDeed.MOVED_MANY, by=by, now=now, **told)
    for source, n in sources(gone).items():
        if source != target:
            aside = {"of": event, "target": target, "n": n}
            await write_event(company_id, source, ThemeDeed.LEFT_MANY, by=by, now=now, **aside)
    after = {"theme": target, "excerpts": [one.excerpt for one in gone]}
    await note_down(company_id, "theme.moved-many", by=by, now=now, subject=target, after=after)


def sources(gone: Sequence[Gone]) -> Counter[UUID]:
    """Themes they lay in, with how many; those that speak for them."""
    return Counter(one.before.heir for one in gone if one.before and one.before.heir)
