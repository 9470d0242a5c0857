"""What a mistake owns up to at least, and what a note in general may not leave out."""

from datetime import date, timedelta

import pytest

from hearback.changenotes import commands, queries
from hearback.changenotes.forms import CorrectionForm
from hearback.changenotes.owning import not_owned, who_is_named
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import fetch_value
from hearback.refusals import Faulty, Refused
from tests import made
from tests.changenotes.ready import SOON, WORDS
from tests.waiting import until

M, H = NoteKind.MISTAKE, NoteKind.HOLDING
OWNED = {
    "wrong": "Am 3. März haben wir falsch gedruckt.",
    "sorry": "Es tut uns leid.",
    "affected": "Alle 3.400 Schachteln.",
    "repair": "Ein neuer Satz.",
    "cause": "Wir haben nicht nachgelesen.",
    "cause_kind": "accidental",
    "closing_question": "Wen haben wir vergessen?",
}
DAYS = {"repair_by": date(2027, 1, 15)}


def against(kind: NoteKind = M, days: dict[str, date] = DAYS, **differs) -> list[tuple[str, str]]:
    more = {name: differs.pop(name) for name in ("colleagues", "repeats", "holdings") if name in differs}
    return [(one.reason, one.field) for one in not_owned(kind, OWNED | differs, days, **more)]


def test_a_mistake_that_is_owned_has_nothing_against_it():
    assert against() == []


@pytest.mark.parametrize(
    ("differs", "reason", "field"),
    [
        ({"sorry": "Wir bedanken uns für die Hinweise."}, "note.sorry-unsaid", "sorry"),
        ({"affected": "Einige von euch."}, "note.affected-uncounted", "affected"),
        ({"did_owner": "Das Team"}, "note.owner-unnamed", "did_owner"),
        ({"did_owner": "We all"}, "note.owner-unnamed", "did_owner"),
        ({"affected": "Eine ganze Reihe von euch."}, "note.affected-uncounted", "affected"),
        (
            {"sorry": "Es tut uns leid, dass Tarek Osman es vergaß.", "colleagues": ["Tarek Osman"]},
            "note.names-somebody",
            "sorry",
        ),
        ({"cause_kind": "integrity", "repair": ""}, "note.integrity-repairs", "repair"),
        ({"cause_kind": "integrity", "days": {}}, "note.integrity-repairs", "repair"),
        ({"cause": "Tarek hat es vergessen.", "colleagues": ["Tarek Osman"]}, "note.names-somebody", "cause"),
        ({"wrong": "Frau Voss' Liste war alt.", "colleagues": ["Voss"]}, "note.names-somebody", "wrong"),
        ({"repeats": True}, "note.missing.failed", "failed"),
        ({"closing_question": "Schreibt uns."}, "note.closing-asks-nothing", "closing_question"),
    ],
)
def test_what_is_not_owned_is_named_with_its_field(differs, reason, field):
    assert against(**differs) == [(reason, field)]


@pytest.mark.parametrize(
    "differs",
    [
        {"sorry": "Wir entschuldigen uns bei euch."},
        {"sorry": "We are sorry, to everybody who sat beside it."},
        {"sorry": "Das war schwer für euch.", "cause_kind": "victim"},
        {"affected": "Noch nicht bekannt, wir wissen es am 12. Dezember."},
        {"affected": "Seven of you."},
        {"affected": "Zwanzig Menschen in Dortmund."},
        {"affected": "Dreiundzwanzig Familien."},
        {"did_owner": "Team Anleitung: Tarek Osman"},
        {"affected": "Genau eine Person."},
        {"affected": "Ein Kind hat sich geschnitten."},
        {"affected": "Thirty-one of you, and nobody else."},
        {"repair": "", "cannot_undo": "Die Nacht ist vorbei.", "days": {}},
        {"did": "Tarek liest jetzt jede Liste.", "colleagues": ["Tarek Osman"]},
        {"repeats": True, "failed": "Die Prüfung galt nur für neue Spiele."},
    ],
)
def test_what_is_owned_in_another_way_goes_out(differs):
    assert against(**differs) == []


