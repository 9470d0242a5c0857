"""Rows of the list of themes: how far each has come, and which of them somebody wants to see."""

from collections.abc import Collection, Mapping
from datetime import date
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct, structs

from hearback.themes.queries import triage
from hearback.themes.rules import LifeState, few_voices, life_state, over_time, stage, woken_by


class Chosen(Struct, frozen=True):
    """Which themes the list shows. state: of one state of life, empty for all; mine: those I look after, alone or in a
    team; team: those that one team looks after. whole: with what is folded otherwise.
    """

    state: str = ""
    mine: bool = False
    team: UUID | None = None
    whole: bool = False

    @property
    def narrows(self) -> bool:
        return bool(self.state or self.mine or self.team)

    @property
    def pairs(self) -> str:
        """For an address, without the sign before it; empty for the list as it is at first."""
        chosen = {
            "state": self.state,
            "mine": "1" if self.mine else "",
            "team": self.team or "",
            "all": "1" if self.whole else "",
        }
        return urlencode({name: value for name, value in chosen.items() if value})

    @property
    def query(self) -> str:
        return f"?{self.pairs}" if self.pairs else ""

    def but(self, **other: object) -> "Chosen":
        return structs.replace(self, **other)


class Listed(Struct, frozen=True):
    """A row of the list. first, last: the days that all rows of the list are drawn between.

    state: how far it has come; woken: what ended its rest, empty while it rests or where it never did;
    few: so few speak of it that size alone would hide it.
    """

    theme: triage.Row
    stage: str
    first: date
    last: date
    state: LifeState
    woken: str
    few: bool

    @property
    def over_time(self) -> list[int]:
        """Voices from the first to the last day; worked out only for rows that are shown."""
        days = zip(self.theme.days, self.theme.on_days, strict=True)
        return over_time(dict(days), self.first, self.last)

    @property
    def busiest(self) -> date | None:
        """The day with most voices, the earliest of several."""
        days = zip(self.theme.on_days, self.theme.days, strict=True)
        return max(days, key=lambda one: one[0], default=(0, None))[1]


def chosen_in(request: HTMXRequest) -> Chosen:
    return _chosen({name: request.query_params.getall(name, []) for name in ("state", "mine", "team", "all")})


def chosen_before(request: HTMXRequest) -> Chosen:
    """What the page showed from which a form was sent: a decision does not change what one looks at."""
    whence = str(request.headers.get("hx-current-url") or request.headers.get("referer") or "")
    try:
        return _chosen(parse_qs(urlsplit(whence).query))
    except ValueError:  # an address that is none
        return Chosen()


def _chosen(asked: Mapping[str, list[str]]) -> Chosen:
    """What nobody linked to is as if it were not there."""
    state = next(iter(asked.get("state", [])), "")
    try:
        team = UUID(next(iter(asked.get("team", [])), ""))
    except ValueError:
        team = None
    return Chosen(
        state if state in list(LifeState) else "",
        "1" in asked.get("mine", []),
        team,
        "1" in asked.get("all", []),
    )


def fitting(rows: list[Listed], chosen: Chosen, member: UUID, teams: Collection[UUID] = ()) -> list[Listed]:
    """teams: those that the member is in."""
    return [
        one
        for one in rows
        if (not chosen.state or one.state == chosen.state)
        and (not chosen.mine or one.theme.assigned_to == member or one.theme.assigned_team in teams)
        and (not chosen.team or one.theme.assigned_team == chosen.team)
    ]


def listed(
    row: triage.Row,
    first: date,
    last: date,
    *,
    today: date,
    asked: bool,
    counted: int,
    fewest: int,
) -> Listed:
    """asked: whether a question about it is open now. counted: all people; fewest: the company's least voices."""
    woken = woken_by(
        today=today,
        voices=row.voices,
        wakes_on=row.wakes_on,
        wakes_at=row.wakes_at,
        look_again=row.look_again,
    )
    resting = row.resting_since is not None
    return Listed(
        row,
        stage(named=row.named, weight_reason=row.weight_reason, note=row.note, actions=row.actions),
        first,
        last,
        life_state(named=row.named, resting=resting and not woken, asked=asked, decided=row.decided),
        woken if resting and woken else "",
        few_voices(row.voices, counted, fewest),
    )
