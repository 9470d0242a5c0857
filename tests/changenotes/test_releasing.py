"""A second pair of eyes, the mandate, an hour, and who else is at it."""

import re
from datetime import timedelta

import pytest

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import releasing
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.reaching import ways
from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.fediverse.commands import AccountForm, set_up
from hearback.people.rules import Language
from hearback.refusals import Faulty, Refused
from hearback.replying.commands import revoke_mandate, sign_mandate
from hearback.replying.forms import MandateForm
from hearback.webhooks.tables import Webhook
from tests import made
from tests.changenotes.ready import WORDS, heard
from tests.changenotes.test_translating_drafts import translated as into_english
from tests.conftest import browser_of

AT = {"now": made.NOW}
LATER = made.NOW + timedelta(hours=3)


async def four_eyes(house, *kinds: NoteKind) -> None:
    await commands.choose_four_eyes(house.company.id, list(kinds), by=house.leader, **AT)


async def mandate(house, number: int = 0) -> None:
    form = MandateForm(
        number=number, language=Language.DE, words="Antwortet selbst.", topics="Regeln\nVersand"
    )
    await sign_mandate(house.company.id, form, by=house.leader, **AT)


async def state(house, note_id) -> str:
    return (await queries.draft(house.company.id, note_id)).state


async def reasons(attempt) -> list[str]:
    with pytest.raises(Faulty) as refused:
        await attempt
    return [one.reason for one in refused.value.reasons]


async def test_who_wrote_a_note_last_does_not_let_it_out_where_the_house_wants_another(house):
    await four_eyes(house, NoteKind.CHANGED)
    note_id = await house.draft()
    await heard(house.company, house.leader, [house.theme.id])

    assert await reasons(commands.publish_note(house.company, note_id, by=house.writer, **AT)) == [
        "note.second-eyes"
    ]
    await commands.ask_for_release(house.company, note_id, by=house.writer, **AT)
    assert (await queries.draft(house.company.id, note_id)).asked_at == made.NOW
    await commands.publish_note(house.company, note_id, by=house.leader, **AT)
    assert await state(house, note_id) == "published"


async def test_whoever_changes_it_becomes_its_writer_and_whoever_only_saves_does_not(house):
    await four_eyes(house, NoteKind.CHANGED)
    note_id = await house.draft()
    await commands.ask_for_release(house.company, note_id, by=house.writer, **AT)
    await heard(house.company, house.leader, [house.theme.id])

    await commands.save_note(house.company.id, note_id, house.form(version=2), by=house.leader, **AT)
    same = await queries.draft(house.company.id, note_id)
    assert (same.writer, same.asked_at) == (house.writer.id, made.NOW)

    changed = house.form(version=3, did="Etwas anderes.")
    await commands.save_note(house.company.id, note_id, changed, by=house.leader, **AT)
    assert (await queries.draft(house.company.id, note_id)).asked_at is None
    assert await reasons(commands.publish_note(house.company, note_id, by=house.leader, **AT)) == [
        "note.second-eyes"
    ]
    await commands.publish_note(house.company, note_id, by=house.writer, **AT)


async def test_other_kinds_go_out_as_before(house):
    await four_eyes(house, NoteKind.MISTAKE)

    assert await house.published()


@pytest.mark.parametrize("cause", ["preventable", "integrity"])
async def test_what_leadership_signs_it_lets_out_itself(house, cause):
    note_id = await house.draft(NoteKind.MISTAKE, cause_kind=cause)
    await heard(house.company, house.leader, [house.theme.id])

    for attempt in (
        commands.publish_note(house.company, note_id, by=house.writer, **AT),
        commands.schedule_note(house.company, note_id, LATER, by=house.writer, **AT),
    ):
        assert await reasons(attempt) == ["note.leadership-releases"]
    await commands.ask_for_release(house.company, note_id, by=house.writer, **AT)
    await commands.publish_note(house.company, note_id, by=house.leader, **AT)

    assert await queries.sent_out_by(house.company.id, note_id) == house.leader.id


async def test_what_leadership_signs_goes_out_under_its_mandate_and_waits_to_be_cosigned(open_house):
    house = open_house
    await mandate(house)
    note_id = await house.draft(NoteKind.MISTAKE, topic=1)

    await commands.publish_note(house.company, note_id, by=house.writer, **AT)

    assert [one.uncosigned for one in await queries.public_notes(house.company.id, limit=9)] == [True]


