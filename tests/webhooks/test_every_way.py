"""One note, every way: whoever is behind it hears of it by the way they chose, once, and nobody else."""

import json
from xml.etree import ElementTree

import pytest

from hearback.changenotes import commands as notes
from hearback.changenotes.forms import CorrectionForm
from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.database.engine import execute, fetch_column, fetch_value, transaction
from hearback.fediverse import commands as fediverse
from hearback.fediverse.commands import AccountForm
from hearback.jobs import do_all_now, do_later
from hearback.receipts.queries import notes as notes_on_receipt
from hearback.refusals import Refused
from hearback.settings import settings
from tests import made
from tests.changenotes.ready import WORDS, ready
from tests.waiting import until

CLOSED = 9  # a port at which nobody takes mail: it waits in the outbox, and that is what is looked at


async def test_a_note_goes_to_those_behind_its_themes_by_their_way_and_once(house, wire, hooked):
    company, by = house.company, house.writer
    await made.mail_set_up(company, CLOSED)
    behind = await made.an_answer(company, house.question, "Seite 6 versteht hier keiner.")
    await made.placed(company, behind, house.theme)
    elsewhere = await made.an_answer(company, house.question, "Der Versand dauert.")
    other = await made.a_theme(company, "Versand")
    await made.placed(company, elsewhere, other)
    followers = {
        name: (await made.a_follower(company, f"{name}@example.org", **what)).id
        for name, what in {
            "mia": {"response": behind.id},
            "leo": {"response": elsewhere.id},
            "theme": {"theme": house.theme.id},
            "other": {"theme": other.id},
        }.items()
    }
    await hooked(company, by)
    on = AccountForm(active=True)
    await fediverse.set_up(company, on, secret=settings().secret_key, by=by, now=now())
    await execute(
        """insert into fedi_follower (id, company, actor, inbox)
           select gen_random_uuid(), $1, 'https://social.example/' || n, 'https://social.example/inbox'
           from generate_series(1, 3) n""",
        company.id,
    )

    await house.published()
    await do_all_now()
    await do_all_now()

    told = await fetch_column("select follower from mail where kind = 'published'")
    assert sorted(told) == sorted([followers["mia"], followers["theme"]])
    assert sorted(call.address for call in wire.calls) == [
        "https://hooks.example/in",
        "https://social.example/inbox",
    ], "a server takes it once for all of its people"
    for response, count in ((behind, 1), (elsewhere, 0)):
        themes = await fetch_column(
            "select p.theme from placement p join excerpt e on e.id = p.excerpt where e.response = $1",
            response.id,
        )
        assert len(await notes_on_receipt(company.id, response.id, themes)) == count
    assert await fetch_value("select count(*) from delivery") == 2


ATOM = "{http://www.w3.org/2005/Atom}"


async def test_a_second_note_and_a_correction_go_the_same_ways_once_more_and_to_nobody_else(
    fan, company, wire, hooked
):
    """Receipts, mails, feeds, webhooks and the fediverse, with every job done twice."""
    house = await ready(company)
    other = await made.a_theme(company, "Versand")
    await made.mail_set_up(company, CLOSED)
    behind = [await made.an_answer(company, house.question, f"Seite 6 fehlt, {n}.") for n in range(5)]
    elsewhere = await made.an_answer(company, await made.a_question(company), "Der Versand dauert.")
    for response in behind:
        await made.placed(company, response, house.theme)
    await made.placed(company, elsewhere, other)
    told = {
        "mia": {"response": behind[0].id, "corrections": True},
        "mia again": {"question": house.question.id, "corrections": True},
        "tom": {"response": behind[1].id},
        "ida": {"theme": house.theme.id, "corrections": True},
        "log": {},
        "gone": {"response": behind[2].id, "confirmed_on": None},
        "leo": {"response": elsewhere.id, "corrections": True},
        "other": {"theme": other.id, "corrections": True},
    }
    names = {}
    for name, what in told.items():
        follower = await made.a_follower(company, f"{name.split()[0]}@example.org", most=9, **what)
        names[follower.id] = name
    await hooked(company, house.writer)
    on = AccountForm(active=True)
    await fediverse.set_up(company, on, secret=settings().secret_key, by=house.writer, now=now())
    await execute(
        """insert into fedi_follower (id, company, actor, inbox)
           values (gen_random_uuid(), $1, 'https://social.example/mia', 'https://social.example/inbox')""",
        company.id,
    )

    async def mails(kind: str) -> list[str]:
        return sorted(
            names[one] for one in await fetch_column("select follower from mail where kind = $1", kind)
        )

    async def work() -> None:
        await do_all_now()
        await do_all_now()

    def news() -> list[tuple[str, str]]:
        return sorted(
            (call.address.split("/")[2].split(".")[0], json.loads(call.body)["type"]) for call in wire.calls
        )

    first = await house.published()
    note = await house.note(first)
    with pytest.raises(Refused):
        await notes.publish_note(company, note, by=house.writer, now=made.NOW)
    await work()
    async with transaction():
        await do_later("notifying.note_published", company_id=company.id, note_id=note)
        await do_later("webhooks.note_said", company_id=company.id, note_id=note, number=1)
    await work()
    once = ["ida", "log", "mia", "tom"]
    assert await mails("published") == once
    assert news() == [("hooks", "note.published"), ("social", "Create")]

    second = await house.published("holding")
    await work()
    assert await mails("published") == sorted(once * 2)
    assert news() == sorted([("hooks", "note.published"), ("social", "Create")] * 2)

    wire.calls.clear()
    form = CorrectionForm(number=1, why="Es sind fünf.", **WORDS[NoteKind.CHANGED] | {"did": "Fünf Bilder."})
    await notes.correct_note(company, note, form, by=house.writer, now=now())
    await work()
    assert await mails("corrected") == ["ida", "mia"], "only whoever wanted to hear of corrections"
    assert await mails("published") == sorted(once * 2)
    assert news() == [("hooks", "note.corrected"), ("social", "Update")]

    both = [second, first]
    for query, slugs in (
        (f"theme={house.theme.id}", both),
        (f"question={house.question.slug}", both),
        ("kind=holding", [second]),
        ("words=F%C3%BCnf+Bilder", [first]),
    ):
        await until(lambda query=query, slugs=slugs: _tells(fan, query, slugs))
    assert (await fan.get(f"/kranich/search.atom?theme={other.id}")).status_code == 404, (
        "one voice: not public"
    )

    for response, count in ((behind[0], 2), (behind[3], 2), (elsewhere, 0)):
        themes = await fetch_column(
            "select p.theme from placement p join excerpt e on e.id = p.excerpt where e.response = $1",
            response.id,
        )
        assert len(await notes_on_receipt(company.id, response.id, themes)) == count


async def _tells(fan, query: str, slugs: list[str]) -> bool:
    """Whether a feed holds these notes, each once."""
    feed = ElementTree.fromstring((await fan.get(f"/kranich/search.atom?{query}")).text)
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    return sorted(links) == sorted(f"http://test/kranich/log/{slug}" for slug in slugs)
