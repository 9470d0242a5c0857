"""Remarks where notes are written: under the field and in the preview, and never in the way."""

import re
from unittest.mock import Mock

import pytest
from msgspec import structs

from hearback.changenotes import queries
from hearback.changenotes.mending import facts
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import execute, fetch_value
from hearback.plainspeech import reading
from hearback.plainspeech.checking import Reader
from hearback.plainspeech.reading import underlined
from hearback.web.markdown import markdown, toned
from tests import made
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


async def test_what_comes_while_somebody_writes_has_its_place_on_the_page(desk, open_house):
    note_id = await open_house.draft(NoteKind.MISTAKE)
    saving = written(open_house, version=2, kind="mistake")
    reply = await desk.post(f"/notes/{note_id}/autosave", saving, headers={"HX-Request": "true"})

    coming = re.findall(r'<[^>]* id="([^"]+)"[^>]* hx-swap-oob="true"', reply.text)
    page = (await desk.get(f"/notes/{note_id}")).text

    assert "remarks-wrong" in coming
    assert [one for one in coming if f'id="{one}"' not in page] == []


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
    remarks = {"did": Reader().remarks(text, "de")}

    html = toned(markdown(underlined({"did": text}, remarks)["did"]))

    assert html.count('<mark class="tone">') == html.count("</mark>") >= 1
    assert "<b" not in html
    assert "\ue000" not in html
    assert "\ue001" not in html


GRAVE = "Falls sich jemand gestört gefühlt hat, tut es uns leid."
BECAUSE = "Der Verband hat genau diesen Satz so verlangt."


async def test_who_lets_a_note_out_with_grave_remarks_says_why_they_stay(desk, open_house):
    note_id = await open_house.draft()
    sent = written(open_house, version=2, did=GRAVE)

    refused = await desk.post(f"/notes/{note_id}/publication", sent)
    asked = await desk.post(f"/notes/{note_id}/release-request", sent | {"version": "3"})

    assert (refused.status_code, asked.status_code) == (422, 422)
    assert "warum sie so bleibt" in plain(refused)
    assert (await queries.draft(open_house.company.id, note_id)).asked_at is None


async def test_whoever_releases_it_reads_why_and_nobody_else_does(desk, fan, open_house):
    note_id = await open_house.draft()
    sent = written(open_house, version=2, did=GRAVE, stays=BECAUSE)

    assert (await desk.post(f"/notes/{note_id}/release-request", sent)).status_code == 303
    panel = plain(await desk.get(f"/notes/{note_id}"))
    assert f"<p>{BECAUSE}</p>" in panel
    out = await desk.post(f"/notes/{note_id}/publication")
    assert out.status_code == 303

    assert BECAUSE not in plain(await fan.get(out.headers["location"]))
    assert BECAUSE in await fetch_value(
        "select after::text from audit where company = $1 and did = 'note.published'", open_house.company.id
    )


async def test_each_grave_remark_has_a_reason_of_its_own_beside_it(desk, open_house):
    note_id = await open_house.draft()
    sent = written(open_house, version=2, did=f"{GRAVE} Es wurden Fehler gemacht.")
    live = await desk.post(f"/notes/{note_id}/autosave", sent, headers={"HX-Request": "true"})
    page = plain(live)
    begun = re.findall(r'data-puts="stays" data-line data-words="([^"]+)"', page)
    assert len(begun) == 2

    one = sent | {"version": "3", "stays": begun[0] + BECAUSE}
    refused = await desk.post(f"/notes/{note_id}/release-request", one)
    assert refused.status_code == 422 and "Eine ernste Anmerkung steht noch" in plain(refused)

    both = one | {"version": "4", "stays": f"{begun[0]}{BECAUSE}\n{begun[1]}So steht es im Urteil."}
    assert (await desk.post(f"/notes/{note_id}/release-request", both)).status_code == 303
    panel = plain(await desk.get(f"/notes/{note_id}"))
    assert f"<p>Bleibt so: {BECAUSE}</p>" in panel and "<p>Bleibt so: So steht es im Urteil.</p>" in panel
    assert "data-line" not in panel


async def test_a_reason_whose_words_were_changed_by_hand_says_so_and_stays_its_writers(desk, open_house):
    note_id = await open_house.draft()
    sent = written(open_house, version=2, did=GRAVE)
    live = {"headers": {"HX-Request": "true"}}
    page = plain(await desk.post(f"/notes/{note_id}/autosave", sent, **live))
    line = re.findall(r'data-puts="stays" data-line data-words="([^"]+)"', page)[0] + BECAUSE
    told = "steht nicht mehr im Text"

    both = plain(
        await desk.post(f"/notes/{note_id}/autosave", sent | {"version": "3", "stays": line}, **live)
    )
    assert 'id="stays-idle"' in both and told not in both
    mended = sent | {"version": "4", "stays": line, "did": "Wir haben falsch gedruckt."}
    assert told in plain(await desk.post(f"/notes/{note_id}/autosave", mended, **live))

    page = plain(await desk.get(f"/notes/{note_id}"))
    assert told in page.split('id="stays-idle"')[1], "beside the field"
    assert told in page.split('class="preview"')[1], "and where somebody else releases it"
    assert (await queries.draft(open_house.company.id, note_id)).stays == line, "nobody writes for its writer"


