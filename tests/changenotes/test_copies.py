"""What is taken along: the whole log as a file, one note on paper, the badge, and what search engines read."""

import csv
import hashlib
import io
import json
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from hearback.changenotes import commands, sitemap
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.rules import CHOICES, FIELDS, NoteKind
from hearback.database.engine import execute, transaction
from hearback.promises.tables import Promise
from hearback.web.live import tell
from hearback.words.speaking import words_for
from tests import made
from tests.changenotes.ready import TODAY, WORDS, Ready
from tests.changenotes.test_feeds import ENGLISH, in_english
from tests.waiting import until


@pytest.fixture
async def corrected(open_house: Ready) -> str:
    """A note in its second version, whose reason begins like a formula."""
    slug = await open_house.published(did="=1+1 Seiten mehr.")
    note = await open_house.note(slug)
    said = WORDS[NoteKind.CHANGED] | {"did": "Zwei Seiten mehr."}
    form = CorrectionForm(number=1, why="=HYPERLINK(1) war falsch.", **said)
    await commands.correct_note(open_house.company, note, form, by=open_house.writer, now=made.NOW)
    return slug


async def test_the_table_holds_every_version_and_no_formula(fan, open_house, corrected):
    await open_house.draft(title="Noch geheim")

    page = await fan.get("/kranich/export/log.csv")

    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(page.text.lstrip("\ufeff"), newline=""))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(row["version"], row["version_kind"]) for row in told] == [("1", "published"), ("2", "corrected")]
    assert told[0]["did"] == "'=1+1 Seiten mehr."
    assert told[1]["why"] == "'=HYPERLINK(1) war falsch."
    assert "Noch geheim" not in page.text


async def test_json_and_markdown_say_the_same(fan, open_house, corrected):
    notes = json.loads((await fan.get("/kranich/export/log.json")).text)["notes"]
    text = (await fan.get("/kranich/export/log.md?lang=en")).text

    (note,) = notes
    assert [revision["number"] for revision in note["revisions"]] == [1, 2]
    said = {field["name"]: field["words"] for field in note["revisions"][1]["fields"]}
    assert said["did"] == "Zwei Seiten mehr."
    assert "=1+1 Seiten mehr." in text
    assert "Zwei Seiten mehr." in text
    assert "=HYPERLINK(1) war falsch." in text
    assert f"http://test/kranich/log/{corrected}" in text


async def test_table_json_and_markdown_hold_the_same_of_every_version(fan, open_house, corrected):
    slugs = [corrected, *[await open_house.published(kind) for kind in NoteKind]]
    await in_english(open_house, slugs[1])
    gone = await open_house.note(slugs[-1])
    why = WithdrawalForm(why="Der Plan stimmte nicht.")
    await commands.withdraw_note(open_house.company.id, gone, why, by=open_house.writer, now=made.NOW)

    notes = json.loads((await fan.get("/kranich/export/log.json")).text)["notes"]
    rows = list(
        csv.DictReader(
            io.StringIO((await fan.get("/kranich/export/log.csv")).text.lstrip("\ufeff"), newline="")
        )
    )
    text = (await fan.get("/kranich/export/log.md")).text.replace("\xa0", " ")
    german = words_for("de", "du", "Europe/Berlin")

    versions = [(note, one) for note in notes for one in (*note["revisions"], *note["translations"])]
    assert len(rows) == len(versions) == 5 + 1 + 1 + 1  # a correction, a translation, a withdrawal
    for (note, one), row in zip(versions, rows, strict=True):
        assert row["address"].endswith(f"/log/{note['slug']}")
        assert (row["kind"], row["state"], row["signed_by"]) == (note["kind"], note["state"], note["signer"])
        assert (row["version"], row["version_kind"]) == (str(one["number"]), one["kind"])
        assert row["why"].lstrip("'") == one["reason"] and one["reason"] in text
        said = {field["name"]: field["until"] or field["words"] for field in one["fields"]}
        assert {name: row[name].lstrip("'") for name in said} == said
        for field in one["fields"]:
            if field["until"]:
                assert german.date(date.fromisoformat(field["until"])).replace("\xa0", " ") in text
            elif field["name"] not in CHOICES:
                assert field["words"] in text
    assert "Wir hätten es verhindern können." in text and "preventable" not in text
    assert {note["state"] for note in notes} == {"published", "withdrawn"}


