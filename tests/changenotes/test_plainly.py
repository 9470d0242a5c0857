"""Remarks where notes are written: under the field and in the preview, and never in the way."""

from hearback.changenotes.plainly import underlined
from hearback.changenotes.rules import NoteKind
from hearback.plainspeech.checking import Reader
from hearback.themes.embedding import embed
from hearback.web.markdown import markdown, toned
from tests.changenotes.test_desk import plain, written

STOCK = "Wir nehmen Ihr Anliegen sehr ernst."
LINE = '<mark class="tone">nehmen Ihr Anliegen sehr ernst</mark>'


async def test_while_somebody_writes_remarks_and_preview_change_and_no_field(desk, open_house):
    note_id = await open_house.draft()

    reply = await desk.post(
        f"/notes/{note_id}/autosave",
        written(open_house, version=2, did=STOCK),
        headers={"HX-Request": "true"},
    )

    page = plain(reply)
    under = page[page.index('<div id="remarks-did"') :]
    assert 'hx-swap-oob="true"' in under[: under.index(">")]
    assert "<b>Floskel.</b>" in under[: under.index("</div>")]
    assert LINE in page
    assert "<textarea" not in page


async def test_without_a_script_remarks_are_there_after_saving_and_stop_nobody(desk, open_house):
    note_id = await open_house.draft()

    reply = await desk.post(f"/notes/{note_id}", written(open_house, version=2, did=STOCK))
    page = plain(await desk.get(f"/notes/{note_id}"))

    assert reply.status_code == 303
    assert "<b>Floskel.</b> <q>nehmen Ihr Anliegen sehr ernst</q>" in page
    assert "Anmerkung offen" in page or "Anmerkungen offen" in page
    assert "\ue000" not in page


async def test_another_kinds_words_are_not_read(desk, open_house):
    note_id = await open_house.draft()

    reply = await desk.post(
        f"/notes/{note_id}/preview",
        written(open_house, NoteKind.CHANGED, wrong=STOCK),
        headers={"HX-Request": "true"},
    )

    assert "Floskel" not in reply.text


def test_only_text_is_underlined_whatever_stands_in_it():
    text = f"<b onclick=x> [ja](https://a.example/{STOCK.replace(' ', '')}) \ue000 {STOCK}\n\n{STOCK}"
    remarks = {"did": Reader(embed).remarks(text, "de")}

    html = toned(markdown(underlined({"did": text}, remarks)["did"]))

    assert html.count('<mark class="tone">') == html.count("</mark>") >= 1
    assert "<b" not in html
    assert "\ue000" not in html
    assert "\ue001" not in html
