"""Facts that mend what a remark is about: how many wrote of it, and who does what by when. Never an apology."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from hearback.actions.queries import actions_of_themes
from hearback.changenotes.owning import BLAMES_IN
from hearback.people.queries import Company
from hearback.plainspeech.rules import Category, Remark
from hearback.themes.queries import voices
from hearback.web.typed import Typed
from hearback.words.speaking import words_for

MENDS_WITH_A_NUMBER, MENDS_WITH_A_DAY = Category.MINIMISE, Category.VAGUE_PROMISE


async def facts(
    company: Company, typed: Typed, remarks: Mapping[str, list[Remark]], lang: str
) -> dict[str, dict[str, str]]:
    """For each field the sentence that could end it, by the category of its remarks; from what is ticked in the form.

    Too few voices to be counted in public are no fact; nor does a field that may blame nobody get a name.
    """
    wanted = mended(remarks)
    categories = set().union(*wanted.values())
    themes = ids_in(typed, "themes")
    told: dict[str, str] = {}
    if MENDS_WITH_A_NUMBER in categories:
        told[MENDS_WITH_A_NUMBER] = await how_many(company, themes, lang)
    if MENDS_WITH_A_DAY in categories:
        told[MENDS_WITH_A_DAY] = await _who_by_when(company, themes, ids_in(typed, "actions"), lang)
    return {
        name: {
            category: told[category]
            for category in found
            if told[category] and not (category == MENDS_WITH_A_DAY and name in BLAMES_IN)
        }
        for name, found in wanted.items()
    }


def mended(remarks: Mapping[str, Sequence[Remark]]) -> dict[str, set[Category]]:
    """For each field the categories in it that a fact can mend."""
    return {
        name: {MENDS_WITH_A_NUMBER, MENDS_WITH_A_DAY} & {one.category for one in found}
        for name, found in remarks.items()
    }


async def how_many(company: Company, themes: list[UUID], lang: str) -> str:
    many = await voices(company.id, themes)
    return (
        words_for(lang, company.address).say("plain.fact.voices", n=many)
        if many >= company.fewest_voices
        else ""
    )


async def _who_by_when(company: Company, themes: list[UUID], chosen: list[UUID], lang: str) -> str:
    """Of what is chosen and not over, the nearest day."""
    waiting = [
        one for one in await actions_of_themes(company.id, themes) if one.id in chosen and not one.ended
    ]
    if not waiting:
        return ""
    first = min(waiting, key=lambda one: one.due_on)
    words = words_for(lang, company.address, company.timezone)
    day = words.date(first.due_on)  # with its year: a note is read for years
    return words.say("plain.fact.action", who=first.owner_name, day=day, title=first.title)


def ids_in(typed: Typed, name: str) -> list[UUID]:
    """What is no id is nobody's."""
    found = []
    for text in typed.get(name, []):
        with suppress(ValueError):
            found.append(UUID(text))
    return found
