"""What waits for a person, the hottest and oldest first; several at once; and the company's rules."""

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from hearback.clock import day_in, now
from hearback.moderation import commands, queries
from hearback.moderation.commands.ruling import MOST_RULES, Texts
from hearback.moderation.forms import AsideForm, ManyForm
from hearback.moderation.house import all_rules, drafts, house_rules
from hearback.moderation.queries import Held, Unread
from hearback.moderation.rules import Heat, heat, insults_or_threatens, may_look_again, urgency
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Faulty, Refused
from hearback.trust.covering import Heard
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed

A_PAGE = 50
MOST_SORTED = 400
DONE = ("handed-over", "set-aside", "let-stand")
RULE_FIELD = re.compile(r"(de|en|gone)([1-9]\d?)")
LONGEST_RULE = 600


class Waiting(Struct, frozen=True):
    """One answer of the queue. days: how long it waits; mine: somebody else has to decide, for I did the first time."""

    held: Held
    heat: Heat
    days: int
    mine: bool

    @property
    def place(self) -> int:
        return urgency(self.heat.degrees, self.days, asked=self.held.asked)


@get("/moderation", may=Right.MODERATE)
async def queue(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _queue(request, desk)


@post("/moderation/deeds", may=Right.MODERATE)
async def many(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """All that is ticked: let stand, or set aside with one reason and one rule."""
    typed = await read_typed(request)
    try:
        form = read_form(ManyForm, typed)
        if not form.response:
            raise Refused("moderation.nothing-ticked", field="response")
        if form.deed == "let_stand":
            n = await commands.let_stand(desk.company, form.response, by=desk.member, now=now())
        else:
            why = read_form(
                AsideForm, {name: typed[name] for name in ("reason", "rule", "heard_as") if name in typed}
            )
            n = await commands.set_aside_many(desk.company, form.response, why, by=desk.member, now=now())
    except Refused as refusal:
        return await _queue(request, desk, typed, refusal)
    done = "let-stand" if form.deed == "let_stand" else "set-aside"
    return Redirect(f"/desk/{desk.company.slug}/moderation?done={done}&n={n}", status_code=303)


@get("/moderation/rules", may=Right.MODERATE)
async def rules(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _rules(request, desk)


@post("/moderation/rules", may=Right.MANAGE)
async def write_rules(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        today = day_in(desk.company.timezone, now())
        await commands.write_rules(desk.company, _texts(typed), by=desk.member, now=now(), today=today)
    except Refused as refusal:
        return await _rules(request, desk, typed, refusal)
    return Redirect(f"/desk/{desk.company.slug}/moderation/rules", status_code=303)


async def _queue(
    request: Request[Any, Any, Any], desk: Desk, typed: Typed | None = None, refusal: Refused | None = None
) -> Response[str]:
    company_id = desk.company.id
    unread = await queries.unread_words(company_id)
    hot = await asyncio.to_thread(_hot, unread)
    found = await queries.waiting(company_id, hot, most=MOST_SORTED)
    today = day_in(desk.company.timezone, now())
    waiting = await asyncio.to_thread(_in_order, found, today, desk.member.id)
    done = request.query_params.get("done", "")
    number = request.query_params.get("n", "")
    return show(
        request,
        "moderation/queue",
        422 if refusal else 200,
        waiting=waiting[:A_PAGE],
        more=len(waiting) - A_PAGE,
        looked_through=queries.MOST_LOOKED_THROUGH if len(unread) == queries.MOST_LOOKED_THROUGH else 0,
        rules=await house_rules(desk.company),
        classes=list(Heard),
        moderators=await queries.moderators(company_id),
        done=done if done in DONE else "",
        n=int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0,
        typed=typed or {},
        refusal=refusal,
    )


def _hot(unread: Sequence[Unread]) -> list[UUID]:
    return [one.response for one in unread if insults_or_threatens(one.words)]


def _in_order(found: Sequence[Held], today: date, me: UUID) -> list[Waiting]:
    """What I handed over, or have to leave to somebody else, stands last."""
    waiting = [
        Waiting(
            held,
            heat(held.words, held.flag if held.state == "held" else ""),
            (today - held.day).days,
            held.handed_over_by == me or (held.asked and not may_look_again(me, held.deciders)),
        )
        for held in found
    ]
    return sorted(waiting, key=lambda one: (one.mine, -one.place, one.held.day, one.held.id))


async def _rules(
    request: Request[Any, Any, Any], desk: Desk, typed: Typed | None = None, refusal: Refused | None = None
) -> Response[str]:
    written = await all_rules(desk.company)
    return show(
        request,
        "moderation/house_rules",
        422 if refusal else 200,
        rules=written,
        next_number=max(rule.number for rule in written) + 1,
        most_rules=MOST_RULES,
        longest=LONGEST_RULE,
        are_drafts=written == drafts(desk.company),
        typed=typed or {},
        refusal=refusal,
    )


def _texts(typed: Typed) -> dict[int, Texts]:
    """The fields `de1`, `en1`, `gone1` and so on. A new rule that nobody wrote anything for is none."""
    fields = {name: RULE_FIELD.fullmatch(name) for name in typed if name not in ("_csrf", "new")}
    faults = [Refused("form.unknown-field", name=name[:60]) for name, known in fields.items() if not known]
    faults += [
        Refused("form.too-long", field=name, most=LONGEST_RULE, have=len(one(typed, name)))
        for name in fields
        if len(one(typed, name)) > LONGEST_RULE
    ]
    if faults:
        raise Faulty(faults)
    texts = {
        number: Texts(
            one(typed, f"de{number}").strip(),
            one(typed, f"en{number}").strip(),
            bool(one(typed, f"gone{number}")),
        )
        for number in sorted({int(known[2]) for known in fields.values() if known})
    }
    return {n: text for n, text in texts.items() if text.de or text.en or str(n) != one(typed, "new")}


HANDLERS = [queue, many, rules, write_rules]
