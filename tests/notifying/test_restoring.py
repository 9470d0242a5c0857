"""An older backup is restored: nobody is told twice, and whoever stopped it since still gets nothing."""

import pytest

from hearback.clock import now
from hearback.database.engine import fetch_column
from hearback.notifying import commands
from hearback.notifying.commands import outbox
from hearback.notifying.restoring import make_up_for, who_follows
from hearback.notifying.rules import MailKind
from hearback.notifying.tables import Follower
from tests import made


@pytest.mark.usefixtures("pool")
async def test_what_waited_is_not_sent_and_who_is_gone_stays_gone(database, mailbox):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    stays = await made.a_follower(company)
    stopped = await made.a_follower(company, "leo@example.org")
    for follower in (stays, stopped):
        await outbox.put_in(company.id, follower.id, MailKind.MOVED, "x", now=now())

    assert set(await who_follows(database)) == {stays.id, stopped.id}
    assert await make_up_for([stays.id]) == 1
    await commands.send_due(now)

    assert mailbox.mails == []
    assert await fetch_column("select state from mail where follower = $1", stays.id) == ["failed"]
    assert await fetch_column("select id from follower") == [stays.id]


@pytest.mark.usefixtures("pool")
async def test_where_nothing_is_known_nobody_is_forgotten(database):
    company = await made.a_company()
    await made.a_follower(company)
    assert await make_up_for(None) == 0
    assert await Follower.count() == 1
