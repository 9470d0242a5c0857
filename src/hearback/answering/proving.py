"""What a device is to compute before it answers a protected question; asked for when the form is sent, not before."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from hearback.asking.queries import public_question
from hearback.clock import now
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.trust.integrity.proofs import challenge
from hearback.trust.integrity.rules import Level


@get("/{company_slug:str}/ask/{question_slug:str}/proof")
async def proof(company_slug: FromPath[str], question_slug: FromPath[str]) -> Response[dict[str, Any]]:
    """A challenge of altcha's, good for five minutes and this question."""
    company = await company_by_slug(company_slug)
    question = await public_question(company.id, question_slug)
    if question.level != Level.PROTECTED:
        raise NotFound
    made = challenge(settings().secret_key, question.id, now())
    return Response(made, headers={"Cache-Control": "no-store"})


HANDLERS = [proof]
