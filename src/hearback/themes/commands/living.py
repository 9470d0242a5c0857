"""What people say of a theme: its name, what belongs to it, and that it weighs more than it is large."""

from datetime import datetime
from uuid import UUID

import msgspec

from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.refusals import Refused
from hearback.themes.commands.covering import must_not_be_covered
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.turns import learn_later
from hearback.themes.forms import NameForm, WeightForm
from hearback.themes.queries import life
from hearback.themes.rules import ThemeDeed
from hearback.web.live import tell

NOTED_DOWN = {
    ThemeDeed.NAMED: "theme.named",
    ThemeDeed.RENAMED: "theme.renamed",
    ThemeDeed.DEFINED: "theme.defined",
    ThemeDeed.SPLIT: "theme.split",
}


class NamedMeanwhile(Refused):
    """Somebody else named or defined the theme since the form was opened; `theirs` is what stands there now."""

    def __init__(self, theirs: life.Theme, who: str) -> None:
        super().__init__("themes.named-meanwhile", who=who)
        self.theirs = theirs


async def name_theme(company_id: UUID, theme_id: UUID, form: NameForm, *, by: UUID, now: datetime) -> None:
    """A suggestion with a name is a theme of people; from then on no grouping renames it.

    Raises NotFound; Refused for a name that another theme has, and for a theme that was merged; NamedMeanwhile.
    """
    async with transaction():
        await lock(company_id, LOCK)
        theme = await speaking_for_itself(company_id, theme_id)
        after, before = _said(form), _said(theme)
        if theme.named and after == before:
            return
        if form.seen is not None and form.seen != theme.version:
            raise NamedMeanwhile(theme, await life.who_did(company_id, theme.version))
        await must_be_free(company_id, form.name, but=theme_id)
        await must_not_be_covered(company_id, [theme_id], after)
        was = await life.called(company_id, theme_id)
        await execute(
            """update theme set name = $3::varchar, definition = $4, excludes = $7, state = 'named',
                      named_by = case when name = $3::varchar then coalesce(named_by, $5) else $5 end,
                      named_at = case when name = $3::varchar then coalesce(named_at, $6) else $6 end
               where company = $1 and id = $2""",
            company_id,
            theme_id,
            form.name,
            form.definition,
            by,
            now,
            form.excludes,
        )
        deed = _deed(theme, form)
        told = {**after, "terms": ", ".join(theme.terms), "was": was}
        await write_event(company_id, theme_id, deed, by=by, now=now, **told)
        await note_down(
            company_id, NOTED_DOWN[deed], by=by, now=now, subject=theme_id, before=before, after=after
        )
        await tell_all(company_id)


def _deed(theme: life.Theme, form: NameForm) -> ThemeDeed:
    if not theme.named:
        return ThemeDeed.NAMED
    return ThemeDeed.RENAMED if form.name != theme.name else ThemeDeed.DEFINED


async def create_theme(
    company_id: UUID,
    form: NameForm,
    *,
    by: UUID,
    now: datetime,
    deed: ThemeDeed = ThemeDeed.NAMED,
    **details: object,
) -> tuple[UUID, UUID]:
    """A theme of people from its first day, and the event that tells of it.

    Raises Refused for a name that another theme has.
    """
    await must_be_free(company_id, form.name)
    await must_not_be_covered(company_id, [], _said(form))
    theme_id = new_id()
    await execute(
        """insert into theme (id, company, name, definition, excludes, state, named_by, named_at, heir, created_at)
           values ($1, $2, $3, $4, $7, 'named', $5, $6, $1, $6)""",
        theme_id,
        company_id,
        form.name,
        form.definition,
        by,
        now,
        form.excludes,
    )
    told = {"name": form.name, "made": True} | details
    event = await write_event(company_id, theme_id, deed, by=by, now=now, **told)
    await note_down(company_id, NOTED_DOWN[deed], by=by, now=now, subject=theme_id, after=_said(form))
    return theme_id, event


