"""Answers that a member trusts: what comes from the same browser that day, or in the same wording, counts."""

from datetime import datetime
from uuid import UUID

from hearback.answering import recording
from hearback.database.engine import fetch_column, transaction
from hearback.web.live import tell


async def let_in(company_id: UUID, question_id: UUID, *, now: datetime) -> int:
    """Of all that waits for a look at one question; gives how many count from now on.

    What lies aside as a repeat beyond doubt stays there, and what its fan should confirm waits for its fan.
    """
    async with transaction():
        counted = await fetch_column(
            """update response r set state = 'counted'
               where r.company = $1 and r.question = $2 and r.state = 'held' and r.flag <> 'unconfirmed' and not r.test
                 and exists (
                     select from trusted s where s.company = r.company and s.question = r.question and (
                         exists (select from answer_wording mine
                                 join answer_wording theirs on theirs.company = mine.company
                                      and theirs.question = mine.question and theirs.wording = mine.wording
                                 where mine.company = r.company and mine.response = r.id
                                   and theirs.response = s.response)
                         or exists (select from answer_trace mine
                                    join answer_trace theirs on theirs.company = mine.company
                                         and theirs.question = mine.question and theirs.day = mine.day
                                         and theirs.browser = mine.browser
                                    where mine.company = r.company and mine.response = r.id
                                      and theirs.response = s.response)))
               returning r.id""",
            company_id,
            question_id,
        )
        await recording.restored(company_id, counted, now=now)
        if counted:
            await tell(company_id, "public")
            await tell(company_id, "desk")
    return len(counted)
