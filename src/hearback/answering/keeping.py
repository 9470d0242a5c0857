"""Answers are written down: tried out by a member, from a file, and part by part for every other door."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering import recording
from hearback.answering.forms import AnswerForm
from hearback.answering.rules import Channel, Filled
from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, execute_many, fetch_column, transaction
from hearback.jobs import do_later
from hearback.people.queries import Company
from hearback.web.live import tell


async def try_out(
    company: Company, question_id: UUID, form: AnswerForm, filled: list[Filled], *, now: datetime
) -> None:
    """A member tries the draft: kept as a test, told apart everywhere, thrown away at opening."""
    async with transaction():
        response_id = hidden_id()
        await execute(
            """insert into response (id, company, question, quoting, first_name, day, test)
               values ($1, $2, $3, $4, $5, $6, true)""",
            response_id,
            company.id,
            question_id,
            form.quoting.value,
            form.first_name,
            day_in(company.timezone, now),
        )
        await keep_answers(company.id, [(response_id, one) for one in filled])


class ImportedRow(Struct, frozen=True):
    """One row of a file, checked already: the same door as an answer from the web.

    content_hash: SHA-256 of what the row says; recognises the row again where it has no id of its own. note: which one
    it is about.
    """

    external_id: str | None
    content_hash: bytes
    language: str
    day: date
    quoting: str
    first_name: str
    place: str
    answers: list[Filled]
    note: UUID | None = None


async def keep_imported(
    company_id: UUID,
    question_id: UUID,
    rows: list[ImportedRow],
    *,
    now: datetime,
    channel: Channel = Channel.FILE,
) -> int:
    """Keep the rows that are not there yet, in the caller's transaction; gives how many were new.

    Their sorting is one job for all of them.
    """
    responses = [(hidden_id(), row) for row in rows]
    new = set(
        await fetch_column(
            """insert into response (id, company, question, external_id, content_hash, channel, language, quoting,
                                     first_name, place, day, consent, note)
               select r.id, $1, $2, r.external_id, r.content_hash, $3, r.language, r.quoting, r.first_name, r.place,
                      r.day, case r.quoting when 'no' then '' else 'file' end, r.note
               from unnest($4::uuid[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::text[], $10::text[],
                           $11::date[], $12::uuid[])
                    as r (id, external_id, content_hash, language, quoting, first_name, place, day, note)
               on conflict do nothing returning id""",
            company_id,
            question_id,
            channel.value,
            [response_id for response_id, _ in responses],
            [row.external_id for _, row in responses],
            [row.content_hash for _, row in responses],
            [row.language for _, row in responses],
            [row.quoting for _, row in responses],
            [row.first_name for _, row in responses],
            [row.place for _, row in responses],
            [row.day for _, row in responses],
            [row.note for _, row in responses],
        )
    )
    await keep_answers(
        company_id,
        [(response_id, one) for response_id, row in responses if response_id in new for one in row.answers],
    )
    await recording.received(
        company_id, question_id, {id_: row.answers for id_, row in responses if id_ in new}, now=now
    )
    if new:
        await do_later("themes.sort", company_id=company_id)
        await tell(
            company_id, "public"
        )  # not only numbers: a closed question's page shows how many there are
    return len(new)


async def keep_answers(company_id: UUID, answers: list[tuple[UUID, Filled]]) -> None:
    """In the caller's transaction; each with its response."""
    await execute_many(
        """insert into answer (id, company, response, prompt, words, chosen, number, part)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        [
            (
                hidden_id(),
                company_id,
                response_id,
                one.prompt,
                one.words,
                list(one.chosen),
                one.number,
                one.part.value,
            )
            for response_id, one in answers
        ],
    )