async def test_what_stands_under_leaderships_name_is_corrected_and_withdrawn_by_leadership_alone(
    app, open_house
):
    house, words = open_house, WORDS[NoteKind.MISTAKE]
    note_id = await house.note(await house.published(NoteKind.MISTAKE))
    milder = CorrectionForm(number=1, why="Es war anders.", **words | {"cause_kind": "victim"})
    withdrawal = WithdrawalForm(why="Es war anders.")

    assert await reasons(commands.correct_note(house.company, note_id, milder, by=house.writer, **AT)) == [
        "note.leadership-corrects"
    ]
    assert await reasons(
        commands.withdraw_note(house.company.id, note_id, withdrawal, by=house.writer, **AT)
    ) == ["note.leadership-corrects"]
    for member, told in ((house.writer, True), (house.leader, False)):
        async with browser_of(app) as browser:
            desk = await made.signed_in(browser, house.company, member=member)
            for page in ("correction", "withdrawal"):
                said = (await desk.get(f"/notes/{note_id}/{page}")).text
                assert ("unter dem Namen der Leitung" in said) is told, "before anything is typed"
    await commands.correct_note(house.company, note_id, milder, by=house.leader, **AT)
    await commands.withdraw_note(house.company.id, note_id, withdrawal, by=house.writer, **AT)


async def test_what_went_out_under_the_mandate_is_corrected_under_it(house):
    await mandate(house)
    note_id = await house.draft(NoteKind.MISTAKE, topic=1)
    await commands.publish_note(house.company, note_id, by=house.writer, **AT)
    words = WORDS[NoteKind.MISTAKE] | {"affected": "Alle 3.500 Schachteln."}

    form = CorrectionForm(number=1, why="Falsch gezählt.", **words)
    await commands.correct_note(house.company, note_id, form, by=house.writer, **AT)


async def test_whoever_may_let_it_out_finds_it_on_todays_page(app, open_house):
    house = open_house
    await four_eyes(house, NoteKind.CHANGED)
    reader = await made.a_member(house.company, "reader", name="Ada Reader")
    other = await made.a_member(house.company, "comms", name="Oleg Sander")
    asked, graver, translated = await house.draft(), await house.draft(NoteKind.MISTAKE), await house.draft()
    await into_english(house, translated, by=other)
    for note_id in (asked, graver, translated):
        await commands.ask_for_release(house.company, note_id, by=house.writer, **AT)
    public = await house.note(await house.published(NoteKind.NOT_CHANGED))
    corrected = await house.draft()
    await heard(house.company, house.leader, [house.theme.id])
    await commands.publish_note(house.company, corrected, by=house.leader, **AT)
    for note_id, kind in ((public, NoteKind.NOT_CHANGED), (corrected, NoteKind.CHANGED)):
        words = WORDS[kind] | {"asked": "Ihr fragtet noch etwas."}
        form = CorrectionForm(number=1, why="Es fehlte etwas.", **words)
        await commands.correct_note(house.company, note_id, form, by=house.writer, now=now())

    found = {}
    for member in (house.writer, house.leader, other, reader):
        async with browser_of(app) as browser:
            page = (await (await made.signed_in(browser, house.company, member=member)).get("/today")).text
            found[member.name] = {
                one for one in (asked, graver, translated, corrected, public) if f"/notes/{one}" in page
            }
    assert found == {
        "Jule Brandt": set(),
        "Henrike Voss": {asked, graver, translated, corrected},
        "Oleg Sander": {asked, corrected},  # what he translated is his own
        "Ada Reader": set(),
    }


async def test_a_mistake_that_nobody_could_have_prevented_needs_nobody_of_leadership(house):
    note_id = await house.draft(NoteKind.MISTAKE, cause_kind="accidental", signed_by=house.writer.id)

    await commands.publish_note(house.company, note_id, by=house.writer, **AT)

    assert await state(house, note_id) == "published"


async def test_who_leads_no_more_at_its_hour_lets_out_nothing_that_leadership_signs(house):
    note_id = await house.draft(NoteKind.MISTAKE)
    await heard(house.company, house.leader, [house.theme.id])
    other = await made.a_member(house.company, leads=True, name="Mara Lindt")
    await heard(house.company, other, [house.theme.id])
    await commands.schedule_note(house.company, note_id, LATER, by=other, **AT)
    await execute("update member set leads = false where id = $1", other.id)

    assert await commands.send_due(LATER) == 0
    assert (await queries.draft(house.company.id, note_id)).held_back_at == LATER


