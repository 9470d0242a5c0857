"""What everybody reads: the company's page, the log, an entry, the feed. Drafts are nowhere, gaps are visible."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import msgspec
import pytest

from hearback.changenotes import commands, owning, public
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.queries.log import LOG
from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.database.engine import execute, fetch_value, transaction
from hearback.jobs import do_all_now
from hearback.promises import commands as promising
from hearback.promises.forms import NewDateForm
from hearback.receipts import commands as receipts
from hearback.receipts.forms import HearbackForm
from hearback.receipts.rules import Verdict
from hearback.themes import jobs  # noqa: F401  (what reads answers)
from hearback.themes.commands import learn, merge, name_theme, unmerge
from hearback.themes.forms import NameForm
from hearback.web import remembering
from hearback.web.live import LIVE, tell
from tests import made
from tests.changenotes.ready import SOON, TODAY, WORDS, Ready, ready
from tests.counting import queries_asked
from tests.waiting import until

ATOM = "{http://www.w3.org/2005/Atom}"
TITLES = {kind: WORDS[kind]["title"] for kind in NoteKind}


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


async def text_of(fan, path: str) -> str:
    return plain((await fan.get(path)).text)


async def anew(company) -> None:
    """As any change does: caches drop what they remember."""
    async with transaction():
        await tell(company.id, "public")


async def all_news_heard(fan) -> None:
    """News come in the order of their commits: once a neighbour's page is dropped, so is all that was told before."""
    neighbour = await made.a_company("reiher")

    async def kept() -> bool:
        """Not while news comes in: a page made meanwhile may be older than they."""
        await fan.get("/reiher")
        return remembering.PAGES_KEPT.look_up("/reiher") is not None

    async def dropped() -> bool:
        return remembering.PAGES_KEPT.look_up("/reiher") is None

    await until(kept)
    await anew(neighbour)
    await until(dropped)


async def soon_says(fan, path: str, words: str) -> None:
    async def says() -> bool:
        return words in await text_of(fan, path)

    await until(says)


async def one_of_each(house: Ready) -> dict[NoteKind, str]:
    return {
        kind: await house.published(kind, at=made.NOW - timedelta(days=day))
        for day, kind in enumerate(NoteKind)
    }


async def test_the_log_shows_every_kind_newest_first(fan, open_house):
    await one_of_each(open_house)

    page = await text_of(fan, "/kranich/log")

    listed = page[page.index('id="liste"') :]
    places = [listed.index(TITLES[kind]) for kind in NoteKind]
    assert places == sorted(places)
    assert "Wir wussten es seit März und haben trotzdem so gedruckt." in page
    assert "Die Regel steht jetzt beim <strong>Anzünden</strong>." in page
    assert "5 von 5 Antworten." in page
    assert "Wo hat euch die Anleitung allein gelassen?" in page
    assert "4 Einträge" in page


@pytest.mark.parametrize("kind", NoteKind)
async def test_the_filter_shows_one_kind(fan, open_house, kind):
    await one_of_each(open_house)

    page = await text_of(fan, f"/kranich/log?kind={kind}")

    shown = page[page.index('id="liste"') :]
    assert [other for other in NoteKind if TITLES[other] in shown] == [kind]


@pytest.mark.parametrize(
    "query",
    [
        "kind=schoen",
        "before=gestern",
        "before=%00",
        "before=2026-01-01T00:00:00Z~x",
        # In UTC these lie in the years 0 and 10000.
        "before=0001-01-01T00:00:00%2B14:00",
        "before=9999-12-31T23:59:59-14:00",
    ],
)
async def test_a_filter_that_there_is_not_leads_nowhere(fan, open_house, query):
    assert (await fan.get(f"/kranich/log?{query}")).status_code == 404


