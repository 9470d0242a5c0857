"""Leadership signs what may be answered without sign-off, and takes it back; each version stays readable."""

from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import Refused
from hearback.replying import queries
from hearback.replying.forms import MandateForm, topics_in
from hearback.replying.queries import Mandate
from hearback.replying.rules import MandateState
from hearback.web.live import tell


async def sign_mandate(company_id: UUID, form: MandateForm, *, by: Member, now: datetime) -> None:
    """A new version that holds at once. Raises Refused for whoever does not lead, and when another was signed since."""
    topics = topics_in(form)
    async with transaction():
        newest = await _newest(company_id, by)
        if form.number != (newest.number if newest else 0):
            raise Refused("mandate.signed-meanwhile")
        await _add(
            company_id,
            newest,
            MandateState.SIGNED,
            by=by,
            now=now,
            language=form.language.value,
            words=form.words,
            topics=topics,
        )
        await note_down(company_id, "mandate.signed", by=by.id, now=now, after={"topics": topics})


async def revoke_mandate(company_id: UUID, why: str, *, by: Member, now: datetime) -> None:
    """From now on nothing is covered; what went out stays covered. Raises Refused for whoever does not lead, and where
    none holds."""
    async with transaction():
        newest = await _newest(company_id, by)
        if newest is None or not newest.holds:
            raise Refused("mandate.none-holds")
        await _add(
            company_id, newest, MandateState.REVOKED, by=by, now=now, language=newest.language, why=why
        )
        await note_down(company_id, "mandate.revoked", by=by.id, now=now)


async def _newest(company_id: UUID, by: Member) -> Mandate | None:
    if not by.leads:
        raise Refused("mandate.leaders-sign")
    await lock(company_id, "mandate")
    return next(iter(await queries.mandates(company_id)), None)


async def _add(
    company_id: UUID,
    newest: Mandate | None,
    state: MandateState,
    *,
    by: Member,
    now: datetime,
    language: str,
    words: str = "",
    topics: list[str] | None = None,
    why: str = "",
) -> None:
    await execute(
        """insert into mandate (id, company, number, state, language, words, topics, why, by, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        new_id(),
        company_id,
        newest.number + 1 if newest else 1,
        state.value,
        language,
        words,
        topics or [],
        why,
        by.id,
        now,
    )
    await tell(company_id, "public")
    await tell(company_id, "desk")
