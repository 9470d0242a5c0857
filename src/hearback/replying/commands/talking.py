"""The fan goes on talking, and the desk hears it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_one, lock, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import NotFound, Refused
from hearback.replying import queries
from hearback.replying.forms import BackForm
from hearback.replying.queries import Reply, WordBack
from hearback.replying.rules import MOST_WORDS_BACK
from hearback.web.live import tell


async def say_back(
    company_id: UUID, response_id: UUID, told: Sequence[Reply], form: BackForm, *, today: date
) -> None:
    """told: the replies on its receipt. Saying it again changes how it was taken; words are added, the same ones once.

    Raises NotFound for a reply that is not on it; Refused when nothing is said, or enough has been.
    """
    if form.reply not in {reply.id for reply in told}:
        raise NotFound
    if not form.words and form.heard is None and form.answered is None:
        raise Refused("reply.say-something", field="heard")
    async with transaction():
        await lock(company_id, f"talk/{response_id}")
        if form.heard or form.answered:
            await _take_down(company_id, response_id, form, today=today)
        if form.words:
            await _add_words(company_id, response_id, form, today=today)
        await tell(company_id, "desk")


async def settle(company_id: UUID, word_back_id: UUID, *, by: Member, now: datetime, today: date) -> WordBack:
    """It needs no reply, a thank-you for instance. Raises NotFound."""
    async with transaction():
        word = await queries.word_back(company_id, word_back_id)
        if await execute(
            """update word_back set settled_by = $3, settled_on = $4
               where company = $1 and id = $2 and settled_on is null""",
            company_id,
            word_back_id,
            by.id,
            today,
        ):
            await note_down(company_id, "reply.word-settled", by=by.id, now=now, subject=word_back_id)
            await tell(company_id, "desk")
    return word


async def open_personal_data(company_id: UUID, word_back_id: UUID, *, by: Member, now: datetime) -> WordBack:
    """Somebody reads it unmasked, which is written down. Raises NotFound."""
    async with transaction():
        word = await queries.word_back(company_id, word_back_id)
        await note_down(company_id, "reply.personal-data-opened", by=by.id, now=now, subject=word_back_id)
    return word


async def _take_down(company_id: UUID, response_id: UUID, form: BackForm, *, today: date) -> None:
    await execute(
        """insert into reply_voice (id, company, reply, response, heard, answered, "on")
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (company, reply, response) do update set
               heard = coalesce(nullif(excluded.heard, ''), reply_voice.heard),
               answered = coalesce(nullif(excluded.answered, ''), reply_voice.answered), "on" = excluded."on\"""",
        hidden_id(),
        company_id,
        form.reply,
        response_id,
        form.heard.value if form.heard else "",
        form.answered.value if form.answered else "",
        today,
    )


async def _add_words(company_id: UUID, response_id: UUID, form: BackForm, *, today: date) -> None:
    last = await fetch_one(
        WordBack,
        """select id, reply, response, nth, words, "on", settled_on is not null as settled from word_back
           where company = $1 and reply = $2 and response = $3 order by nth desc limit 1""",
        company_id,
        form.reply,
        response_id,
    )
    if last and last.words == form.words:  # the same press twice
        return
    if last and last.nth >= MOST_WORDS_BACK:
        raise Refused("reply.enough-words", field="words", most=MOST_WORDS_BACK)
    await execute(
        """insert into word_back (id, company, reply, response, nth, words, "on")
           values ($1, $2, $3, $4, $5, $6, $7)""",
        hidden_id(),
        company_id,
        form.reply,
        response_id,
        last.nth + 1 if last else 1,
        form.words,
        today,
    )
