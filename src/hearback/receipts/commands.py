"""What a fan does with the receipt in hand."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from hearback.answering import erasing
from hearback.answering.rules import LONGEST_ANSWER, Quoting, ResponseState
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, execute_many, fetch_value, transaction
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.receipts import queries
from hearback.receipts.forms import HearbackForm, QuotingForm
from hearback.refusals import NotFound, Refused
from hearback.themes.commands import leave_the_map
from hearback.trust.consent import consent
from hearback.web.live import tell

WITHDRAWABLE = [ResponseState.COUNTED.value, ResponseState.HELD.value, ResponseState.SET_ASIDE.value]


async def withdraw(company_id: UUID, response_id: UUID, *, today: date) -> None:
    """It counts no more and is quoted nowhere; doing it twice changes nothing."""
    async with transaction():
        await execute(
            """update response set state = 'withdrawn', quoting = 'no', first_name = '', place = '', ended_on = $4
               where company = $1 and id = $2 and state = any($3)""",
            company_id,
            response_id,
            WITHDRAWABLE,
            today,
        )
        await leave_the_map(company_id, response_id)
        await _tell_all(company_id)


async def correct(
    company_id: UUID, response_id: UUID, words: Mapping[UUID, str], *, now: datetime, today: date
) -> None:
    """Other words take the place of the old ones, of which a salted hash stays, with the day. The team reads them anew.

    words: by answer. Raises Refused for one without words, one that is too long, and where nothing has changed.
    """
    async with transaction():
        before = {one.id: one for one in await queries.to_correct(company_id, response_id)}
        after = {id_: text for id_, text in words.items() if id_ in before and text != before[id_].words}
        if not after:
            raise Refused("receipt.nothing-corrected")
        _must_fit(after)
        await execute_many(
            """insert into words_before (id, company, response, prompt, salt, hash, "on")
               values ($1, $2, $3, $4, $5, $6, $7)""",
            [
                (hidden_id(), company_id, response_id, before[id_].prompt, *_sealed(before[id_].words), today)
                for id_ in after
            ],
        )
        await erasing.let_go_of(company_id, response_id, list(after))
        await execute_many(
            "insert into answer (id, company, response, prompt, words, part) values ($1, $2, $3, $4, $5, $6)",
            [
                (hidden_id(), company_id, response_id, before[id_].prompt, text, before[id_].part)
                for id_, text in after.items()
            ],
        )
        await execute(
            "update response set corrected_on = $3, read_by = null, read_on = null where company = $1 and id = $2",
            company_id,
            response_id,
            today,
        )
        await note_down(company_id, "answer.corrected", by=None, now=now, subject=response_id)
        await do_later("themes.read", company_id=company_id, response_id=response_id)


def _must_fit(words: Mapping[UUID, str]) -> None:
    for id_, text in words.items():
        if not text:
            raise Refused("receipt.correction-empty", field=f"w{id_.hex}")
        if len(text) > LONGEST_ANSWER:
            raise Refused("form.too-long", field=f"w{id_.hex}", most=LONGEST_ANSWER, have=len(text))


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
    """language: in which the fan read what they agree to. Raises Refused for somebody named without a name."""
    named = form.quoting is Quoting.NAMED
    if named and not form.first_name:
        raise Refused("receipt.name-missing", field="first_name")
    async with transaction():
        await execute(
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
