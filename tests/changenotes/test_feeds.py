"""Every feed is what its standard says, whatever somebody wrote into a note; and each language has its own."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from hearback.changenotes import commands
from hearback.changenotes.forms import TranslationForm, WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.changenotes.tables import NoteField
from hearback.changenotes.translating import to_translate
from hearback.people.rules import Language
from hearback.themes import commands as themes
from tests import made
from tests.changenotes.feed_rules import ATOM, XML, why_not_atom, why_not_json_feed
from tests.changenotes.ready import WORDS, Ready
from tests.waiting import until

ENGLISH = {
    "title": "Page 6 now explains it",
    "asked": "In round one we searched.",
    "said": "The rule stood in the wrong place.",
    "did": "The rule now stands where you **light** them.",
    "since_when": "Since the second edition.",
    "closing_question": "What did we miss?",
}
GOOD = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><id>urn:x:1</id><title>T</title>
<updated>2026-11-22T10:00:00Z</updated><author><name>K</name></author><link rel="self" href="https://a.example/f"/>
<entry><id>urn:x:2</id><title>E</title><updated>2026-11-22T10:00:00+01:00</updated><category term="x"/>
<link href="https://a.example/e" hreflang="de" type="text/html"/>
<content type="html">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>"""


@pytest.fixture
async def told(open_house: Ready) -> Ready:
    """Notes of each kind, one translated, one withdrawn, one with signs that no XML may hold and what looks like
    markup."""
    for kind in ("changed", "not_changed", "holding", "mistake"):
        await open_house.published(kind)
    gone = await open_house.note(await open_house.published("holding"))
    why = WithdrawalForm(why="Stimmt <nicht> & ]]> 'so'.")
    await commands.withdraw_note(open_house.company.id, gone, why, by=open_house.writer, now=made.NOW)
    odd = "A\x0bB\x1f <b>&amp;</b> ]]> \u202e\ufffe 😀 <script>x</script>"
    await made.a_public_note(open_house.company, open_house.theme, by=open_house.writer, title=odd, did=odd)
    assert await NoteField.exists().where(NoteField.words == odd)
    await in_english(open_house, await open_house.published(title="Wird übersetzt"))
    return open_house


async def in_english(house: Ready, slug: str, *, later: timedelta = timedelta(0), **fields: str) -> None:
    form = TranslationForm(number=1, language=Language.EN, **ENGLISH | fields)
    at = made.NOW + later
    await commands.translate_note(house.company, await house.note(slug), form, by=house.writer, now=at)


async def test_the_feeds_of_house_kind_theme_question_and_words_are_valid_in_every_language(fan, told):
    queries = [
        "kind=mistake",
        f"theme={told.theme.id}",
        f"question={told.question.slug}",
        "words=%3Cb%3E%26",
        "",
    ]
    feeds = ["log.{}?", "log.{}?kind=mistake", *(f"search.{{}}?{query}" for query in queries)]
    for feed in (f"{one}{lang}" for one in feeds for lang in ("", "&lang=en")):
        atom = await fan.get(f"/kranich/{feed.format('atom')}")
        assert atom.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert why_not_atom(atom.text) == [], feed
        json_feed = await fan.get(f"/kranich/{feed.format('json')}")
        assert json_feed.headers["content-type"] == "application/feed+json; charset=utf-8"
        assert why_not_json_feed(json_feed.text) == [], feed
        assert "<script>x" not in atom.text


async def test_the_logs_feed_of_a_kind_holds_that_kind_alone(fan, told):
    for kind in ("changed", "not_changed", "holding", "mistake"):
        feed = ElementTree.fromstring((await fan.get(f"/kranich/log.atom?kind={kind}")).text)
        assert {one.get("term") for one in feed.iter(f"{ATOM}category")} == {kind}
        assert feed.findtext(f"{ATOM}id") == f"http://test/kranich/log.atom?kind={kind}"
        told_json = json.loads((await fan.get(f"/kranich/log.json?kind={kind}")).text)
        assert len(told_json["items"]) == len(feed.findall(f"{ATOM}entry"))
        page = (await fan.get(f"/kranich/log?kind={kind}&lang=en")).text
        assert page.count(f"/kranich/log.atom?kind={kind}&amp;lang=en") == 2, "in its head and at its end"
    assert (await fan.get("/kranich/log.atom?kind=x")).status_code == 404
    wrong = (await fan.get("/kranich/mistakes?lang=en")).text
    for feed in ("log.atom", "log.json"):
        assert f'href="/kranich/{feed}?kind=mistake&amp;lang=en">' in wrong, "both in its head"


