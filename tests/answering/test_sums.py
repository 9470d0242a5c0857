"""Every answer that ever came stands in exactly one number, whatever is done with it, and everybody can see why."""

import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hearback.answering import commands, judging, queries
from hearback.answering.erasing import erase
from hearback.answering.forms import SettingAsideForm
from hearback.answering.tables import AnswerTrace, Response
from hearback.clock import now
from hearback.database.engine import fetch_value, transaction
from hearback.receipts.commands import withdraw
from hearback.refusals import NotFound, Refused
from hearback.trust.integrity.rules import Flag
from tests import made

WORDS = "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei"
REASON = SettingAsideForm(reason="Das ist Werbung.", rule=5)


class Acts:
    """What can happen to the answers of two questions; each act takes a number that says to which."""

    def __init__(self, company, member, questions) -> None:
        self.company, self.member, self.questions = company, member, questions
        self.sent: list[Response] = []

    async def arrive(self, number: int) -> None:
        question = self.questions[number % 2]
        flag = ["", "", Flag.TOO_FAST.value][number % 3]
        response = await made.an_answer(
            self.company, question, WORDS, flag=flag, state="held" if flag else "counted"
        )
        marks = {name: secrets.token_bytes(16) for name in ("browser", "line", "burst", "form")}
        marks["browser"] = marks["line"] = bytes([number % 4])
        trace = AnswerTrace(
            company=self.company.id, question=question.id, response=response.id, day=made.today(), **marks
        )
        await AnswerTrace.insert(trace)
        self.sent.append(response)

    async def judge(self, _number: int) -> None:
        await judging.judge_new()

    async def set_aside(self, number: int) -> None:
        await commands.set_aside(self.company.id, self._one(number), REASON, by=self.member, now=now())

    async def count_again(self, number: int) -> None:
        await commands.count_again(self.company.id, self._one(number), by=self.member, now=now())

    async def count_waiting(self, number: int) -> None:
        flag = list(Flag)[number % len(Flag)]
        await commands.count_waiting(
            self.company.id, self.questions[number % 2].id, flag, by=self.member, now=now()
        )

    async def withdraw(self, number: int) -> None:
        await withdraw(self.company.id, self._one(number), today=made.today())

    async def erase(self, number: int) -> None:
        async with transaction():
            await erase(self.company.id, [self._one(number)], today=made.today())

    def _one(self, number: int):
        return self.sent[number % len(self.sent)].id if self.sent else made.some_id()


NAMES = [
    "arrive",
    "arrive",
    "arrive",
    "judge",
    "set_aside",
    "count_again",
    "count_waiting",
    "withdraw",
    "erase",
]


@pytest.fixture
async def acts(pool):
    company = await made.a_company(f"haus-{secrets.token_hex(4)}")
    return Acts(company, await made.a_member(company), [await made.a_question(company) for _ in range(2)])


@given(steps=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 50)), min_size=10, max_size=40))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_after_any_acts_the_sums_add_up_to_all_that_came_for_each_question(acts, steps):
    for name, number in steps:
        act: Callable[[int], Awaitable[None]] = getattr(acts, name)
        try:
            await act(number)
        except (Refused, NotFound):
            continue

    for question in acts.questions:
        sums = await queries.sums(acts.company.id, question.id)
        came = [one for one in acts.sent if one.question == question.id]
        assert sums.received == len(came)
        flagged = await queries.flagged(acts.company.id, question.id)
        assert sum(one.n for one in flagged if one.state == "held") == sums.held
        assert sum(one.n for one in flagged if one.state == "set_aside") == sums.set_aside
    assert (
        await fetch_value(
            """select count(*) from response where state in ('held', 'set_aside') and reason = '' and flag = ''"""
        )
        == 0
    )


@pytest.fixture
async def question(company):
    return await made.a_question(
        company, slug="moorlichter", state="closed", closes_at=made.NOW - timedelta(hours=1)
    )


async def test_a_closed_question_says_in_one_line_what_became_of_every_answer(fan, company, question):
    for state, more in (
        ("counted", {}),
        ("counted", {}),
        ("held", {"flag": "too_fast"}),
        ("set_aside", {"reason": "Das ist Werbung."}),
        ("withdrawn", {}),
        ("erased", {}),
    ):
        await made.an_answer(company, question, state=state, **more)
    await made.an_answer(company, question, test=True)

    page = re.sub("<[^>]+>", "", (await fan.get("/kranich/ask/moorlichter")).text)

    line = "2 Antworten gezählt. 1 wartet auf einen Blick. 1 beiseitegelegt (warum?). 1 zurückgezogen, 1 gelöscht. "
    assert line + "Jeder konnte antworten; das ist keine repräsentative Umfrage." in page


async def test_the_reasons_are_public_with_their_numbers_and_the_words_are_not(fan, company, question):
    for flag in ("too_fast", "same_wording", "same_wording"):
        await made.an_answer(company, question, "Ein Satz, den nur wir lesen.", state="held", flag=flag)
    await made.an_answer(company, question, state="set_aside", reason="Das ist Werbung für Kerzen.")
    await made.an_answer(company, question, state="set_aside", flag="repeat")

    page = (await fan.get("/kranich/ask/moorlichter/counting")).text

    plain = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))
    assert "Bis jetzt sind 5 Antworten eingegangen." in plain
    assert "Mehrere Antworten haben denselben Wortlaut. Eine davon zählt schon. 2" in plain
    assert "Sie kam schneller, als man die Frage lesen kann. 1" in plain
    assert "Dieselben Worte kamen am selben Tag schon aus demselben Browser im selben Netz. 1" in plain
    assert "Werbung" not in plain
    assert "nur wir lesen" not in plain


async def test_while_a_question_is_open_its_page_shows_no_numbers_but_leads_to_them(fan, company):
    question = await made.a_question(company, slug="offen")
    await made.an_answer(company, question)

    page = (await fan.get("/kranich/ask/offen")).text
    assert "Antwort gezählt" not in page
    assert 'href="/kranich/ask/offen/counting"' in page


async def test_a_draft_has_no_page_of_reasons_and_another_house_has_none_of_ours(fan, company, question):
    await made.a_question(company, slug="entwurf", state="draft")
    await made.a_company("reiher", name="Reiher")

    assert (await fan.get("/kranich/ask/entwurf/counting")).status_code == 404
    assert (await fan.get("/reiher/ask/moorlichter/counting")).status_code == 404
