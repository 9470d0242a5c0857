"""Erased is erased: the words are looked for in every column of every table, in a dump, and in what pages remember."""

import asyncio
import gc
import subprocess
import sys

import asyncpg
import pytest

from hearback.actions.tables import Action
from hearback.answering import queries
from hearback.answering.tables import Answer, Response, WordsBefore
from hearback.changenotes import lists
from hearback.changenotes.tables import (
    Dissent,
    NoteChannel,
    NoteField,
    NoteQuote,
    NoteTranslation,
    Revision,
    TranslationDraft,
)
from hearback.database.backup import client
from hearback.database.engine import ENGINE, execute, transaction
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.promises.tables import Promise
from hearback.receipts.tables import Hearback
from hearback.themes.commands.living import write_event
from hearback.themes.rules import ThemeDeed
from hearback.themes.tables import (
    CodebookEntry,
    Excerpt,
    PassedOn,
    Placement,
    Proposal,
    SavedView,
    Spot,
    Theme,
    ThemeRemark,
    VoiceShown,
)
from hearback.trust.erasure import ROOMS
from hearback.web import markdown
from hearback.web.live import LIVE
from hearback.web.remembering import Memory
from tests import made
from tests.waiting import until

CODE = "7K4QM0000000000000000000AB"
CANARY = "Zaunkönigsfeder"
WORDS = f"Unsere {CANARY} klemmt seit Ostern im Scharnier der Schatulle fest."
QUOTED = f"Jemand schrieb: „{WORDS}“ Das nehmen wir ernst."
COLUMNS = """select c.table_name, c.column_name from information_schema.columns c
             join information_schema.tables t using (table_schema, table_name)
             where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
               and c.data_type in ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY')"""


async def where_it_stands(canary: str = CANARY) -> list[str]:
    """Every table.column of the database that holds the word, however it is written."""
    found = []
    for table, column in await ENGINE.pool.fetch(COLUMNS):
        as_bytes = canary.encode().hex()
        if await ENGINE.pool.fetchval(
            f"""select exists (select from "{table}" where "{column}"::text ilike $1
                               or "{column}"::text like $2)""",
            f"%{canary}%",
            f"%{as_bytes}%",
        ):
            found.append(f"{table}.{column}")
    return sorted(found)


@pytest.fixture
async def response(company):
    question = await made.a_question(company, slug="schatulle")
    return await made.an_answer(
        company, question, WORDS, code=CODE, quoting="named", first_name="Ayşe", place="Dortmund"
    )


