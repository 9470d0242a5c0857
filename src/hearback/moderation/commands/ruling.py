"""The company writes its rules. A number is never given twice: reasons name it, also years later."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, lock, transaction
from hearback.moderation.house import all_rules
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Faulty, Refused
from hearback.web.live import tell

MOST_RULES = 40


class Texts(Struct, frozen=True):
    """A rule in both languages; empty in one, it is told in the other. gone: it should hold no more."""

    de: str
    en: str
    gone: bool = False


async def write_rules(
    company: Company, texts: dict[int, Texts], *, by: Member, now: datetime, today: date
) -> None:
    """texts: by number; a new rule has the next one. Raises Faulty for a rule without words, and where none is left."""
    async with transaction():
        await lock(company.id, "rules")
        before = {rule.number: rule for rule in await all_rules(company)}
        after = {n: Texts(rule.de, rule.en, rule.gone_on is not None) for n, rule in before.items()} | texts
        _must_hold(after, newest=max(before, default=0))
        for number, text in sorted(after.items()):
            await execute(
                """insert into house_rule (id, company, number, de, en, gone_on) values ($1, $2, $3, $4, $5, $6)
                   on conflict (company, number) do update set de = excluded.de, en = excluded.en,
                       gone_on = case when excluded.gone_on is null then null
                                      else coalesce(house_rule.gone_on, excluded.gone_on) end""",
                new_id(),
                company.id,
                number,
                text.de,
                text.en,
                today if text.gone else None,
            )
        await note_down(
            company.id,
            "company.rules-written",
            by=by.id,
            now=now,
            before={str(n): [rule.de, rule.en] for n, rule in before.items()},
            after={str(n): [text.de, text.en] for n, text in after.items()},
        )
        await tell(company.id, "public")


def _must_hold(texts: Mapping[int, Texts], *, newest: int) -> None:
    """newest: the highest number so far. Raises Faulty with every fault."""
    faults = [
        Refused("moderation.rule-empty", field=f"de{number}", number=number)
        for number, text in texts.items()
        if not (text.de or text.en)
    ]
    if all(text.gone for text in texts.values()):
        faults.append(Refused("moderation.no-rule-left"))
    if max(texts) > min(newest + 1, MOST_RULES):
        faults.append(Refused("moderation.no-such-rule"))
    if faults:
        raise Faulty(faults)
