"""The triage page: what the team sees and decides, as plain forms and as fragments."""

import json
import re
from datetime import timedelta

import pytest

from hearback.database import engine
from hearback.database.engine import execute, fetch_value
from tests import made
from tests.conftest import browser_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
async def stones(company):
    return await made.a_theme(company, "", state="suggested", terms=["Steine", "Farben"])


@pytest.fixture
async def pictures(company):
    return await made.a_theme(company, "Bilder auf Seite 9")


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def said(company, question, theme, words, **more):
    return await made.placed(company, await made.an_answer(company, question, words, **more), theme)


async def test_before_there_are_themes_the_page_says_that_this_is_right(desk):
    page = await desk.get("/themes")

    assert page.status_code == 200
    assert "Noch keine Themen, und das ist richtig so." in page.text


async def test_a_theme_shows_what_people_wrote_and_how_it_may_be_quoted(desk, company, question, stones):
    await said(company, question, stones, "Rot ist wie Grün.")
    await said(
        company, question, stones, "Ich male Punkte.", quoting="named", first_name="Ayşe", place="Dortmund"
    )
    await said(company, question, stones, "I can’t tell moss from <fire>.", language="en", quoting="unnamed")
    await said(company, question, stones, "Werbung", state="set_aside", reason="Werbung")

    page = (await desk.get(f"/themes/{stones.id}")).text

    assert "Rot ist wie Grün." in page and "nicht zitierbar" in page
    assert "Ayşe aus Dortmund" in page and "zitierbar mit Namen" in page
    assert '<figure class="quote " lang="en"><p>I can’t tell moss from &lt;fire&gt;.</p>' in page
    assert "auf Englisch, zitierbar ohne Namen" in page
    assert "Werbung" not in page
    assert 'class="t guess">Steine, Farben</span>' in page
    assert "3 Antworten, Vorschlag, noch ungeprüft" in page


async def test_naming_makes_a_suggestion_a_theme(desk, company, stones):
    reply = await desk.post(f"/themes/{stones.id}/name", {"name": "Gleiche Farben"})

    assert reply.status_code == 303
    assert reply.headers["location"] == f"/desk/kranich/themes/{stones.id}?done=named#th"
    page = (await desk.get(f"/themes/{stones.id}?done=named")).text
    assert f"Benannt von {desk.member.name}" in page
    assert "Vorschlag war: „Steine, Farben“" in page
    assert "Name gespeichert." in page


async def test_a_name_that_does_not_fit_is_refused_and_kept(desk, stones, pictures):
    short = await desk.post(f"/themes/{stones.id}/name", {"name": "ab", "definition": "Alles mit Farbe"})
    taken = await desk.post(f"/themes/{stones.id}/name", {"name": "Bilder auf Seite 9"})

    assert (short.status_code, taken.status_code) == (422, 422)
    assert 'value="ab"' in short.text and "Alles mit Farbe" in short.text
    assert re.search(r'<details class="tool" open><summary class="btn small">.*Benennen', short.text)
    assert "heißt schon ein anderes Thema" in taken.text
    assert await fetch_value("select state from theme where id = $1", stones.id) == "suggested"


async def test_an_excerpt_is_moved_and_moved_back(desk, company, question, stones, pictures):
    excerpt = await said(company, question, stones, "Das Bild auf Seite 9 ist winzig.")
    form = await desk.get(f"/themes/excerpts/{excerpt.id}/move")
    assert 'list="theme-names"' in form.text
    assert '<option value="Bilder auf Seite 9"></option>' in form.text

    moved = await desk.post(f"/themes/excerpts/{excerpt.id}/move", {"to": "bilder auf seite 9"})

    assert moved.headers["location"].endswith(f"/themes/{stones.id}?done=moved#th")
    assert "winzig" in (await desk.get(f"/themes/{pictures.id}")).text
    source = (await desk.get(f"/themes/{stones.id}?done=moved")).text
    assert "Eine Aussage verschoben." in source and "winzig" not in source
    event = re.search(r'name="event" value="([^"]+)"', source)[1]
    undone = await desk.post("/themes/undo", {"event": event})
    assert undone.headers["location"].endswith(f"/themes/{stones.id}?done=undone#th")
    assert "winzig" in (await desk.get(f"/themes/{stones.id}")).text
    again = await desk.post("/themes/undo", {"event": event})
    assert again.status_code == 422 and "schon rückgängig gemacht" in again.text


