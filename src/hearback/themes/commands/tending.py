"""What the team sets around a theme: who looks after it, whether it rests, and which questions ask about it."""

from datetime import datetime
from uuid import UUID

from hearback.asking import commands as asking
from hearback.asking.forms import QuestionForm
from hearback.asking.rules import WEEKS_TO_ANSWER, WEEKS_TO_REPLY
from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.people import queries as people
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Refused
from hearback.themes.commands.learning import LOCK
from hearback.themes.commands.living import speaking_for_itself, write_event
from hearback.themes.forms import AssignForm, RestForm
from hearback.themes.queries import life, tending
from hearback.themes.rules import ThemeDeed
from hearback.web.forms import most
from hearback.web.live import tell
from hearback.words.speaking import words_for

NOT_RESTING = tending.Rest(None, "", None, None, None)


async def assign(company_id: UUID, theme_id: UUID, form: AssignForm, *, by: UUID, now: datetime) -> None:
    """Say which member or team looks after the theme, or that nobody does. Doing it twice is once.

    Raises NotFound; Refused for who is not at this desk (any more), and for a theme that was merged.
    """
    async with transaction():
        await lock(company_id, LOCK)
        await speaking_for_itself(company_id, theme_id)
        was = (await tending.tended(company_id, theme_id)).carer
        carer, name = await _carer(company_id, form.to)
        if carer == was:
            return
        await set_assigned(company_id, theme_id, carer)
        told = {"name": name, "to": carer.to, "team": carer.team, "was": was}
        await write_event(company_id, theme_id, ThemeDeed.ASSIGNED, by=by, now=now, **told)
        await note_down(
            company_id,
            "theme.assigned",
            by=by,
            now=now,
            subject=theme_id,
            before={"to": was.to or was.team},
            after={"to": form.to},
        )
        await tell(company_id, "desk")


async def rest(company_id: UUID, theme_id: UUID, form: RestForm, *, by: UUID, now: datetime) -> None:
    """Let a theme rest, for a reason, until somebody wakes it, its day comes, or enough new people speak of it.

    Raises NotFound; Refused for a theme that was merged.
    """
    async with transaction():
        await lock(company_id, LOCK)
        await speaking_for_itself(company_id, theme_id)
        was = await tending.rest(company_id, theme_id)
        voices = await tending.voices_of(company_id, theme_id)
        wakes_at = voices + form.voices if form.voices else None
        await set_rest(company_id, theme_id, tending.Rest(now, form.why, by, form.until, wakes_at))
        told = {"reason": form.why, "until": form.until, "voices": form.voices, "was": was}
        await write_event(company_id, theme_id, ThemeDeed.RESTING, by=by, now=now, **told)
        await note_down(
            company_id, "theme.resting", by=by, now=now, subject=theme_id, after={"reason": form.why}
        )
        await tell(company_id, "desk")


async def wake(company_id: UUID, theme_id: UUID, *, by: UUID, now: datetime) -> None:
    """Raises NotFound. Doing it twice changes nothing."""
    async with transaction():
        await lock(company_id, LOCK)
        await life.theme(company_id, theme_id)
        was = await tending.rest(company_id, theme_id)
        if was is None or was.since is None:
            return
        await set_rest(company_id, theme_id, NOT_RESTING)
        await write_event(company_id, theme_id, ThemeDeed.WOKEN, by=by, now=now, was=was)
        await note_down(company_id, "theme.woken", by=by, now=now, subject=theme_id)
        await tell(company_id, "desk")


async def open_again(company_id: UUID, theme_id: UUID, note_id: UUID, *, n: int, now: datetime) -> None:
    """So many of those behind a note say that it is not their point: the theme is not decided, and rests no more.

    By itself and once a note; nothing that a member could take back.
    """
    async with transaction():
        await lock(company_id, LOCK)
        if await tending.opened_again(company_id, theme_id, note_id):
            return
        await set_rest(company_id, theme_id, NOT_RESTING)
        await write_event(company_id, theme_id, ThemeDeed.REOPENED, by=None, now=now, note=note_id, n=n)
        await tell(company_id, "desk")


