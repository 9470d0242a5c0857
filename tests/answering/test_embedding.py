"""A question in a frame on another page: only where the company named the site, and the same door as ever."""

import re

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.people.hosts import read_hosts
from hearback.refusals import Faulty
from tests import made

KEY = re.compile(r'name="key" value="([^"]+)"')


async def allow(company, *hosts):
    await execute("update company set embed_hosts = $2 where id = $1", company.id, list(hosts))


@pytest.mark.parametrize("path", ["/embed/kranich/frage", "/embed/kranich"])
async def test_without_a_list_nobody_may_frame_a_page(fan, company, path):
    await made.a_question(company, slug="frage")
    page = await fan.get(path)
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", ["/embed/kranich/frage", "/embed/kranich"])
async def test_a_site_on_the_list_may_frame_a_page(fan, company, path):
    await made.a_question(company, slug="frage")
    await allow(company, "laden.beispiel.de", "forum.beispiel.de:8443")
    page = await fan.get(path)
    policy = page.headers.get_list("content-security-policy")
    assert len(policy) == 1 and "https://laden.beispiel.de" in policy[0].partition("frame-ancestors")[2]
    assert "https://forum.beispiel.de:8443" in policy[0] and "*" not in policy[0]
    assert "x-frame-options" not in page.headers
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize(
    "path",
    ["/kranich", "/kranich/ask/frage", "/kranich/r", "/kranich/log", "/in", "/embed/kranich/fehlt", "/embed"],
)
async def test_every_other_page_is_framed_by_nobody(fan, company, path):
    await made.a_question(company, slug="frage")
    await allow(company, "laden.beispiel.de")

    page = await fan.get(path)

    assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert page.headers["x-frame-options"] == "DENY"


async def test_over_https_only_https_may_frame(fan, company, set_env):
    set_env("HEARBACK_PUBLIC_URL", "https://hearback.beispiel.de")
    await made.a_question(company, slug="frage")
    await allow(company, "laden.beispiel.de")

    page = await fan.get("/embed/kranich/frage")

    assert page.headers["content-security-policy"].endswith("frame-ancestors https://laden.beispiel.de")


