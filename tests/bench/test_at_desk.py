"""The simulated team that works with the desk's own commands: it names, settles and moves until all stands right."""

from hearback.bench.themes.at_desk import Entry, Team, fill_company
from hearback.bench.themes.nothing import Answer, Point

ENTRIES = {
    "toilets": Entry("Toiletten", "Zahl, Sauberkeit und Schlangen an den Toiletten."),
    "prices": Entry("Preise", "Was Essen, Trinken und Eintritt kosten."),
}
SAID = [
    ("Die Klos waren am Samstag nicht mehr benutzbar.", "toilets"),
    ("Mehr Toiletten bitte, die Schlange war ewig.", "toilets"),
    ("Dixis ohne Papier.", "toilets"),
    ("8 Euro für ein kleines Bier ist viel zu teuer.", "prices"),
    ("Der Eintritt ist schon wieder teurer geworden.", "prices"),
    ("12 € für Pommes!", "prices"),
    ("Meine Tante strickt.", "none"),
]
ANSWERS = [
    Answer(str(number), "Uferlicht", f"Hallo! {text}", [Point(text, theme)])
    for number, (text, theme) in enumerate(SAID)
]


async def test_a_team_names_all_and_settles_what_is_offered_until_all_stands_right(pool, database):
    owner = database.replace("hearback_app@", "hearback_owner@")
    company, member, truth = await fill_company(owner, ANSWERS, ENTRIES, twice=False)
    assert sorted(truth.values()) == ["", *["Preise"] * 3, *["Toiletten"] * 3]

    team = Team(company, member, truth)
    needed = await team.work(list(ENTRIES.values()), goal=1)

    assert not await team.wrong()
    assert needed.points == 7
    assert 2 <= needed.naming <= 4
    assert needed.acts == needed.naming + len(needed.batches) <= 9
