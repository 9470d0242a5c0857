"""What shows about an answer while it comes in. Nobody is turned away for it: at most somebody looks first."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request

from hearback.answering.confirming import to_confirm
from hearback.answering.forms import AnswerForm
from hearback.answering.giving import Door
from hearback.answering.links import link_hash
from hearback.asking.queries import Question
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.trust.integrity.form_key import started_at
from hearback.trust.integrity.proofs import read_proof
from hearback.trust.integrity.rules import Level, at_the_door
from hearback.trust.integrity.traces import salt_of, seen

LONGEST_AGENT = 300


async def look(
    request: Request[Any, Any, Any],
    company_id: UUID,
    question: Question,
    form: AnswerForm,
    *,
    network: str,
    now: datetime,
) -> Door:
    """Raises Refused for a form that is none of ours: a fresh one comes with the reply."""
    given = settings()
    started = started_at(given.secret_key, form.key)
    if started is None:
        raise Refused("answer.stale-form")
    protected = question.level == Level.PROTECTED
    proof = read_proof(given.secret_key, question.id, form.proof, now) if protected else None
    flag = at_the_door(
        trap=form.website,
        started_at=started,
        now=now,
        least=timedelta(seconds=given.least_seconds_to_answer),
        proof_missing=protected and proof is None,
    )
    asks = question.level == Level.CONFIRMED and flag is None  # a program's form bothers no mailbox
    return Door(
        seen=seen(
            await salt_of(now),
            question.id,
            network=network,
            agent=request.headers.get("user-agent", "")[:LONGEST_AGENT],
            key=form.key,
            now=now,
        ),
        flag=flag,
        proof=proof,
        link=link_hash(form.link) if question.level == Level.INVITED and form.link else None,
        confirm=await to_confirm(company_id, form.address, secret=given.secret_key, now=now)
        if asks
        else None,
    )
