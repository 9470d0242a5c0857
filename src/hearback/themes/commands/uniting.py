"""Which themes are one and which are two: what people decide."""

from datetime import date, datetime
from uuid import UUID

from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.themes.commands.covering import must_not_be_covered
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import (
    create_theme,
    must_be_free,
    speaking_for_itself,
    tell_all,
    write_event,
)
from hearback.themes.commands.moving import put
from hearback.themes.forms import NameForm, SplitForm
from hearback.themes.queries import life
from hearback.themes.queries.bulk import copies_beside
from hearback.themes.rules import ThemeDeed


async def split_off(
    company_id: UUID, theme_id: UUID, form: SplitForm, *, by: UUID, now: datetime, today: date
) -> UUID:
    """Some excerpts and their copies leave for a theme of their own, which remembers where it comes from; gives it.

    Raises NotFound; Refused for no excerpt, for all there are (that is a new name), and for one that lies
    elsewhere by now.
    """
    async with transaction():
        await lock(company_id, LOCK)
        source, chosen = await speaking_for_itself(company_id, theme_id), sorted(set(form.excerpt))
        before = await life.lying_in(company_id, theme_id, chosen)
        if not chosen:
            raise Refused("themes.split-nothing", field="excerpt")
        if len(before) < len(chosen):
            raise Refused("themes.split-gone", field="excerpt")
        copies = await life.lying_in(company_id, theme_id, await copies_beside(company_id, chosen))
        before, chosen = before | copies, [*chosen, *copies]
        if not await life.holds_more_than(company_id, theme_id, chosen):
            raise Refused("themes.split-everything", field="excerpt")
        await must_be_free(company_id, form.new_name, field="new_name")
        left = [life.Left(excerpt, before[excerpt]) for excerpt in chosen]
        told = {"source": theme_id, "called": source.called, "n": len(chosen)}
        new, event = await create_theme(
            company_id,
            NameForm(form.new_name, form.belongs, excludes=form.excluded),
            by=by,
            now=now,
            deed=ThemeDeed.SPLIT,
            left=left,
            **told,
        )
        await put(company_id, chosen, new, by=by, on=today)
        # Now that it has voices, a single word of theirs that is covered counts as well.
        said = {"new_name": form.new_name, "belongs": form.belongs, "excluded": form.excluded}
        await must_not_be_covered(company_id, [new], said)
        await write_event(
            company_id, theme_id, ThemeDeed.SPLIT, by=by, now=now, of=event, target=new, n=len(chosen)
        )
        await tell_all(company_id)
    return new


async def merge(
    company_id: UUID, theme_id: UUID, into: UUID, *, by: UUID, now: datetime, undoes: UUID | None = None
) -> None:
    """From now on `into` speaks for both. Nothing is deleted, every excerpt stays where it lies.

    undoes: the parting that this takes back. Raises NotFound; Refused for a theme that was merged already, and
    for merging one with itself.
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
        told = {"into": heir} | ({"undoes": undoes} if undoes else {})
        event = await write_event(company_id, theme_id, ThemeDeed.MERGED, by=by, now=now, **told)
        await write_event(
            company_id, heir, ThemeDeed.MERGED, by=by, now=now, of=event, gone=theme_id, called=gone.called
        )
        await note_down(company_id, "theme.merged", by=by, now=now, subject=theme_id, after={"into": heir})
        await tell_all(company_id)


async def unmerge(company_id: UUID, theme_id: UUID, *, by: UUID, now: datetime) -> None:
    """The theme speaks for itself again, and for those that had come into it before. Doing it twice is once.

    Raises NotFound; Refused where another theme has its name by now, and for what came back from a split.
    """
    async with transaction():
        await lock(company_id, LOCK)
        theme = await life.theme(company_id, theme_id)
        if not theme.merged:
            return
        undoes = await life.merge_of(company_id, theme_id)
        if undoes is None:
            raise Refused("themes.unmerge-never-merged")
        await part(company_id, theme, undoes=undoes, by=by, now=now)


async def part(company_id: UUID, theme: life.Theme, *, undoes: UUID, by: UUID, now: datetime) -> None:
    """undoes: the merge that this takes back. Raises Refused where another theme has its name by now."""
    if theme.named:
        await must_be_free(company_id, theme.name, but=theme.id, field="")
    into = await life.merged_into(company_id, theme.id)
    came = await life.merged_into_it(company_id, theme.id)
    await execute(
        "update theme set heir = $3 where company = $1 and id = any($2)", company_id, came, theme.id
    )
    await execute("update theme set merged_into = null where company = $1 and id = $2", company_id, theme.id)
    told = {"undoes": undoes, "into": into}
    event = await write_event(company_id, theme.id, ThemeDeed.UNMERGED, by=by, now=now, **told)
    await write_event(
        company_id, theme.heir, ThemeDeed.UNMERGED, by=by, now=now, of=event, called=theme.called
    )
    await note_down(
        company_id, "theme.unmerged", by=by, now=now, subject=theme.id, before={"into": theme.heir}
    )
    await tell_all(company_id)