@pytest.mark.parametrize(
    ("holdings", "again", "refused"), [(1, "", 0), (2, "", 1), (2, "Der Test fiel aus.", 0)]
)
def test_only_holding_the_line_more_than_twice_needs_a_reason(holdings, again, refused):
    found = not_owned(H, {"again": again, "closing_question": "Was fehlt?"}, {}, holdings=holdings)

    assert [one.reason for one in found] == ["note.missing.again"] * refused


def test_a_name_within_a_word_is_nobody():
    assert who_is_named("Das Tarekmuster hielt.", ["Tarek Osman"]) == ""
    assert who_is_named("Jo hat es gesagt.", ["Jo Li"]) == ""  # two letters are too little to be sure


async def test_a_mistake_that_repeats_says_so_on_both_notes(fan, open_house):
    first = await open_house.published(M)
    first_id = await open_house.note(first)
    again = await open_house.draft(M, title="Wieder falsche Farben")
    form = open_house.form(M, title="Wieder falsche Farben", version=2, repeats=first_id)
    await commands.save_note(open_house.company.id, again, form, by=open_house.writer, now=made.NOW)

    with pytest.raises(Faulty) as refused:
        await commands.publish_note(open_house.company, again, by=open_house.leader, now=made.NOW)
    assert [one.reason for one in refused.value.reasons] == ["note.missing.failed"]
    form = open_house.form(
        M, title="Wieder falsche Farben", version=3, repeats=first_id, failed="Die Prüfung galt nur einmal."
    )
    await commands.save_note(open_house.company.id, again, form, by=open_house.writer, now=made.NOW)
    second = await commands.publish_note(open_house.company, again, by=open_house.leader, now=made.NOW)

    page = await fan.get(f"/kranich/log/{second}")
    assert "Zum 2. Mal." in page.text and f"/kranich/log/{first}" in page.text
    assert "Die Prüfung galt nur einmal." in page.text
    await until(lambda: _shows(fan, f"/kranich/log/{first}", second))
    await until(lambda: _shows(fan, "/kranich/log", "zum 2. Mal"))
    for path in (f"/log/{second}/print", "/export/log.md", "/log.atom", "/log.json"):
        await until(lambda path=path: _shows(fan, f"/kranich{path}", "Zum 2. Mal."))
    assert f"/kranich/log/{first}" in (await fan.get(f"/kranich/log/{second}/print")).text
    told = (await fan.get("/kranich/export/log.json")).json()["notes"]
    assert [(one["nth"], one["before"]) for one in told] == [(2, first), (1, None)]


async def _shows(fan, path: str, words: str) -> bool:
    return words in (await fan.get(path)).text


async def test_nothing_but_an_admitted_mistake_of_this_house_can_repeat(house):
    changed = await house.note(await house.published())
    note_id = await house.draft(M)

    with pytest.raises(Refused, match=r"form\.not-a-choice"):
        await commands.save_note(
            house.company.id,
            note_id,
            house.form(M, version=2, repeats=changed),
            by=house.writer,
            now=made.NOW,
        )


async def test_the_third_time_of_only_holding_the_line_needs_a_reason(house):
    for nth in range(2):
        await house.published(H, at=made.NOW + timedelta(hours=nth))
    third = await house.draft(H)

    with pytest.raises(Faulty) as refused:
        await commands.publish_note(house.company, third, by=house.writer, now=made.NOW)
    assert [one.reason for one in refused.value.reasons] == ["note.missing.again"]
    assert await queries.holdings_in_a_row(house.company.id, third) == 2

    await house.published(NoteKind.NOT_CHANGED, at=made.NOW + timedelta(days=1))
    assert await queries.holdings_in_a_row(house.company.id, third) == 0
    await commands.publish_note(house.company, third, by=house.writer, now=made.NOW + timedelta(days=2))


async def test_what_we_keep_because_of_people_needs_no_change_of_mind(fan, open_house):
    slug = await open_house.published(
        NoteKind.NOT_CHANGED, form="kept", mind="", look_again=None, reason="Ihr wolltet die Holzsteine."
    )

    page = await fan.get(f"/kranich/log/{slug}")
    assert "Bleibt, euretwegen" in page.text
    assert "Wir behalten das, weil ihr es wolltet" in page.text
    assert "Wir ändern das nicht, weil" not in page.text
    assert await fetch_value("select count(*) from promise where kind = 'look_again'") == 0


