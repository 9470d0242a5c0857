"""What we will not keep is said in public, with the reason; it stays, and so does every day named for it."""

import json
from datetime import timedelta

import pytest

from hearback.database.engine import fetch_column, fetch_value
from hearback.promises import commands, queries
from hearback.promises.forms import BreakForm, NewDateForm
from hearback.promises.rules import PromiseKind, PromiseState
from hearback.refusals import Refused
from tests import made
from tests.conftest import browser_of
from tests.promises.test_promises import TODAY, WHY, promised
from tests.waiting import until

NO_MORE = "Die Fabrik hat zugemacht; wir suchen eine andere und sagen im März, wie es weitergeht."


async def entries(kind):
    """What the ledger says of promises, the oldest first."""
    found = await fetch_column(
        "select convert_from(entry, 'utf8') from ledger_leaf where kind = $1 order by step", kind
    )
    return [json.loads(one) for one in found]


async def test_everybody_reads_that_it_is_broken_and_why(fan, desk, company):
    promise_id = await promised(company, "Steine verschicken", days=-5)

    assert (
        "Das Versprechen bleibt öffentlich stehen" in (await desk.get(f"/promises/{promise_id}/breach")).text
    )
    reply = await desk.post(f"/promises/{promise_id}/breach", {"why": NO_MORE})

    assert reply.status_code == 303

    async def told():
        return NO_MORE in (await fan.get("/kranich/promises")).text

    await until(told)
    page = (await fan.get("/kranich/promises")).text.replace("\xa0", " ")
    assert "gebrochen" in page
    assert "1 gebrochen" in page.split("Bisher")[1]
    assert "überfällig" not in page.split("Bisher")[1].split("Median")[0].split("</p>")[0]
    assert await fetch_value("select after->>'reason' from audit where did = 'promise.broken'") == NO_MORE


@pytest.mark.parametrize(("form", "field"), [("breach", "why"), ("date", "why"), ("outcome", "outcome")])
async def test_what_everybody_reads_is_written_in_the_language_of_the_promise(desk, company, form, field):
    promise_id = await promised(company, "Send the stones", language="en")

    page = (await desk.get(f"/promises/{promise_id}/{form}")).text

    assert ' lang="en"' in page.partition(f'<textarea class="input" id="{field}"')[2].partition(">")[0]


async def test_a_reason_is_needed_and_what_was_typed_stays(desk, company):
    promise_id = await promised(company)

    reply = await desk.post(f"/promises/{promise_id}/breach", {"why": "Nein."})

    assert reply.status_code == 422
    assert "Nein." in reply.text
    assert await fetch_value("select broken_on from promise") is None