async def test_each_language_has_a_feed_of_its_own_and_every_entry_says_which_it_speaks(fan, open_house):
    slug = await open_house.published()
    await open_house.published("holding")
    await in_english(open_house, slug, later=timedelta(days=3))

    german = ElementTree.fromstring((await fan.get("/kranich/log.atom")).text)
    english = ElementTree.fromstring((await fan.get("/kranich/log.atom?lang=en")).text)

    assert [one.get(f"{XML}lang") for one in (german, english)] == ["de", "en"]
    assert german.findtext(f"{ATOM}id") != english.findtext(f"{ATOM}id")
    told = {one.findtext(f"{ATOM}id"): one for one in english.findall(f"{ATOM}entry")}
    original = next(
        one for one in german.findall(f"{ATOM}entry") if "Seite 6" in one.findtext(f"{ATOM}title")
    )
    entry = told[original.findtext(f"{ATOM}id")]
    assert entry.get(f"{XML}lang") == "en"
    assert entry.findtext(f"{ATOM}title") == ENGLISH["title"]
    content = entry.findtext(f"{ATOM}content")
    assert "<strong>light</strong>" in content and "Anzünden" not in content
    assert entry.findtext(f"{ATOM}updated") > original.findtext(f"{ATOM}updated"), (
        "the translation is news there"
    )
    links = {link.get("hreflang"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links == {"en": f"http://test/kranich/log/{slug}?lang=en", "de": f"http://test/kranich/log/{slug}"}
    (untold,) = [one for one in told.values() if one is not entry]
    assert untold.get(f"{XML}lang") == "de"
    assert "In progress" not in untold.find(f"{ATOM}category").get("label"), "its label speaks as it does"
    items = {
        item["language"]: item
        for item in json.loads((await fan.get("/kranich/log.json?lang=en")).text)["items"]
    }
    assert items["en"]["title"] == ENGLISH["title"]
    assert set(items) == {"de", "en"}


async def test_an_entry_leads_only_to_languages_in_which_it_was_said(fan, open_house):
    slug = await open_house.published()
    assert await languages_of(fan) == ["de"]

    await in_english(open_house, slug)
    await until(lambda: leads_to(fan, ["de", "en"]))


async def languages_of(fan) -> list[str | None]:
    return [link.get("hreflang") for link in (await only_entry(fan, "log.atom")).findall(f"{ATOM}link")]


async def leads_to(fan, languages: list[str]) -> bool:
    return await languages_of(fan) == languages


async def test_what_was_taken_back_says_why_and_no_more_what_it_said(fan, open_house):
    gone = await open_house.note(await open_house.published("holding"))
    why = WithdrawalForm(why="Der Plan stimmte <nicht>.")
    await commands.withdraw_note(open_house.company.id, gone, why, by=open_house.writer, now=made.NOW)

    entry = await only_entry(fan, "log.atom")
    (item,) = json.loads((await fan.get("/kranich/log.json")).text)["items"]
    for content in (entry.findtext(f"{ATOM}content"), item["content_html"]):
        assert "Der Plan stimmte &lt;nicht&gt;." in content
        assert "Testplan" not in content
    assert entry.findtext(f"{ATOM}title") == item["title"]
    assert item["title"] == "Zurückgezogen: Nebelfähre: Wir sind euch noch eine Antwort schuldig"


async def test_a_mistake_is_told_with_its_apology_and_every_note_with_its_question(fan, open_house):
    words = WORDS[NoteKind.MISTAKE]
    slug = await open_house.published(NoteKind.MISTAKE)

    entry = await only_entry(fan, "log.atom")
    (item,) = json.loads((await fan.get("/kranich/log.json")).text)["items"]
    for content in (entry.findtext(f"{ATOM}content"), item["content_html"]):
        order = [
            words["wrong"],
            words["sorry"],
            words["repair"],
            words["closing_question"],
            f"/kranich/log/{slug}",
        ]
        assert sorted(order, key=content.index) == order
    english = dict.fromkeys(to_translate(NoteKind.MISTAKE, words), "Hit 12 of you?")
    await in_english(open_house, slug, **english | {"sorry": "We are sorry."})
    await until(lambda: has(fan, "/kranich/log.atom?lang=en", "We are sorry."))


async def has(fan, address: str, words: str) -> bool:
    return words in (await fan.get(address)).text


async def test_what_was_kept_because_of_fans_is_told_as_that(fan, open_house):
    kept = {"form": "kept", "mind": "", "look_again": None, "reason": "Ihr wolltet die Holzsteine."}
    await open_house.published("not_changed", **kept)
    content = (await only_entry(fan, "log.atom")).findtext(f"{ATOM}content")
    assert (
        "<h3>Wir behalten das, weil ihr es wolltet</h3><p>Ihr wolltet die Holzsteine.</p>"
        in content.replace("\n", "")
    )


async def only_entry(fan, feed: str) -> ElementTree.Element:
    (entry,) = ElementTree.fromstring((await fan.get(f"/kranich/{feed}")).text).findall(f"{ATOM}entry")
    return entry


async def test_what_has_no_note_yet_can_be_waited_for(fan, company):
    question = await made.a_question(company, title="Was fehlt zu zweit?")
    await made.a_question(company, state="draft", slug="geheim")
    theme = await made.a_theme(company, "Zu zweit")
    for number in range(5):
        await made.placed(
            company, await made.an_answer(company, question, f"Zu zweit fehlt es, {number}."), theme
        )
    for query, name in (
        (f"question={question.slug}", "Was fehlt zu zweit?"),
        (f"theme={theme.id}", "Zu zweit"),
    ):
        page = await fan.get(f"/kranich/follow?{query}")
        assert f"/kranich/search.atom?{query}" in page.text
        feed = await fan.get(f"/kranich/search.atom?{query}")
        assert why_not_atom(feed.text) == []
        assert name in ElementTree.fromstring(feed.text).findtext(f"{ATOM}title")
    assert (await fan.get("/kranich/search.atom?question=geheim")).status_code == 404


async def test_the_feed_of_a_theme_that_was_merged_goes_on_as_its_heir(fan, company):
    by, question = await made.a_member(company), await made.a_question(company)
    old, heir = await made.a_theme(company, "Steine"), await made.a_theme(company, "Steine, die man fühlt")
    for number in range(5):
        await made.placed(company, await made.an_answer(company, question, f"Rot ist grün, {number}."), heir)
    await made.a_public_note(company, heir, by=by, title="Kerben")
    await themes.merge(company.id, old.id, heir.id, by=by.id, now=made.NOW)

    feed = await fan.get(f"/kranich/search.atom?theme={old.id}")

    assert feed.status_code == 200, "whoever subscribed loses nothing"
    told = ElementTree.fromstring(feed.text)
    assert "Steine, die man fühlt" in told.findtext(f"{ATOM}title")
    assert [one.findtext(f"{ATOM}title") for one in told.findall(f"{ATOM}entry")] == ["Kerben"]


@pytest.mark.parametrize(
    ("good", "wrong", "why"),
    [
        ("<id>urn:x:1</id>", "", "feed: id × 0"),
        ("<id>urn:x:1</id>", "<id> urn:x:1</id>", "id: empty"),
        ("<id>urn:x:1</id>", "<id>x</id>", "id: no IRI"),
        ("<title>T</title>", "<title>T</title><title>T</title>", "feed: title × 2"),
        ("<title>T</title>", "<title><b>T</b></title>", "3.1.1"),
        ("<title>T</title>", '<title type="rich">T</title>', "3.1.1"),
        ("<title>T</title>", "<headline>T</headline>", "1.2"),
        ("<updated>2026-11-22T10:00:00Z", "<updated>2026-11-22 10:00:00", "3.3"),
        ("<updated>2026-11-22T10:00:00Z", "<updated>2026-11-22T10:00:00", "3.3"),
        ("<author><name>K</name></author>", "", "4.1.1: nobody"),
        ("<author><name>K</name></author>", "<author><uri>urn:k</uri></author>", "author: name × 0"),
        ('rel="self" ', "", "4.1.1: no link to itself"),
        ('href="https://a.example/f"', 'href="/f"', "4.2.7.1"),
        ('hreflang="de"', 'hreflang="de_DE"', "4.2.7.4"),
        ('type="text/html"', 'type="html"', "4.2.7.3"),
        ('xml:lang="de"', 'xml:lang=""', "2: language"),
        ('xml:lang="de"', 'xml:lang="de" lang="de"', "2: feed has lang"),
        ('<category term="x"/>', '<category label="x"/>', "4.2.2.1"),
        ("&lt;/p&gt;", "", "3.1.1.2"),
        ("<link href", '<link href="https://a.example/" hreflang="de" type="text/html"/><link href', "4.1: entry"),
        ("</entry>", '</entry><link href="https://a.example/x"/>', "4.1.1: something after"),
        ('<content type="html">&lt;p&gt;x&lt;/p&gt;</content>', '<content src="urn:a"/>', "4.1.2: content elsewhere"),
    ],
)  # fmt: skip
def test_what_is_no_atom_feed_is_found_out(good, wrong, why):
    assert why_not_atom(GOOD) == []
    assert good in GOOD
    reasons = why_not_atom(GOOD.replace(good, wrong, 1))
    assert any(reason.startswith(why) for reason in reasons), reasons


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "https://jsonfeed.org/version/1"},
        {"title": None},
        {"feed_url": "/log.json"},
        {"next_url": "https://a.example/f"},
        {"language": "de_DE"},
        {"authors": [{}]},
        {"author": {"name": "x"}},
        {"_ledger": 7},
        {"items": [{"id": "", "content_html": ""}]},
        {"items": [{"id": "1", "title": "says nothing"}]},
        {"items": [{"id": 1, "content_text": "x"}]},
        {"items": [{"id": "1", "content_text": "x"}, {"id": "1", "content_text": "y"}]},
        {"items": [{"id": "1", "content_text": "x", "date_published": "2026-11-22"}]},
        {"items": [{"id": "1", "content_text": "x", "tags": "a"}]},
        {"items": [{"id": "1", "content_html": "<p>x"}]},
        {"items": [{"id": "1", "content_text": "x", "_our.own": {}}]},
    ],
)
def test_what_is_no_json_feed_is_found_out(wrong):
    item = {"id": "1", "content_html": "<p>x</p>", "tags": ["a"], "date_published": "2026-11-22T10:00:00Z"}
    good = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "https://a.example/f",
            "language": "de", "authors": [{"name": "K"}], "items": [item], "_ours": {"x": 1}}  # fmt: skip
    assert why_not_json_feed(json.dumps(good)) == []
    assert why_not_json_feed(json.dumps(good | wrong)) != []
