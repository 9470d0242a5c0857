"""The days that a note names become promises that time watches."""

from collections.abc import Mapping
from datetime import date, datetime

from hearback.changenotes.queries import Draft
from hearback.people.queries import Company, Member
from hearback.promises.commands import make_promise
from hearback.promises.rules import PromiseKind
from hearback.words.speaking import words_for


async def promise_days(
    company: Company,
    note: Draft,
    title: str,
    days: Mapping[str, tuple[PromiseKind, date]],
    *,
    by: Member,
    now: datetime,
) -> None:
    """days: by field, as promised_days gives them."""
    speak = words_for(note.language, company.address, company.timezone)
    for name, (promised, day) in days.items():
        await make_promise(
            company.id,
            promised,
            speak.say(f"note.promise.{name}", title=title),
            day,
            language=note.language,
            by=by.id,
            now=now,
            owner=note.signer.id,
            note=note.id,
        )
