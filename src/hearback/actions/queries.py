"""Actions with who has them, by when, and for which themes."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, structs

from hearback.actions.rules import ENDED, ActionState
from hearback.database.engine import fetch, fetch_column, fetch_value
from hearback.people.queries import Face
from hearback.refusals import NotFound


class ForTheme(Struct, frozen=True):
    """A theme an action is for; a merged one shows as the theme that speaks for it.

    name: as a person named it; while it is only suggested its terms, where it can in the reader's language.
    """

    id: UUID
    name: str
    named: bool


class Action(Struct, frozen=True):
    """notes: public notes that tell of it."""

    id: UUID
    title: str
    why: str
    state: str
    due_on: date
    decline_reason: str
    tracker_url: str
    owner_id: UUID
    owner_name: str
    owner_title: str
    owner_face: str | None
    company_slug: str
    notes: int
    themes: tuple[ForTheme, ...] = ()

    @property
    def owner(self) -> Face:
        return Face(self.owner_id, self.owner_name, self.owner_title, self.owner_face, self.company_slug)

    @property
    def ended(self) -> bool:
        return ActionState(self.state) in ENDED

    @property
    def untold(self) -> bool:
        """Done, and nobody outside has heard of it."""
        return self.state == ActionState.DONE and self.notes == 0


class Step(Struct, frozen=True):
    state: str
    at: datetime
    by: str


async def actions(company_id: UUID, *, reader: str = "") -> list[Action]:
    """What is under way first, then planned, considered, done and declined; within that the nearest day first."""
    return await _actions(company_id, ids=None, themes=None, reader=reader)


async def action(company_id: UUID, action_id: UUID, *, reader: str = "") -> Action:
    """Raises NotFound, for another company's action too."""
    found = await _actions(company_id, ids=[action_id], themes=None, reader=reader)
    if not found:
        raise NotFound
    return found[0]


async def actions_of_themes(company_id: UUID, theme_ids: list[UUID]) -> list[Action]:
    """For any of these themes, or for one that was merged into them; in the order of `actions`."""
    return await _actions(company_id, ids=None, themes=theme_ids, reader="")


async def done_actions(company_id: UUID, action_ids: list[UUID]) -> int:
    """How many of these are done."""
    count: int = await fetch_value(
        "select count(*) from action where company = $1 and id = any($2) and state = 'done'",
        company_id,
        action_ids,
    )
    return count


async def past_their_day(company_id: UUID, action_ids: list[UUID], *, today: date) -> list[str]:
    """Titles of those that a public note would promise for a day that has passed."""
    return await fetch_column(
        """select x.title from action x
           where x.company = $1 and x.id = any($2) and x.state in ('planned', 'in_progress') and x.due_on < $3
             and not exists (select from promise p where p.company = x.company and p.action = x.id
                             and p.kept_on is null and p.broken_on is null)
           order by x.due_on, x.id""",
        company_id,
        action_ids,
        today,
    )


async def steps(company_id: UUID, action_id: UUID) -> list[Step]:
    """Each state it was in, the first one first."""
    return await fetch(
        Step,
        """select s.state, s.at, m.name as by from action_step s
           join member m on m.company = s.company and m.id = s.by
           where s.company = $1 and s.action = $2 order by s.at, s.id""",
        company_id,
        action_id,
    )


async def _actions(
    company_id: UUID, *, ids: list[UUID] | None, themes: list[UUID] | None, reader: str
) -> list[Action]:
    """None: whichever. Two queries, however many actions there are."""
    found = await fetch(
        Action,
        """select a.id, a.title, a.why, a.state, a.due_on, a.decline_reason, a.tracker_url, m.id as owner_id,
                  m.name as owner_name, m.role_title as owner_title, m.face_digest as owner_face,
                  c.slug as company_slug,
                  (select count(*) from note_action l join note n on n.company = l.company and n.id = l.note
                   where l.company = a.company and l.action = a.id and n.state = 'published') as notes
           from action a
           join member m on m.company = a.company and m.id = a.owner
           join company c on c.id = a.company
           where a.company = $1 and ($2::uuid[] is null or a.id = any($2))
             and ($3::uuid[] is null or exists (
                 select from action_theme l join theme t on t.company = l.company and t.id = l.theme
                 where l.company = a.company and l.action = a.id and t.heir = any($3)))
           order by array_position(array['in_progress', 'planned', 'considering', 'done', 'declined'], a.state::text),
                    a.due_on, a.id""",
        company_id,
        ids,
        themes,
    )
    links = await fetch(
        _Link,
        """select distinct l.action, h.id, theme_called(h.name, h.terms, h.terms_in, $3) as name,
                  h.state = 'named' as named
           from action_theme l
           join theme t on t.company = l.company and t.id = l.theme
           join theme h on h.company = t.company and h.id = t.heir
           where l.company = $1 and l.action = any($2) order by name, h.id""",
        company_id,
        [one.id for one in found],
        reader,
    )
    of_action: dict[UUID, list[ForTheme]] = {}
    for link in links:
        of_action.setdefault(link.action, []).append(ForTheme(link.id, link.name, link.named))
    return [structs.replace(one, themes=tuple(of_action.get(one.id, []))) for one in found]


class _Link(Struct, frozen=True):
    action: UUID
    id: UUID
    name: str
    named: bool
