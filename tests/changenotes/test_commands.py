"""A note on its way: written, sent out with all it promises, corrected and withdrawn, but never changed silently."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import SavedMeanwhile
from hearback.changenotes.commands.linking import LINKS
from hearback.changenotes.forms import CorrectionForm, Said, WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import ENGINE, execute, fetch_column, fetch_value, transaction
from hearback.promises.queries import promises
from hearback.promises.rules import PromiseState
from hearback.refusals import Faulty, NotFound, Refused
from tests import made
from tests.changenotes.ready import SOON, TODAY, WORDS, ready
from tests.waiting import until


async def entry(house, slug):
    return await queries.entry(house.company.id, slug, fewest_voices=house.company.fewest_voices)


def corrected(house, **texts):
    words = WORDS[NoteKind.CHANGED] | {"number": 1, "why": "Die Zahl fehlte."} | texts
    return CorrectionForm(**words)


@pytest.mark.parametrize("kind", NoteKind)
async def test_a_note_goes_out_as_revision_one(house, kind):
    slug = await house.published(kind)

    note = await entry(house, slug)
    assert (note.kind, note.state, [revision.number for revision in note.revisions]) == (
        kind,
        "published",
        [1],
    )
    said = {field.name: field.until or field.words for field in note.revisions[0].fields}
    assert said == {
        name: value if hasattr(value, "year") else str(value) for name, value in WORDS[kind].items()
    }
    assert await fetch_value("select draft from note") == "{}"


async def test_what_kind_it_is_not_stays_unsaid(house):
    slug = await house.published(NoteKind.CHANGED, wrong="Noch geheim", look_again=SOON)

    note = await entry(house, slug)
    assert "Noch geheim" not in str(note)
    assert [one.kind for one in (await promises(house.company.id)).promises] == ["reply"]


@pytest.mark.parametrize(
    ("kind", "promised"),
    [
        (NoteKind.CHANGED, []),
        (NoteKind.NOT_CHANGED, ["look_again"]),
        (NoteKind.HOLDING, ["next_word"]),
        (NoteKind.MISTAKE, ["follow_up", "repair"]),
    ],
)
async def test_the_days_of_a_note_become_promises(house, kind, promised):
    slug = await house.published(kind)

    made_by_it = [one for one in (await promises(house.company.id)).promises if one.note]
    assert sorted(one.kind for one in made_by_it) == promised
    assert {one.due_on for one in made_by_it} <= {SOON}
    assert all(one.words.endswith(WORDS[kind]["title"]) for one in made_by_it)
    assert all(one.link == f"log/{slug}" for one in made_by_it)


async def test_a_change_that_is_still_open_is_promised_too(house):
    await house.published(NoteKind.MISTAKE, did_state="open", did_on=SOON)

    assert sorted(one.kind for one in (await promises(house.company.id)).promises if one.note) == [
        "follow_up",
        "repair",
        "repair",
    ]


async def test_the_questions_it_answers_get_their_promised_reply(house):
    await house.published(questions=[house.question.id])

    reply = next(one for one in (await promises(house.company.id)).promises if one.kind == "reply")
    assert reply.state(TODAY) == PromiseState.KEPT


async def test_word_meanwhile_does_not_keep_the_reply_and_the_next_note_is_the_next_word(house):
    await house.published(NoteKind.HOLDING, questions=[house.question.id])
    states = {one.kind: one.state(TODAY) for one in (await promises(house.company.id)).promises}
    assert states == {"reply": PromiseState.OPEN, "next_word": PromiseState.OPEN}

    await house.published(NoteKind.CHANGED, questions=[house.question.id])

    states = {one.kind: one.state(TODAY) for one in (await promises(house.company.id)).promises}
    assert states == {"reply": PromiseState.KEPT, "next_word": PromiseState.KEPT}


async def test_nothing_happens_when_something_stands_against_it(house):
    note_id = await house.draft(title="", questions=[house.question.id], actions=[])

    with pytest.raises(Faulty) as refusal:
        await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)

    assert [reason.reason for reason in refusal.value.reasons] == [
        "note.nothing-done-yet",
        "note.missing.title",
    ]
    assert await fetch_value("select count(*) from revision") == 0
    assert await fetch_value("select state from note") == "draft"
    assert await fetch_value("select kept_on from promise") is None


async def test_too_few_voices_keep_a_note_back_until_the_theme_is_lifted(pool):
    house = await ready(await made.a_company(), voices=2)
    note_id = await house.draft()
    with pytest.raises(Refused, match=r"note\.too-few-voices"):
        await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)

    await execute("update theme set weight_reason = 'Es geht um Teilhabe.' where id = $1", house.theme.id)

    assert await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)


async def test_a_quote_whose_fan_took_it_back_keeps_the_note_back(house):
    note_id = await house.draft(quotes=[house.quoted.id])
    await execute("update response set quoting = 'no', first_name = '', place = ''")

    with pytest.raises(Refused, match=r"note\.quote-without-consent"):
        await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)


async def test_a_quote_from_a_theme_that_is_not_linked_is_refused(house):
    other = await made.a_theme(house.company, "Anderes")
    response = await made.an_answer(house.company, house.question, "Ganz anders.", quoting="unnamed")
    excerpt = await made.placed(house.company, response, other)
    note_id = await house.draft(quotes=[excerpt.id])

    with pytest.raises(Refused, match=r"note\.quote-without-consent"):
        await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)


COPIED = "Ich habe 1 Minuten gesucht, wann es ausgeht"  # what the second voice of the theme wrote, unquotable


async def test_the_words_of_a_fan_who_lets_nobody_quote_them_keep_the_note_back(house):
    note_id = await house.draft(said=f"Eine schrieb: {COPIED}.")

    with pytest.raises(Faulty) as refusal:
        await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)

    assert [(one.reason, one.field, one.values) for one in refusal.value.reasons] == [
        ("note.repeats-a-fan", "said", {"words": COPIED})
    ]
    await execute("update response set quoting = 'unnamed'")
    assert await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)


async def test_the_words_of_the_question_and_of_other_themes_do_not(house):
    other = await made.an_answer(
        house.company, house.question, "Das hat hier im Thema gar niemand so geschrieben."
    )
    await made.placed(house.company, other, await made.a_theme(house.company, "Anderes"))
    asked = house.question.title

    assert await house.published(asked=asked, said="Das hat hier im Thema gar niemand so geschrieben.")


async def test_a_correction_says_nothing_in_a_fans_words_either(house):
    slug = await house.published()
    note_id = await house.note(slug)

    with pytest.raises(Refused, match=r"note\.repeats-a-fan"):
        await commands.correct_note(
            house.company, note_id, corrected(house, did=COPIED), by=house.writer, now=made.NOW
        )
    await commands.correct_note(
        house.company, note_id, corrected(house, did="Es steht nun da."), by=house.writer, now=made.NOW
    )


async def test_a_mistake_that_could_have_been_prevented_is_signed_by_leadership(house):
    note_id = await house.draft(NoteKind.MISTAKE, signed_by=house.writer.id)

    with pytest.raises(Refused, match=r"note\.leadership-signs"):
        await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)


async def test_no_face_no_note(house):
    await execute("update member set face_digest = null where id = $1", house.writer.id)
    note_id = await house.draft()

    with pytest.raises(Refused, match=r"note\.signer-without-face"):
        await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)


async def test_two_notes_of_one_title_have_two_addresses(house):
    assert [await house.published(), await house.published()] == [
        "seite-6-erklaert-es-jetzt-in-vier-bildern",
        "seite-6-erklaert-es-jetzt-in-vier-bildern-2",
    ]


async def test_the_second_of_two_writers_is_told_and_nothing_is_lost(house):
    note_id = await house.draft()
    await commands.save_note(
        house.company.id, note_id, house.form(version=2, title="Von Jule"), by=house.writer, now=made.NOW
    )

    with pytest.raises(SavedMeanwhile):
        await commands.save_note(
            house.company.id, note_id, house.form(version=2, title="Von Tarek"), by=house.leader, now=made.NOW
        )

    assert (await queries.draft(house.company.id, note_id)).said.title == "Von Jule"


async def test_a_public_note_cannot_be_saved_thrown_away_or_published_again(house):
    note_id = await house.note(await house.published())

    for attempt in (
        commands.save_note(house.company.id, note_id, house.form(version=2), by=house.writer, now=made.NOW),
        commands.discard_note(house.company.id, note_id, by=house.writer, now=made.NOW),
        commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW),
    ):
        with pytest.raises(Refused, match=r"note\.is-public"):
            await attempt


@pytest.mark.parametrize(
    "sql",
    [
        "update revision set reason = 'anders'",
        "delete from revision",
        "update note_field set words = 'anders'",
        "delete from note_field",
        "truncate note_field",
        "update note set slug = 'anders'",
        "update note set published_at = now() - interval '1 year'",
        "update note set state = 'draft'",
        "delete from note",
        "delete from note_theme",
        "delete from note_action",
        "delete from note_question",
        "delete from note_quote",
        "update note_quote set position = 7",
        "update note_quote set excerpt = (select id from excerpt where id <> note_quote.excerpt limit 1)",
        "update note_theme set theme = gen_random_uuid()",
    ],
)
async def test_the_database_itself_lets_nobody_edit_what_is_public(house, sql):
    await house.published(quotes=[house.quoted.id], questions=[house.question.id])

    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
        await execute(sql)


@pytest.mark.parametrize("field", ["themes", "actions", "questions", "quotes"])
async def test_the_database_itself_lets_nobody_add_to_what_a_public_note_is_about(house, field):
    note_id = await house.note(await house.published())
    theirs = {
        "themes": (await made.a_theme(house.company, "Ein anderes")).id,
        "actions": house.action.id,
        "questions": house.question.id,
        "quotes": house.quoted.id,
    }

    with pytest.raises(asyncpg.RestrictViolationError):
        await execute(LINKS[field][1], house.company.id, note_id, [theirs[field]])


async def test_nothing_is_added_to_a_note_that_is_just_going_out(house):
    """Whoever adds waits for the publication, and is refused then."""
    note_id = await house.draft()
    later = await made.a_theme(house.company, "Ein anderes")
    add_it = LINKS["themes"][1]

    async with ENGINE.pool.acquire() as other:
        async with transaction():
            await execute("update note set state = 'published', published_at = now() where id = $1", note_id)
            adding = asyncio.create_task(other.execute(add_it, house.company.id, note_id, [later.id]))
            await until(
                lambda: fetch_value(
                    """select exists (select from pg_stat_activity
                                      where datname = current_database() and wait_event_type = 'Lock')"""
                )
            )
        with pytest.raises(asyncpg.RestrictViolationError):
            await adding


async def test_what_was_taken_back_stays_taken_back_in_the_database_too(house):
    note = await house.note(await house.published())
    form = WithdrawalForm(why="Es stimmte nicht.")
    await commands.withdraw_note(house.company.id, note, form, by=house.writer, now=made.NOW)

    for state in ("published", "draft"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await execute("update note set state = $1", state)


async def test_a_quote_of_a_public_note_may_still_become_a_gap(house):
    await house.published(quotes=[house.quoted.id])

    await execute("update note_quote set excerpt = null, gone = 'erased'")
    assert await fetch_value("select gone from note_quote") == "erased"


async def test_a_correction_is_a_new_revision_with_its_reason(house):
    slug = await house.published()
    note_id = await house.note(slug)

    await commands.correct_note(
        house.company, note_id, corrected(house, did="Vier Bilder."), by=house.leader, now=made.NOW
    )

    note = await entry(house, slug)
    assert [(one.number, one.kind, one.reason, one.by) for one in note.revisions] == [
        (1, "published", "", "Jule Brandt"),
        (2, "corrected", "Die Zahl fehlte.", "Henrike Voss"),
    ]
    said = [{field.name: field.words for field in one.fields}["did"] for one in note.revisions]
    assert said == ["Die Regel steht jetzt beim **Anzünden**.", "Vier Bilder."]


async def test_a_mistake_that_turns_out_worse_needs_leaderships_name(house):
    slug = await house.published(NoteKind.MISTAKE, cause_kind="accidental", signed_by=house.writer.id)
    note_id = await house.note(slug)
    worse = CorrectionForm(
        number=1, why="Wir wussten es doch.", **WORDS[NoteKind.MISTAKE] | {"cause_kind": "preventable"}
    )

    with pytest.raises(Refused, match=r"note\.leadership-signs"):
        await commands.correct_note(house.company, note_id, worse, by=house.writer, now=made.NOW)
    assert [one.number for one in (await entry(house, slug)).revisions] == [1]

    await execute("update member set leads = true where id = $1", house.writer.id)
    by = await made.a_member(house.company)
    with pytest.raises(Refused, match=r"note\.leadership-signs"):  # nor in its signer's name
        await commands.correct_note(house.company, note_id, worse, by=by, now=made.NOW)

    await commands.correct_note(house.company, note_id, worse, by=house.leader, now=made.NOW)
    assert [one.by for one in (await entry(house, slug)).revisions] == ["Jule Brandt", "Henrike Voss"]


async def days_said(house, slug: str, name: str) -> list[date]:
    """Of each version."""
    return [
        {field.name: field.until for field in one.fields}[name]
        for one in (await entry(house, slug)).revisions
    ]


async def correct(house, slug: str, kind: NoteKind, **differs) -> None:
    form = CorrectionForm(number=1, why="Genauer.", **WORDS[kind] | differs)
    await commands.correct_note(house.company, await house.note(slug), form, by=house.leader, now=made.NOW)


async def promised(house, name: str) -> list[date]:
    return [
        one.due_on for one in (await promises(house.company.id)).promises if one.note and one.kind == name
    ]


async def test_a_correction_moves_no_day_that_is_promised(house):
    slug = await house.published(NoteKind.HOLDING)

    with pytest.raises(Faulty) as refused:
        await correct(house, slug, NoteKind.HOLDING, known="Mehr.", next_word=SOON + timedelta(days=90))
    assert [(one.reason, one.field) for one in refused.value.reasons] == [
        ("note.day-is-promised", "next_word")
    ]

    await correct(house, slug, NoteKind.HOLDING, known="Mehr.", next_word=None)
    assert await days_said(house, slug, "next_word") == [SOON, SOON]
    assert await promised(house, "next_word") == [SOON]


async def test_a_day_that_lies_behind_is_corrected_and_both_stay_readable(house):
    slug = await house.published(NoteKind.MISTAKE)
    knew, did = TODAY - timedelta(days=300), TODAY - timedelta(days=20)

    await correct(house, slug, NoteKind.MISTAKE, known_since=knew, did_on=did)

    assert await days_said(house, slug, "known_since") == [WORDS[NoteKind.MISTAKE]["known_since"], knew]
    assert await days_said(house, slug, "did_on") == [WORDS[NoteKind.MISTAKE]["did_on"], did]
    assert await promised(house, "repair") == [SOON], "nothing of it is a promise"


@pytest.mark.parametrize(
    ("differs", "reason"),
    [
        ({"known_since": TODAY + timedelta(days=1)}, ("note.day-to-come", "known_since")),
        ({"known_since": None}, ("note.missing.known_since", "known_since")),
        ({"did_on": TODAY + timedelta(days=1)}, ("note.not-done-yet", "did_on")),
        ({"did_on": None}, ("note.missing.did_on", "did_on")),
        ({"did_state": "open"}, ("note.day-has-passed", "did_on")),
    ],
)
async def test_a_corrected_day_must_fit(house, differs, reason):
    slug = await house.published(NoteKind.MISTAKE)

    with pytest.raises(Faulty) as refused:
        await correct(house, slug, NoteKind.MISTAKE, **differs)
    assert [(one.reason, one.field) for one in refused.value.reasons] == [reason]


async def test_what_we_called_done_and_is_not_is_promised_by_its_correction(house):
    slug = await house.published(NoteKind.MISTAKE)

    later = SOON + timedelta(days=10)
    await correct(house, slug, NoteKind.MISTAKE, did_state="open", did_on=later)

    assert sorted(await promised(house, "repair")) == [SOON, later]


async def test_what_was_open_and_is_done_says_the_day_when_it_was(house):
    slug = await house.published(NoteKind.MISTAKE, did_state="open", did_on=SOON)

    await correct(house, slug, NoteKind.MISTAKE, did_state="done", did_on=TODAY)

    assert await days_said(house, slug, "did_on") == [SOON, TODAY]
    assert await promised(house, "repair") == [SOON, SOON], "the promise is kept where promises are kept"


async def test_a_repair_that_comes_with_a_correction_is_promised(house):
    nothing = {"repair": "", "repair_by": None, "must_do": "", "cannot_undo": "Die Nacht ist vorbei."}
    slug = await house.published(NoteKind.MISTAKE, **nothing)
    assert await promised(house, "repair") == []

    await correct(house, slug, NoteKind.MISTAKE)

    assert await promised(house, "repair") == [SOON]


async def test_what_is_corrected_to_the_same_or_to_nothing_is_refused(house):
    note_id = await house.note(await house.published())

    with pytest.raises(Refused, match=r"note\.nothing-corrected"):
        await commands.correct_note(house.company, note_id, corrected(house), by=house.writer, now=made.NOW)
    with pytest.raises(Refused, match=r"note\.missing\.did"):
        await commands.correct_note(
            house.company, note_id, corrected(house, did=""), by=house.writer, now=made.NOW
        )
    assert await fetch_column("select number from revision") == [1]


async def test_who_corrects_an_older_version_is_told(house):
    note_id = await house.note(await house.published())
    first = corrected(house, did="Erst so.")
    await commands.correct_note(house.company, note_id, first, by=house.writer, now=made.NOW)

    with pytest.raises(SavedMeanwhile):
        await commands.correct_note(
            house.company, note_id, corrected(house, did="Dann so."), by=house.leader, now=made.NOW
        )


async def test_a_withdrawn_note_stays_with_its_reason_and_its_words(house):
    slug = await house.published()
    note_id = await house.note(slug)

    await commands.withdraw_note(
        house.company.id, note_id, WithdrawalForm("Das stimmte nicht."), by=house.leader, now=made.NOW
    )

    note = await entry(house, slug)
    assert (note.state, note.withdrawal.reason) == ("withdrawn", "Das stimmte nicht.")
    assert [one.number for one in note.versions] == [1]
    with pytest.raises(Refused, match=r"note\.not-correctable"):
        await commands.correct_note(
            house.company, note_id, corrected(house, did="Doch"), by=house.leader, now=made.NOW
        )


async def test_a_draft_can_be_thrown_away(house):
    note_id = await house.draft(quotes=[house.quoted.id], questions=[house.question.id])

    await commands.discard_note(house.company.id, note_id, by=house.writer, now=made.NOW)

    with pytest.raises(NotFound):
        await queries.draft(house.company.id, note_id)


@pytest.mark.parametrize("field", ["themes", "actions", "quotes", "questions"])
async def test_nothing_of_another_company_can_be_chosen(house, field):
    other = await ready(await made.a_company("reiher"))
    theirs = {
        "themes": other.theme.id,
        "actions": other.action.id,
        "quotes": other.quoted.id,
        "questions": other.question.id,
    }

    with pytest.raises(Refused, match=r"form\.not-a-choice"):
        await house.draft(**{field: [theirs[field]]})


async def test_another_companys_note_is_not_there(house):
    other = await made.a_company("reiher")
    note_id = await house.draft()
    slug = await house.published()

    with pytest.raises(NotFound):
        await queries.draft(other.id, note_id)
    with pytest.raises(NotFound):
        await queries.entry(other.id, slug, fewest_voices=1)
    with pytest.raises(NotFound):
        await commands.publish_note(other, note_id, by=house.writer, now=made.NOW)
    assert await queries.public_notes(other.id, limit=9) == [] == await queries.drafts(other.id)


async def test_everything_a_member_does_is_written_down(house):
    note_id = await house.note(await house.published())
    await commands.correct_note(
        house.company, note_id, corrected(house, did="Anders."), by=house.writer, now=made.NOW
    )
    await commands.withdraw_note(
        house.company.id, note_id, WithdrawalForm("Falsch."), by=house.writer, now=made.NOW
    )

    assert await fetch_column("select did from audit where subject = $1 order by id", note_id) == [
        "note.started",
        "note.saved",
        "note.published",
        "note.corrected",
        "note.withdrawn",
    ]


async def test_what_is_done_but_not_said_waits_on_the_desk(house):
    assert [(one.name, one.voices, one.done) for one in await queries.to_say(house.company.id)] == [
        ("Irrlichter", 5, "Seite 6 neu zeichnen")
    ]

    await house.published()

    assert await queries.to_say(house.company.id) == []


async def test_an_erased_field_is_a_gap_and_nothing_breaks(server, house):
    slug = await house.published()
    database = await fetch_value("select current_database()")
    connection = await asyncpg.connect(server.url("postgres", database))
    await connection.execute("update note_field set words = null where name = 'asked'")
    await connection.close()

    note = await entry(house, slug)

    assert {field.name: field.words for field in note.versions[0].fields}["asked"] is None
    assert (await queries.draft(house.company.id, await house.note(slug))).said.asked == ""
    assert isinstance((await queries.draft(house.company.id, note.id)).said, Said)
