"""A campaign weighs as one voice: one copy is read, and what comes of it is done with all."""

from uuid import UUID, uuid4

from hearback.database.engine import ENGINE
from hearback.themes import commands
from hearback.themes.copies import planned_for_all
from hearback.themes.planning import Place, Plan
from hearback.themes.queries.sorting import Known
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

HERE, THERE, MERGED = uuid4(), uuid4(), uuid4()
EMPTY = dict.fromkeys(Plan.__struct_fields__, None) | {"places": [], "leaves": [], "placed": 0}


def known(words: str, wording: int | None = 1, **more) -> Known:
    fields = dict.fromkeys(Known.__struct_fields__, None)
    given = {"id": uuid4(), "words": words, "wording": wording, "held": False, "language": "de"}
    return Known(**fields | given | more)


class Planner:
    """Puts every speaker where it is told; remembers what it was given."""

    def __init__(self, theme: UUID | None, leaves: bool = False):
        self.theme, self.leaves, self.given = theme, leaves, []

    def __call__(self, speakers):
        self.given = speakers
        loose = [one for one in speakers if not one.held]
        return Plan(
            **EMPTY
            | {
                "places": [Place(one.id, self.theme, 0.7) for one in loose if self.theme],
                "leaves": [one.id for one in loose] if self.leaves else [],
                "placed": len(speakers) if self.theme else 0,
            }
        )


def test_copies_are_read_once_and_all_go_along():
    rows = [known("Bitte eine Kurzübersicht"), known("bitte eine kurzübersicht"), known("Zu teuer", 2)]
    planner = Planner(HERE)

    plan = planned_for_all(planner, rows)

    assert len(planner.given) == 2
    assert {(place.excerpt, place.theme) for place in plan.places} == {(row.id, HERE) for row in rows}
    assert plan.placed == 3


def test_a_copy_follows_the_one_that_a_person_placed():
    placed = known("Kurzübersicht", theme=THERE, heir=THERE, held=True)
    loose = known("kurzübersicht")

    plan = planned_for_all(Planner(HERE), [loose, placed])

    assert [(place.excerpt, place.theme) for place in plan.places] == [(loose.id, THERE)]


def test_what_people_placed_stays_though_its_copies_go_elsewhere():
    here = known("Kurzübersicht", theme=HERE, heir=HERE, held=True)
    there = known("Kurzübersicht", theme=THERE, heir=THERE, held=True)

    plan = planned_for_all(Planner(HERE), [here, there])

    assert plan.places == []
    assert plan.leaves == []


def test_all_copies_leave_a_theme_together():
    rows = [known("Kurzübersicht", theme=HERE, heir=HERE) for _ in range(3)]

    plan = planned_for_all(Planner(None, leaves=True), rows)

    assert set(plan.leaves) == {row.id for row in rows}


def test_a_copy_in_a_merged_theme_stays_there_so_that_the_merge_can_be_undone():
    speaker, copy = known("A", theme=HERE, heir=HERE), known("a", theme=MERGED, heir=HERE)

    plan = planned_for_all(Planner(HERE), [speaker, copy])

    assert {place.excerpt: place.theme for place in plan.places} == {speaker.id: HERE, copy.id: MERGED}


def test_no_name_reaches_what_looks_for_telling_words():
    planner = Planner(HERE)

    planned_for_all(planner, [known("Ich heiße Bogomil Traxler, bogomil@example.org, zu teuer")])

    assert "Traxler" not in planner.given[0].words
    assert "bogomil" not in planner.given[0].words
    assert "zu teuer" in planner.given[0].words


def test_what_nobody_marked_yet_speaks_for_itself():
    rows = [known("gleich", None), known("gleich", None)]
    planner = Planner(HERE)

    planned_for_all(planner, rows)

    assert len(planner.given) == 2


async def test_a_hundred_copies_are_no_more_than_one_voice_beside_the_others(pool):
    """The campaign lies in one place, and the themes beside it are those that there are without it."""
    company = await made.a_company()
    question = await made.a_question(company)
    campaign = "Wir Anwohner fordern: Schluss mit der Beschallung nach elf Uhr abends"
    for sentence in [*COLOURS, *DELIVERY, *MANUAL, *[f"{campaign}{'!' * number}" for number in range(60)]]:
        await made.an_answer(company, question, sentence)
    await commands.sort(company.id, now=made.NOW)

    rows = await ENGINE.pool.fetch(
        """select e.wording, count(*) as copies, count(distinct coalesce(p.theme, e.company)) as places
           from excerpt e left join placement p on p.excerpt = e.id group by e.wording having count(*) > 20"""
    )

    assert [(row["copies"], row["places"]) for row in rows] == [(60, 1)]
    assert await ENGINE.pool.fetchval("select count(distinct theme) from placement") >= 2
