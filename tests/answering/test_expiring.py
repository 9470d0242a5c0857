"""Words are kept as long as was said, and the figures stay true when they are gone."""

from datetime import date, datetime, timedelta

import pytest

from hearback.answering import queries
from hearback.answering.expiring import let_go_of_old
from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt, Question
from hearback.changenotes.tables import NoteQuote
from hearback.jobs import CLOCKED, do_all_now
from hearback.people.tables import Audit
from hearback.receipts.tables import Hearback
from hearback.themes.queries import marking, theme_labels, voices
from hearback.themes.tables import Excerpt
from hearback.trust.retention import kept_until
from hearback.worker import run  # noqa: F401  (registers what runs by the clock)
from tests import made
from tests.receipts.test_erasing import where_it_stands

CODE = "7K4QM0000000000000000000AB"
WORDS = "Die Zaunkönigsfeder klemmt im Scharnier der Schatulle."
DAY = date(2026, 3, 31)


def at(day: date) -> datetime:
    """Early on that day in Berlin, where it is still the day before in Greenwich."""
    return datetime.fromisoformat(f"{day.isoformat()}T00:30:00+02:00")


@pytest.fixture
async def question(company):
    return await made.a_question(
        company,
        slug="schatulle",
        keep_months=6,
        prompts=[
            {"kind": "open", "words": "Wie war es?"},
            {"kind": "choice", "words": "Noch einmal?", "options": ["Ja", "Nein"]},
        ],
    )


@pytest.fixture
async def response(company, question):
    given = {"code": CODE, "day": DAY, "quoting": "named", "first_name": "Ayşe"}
    response = await made.an_answer(company, question, WORDS, **given)
    (choice,) = await Prompt.objects().where(Prompt.kind == "choice")
    await Answer.insert(Answer(company=company.id, response=response.id, prompt=choice.id, chosen=[1]))
    return response


async def test_before_the_day_all_stays_and_on_the_day_the_words_go(company, response):
    gone = kept_until(DAY, 6)

    assert await let_go_of_old(at(gone - timedelta(days=1))) == 0
    assert await where_it_stands("Zaunkönigsfeder") == ["answer.words"]
    assert await let_go_of_old(at(gone)) == 1
    assert await where_it_stands("Zaunkönigsfeder") == await where_it_stands("Ayşe") == []
    assert await let_go_of_old(at(gone)) == 0
    (row,) = await Response.select(Response.state, Response.words_gone_on, Response.quoting)
    assert row == {"state": "counted", "words_gone_on": gone, "quoting": "no"}
    (told,) = await Audit.select(Audit.member, Audit.after).where(Audit.did == "answers.expired")
    assert told["member"] is None and '"n": 1' in told["after"]


async def test_figures_survive(company, question, response):
    theme = await made.a_theme(company)
    excerpt = await made.placed(company, response, theme)
    by = await made.a_member(company)
    note = await made.a_public_note(company, theme, by=by, quotes=[excerpt.id])
    said = {"verdict": "no", "words": WORDS, "on": DAY}
    await Hearback.insert(Hearback(company=company.id, response=response.id, note=note.id, **said))
    before = await figures(company, question, theme)
    assert before[1] == 1

    await let_go_of_old(at(kept_until(DAY, 6)))

    assert await figures(company, question, theme) == before
    assert await Excerpt.select(Excerpt.answer, Excerpt.vector) == [{"answer": None, "vector": None}]
    assert await Hearback.select(Hearback.verdict, Hearback.words) == [{"verdict": "no", "words": ""}]
    assert await NoteQuote.select(NoteQuote.excerpt, NoteQuote.gone) == [{"excerpt": None, "gone": "expired"}]


async def test_the_worker_lets_voices_without_words_lie_where_they_lay(company, response):
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    await let_go_of_old(at(kept_until(DAY, 6)))

    await do_all_now()  # everything is read anew, for the machine learnt from these words

    assert await voices(company.id, [theme.id]) == 1
    assert await marking.companies_with_unmarked() == []


async def figures(company, question, theme):
    (label,) = await theme_labels(company.id, [theme.id])
    return (
        await queries.sums(company.id, question.id),
        await voices(company.id, [theme.id]),
        label.voices,
        await queries.picks(company.id, question.id),
    )


async def test_every_desk_page_still_stands_and_the_receipt_keeps_its_way(
    fan, desk, company, question, response
):
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    await let_go_of_old(at(kept_until(DAY, 6)))

    for path in (
        "/themes",
        f"/themes/{theme.id}",
        "/inbox",
        f"/inbox/{response.id}",
        f"/questions/{question.id}",
    ):
        assert (await desk.get(path)).status_code == 200, path
    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert "Deine Worte haben wir am" in page and theme.name in page
    assert "Antwort löschen" in page
    for gone in ("/kranich/r/quoting", "/kranich/r/correction"):
        assert f'action="{gone}"' not in page
    quoting = await fan.post("/kranich/r/quoting", data={"code": CODE, "quoting": "unnamed"})
    assert quoting.status_code == 422 and "nichts mehr zu zitieren" in quoting.text


async def test_another_question_keeps_its_words_as_long_as_it_said(company, response):
    await made.an_answer(company, await made.a_question(company, keep_months=7), "Bleibt noch.", day=DAY)

    await let_go_of_old(at(kept_until(DAY, 6)))

    assert await Answer.select(Answer.words).where(Answer.words != "") == [{"words": "Bleibt noch."}]


async def test_it_is_said_before_and_after_answering(fan, desk, company, question, response):
    asked = (await fan.get("/kranich/ask/schatulle")).text
    assert "Deine Worte löschen wir 6 Monate nach dem Tag, an dem du sie schickst." in asked
    receipt = (await fan.post("/kranich/r", data={"code": CODE})).text.replace("\xa0", " ")
    assert "Deine Worte heben wir bis zum 30. September" in receipt
    page = (await desk.get(f"/questions/{question.id}")).text
    assert "Was wann gelöscht wird" in page and "6 Monate nach dem Tag der Antwort" in page


async def test_the_editor_asks_for_it_and_refuses_what_is_too_long(desk):
    page = (await desk.get("/questions/new")).text
    assert 'name="keep_months"' in page and 'value="12"' in page

    refused = await desk.post("/questions", data={"keep_months": "121", "title": "Wie war es im Nebel?"})

    assert refused.status_code == 422
    assert 'value="121"' in refused.text
    assert await Question.count() == 0


def test_it_runs_every_day():
    cron, _ = CLOCKED["answering.let_go_of_old"]
    assert cron.split()[2:] == ["*", "*", "*"] and cron.split()[1].isdigit()