@pytest.mark.parametrize("did", [STOCK, "Es tut uns leid, allen, deren erste Partie daran hängen blieb."])
async def test_what_is_not_grave_or_only_guessed_asks_for_no_reason(desk, open_house, did):
    note_id = await open_house.draft()

    reply = await desk.post(f"/notes/{note_id}/release-request", written(open_house, version=2, did=did))

    assert reply.status_code == 303


VAGUE = "Wir kümmern uns zeitnah darum."
SMALL = "Das war ein Einzelfall."


async def test_facts_of_the_house_are_offered_where_they_mend(desk, open_house):
    await execute("update action set state = 'planned', due_on = '2026-12-03'")
    note_id = await open_house.draft()

    async def offered(**words) -> str:
        said = written(open_house, NoteKind.MISTAKE, **words)
        return plain(await desk.post(f"/notes/{note_id}/autosave", said, headers={"HX-Request": "true"}))

    day = "Jule Brandt macht das bis 3. Dezember 2026: Seite 6 neu zeichnen."
    many = "5 Menschen haben uns davon geschrieben."
    page = await offered(repair=VAGUE, affected=SMALL)
    assert f'data-puts="repair" data-words="{day}"' in page
    assert f'data-puts="affected" data-words="{many}"' in page
    assert day not in await offered(wrong=VAGUE)  # whose fault it was is nobody's name
    assert day not in await offered(repair=VAGUE, actions=[])
    await execute("update action set state = 'done'")
    assert day not in await offered(repair=VAGUE)
    assert "data-puts" not in await offered()


async def test_too_few_to_be_counted_are_no_fact_and_another_house_has_none(desk, open_house):
    typed = {"themes": [str(open_house.theme.id), "x"]}
    remarks = {"did": Reader().remarks(SMALL, "de")}
    company, other = open_house.company, await made.a_company(slug="waage")

    assert (await facts(company, typed, remarks, "en"))["did"] == {
        "minimise": "5 people wrote to us about this."
    }
    assert (await facts(structs.replace(company, fewest_voices=6), typed, remarks, "en"))["did"] == {}
    assert (await facts(other, typed, remarks, "en"))["did"] == {}


def test_the_model_is_loaded_once_while_somebody_is_about_to_write(monkeypatch):
    begun = []
    monkeypatch.setattr(reading, "Thread", lambda **given: begun.append(given) or Mock())
    reading.get_ready.cache_clear()

    reading.get_ready()
    reading.get_ready()

    (thread,) = begun
    assert thread["target"](*thread["args"]) == {}


async def test_a_plain_field_that_carries_what_it_should_is_called_clear(desk, open_house):
    note_id = await open_house.draft()

    async def called_clear(did: str) -> bool:
        said = written(open_house, version=2, did=did)
        return "Sagt, wer es getan hat." in plain(await desk.post(f"/notes/{note_id}/preview", said)) + plain(
            await desk.post(f"/notes/{note_id}/autosave", said, headers={"HX-Request": "true"})
        )

    assert await called_clear("Wir haben die Regel auf Seite 6 neu geschrieben.")
    assert not await called_clear("Es wurden Fehler gemacht.")
    assert not await called_clear("Die Regel steht auf Seite 6.")


@pytest.mark.parametrize("page", ["correction", "withdrawal"])
async def test_the_reason_that_everybody_reads_is_read_by_plain_speech(desk, open_house, page):
    note_id = await open_house.note(await open_house.published())
    path, typed = f"/notes/{note_id}/{page}", {"why": STOCK}

    coming = await desk.post(f"{path}/remarks", typed, headers={"HX-Request": "true"})
    without_a_script = await desk.post(f"{path}/remarks", typed)

    assert "<b>Floskel.</b>" in coming.text and "<textarea" not in coming.text
    assert re.findall(r'<[^>]* id="([^"]+)"[^>]* hx-swap-oob="true"', coming.text) == ["remarks-why"]
    assert "<b>Floskel.</b>" in without_a_script.text and f"{STOCK}</textarea>" in plain(without_a_script)
    assert f'hx-post="/desk/kranich{path}/remarks"' in (await desk.get(path)).text


async def test_a_note_that_is_out_has_no_waves_and_counts_no_remarks(desk, open_house):
    note_id = await open_house.note(
        await open_house.published(did=f"Wir haben vier Bilder gezeichnet. {STOCK}")
    )

    page = (await desk.get(f"/notes/{note_id}")).text

    assert "sehr ernst" in page
    assert '<mark class="tone">' not in page and "remarks-open" not in page