async def test_what_is_not_complete_is_nobodys_to_release(house):
    note_id = await house.draft(closing_question="")

    assert await reasons(commands.ask_for_release(house.company, note_id, by=house.writer, **AT)) == [
        "note.missing.closing_question"
    ]


async def test_a_leader_may_cosign_although_a_namesake_has(app, open_house):
    house = open_house
    await four_eyes(house, NoteKind.CHANGED)
    await mandate(house)
    note_id = await house.draft(topic=1)
    await commands.publish_note(house.company, note_id, by=house.writer, **AT)
    await commands.cosign_note(house.company.id, note_id, by=house.leader, **AT)
    namesake = await made.a_member(house.company, name=house.leader.name, leads=True)

    for member, may in ((house.leader, False), (namesake, True)):
        async with browser_of(app) as browser:
            desk = await made.signed_in(browser, house.company, member=member)
            page = await desk.get(f"/notes/{note_id}")
            assert (f"{note_id}/cosigning" in page.text) is may


async def test_a_topic_of_the_mandate_goes_out_at_once_and_is_cosigned_afterwards(fan, open_house):
    house = open_house
    await four_eyes(house, NoteKind.CHANGED)
    await mandate(house)
    note_id = await house.draft(topic=1)

    slug = await commands.publish_note(house.company, note_id, by=house.writer, **AT)

    page = await fan.get(f"/kranich/log/{slug}")
    assert "Ging unter dem Mandat sofort raus: Versand." in page.text
    assert "Mitgezeichnet" not in page.text
    assert "Aus der Leitung hat es noch niemand mitgezeichnet." in page.text
    assert [one.uncosigned for one in await queries.public_notes(house.company.id, limit=9)] == [True]
    for who, why in ((house.writer, "note.leaders-cosign"), (house.leader, "")):
        if why:
            with pytest.raises(Refused, match=why):
                await commands.cosign_note(house.company.id, note_id, by=who, **AT)
        else:
            await commands.cosign_note(house.company.id, note_id, by=who, **AT)
            await commands.cosign_note(house.company.id, note_id, by=who, **AT)
    assert (await queries.covered(house.company.id, note_id)).cosigned_by == [house.leader.id]
    assert [one.uncosigned for one in await queries.public_notes(house.company.id, limit=9)] == [False]
    with pytest.raises(Exception, match="permission denied"):
        await execute("delete from note_cosign")


async def test_a_mandate_that_holds_no_more_covers_nothing(house):
    await four_eyes(house, NoteKind.CHANGED)
    await mandate(house)
    note_id = await house.draft(topic=0)
    await revoke_mandate(house.company.id, "Neue Leitung.", by=house.leader, **AT)

    assert await reasons(commands.publish_note(house.company, note_id, by=house.writer, **AT)) == [
        "note.mandate-changed"
    ]
    with pytest.raises(Refused, match=r"note\.nothing-to-cosign"):
        await commands.cosign_note(house.company.id, note_id, by=house.leader, **AT)


async def test_a_note_with_an_hour_goes_out_then_once_and_by_itself(house):
    note_id = await house.draft()
    await commands.schedule_note(house.company, note_id, LATER, by=house.writer, **AT)

    assert await commands.send_due(LATER - timedelta(seconds=1)) == 0
    assert await commands.send_due(LATER) == 1
    assert await commands.send_due(LATER) == 0
    assert await state(house, note_id) == "published"
    assert await fetch_value("select published_at from note where id = $1", note_id) == LATER


async def test_what_is_changed_meanwhile_does_not_go_out_by_itself(house):
    note_id = await house.draft()
    await commands.schedule_note(house.company, note_id, LATER, by=house.writer, **AT)
    form = house.form(version=2, did="Doch nicht so.")
    await commands.save_note(house.company.id, note_id, form, by=house.leader, **AT)

    assert await commands.send_due(LATER) == 0
    assert await state(house, note_id) == "draft"


