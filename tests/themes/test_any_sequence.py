"""Whatever people and the machine do to themes, in whatever order: nobody's word is lost, and there is a way back.

The acts are the real commands on a small company of real sentences; hypothesis chooses them and their order.
"""

import itertools
from collections import defaultdict
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs

from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt
from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch, fetch_column, fetch_value
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.commands.proposing import Decision, decide
from hearback.themes.embedding import embed
from hearback.themes.forms import (
    AssignForm,
    DecisionForm,
    MoveForm,
    NameForm,
    RestForm,
    SplitForm,
    WeightForm,
)
from hearback.themes.queries import proposing, triage
from hearback.themes.tables import Excerpt, Placement, Proposal
from tests import made
from tests.made import NOW
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

SENTENCES = [*COLOURS[:5], *DELIVERY[:5], *MANUAL[:4]]
VOICES = 11  # the first three of them make two points each
NAMES = ["Steine", "Pakete", "Regeln"]
KINDS = ["new", "join", "split", "merge"]
COMPANIES = itertools.count(1)
QUICK = settings(
    max_examples=14,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Theme(Struct, frozen=True):
    state: str
    name: str
    definition: str
    excludes: str
    named_by: UUID | None
    weight_reason: str
    weighted_by: UUID | None
    heir: UUID
    merged_into: UUID | None
    assigned_to: UUID | None
    resting_why: str


class Place(Struct, frozen=True):
    theme: UUID | None
    by: str
    member: UUID | None


class Span(Struct, frozen=True):
    response: UUID
    starts: int
    ends: int


class State(NamedTuple):
    """asked: themes that the question is linked to; spans: where excerpts begin and end; refused: proposals.

    light: excerpts of which somebody said that they do not weigh.
    """

    themes: dict[UUID, Theme]
    places: dict[UUID, Place]
    asked: set[UUID]
    spans: dict[UUID, Span]
    refused: set[UUID]
    light: set[UUID]


class _Theme(Theme, frozen=True):
    id: UUID


class _Place(Place, frozen=True):
    excerpt: UUID


class _Span(Span, frozen=True):
    id: UUID


class House(Struct):
    """letters: how many of each response stand in excerpts, without spaces."""

    company: Any
    question: UUID
    members: list[Any]
    letters: dict[UUID, int]

    async def state(self) -> State:
        themes = await fetch(
            _Theme,
            """select id, state, name, definition, excludes, named_by, weight_reason, weighted_by, heir, merged_into,
                      assigned_to, resting_why
               from theme where company = $1""",
            self.company.id,
        )
        places = await fetch(
            _Place, "select excerpt, theme, by, member from placement where company = $1", self.company.id
        )
        spans = await fetch(
            _Span, "select id, response, starts, ends from excerpt where company = $1", self.company.id
        )
        return State(
            {one.id: Theme(*structs.astuple(one)[:-1]) for one in themes},
            {one.excerpt: Place(*structs.astuple(one)[:-1]) for one in places},
            set(await fetch_column("select theme from theme_question where company = $1", self.company.id)),
            {one.id: Span(*structs.astuple(one)[:-1]) for one in spans},
            set(
                await fetch_column(
                    "select id from proposal where company = $1 and state = 'refused'", self.company.id
                )
            ),
            set(await fetch_column("select excerpt from light_excerpt where company = $1", self.company.id)),
        )

    async def themes(self) -> list[UUID]:
        return await fetch_column("select id from theme where company = $1 order by id", self.company.id)

    async def excerpts(self) -> list[UUID]:
        return await fetch_column(
            """select e.id from excerpt e join answer a on a.id = e.answer
               where e.company = $1 order by a.words, e.starts""",
            self.company.id,
        )

    async def acts_since(self, event: UUID | None) -> list[UUID]:
        return await fetch_column(
            """select id from theme_event where company = $1 and member is not null and not details ? 'of'
                 and ($2::uuid is null or id > $2) order by id""",
            self.company.id,
            event,
        )

    async def speaks_now(self, event: UUID) -> UUID:
        """Merged, parted and merged again: the last merge is the one to take back."""
        while after := await fetch_value(
            """select id from theme_event where company = $1 and details->>'undoes' = $2 and not details ? 'of'""",
            self.company.id,
            str(event),
        ):
            event = after
        return event

    async def propose(self, kind: str, theme: UUID, other: UUID, n: int) -> bool:
        """As a reading would, whether it makes sense or not; it takes the place of an open one."""
        there = await self.excerpts()
        excerpts = there[n % len(there) :][:4]
        if kind in ("new", "split"):
            excerpts = await self.lying_in(theme)
        await execute(
            """with former as (
                   delete from proposal where company = $1 and state = 'open' and kind = $2 and theme = $3)
               insert into proposal (id, company, kind, theme, other, excerpts, worth)
               values ($6, $1, $2, $3, $4, $5, 1) on conflict do nothing""",
            self.company.id,
            kind,
            theme,
            other if kind == "merge" else None,
            excerpts[: 1 + n % 3] if kind == "split" else excerpts,
            new_id(),
        )
        return False

    async def a_proposal(self, a: int, b: int) -> tuple[UUID, DecisionForm]:
        """One that was made, with what its page would send."""
        made_so_far = await fetch_column(
            "select id from proposal where company = $1 and kind = any($2) order by id",
            self.company.id,
            KINDS,
        )
        proposal = made_so_far[b % len(made_so_far)] if made_so_far else made.some_id()
        one = await proposing.one(self.company.id, proposal)
        excerpts = one.excerpts if one else []
        shown = ".".join(map(str, excerpts))
        seen = one.seen if one else ""
        return proposal, DecisionForm(seen, f"Neu {NAMES[a % 3]}", "", shown, excerpts[: 1 + a % 4])

    async def lying_in(self, theme: UUID) -> list[UUID]:
        return await fetch_column(
            """select p.excerpt from placement p join theme t on t.id = p.theme
               where p.company = $1 and t.heir = $2 order by p.excerpt""",
            self.company.id,
            theme,
        )

    async def acts(self) -> list[UUID]:
        return await fetch_column(
            "select id from theme_event where company = $1 and member is not null order by id",
            self.company.id,
        )

    async def said(self, excerpt: UUID) -> tuple[str, int]:
        """Its words, and where they begin in the answer."""
        words: str = await fetch_value(
            """select substr(a.words, e.starts + 1, e.ends - e.starts)
               from excerpt e join answer a on a.id = e.answer where e.id = $1""",
            excerpt,
        )
        return words, await fetch_value("select starts from excerpt where id = $1", excerpt)

    async def do(self, act: tuple[str, int, int, int]) -> bool:
        """Whether it could be done; the numbers choose among what there is."""
        kind, a, b, who = act
        themes, excerpts = await self.themes(), await self.excerpts()
        by = self.members[who % len(self.members)].id
        theme, other, excerpt = themes[a % len(themes)], themes[b % len(themes)], excerpts[b % len(excerpts)]
        company, today = self.company.id, made.today()
        told = {"by": by, "now": NOW}
        try:
            match kind:
                case "name":
                    out = ["", "Nichts"][b // 2 % 2]
                    form = NameForm(NAMES[b % 3], ["", "Alles"][b % 2], excludes=out)
                    await commands.name_theme(company, theme, form, **told)
                case "merge":
                    await commands.merge(company, theme, other, **told)
                case "unmerge":
                    await commands.unmerge(company, theme, **told)
                case "weigh":
                    await commands.weigh(company, theme, WeightForm(f"Es trifft viele hart: {b % 2}"), **told)
                case "unweigh":
                    await commands.unweigh(company, theme, **told)
                case "lighten":
                    await commands.say_it_does_not_weigh(company, theme, **told)
                case "refuse":
                    await commands.refuse(company, theme, excerpt, **told)
                case "move":
                    to = "nowhere" if a % 5 == 0 else str(theme)
                    await commands.move(company, excerpt, MoveForm(to), today=today, **told)
                case "found":
                    form = MoveForm("new", f"Thema {NAMES[a % 3]}")
                    await commands.move(company, excerpt, form, today=today, **told)
                case "split":
                    chosen = (await self.lying_in(theme))[: 1 + b % 3]
                    form = SplitForm(f"Teil {NAMES[b % 3]}", "", chosen)
                    await commands.split_off(company, theme, form, today=today, **told)
                case "cut":
                    words, starts = await self.said(excerpt)
                    ends = [n for n, sign in enumerate(words) if sign == " "] or [0]
                    await commands.cut(company, excerpt, starts + ends[a % len(ends)] + 1, **told)
                case "join":
                    beside = excerpts[(b + 1) % len(excerpts)]
                    await commands.join(company, excerpt, beside, **told)
                case "assign":
                    to = self.members[b % 2].id if b % 3 else None
                    await commands.assign(company, theme, AssignForm(to), **told)
                case "rest":
                    await commands.rest(company, theme, RestForm(f"Bis Mai {b % 2}"), **told)
                case "wake":
                    await commands.wake(company, theme, **told)
                case "ask":
                    await commands.ask_about(company, theme, self.question, **told)
                case "unask":
                    await commands.unask(company, theme, self.question, **told)
                case "undo":
                    acts = await self.acts()
                    await commands.undo(company, acts[b % len(acts)] if acts else made.some_id(), **told)
                case "learn":
                    await commands.learn(company, cause="taught", now=NOW)
                case "propose":
                    return await self.propose(KINDS[who % 4], theme, other, b)
                case "accept" | "dismiss":
                    proposal, form = await self.a_proposal(a, b)
                    one = Decision(proposal, kind == "accept", form)
                    await decide(company, [one], by=by, now=NOW, today=today)
        except (Refused, NotFound):
            return False
        return True


async def letters_in_excerpts(company_id: UUID) -> dict[UUID, int]:
    rows = await fetch(
        _Letters,
        r"""select e.response, sum(length(regexp_replace(
                       substr(a.words, e.starts + 1, e.ends - e.starts), '\s', '', 'g')))::int as n
            from excerpt e join answer a on a.id = e.answer where e.company = $1 group by e.response""",
        company_id,
    )
    return {row.response: row.n for row in rows}


class _Letters(Struct, frozen=True):
    response: UUID
    n: int


async def a_house() -> House:
    company = await made.a_company(f"haus-{next(COMPANIES)}")
    members = [await made.a_member(company, "product") for _ in range(2)]
    question = await made.a_question(company, by=members[0])
    prompt = await Prompt.objects().where(Prompt.question == question.id).first()
    assert prompt is not None
    responses = [
        Response(
            company=company.id,
            question=question.id,
            receipt_hash=made.some_id().bytes + made.some_id().bytes,
            day=made.today(),
        )
        for _ in range(VOICES)
    ]
    answers = [
        Answer(company=company.id, response=of.id, prompt=prompt.id, words=f"{first}\n{more}".strip())
        for of, first, more in itertools.zip_longest(
            responses, SENTENCES[:VOICES], SENTENCES[VOICES:], fillvalue=""
        )
    ]
    spans = [
        (answer, at, line)
        for answer in answers
        for line in answer.words.split("\n")
        for at in [answer.words.index(line)]
    ]
    vectors = embed(line for _, _, line in spans)
    excerpts = [
        Excerpt(
            company=company.id,
            question=question.id,
            response=answer.response,
            answer=answer.id,
            starts=at,
            ends=at + len(line),
            vector=vector.astype("<f4").tobytes(),
        )
        for (answer, at, line), vector in zip(spans, vectors, strict=True)
    ]
    await Response.insert(*responses)
    await Answer.insert(*answers)
    await Excerpt.insert(*excerpts)
    named = await made.a_theme(company, "Rote Steine", named_by=members[0].id)
    guess = await made.a_theme(company, "", state="suggested", terms=["Paket", "Post"])
    places = [
        Placement(company=company.id, excerpt=one.id, theme=theme.id, by="machine", confidence=0.6)
        for one, theme in zip(excerpts, [named] * 5 + [guess] * 5, strict=False)
    ]
    await Placement.insert(*places)
    ids = [one.id for one in excerpts]
    for kind, theme, other, about in [
        ("new", guess, None, ids[5:10]),
        ("join", named, None, ids[2:7]),
        ("split", named, None, ids[:2]),
        ("merge", guess, named, ids[:10]),
    ]:
        of = {"theme": theme.id, "other": other.id if other else None, "excerpts": about}
        await Proposal.insert(Proposal(company=company.id, kind=kind, worth=1.0, **of))
    return House(company, question.id, members, await letters_in_excerpts(company.id))


SAYING = ["name", "merge", "unmerge", "weigh", "unweigh", "lighten", "refuse"]
SAYING += ["assign", "rest", "wake", "ask", "unask"]
CUTTING = ["cut", "join"]
PROPOSING = ["propose", "propose", "accept", "accept", "dismiss"]
ACTS = [
    *SAYING,
    *CUTTING,
    *CUTTING,
    *PROPOSING,
    *PROPOSING,
    "merge",
    "move",
    "move",
    "found",
    "split",
    "split",
]


def sequences(kinds: list[str]) -> Any:
    number = st.integers(0, 30)
    return st.lists(st.tuples(st.sampled_from(kinds), number, number, number), min_size=3, max_size=12)


def by_people(state: State) -> dict[UUID, Place]:
    return {excerpt: place for excerpt, place in state.places.items() if place.by == "person"}


def decided(theme: Theme) -> tuple[object, ...]:
    """What people said of it: the machine may give a suggestion other words."""
    named = (theme.name, theme.definition, theme.excludes, theme.named_by) if theme.state == "named" else ()
    tended = theme.assigned_to, theme.resting_why
    return theme.state, named, theme.weight_reason, theme.weighted_by, theme.heir, theme.merged_into, *tended


async def counts_hold(house: House, state: State) -> None:
    """Every letter stands in one excerpt, which has one place or none; every heir speaks for itself, and every voice
    counts once a theme."""
    assert await letters_in_excerpts(house.company.id) == house.letters
    lines = sorted((one.response, one.starts, one.ends) for one in state.spans.values())
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in itertools.pairwise(lines))
    assert all(state.themes[one.heir].heir == one.heir for one in state.themes.values())
    voices: dict[UUID, set[UUID]] = defaultdict(set)
    for excerpt, place in state.places.items():
        if place.theme:
            voices[state.themes[place.theme].heir].add(state.spans[excerpt].response)
    rows = await triage.rows(house.company.id)
    assert {row.id: row.voices for row in rows if row.voices} == {one: len(of) for one, of in voices.items()}
    assert {one.id for one in rows} >= {
        id for id, one in state.themes.items() if one.state == "named" and one.heir == id
    }
    pile = await triage.pile(house.company.id)
    nowhere = sum(place.theme is None for place in state.places.values())
    assert (pile.unsorted, pile.nowhere) == (len(state.spans) - len(state.places), nowhere)
    names = [one.name for id, one in state.themes.items() if one.state == "named" and one.heir == id]
    assert len(names) == len(set(names))


@QUICK
@given(sequences([*ACTS, "undo", "undo", "learn"]))
async def test_no_act_and_no_regroup_touches_what_people_decided_elsewhere(pool, sequence):
    house = await a_house()
    before = await house.state()
    for act in sequence:
        done = await house.do(act)
        after = await house.state()
        kind = act[0]
        if not done:
            assert after == before, act
        if kind == "learn":
            assert by_people(after) == by_people(before)
            assert {id: decided(after.themes[id]) for id in before.themes} == {
                id: decided(one) for id, one in before.themes.items()
            }
        elif kind in SAYING:
            assert after.places == before.places, act
            assert after.spans == before.spans
        elif kind in CUTTING and done:
            there = after.spans.keys() & before.spans.keys()
            touched = {id for id in there if after.spans[id] != before.spans[id]}
            assert all(after.places.get(id) == before.places.get(id) for id in there - touched), act
            assert len(touched) == 1 and abs(len(after.spans) - len(before.spans)) == 1
        elif kind == "accept":
            assert by_people(before).keys() <= by_people(after).keys(), act
        elif kind == "dismiss":
            assert by_people(after) == by_people(before), act
            assert not done or len(after.refused - before.refused) == 1
        elif kind in ("move", "found"):
            changed = {id for id in after.spans if after.places.get(id) != before.places.get(id)}
            assert len(changed) <= 1, act
        await counts_hold(house, after)
        before = after


@QUICK
@given(sequences([*ACTS, "learn"]))
async def test_taken_back_one_after_the_other_all_is_as_it_was(pool, sequence):
    house = await a_house()
    way_back: list[tuple[list[UUID], State]] = []
    learnt = False
    newest = None
    for act in sequence:
        before = await house.state()
        await house.do(act)
        events = await house.acts_since(newest)
        if events:
            way_back.append((events, before))
            newest = events[-1]
        learnt = learnt or act[0] == "learn"
    for events, former in reversed(way_back):
        for event in reversed(events):
            standing = await house.speaks_now(event)
            if standing != event and len(events) > 1:
                continue  # a theme that was made for a move went with it
            await commands.undo(house.company.id, standing, by=house.members[0].id, now=NOW)
        now = await house.state()
        assert by_people(now) == by_people(former)
        assert now.asked == former.asked
        assert now.spans == former.spans
        assert now.refused == former.refused
        assert now.light == former.light
        assert learnt or now.places == former.places
        assert {id: decided(now.themes[id]) for id in former.themes} == {
            id: decided(one) for id, one in former.themes.items()
        }
        assert not any(
            one.state == "named" and one.heir == id
            for id, one in now.themes.items()
            if id not in former.themes
        )
        await counts_hold(house, now)