async def test_translations_are_taken_along_with_the_version_that_they_say(fan, open_house):
    await in_english(open_house, await open_house.published())

    (note,) = json.loads((await fan.get("/kranich/export/log.json")).text)["notes"]
    (told,) = note["translations"]
    assert (told["language"], told["number"], told["kind"]) == ("en", 1, "translated")
    assert {"name": "title", "words": ENGLISH["title"], "until": None} in told["fields"]
    head, *rows = csv.reader(
        io.StringIO((await fan.get("/kranich/export/log.csv")).text.lstrip("\ufeff"), newline="")
    )
    languages = [(row[head.index("language")], row[head.index("version_kind")]) for row in rows]
    assert languages == [("de", "published"), ("en", "translated")]
    text = (await fan.get("/kranich/export/log.md")).text
    assert "Fassung 1 auf Englisch" in text
    assert ENGLISH["did"] in text


async def test_what_is_taken_along_says_the_cause_after_responsibility_sorry_and_repair(fan, open_house):
    slug = await open_house.published(NoteKind.MISTAKE)
    note_id = await open_house.note(slug)
    told = {
        name: f"In English: {name}."
        for name in (
            "title",
            "asked",
            "said",
            "wrong",
            "sorry",
            "affected",
            "repair",
            "must_do",
            "did",
            "cause",
        )
    }
    await execute(
        """insert into note_translation (id, company, note, of_number, language, fields, by, at)
           values (gen_random_uuid(), $1, $2, 1, 'en', $3, $4, now())""",
        open_house.company.id,
        note_id,
        json.dumps(told),
        open_house.writer.id,
    )

    (note,) = json.loads((await fan.get("/kranich/export/log.json")).text)["notes"]
    for version in (*note["revisions"], *note["translations"]):
        names = [field["name"] for field in version["fields"]]
        assert names == [name for name in FIELDS[NoteKind.MISTAKE] if name in names]
    text = (await fan.get("/kranich/export/log.md")).text
    assert text.index(told["wrong"]) < text.index(told["sorry"]) < text.index(told["repair"])
    assert text.index(told["repair"]) < text.index(told["cause"])


async def test_the_page_to_print_names_version_and_checksum_and_the_checksum_can_be_made_again(
    fan, open_house, corrected
):
    page = await fan.get(f"/kranich/log/{corrected}/print")

    file = (await fan.get(f"/kranich/log/{corrected}/version.json")).content
    assert hashlib.sha256(file).hexdigest() in page.text
    assert json.loads(file)["version"] == 2
    assert json.loads(file)["fields"]["did"] == "Zwei Seiten mehr."
    in_full = re.compile(r"Fassung 2(?: vom|,) \d\d?\.\s\w+ 20\d\d, \d\d:\d\d")
    for told in (page.text, (await fan.get("/kranich/export/log.md")).text):
        assert in_full.search(told), "what is taken along names no day without its year"
    assert "=HYPERLINK(1) war falsch." in page.text
    assert "Unterschrieben: Jule Brandt" in page.text
    assert f"http://test/kranich/log/{corrected}/version.json?version=2" in page.text
    assert "nicht mehr die neueste" not in page.text
    assert f'href="/kranich/log/{corrected}/print"' in (await fan.get(f"/kranich/log/{corrected}")).text


async def test_whoever_holds_a_sheet_of_an_older_version_can_check_it_still(fan, corrected):
    there = f"/kranich/log/{corrected}"

    page = (await fan.get(f"{there}/print?version=1")).text

    file = (await fan.get(f"{there}/version.json?version=1")).content
    assert (json.loads(file)["version"], hashlib.sha256(file).hexdigest() in page) == (1, True)
    assert (
        "Fassung 1 vom" in page
        and "Inzwischen gibt es Fassung 2." in page
        and "Zwei Seiten mehr." not in page
    )
    assert f"{corrected}/print?version=1" in (await fan.get(f"{there}/history")).text
    for number in ("3", "0", "", "x", "1.0"):
        for file_name in ("print", "version.json"):
            assert (await fan.get(f"{there}/{file_name}?version={number}")).status_code == 404