async def test_an_answer_from_the_frame_goes_through_the_same_door_and_its_receipt_stays_in_the_frame(
    fan, company
):
    question = await made.a_question(company, slug="frage")
    await allow(company, "laden.beispiel.de")
    prompt = await fetch_value("select id from prompt where question = $1", question.id)
    page = await fan.get("/embed/kranich/frage")
    assert 'action="/embed/kranich/frage/answers"' in page.text and "data-draft" not in page.text
    assert 'class="masthead"' not in page.text and '<base target="_blank">' in page.text
    typed = {"key": KEY.search(page.text)[1], "quoting": "no", f"p{prompt.hex}": ""}

    missing = await fan.post(
        "/embed/kranich/frage/answers", data=typed, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert missing.status_code == 422 and '<base target="_blank">' in missing.text
    assert "frame-ancestors https://laden.beispiel.de" in missing.headers["content-security-policy"]
    foreign = await fan.post(
        "/embed/kranich/frage/answers", data=typed, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403

    typed |= {f"p{prompt.hex}": "Aus dem Laden heraus geschrieben."}
    thanks = await fan.post("/embed/kranich/frage/answers", data=typed)
    assert thanks.status_code == 201
    assert "frame-ancestors https://laden.beispiel.de" in thanks.headers["content-security-policy"]
    assert re.search(
        r'<a class="btn" href="http://test/kranich/r#[^"]+">Quittung in eigenem Fenster', thanks.text
    )
    assert await fetch_column("select words from answer") == ["Aus dem Laden heraus geschrieben."]
    page = await fan.post("/kranich/ask/frage/answers", data=typed)
    assert 'class="masthead"' in page.text  # the page of its own is remembered apart


async def test_too_many_answers_show_in_the_frame_with_what_was_written(fan, company, set_env):
    set_env("HEARBACK_ANSWERS_PER_NETWORK_AND_HOUR", "1")
    question = await made.a_question(company, slug="frage")
    await allow(company, "laden.beispiel.de")
    prompt = await fetch_value("select id from prompt where question = $1", question.id)
    for words in ("Die erste Antwort aus dem Zug.", "Die zweite Antwort aus dem Zug."):
        key = KEY.search((await fan.get("/embed/kranich/frage")).text)[1]
        page = await fan.post(
            "/embed/kranich/frage/answers", data={"key": key, "quoting": "no", f"p{prompt.hex}": words}
        )

    assert page.status_code == 429 and page.headers["retry-after"]
    assert "Die zweite Antwort aus dem Zug." in page.text
    assert "frame-ancestors https://laden.beispiel.de" in page.headers["content-security-policy"]


async def test_the_last_notes_stand_in_a_frame_newest_first(fan, company):
    jule = await made.a_member(company)
    for title in ("Größere Schrift", "Kürzere Regeln"):
        await made.a_public_note(company, await made.a_theme(company), by=jule, title=title)
    page = await fan.get("/embed/kranich")

    assert page.text.index("Kürzere Regeln") < page.text.index("Größere Schrift")
    assert "Deine Antwort" not in page.text, "nothing is answered there"
    assert (await fan.get("/embed/gibtsnicht")).status_code == 404


async def test_the_script_may_be_loaded_by_pages_of_others_and_nothing_else_may(fan, company):
    script = await fan.get("/embed.js")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert script.headers["content-type"].startswith("text/javascript")
    assert len(script.content) < 3000
    again = await fan.get("/embed.js", headers={"If-None-Match": script.headers["etag"]})
    assert again.status_code == 304
    page = await fan.get("/kranich/log")
    assert page.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("laden.beispiel.de", ["laden.beispiel.de"]),
        (" https://Laden.Beispiel.de/ \n\nladen.beispiel.de:443", ["laden.beispiel.de"]),
        ("forum.beispiel.de:8443\nläden.example", ["forum.beispiel.de:8443", "xn--lden-loa.example"]),
        ("", []),
    ],
)
def test_a_site_is_kept_by_its_name_alone(typed, kept):
    assert read_hosts(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("*", "embed.no-star"),
        ("*.de", "embed.no-star"),
        ("https://*", "embed.no-star"),
        ("http://laden.beispiel.de", "embed.only-https"),
        ("data://laden.beispiel.de", "embed.only-https"),
        ("laden.beispiel.de/kasse", "embed.only-the-site"),
        ("de", "embed.not-a-host"),
        ("127.0.0.1", "embed.not-a-host"),
        ("[::1]", "embed.not-a-host"),
        ("laden.beispiel.de; script-src x.de", "embed.not-a-host"),
        ("'self'", "embed.not-a-host"),
        ("https:", "embed.not-a-host"),
        ("anna@laden.beispiel.de", "embed.not-a-host"),
        ("laden.beispiel.de:99999", "embed.not-a-host"),
        ("laden..de", "embed.not-a-host"),
        ("-laden.de", "embed.not-a-host"),
        (f"{'a' * 250}.de", "embed.not-a-host"),
        ("ü" * 80 + ".de", "embed.not-a-host"),
        ("\n".join(f"s{n}.de" for n in range(21)), "embed.too-many-hosts"),
    ],
)
def test_what_would_let_in_more_than_one_site_is_refused_with_its_reason(typed, why):
    with pytest.raises(Faulty) as refused:
        read_hosts(typed)
    assert [reason.reason for reason in refused.value.reasons] == [why]


async def test_an_admin_names_the_sites_and_everybody_finds_the_lines_to_copy(fan, desk, company):
    await made.a_question(company, slug="frage", title="Wo klemmt's & hakt's?")
    assert (await desk.post("/embedding", {"hosts": "laden.beispiel.de\n*"})).status_code == 422
    assert await fetch_value("select embed_hosts from company") == []
    assert (await desk.post("/embedding", {"hosts": "laden.beispiel.de"})).status_code == 303

    page = await desk.get("/embedding")

    assert await fetch_value("select embed_hosts from company") == ["laden.beispiel.de"]
    assert "laden.beispiel.de" in (await fan.get("/embed/kranich/frage")).headers["content-security-policy"]
    for line in (
        "data-hearback",
        "http://test/embed.js",
        "http://test/embed/kranich/frage",
        "http://test/embed/kranich&",
    ):
        assert line in page.text, line
    assert "Wo klemmt&amp;#x27;s &amp;amp; hakt" in page.text
    assert await fetch_value("select count(*) from audit where did = 'company.embedding'") == 1


@pytest.mark.parametrize("role", ["comms", "product", "moderator", "reader"])
async def test_nobody_but_an_admin_names_sites(fan, company, role):
    member = await made.signed_in(fan, company, role=role)
    assert (await member.post("/embedding", {"hosts": "laden.beispiel.de"})).status_code == 403
    assert (await member.get("/embedding")).status_code == 200
    assert await fetch_value("select embed_hosts from company") == []