@pytest.mark.parametrize(
    "meanwhile",
    [
        "update response set quoting = 'no'",
        "update theme set state = 'suggested', name = '', named_by = null, named_at = null",
        "update action set state = 'in_progress'",
        "update member set active = false where name = 'Jule Brandt'",
        "update member set role = 'reader' where name = 'Jule Brandt'",
    ],
    ids=["consent withdrawn", "theme withdrawn", "action re-opened", "author left", "may publish no more"],
)
async def test_what_something_stands_against_at_its_hour_stays_a_draft_and_says_so(house, meanwhile):
    note_id = await house.draft(quotes=[house.quoted.id])
    await commands.schedule_note(house.company, note_id, LATER, by=house.writer, **AT)
    await execute(meanwhile)

    assert await commands.send_due(LATER) == 0
    note = await queries.draft(house.company.id, note_id)
    assert (note.state, note.goes_out_at, note.held_back_at) == ("draft", None, LATER)
    assert await commands.send_due(LATER + timedelta(minutes=1)) == 0
    assert await fetch_column("select did from audit where did = 'note.held-back'") == ["note.held-back"]
    assert await fetch_value("select count(*) from revision") == 0


async def test_what_breaks_with_one_note_holds_no_other_back(house, monkeypatch):
    notes = [await house.draft(title=f"Seite {number}") for number in (6, 7)]
    for one in notes:
        await commands.schedule_note(house.company, one, LATER, by=house.writer, **AT)
    publish = releasing.publish_note

    async def broken(company, note_id, **more):
        if note_id == notes[0]:
            raise OSError
        return await publish(company, note_id, **more)

    monkeypatch.setattr(releasing, "publish_note", broken)
    with pytest.raises(ExceptionGroup):
        await commands.send_due(LATER)
    assert [await state(house, one) for one in notes] == ["draft", "published"]

    monkeypatch.undo()
    assert await commands.send_due(LATER) == 1, "it is tried again"


async def test_an_hour_that_has_passed_or_at_which_a_day_has_is_none(house):
    note_id = await house.draft(NoteKind.HOLDING)

    with pytest.raises(Refused, match=r"note\.hour-has-passed"):
        await commands.schedule_note(house.company, note_id, made.NOW, by=house.writer, **AT)
    too_late = made.NOW + timedelta(days=30)
    attempt = commands.schedule_note(house.company, note_id, too_late, by=house.writer, **AT)
    assert await reasons(attempt) == ["note.day-has-passed"]


async def test_nobody_is_offered_to_let_out_what_they_wrote_where_the_house_wants_another(desk, open_house):
    await four_eyes(open_house, NoteKind.CHANGED)
    note_id = await open_house.draft()
    assert f"{note_id}/publication" in (await desk.get(f"/notes/{note_id}")).text

    mine = open_house.form(version=2, did="Etwas anderes.")
    await commands.save_note(open_house.company.id, note_id, mine, by=desk.member, **AT)

    page = (await desk.get(f"/notes/{note_id}")).text
    assert f"{note_id}/publication" not in page
    assert f"{note_id}/release-request" in page


async def test_who_is_none_of_leadership_is_offered_to_ask_it(desk, open_house):
    note_id = await open_house.draft(NoteKind.MISTAKE)

    page = (await desk.get(f"/notes/{note_id}")).text

    assert "gibt sie auch frei: Henrike Voss." in page
    assert f"{note_id}/publication" not in page
    assert f"{note_id}/release-request" in page
    await execute("update member set role = 'reader' where id = $1", open_house.leader.id)
    assert "Noch darf dort niemand veröffentlichen" in (await desk.get(f"/notes/{note_id}")).text


async def test_the_desk_sets_an_hour_and_stops_it(desk, open_house):
    note_id = await open_house.draft()
    await heard(open_house.company, desk.member, [open_house.theme.id])

    reply = await desk.post(f"/notes/{note_id}/hour", {"goes_out": "2999-01-02", "hour": "9:30"})
    assert reply.status_code == 303, reply.text
    assert "Geht von selbst raus: 2. Januar 2999, 09:30" in (
        await desk.get(f"/notes/{note_id}")
    ).text.replace("\xa0", " ")
    await desk.post(f"/notes/{note_id}/no-hour", {})
    assert (await queries.draft(open_house.company.id, note_id)).goes_out_at is None
    reply = await desk.post(f"/notes/{note_id}/hour", {"goes_out": "2999-01-02", "hour": "25:99"})
    assert (reply.status_code, "Schreib die Uhrzeit bitte so: 09:30." in reply.text) == (422, True)