async def test_a_new_theme_without_a_name_is_asked_for_below_the_quote(desk, company, question, stones):
    excerpt = await said(company, question, stones, "Bei Kerzenlicht geht es gar nicht.")
    where = f"/themes/excerpts/{excerpt.id}/move"

    whole = await desk.post(where, {"to": "ab", "make": "1"})
    part = await desk.post(where, {"to": "ab", "make": "1"}, headers=HTMX)

    assert whole.status_code == part.status_code == 422
    assert part.headers["HX-Push-Url"] == "false"  # the form's own address cannot be loaded
    assert "Bei Kerzenlicht geht es gar nicht." in whole.text
    assert 'value="ab"' in whole.text and 'value="ab"' in part.text
    assert "<html" in whole.text and "<html" not in part.text
    assert part.headers["hx-retarget"] == f"#move-{excerpt.id}"
    for typed in ({"to": ""}, {"to": "", "make": "1"}, {"to": "x" * 121}, {"nowhere": "yes"}):
        assert (await desk.post(where, typed)).status_code == 422


async def test_a_name_that_no_theme_has_is_said_and_stays_typed(desk, company, question, stones, pictures):
    excerpt = await said(company, question, stones, "Das Bild auf Seite 9 ist winzig.")
    where = f"/themes/excerpts/{excerpt.id}/move"

    for headers in ({}, HTMX):
        page = await desk.post(where, {"to": "Bilder auf Seite 8"}, headers=headers)
        assert page.status_code == 422
        assert "Kein Thema heißt „Bilder auf Seite 8“." in page.text
        field = re.search(r'<input class="input"[^>]*name="to"[^>]*>', page.text)[0]
        assert 'value="Bilder auf Seite 8"' in field and 'aria-invalid="true"' in field
        described = re.search(r'aria-describedby="([^"]+)"', field)[1].split()
        assert all(f'id="{one}"' in page.text for one in described)
    assert await fetch_value("select theme from placement") == stones.id

    made_new = await desk.post(where, {"to": "Bilder auf Seite 8", "make": "1"})
    assert made_new.status_code == 303
    name = await fetch_value("select t.name from placement p join theme t on t.id = p.theme")
    assert name == "Bilder auf Seite 8"


async def test_of_two_themes_with_one_name_one_is_chosen(desk, company, question, stones):
    twins = [await made.a_theme(company, "", state="suggested", terms=["winzig", "bild"]) for _ in range(2)]
    for twin in twins:
        await said(company, question, twin, "Ein winziges Bild.")
    excerpt = await said(company, question, stones, "Das Bild auf Seite 9 ist winzig.")
    where = f"/themes/excerpts/{excerpt.id}/move"

    asked = await desk.post(where, {"to": "winzig, bild"})
    chosen = await desk.post(where, {"to": "winzig, bild", "theme": str(twins[1].id)})
    elsewhere = await desk.post(where, {"to": "winzig, bild", "theme": str(stones.id)})

    assert asked.status_code == elsewhere.status_code == 422
    assert [f'name="theme" value="{twin.id}"' in asked.text for twin in twins] == [True, True]
    assert chosen.status_code == 303
    assert await fetch_value("select theme from placement where excerpt = $1", excerpt.id) == twins[1].id


async def test_a_merged_theme_leads_to_the_one_that_speaks_for_it_and_can_be_parted(
    desk, company, question, stones, pictures
):
    await said(company, question, stones, "Rot ist wie Grün.")
    merged = await desk.post(f"/themes/{stones.id}/merge", {"into": str(pictures.id)})

    assert merged.headers["location"].endswith(f"/themes/{pictures.id}?done=merged#th")
    assert (await desk.get(f"/themes/{stones.id}")).headers["location"].endswith(f"/themes/{pictures.id}")
    page = (await desk.get(f"/themes/{pictures.id}")).text
    assert "Rot ist wie Grün." in page
    assert f'action="/desk/kranich/themes/{stones.id}/unmerge"' in page
    late = await desk.post(f"/themes/{stones.id}/name", {"name": "Zu spät"})
    assert late.status_code == 422 and "in einem anderen aufgegangen" in late.text

    parted = await desk.post(f"/themes/{stones.id}/unmerge")
    assert parted.headers["location"].endswith(f"/themes/{stones.id}?done=unmerged#th")
    assert "Rot ist wie Grün." not in (await desk.get(f"/themes/{pictures.id}")).text


