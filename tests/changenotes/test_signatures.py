"""A signature keeps the role in which it was given, whatever its member does later."""

import pytest

from hearback.changenotes.rules import NoteKind
from hearback.database.engine import execute, fetch_value
from hearback.web.live import tell
from tests.waiting import until

PLACES = ("log", "log/{slug}", "log/{slug}/print", "log.atom", "log.json", "export/log.json", "export/log.md")
TODAY = "Praktikum, verantwortlich für diese Seite"


async def test_a_note_says_everywhere_in_which_role_it_was_signed(fan, open_house):
    slug = await open_house.published(NoteKind.MISTAKE)

    await execute("update member set role_title = 'Praktikum' where id = $1", open_house.leader.id)
    await tell(open_house.company.id, "public")  # every page is made anew
    for place in PLACES:

        async def told(path: str = f"/kranich/{place.format(slug=slug)}") -> bool:
            page = (await fan.get(path)).text.replace(TODAY, "")
            assert "Praktikum" not in page, path
            return "Verlegerin" in page

        await until(told)


async def test_whoever_signs_after_that_signs_in_the_new_role(fan, open_house):
    await execute("update member set role_title = 'Beirätin' where id = $1", open_house.leader.id)
    slug = await open_house.published(NoteKind.MISTAKE)

    async def told() -> bool:
        return "Beirätin" in (await fan.get(f"/kranich/log/{slug}")).text

    await until(told)


async def test_who_let_it_out_keeps_the_role_too(fan, open_house):
    await execute("update member set role_title = 'Redaktion' where id = $1", open_house.writer.id)
    slug = await open_house.published(NoteKind.MISTAKE, cause_kind="accidental")
    await execute("update member set role_title = 'Vorstand' where id = $1", open_house.writer.id)

    page = (await fan.get(f"/kranich/log/{slug}")).text
    assert "Freigegeben von Jule Brandt, Redaktion" in page and "Vorstand" not in page


async def test_the_database_lets_nobody_change_it(open_house):
    slug = await open_house.published(NoteKind.MISTAKE)

    with pytest.raises(Exception, match="never changed"):
        await execute("update note set signed_as = 'Vorstand' where slug = $1", slug)
    assert await fetch_value("select signed_as from note where slug = $1", slug) == "Verlegerin"