async def test_all_days_named_for_it_are_broken(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    old = await promised(company, days=-3)
    told = {"by": member, "now": made.NOW, "today": TODAY}
    new = await commands.set_new_date(company.id, old, NewDateForm(TODAY + timedelta(days=3), WHY), **told)

    await commands.break_promise(company.id, new, BreakForm(NO_MORE), **told)

    assert {one.state(TODAY) for one in (await queries.promises(company.id)).promises} == {
        PromiseState.BROKEN
    }
    assert (await queries.sums(company.id, TODAY)).broken == 2


async def test_what_has_ended_or_has_a_new_day_cannot_be_broken_kept_or_moved(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    told = {"by": member, "now": made.NOW, "today": TODAY}
    broken = await promised(company)
    await commands.break_promise(company.id, broken, BreakForm(NO_MORE), **told)
    kept = await promised(company)
    await commands.mark_kept(company.id, kept, **told)
    moved = await promised(company)
    await commands.set_new_date(company.id, moved, NewDateForm(TODAY + timedelta(days=30), WHY), **told)

    for one in (broken, kept, moved):
        with pytest.raises(Refused, match=r"promise\.nothing-to-break"):
            await commands.break_promise(company.id, one, BreakForm(NO_MORE), **told)
    with pytest.raises(Refused, match=r"promise\.nothing-to-move"):
        await commands.set_new_date(company.id, broken, NewDateForm(TODAY + timedelta(days=30), WHY), **told)
    await commands.mark_kept(company.id, broken, **told)
    assert await fetch_value("select kept_on from promise where id = $1", broken) is None


@pytest.mark.parametrize("role", ["moderator", "reader"])
async def test_who_may_not_write_breaks_no_promise(app, company, role):
    promise_id = await promised(company)
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, role)

        assert (await desk.get(f"/promises/{promise_id}/breach")).status_code == 403
        assert (await desk.post(f"/promises/{promise_id}/breach", {"why": NO_MORE})).status_code == 403
        assert (await desk.post(f"/promises/{promise_id}/outcome", {"held": "yes"})).status_code == 403
    assert await fetch_value("select broken_on from promise") is None


async def test_another_companys_promise_cannot_be_broken(desk, company):
    theirs = await promised(await made.a_company("reiher"))

    assert (await desk.post(f"/promises/{theirs}/breach", {"why": NO_MORE})).status_code == 404
    assert (await desk.post(f"/promises/{theirs}/outcome", {"held": "yes"})).status_code == 404


async def test_each_fact_of_a_promise_stands_in_the_ledger_without_its_words(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    told = {"by": member, "now": made.NOW, "today": TODAY}
    old = await promised(company, "Steine mit Kerben verschicken", days=-3)
    new = await commands.set_new_date(company.id, old, NewDateForm(TODAY + timedelta(days=3), WHY), **told)
    await commands.mark_kept(company.id, new, **told)
    other = await promised(company, "Karten nachschicken")
    await commands.break_promise(company.id, other, BreakForm(NO_MORE), **told)

    assert [one["subject"] for one in await entries("promise.made")] == [str(old), str(other)]
    (moved,) = await entries("promise.moved")
    assert (moved["subject"], moved["of"], set(moved["fields"])) == (
        str(new),
        str(old),
        {"words", "due_on", "why"},
    )
    assert {one["subject"] for one in await entries("promise.kept")} == {str(old), str(new)}
    assert [one["subject"] for one in await entries("promise.broken")] == [str(other)]
    whole = b"".join(await fetch_column("select entry from ledger_leaf")).decode()
    assert "Kerben" not in whole
    assert "Fabrik" not in whole


async def test_a_promise_that_is_not_made_leaves_no_entry(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    promise_id = await promised(company)
    told = {"by": member, "now": made.NOW, "today": TODAY}

    with pytest.raises(Refused):
        await commands.set_new_date(company.id, promise_id, NewDateForm(TODAY, WHY), **told)

    assert len(await entries("promise.made")) == 1
    assert await entries("promise.moved") == []


async def test_who_owns_a_promise_stands_beside_it_where_somebody_else_made_it(fan, company):
    owner = await made.a_member(company, name="Tarek Osman")
    await promised(company, owner=owner.id)

    assert "zuständig ist Tarek Osman" in (await fan.get("/kranich/promises")).text


async def test_a_question_without_a_reply_to_come_says_so_where_it_was_asked(fan, company):
    question = await made.a_question(company)
    promise_id = await promised(company, "Antwort", kind=PromiseKind.REPLY, question=question.id)
    member = await made.a_member(company)

    told = {"by": member, "now": made.NOW, "today": TODAY}
    await commands.break_promise(company.id, promise_id, BreakForm(NO_MORE), **told)

    page = (await fan.get(f"/kranich/ask/{question.slug}")).text
    assert "kommt keine Antwort mehr" in page
    assert NO_MORE in page


async def test_the_picture_of_our_promises_does_not_hide_a_broken_one(fan, company):
    promise_id = await promised(company)
    member = await made.a_member(company)
    told = {"by": member, "now": made.NOW, "today": TODAY}
    await commands.break_promise(company.id, promise_id, BreakForm(NO_MORE), **told)

    assert "1 gebrochen" in (await fan.get("/embed/kranich/badge.svg")).text
