"""Weeks after a note: has it got better? Everyone behind it who can be reached is asked once; anyone may say it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch, fetch_one, fetch_value, transaction
from hearback.jobs import do_later
from hearback.notifying import queries
from hearback.notifying.commands import outbox
from hearback.notifying.rules import MailKind, Verdict, What, opens_again
from hearback.refusals import NotFound
from hearback.themes.commands import open_again
from hearback.web.live import tell

# Who sets mail up later does not ask about notes of long ago.
STILL_FRESH = timedelta(days=14)


class Ripe(Struct, frozen=True):
    """A note whose people are to be asked now."""

    company: UUID
    note: UUID
    signed_by: UUID


class Sums(Struct, frozen=True):
    said: int
    not_mine: int


async def ask_back(*, now: datetime) -> None:
    """By mail, for every note that has become old enough. Asking again asks only whoever came meanwhile."""
    for ripe in await fetch(
        Ripe,
        """select n.company, n.id as note, n.signed_by from note n
           join mail_setup s on s.company = n.company and s.active and s.check_back_weeks > 0
           where n.state = 'published' and n.kind <> 'holding'
             and n.published_at <= $1::timestamptz - make_interval(weeks => s.check_back_weeks)
             and n.published_at > $1::timestamptz - make_interval(weeks => s.check_back_weeks) - $2::interval
           order by n.published_at, n.id""",
        now,
        STILL_FRESH,
    ):
        async with transaction():
            for one in await queries.audience_of_note(ripe.company, ripe.note):
                if one.what == What.ANSWER:
                    await _ask(ripe, one.id, now)
            await do_later("notifying.send")


async def _ask(ripe: Ripe, follower_id: UUID, now: datetime) -> None:
    """Who has said it on the receipt already is not asked."""
    asked = await fetch_value(
        """insert into check_back (id, company, note, response, asked_on)
           select $1, company, $4, response, $5 from follower where company = $2 and id = $3
           on conflict (company, note, response) do nothing returning id""",
        hidden_id(),
        ripe.company,
        follower_id,
        ripe.note,
        now.date(),
    )
    if asked is not None:
        await outbox.put_in(
            ripe.company,
            follower_id,
            MailKind.CHECK_BACK,
            str(ripe.note),
            now=now,
            note=ripe.note,
            signed_by=ripe.signed_by,
        )


async def say_how_it_is(
    company_id: UUID, note_id: UUID, response_id: UUID, verdict: Verdict, *, today: date, now: datetime
) -> None:
    """A second word replaces the first. Raises NotFound for a note that did not come of this answer, or is too new."""
    ripe = {note.note for note in await queries.notes_to_check(company_id, response_id, now=now)}
    if note_id not in ripe:
        raise NotFound
    async with transaction():
        await execute(
            """insert into check_back (id, company, note, response, verdict, "on") values ($1, $2, $3, $4, $5, $6)
               on conflict (company, note, response) do update set verdict = excluded.verdict, "on" = excluded."on" """,
            hidden_id(),
            company_id,
            note_id,
            response_id,
            verdict.value,
            today,
        )
        await _open_again(company_id, note_id, now)
        await tell(company_id, "public")
        await tell(company_id, "desk")


async def _open_again(company_id: UUID, note_id: UUID, now: datetime) -> None:
    """So many say it is not their point that the themes of the note are not decided."""
    sums = await fetch_one(
        Sums,
        """select count(*) as said, count(*) filter (where b.verdict = 'not_mine') as not_mine from check_back b
           join response r on r.company = b.company and r.id = b.response and r.state = 'counted'
           where b.company = $1 and b.note = $2 and b.verdict is not null""",
        company_id,
        note_id,
    )
    percent = (await queries.setup(company_id)).reopen_percent
    if sums is None or not opens_again(not_mine=sums.not_mine, said=sums.said, percent=percent):
        return
    for theme in await queries.themes_of_note(company_id, note_id):
        await open_again(company_id, theme, note_id, n=sums.not_mine, now=now)
