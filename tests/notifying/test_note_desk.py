"""A draft as the mail that would tell of it: as it arrives, in a frame where nothing runs or leads anywhere."""

import pytest

from hearback.changenotes.rules import NoteKind
from tests import made
from tests.changenotes.ready import WORDS, ready


@pytest.fixture
async def house(company):
    return await ready(company)


@pytest.mark.parametrize(
    ("kind", "told"), [(NoteKind.CHANGED, ["did"]), (NoteKind.MISTAKE, ["wrong", "sorry", "repair"])]
)
async def test_the_frame_shows_the_mail_as_it_arrives(desk, house, kind, told):
    note_id = await house.draft(kind, did="Die Regel steht beim Anzünden.")
    page = (await desk.get(f"/notes/{note_id}")).text
    assert f'<iframe class="letter" src="/desk/kranich/notes/{note_id}/mail"' in page
    assert "frame-src 'self'" in (await desk.get(f"/notes/{note_id}")).headers["content-security-policy"]

    mail = await desk.get(f"/notes/{note_id}/mail")
    words = WORDS[kind] | ({"did": "Die Regel steht beim Anzünden."} if kind is NoteKind.CHANGED else {})
    for name in told:
        assert words[name] in mail.text
    assert WORDS[kind]["title"] in mail.text
    assert "Die ganze Notiz lesen" in mail.text
    assert '/kranich/r"' in mail.text
    assert ' style="' in mail.text
    assert mail.headers["cache-control"] == "no-store"


async def test_nothing_in_the_frame_runs_loads_or_leads_anywhere(desk, house):
    note_id = await house.draft(
        did='<script src="https://boese.beispiel/x.js"></script> [x](javascript:alert)'
    )
    mail = await desk.get(f"/notes/{note_id}/mail")

    (policy,) = mail.headers.get_list("content-security-policy")
    assert policy.endswith("frame-ancestors 'self'; sandbox")
    for rule in ("default-src 'none'", "img-src data:", "form-action 'none'"):
        assert rule in policy
    assert "x-frame-options" not in mail.headers
    assert "<script" not in mail.text
    assert 'href="javascript' not in mail.text


async def test_other_pages_are_framed_by_nobody(desk, house):
    page = await desk.get("/notes")

    assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert page.headers["x-frame-options"] == "DENY"


async def test_who_may_not_write_sees_no_mail_of_a_draft(fan, company, house):
    note_id = await house.draft()
    reader = await made.signed_in(fan, company, "reader")

    assert (await reader.get(f"/notes/{note_id}/mail")).status_code == 403