async def test_twenty_a_page_and_none_twice_or_lost(fan, company):
    theme, by = await made.a_theme(company), await made.a_member(company)
    for number in range(43):
        # Three of each moment, so that a page also ends between notes of one moment.
        at = made.NOW - timedelta(hours=number // 3)
        await made.a_public_note(company, theme, by=by, at=at, title=f"Notiz Nr. {number:02}.")

    seen: list[str] = []
    path: str | None = "/kranich/log"
    sizes = []
    while path:
        page = await text_of(fan, path)
        here = [f"Notiz Nr. {number:02}." for number in range(43) if f"Notiz Nr. {number:02}." in page]
        sizes.append(len(here))
        seen += here
        path = (
            page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in page
            else None
        )

    assert sizes == [20, 20, 3]
    assert sorted(seen) == [f"Notiz Nr. {number:02}." for number in range(43)]


async def test_an_older_page_keeps_kind_and_language(fan, company):
    theme, by = await made.a_theme(company), await made.a_member(company)
    for number in range(21):
        await made.a_public_note(company, theme, by=by, kind="mistake", at=made.NOW - timedelta(hours=number))

    page = await text_of(fan, "/kranich/log?kind=mistake&lang=en")

    link = page.split('rel="next" href="')[1].split('"')[0]
    assert "kind=mistake" in link
    assert "lang=en" in link


async def test_no_page_asks_more_when_there_is_more(fan, open_house, monkeypatch):
    async def cost(path: str) -> int:
        monkeypatch.setattr(remembering, "PAGES_KEPT", remembering.Memory())
        monkeypatch.setattr(public, "COMPANIES", remembering.Memory())
        monkeypatch.setattr(public, "AROUND", remembering.Memory())
        with queries_asked() as sent:
            assert (await fan.get(path)).status_code == 200
        return len(sent)

    slug = await open_house.published()
    paths = ["/kranich", "/kranich/log", "/kranich/log.atom", f"/kranich/log/{slug}"]
    few = [await cost(path) for path in paths]
    for number in range(12):
        await open_house.published(list(NoteKind)[number % 4], quotes=[open_house.quoted.id])
        await made.a_question(open_house.company)
    many = [await cost(path) for path in paths]

    assert few == many == [3, 3, 5, 8]


async def test_what_stands_around_the_entries_is_asked_for_once_a_change(fan, open_house):
    await LIVE.connected.wait()
    await open_house.published()
    await all_news_heard(fan)
    await fan.get("/kranich")

    with queries_asked() as sent:
        for path in ("/kranich?lang=en", "/kranich/log", "/kranich/log?kind=changed", "/kranich/log.atom"):
            assert (await fan.get(path)).status_code == 200

    assert (
        len(sent) == 6
    )  # one a page, and of the feed the signatures under its entries and what they say besides
    await made.a_question(open_house.company, title="Was fehlt euch im Spiel zu zweit?")
    await anew(open_house.company)
    await soon_says(fan, "/kranich", "Was fehlt euch im Spiel zu zweit?")


async def test_the_log_reads_as_little_right_after_many_answers_as_before(open_house):
    """No statistics yet: the planner takes the tables for as empty as they were."""

    async def pages_read() -> int:
        values = [open_house.company.id, None, None, None, 20, 0, 5, TODAY, None]
        plan = await fetch_value("explain (analyze, buffers, format json) " + literal(LOG, values))
        return msgspec.json.decode(plan)[0]["Plan"]["Shared Hit Blocks"]

    await open_house.published(questions=[open_house.question.id])
    before = await pages_read()
    await execute(
        """insert into response (id, company, question, day)
           select gen_random_uuid(), $1, $2, current_date from generate_series(1, 2000)""",
        open_house.company.id,
        open_house.question.id,
    )

    assert await pages_read() < before + 500


def literal(sql: str, values: list[object]) -> str:
    """EXPLAIN takes no parameters."""
    for number, value in reversed(list(enumerate(values, 1))):
        sql = sql.replace(f"${number}", "null" if value is None else f"'{value}'")
    return sql


async def test_an_entry_shows_the_whole_thread(fan, open_house):
    slug = await open_house.published(quotes=[open_house.quoted.id], questions=[open_house.question.id])

    page = await text_of(fan, f"/kranich/log/{slug}")

    assert "Wo hat euch die Anleitung allein gelassen?" in page
    assert "5 von 5 Antworten." in page
    assert "Irrlichter" in page
    assert "5 Menschen" in page
    assert "Seite 6 neu zeichnen" in page
    assert "Jule Brandt" in page
    assert "Ich habe 0 Minuten gesucht" in page
    assert "Ayşe aus Dortmund" in page
    assert "Antwort zur Anleitung" in page
    assert "Was haben wir übersehen?" in page
    assert "Noch hat niemand geprüft" in page


async def test_a_mistake_stands_in_the_order_of_the_evidence(fan, open_house):
    slug = await open_house.published(NoteKind.MISTAKE)

    page = await text_of(fan, f"/kranich/log/{slug}")

    said = [
        WORDS[NoteKind.MISTAKE][name] for name in ("wrong", "sorry", "affected", "repair", "did", "cause")
    ]
    places = [page.index(words) for words in [*said, "Sieben haben uns geschrieben."]]
    assert places == sorted(places)
    assert "Wir hätten es verhindern können." in page
    assert "Ihr habt es uns gesagt." in page
    assert "Freigegeben von" not in page, "who signed it let it out"


async def test_a_consent_taken_back_leaves_a_gap_at_once(fan, open_house):
    slug = await open_house.published(quotes=[open_house.quoted.id])
    path = f"/kranich/log/{slug}"
    assert "Ich habe 0 Minuten gesucht" in await text_of(fan, path)

    await receipts.withdraw(open_house.company.id, open_house.quoted.response, today=made.today())

    await soon_says(fan, path, "Hier stand ein Zitat. Der Mensch hat es zurückgezogen.")
    page = await text_of(fan, path)
    assert "Ich habe 0 Minuten gesucht" not in page
    assert "Ayşe" not in page


async def test_a_theme_of_too_few_is_named_nowhere(fan, open_house):
    slug = await open_house.published()
    assert "Irrlichter" in await text_of(fan, f"/kranich/log/{slug}")

    await execute("update response set state = 'withdrawn' where id = $1", open_house.quoted.response)
    await anew(open_house.company)

    async def hidden() -> bool:
        return "Irrlichter" not in await text_of(fan, f"/kranich/log/{slug}")

    await until(hidden)
    for path in (f"/kranich/log/{slug}", "/kranich/log", "/kranich"):
        assert "Antworten." not in await text_of(fan, path)


async def test_a_lifted_theme_is_shown_with_its_reason(fan, company):
    house = await ready(company, voices=2)
    await execute("update theme set weight_reason = 'Es geht um Teilhabe.' where id = $1", house.theme.id)
    slug = await house.published()

    assert "2 von 2 Antworten. Es geht um Teilhabe." in await text_of(fan, "/kranich/log")
    assert "Wenige Stimmen, großes Gewicht: Es geht um Teilhabe." in await text_of(
        fan, f"/kranich/log/{slug}"
    )


async def test_an_answer_is_counted_on_the_pages_that_show_the_number(fan, open_house, monkeypatch):
    monkeypatch.setattr(remembering, "NUMBERS_STAND_S", 0)
    slug = await open_house.published()
    paths = ["/kranich", "/kranich/log", f"/kranich/log/{slug}"]
    for path in paths:
        assert "5 von 5 Antworten." in await text_of(fan, path)

    question = f"/kranich/ask/{open_house.question.slug}"
    form = (await fan.get(question)).text
    sent = await fan.post(
        f"{question}/answers",
        data={
            "key": form.split('name="key" value="')[1][:32],
            re.search(r'name="(p[0-9a-f]{32})"', form)[1]: "Die Steine rollen vom Tisch.",
            "quoting": "no",
        },
    )

    assert sent.status_code == 201
    await do_all_now()  # whoever reads the answer tells of it
    for path in paths:
        await soon_says(fan, path, "5 von 6 Antworten.")


async def test_what_the_machine_sorts_is_counted_too(fan, open_house, monkeypatch):
    monkeypatch.setattr(remembering, "NUMBERS_STAND_S", 0)
    response = await made.an_answer(open_house.company, open_house.question)
    slug = await open_house.published()
    assert "5 von 6 Antworten." in await text_of(fan, f"/kranich/log/{slug}")

    await made.placed(open_house.company, response, open_house.theme)
    await learn(open_house.company.id, cause="grown", now=made.NOW)

    await soon_says(fan, f"/kranich/log/{slug}", "6 von 6 Antworten.")


async def test_a_question_with_too_few_voices_tells_no_number(fan, open_house):
    other = await made.a_question(open_house.company, title="Was fehlt euch?", slug="was-fehlt")
    for _ in range(2):
        response = await made.an_answer(open_house.company, other)
        await made.placed(open_house.company, response, open_house.theme)
    slug = await open_house.published()

    thread = (await text_of(fan, f"/kranich/log/{slug}")).split('id="thread"')[1]

    assert "7 Menschen" in thread
    assert "Was fehlt euch?" in thread
    assert thread.count("Wenige Stimmen.") == 1
    assert "2 von 2" not in thread
    # 7 people less the 5 of the other question would be the 2 again.
    assert "Antworten." not in thread


async def test_a_lifted_themes_few_voices_are_not_told_apart_by_question(fan, company):
    house = await ready(company, voices=2)
    await execute("update theme set weight_reason = 'Es geht um Teilhabe.' where id = $1", house.theme.id)
    slug = await house.published()

    thread = (await text_of(fan, f"/kranich/log/{slug}")).split('id="thread"')[1]

    assert "Wenige Stimmen." in thread
    assert "2 von 2" not in thread


async def test_what_fans_said_back_is_counted_on_the_note(fan, open_house):
    slug = await open_house.published()
    note_id = await open_house.note(slug)
    for number in range(3):
        response = await made.an_answer(open_house.company, open_house.question)
        await made.placed(open_house.company, response, open_house.theme)
        form = HearbackForm(note_id, Verdict.NOT_QUITE if number == 2 else Verdict.YES, "Es war Runde 2.")
        await receipts.say_back(open_house.company.id, response.id, form, today=TODAY)

    told = (
        "3 Menschen haben geprüft, ob wir sie verstanden haben: 2 sagen ja, eine Person hat uns korrigiert."
    )
    assert told in await text_of(fan, f"/kranich/log/{slug}")
    assert told in await text_of(fan, "/kranich/log")


async def test_drafts_are_nowhere_in_public(fan, open_house):
    note_id = await open_house.draft(title="Noch geheim", quotes=[open_house.quoted.id])
    await open_house.published()

    for path in ("/kranich", "/kranich/log", "/kranich/log.atom", "/kranich/promises"):
        assert "Noch geheim" not in await text_of(fan, path)
    for slug in (str(note_id), "noch-geheim"):
        assert (await fan.get(f"/kranich/log/{slug}")).status_code == 404
        assert (await fan.get(f"/kranich/log/{slug}/history")).status_code == 404


async def test_another_companys_notes_are_nowhere(fan, open_house):
    slug = await open_house.published()
    await made.a_company("reiher", name="Reiher Bahn")

    for path in ("/reiher", "/reiher/log", "/reiher/log.atom"):
        assert TITLES[NoteKind.CHANGED] not in await text_of(fan, path)
    assert (await fan.get(f"/reiher/log/{slug}")).status_code == 404


async def test_a_corrected_note_says_so_and_shows_what_changed(fan, open_house):
    slug = await open_house.published()
    words = WORDS[NoteKind.CHANGED] | {"did": "Die Regel steht jetzt beim Anzünden, in vier Bildern."}
    form = CorrectionForm(number=1, why="Die Bilder fehlten.", **words)
    await commands.correct_note(
        open_house.company, await open_house.note(slug), form, by=open_house.leader, now=made.NOW
    )

    page = await text_of(fan, f"/kranich/log/{slug}")

    assert "Fassung 2" in page
    assert "Grund: Die Bilder fehlten." in page
    assert "<del>**Anzünden**.</del>" in page
    assert "<ins>Anzünden, in vier Bildern.</ins>" in page
    history = await text_of(fan, f"/kranich/log/{slug}/history")
    assert "beim <strong>Anzünden</strong>." in history
    assert "in vier Bildern." in history
    assert "Einmal nachträglich geändert." in await text_of(fan, "/kranich/log")


async def test_a_withdrawn_note_stays_loud_and_readable(fan, open_house):
    slug = await open_house.published()
    form = WithdrawalForm("Die Bilder waren falsch.")
    await commands.withdraw_note(
        open_house.company.id, await open_house.note(slug), form, by=open_house.leader, now=made.NOW
    )

    for path in ("/kranich/log", f"/kranich/log/{slug}"):
        page = await text_of(fan, path)
        assert "zurückgezogen." in page
        assert "Grund: Die Bilder waren falsch." in page
    assert "Die Regel steht jetzt beim" in await text_of(fan, f"/kranich/log/{slug}")
    assert f"Zurückgezogen: {TITLES[NoteKind.CHANGED]}" in await text_of(fan, "/kranich/log.atom")


async def test_a_holding_note_stands_beside_the_overdue_reply(fan, open_house):
    await execute("update promise set due_on = $1", TODAY - timedelta(days=42))
    await open_house.published(NoteKind.HOLDING, questions=[open_house.question.id])

    page = await text_of(fan, "/kranich/log")

    assert "Überfällig seit" in page
    assert "Nächstes Wort am" in page
    assert "42 Tage überfällig" in page


async def test_the_company_page_tells_what_is_asked_promised_changed_and_wrong(fan, open_house):
    await one_of_each(open_house)
    await execute("update promise set due_on = $1 where kind = 'reply'", TODAY - timedelta(days=3))

    page = await text_of(fan, "/kranich")

    assert "Wo hat euch die Anleitung allein gelassen?" in page
    assert "Antwort versprochen bis" in page
    assert page.index("3 Tage überfällig") < page.index("läuft")
    assert TITLES[NoteKind.CHANGED] in page
    assert "Wo wir falsch lagen" in page


async def test_mistakes_do_not_fall_off_the_company_page(fan, open_house):
    await open_house.published(NoteKind.MISTAKE, at=made.NOW - timedelta(days=90))
    for _ in range(7):
        await open_house.published()

    page = await text_of(fan, "/kranich")

    assert TITLES[NoteKind.MISTAKE] in page[page.index("Wo wir falsch lagen") :]
    newest = page[page.index("Was daraus wurde") : page.index("Wo wir falsch lagen")]
    assert TITLES[NoteKind.MISTAKE] not in newest


async def test_a_company_that_has_said_nothing_says_so(fan, open_house):
    for path in ("/kranich", "/kranich/log"):
        page = await text_of(fan, path)
        assert "Wir haben noch nichts geändert." in page
        assert "Die erste Frage läuft seit dem" in page
        assert "steht hier, was daraus wurde." in page


async def test_a_question_that_closes_leaves_the_page_at_its_minute(fan, open_house):
    await execute("update question set closes_at = $1", now() + timedelta(seconds=20))

    page = await fan.get("/kranich")

    assert int(page.headers["cache-control"].rpartition("=")[2]) <= 20


async def test_an_unchanged_page_is_not_sent_twice_and_a_changed_one_is(fan, open_house):
    await open_house.published()
    for path in ("/kranich", "/kranich/log", "/kranich/log.atom"):
        etag = (await fan.get(path)).headers["etag"]
        assert (await fan.get(path, headers={"If-None-Match": etag})).status_code == 304

        await open_house.published(NoteKind.HOLDING, title=f"Neu auf {path}")

        await soon_says(fan, path, f"Neu auf {path}")
        again = await fan.get(path, headers={"If-None-Match": etag})
        assert again.status_code == 200


async def test_the_feed_is_atom_with_signed_entries_and_escaped_words(fan, open_house, monkeypatch):
    # As for what went out before such signs were looked at.
    monkeypatch.setattr(owning, "HIDDEN", re.compile("(?!)"))
    await open_house.published(title="Steine & <Kerben>", did="Fett: **ja** & <script>nein</script> \x0b\x1f")
    slug = await open_house.published(NoteKind.HOLDING, at=made.NOW - timedelta(days=1))

    reply = await fan.get("/kranich/log.atom")

    assert reply.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(reply.content)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [
        "Steine & <Kerben>",
        TITLES[NoteKind.HOLDING],
    ]
    assert entries[0].find(f"{ATOM}author").findtext(f"{ATOM}name") == "Jule Brandt, Redaktion"
    assert "<strong>ja</strong>" in entries[0].findtext(f"{ATOM}content")
    assert "<script>" not in entries[0].findtext(f"{ATOM}content")
    assert entries[1].find(f"{ATOM}link").get("href") == f"http://test/kranich/log/{slug}"
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")


async def test_the_feed_speaks_the_language_that_is_asked_for(fan, open_house):
    await open_house.published()

    english = ET.fromstring((await fan.get("/kranich/log.atom?lang=en")).content)

    assert english.findtext(f"{ATOM}title") == "Kranich Spiele: You asked, we changed"
    assert english.find(f"{ATOM}entry").get("{http://www.w3.org/XML/1998/namespace}lang") == "de"


async def test_words_of_members_can_do_nothing_on_the_page(fan, open_house):
    slug = await open_house.published(
        title="<img src=x onerror=alert(1)>", did="<script>alert(1)</script> [hier](javascript:alert(1))"
    )

    for path in (f"/kranich/log/{slug}", "/kranich/log", "/kranich"):
        page = (await fan.get(path)).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert 'href="javascript' not in page


@pytest.mark.parametrize(
    "path",
    [
        "/gibt-es-nicht",
        "/gibt-es-nicht/log",
        "/kranich/log/nichts",
        "/kranich/log/%00",
        "/kranich/log/%00/history",
        "/kranich/log/" + "x" * 3000,
    ],
)
async def test_what_is_not_there_is_not_there(fan, open_house, path):
    assert (await fan.get(path)).status_code == 404


async def test_a_company_that_says_sie_says_sie(fan, app):
    house = await ready(await made.a_company("bahn", address="sie"))
    slug = await house.published(
        title="Aufzug", asked="Er fehlt.", said="Verstanden.", closing_question="Und sonst?"
    )

    for path in ("/bahn", "/bahn/log", f"/bahn/log/{slug}"):
        page = await text_of(fan, path)
        assert "Sie" in page
        assert "Ihr habt" not in page
        assert " euch " not in page.replace("Wo hat euch die Anleitung", "")


async def test_a_new_date_stands_beside_the_old_one_on_the_note(fan, open_house):
    slug = await open_house.published(NoteKind.HOLDING)
    mine = (await made.promises_of(open_house.company.id, note=await open_house.note(slug)))[0]
    await promising.set_new_date(
        open_house.company.id,
        mine.id,
        NewDateForm(SOON + timedelta(days=30), "Der Drucker ist krank."),
        by=open_house.writer,
        now=made.NOW,
        today=TODAY,
    )

    page = await text_of(fan, f"/kranich/log/{slug}")

    assert "Das alte bleibt hier stehen." in page
    assert page.count("Nächstes Wort: Nebelfähre") == 2
    assert 'Der Grund: <bdi class="serif">Der Drucker ist krank.</bdi>' in page


async def test_promises_in_another_language_than_the_page_say_so(fan, open_house):
    slug = await open_house.published(NoteKind.HOLDING)

    for path in ("/kranich", "/kranich/log"):
        page = await text_of(fan, f"{path}?lang=en")
        assert re.search(
            r'<a class="plainlink" href="[^"]+" lang="de"><span lang="en">Next word: <span lang="de">', page
        ), path
        assert '<span lang="de">Nebelf' not in await text_of(fan, path)
        assert 'lang="de">Nächstes Wort' not in await text_of(fan, path)
    assert '<dt lang="de"><span lang="en">Next word: <span lang="de">' in await text_of(
        fan, f"/kranich/log/{slug}?lang=en"
    )


async def test_a_mistake_says_what_those_affected_must_do_and_thanks_who_told_us(fan, open_house):
    slug = await open_house.published(NoteKind.MISTAKE, thanks="Danke, Ayşe.")

    page = (await fan.get(f"/kranich/log/{slug}")).text
    assert "Nichts, wir schicken ihn euch." in page
    assert page.index("Was ihr dafür tun müsst") > page.index("Wie wir es wiedergutmachen")
    assert page.index("Danke, Ayşe.") > page.index("Wie wir es bemerkt haben")


async def test_a_theme_that_got_another_name_since_says_so_on_the_note(fan, open_house):
    slug = await open_house.published()
    assert "Name oder Begründung" not in (await fan.get(f"/kranich/log/{slug}")).text

    named = NameForm(name="Wann das Irrlicht ausgeht")
    by = {"by": open_house.writer.id, "now": made.NOW}
    await name_theme(open_house.company.id, open_house.theme.id, named, **by)

    async def told() -> bool:
        page = (await fan.get(f"/kranich/log/{slug}")).text
        return "Name oder Begründung dieses Themas geändert am" in page and named.name in page

    await until(told)


async def test_a_theme_that_came_to_another_since_says_so_on_the_note(fan, open_house):
    other = await made.a_theme(open_house.company, "Wegweiser")
    slug = await open_house.published()
    by = {"by": open_house.writer.id, "now": made.NOW}

    async def told(name: str, line: str) -> bool:
        page = (await fan.get(f"/kranich/log/{slug}")).text
        return name in page and line in page

    assert not await told("Irrlichter", "gehört es zu diesem")
    await merge(open_house.company.id, open_house.theme.id, other.id, **by)
    await until(lambda: told("Wegweiser", "gehört es zu diesem"))

    await unmerge(open_house.company.id, open_house.theme.id, **by)
    await until(lambda: told("Irrlichter", "steht dieses Thema wieder für sich"))


async def test_the_database_itself_keeps_the_day_on_which_a_theme_got_other_words(open_house):
    ask = "select reworded_on from theme where id = $1"
    await execute("update theme set weight_reason = 'Wenige, aber schwer.'")
    assert await fetch_value(ask, open_house.theme.id) is None, "nothing stood there before"

    for sql in (
        "update theme set weight_reason = ''",
        "update theme set reworded_on = null, name = 'Anders'",
    ):
        await execute(sql)
        assert await fetch_value(ask, open_house.theme.id), sql
        await execute("update theme set reworded_on = null")


async def test_what_is_called_so_at_the_desk_says_its_language_on_a_page_in_another(fan, open_house):
    slug = await open_house.published()

    english = (await fan.get(f"/kranich/log/{slug}?lang=en")).text
    assert '<p class="serif"><span lang="de">Irrlichter</span></p>' in english
    assert '<p><span lang="de">Seite 6 neu zeichnen</span></p>' in english
    assert '<p class="serif">Irrlichter</p>' in (await fan.get(f"/kranich/log/{slug}")).text
