"""When a note may go out: every reason, in the order to fix them."""

from datetime import date

import pytest

from hearback.changenotes.rules import (
    FIELDS,
    MAY_BE_EMPTY,
    NoteKind,
    Standing,
    what_is_said,
    why_not_publish,
    word_diff,
)

TODAY = date(2026, 12, 18)
SOON = date(2027, 1, 15)
SPRING = date(2026, 3, 1)
DAYS = {
    "look_again": SOON,
    "next_word": SOON,
    "repair_by": SOON,
    "follow_up": SOON,
    "did_on": TODAY,
    "known_since": SPRING,
}
TEXTS = {
    name: "…"
    for kind in NoteKind
    for name in FIELDS[kind]
    if name not in DAYS and name not in ("repair", "cannot_undo")
} | {
    "repair": "Ein neuer Satz.",
    "cause_kind": "accidental",
    "noticed_by": "you",
    "did_state": "done",
    "form": "no",
}


def standing(kind: NoteKind = NoteKind.CHANGED, **more) -> Standing:
    ready = {
        "kind": kind,
        "texts": TEXTS,
        "days": DAYS,
        "themes": 1,
        "voices": 7,
        "fewest_voices": 5,
        "lifted": False,
        "done_actions": 1,
        "unquotable": 0,
        "personal": 0,
        "thin": 0,
        "signer_titled": True,
        "signer_has_face": True,
        "signer_leads": False,
        "signer_active": True,
        "today": TODAY,
    }
    return Standing(**ready | more)


def keys(note: Standing) -> list[tuple[str, str]]:
    return [(reason.reason, reason.field) for reason in why_not_publish(note)]


@pytest.mark.parametrize("kind", NoteKind)
def test_a_note_with_everything_goes_out(kind):
    assert keys(standing(kind)) == []


C, N, M, H = NoteKind.CHANGED, NoteKind.NOT_CHANGED, NoteKind.MISTAKE, NoteKind.HOLDING
PAST = date(2026, 12, 17)


@pytest.mark.parametrize(
    ("kind", "differs", "reason", "field"),
    [
        (C, {"themes": 0}, "note.no-theme", "themes"),
        (M, {"voices": 0}, "note.no-theme", "themes"),
        (C, {"voices": 4}, "note.too-few-voices", "themes"),
        (C, {"done_actions": 0}, "note.nothing-done-yet", "actions"),
        (C, {"late_actions": ["Kerben"]}, "note.action-past-its-day", "actions"),
        (C, {"unquotable": 2}, "note.quote-without-consent", "quotes"),
        (C, {"personal": 1}, "note.quote-with-personal-data", "quotes"),
        (C, {"thin": 1, "lifted": True}, "note.quote-of-few", "quotes"),
        (H, {"signer_titled": False}, "note.signer-unnamed", "signed_by"),
        (H, {"signer_active": False}, "note.signer-unnamed", "signed_by"),
        (C, {"signer_has_face": False}, "note.signer-without-face", "signed_by"),
        (N, {"days": DAYS | {"look_again": PAST}}, "note.day-has-passed", "look_again"),
        (H, {"days": DAYS | {"next_word": PAST}}, "note.day-has-passed", "next_word"),
        (M, {"days": DAYS | {"repair_by": PAST}}, "note.day-has-passed", "repair_by"),
        (M, {"days": DAYS | {"follow_up": PAST}}, "note.day-has-passed", "follow_up"),
        (M, {"days": DAYS | {"did_on": SOON}}, "note.not-done-yet", "did_on"),
        (M, {"days": DAYS | {"known_since": SOON}}, "note.day-to-come", "known_since"),
        (
            M,
            {"days": DAYS | {"did_on": PAST}, "texts": TEXTS | {"did_state": "open"}},
            "note.day-has-passed",
            "did_on",
        ),
        (M, {"texts": TEXTS | {"cause_kind": "preventable"}}, "note.leadership-signs", "signed_by"),
        (M, {"texts": TEXTS | {"cause_kind": "integrity"}}, "note.leadership-signs", "signed_by"),
        (M, {"texts": TEXTS | {"repair": " "}}, "note.missing.repair", "repair"),
        (
            M,
            {"days": {k: v for k, v in DAYS.items() if k != "repair_by"}},
            "note.missing.repair_by",
            "repair_by",
        ),
        (M, {"texts": TEXTS | {"must_do": " "}}, "note.missing.must_do", "must_do"),
    ],
)
def test_one_thing_against_it_is_named_with_its_field(kind, differs, reason, field):
    assert keys(standing(kind, **differs)) == [(reason, field)]


@pytest.mark.parametrize("kind", NoteKind)
def test_every_needed_field_is_missed_in_the_order_of_the_form(kind):
    needed = [name for name in FIELDS[kind] if name not in MAY_BE_EMPTY]
    if kind is NoteKind.MISTAKE:
        needed.insert(needed.index("did"), "repair")

    missing = keys(standing(kind, texts={}, days={}))

    assert missing == [(f"note.missing.{name}", name) for name in needed]


def test_a_few_voices_are_enough_once_somebody_gave_them_weight_in_public():
    assert keys(standing(voices=2, lifted=True)) == []


def test_even_weight_needs_somebody_who_spoke():
    assert keys(standing(voices=0, lifted=True)) == [("note.no-theme", "themes")]


@pytest.mark.parametrize("kind", [NoteKind.NOT_CHANGED, NoteKind.MISTAKE, NoteKind.HOLDING])
def test_only_changed_needs_something_done(kind):
    assert keys(standing(kind, done_actions=0)) == []


def test_what_cannot_be_undone_says_why_instead_of_a_repair():
    texts = TEXTS | {"repair": "", "must_do": "", "cannot_undo": "Die Partie ist gespielt."}
    days = {name: day for name, day in DAYS.items() if name != "repair_by"}

    assert keys(standing(NoteKind.MISTAKE, texts=texts, days=days)) == []


def test_leadership_may_sign_what_could_have_been_prevented():
    texts = TEXTS | {"cause_kind": "preventable"}

    assert keys(standing(NoteKind.MISTAKE, texts=texts, signer_leads=True)) == []


def test_today_is_still_in_time():
    assert keys(standing(NoteKind.HOLDING, days=DAYS | {"next_word": TODAY})) == []


def test_a_mistake_says_responsibility_and_repair_before_the_cause():
    order = FIELDS[NoteKind.MISTAKE]

    assert order.index("wrong") < order.index("sorry") < order.index("affected") < order.index("repair")
    assert order.index("repair") < order.index("did") < order.index("cause") < order.index("noticed")


def test_only_the_fields_of_its_kind_are_said():
    said = what_is_said(NoteKind.CHANGED, {"title": " A ", "wrong": "B", "left": ""}, {"look_again": SOON})

    assert said == [("title", "A", None)]


def test_two_versions_differ_word_by_word():
    assert word_diff("Nur sieben von euch haben geschrieben.", "Sieben von euch haben uns geschrieben.") == [
        ("del", "Nur sieben"),
        ("ins", "Sieben"),
        ("same", "von euch haben"),
        ("ins", "uns"),
        ("same", "geschrieben."),
    ]
