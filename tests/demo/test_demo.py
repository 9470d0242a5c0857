"""The demo is a true story: told through the doors that people use, with numbers that can be counted."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from hearback.answering.tables import Response
from hearback.asking.queries import prompts, questions
from hearback.asking.queries import question as question_of
from hearback.clock import day_in
from hearback.database.engine import connected, fetch_column, fetch_value
from hearback.demo import story
from hearback.demo.loading import SignIn, load_demo
from hearback.people.commands.founding import create_company
from hearback.people.commands.signing_in import sign_in
from hearback.people.queries import Company, company_by_slug, members
from hearback.promises.queries import promises
from hearback.promises.rules import PromiseState
from hearback.refusals import Refused
from hearback.reporting.queries import reports
from hearback.themes.queries import voices
from tests import made

TEXTS = (
    "title",
    "why",
    "can_change",
    "cannot_change",
    "what_happens",
    "words",
    "help",
    "low_label",
    "high_label",
)
PASSWORD = "only for this test 7"
TODAY = day_in("Europe/Berlin", made.NOW)


@pytest.fixture
async def sign_ins(pool: None) -> list[SignIn]:
    return await load_demo(PASSWORD, now=made.NOW)


@pytest.fixture
async def kranich(sign_ins: list[SignIn]) -> Company:
    return await company_by_slug("kranich")


async def test_the_whole_demo(kranich: Company, sign_ins: list[SignIn]):
    """One loading, many questions to it: it takes seconds."""
    await people_sign_in_and_have_faces(sign_ins)
    await every_question_is_whole_in_english(kranich)
    await every_answer_is_there_and_most_are_read()
    await the_program_found_themes_and_people_named_some(kranich)
    await notes_of_every_kind_are_out_and_one_was_corrected(kranich)
    await numbers_in_notes_are_the_numbers_of_voices(kranich)
    await quotes_are_only_those_that_may_be_quoted(kranich)
    await one_promise_is_overdue_and_one_was_kept(kranich)
    await two_replies_went_out_under_the_mandate_and_a_leader_read_one(kranich)
    await months_that_are_over_are_counted_and_signed(kranich)
    await nothing_lies_in_the_future()
    await nothing_waits_to_be_done()
    await a_second_loading_is_refused()


async def people_sign_in_and_have_faces(sign_ins: list[SignIn]) -> None:
    assert len(sign_ins) == 15
    for address in ("jule@kranich.example", "nadja@uferlicht.example", "walter@rheintalbahn.example"):
        assert address in [who.address for who in sign_ins]
        assert await sign_in(address, PASSWORD, network="192.0.2.1", old_token="", now=made.NOW)
    for slug in story.COMPANIES:
        people = await members((await company_by_slug(slug)).id)
        assert 3 <= len(people) <= 5
        assert all(person.face_digest and person.role_title for person in people)
        assert any(person.leads for person in people)


async def every_question_is_whole_in_english(kranich: Company) -> None:
    for slug in story.COMPANIES:
        for question in await questions((company := await company_by_slug(slug)).id):
            page = [await question_of(company.id, question.id), *await prompts(company.id, question.id)]
            for told in (
                one.told(field, "en")
                for one in page
                for field in TEXTS
                if isinstance(getattr(one, field, None), str) and getattr(one, field)
            ):
                assert told.language == "en", told.words
    asked = [one for q in await questions(kranich.id) for one in await prompts(kranich.id, q.id)]
    assert {"open", "choice", "yes_no", "ranking"} <= {one.kind for one in asked}
    assert any(one.if_prompt is not None for one in asked)


async def every_answer_is_there_and_most_are_read() -> None:
    assert await Response.count().where(Response.channel == "file") == len(story.answers())
    unread = await fetch_value("select count(*) from response where read_on is null")
    assert 0 < unread < len(story.answers()) / 4
    languages = await fetch_column("select distinct language from response")
    assert {"de", "en"} <= set(languages)


async def the_program_found_themes_and_people_named_some(kranich: Company) -> None:
    for slug in story.COMPANIES:
        company = await company_by_slug(slug)
        suggested = await fetch_value(
            "select count(*) from theme where company = $1 and state = 'suggested'", company.id
        )
        assert suggested >= 5
    named = await fetch_column("select name from theme where company = $1 and state = 'named'", kranich.id)
    assert "Wann zieht der Nebel, und wann hört er auf?" in named
    assert await fetch_value(
        "select count(*) from theme where company = $1 and merged_into is not null", kranich.id
    )
    machine = await fetch_value("select count(*) from placement where by = 'machine'")
    assert machine > 400  # which ones hangs a little on the chance of their ids, and so on what people did


async def notes_of_every_kind_are_out_and_one_was_corrected(kranich: Company) -> None:
    kinds = await fetch_column("select kind from note where company = $1 and state = 'published'", kranich.id)
    assert Counter(kinds) == {"changed": 2, "not_changed": 1, "mistake": 1, "holding": 1}
    corrected = await fetch_column(
        "select reason from revision where company = $1 and kind = 'corrected'", kranich.id
    )
    assert corrected == ["Die Zahl klang nach Ausrede, und die Irrlichter fehlten."]
    verdicts = await fetch_column("select verdict from hearback where company = $1", kranich.id)
    assert set(verdicts) == {"yes", "not_quite", "no"}


async def numbers_in_notes_are_the_numbers_of_voices(kranich: Company) -> None:
    """The mistake counts four people; so does the database, and these are the four who wrote of colours."""
    theme = await fetch_value(
        "select id from theme where company = $1 and name = 'Sumpf und Torf sehen gleich aus'", kranich.id
    )
    assert await voices(kranich.id, [theme]) == 4
    title = await fetch_value(
        """select f.words from note n join revision r on r.note = n.id join note_field f on f.revision = r.id
           where n.company = $1 and n.kind = 'mistake' and f.name = 'title' and r.number = 1""",
        kranich.id,
    )
    assert title == "Sumpf und Torf: Wir haben vier von euch ausgeschlossen"
    left_open = await fetch_column("select words from note_field where words like '%{%'")
    assert left_open == []


async def quotes_are_only_those_that_may_be_quoted(kranich: Company) -> None:
    consents = await fetch_column(
        """select r.quoting from note_quote q join excerpt e on e.id = q.excerpt
           join response r on r.id = e.response where q.company = $1""",
        kranich.id,
    )
    assert len(consents) >= 6
    assert "no" not in consents


async def months_that_are_over_are_counted_and_signed(company: Company):
    told = await reports(company.id)

    assert len(told) >= 4
    assert all(one.month < TODAY.replace(day=1) for one in told)
    assert all(one.signer == "Henrike Voss" for one in told)
    assert any(one.figures.received > 5 for one in told)
    assert any(one.figures.replied.n for one in told)
    assert told[0].figures.promises.overdue == 1


async def one_promise_is_overdue_and_one_was_kept(kranich: Company) -> None:
    today = TODAY
    states = {promise.state(today) for promise in (await promises(kranich.id)).promises}
    assert states & {PromiseState.OVERDUE, PromiseState.VERY_OVERDUE}
    assert {PromiseState.KEPT, PromiseState.OPEN} <= states


async def two_replies_went_out_under_the_mandate_and_a_leader_read_one(kranich: Company) -> None:
    replies = await fetch_column(
        """select case when r.theme is null then 'to one' else 'to all' end
                  || case when exists (select from reply_cosign c where c.reply = r.id) then ', cosigned' else '' end
           from reply r join mandate m on m.company = r.company and m.id = r.mandate
           where r.company = $1 and r.state = 'sent' order by r.sent_at""",
        kranich.id,
    )
    assert replies == ["to one, cosigned", "to all"]


async def nothing_lies_in_the_future() -> None:
    for when in (
        "select max(day) from response",
        "select max(at)::date from audit",
        "select max(published_at)::date from note",
        """select max("on") from placement""",
    ):
        assert await fetch_value(when) <= TODAY


async def nothing_waits_to_be_done() -> None:
    assert await fetch_value("select count(*) from pgqueuer") == 0


async def a_second_loading_is_refused() -> None:
    before = await Response.count()
    with pytest.raises(Refused) as refusal:
        await load_demo(PASSWORD, now=made.NOW)
    assert refusal.value.reason == "demo.not-empty"
    assert await Response.count() == before


async def test_a_loading_that_breaks_off_leaves_nothing(pool: None, monkeypatch: pytest.MonkeyPatch):
    async def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("the lights went out")

    monkeypatch.setattr("hearback.demo.loading.do_all_now", broken)
    monkeypatch.setattr(story, "COMPANIES", ("uferlicht",))
    with pytest.raises(RuntimeError, match="lights"):
        await load_demo(PASSWORD, now=made.NOW)
    assert await fetch_value("select count(*) from company") == 0


async def test_where_a_company_is_nothing_is_loaded(database: str):
    async with connected():
        await create_company("moor", "Moor", now=made.NOW)
        with pytest.raises(Refused):
            await load_demo(PASSWORD, now=made.NOW)
        assert await fetch_value("select count(*) from company") == 1


# -- the files -----------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", story.COMPANIES)
def test_every_person_of_a_story_exists_and_has_a_drawing(slug: str):
    told = story.company(slug)
    people = {person.key for person in told.people}
    spoken_for = {question.asked_by for question in told.questions} | {theme.by for theme in told.themes}
    spoken_for |= {name for note in told.notes for name in (note.by, note.signed_by, note.published_by)}
    spoken_for |= {name for action in told.actions for name in (action.by, action.owner)}
    assert spoken_for <= people
    assert all(person.drawing.startswith("<svg") for person in told.people)


def test_the_shipped_answers_are_the_labelled_ones_without_their_labels(shared: Path):
    source = (shared / "data/fans/answers.jsonl").read_text().splitlines()
    known = {row["id"]: row["text"] for row in map(msgspec.json.decode, source)}
    told = {answer.id: answer.text for answer in story.answers()}
    assert len(known) == 478
    assert {id_: told.get(id_) for id_ in known} == known


def test_nobody_is_quoted_by_name_without_one():
    assert all(bool(answer.first_name) == (answer.quoting == "named") for answer in story.answers())


def test_nobody_who_was_hurt_or_abusive_is_named(shared: Path):
    source = (shared / "data/fans/answers.jsonl").read_text().splitlines()
    hurt = {
        row["id"]
        for row in map(msgspec.json.decode, source)
        if {"harassment", "safety"} & {excerpt["theme"] for excerpt in row["excerpts"]}
        or "insult" in row["flags"]
    }
    named = {answer.id for answer in story.answers() if answer.quoting == "named"}
    assert not hurt & named
