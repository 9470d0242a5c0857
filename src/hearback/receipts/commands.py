"""What a fan does with the receipt in hand."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from hearback.answering import erasing, recording
from hearback.answering.keeping import keep_answers
from hearback.answering.rules import Filled, Quoting, ResponseState
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, execute_many, fetch_column, fetch_value, transaction
from hearback.jobs import do_later
from hearback.moderation import commands as moderation
from hearback.people.audit import note_down
from hearback.receipts import queries
from hearback.receipts.forms import HearbackForm, QuotingForm
from hearback.receipts.rules import picks
from hearback.refusals import NotFound, Refused
from hearback.themes.commands import leave_the_map
from hearback.trust.consent import consent
from hearback.web.live import tell

WITHDRAWABLE = [ResponseState.COUNTED.value, ResponseState.HELD.value, ResponseState.SET_ASIDE.value]


async def withdraw(company_id: UUID, response_id: UUID, *, today: date) -> None:
    """It counts no more and is quoted nowhere; doing it twice changes nothing."""
    async with transaction():
        withdrawn = await fetch_column(
            """update response set state = 'withdrawn', quoting = 'no', first_name = '', place = '', ended_on = $4
               where company = $1 and id = $2 and state = any($3) returning id""",
            company_id,
            response_id,
            WITHDRAWABLE,
            today,
        )
        await recording.withdrawn(company_id, withdrawn, day=today)
        await leave_the_map(company_id, response_id)
        await _tell_all(company_id)


async def correct(
    company_id: UUID,
    response_id: UUID,
    filled: Sequence[Filled],
    *,
    closed: bool,
    now: datetime,
    today: date,
) -> None:
    """What is said now takes the place of what was. Of old words a salted hash stays, with the day; of old picks only
    the day, for whoever has the hash of one of four options has the option. The team reads the answer anew.

    filled: the whole answer. Raises Refused where nothing has changed, and for other picks once the question is
    closed: their sums are public.
    """
    async with transaction():
        stands = await queries.stands(company_id, response_id)
        there = [one.filled for one in stands]
        before = [one for one in stands if one.filled not in filled]
        after = [one for one in filled if one not in there]
        if not stands or not (before or after):
            raise Refused("receipt.nothing-corrected")
        if closed and picks(there) != picks(filled):
            raise Refused("receipt.picks-stand")
        worded = [one for one in before if one.words]
        hidden = await moderation.hidden(company_id, response_id)
        if worded:
            await erasing.let_go_of(company_id, response_id, [one.id for one in worded])
        # Only now: what goes was said before, and its traces are looked for from then on.
        await execute_many(
            """insert into words_before (id, company, response, prompt, salt, hash, "on")
               values ($1, $2, $3, $4, $5, $6, $7)""",
            [
                (hidden_id(), company_id, response_id, one.prompt, *_sealed(one.words), today)
                for one in worded
            ],
        )
        await execute(
            "delete from answer where company = $1 and id = any($2)", company_id, [one.id for one in before]
        )
        await keep_answers(company_id, [(response_id, one) for one in after])
        await moderation.hide_again(company_id, response_id, hidden)
        await execute(
            "update response set corrected_on = $3, read_by = null, read_on = null where company = $1 and id = $2",
            company_id,
            response_id,
            today,
        )
        await recording.corrected(company_id, response_id, filled, day=today)
        await note_down(company_id, "answer.corrected", by=None, now=now, subject=response_id)
        if worded or any(one.words for one in after):
            await do_later("themes.read", company_id=company_id, response_id=response_id)
        await _tell_all(company_id)


def _sealed(words: str) -> tuple[bytes, bytes]:
    """A salt of its own for each, so that nobody finds the words by trying."""
    salt = secrets.token_bytes(32)
    return salt, hashlib.sha256(b"answer/v1\0" + salt + words.encode()).digest()


async def erase(company_id: UUID, response_id: UUID, *, now: datetime, today: date) -> None:
    """Its words are gone everywhere, for good; doing it twice changes nothing."""
    async with transaction():
        there = await fetch_value(
            "select state <> 'erased' from response where company = $1 and id = $2 for update",
            company_id,
            response_id,
        )
        if not there:
            return
        await erasing.erase(company_id, [response_id], today=today)
        await note_down(company_id, "answer.erased", by=None, now=now, subject=response_id)


async def change_quoting(
    company_id: UUID, response_id: UUID, form: QuotingForm, *, language: str, today: date
) -> None:
    """language: in which the fan read what they agree to. Raises Refused for somebody named without a name, and for
    words that were withdrawn or are no longer there."""
    named = form.quoting is Quoting.NAMED
    if named and not form.first_name:
        raise Refused("receipt.name-missing", field="first_name")
    async with transaction():
        changed = await execute(
            """update response set quoting = $3, first_name = $4, place = $5, consent = $6, consent_on = $7
               where company = $1 and id = $2 and state in ('counted', 'held', 'set_aside')
                 and words_gone_on is null""",
            company_id,
            response_id,
            form.quoting.value,
            form.first_name if named else "",
            form.place if named else "",
            consent(language),
            today,
        )
        if not changed:
            raise Refused("receipt.nothing-to-quote")
        await _tell_all(company_id)


async def say_back(company_id: UUID, response_id: UUID, form: HearbackForm, *, today: date) -> None:
    """Keep the fan's word on a note; a second one replaces the first.

    Raises NotFound for a note that did not come of this response, Refused for a correction without words.
    """
    if form.verdict != "yes" and not form.words:
        raise Refused("receipt.words-missing", field="words")
    async with transaction():
        themes = [theme.id for theme in await queries.themes(company_id, response_id)]
        notes = {note.id for note in await queries.notes(company_id, response_id, themes)}
        if form.note not in notes:
            raise NotFound
        await fetch_value(
            """insert into hearback (id, company, response, note, verdict, words, "on")
               values ($1, $2, $3, $4, $5, $6, $7)
               on conflict (company, response, note) do update
               set verdict = excluded.verdict, words = excluded.words, "on" = excluded."on" """,
            hidden_id(),
            company_id,
            response_id,
            form.note,
            form.verdict.value,
            form.words,
            today,
        )
        await _tell_all(company_id)


async def _tell_all(company_id: UUID) -> None:
    """Counts and quotes on public pages change at once, and so does what the team sees."""
    await tell(company_id, "public")
    await tell(company_id, "desk")