async def test_a_mistake_on_paper_begins_with_what_people_said_as_its_page_does(fan, open_house):
    slug = await open_house.published(NoteKind.MISTAKE)
    words = WORDS[NoteKind.MISTAKE]

    text = (await fan.get(f"/kranich/log/{slug}/print")).text

    assert text.index(words["asked"]) < text.index(words["said"]) < text.index(words["wrong"])
    english = (await fan.get(f"/kranich/log/{slug}/print?lang=en")).text
    assert '<div class="prose" lang="de"><h2 lang="en">You said</h2>' in english


async def test_a_withdrawn_note_is_printed_as_withdrawn_and_a_draft_not_at_all(fan, open_house, corrected):
    note = await open_house.note(corrected)
    await commands.withdraw_note(
        open_house.company.id,
        note,
        WithdrawalForm(why="Es stimmte nicht."),
        by=open_house.writer,
        now=made.NOW,
    )
    draft = await open_house.draft()

    assert "Es stimmte nicht." in (await fan.get(f"/kranich/log/{corrected}/print")).text
    for path in (f"{draft}/print", f"{draft}/version.json", "nichts/print", "NICHTS!/version.json"):
        assert (await fan.get(f"/kranich/log/{path}")).status_code == 404


async def test_the_badge_never_hides_what_is_overdue(fan, open_house):
    for kept, due in ((TODAY, TODAY), (TODAY, TODAY - timedelta(days=3)), (None, TODAY - timedelta(days=1))):
        await Promise.insert(
            Promise(
                company=open_house.company.id,
                kind="repair",
                words="Steine",
                due_on=due,
                kept_on=kept,
                owner=open_house.writer.id,
                made_by=open_house.writer.id,
                made_at=made.NOW,
                question=open_house.question.id,
            )
        )

    page = await fan.get("/embed/kranich/badge.svg")

    assert page.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert page.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in page.headers
    said = ElementTree.fromstring(page.text).get("aria-label")
    assert said == "Kranich Spiele: 2 Versprechen offen, davon 1 überfällig, 2 gehalten, davon 1 zu spät"
    assert "2 promises open" in (await fan.get("/embed/kranich/badge.svg?lang=en")).text

    await execute("update promise set broken_on = $1, broken_why = 'x' where kept_on is null", TODAY)
    await tell_public(open_house.company.id)
    await until(lambda: says(fan, "/embed/kranich/badge.svg", "2 gebrochen"))


async def test_the_frame_shows_the_last_five_notes_each_in_the_readers_language(fan, open_house):
    for number in range(6):
        at = made.NOW + timedelta(hours=number)
        slug = await open_house.published(title=f"Notiz {number}", at=at)
    await in_english(open_house, slug)
    gone = await open_house.note(await open_house.published("holding", at=made.NOW + timedelta(hours=9)))
    why = WithdrawalForm(why="Der Plan stimmte nicht.")
    await commands.withdraw_note(open_house.company.id, gone, why, by=open_house.writer, now=made.NOW)
    await open_house.draft(title="Noch geheim")

    page = (await fan.get("/embed/kranich")).text
    assert re.findall(r">(?:<s>)?([^<]+)(?:</s>)?</a></li>", page) == [
        WORDS[NoteKind.HOLDING]["title"],
        *[f"Notiz {number}" for number in (5, 4, 3, 2)],
    ]
    assert f"<s>{WORDS[NoteKind.HOLDING]['title']}</s>" in page
    assert f'href="/kranich/log/{slug}"' in page and 'target="_blank"' in page
    english = (await fan.get("/embed/kranich?lang=en")).text
    assert ENGLISH["title"] in english and "Notiz 5" not in english
    assert '<a class="said" lang="de" href="/kranich/log/' in english, "what was not translated says so"