async def test_some_quotes_are_split_off_and_what_was_typed_stays_when_it_does_not_go(
    desk, company, question, stones
):
    colours = await said(company, question, stones, "Rot ist wie Grün.")
    await said(company, question, stones, "Die Steine sind klein.")
    where = f"/themes/{stones.id}/split"

    empty = await desk.post(where, {"new_name": "", "belongs": "Nur Farben", "excerpt": str(colours.id)})
    none = await desk.post(where, {"new_name": "Gleiche Farben"})
    gone = await desk.post(where, {"new_name": "Gleiche Farben", "excerpt": str(made.some_id())})

    assert (empty.status_code, none.status_code, gone.status_code) == (422, 422, 422)
    assert '<details class="tool" id="split" name="ticks" open>' in empty.text and "Nur Farben" in empty.text
    assert f'value="{colours.id}" form="split-off" data-key="s" checked>' in empty.text
    assert 'value="Gleiche Farben"' in none.text and "Kreuz mindestens eine Aussage an." in none.text
    assert "Inzwischen liegt nicht mehr alles davon hier." in gone.text

    split = await desk.post(where, {"new_name": "Gleiche Farben", "excerpt": str(colours.id)})

    path = re.fullmatch(r"/desk/kranich(/themes/[^?]+)\?done=split#th", split.headers["location"])[1]
    page = (await desk.get(f"{path}?done=split")).text
    assert "Rot ist wie Grün." in page and "Die Steine sind klein." not in page
    assert "Geteilt. Das ist das neue Thema." in page
    assert f"{desk.member.name} hat es von „Steine, Farben“ abgeteilt und „Gleiche Farben“ genannt" in page
    source = (await desk.get(f"/themes/{stones.id}")).text
    assert f"{desk.member.name} hat eine Aussage als „Gleiche Farben“ abgeteilt" in source
    event = re.search(r'name="event" value="([^"]+)"', page)[1]
    undone = await desk.post("/themes/undo", {"event": event})
    assert undone.headers["location"].endswith(f"/themes/{stones.id}?done=undone#th")
    assert "Rot ist wie Grün." in (await desk.get(f"/themes/{stones.id}")).text
    assert "das Teilen zurückgenommen" in (await desk.get(f"/themes/{stones.id}")).text


async def test_a_reader_is_not_offered_a_split_and_cannot_make_one(app, company, question, stones):
    excerpts = [await said(company, question, stones, words) for words in ("Rot ist wie Grün.", "Zu klein.")]
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        page = (await reader.get(f"/themes/{stones.id}")).text
        typed = {"new_name": "Gleiche Farben", "excerpt": str(excerpts[0].id)}

        assert 'type="checkbox" name="excerpt"' not in page and 'id="split"' not in page
        assert (await reader.post(f"/themes/{stones.id}/split", typed)).status_code == 403
    assert await fetch_value("select count(*) from theme") == 1


async def test_few_voices_with_weight_stand_in_a_list_of_their_own_with_the_reason(desk, company, stones):
    short = await desk.post(f"/themes/{stones.id}/weight", {"reason": "wichtig"})
    assert short.status_code == 422

    await desk.post(f"/themes/{stones.id}/weight", {"reason": "Es schließt Menschen vom Mitspielen aus."})

    page = (await desk.get(f"/themes/{stones.id}")).text
    assert "Es schließt Menschen vom Mitspielen aus." in page
    assert f"Gewichtet von {desk.member.name}" in page
    await desk.post(f"/themes/{stones.id}/unweight")
    assert "Gewichtet von" not in (await desk.get(f"/themes/{stones.id}")).text


async def test_the_unsorted_wait_in_the_open_the_oldest_first(desk, company, question, stones):
    for days, words in ((1, "Von gestern"), (4, "Von vor vier Tagen")):
        await said(company, question, stones, words, day=made.today() - timedelta(days=days))
    await execute("delete from placement")

    page = (await desk.get("/themes/unsorted")).text

    assert "2 Aussagen" in page and "wartet seit 4 Tagen" in page
    assert page.index("Von vor vier Tagen") < page.index("Von gestern")
    excerpt = await fetch_value("select id from excerpt order by id limit 1")
    away = await desk.post(f"/themes/excerpts/{excerpt}/move", {"nowhere": "1"})
    assert away.headers["location"].endswith("/themes/unsorted?done=moved#th")
    assert "1 Aussage" in (await desk.get("/themes/unsorted")).text
    assert "Gehört nirgendwohin" in (await desk.get("/themes/nowhere")).text


