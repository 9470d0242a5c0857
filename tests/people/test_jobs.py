"""What has ended does not stay."""

from datetime import timedelta

from hearback.people.jobs import purge
from hearback.people.tables import Invitation, Session
from tests import made
from tests.made import NOW


async def test_ended_sessions_and_old_invitations_go_and_others_stay(pool):
    company = await made.a_company()
    member = await made.a_member(company)
    for days, name in ((1, b"fresh"), (15, b"ended")):
        seen = NOW - timedelta(days=days)
        await Session.insert(Session(account=member.account, token_hash=name, created_at=seen, seen_at=seen))
    for days, name in ((10, b"lately"), (40, b"long ago")):
        ended = {"expires_at": NOW - timedelta(days=days)}
        await Invitation.insert(
            Invitation(company=company.id, email="a@b.de", role="reader", token_hash=name, **ended)
        )

    await purge()

    assert await Session.select(Session.token_hash) == [{"token_hash": b"fresh"}]
    assert await Invitation.select(Invitation.token_hash) == [{"token_hash": b"lately"}]