async def quoted_everywhere(company, response):
    """What the house may have made of the words: by machine and by hand."""
    by = await made.a_member(company)
    given = {"company": company.id}
    theme = await made.a_theme(
        company, definition=QUOTED, excludes=QUOTED, weight_reason=QUOTED, terms=["kiste", CANARY.lower()]
    )
    theme.terms_in, theme.resting_why = f'{{"de": ["{CANARY}"], "en": ["hinge"]}}', QUOTED
    await theme.save()
    excerpt = await made.placed(company, response, theme, by=by)
    await Spot.insert(Spot(**given, excerpt=excerpt.id, x=0, y=0))
    await VoiceShown.insert(VoiceShown(**given, excerpt=excerpt.id, member=by.id, on=made.today()))
    await PassedOn.insert(
        PassedOn(**given, excerpt=excerpt.id, member=by.id, by=by.id, words=QUOTED, at=made.NOW)
    )
    await ThemeRemark.insert(ThemeRemark(**given, theme=theme.id, member=by.id, words=QUOTED, at=made.NOW))
    for state in ("open", "refused"):
        says = f'{{"says": {{"de": ["{CANARY}"]}}, "quotes": ["{excerpt.id}"]}}'
        decided = {} if state == "open" else {"member": by.id, "at": made.NOW}
        await Proposal.insert(
            Proposal(
                **given,
                kind="join",
                theme=theme.id,
                excerpts=[excerpt.id],
                worth=1,
                evidence=says,
                state=state,
                **decided,
            )
        )
    await SavedView.insert(
        SavedView(
            **given, member=by.id, name="Feder", query=f"q={WORDS.replace(' ', '+')}", created_at=made.NOW
        )
    )
    await CodebookEntry.insert(
        CodebookEntry(
            **given,
            slug="feder",
            de="Feder",
            examples_de=[WORDS],
            version=made.some_id(),
            member=by.id,
            at=made.NOW,
        )
    )
    await Action.insert(
        Action(**given, title="Scharnier", why=QUOTED, owner=by.id, created_by=by.id, decline_reason=QUOTED)
    )
    await Promise.insert(
        Promise(
            **given,
            kind="repair",
            words=QUOTED,
            why=QUOTED,
            owner=by.id,
            made_by=by.id,
            made_at=made.NOW,
            due_on=made.today(),
            broken_on=made.today(),
            broken_by=by.id,
            broken_why=QUOTED,
            outcome=QUOTED,
        )
    )
    said = {"asked": QUOTED, "did": "Wir haben die Feder getauscht."}
    note = await made.a_public_note(company, theme, by=by, quotes=[excerpt.id], **said)
    await Revision.insert(
        Revision(**given, note=note.id, number=2, kind="withdrawn", reason=QUOTED, by=by.id, at=made.NOW)
    )
    english = {"language": "en", "of_number": 1, "fields": f'{{"said": "{QUOTED}"}}', "by": by.id}
    await NoteTranslation.insert(NoteTranslation(**given | english, note=note.id, at=made.NOW))
    sign = NoteChannel(**given, note=note.id, channel="sign", words=QUOTED, by=by.id, at=made.NOW)
    await NoteChannel.insert(sign)
    draft = await made.a_public_note(company, theme, by=by, state="draft")
    draft.draft = f'{{"asked": "{QUOTED}"}}'
    await draft.save()
    in_work = {"language": "en", "fields": f'{{"asked": "{QUOTED}"}}', "original": draft.draft, "by": by.id}
    await TranslationDraft.insert(TranslationDraft(**given | in_work, note=draft.id, at=made.NOW))
    await Dissent.insert(Dissent(**given, note=draft.id, member=by.id, why=QUOTED, at=made.NOW))
    await Hearback.insert(
        Hearback(**given, response=response.id, note=note.id, verdict="no", words=WORDS, on=made.today())
    )
    (answer,) = await Answer.objects()
    before = {"response": response.id, "prompt": answer.prompt, "on": made.today()}
    await WordsBefore.insert(WordsBefore(**given | before, salt=b"s", hash=b"h"))
    other = await made.an_answer(
        company, await made.a_question(company, why=QUOTED, opens_at=made.NOW), "Ganz etwas anderes."
    )
    other.state, other.reason = "set_aside", QUOTED
    await other.save()
    async with transaction():
        told = {"name": QUOTED, "terms": CANARY.lower()}
        await write_event(company.id, theme.id, ThemeDeed.NAMED, by=by.id, now=made.NOW, **told)
        await write_event(company.id, theme.id, ThemeDeed.SUGGESTED, by=by.id, now=made.NOW, terms=[CANARY])
        await note_down(
            company.id, "theme.named", by=by.id, now=made.NOW, before=None, after={"definition": QUOTED}
        )
        await do_later("themes.read", company_id=company.id, response_id=response.id)
    await execute(
        """insert into pgqueuer_log (job_id, status, entrypoint, priority, traceback)
           values (1, 'exception', 'x', 0, $1)""",
        f'{{"message": "{WORDS}"}}',
    )
    return theme, note


def dump_of(url):
    return subprocess.run([client("pg_dump"), "--inserts", url], capture_output=True, check=True).stdout


async def erase(fan, **data):
    return await fan.post("/kranich/r/erasure", data={"code": CODE} | data)


async def test_nothing_is_erased_before_the_fan_is_sure(fan, response):
    page = await erase(fan)

    assert "Antwort löschen?" in page.text
    assert await Response.select(Response.state) == [{"state": "counted"}]
    assert await where_it_stands() == ["answer.words"]


