"""The company's own rules, by which its members decide; drafts in both languages until it writes its own."""

from hearback.moderation import queries
from hearback.moderation.queries import Rule
from hearback.people.queries import Company
from hearback.refusals import Refused
from hearback.words.speaking import words_for

DRAFTS = 7


async def house_rules(company: Company) -> list[Rule]:
    """Those that hold, by number."""
    return [rule for rule in await all_rules(company) if rule.gone_on is None]


async def all_rules(company: Company) -> list[Rule]:
    """Also those that hold no more: reasons from before still name them."""
    return await queries.rules(company.id) or drafts(company)


def drafts(company: Company) -> list[Rule]:
    german, english = (words_for(lang, company.address, company.timezone) for lang in ("de", "en"))
    return [
        Rule(number, german.say(f"rule.draft.{number}"), english.say(f"rule.draft.{number}"))
        for number in range(1, DRAFTS + 1)
    ]


async def must_be_rule(company: Company, number: int) -> None:
    """Raises Refused for a number that none of the company's rules has."""
    if all(rule.number != number for rule in await house_rules(company)):
        raise Refused("moderation.no-such-rule", field="rule")
