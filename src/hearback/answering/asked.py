"""Everything that the page of a question needs, kept until it would be another page."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from hearback.answering import queries
from hearback.answering.queries import Sums
from hearback.answering.results import Result, results
from hearback.asking import queries as asking
from hearback.asking.queries import Prompt, Question
from hearback.asking.rules import Now, QuestionState, Results, what_a_fan_finds
from hearback.clock import day_in, midnight_after, now
from hearback.people.queries import Company, Face, company_by_slug
from hearback.promises.replies import Reply, reply
from hearback.web.remembering import Memory


class Asked(Struct, frozen=True):
    """Everything the page needs, and the moment from which it would be another page.

    others: what can be answered, where this cannot; sums: once it is closed, and where the number of answers is
    limited; results: once it is closed.
    """

    company: Company
    question: Question
    prompts: list[Prompt]
    readers: list[Face]
    reply: Reply
    now: Now
    others: list[Question]
    sums: Sums | None
    results: list[Result]
    today: date
    until: datetime


ASKED: Memory[Asked] = Memory()
FILLS_UP = timedelta(seconds=10)  # so long a page may show a form that is full by now


async def asked_at(company_slug: str, question_slug: str) -> Asked:
    """Raises NotFound, for a draft too."""

    async def make() -> tuple[Asked, str, datetime | None]:
        company = await company_by_slug(company_slug)
        question = await asking.public_question(company.id, question_slug)
        return await asked_of(company, question)

    asked, _ = await ASKED.get_or_make(f"{company_slug}/{question_slug}", make)
    return asked


async def asked_of(company: Company, question: Question) -> tuple[Asked, str, datetime]:
    at = now()
    found = what_a_fan_finds(QuestionState(question.state), question.opens_at, question.closes_at, at)
    told = await reply(company.id, question.id, at)
    turn = {Now.NOT_YET: question.opens_at, Now.OPEN: question.closes_at, Now.CLOSED: None}[found]
    sums = await queries.sums(company.id, question.id) if found is Now.CLOSED or question.most else None
    if found is Now.OPEN and question.most and sums:
        turn = at + FILLS_UP
        found = Now.FULL if sums.counted >= question.most else found
    others, next_turn = [], None
    if found is not Now.OPEN:
        others = await asking.open_questions(company.id, at)
        next_turn = await asking.next_turn(company.id, at)
    # At midnight a promised day has passed, and when another question closes it is one of the last three.
    turns = (turn, next_turn, told.next_closing, midnight_after(company.timezone, at))
    prompts = await asking.prompts(company.id, question.id)
    told_how = found is Now.CLOSED and question.results != Results.NEVER
    asked = Asked(
        company=company,
        question=question,
        prompts=prompts,
        readers=await queries.readers(company.id),
        reply=told,
        now=found,
        others=[other for other in others if other.id != question.id],
        sums=sums,
        results=await results(company.id, question.id, prompts, fewest=company.fewest_voices)
        if told_how
        else [],
        today=day_in(company.timezone, at),
        until=min(one for one in turns if one is not None),
    )
    return asked, str(company.id), asked.until