async def says(fan, path: str, words: str) -> bool:
    return words in (await fan.get(path)).text


async def tell_public(company_id) -> None:
    async with transaction():
        await tell(company_id, "public")


async def test_search_engines_find_what_is_public_and_nothing_else(fan, open_house, corrected):
    draft = await open_house.draft()

    robots = (await fan.get("/robots.txt")).text
    all_ = (await fan.get("/sitemap.xml")).text
    page = await fan.get("/kranich/sitemap.xml")

    assert "Disallow: /desk/\n" in robots
    assert "Disallow: /*/r$\n" in robots, "the rules of a house begin with the same letter"
    assert "Sitemap: http://test/sitemap.xml" in robots
    assert "<loc>http://test/kranich/sitemap.xml</loc>" in all_
    ElementTree.fromstring(page.text)
    assert f"<loc>http://test/kranich/log/{corrected}</loc>" in page.text
    assert f'hreflang="en" href="http://test/kranich/log/{corrected}?lang=en"' in page.text
    assert f"<loc>http://test/kranich/ask/{open_house.question.slug}</loc>" in page.text
    assert str(draft) not in page.text
    for address in re.findall("<loc>http://test(/[^<?]*)</loc>", page.text):
        told = await fan.get(address)
        assert told.status_code == 200, address
        assert f'<link rel="canonical" href="http://test{address}">' in told.text, (
            "the address that the list names"
        )


async def test_a_question_for_those_invited_or_of_tomorrow_is_on_no_list_for_search_engines(fan, open_house):
    invited = await made.a_question(open_house.company, level="invited")
    tomorrow = await made.a_question(open_house.company, opens_at=made.NOW + timedelta(days=1))
    draft = await made.a_question(open_house.company, state="draft")
    page = (await fan.get("/kranich/sitemap.xml")).text
    assert f"/ask/{open_house.question.slug}<" in page
    for hidden in (invited, tomorrow, draft):
        assert hidden.slug not in page


async def test_the_list_for_search_engines_names_every_page_in_every_language_and_when_it_changed(
    fan, open_house
):
    slug = await open_house.published()
    draft = await made.a_public_note(
        open_house.company, open_house.theme, by=open_house.writer, state="draft"
    )
    await in_english(open_house, slug, later=timedelta(days=3))

    page = (await fan.get("/kranich/sitemap.xml")).text
    address = f"http://test/kranich/log/{slug}"
    changed = (made.NOW + timedelta(days=3)).isoformat(timespec="seconds")
    for one in (address, f"{address}?lang=en"):
        assert f"<loc>{one}</loc><lastmod>{changed}</lastmod>" in page, "a translation is a change"
    for one in ("", "/log", "/mistakes", "/promises", "/replies", "/who", "/rules", "/report", "/ledger"):
        assert f"<loc>http://test/kranich{one}</loc>" in page
        assert (await fan.get(f"/kranich{one}")).status_code == 200
    assert draft.slug not in page


async def test_the_list_for_search_engines_never_outgrows_its_format(fan, open_house, monkeypatch):
    """Each language of a page is an address; sitemaps.org takes 50,000."""
    for _ in range(3):
        await open_house.published()
    monkeypatch.setattr(sitemap, "MOST", 26)
    page = await fan.get("/kranich/sitemap.xml")
    assert page.text.count("<loc>") == 26
    assert page.text.count("/log/") > 0, "what has words comes after the pages that every house has"


async def test_a_note_tells_machines_what_it_is_without_any_script(fan, open_house, corrected):
    page = (await fan.get(f"/kranich/log/{corrected}")).text

    assert 'itemtype="https://schema.org/Article"' in page
    assert '<meta itemprop="headline" content="Seite 6 erklärt es jetzt in vier Bildern">' in page
    assert 'itemtype="https://schema.org/CorrectionComment"' in page
    assert '<link rel="canonical" href="http://test/kranich/log/' in page
    assert 'hreflang="en"' in page
    assert 'property="og:image"' in page