async def test_the_words_are_in_no_column_of_any_table_and_in_no_dump(fan, company, response, database):
    await quoted_everywhere(company, response)
    assert len(await where_it_stands()) > 20
    pages = ["/kranich", "/kranich/log", "/kranich/log.atom", "/kranich/log.json"]
    for path in pages:
        await fan.get(path)

    page = await erase(fan, sure="yes")

    assert "Deine Worte sind überall weg." in page.text
    assert await where_it_stands() == []
    assert await where_it_stands("Ayşe") == []
    dump = await asyncio.to_thread(dump_of, database.replace("hearback_app", "hearback_owner"))
    assert CANARY.encode() not in dump
    assert CANARY.lower().encode() not in dump.lower()
    for path in pages:
        assert CANARY not in (await fan.get(path)).text


async def test_no_process_remembers_a_page_or_a_text_with_the_words(fan, company, response):
    _, note = await quoted_everywhere(company, response)
    await LIVE.connected.wait()
    for path in ("/kranich", "/kranich/log", f"/kranich/log/{note.slug}", "/kranich/log.atom"):
        assert (await fan.get(path)).status_code == 200
    assert "nigsfeder" in what_is_remembered()

    await erase(fan, sure="yes")

    async def forgotten():
        return "nigsfeder" not in what_is_remembered()

    await until(forgotten)
    assert markdown._cleaned.cache_info().currsize == lists._listed.cache_info().currsize == 0


def what_is_remembered():
    memories = [one for one in gc.get_objects() if isinstance(one, Memory)]
    return repr([kept.thing for memory in memories for kept in memory._kept.values()])


async def test_the_quote_leaves_a_gap_beside_the_note_and_the_sums_add_up(fan, company, response):
    theme, _ = await quoted_everywhere(company, response)

    await erase(fan, sure="yes")

    assert await NoteQuote.select(NoteQuote.excerpt, NoteQuote.gone) == [{"excerpt": None, "gone": "erased"}]
    assert await Excerpt.count() == await Placement.count() == await Hearback.count() == 0
    (asked,) = await NoteField.select(NoteField.words).where(NoteField.name == "asked", NoteField.words != "")
    assert asked["words"] == "Jemand schrieb: „[…].“ Das nehmen wir ernst."
    assert (await Theme.objects().get(Theme.id == theme.id)).terms == ["kiste"]
    sums = await queries.sums(company.id)
    assert (sums.erased, sums.set_aside, sums.received) == (1, 1, 2)


async def test_another_companys_and_other_fans_words_stay(fan, company, response):
    question = await made.a_question(company)
    await made.an_answer(company, question, "Bei uns klemmt das Scharnier auch.")
    elsewhere = await made.a_company("other")
    await made.an_answer(elsewhere, await made.a_question(elsewhere), WORDS)

    await erase(fan, sure="yes")

    assert {row["words"] for row in await Answer.select(Answer.words)} == {
        "Bei uns klemmt das Scharnier auch.",
        WORDS,
    }


async def test_an_erased_answer_shows_its_empty_receipt_and_can_do_nothing_more(fan, response):
    await erase(fan, sure="yes")

    again = await erase(fan, sure="yes")
    assert again.status_code == 200
    for path in ("quoting", "withdrawal"):
        await fan.post(f"/kranich/r/{path}", data={"code": CODE, "quoting": "unnamed", "sure": "yes"})

    assert await Response.select(Response.state, Response.quoting) == [{"state": "erased", "quoting": "no"}]
    assert "Ihre Worte haben wir nicht mehr." in (await fan.post("/kranich/r", data={"code": CODE})).text


async def test_only_the_code_erases(fan, response):
    wrong = await fan.post("/kranich/r/erasure", data={"code": "0" * 26, "sure": "yes"})

    assert wrong.status_code == 422
    assert await Answer.count() == 1


async def test_history_loses_words_and_nothing_else(pool):
    """The role of the processes may put gaps, and still change no history."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute("update audit set did = 'x'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute("update note_field set words = 'x'")


def test_the_worker_knows_every_room_that_erases():
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import hearback.worker; from hearback.trust.erasure import ROOMS; print(*ROOMS)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(told.stdout.split()) == set(ROOMS) >= {"answering", "themes", "changenotes", "receipts"}