async def ask_about(company_id: UUID, theme_id: UUID, question_id: UUID, *, by: UUID, now: datetime) -> None:
    """Link a question to the theme that it asks about. Doing it twice is once.

    Raises NotFound; Refused for a theme that was merged.
    """
    async with transaction():
        await lock(company_id, LOCK)
        await speaking_for_itself(company_id, theme_id)
        title = await tending.question_title(company_id, question_id)
        if await tending.linked(company_id, theme_id, question_id):
            return
        await link_question(company_id, theme_id, question_id, by=by, now=now)
        told = {"question": question_id, "name": title}
        await write_event(company_id, theme_id, ThemeDeed.ASKED, by=by, now=now, **told)
        await note_down(
            company_id, "theme.asked", by=by, now=now, subject=theme_id, after={"question": question_id}
        )
        await tell(company_id, "desk")


async def ask_anew(company: Company, theme_id: UUID, *, by: Member, now: datetime) -> UUID:
    """Begin a question about the theme; gives the draft's id. It opens only once a person has written it to the end.

    Raises NotFound; Refused for a theme that was merged.
    """
    async with transaction():
        theme, today = await speaking_for_itself(company.id, theme_id), day_in(company.timezone, now)
        language = company.languages[0]
        title = words_for(language, company.address).say("themes.ask.title", name=theme.called)
        begun = QuestionForm(
            title=title[: most(QuestionForm, "title")],
            why="",
            can_change="",
            cannot_change="",
            what_happens="",
            asked_by=by.id,
            opens_on=today,
            closes_on=today + WEEKS_TO_ANSWER,
            reply_by=today + WEEKS_TO_REPLY,
            language="en" if language == "en" else "de",
        )
        question_id = await asking.save_question(company, None, begun, [], by=by, now=now)
        await ask_about(company.id, theme_id, question_id, by=by.id, now=now)
    return question_id


async def unask(company_id: UUID, theme_id: UUID, question_id: UUID, *, by: UUID, now: datetime) -> None:
    """The question is about something else. Raises NotFound. Doing it twice changes nothing."""
    async with transaction():
        await lock(company_id, LOCK)
        await life.theme(company_id, theme_id)
        title = await tending.question_title(company_id, question_id)
        if not await unlink_question(company_id, theme_id, question_id):
            return
        told = {"question": question_id, "name": title}
        await write_event(company_id, theme_id, ThemeDeed.UNASKED, by=by, now=now, **told)
        await note_down(
            company_id, "theme.unasked", by=by, now=now, subject=theme_id, before={"question": question_id}
        )
        await tell(company_id, "desk")


async def _carer(company_id: UUID, to: UUID | None) -> tuple[tending.Carer, str]:
    """A member's or a team's name with it. Raises Refused for who is not at this desk."""
    if to is None:
        return tending.Carer(), ""
    names = {one.id: one.name for one in await people.members(company_id)}
    if to in names:
        return tending.Carer(to=to), names[to]
    team = await people.team_name(company_id, to)
    if team is None:
        raise Refused("form.not-a-choice", field="to")
    return tending.Carer(team=to), team


async def set_assigned(company_id: UUID, theme_id: UUID, carer: tending.Carer) -> None:
    await execute(
        "update theme set assigned_to = $3, assigned_team = $4 where company = $1 and id = $2",
        company_id,
        theme_id,
        carer.to,
        carer.team,
    )


async def set_rest(company_id: UUID, theme_id: UUID, to: tending.Rest) -> None:
    await execute(
        """update theme set resting_since = $3, resting_why = $4, rested_by = $5, wakes_on = $6, wakes_at = $7
           where company = $1 and id = $2""",
        company_id,
        theme_id,
        to.since,
        to.why,
        to.by,
        to.wakes_on,
        to.wakes_at,
    )


async def link_question(
    company_id: UUID, theme_id: UUID, question_id: UUID, *, by: UUID, now: datetime
) -> None:
    await execute(
        """insert into theme_question (id, company, theme, question, member, at) values ($1, $2, $3, $4, $5, $6)
           on conflict (company, theme, question) do nothing""",
        new_id(),
        company_id,
        theme_id,
        question_id,
        by,
        now,
    )


async def unlink_question(company_id: UUID, theme_id: UUID, question_id: UUID) -> bool:
    gone = await execute(
        "delete from theme_question where company = $1 and theme = $2 and question = $3",
        company_id,
        theme_id,
        question_id,
    )
    return gone > 0