async def test_a_correction_is_held_only_to_what_it_says_anew(house):
    slug = await house.published(M)
    note_id = await house.note(slug)

    def corrected(**differs) -> CorrectionForm:
        return CorrectionForm(number=1, why="Genauer.", **WORDS[M] | differs)

    with pytest.raises(Faulty) as refused:
        await commands.correct_note(
            house.company, note_id, corrected(cause="Jule hat es vergessen."), by=house.leader, now=made.NOW
        )
    assert [one.reason for one in refused.value.reasons] == ["note.names-somebody"]


async def again_as(house, before, **differs):
    """The same mistake once more; gives the note's id."""
    note_id = await house.draft(M)
    form = house.form(M, version=2, repeats=before, **{"failed": "Die Prüfung galt nur einmal."} | differs)
    await commands.save_note(house.company.id, note_id, form, by=house.writer, now=made.NOW)
    await commands.publish_note(house.company, note_id, by=house.leader, now=made.NOW)
    return note_id


async def test_a_third_time_is_the_third_whichever_of_the_two_before_it_is_linked_to(house):
    first = await house.note(await house.published(M))
    second = await again_as(house, first)
    third = await again_as(house, first)
    fourth = await again_as(house, second)

    nth = [await fetch_value("select nth from note where id = $1", one) for one in (second, third, fourth)]
    assert nth == [2, 3, 4]


async def refused_correction(house, note_id, kind: NoteKind, **differs) -> list[tuple[str, str]]:
    said = (await queries.draft(house.company.id, note_id)).said
    fields = {name: getattr(said, name) for name in said.__struct_fields__ if name not in ("number", "why")}
    form = CorrectionForm(number=1, why="Genauer.", **fields | differs)
    with pytest.raises(Faulty) as refused:
        await commands.correct_note(house.company, note_id, form, by=house.leader, now=made.NOW)
    return [(one.reason, one.field) for one in refused.value.reasons]


async def test_a_correction_takes_nothing_away_that_the_note_had_to_own(house):
    first = await house.note(await house.published(M))
    again = await again_as(house, first)
    assert await refused_correction(house, again, M, failed="") == [("note.missing.failed", "failed")]

    for nth in (1, 2):
        await house.published(H, at=made.NOW + timedelta(hours=nth))
    at = made.NOW + timedelta(hours=3)
    third = await house.note(await house.published(H, again="Der Test fiel aus.", at=at))
    assert await refused_correction(house, third, H, again="") == [("note.missing.again", "again")]


@pytest.mark.parametrize(
    ("was", "differs", "reason"),
    [
        (
            {"cause_kind": "victim", "sorry": "Das war schwer für euch."},
            {"cause_kind": "accidental"},
            ("note.sorry-unsaid", "sorry"),
        ),
        (
            {"repair": "", "repair_by": None, "must_do": "", "cannot_undo": "Die Nacht ist vorbei."},
            {"cause_kind": "integrity"},
            ("note.integrity-repairs", "repair"),
        ),
        (
            {"did_state": "open", "did_on": SOON},
            {"did_state": "done"},
            ("note.not-done-yet", "did_on"),
        ),
    ],
)
async def test_a_correction_that_makes_it_graver_owns_what_is_graver(house, was, differs, reason):
    note_id = await house.note(await house.published(M, **was))

    assert await refused_correction(house, note_id, M, **differs) == [reason]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title", "Tarek hat die Liste vergessen"),
        ("failed", "Die Prüfung von Tarek galt nur einmal."),
        ("cause", "Herr Osman hat nicht nachgelesen."),
        ("cause", "Das lag an Frau Osmans Liste."),
        ("wrong", "Unser Kollege Osman hat falsch gedruckt."),
        ("wrong", "T. Osman printed the wrong list on 3 March."),
        ("cause", "TAREK HAT ES VERGESSEN."),
    ],
)
def test_nobody_is_named_as_the_culprit_by_any_name_in_any_field_that_tells_it(field, words):
    found = against(**{field: words}, colleagues=["Tarek Osman"], repeats=field == "failed")
    assert found == [("note.names-somebody", field)]


def test_a_surname_that_is_a_word_is_nobody():
    assert who_is_named("Der Koch hat die Liste.", ["Jan Koch"]) == ""
    assert who_is_named("Herr Koch hat die Liste.", ["Jan Koch"]) == "Jan Koch"
