"""What members changed, newest first, in plain words."""

import re
from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.people import queries
from hearback.people.access import AtDesk
from hearback.people.queries import AuditEntry
from hearback.people.rules import Right
from hearback.web.pages import show
from hearback.words.speaking import Words

A_PAGE = 50
MONTH = len("2026-12")
IN_NUMBERS = re.compile(r"\d{4}-\d\d(-\d\d)?")


class Detail(Struct, frozen=True):
    """One value that changed; None: was not there, or is too long to show."""

    label: str
    before: str | None
    after: str | None


@get("/people/audit", may=Right.MANAGE)
async def changes(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    entries = await queries.audit(
        desk.company.id, before=_id(request.query_params.get("before", "")), limit=A_PAGE + 1
    )
    shown = entries[:A_PAGE]
    return show(
        request,
        "people/audit",
        entries=[(entry, details(entry, desk.words)) for entry in shown],
        older=f"?before={shown[-1].id}" if len(entries) > A_PAGE else None,
    )


def details(entry: AuditEntry, words: Words) -> list[Detail]:
    before, after = entry.before or {}, entry.after or {}
    return [
        Detail(_label(name, words), _value(before.get(name), words), _value(after.get(name), words))
        for name in dict.fromkeys([*before, *after])
        if not (_is_id(before.get(name)) or _is_id(after.get(name)))
    ]


def _is_id(value: object) -> bool:
    """A number that only the program can read tells nobody what changed; nor do several."""
    if isinstance(value, list):
        return bool(value) and all(_is_id(one) for one in value)
    return isinstance(value, str) and _id(value) is not None


def _label(name: str, words: Words) -> str:
    key = f"audit.field.{name}"
    return words.say(key) if words.has(key) else name.replace("_", " ")


def _value(value: object, words: Words) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return words.say("audit.yes") if value else words.say("audit.no")
    if isinstance(value, list):
        return ", ".join(_value(item, words) or "" for item in value)
    for prefix in ("role", "language", "action.state", "kind", "heard", "audit.field"):
        if words.has(f"{prefix}.{value}"):
            return words.say(f"{prefix}.{value}")
    if isinstance(value, str) and (day := _day(value)):
        return words.month(day) if len(value) == MONTH else words.date(day)
    return str(words.shown(value))


def _day(text: str) -> date | None:
    """The day, or the first of the month, that an entry tells as 2026-12-13 or 2026-12."""
    if not IN_NUMBERS.fullmatch(text):
        return None
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == MONTH else text)
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    """From the newest on, when an address holds something else."""
    try:
        return UUID(text)
    except ValueError:
        return None


HANDLERS = [changes]
