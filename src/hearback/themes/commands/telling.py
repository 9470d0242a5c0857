"""What members tell each other: remarks on a theme, and fans' words passed on to whom they are for."""

from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.themes.commands.living import speaking_for_itself
from hearback.themes.forms import PassOnForm, RemarkForm
from hearback.themes.queries import telling
from hearback.themes.rules import mentioned
from hearback.web.live import tell


async def remark(company_id: UUID, theme_id: UUID, form: RemarkForm, *, by: Member, now: datetime) -> UUID:
    """Say something inside the house; whom it names with an @, or picks, sees it on their first page.

    Raises NotFound; Refused for somebody who is not at this desk, and for a theme that was merged.
    """
    async with transaction():
        await speaking_for_itself(company_id, theme_id)
        spoken_to = await _spoken_to(company_id, form)
        remark_id = new_id()
        await execute(
            "insert into theme_remark (id, company, theme, member, words, at) values ($1, $2, $3, $4, $5, $6)",
            remark_id,
            company_id,
            theme_id,
            by.id,
            form.words,
            now,
        )
        await execute_many(
            "insert into mention (id, company, remark, member) values ($1, $2, $3, $4)",
            [(new_id(), company_id, remark_id, member) for member in sorted(spoken_to - {by.id})],
        )
        await note_down(company_id, "theme.remarked", by=by.id, now=now, subject=theme_id)
        await tell(company_id, "desk")
    return remark_id


async def _spoken_to(company_id: UUID, form: RemarkForm) -> set[UUID]:
    """Members, all those of a team too. Raises Refused for who is not at this desk."""
    names = {one.id: one.name for one in await people.members(company_id)}
    teams = {one.id: one for one in await people.teams(company_id)}
    if form.show_to and form.show_to not in names.keys() | teams.keys():
        raise Refused("form.not-a-choice", field="show_to")
    called = mentioned(form.words, names, {team_id: team.name for team_id, team in teams.items()})
    called += [form.show_to] if form.show_to else []
    return {member for one in called for member in (teams[one].members if one in teams else [one])}


async def take_remark_back(
    company_id: UUID, theme_id: UUID, remark_id: UUID, *, by: Member, now: datetime
) -> None:
    """One's own; those who manage the desk also another's. Raises NotFound; Refused for anybody else."""
    async with transaction():
        whose = await telling.who_remarked(company_id, theme_id, remark_id)
        if whose is None:
            raise NotFound
        if whose != by.id and not by.may(Right.MANAGE):
            raise Refused("themes.remark-not-yours")
        await execute("delete from theme_remark where company = $1 and id = $2", company_id, remark_id)
        await note_down(company_id, "theme.remark-removed", by=by.id, now=now, subject=theme_id)
        await tell(company_id, "desk")


async def read_mention(company_id: UUID, mention_id: UUID, *, by: UUID, now: datetime) -> None:
    """Raises NotFound for what speaks to somebody else."""
    async with transaction():
        read = await execute(
            """update mention set read_at = coalesce(read_at, $4)
               where company = $1 and id = $2 and member = $3""",
            company_id,
            mention_id,
            by,
            now,
        )
        if not read:
            raise NotFound


async def pass_on(company_id: UUID, excerpt_id: UUID, form: PassOnForm, *, by: Member, now: datetime) -> None:
    """A fan's words go to the member they are for, with thanks. To the same member once.

    Raises NotFound for words that do not count; Refused for oneself and for somebody who is not at this desk.
    """
    async with transaction():
        if not await telling.counts(company_id, excerpt_id):
            raise NotFound
        if form.member == by.id:
            raise Refused("themes.pass-on-yourself", field="member")
        if form.member not in {one.id for one in await people.members(company_id)}:
            raise Refused("form.not-a-choice", field="member")
        passed = await execute(
            """insert into passed_on (id, company, excerpt, member, by, words, at)
               values ($1, $2, $3, $4, $5, $6, $7) on conflict (company, excerpt, member) do nothing""",
            new_id(),
            company_id,
            excerpt_id,
            form.member,
            by.id,
            form.words,
            now,
        )
        if not passed:
            raise Refused("themes.passed-on-already", field="member")
        await note_down(
            company_id, "theme.passed-on", by=by.id, now=now, subject=excerpt_id, after={"to": form.member}
        )
        await tell(company_id, "desk")


async def read_passed_on(company_id: UUID, passed_id: UUID, *, by: UUID, now: datetime) -> None:
    """Raises NotFound for what was passed on to somebody else."""
    async with transaction():
        read = await execute(
            """update passed_on set read_at = coalesce(read_at, $4)
               where company = $1 and id = $2 and member = $3""",
            company_id,
            passed_id,
            by,
            now,
        )
        if not read:
            raise NotFound