async def test_what_is_written_is_saved_by_itself_and_never_over_anothers_words(desk, open_house):
    note_id = await open_house.draft()
    typed = open_house.typed(version=2, did="Von allein gesichert.")

    reply = await desk.post(f"/notes/{note_id}/autosave", typed, headers={"HX-Request": "true"})
    assert 'name="version" id="version" value="3"' in reply.text
    assert "Gesichert um" in reply.text
    assert "Es fehlt nichts." in reply.text
    await commands.save_note(
        open_house.company.id,
        note_id,
        open_house.form(version=3, did="Von Jule."),
        by=open_house.writer,
        **AT,
    )
    reply = await desk.post(
        f"/notes/{note_id}/autosave",
        open_house.typed(version=3, did="Von mir."),
        headers={"HX-Request": "true"},
    )
    assert "Noch nicht gesichert." in reply.text and 'id="reasons"' not in reply.text
    (version,) = re.findall(r'name="version" id="version" value="(\d+)"', reply.text)
    again = open_house.typed(version=int(version), did="Von mir, noch ein Wort.")
    reply = await desk.post(f"/notes/{note_id}/autosave", again, headers={"HX-Request": "true"})
    assert "Noch nicht gesichert." in reply.text, "the next key is no yes to losing what they wrote"
    assert (await queries.draft(open_house.company.id, note_id)).said.did == "Von Jule."

    reply = await desk.post(f"/notes/{note_id}", again)
    assert (reply.status_code, "Von Jule." in reply.text) == (409, True), "whoever saves sees theirs first"


async def test_only_the_first_autosave_of_a_sitting_stands_in_the_audit(house):
    note_id = await house.draft()
    for number in range(2, 6):
        form = house.form(version=number, did=f"Fassung {number}")
        await commands.save_note(house.company.id, note_id, form, by=house.leader, quietly=True, **AT)

    assert await fetch_value("select count(*) from audit where did = 'note.saved'") == 2


async def test_drafts_on_one_theme_see_each_other_and_say_when_they_differ(desk, open_house):
    other = await open_house.draft(NoteKind.NOT_CHANGED)
    note_id = await open_house.draft()
    await commands.seen_writing(open_house.company.id, note_id, by=open_house.leader, **AT)
    await execute("update note_writer set seen_at = now()")

    page = await desk.get(f"/notes/{note_id}")
    assert f"/notes/{other}" in page.text
    assert "Sagt etwas anderes: Bleibt, wie es ist." in page.text
    assert "Henrike Voss hat diesen Entwurf gerade auch offen." in page.text
    assert f"/notes/{note_id}" in (await desk.get(f"/notes/{other}")).text

    await execute("update member set active = false where id = $1", open_house.leader.id)
    assert "gerade auch offen." not in (await desk.get(f"/notes/{note_id}")).text, "who left is at nothing"


async def test_who_hears_of_it_is_told_by_way_and_number(desk, open_house):
    page = await desk.get(f"/notes/{await open_house.draft()}")

    assert "Menschen, die gleich eine E-Mail bekommen" in page.text
    assert "Wochenmail" not in page.text
    assert "Programme, die davon erfahren" not in page.text
    assert "Wer uns im Fediverse folgt" not in page.text


async def test_programs_and_followers_are_told_too_and_who_follows_is_not_counted(open_house):
    company, at = open_house.company, made.NOW
    hook = {"address": "https://example.org/hook", "kinds": ["note.published"], "secret": b"x"}
    by = {"created_by": open_house.writer.id, "created_at": at}
    await Webhook.insert(Webhook(company=company.id, **hook, **by))
    await set_up(company, AccountForm(active=True), secret="x" * 32, by=open_house.leader, now=at)

    told = {
        way.words: way.people for way in await ways(company, await open_house.draft(), NoteKind.CHANGED, [])
    }
    assert told["note.webhooks"] == 1
    assert told["note.followers"] is None


@pytest.mark.parametrize(("role", "status"), [("admin", 303), ("comms", 403), ("reader", 403)])
async def test_only_an_admin_chooses_who_releases_what(app, open_house, role, status):
    async with browser_of(app) as browser:
        somebody = await made.signed_in(browser, open_house.company, role)
        reply = await somebody.post("/notes/four-eyes", {"kinds": ["mistake", "changed"]})

    assert reply.status_code == status
    chosen = await queries.kinds_with_four_eyes(open_house.company.id)
    assert chosen == ({"mistake", "changed"} if status == 303 else set())