async def weigh(company_id: UUID, theme_id: UUID, form: WeightForm, *, by: UUID, now: datetime) -> None:
    """Lift a theme above its size; the reason is public. Raises NotFound, Refused for one that was merged."""
    async with transaction():
        await lock(company_id, LOCK)
        theme = await speaking_for_itself(company_id, theme_id)
        if theme.weight_reason == form.reason:
            return
        await must_not_be_covered(company_id, [theme_id], {"reason": form.reason})
        was = await life.weight(company_id, theme_id)
        await set_weight(company_id, theme_id, life.Weight(form.reason, by, now))
        await write_event(
            company_id, theme_id, ThemeDeed.WEIGHTED, by=by, now=now, reason=form.reason, was=was
        )
        before, after = {"reason": theme.weight_reason}, {"reason": form.reason}
        await note_down(
            company_id, "theme.weighted", by=by, now=now, subject=theme_id, before=before, after=after
        )
        await tell_all(company_id)


async def unweigh(company_id: UUID, theme_id: UUID, *, by: UUID, now: datetime) -> None:
    """Raises NotFound. Doing it twice changes nothing."""
    async with transaction():
        await lock(company_id, LOCK)
        theme = await life.theme(company_id, theme_id)
        if not theme.weight_reason:
            return
        was = await life.weight(company_id, theme_id)
        await set_weight(company_id, theme_id, life.Weight("", None, None))
        await write_event(company_id, theme_id, ThemeDeed.UNWEIGHTED, by=by, now=now, was=was)
        before = {"reason": theme.weight_reason}
        await note_down(company_id, "theme.unweighted", by=by, now=now, subject=theme_id, before=before)
        await tell_all(company_id)


async def say_it_does_not_weigh(company_id: UUID, theme_id: UUID, *, by: UUID, now: datetime) -> None:
    """What lies in a suggestion now does not weigh; it is asked again only when more comes. Doing it twice, or for a
    theme with a name, changes nothing. Raises NotFound; Refused for one that was merged."""
    async with transaction():
        await lock(company_id, LOCK)
        theme = await speaking_for_itself(company_id, theme_id)
        excerpts = [] if theme.named else await life.may_weigh(company_id, theme_id)
        if not excerpts:
            return
        told = {"excerpts": excerpts, "n": len(excerpts)}
        await write_event(company_id, theme_id, ThemeDeed.NOT_WEIGHTY, by=by, now=now, **told)
        await note_down(company_id, "theme.not-weighty", by=by, now=now, subject=theme_id)
        await tell(company_id, "desk")


async def speaking_for_itself(company_id: UUID, theme_id: UUID) -> life.Theme:
    """Raises NotFound; Refused for a theme that was merged: its heir is the one to change."""
    theme = await life.theme(company_id, theme_id)
    if theme.merged:
        raise Refused("themes.is-merged")
    return theme


async def must_be_free(company_id: UUID, name: str, *, but: UUID | None = None, field: str = "name") -> None:
    """Two themes of one name cannot be told apart; merging them is what is wanted then."""
    if await life.name_taken(company_id, name, but=but):
        raise Refused("themes.name-taken", field=field, name=name)


async def write_event(
    company_id: UUID,
    theme_id: UUID | None,
    deed: ThemeDeed,
    *,
    by: UUID | None,
    now: datetime,
    **details: object,
) -> UUID:
    """by: None for what came by itself."""
    event_id = new_id()
    await execute(
        """insert into theme_event (id, company, theme, deed, member, details, at)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        event_id,
        company_id,
        theme_id,
        deed.value,
        by,
        msgspec.json.encode(details).decode(),
        now,
    )
    return event_id


async def tell_all(company_id: UUID) -> None:
    """Receipts and notes name themes and count voices, so public pages change too; and the machine learns from it."""
    await learn_later(company_id)
    await tell(company_id, "public")
    await tell(company_id, "desk")


async def set_weight(company_id: UUID, theme_id: UUID, weight: life.Weight) -> None:
    await execute(
        "update theme set weight_reason = $3, weighted_by = $4, weighted_at = $5 where company = $1 and id = $2",
        company_id,
        theme_id,
        weight.reason,
        weight.by,
        weight.at,
    )


def _said(of: life.Theme | NameForm) -> dict[str, str]:
    return {"name": of.name, "definition": of.definition, "excludes": of.excludes}