async def test_many_quotes_come_page_by_page_and_none_twice(desk, company, question, stones):
    for number in range(65):
        day = made.today() - timedelta(days=number // 9)
        await said(company, question, stones, f"Satz {number}.", day=day)

    path, seen = f"/themes/{stones.id}", []
    while path:
        page = (await desk.get(path)).text
        seen += re.findall(r"Satz (\d+)\.</p>", page)
        older = re.search(r'href="/desk/kranich(/themes/[^"]+after=[^"]+)" rel="next"', page)
        path = older and older[1]

    assert len(seen) == 65
    assert sorted(map(int, seen)) == list(range(65))
    assert (await desk.get(f"/themes/{stones.id}?after=gestern.x")).status_code == 200


async def test_the_list_marks_what_is_open_and_comes_alone_when_news_is_heard(
    desk, company, question, stones
):
    await said(company, question, stones, "Rot ist wie Grün.")

    part = await desk.get(f"/themes/list?opened={stones.id}", headers=HTMX)

    assert "<html" not in part.text and "Rot ist wie Grün." not in part.text
    assert re.search(
        rf'id="theme-{stones.id}" href="[^"]+" hx-get="[^"]+" hx-push-url="true" aria-current', part.text
    )
    assert 'hx-trigger="sse:news' in part.text
    assert (await desk.get("/themes/list")).headers["location"] == "/desk/kranich/themes"


@pytest.mark.parametrize(
    "done",
    [
        *("named", "merged", "unmerged", "split", "weighted", "unweighted", "not-weighty"),
        *("assigned", "asked", "unasked", "rested", "woken", "remarked", "unremarked"),
    ],
)
async def test_what_is_decided_about_a_theme_leaves_the_focus_where_it_was_decided(desk, stones, done):
    page = await desk.get(f"/themes/{stones.id}?done={done}", headers=HTMX)

    assert page.text.count("data-focus") == 1
    assert re.search(r'<h2[^>]* tabindex="-1"[^>]* data-focus>', page.text)


async def test_focus_goes_to_the_theme_that_was_opened_but_not_after_a_move(desk, stones):
    opened = await desk.get(f"/themes/{stones.id}", headers=HTMX)
    moved = await desk.get(f"/themes/{stones.id}?done=moved", headers=HTMX)
    whole = await desk.get(f"/themes/{stones.id}?done=moved")

    assert "data-focus" in opened.text and "data-say" not in opened.text
    assert "data-focus" not in moved.text and "data-say" in moved.text
    assert "data-say" not in whole.text


async def test_actions_notes_and_history_stand_beside_the_theme(desk, company, question, pictures):
    await said(company, question, pictures, "Das Bild ist winzig.")
    await made.a_public_note(company, pictures, by=desk.member, title="Größere Bilder")
    await desk.post(f"/themes/{pictures.id}/name", {"name": "Bilder sind zu klein"})

    page = (await desk.get(f"/themes/{pictures.id}")).text

    assert "Größere Bilder" in page
    assert "hat es umbenannt in „Bilder sind zu klein“" in page
    assert f"/desk/kranich/actions/new?theme={pictures.id}" in page
    assert f"/desk/kranich/notes/new?theme={pictures.id}" in page
    assert "geändert" in page


async def test_a_reader_sees_everything_and_is_offered_only_to_say_something(app, company, question, stones):
    excerpt = await said(company, question, stones, "Rot ist wie Grün.")
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        page = await reader.get(f"/themes/{stones.id}")

        assert "Rot ist wie Grün." in page.text
        offered = re.findall(r'<form[^>]*method="post" action="([^"]+)"', page.text.partition("<main")[2])
        assert offered == [f"/desk/kranich/themes/{stones.id}/remarks"]
        for path in (f"/themes/{stones.id}/name", f"/themes/excerpts/{excerpt.id}/move", "/themes/undo"):
            assert (await reader.post(path, {"name": "Neu", "to": "nowhere"})).status_code == 403


async def test_quotes_are_read_by_question_and_each_says_how_many_spoke_there(
    desk, company, question, stones
):
    other = await made.a_question(company, title="Was fehlt im Herbst?")
    await said(company, question, stones, "Rot ist wie Grün.")
    await said(company, other, stones, "Grün ist wie Rot.")
    await said(company, other, stones, "Alles ist grau.")

    everything = (await desk.get(f"/themes/{stones.id}")).text
    some = (await desk.get(f"/themes/{stones.id}?question={other.id}")).text
    nonsense = (await desk.get(f"/themes/{stones.id}?question=x")).text

    assert 'Was fehlt im Herbst? <span class="num muted">2</span>' in everything
    assert "Rot ist wie Grün." in everything and "Alles ist grau." in everything
    assert "Grün ist wie Rot." in some and "Alles ist grau." in some
    assert "Rot ist wie Grün." not in some
    assert re.search(rf'question={other.id}" hx-push-url="true" aria-current="true"', some)
    assert "Rot ist wie Grün." in nonsense


async def test_a_theme_of_one_question_has_no_filter(desk, company, question, stones):
    await said(company, question, stones, "Rot ist wie Grün.")

    assert 'aria-label="Welche Frage?"' not in (await desk.get(f"/themes/{stones.id}")).text


async def test_paging_stays_with_the_question(desk, company, question, stones):
    other = await made.a_question(company)
    await said(company, other, stones, "Von woanders.")
    for number in range(31):
        await said(company, question, stones, f"Satz {number}.")

    page = (await desk.get(f"/themes/{stones.id}?question={question.id}")).text
    older = re.search(r'href="/desk/kranich(/themes/[^"]+)" rel="next"', page)[1].replace("&amp;", "&")

    assert f"question={question.id}" in older
    rest = (await desk.get(older)).text
    assert len(re.findall(r"Satz \d+\.</p>", page + rest)) == 31
    assert "Von woanders." not in page + rest


async def news_of(desk, theme, page):
    """What an open page hears when it asks again; and the page's own part that asks."""
    part = re.search(r"<div id=\"quotes-news\" hx-get=\"/desk/kranich([^\"]+)\" hx-vals='([^']+)'", page)
    return (await desk.get(part[1], params=json.loads(part[2]), headers=HTMX)).text


async def test_an_open_page_hears_how_many_are_new_and_loads_them_only_when_asked(
    desk, company, question, stones
):
    first = await said(company, question, stones, "Rot ist wie Grün.")
    page = (await desk.get(f"/themes/{stones.id}")).text
    assert "neue Stimme" not in await news_of(desk, stones, page)

    for words in ("Grün ist wie Rot.", "Alles ist grau."):
        await said(company, question, stones, words)
    line = await news_of(desk, stones, page)

    assert "<span data-say>2 neue Stimmen</span>" in line
    assert "Alles ist grau." not in line
    again = await news_of(desk, stones, line)
    assert "2 neue Stimmen" in again and "data-say" not in again
    shown = (await desk.get(f"/themes/{stones.id}/quotes", headers=HTMX)).text
    assert "Alles ist grau." in shown and "Rot ist wie Grün." in shown and "<html" not in shown
    await desk.post(f"/themes/excerpts/{first.id}/move", {"nowhere": "1"})
    assert "Hier hat sich etwas geändert." in await news_of(desk, stones, shown)


async def test_news_without_a_script_lead_to_the_theme(desk, stones):
    for part in ("news", "quotes"):
        reply = await desk.get(f"/themes/{stones.id}/{part}")
        assert reply.headers["location"] == f"/desk/kranich/themes/{stones.id}"


@pytest.fixture
def statements(monkeypatch):
    """Grows by one with every statement that goes to the database."""
    sent, where = [], engine._where

    def counted():
        sent.append(1)
        return where()

    monkeypatch.setattr(engine, "_where", counted)
    return sent


async def test_no_page_asks_more_of_the_database_when_there_is_more(
    desk, company, question, stones, statements
):
    async def asked(path):
        before = len(statements)
        assert (await desk.get(path)).status_code == 200
        return len(statements) - before

    await said(company, question, stones, "Satz.")
    paths = ("/themes", f"/themes/{stones.id}", "/themes/unsorted")
    few = [await asked(path) for path in paths]
    for number in range(12):
        theme = await made.a_theme(company, f"Thema {number}")
        await said(company, question, theme, "Noch ein Satz.")
        await said(company, question, stones, "Noch ein Satz.")

    assert [await asked(path) for path in paths] == few
    assert max(few) <= 31
