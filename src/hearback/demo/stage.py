"""What the story of one company has reached so far: its people, and its themes, actions and notes by their key."""

from uuid import UUID

from hearback.database.engine import fetch_value
from hearback.demo.cast import Cast
from hearback.demo.story import CompanyTold
from hearback.refusals import NotFound


class Stage:
    """One company's story as it goes on."""

    def __init__(self, cast: Cast, told: CompanyTold) -> None:
        self.cast, self.told, self.company = cast, told, cast.company
        self.themes: dict[str, UUID] = {}
        self.actions: dict[str, UUID] = {}
        self.notes: dict[str, UUID] = {}

    async def response(self, answer: str) -> UUID:
        found: UUID | None = await fetch_value(
            "select id from response where company = $1 and external_id = $2", self.company.id, answer
        )
        if found is None:
            raise NotFound
        return found
