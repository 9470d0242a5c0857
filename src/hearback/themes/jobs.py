"""What the worker does for themes: new answers find their place within seconds."""

from uuid import UUID

from hearback.answering.copying import note_copies_of_read
from hearback.clock import now
from hearback.jobs import job, on_the_clock
from hearback.themes import commands


@job("themes.read")
async def read(company_id: str, response_id: str) -> None:
    await note_copies_of_read(UUID(company_id), UUID(response_id), now=now())
    await commands.read_response(UUID(company_id), UUID(response_id), now=now())


@job("themes.sort")
async def sort(company_id: str) -> None:
    await commands.sort(UUID(company_id), now=now())


@job("themes.learn")
async def learn(company_id: str, by: str | None = None) -> None:
    await commands.learn(UUID(company_id), cause="taught", by=UUID(by) if by else None, now=now())


@job("themes.read_again")
async def read_again(company_id: str) -> None:
    await commands.read_again(UUID(company_id), now=now())


@job("themes.draw")
async def draw(company_id: str, even_few: bool = False) -> None:
    await commands.draw(UUID(company_id), even_few=even_few, now=now())


@on_the_clock("themes.redraw", "23 1 * * *")
async def redraw() -> None:
    await commands.draw_what_changed()


@on_the_clock("themes.find_read_once", "* * * * *")
async def find_read_once() -> None:
    await commands.find_read_once()


@on_the_clock("themes.sweep", "* * * * *")
async def sweep() -> None:
    await commands.find_missed(now=now())
