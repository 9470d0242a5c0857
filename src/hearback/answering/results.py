"""How people chose, as the public may see it: counted answers only, and nothing of few."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from hearback.answering import queries
from hearback.answering.queries import Pick
from hearback.asking.queries import Prompt
from hearback.asking.rules import PromptKind
from hearback.database.engine import fetch


class Bar(Struct, frozen=True):
    """pick: the option's position, or a number of a scale; none for "something else". share: of those who answered,
    0 to 100; place: in a ranking, the mean place from 1."""

    pick: int | None
    n: int
    share: float
    place: float | None


class Result(Struct, frozen=True):
    """answered: people who picked something here; bars: empty where they are fewer than the public may see."""

    prompt: Prompt
    answered: int
    bars: list[Bar]


class _Answered(Struct, frozen=True):
    prompt: UUID
    people: int


async def results(
    company_id: UUID, question_id: UUID, prompts: Sequence[Prompt], *, fewest: int
) -> list[Result]:
    """Of every prompt with something to pick, in their order; two queries, however many there are."""
    asked = [prompt for prompt in prompts if prompt.kind != PromptKind.OPEN]
    if not asked:
        return []
    picks = await queries.picks(company_id, question_id)
    people = {one.prompt: one.people for one in await _answered(company_id, question_id)}
    return [
        Result(
            prompt,
            n := people.get(prompt.id, 0),
            _bars(prompt, [pick for pick in picks if pick.prompt == prompt.id], n) if n >= fewest else [],
        )
        for prompt in asked
    ]


def _bars(prompt: Prompt, picks: Sequence[Pick], answered: int) -> list[Bar]:
    """Options that nobody chose stand there, too; a ranking's best comes first."""
    found = {pick.position: pick for pick in picks}
    bars = []
    for position in [*_positions(prompt), *([None] if None in found else [])]:
        pick = found.get(position)
        n = pick.n if pick else 0
        bars.append(Bar(position, n, 100 * n / answered, pick.place if pick else None))
    if prompt.kind == PromptKind.RANKING:
        bars.sort(key=lambda bar: bar.place or len(bars) + 1)
    return bars


def _positions(prompt: Prompt) -> range:
    if prompt.kind == PromptKind.SCALE:
        return range(prompt.low or 0, (prompt.high or 0) + 1)
    return range(len(prompt.options))


async def _answered(company_id: UUID, question_id: UUID) -> list[_Answered]:
    return await fetch(
        _Answered,
        """select a.prompt, count(distinct r.id) as people
           from response r join answer a on a.company = r.company and a.response = r.id
           where r.company = $1 and r.question = $2 and r.state = 'counted' and not r.test
             and (a.part = 'other' or a.number is not null or a.chosen <> '{}')
           group by a.prompt""",
        company_id,
        question_id,
    )
