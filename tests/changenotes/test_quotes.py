"""What of a fan's words the public may read: with their consent, without personal data, and never from too few."""

import re

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from hearback.answering.code import shown
from hearback.answering.tables import Answer, Response
from hearback.app import build_app
from hearback.database.engine import execute
from hearback.refusals import Faulty
from hearback.trust.consent import WORDING
from hearback.words.speaking import words_for
from tests import made

PARAMETER = re.compile(r"{(\w+):\w+}")
CANARY = "Zaunkönigsfeder"
CODE = "7K4QM0000000000000000000AB"


async def test_a_quote_with_personal_data_keeps_the_note_back(house):
    (answer,) = await Answer.objects().where(Answer.response == house.quoted.response)
    answer.words = "Ruft mich an: 0171 2345678, dann erzähle ich alles genauer."
    await answer.save()
    await execute("update excerpt set ends = $1 where id = $2", len(answer.words), house.quoted.id)

    with pytest.raises(Faulty) as refused:
        await house.published(quotes=[house.quoted.id])

    assert [reason.reason for reason in refused.value.reasons] == ["note.quote-with-personal-data"]


async def test_a_quote_of_few_keeps_the_note_back_although_its_theme_was_lifted(house):
    house.theme.weight_reason = "Es geht um Sicherheit."
    await house.theme.save()
    await execute("update response set state = 'set_aside', reason = 'Reklame' where quoting = 'no'")

    with pytest.raises(Faulty) as refused:
        await house.published(quotes=[house.quoted.id])

    assert [reason.reason for reason in refused.value.reasons] == ["note.quote-of-few"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("update response set quoting = 'no' where id = $1", "Der Mensch hat es zurückgezogen."),
        ("update response set state = 'withdrawn' where id = $1", "Der Mensch hat es zurückgezogen."),
        ("update response set state = 'held' where id = $1", "Die Antwort zählt gerade nicht."),
        ("update response set state = 'withdrawn' where id <> $1", "nicht mehr genug Stimmen"),
    ],
)
async def test_a_quote_that_may_not_be_shown_any_more_leaves_a_gap_that_says_why(
    fan, open_house, change, says
):
    slug = await open_house.published(quotes=[open_house.quoted.id])
    await execute(change, open_house.quoted.response)

    page = (await fan.get(f"/kranich/log/{slug}?before=2099-01-01")).text

    assert says in page
    assert "Ich habe 0 Minuten gesucht" not in page and "Ayşe" not in page


def public_pages(app: Litestar):
    for route in app.routes:
        if route.path.startswith("/desk") or not isinstance(route, HTTPRoute):
            continue
        for handler in {
            id(one): one for one in route.route_handlers if isinstance(one, HTTPRouteHandler)
        }.values():
            if "GET" in handler.http_methods:
                yield route.path


PAGES = sorted(set(public_pages(build_app())))


def test_public_pages_are_found():
    assert {"/{company_slug:str}/log/{note_slug:str}", "/{company_slug:str}"} <= set(PAGES)


async def test_no_public_page_shows_words_without_consent(fan, open_house):
    """Whatever address there is, with a note that quotes somebody who let nobody quote them, and one set aside."""
    company, question = open_house.company, open_house.question
    quotes = [open_house.quoted.id]
    for more in ({}, {"state": "held", "quoting": "unnamed"}, {"state": "withdrawn", "quoting": "no"}):
        response = await made.an_answer(company, question, f"Die {CANARY} klemmt.", **more)
        excerpt = await made.placed(company, response, open_house.theme)
        quotes.append(excerpt.id)
    note = await made.a_public_note(company, open_house.theme, by=open_house.writer, quotes=quotes)
    somebody = await made.an_answer(company, question, "Ich auch.", code=CODE)
    await made.placed(company, somebody, open_house.theme)
    values = {"company_slug": company.slug, "note_slug": note.slug, "question_slug": question.slug}

    asked = []
    for path in PAGES:
        address = PARAMETER.sub(lambda found: values.get(found[1], "x"), path)
        for lang in ("", "?lang=en"):
            page = await fan.get(address + lang)
            asked.append((path, page.status_code))
            assert CANARY not in page.text, address
    assert CANARY not in (await fan.post("/kranich/r", data={"code": shown(CODE)})).text
    assert len([path for path, status in asked if status == 200]) > 15


async def test_nothing_is_ticked_before_the_fan_ticks_it(fan, open_house):
    page = (await fan.get(f"/kranich/ask/{open_house.question.slug}")).text

    ticked = [tag for tag in re.findall(r'<input[^>]*name="quoting"[^>]*>', page) if " checked" in tag]
    assert [re.search('value="(\\w+)"', tag)[1] for tag in ticked] in ([], ["no"])


async def test_the_consent_is_kept_with_the_wording_that_was_agreed_to(fan, open_house):
    await made.an_answer(open_house.company, open_house.question, "Gern.", code=CODE)

    await fan.post("/kranich/r/quoting?lang=en", data={"code": CODE, "quoting": "unnamed"})

    kept = await Response.select(Response.consent, Response.consent_on).where(Response.consent != "")
    assert [row["consent"] for row in kept] == [f"{WORDING} en"]
    assert kept[0]["consent_on"] is not None


CONSENT = ("answer.quoting", "answer.quoting.no", "answer.quoting.unnamed", "answer.quoting.named")
AGREED = {
    1: {
        "de": [
            "Dürfen wir dich öffentlich zitieren?",
            "Nein, bitte nur lesen",
            "Ja, wörtlich, ohne Namen",
            "Ja, wörtlich, mit Vorname und Ort",
        ],
        "en": [
            "May we quote you in public?",
            "No, please just read it",
            "Yes, word for word, without my name",
            "Yes, word for word, with first name and place",
        ],
    }
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_who_changes_the_wording_of_the_consent_raises_its_number(language):
    """Wordings of before stay here, so that one can look up what somebody agreed to."""
    words = words_for(language)

    assert [words.say(key) for key in CONSENT] == AGREED[WORDING][language]


@pytest.mark.parametrize(("quoting", "kept"), [("unnamed", f"{WORDING} de"), ("no", "")])
async def test_an_answer_comes_in_with_the_wording_of_its_consent(fan, open_house, quoting, kept):
    path = f"/kranich/ask/{open_house.question.slug}"
    page = (await fan.get(path)).text
    (field,) = re.findall(r'<textarea[^>]*name="(p[0-9a-f]{32})"', page)
    (key,) = re.findall(r'name="key" value="([0-9a-f]{32})"', page)

    sent = await fan.post(f"{path}/answers", data={"key": key, field: "Ganz neu.", "quoting": quoting})

    assert sent.status_code == 201
    (row,) = await Response.select(Response.consent, Response.consent_on).where(
        Response.id.is_in(Answer.select(Answer.response).where(Answer.words == "Ganz neu."))
    )
    assert (row["consent"], row["consent_on"] is not None) == (kept, kept != "")
