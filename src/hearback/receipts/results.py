"""How others chose, on the receipt: from the moment that the question's author set, and never before answering."""

from msgspec import Struct

from hearback.answering.results import Result, results
from hearback.answering.rules import ResponseState
from hearback.asking import queries as asking
from hearback.asking.queries import Question
from hearback.asking.rules import QuestionState, Results, state_at
from hearback.clock import now
from hearback.people.queries import Company
from hearback.receipts.public import PIECES, Piece
from hearback.receipts.queries import Receipt

GONE = {ResponseState.WITHDRAWN, ResponseState.ERASED}


class OnReceipt(Struct, frozen=True):
    question: Question
    results: list[Result]
    over: bool


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    question = await asking.question(company.id, receipt.question)
    over = state_at(QuestionState(question.state), question.closes_at, now()) is QuestionState.CLOSED
    answered = question.results == Results.ANSWERED and receipt.state not in GONE
    if question.results == Results.NEVER or not (over or answered):
        return []
    found = await results(
        company.id,
        question.id,
        await asking.prompts(company.id, question.id),
        fewest=company.fewest_voices,
    )
    return [Piece("way", "receipts/_results.html", OnReceipt(question, found, over))] if found else []


PIECES.append(on_receipt)
