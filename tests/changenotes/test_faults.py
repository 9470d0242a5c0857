"""What can go wrong while a note is written and sent out: a clear state each time, nothing half out, nothing lost."""

import asyncio

import pytest

from hearback.changenotes import commands, queries
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.refusals import Faulty, Refused
from tests import made
from tests.changenotes.ready import WORDS

AT = {"now": made.NOW}


async def left(house, note_id) -> tuple[str, int, int]:
    """State, revisions, promises of the note."""
    state = (await queries.draft(house.company.id, note_id)).state
    revisions = await fetch_value("select count(*) from revision where note = $1", note_id)
    return state, revisions, await fetch_value("select count(*) from promise where note = $1", note_id)


async def test_published_twice_at_once_it_is_out_once(house):
    note_id = await house.draft(NoteKind.HOLDING)

    tries = [commands.publish_note(house.company, note_id, by=house.writer, **AT) for _ in range(3)]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Refused", "Refused", "str"]
    assert {end.reason for end in ends if isinstance(end, Refused)} == {"note.is-public"}
    assert await left(house, note_id) == ("published", 1, 1)


async def test_two_notes_of_one_title_at_once_have_two_addresses(house):
    notes = [await house.draft(NoteKind.HOLDING) for _ in range(3)]

    tries = [commands.publish_note(house.company, one, by=house.writer, **AT) for one in notes]
    slugs = await asyncio.gather(*tries)
    assert len(set(slugs)) == 3
    assert [await left(house, one) for one in notes] == [("published", 1, 1)] * 3


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        ("update theme set state = 'suggested', name = '', named_by = null", "note.no-theme"),
        ("update response set state = 'withdrawn'", "note.no-theme"),
        ("update action set state = 'in_progress'", "note.nothing-done-yet"),
        ("update member set active = false where name = 'Jule Brandt'", "note.signer-unnamed"),
        ("update response set quoting = 'no'", "note.quote-without-consent"),
    ],
    ids=["theme withdrawn", "voices withdrawn", "action re-opened", "author left", "consent withdrawn"],
)
async def test_what_changed_between_preview_and_publication_keeps_it_a_draft(house, meanwhile, reason):
    note_id = await house.draft(quotes=[house.quoted.id])
    await execute(meanwhile)

    with pytest.raises(Faulty) as refused:
        await commands.publish_note(house.company, note_id, by=house.leader, **AT)
    assert reason in [one.reason for one in refused.value.reasons]
    assert await left(house, note_id) == ("draft", 0, 0)


async def test_a_field_of_50000_signs_is_refused_and_comes_back_whole(desk, open_house):
    note_id = await open_house.draft()
    flood = "Zu viel. " * 5_600
    typed = open_house.typed(version=2) | {"did": flood}

    for path in ("", "/autosave"):
        reply = await desk.post(f"/notes/{note_id}{path}", typed)
        assert "4.000" in reply.text
    reply = await desk.post(f"/notes/{note_id}", typed)
    assert (reply.status_code, flood.strip() in reply.text) == (422, True)
    assert (await queries.draft(open_house.company.id, note_id)).said.did.startswith("Die Regel steht")


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x07", "\u2028"])
async def test_signs_that_turn_text_around_do_not_go_out(house, sign):
    note_id = await house.draft(title=f"Seite 6 {sign}erklärt es")

    with pytest.raises(Faulty) as refused:
        await commands.publish_note(house.company, note_id, by=house.writer, **AT)
    assert [(one.reason, one.field) for one in refused.value.reasons] == [("note.hidden-signs", "title")]


async def test_nor_do_they_in_a_reason(house):
    note_id = await house.note(await house.published())
    at = {"by": house.writer, "now": made.NOW}
    fields = WORDS[NoteKind.CHANGED] | {"did": "Vorn."}
    correction = CorrectionForm(number=1, why="Zu \u202evage.", **fields)

    with pytest.raises(Faulty, match=r"note\.hidden-signs"):
        await commands.correct_note(house.company, note_id, correction, **at)
    with pytest.raises(Faulty, match=r"note\.hidden-signs"):
        await commands.withdraw_note(
            house.company.id, note_id, WithdrawalForm(why="Es\u2066 war falsch."), **at
        )
    assert await left(house, note_id) == ("published", 1, 0)


async def test_a_translation_of_50000_signs_is_refused_and_comes_back_whole(desk, open_house):
    note_id = await open_house.draft()
    flood = "Too much. " * 5_000

    typed = {"number": 0, "language": "en", "seen": "", "version": 0, "did": flood}
    reply = await desk.post(f"/notes/{note_id}/translation/draft", typed)
    assert (reply.status_code, flood.strip() in reply.text) == (422, True)


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("correction", "did", {"number": 1, "why": "Genauer."}),
        ("correction", "why", {"number": 1}),
        ("withdrawal", "why", {}),
        ("sheet", "words", {"channel": "social"}),
    ],
)
async def test_nor_does_a_flood_go_anywhere_else_and_nothing_is_half_kept(
    desk, open_house, path, field, more
):
    note_id = await open_house.note(await open_house.published())
    flood = "Zu viel. " * 5_600

    said = WORDS[NoteKind.CHANGED] if path == "correction" else {}
    reply = await desk.post(f"/notes/{note_id}/{path}", said | more | {field: flood})
    assert (reply.status_code, flood.strip() in reply.text) == (422, True)
    assert await left(open_house, note_id) == ("published", 1, 0)
    assert await fetch_value("select count(*) from note_channel") == 0


async def test_nor_does_a_flood_of_objections(desk, open_house):
    note_id = await open_house.draft()
    flood = "Zu viel. " * 5_600

    reply = await desk.post(f"/notes/{note_id}/dissent", {"objection": flood})
    assert (reply.status_code, flood.strip() in reply.text) == (422, True)
    assert await fetch_value("select count(*) from dissent") == 0


async def test_words_from_right_to_left_do(fan, open_house):
    slug = await open_house.published(title="שלום, Seite 6", did="مرحبا")

    assert "مرحبا" in (await fan.get(f"/kranich/log/{slug}")).text


async def test_a_note_can_be_answered_where_a_question_is_open_and_with_a_receipt(fan, open_house):
    await execute(
        "update question set opens_at = now() - interval '1 day', closes_at = now() + interval '1 day'"
    )
    slug = await open_house.published()
    page = (await fan.get(f"/kranich/log/{slug}")).text
    assert "Darauf antworten" in page
    assert "Mit der Quittung antworten" in page

    note_id = await open_house.note(slug)
    assert await fetch_column("select slug from question") == [open_house.question.slug]
    entry = await queries.entry(open_house.company.id, slug, fewest_voices=1)
    assert (entry.id, entry.answer_at.slug) == (note_id, open_house.question.slug)
