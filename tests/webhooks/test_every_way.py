"""One note, every way: whoever is behind it hears of it by the way they chose, once, and nobody else."""

from hearback.clock import now
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.fediverse import commands as fediverse
from hearback.fediverse.commands import AccountForm
from hearback.jobs import do_all_now
from hearback.receipts.queries import notes as notes_on_receipt
from hearback.settings import settings
from tests import made

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
