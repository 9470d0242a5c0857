"""Bring in what was said elsewhere, through the same door as an answer from the web."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering.keeping import ImportedRow, keep_imported
from hearback.asking.rules import PromptKind, QuestionState
from hearback.clock import day_in
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.listening import queries
from hearback.listening.reading import Sheet
from hearback.listening.rows import Asked, Frame, Row, told_apart
from hearback.listening.rules import MOST_REASONS, Column, ColumnTwice, NoSuchColumn, match_columns
from hearback.people.audit import note_down
from hearback.refusals import Faulty, Refused


class Imported(Struct, frozen=True):
    """rows: with an answer in them; new: kept now; empty: without any answer; unused: columns we did not read."""

    rows: int
    new: int
    empty: int
    unused: Sequence[str]


async def import_sheet(
    company_id: UUID,
    slug: str,
    sheet: Sheet,
    *,
    named: Mapping[str, str],
    file_name: str,
    by: UUID | None,
    now: datetime,
) -> Imported:
    """All rows or none; rows that are there already change nothing.

    named: meaning → column, see match_columns. by: None for the command line.
    Raises NotFound (also for another company's question); Faulty with up to MOST_REASONS reasons.
    """
    question = await queries.question_to_fill(company_id, slug)
    if question.state == QuestionState.DRAFT:
        raise Refused("import.still-a-draft", title=question.title)
    prompts = await queries.prompts_to_fill(company_id, question.id)
    frame = _frame(sheet, prompts, named, question, now)
    rows, empty = _understood(sheet, frame)
    async with transaction():
        new = await keep_imported(company_id, question.id, rows, now=now)
        await _write_down(company_id, question.id, file_name, len(rows), new, now)
        if new:
            await note_down(
                company_id,
                "answers.imported",
                by=by,
                now=now,
                subject=question.id,
                after={"rows": len(rows), "new": new},
            )
    return Imported(len(rows), new, empty, frame.columns.unused)


def _frame(
    sheet: Sheet, prompts: Sequence[Asked], named: Mapping[str, str], question: queries.Filled, now: datetime
) -> Frame:
    try:
        columns = match_columns(sheet.columns, [prompt.words for prompt in prompts], named)
    except ColumnTwice as error:
        raise Refused("import.column-twice", column=error.args[0]) from error
    except NoSuchColumn as error:
        raise Refused(
            "import.no-such-column", column=error.args[0], columns=" | ".join(sheet.columns)[:500]
        ) from error
    if Column.TEXT in columns.known and PromptKind.OPEN not in [prompt.kind for prompt in prompts]:
        raise Refused("import.no-open-prompt", title=question.title)
    if Column.TEXT not in columns.known and not columns.prompts:
        raise Refused("import.no-answers-column", columns=" | ".join(sheet.columns)[:500])
    return Frame(
        columns=columns,
        header=sheet.columns,
        prompts=prompts,
        language=question.language,
        timezone=question.timezone,
        today=day_in(question.timezone, now),
    )


def _understood(sheet: Sheet, frame: Frame) -> tuple[list[ImportedRow], int]:
    """Every row as an answer, and how many hold none; Faulty when any row does not fit."""
    reasons: list[Refused] = []
    rows: list[ImportedRow] = []
    ids: set[str] = set()
    for number, cells in sheet.rows:
        reading = Row(frame, number, cells)
        row = reading.answer()
        reasons += reading.reasons
        if len(reasons) >= MOST_REASONS:
            break
        if row is None:
            continue
        if row.external_id in ids:
            column = frame.header[frame.columns.known[Column.ID]]
            reasons.append(Refused("import.id-twice", row=number, column=column, id=row.external_id))
        elif row.external_id:
            ids.add(row.external_id)
        rows.append(row)
    if reasons:
        raise Faulty(reasons[:MOST_REASONS])
    if not rows:
        raise Refused("import.no-answers")
    return told_apart(rows), len(sheet.rows) - len(rows)


async def _write_down(
    company_id: UUID, question_id: UUID, file_name: str, rows: int, new: int, now: datetime
) -> None:
    await execute(
        """insert into import_run (id, company, question, file_name, rows, new, at)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        new_id(),
        company_id,
        question_id,
        file_name[-200:],
        rows,
        new,
        now,
    )
