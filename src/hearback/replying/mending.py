"""Facts that mend what a remark in a reply is about: how many wrote of its theme, and who sees to its step by when."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from uuid import UUID

from hearback.changenotes.mending import MENDS_WITH_A_DAY, MENDS_WITH_A_NUMBER, how_many, ids_in, mended
from hearback.people import queries as people
from hearback.people.queries import Company
from hearback.people.rules import Language
from hearback.plainspeech.rules import Remark
from hearback.refusals import NotFound
from hearback.replying.rules import StepKind
from hearback.web.typed import Typed, one
from hearback.words.speaking import words_for


async def facts(
    company: Company,
    themes: Sequence[UUID],
    typed: Typed,
    remarks: Mapping[str, Sequence[Remark]],
    *,
    today: date,
) -> dict[str, dict[str, str]]:
    """For each field the sentence that could end it, by the category of its remarks; from what stands in the form.

    themes: to which it replies in public; too few voices to be counted are no fact.
    """
    wanted, lang = mended(remarks), one(typed, "language")
    if lang not in list(Language):
        return {}
    categories = set().union(*wanted.values())
    told: dict[str, str] = {}
    if MENDS_WITH_A_NUMBER in categories:
        told[MENDS_WITH_A_NUMBER] = await how_many(company, list(themes), lang)
    if MENDS_WITH_A_DAY in categories:
        told[MENDS_WITH_A_DAY] = await _who_by_when(company, typed, lang, today=today)
    return {
        name: {category: told[category] for category in found if told[category]}
        for name, found in wanted.items()
    }


async def _who_by_when(company: Company, typed: Typed, lang: str, *, today: date) -> str:
    """Of a step that the house does: who is chosen for it and still here, and a day to come."""
    with suppress(ValueError, NotFound):
        day = date.fromisoformat(one(typed, "next_by"))
        for owner_id in ids_in(typed, "next_owner")[:1]:
            owner = await people.member(company.id, owner_id)
            if one(typed, "step", StepKind.DOES) == StepKind.DOES and owner.active and day >= today:
                speak = words_for(lang, company.address, company.timezone)
                return speak.say("plain.fact.step", who=owner.name, day=speak.date(day))
    return ""
