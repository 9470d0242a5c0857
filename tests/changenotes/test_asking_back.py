"""Whether the question a note ends with can be answered: a hint, never a bar."""

import pytest

from hearback.changenotes.asking_back import asks_back, owns_up
from hearback.changenotes.owning import not_owned
from hearback.changenotes.rules import NoteKind

OPEN = [
    ("Was haben wir übersehen?", "de"),
    ("Wen haben wir noch vergessen?", "de"),
    ("Woran merkt ihr, dass es besser ist?", "de"),
    ("Das ist unser Stand. Welche Variante reizt euch?", "de"),
    ("Für wen passt das nicht, und warum?", "de"),
    ("What did we miss?", "en"),
    ("How does it go on your table now?", "en"),
    ("Which of the two would help you?", "en"),
]
HINTED = [
    ("Wer kennt das nicht?", "de", "rhetorical"),
    ("Was will man mehr?", "de", "rhetorical"),
    ("Ist das nicht wunderbar?", "de", "rhetorical"),
    ("Warum nicht?", "de", "rhetorical"),
    ("Wer hätte das gedacht?", "de", "rhetorical"),
    ("Who wouldn't want that?", "en", "rhetorical"),
    ("Why not?", "en", "rhetorical"),
    ("What more could you want?", "en", "rhetorical"),
    ("Wie toll findet ihr die neue Seite 6?", "de", "leading"),
    ("How helpful is the new page?", "en", "leading"),
    ("Was fehlt auf Seite 6 und wie lange spielt ihr?", "de", "two_in_one"),
    ("What is missing and how long do you play?", "en", "two_in_one"),
    ("Hilft euch der Block?", "de", "closed"),
    ("Is it better now?", "en", "closed"),
]


@pytest.mark.parametrize(("words", "lang"), OPEN)
def test_a_question_that_can_be_answered_is_left_alone(words, lang):
    assert asks_back(words, lang) == []


@pytest.mark.parametrize(("words", "lang", "hint"), HINTED)
def test_one_that_asks_nothing_or_suggests_its_answer_is_remarked_on(words, lang, hint):
    assert asks_back(words, lang)[0].hint == hint


@pytest.mark.parametrize(
    ("wrong", "lang", "hints"),
    [
        ("Wir wussten es seit März und haben trotzdem so gedruckt.", "de", []),
        ("Ich habe am 3. Mai die falsche Liste genommen.", "de", []),
        ("Die Steine wurden im Mai falsch gedruckt.", "de", ["nobody"]),
        ("Wir haben falsch gedruckt.", "de", ["no_day"]),
        ("The stones were misprinted.", "en", ["nobody", "no_day"]),
        ("We printed them wrong in May.", "en", []),
        ("", "de", []),
    ],
)
def test_a_mistake_says_who_made_it_and_when(wrong, lang, hints):
    assert [one.hint for one in owns_up(wrong, lang)] == hints


def test_no_question_has_no_hint():
    assert asks_back("Schreibt uns.", "de") == asks_back("", "en") == asks_back("Quoi?", "fr") == []


@pytest.mark.parametrize(("words", "asks"), [("?", False), ("Sagt es uns!", False), ("Und jetzt?", True)])
def test_that_there_is_a_question_is_a_rule(words, asks):
    found = not_owned(NoteKind.CHANGED, {"closing_question": words}, {})

    assert [one.reason for one in found] == ([] if asks else ["note.closing-asks-nothing"])


async def test_the_hint_stands_beside_the_field_and_does_not_keep_the_note_back(desk, open_house):
    note_id = await open_house.draft(closing_question="Wer kennt das nicht?")

    page = (await desk.get(f"/notes/{note_id}")).text
    assert "So fragt, wer keine Antwort erwartet" in page
    typed = open_house.typed(version=2) | {"closing_question": "Hilft euch das?"}
    text = (await desk.post(f"/notes/{note_id}/autosave", typed, headers={"HX-Request": "true"})).text
    assert 'id="hints-closing_question" class="stack gap-2 mt-2" hx-swap-oob="true"' in text
    assert "lässt sich mit Ja oder Nein beantworten" in text
    reply = await desk.post(f"/notes/{note_id}/publication", typed | {"version": 3})
    assert reply.status_code == 303
