"""What waits for a person, the hottest and oldest first; several at once; and the company's rules."""

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from hearback.clock import day_in, now
from hearback.moderation import commands, queries
from hearback.moderation.commands.ruling import MOST_RULES, Texts
from hearback.moderation.forms import AsideForm, ManyForm
from hearback.moderation.house import all_rules, drafts, house_rules
from hearback.moderation.queries import Held
from hearback.moderation.rules import Heat, heat
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Faulty, Refused
from hearback.trust.covering import Heard
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed

A_PAGE = 50
DONE = ("handed-over", "set-aside", "let-stand")
RULE_FIELD = re.compile(r"(de|en|gone)([1-9]\d?)")
LONGEST_RULE = 600


class Waiting(Struct, frozen=True):
    """One answer of the queue. days: how long it waits."""

    held: Held
    heat: Heat
    days: int


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
    today = day_in(desk.company.timezone, now())
    found = await queries.waiting(desk.company.id, me=desk.member.id, today=today, most=A_PAGE)
    waiting = await asyncio.to_thread(_with_heat, found, today)
    done = request.query_params.get("done", "")
    number = request.query_params.get("n", "")
    return show(
        request,
        "moderation/queue",
        422 if refusal else 200,
        waiting=waiting,
        more=await queries.how_much_waits(desk.company.id) - len(found),
        rules=await house_rules(desk.company),
        classes=list(Heard),
        moderators=await queries.moderators(desk.company.id),
        done=done if done in DONE else "",
        n=int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0,
        typed=typed or {},
        refusal=refusal,
    )


def _with_heat(found: Sequence[Held], today: date) -> list[Waiting]:
    """Why each runs hot is read from its words, for those of one page only."""
    return [
        Waiting(held, heat(held.words, held.flag if held.state == "held" else ""), (today - held.day).days)
        for held in found
    ]


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
