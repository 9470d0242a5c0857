"""Whoever publishes lands where the note is read in the desk's language, or else where it was written."""

from hearback.changenotes import queries
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import execute
from tests.changenotes.ready import WORDS
from tests.changenotes.test_translating_drafts import translated


async def landed(desk, path, typed=None) -> str:
    reply = await desk.post(path, typed or {})
    assert reply.status_code == 303
    return str(reply.headers["location"])


async def test_from_an_english_desk_one_lands_on_the_english_page_of_a_note_that_is_told_in_it(
    fan, desk, open_house
):
    await execute("update member set language = 'en' where id = $1", desk.member.id)
    note_id = await open_house.draft()
    await translated(open_house, note_id)
    await desk.get(f"/notes/{note_id}")

    at = await landed(desk, f"/notes/{note_id}/publication")
    slug = (await queries.draft(open_house.company.id, note_id)).slug
    assert at == f"/kranich/log/{slug}?lang=en"
    assert '<html lang="en"' in (await fan.get(at)).text
    assert f'href="{at}"' in (await desk.get(f"/notes/{note_id}")).text

    # The correction is German only as yet.
    fields = WORDS[NoteKind.CHANGED] | {"number": "1", "why": "Die Zahl fehlte.", "did": "Vier Bilder."}
    assert await landed(desk, f"/notes/{note_id}/correction", fields) == f"/kranich/log/{slug}"


async def test_from_an_english_desk_one_lands_on_the_original_where_there_is_no_other(desk, open_house):
    await execute("update member set language = 'en' where id = $1", desk.member.id)
    note_id = await open_house.draft()
    await desk.get(f"/notes/{note_id}")

    at = await landed(desk, f"/notes/{note_id}/publication")
    assert at == f"/kranich/log/{(await queries.draft(open_house.company.id, note_id)).slug}"


async def test_from_a_german_desk_one_lands_on_the_english_page_of_an_english_note(desk, open_house):
    note_id = await open_house.draft(language="en")
    await desk.get(f"/notes/{note_id}")

    at = await landed(desk, f"/notes/{note_id}/publication")
    assert at == f"/kranich/log/{(await queries.draft(open_house.company.id, note_id)).slug}?lang=en"
