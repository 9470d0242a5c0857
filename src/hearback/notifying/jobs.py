"""What the worker does so that people are told; other rooms queue these by name."""

from uuid import UUID

from hearback.clock import now
from hearback.jobs import job, on_the_clock
from hearback.notifying import commands, erasing  # noqa: F401  (erasing: registers what is forgotten)
from hearback.notifying.promising import tell_colleagues
from hearback.notifying.rules import MailKind
from hearback.settings import settings


@job("notifying.send")
async def send() -> None:
    await commands.send_due(now)


@job("notifying.note_published")
async def note_published(company_id: str, note_id: str) -> None:
    await commands.tell_of_note(UUID(company_id), UUID(note_id), MailKind.PUBLISHED, now=now())


@job("notifying.note_corrected")
async def note_corrected(company_id: str, note_id: str) -> None:
    await commands.tell_of_note(UUID(company_id), UUID(note_id), MailKind.CORRECTED, now=now())


@job("notifying.note_withdrawn")
async def note_withdrawn(company_id: str, note_id: str) -> None:
    await commands.tell_of_note(UUID(company_id), UUID(note_id), MailKind.WITHDRAWN, now=now())


@job("notifying.date_moved")
async def date_moved(company_id: str, promise_id: str, by: str) -> None:
    await commands.tell_of_promise(UUID(company_id), UUID(promise_id), MailKind.MOVED, by=UUID(by), now=now())


@job("notifying.promise_broken")
async def promise_broken(company_id: str, promise_id: str, by: str) -> None:
    await commands.tell_of_promise(
        UUID(company_id), UUID(promise_id), MailKind.BROKEN, by=UUID(by), now=now()
    )


@job("notifying.held")
async def held(company_id: str, promise_id: str) -> None:
    await commands.tell_whether_it_held(UUID(company_id), UUID(promise_id), now=now())


@job("notifying.promise_near")
async def promise_near(company_id: str, promise_id: str) -> None:
    await tell_colleagues(UUID(company_id), UUID(promise_id), MailKind.PROMISE_NEAR, now=now())


@job("notifying.promise_late")
async def promise_late(company_id: str, promise_id: str) -> None:
    await tell_colleagues(UUID(company_id), UUID(promise_id), MailKind.PROMISE_LATE, now=now())


@job("notifying.replied")
async def replied(company_id: str, reply_id: str, **_before: str) -> None:
    """_before: what a version before gave along; a job of its is still in the queue after an upgrade."""
    await commands.tell_of_reply(UUID(company_id), UUID(reply_id), now=now())


@on_the_clock("notifying.send_what_waits", "* * * * *")
async def send_what_waits() -> None:
    """Second tries, and what a worker held that died."""
    await commands.send_due(now)


@on_the_clock("notifying.digests", "40 * * * *")
async def digests() -> None:
    await commands.put_in_digests(now=now())


@on_the_clock("notifying.ask_back", "50 * * * *")
async def ask_back() -> None:
    await commands.ask_back(now=now())


@on_the_clock("notifying.take_in", "*/5 * * * *")
async def take_in() -> None:
    await commands.read_mailboxes(now, settings())


@on_the_clock("notifying.purge", "31 3 * * *")
async def purge() -> None:
    await commands.purge(today=now().date())
    await commands.let_go_of_post(now())
